"""Copies the rows of one database into an empty one, a piece at a time, and compares them when all are there."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    BindParameter,
    Column,
    ColumnElement,
    MetaData,
    Row,
    Table,
    Text,
    TypeDecorator,
    bindparam,
    cast,
    func,
    select,
    text,
    tuple_,
    type_coerce,
    update,
)

from storage.engine import schema
from storage.engine.copies import own_tables
from storage.engine.database import Database, Transaction, insert_all
from storage.engine.year_tables import metadata

# A row of a score is some kilobytes.
PIECE = 500


class _AsWritten(TypeDecorator[str]):
    """JSON as the text that it is, so that what was empty stays so and nothing is written in another way."""

    impl = Text
    cache_ok = True

    def bind_expression(self, bindparam: BindParameter[str]) -> ColumnElement[Any]:
        return type_coerce(bindparam, Text()).op("::")(text("JSON"))

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        return cast(column, Text())


class NotEmptyError(Exception):
    """There are rows in the database that was to be moved into, and they are no half-done move's."""


class DiffersError(Exception):
    """A row is not the same in both; the message names its table and key."""


def _plain(table: Table, into: MetaData) -> Table:
    """The table with all of its rows, the staged ones too."""
    copied = table.to_metadata(into)
    for column in copied.columns:
        if isinstance(column.type, JSON):
            column.type = _AsWritten()
    return copied


@cache
def tables() -> tuple[Table, ...]:
    """Each after those that it refers to; the same ones each time, so that what is asked of them is compiled once."""
    into = MetaData()
    return tuple(_plain(table, into) for table in metadata.sorted_tables)


def begin(target: Database) -> None:
    """Makes the tables there, or goes on with a move that this program began; until it has ended no bot starts there.

    Raises NotEmptyError where there is anything else, and UnreachableError.
    """
    if schema.current(target) == schema.being_moved():
        return
    _demand_empty(target)
    schema.migrate(target)
    with target.engine.begin() as connection:
        for table in reversed(tables()):
            # What is counted and guarded there was counted and guarded here.
            connection.execute(text(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER'))
            connection.execute(table.delete())
        schema.mark(connection, schema.being_moved())


def _demand_empty(target: Database) -> None:
    with target.reading() as tx:
        there = set(own_tables(tx))
        ours = [table for table in tables() if table.name in there]
        version = schema.current_in(tx)
        foreign = (version is None and there) or not schema.is_known(version)
        if foreign or any(_has_people(tx, table) for table in ours):
            raise NotEmptyError


def _has_people(tx: Transaction, table: Table) -> bool:
    """A schema that was migrated and never used holds nobody, and no entry of the log."""
    found = table.name in ("person", "access_log") and tx.connection.execute(select(table).limit(1)).first()
    return bool(found)


def rows_in(tx: Transaction, table: Table) -> int:
    return tx.connection.execute(select(func.count()).select_from(table)).scalar_one()


def copy(source: Transaction, target: Database, table: Table) -> Iterator[int]:
    """How many rows each piece brought; the table's first rows that are there already are left as they are."""
    while True:
        with target.at_any_version() as tx:
            found = _after(source, table, _last_key(tx, table))
            insert_all(tx, table, [_without_own_kind(table, row) for row in found])
        if not found:
            break
        yield len(found)
    _refer_to_own_kind(source, target, table)


def _last_key(tx: Transaction, table: Table) -> Sequence[Any] | None:
    keys = table.primary_key.columns
    return tx.connection.execute(select(*keys).order_by(*(key.desc() for key in keys)).limit(1)).first()


def _after(tx: Transaction, table: Table, key: Sequence[Any] | None) -> Sequence[Row[*tuple[Any, ...]]]:
    """The next rows after the one with the key, in the order of their keys."""
    keys = table.primary_key.columns
    query = select(table).order_by(*keys).limit(PIECE)
    if key is not None:
        values = [bindparam(None, value, column.type) for value, column in zip(key, keys, strict=True)]
        query = query.where(tuple_(*keys) > tuple_(*values))
    return tx.connection.execute(query).all()


def _own_kind(table: Table) -> list[Column[Any]]:
    """Columns that refer to other rows of the same table, which may come later."""
    return [key.parent for key in table.foreign_keys if key.column.table is table]


def _without_own_kind(table: Table, row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    return {**row._mapping, **{column.name: None for column in _own_kind(table)}}


def _refer_to_own_kind(source: Transaction, target: Database, table: Table) -> None:
    """When all of its rows are there; it does no harm to do it twice."""
    for column in _own_kind(table):
        [key] = table.primary_key.columns
        referring = select(key.label("row_key"), column.label("refers_to")).where(column.is_not(None))
        change = update(table).where(key == bindparam("row_key")).values({column: bindparam("refers_to")})
        rows = [dict(row) for row in source.connection.execute(referring).mappings()]
        if rows:
            with target.at_any_version() as tx:
                tx.connection.execute(change, rows)


def compare(source: Transaction, target: Transaction, table: Table) -> Iterator[int]:
    """How many rows of each piece are the same in both; raises DiffersError at the first that is not."""
    key: Sequence[Any] | None = None
    while True:
        here, there = _after(source, table, key), _after(target, table, key)
        _demand_same(table, here, there)
        if not here:
            return
        key = _key_of(table, here[-1])
        yield len(here)


def _key_of(table: Table, row: Row[*tuple[Any, ...]]) -> list[Any]:
    return [row._mapping[column.name] for column in table.primary_key.columns]


def _demand_same(
    table: Table, here: Sequence[Row[*tuple[Any, ...]]], there: Sequence[Row[*tuple[Any, ...]]]
) -> None:
    for one, other in zip(here, there, strict=False):
        if tuple(one) != tuple(other):
            raise DiffersError(f"{table.name} {_key_of(table, one)}")
    if len(here) != len(there):
        raise DiffersError(f"{table.name} {len(here)} {len(there)}")


def end(tx: Transaction) -> None:
    """New rows get numbers after those that were moved, guards stand again, and a bot may start."""
    for table in tables():
        tx.connection.execute(text(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER'))
        keys = table.primary_key.columns
        if [key.name for key in keys] == ["id"] and table.autoincrement_column is not None:
            tx.connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'id'), coalesce(max(id), 1),"
                    f' max(id) is not null) FROM "{table.name}"'
                )
            )
    schema.mark(tx.connection, schema.newest())
