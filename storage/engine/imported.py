"""Tables whose rows an import puts in before they are valid: what is read from them is valid, whoever reads."""

from functools import cache
from typing import Any

from sqlalchemy import MetaData, Table
from sqlalchemy.ext.compiler import compiles

_VALID = (
    "(SELECT * FROM {table} WHERE import_id IS NULL OR import_id <>"
    " (SELECT coalesce(max(id), 0) FROM register_import WHERE state = 'staging'))"
)


class Imported(Table):
    """A table with an `import_id`: every SELECT leaves out the rows of the import that is being staged.

    INSERT, UPDATE and DELETE take the table as it is, and so do its unique keys.
    """

    inherit_cache = True


@compiles(Imported)
def _valid_rows(
    table: Imported, compiler: Any, asfrom: bool = False, iscrud: bool = False, **given: Any
) -> str:
    """Written where it is read, since a view would stand in the way of each change of its table."""
    name: str = compiler.visit_table(table, asfrom=asfrom, iscrud=iscrud, **given)
    if not asfrom or iscrud:
        return name
    valid = _VALID.format(table=compiler.preparer.format_table(table))
    # An alias of the table names it; one of a query around it does not.
    named = getattr(given.get("enclosing_alias"), "element", None) is table
    return valid if named else f"{valid} AS {name}"


@cache
def with_staged(table: Table) -> Table:
    """The same table with all its rows, for the import itself."""
    return table.to_metadata(MetaData())
