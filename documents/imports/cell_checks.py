"""What makes a cell unfit whatever it should mean: a personnummer, and what spreadsheets and bad copies leave."""

from collections.abc import Iterable

from documents.imports.cells import KEY, Day, DirectoryId, MonthCell, OrgNumber
from documents.imports.columns import FileColumn
from documents.imports.lines import Odd
from documents.imports.spoilt import spoilt_text
from documents.imports.spreadsheet_text import is_error
from followup.wording.secrecy import are_numbers_of_their_own, cell_holds_personal_number, is_no_childs
from followup.wording.wording import Wording, wording

# Stands in place of a personnummer among rejected rows, and is never a value.
REMOVED = "[personnummer]"


def unfit(
    column: FileColumn | None, text: str, odd: Odd | None, *, own_numbers: bool = False
) -> Wording | None:
    """Why the cell cannot be read; what is only odd is let through where no known column is.

    `own_numbers` says that the column's short numbers are a series of their own.
    """
    may_be = (column and isinstance(column.kind, OrgNumber | DirectoryId)) or (
        own_numbers and is_no_childs(text)
    )
    if is_personal(text) and not may_be:
        return wording("import.cell.personal_number")
    if column is None:
        return None
    if odd in ("error", "uncalculated", "rounded"):
        return wording(f"import.cell.{odd}")
    if odd == "date" and not isinstance(column.kind, Day | MonthCell):
        return wording("import.cell.became_a_day")
    return wording("import.cell.error") if is_error(text) else spoilt_text(text)


def is_personal(text: str) -> bool:
    """Also one that was taken out of a rejected row and that nobody has replaced."""
    return text == REMOVED or (bool(text) and cell_holds_personal_number(text))


def own_numbers_in(column: FileColumn | None, texts: Iterable[str]) -> bool:
    """Whether the keys in the column are numbers by which the municipality calls its cases or units."""
    return column is not None and column.kind == KEY and are_numbers_of_their_own(texts)
