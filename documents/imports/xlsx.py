"""Reading the sheets of a workbook as lines, and what its cells were besides text."""

import warnings
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element
from zipfile import BadZipFile, ZipFile

from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

from documents.imports.bounds import Allowance
from documents.imports.lines import Line, Odd, UnreadableFileError, unreadable
from followup.wording.form import clean_text

# An old workbook, and one behind a password, are both archives of another kind.
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0"
# A spreadsheet keeps fifteen digits of a number.
_DIGITS_KEPT = 15


def read_xlsx(path: Path, allowance: Allowance) -> dict[str, list[Line]]:
    """The lines of each sheet, by its title; raises UnreadableFileError."""
    try:
        # Opened here, since openpyxl leaves open what it opens itself and cannot take.
        with path.open("rb") as file, warnings.catch_warnings():
            # openpyxl warns about styles and validations that it leaves out; only values are read here.
            warnings.simplefilter("ignore")
            _check_archive(file, allowance)
            return _sheets(file, allowance)
    except UnreadableFileError:
        raise
    except OSError as error:
        raise unreadable("locked", error) from error
    except BadZipFile as error:
        raise unreadable("damaged", error) from error
    except Exception as error:
        # One file of a batch: a part that breaks the format surfaces in openpyxl as nearly any exception.
        raise unreadable("malformed", error) from error


def _check_archive(file: BinaryIO, allowance: Allowance) -> None:
    if file.read(len(_COMPOUND_FILE)) == _COMPOUND_FILE:
        raise unreadable("password")
    with ZipFile(file) as archive:
        allowance.unpacked(sum(part.file_size for part in archive.infolist()))


def _sheets(file: BinaryIO, allowance: Allowance) -> dict[str, list[Line]]:
    """Raises ValueError where the workbook names a sheet that is not in the archive, or two of one title."""
    reader: Any = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
    reader.read()
    book = reader.wb
    try:
        # openpyxl passes over a sheet that it does not find.
        titles = {sheet.title for sheet in (*book.worksheets, *book.chartsheets)}
        if len(titles) != len(reader.parser.sheets):
            raise ValueError("sheets missing")
        return {
            sheet.title: list(allowance.lines(_lines(book, sheet)))
            for sheet in book.worksheets
            if isinstance(sheet, ReadOnlyWorksheet)
        }
    finally:
        book.close()


class _Parser(WorkSheetParser):
    """openpyxl's own, below its worksheets: those trust the size that a sheet says that it has, pass over rows
    out of order, and give a formula without a value as an empty cell.
    """

    def parse_cell(self, element: Element) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        # A formula whose value is the empty text is written as one ("str"), and has been worked out.
        if cell["value"] is None and element.get("t") != "str" and element.find(FORMULA_TAG) is not None:
            cell["data_type"] = "f"
        return cell


def _lines(book: Any, sheet: Any) -> Iterator[Line]:
    """Raises ValueError where rows or cells stand in another order than their numbers."""
    # Of any type, since openpyxl hands its parser out in no public way.
    with sheet._get_source() as source:
        parser = _Parser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        last = 0
        for number, cells in parser.parse():
            if number <= last:
                raise ValueError("rows out of order")
            last = number
            yield _line(number, cells)


def _line(number: int, cells: list[dict[str, Any]]) -> Line:
    texts: list[str] = []
    odd: dict[int, Odd] = {}
    for cell in cells:
        place = cell["column"] - 1
        if place < len(texts):
            raise ValueError("cells out of order")
        texts += [""] * (place - len(texts))
        texts.append(_text(cell["value"]))
        if what := _odd(cell["value"], cell["data_type"]):
            odd[place] = what
    return Line(number, tuple(texts), odd)


def _text(value: object) -> str:
    """Real dates in ISO form, whole numbers without decimals, and ticked boxes as the words that mean them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clean_text(str(value))


def _odd(value: object, data_type: str) -> Odd | None:
    if data_type == "f":
        return "uncalculated"
    if data_type == "e":
        return "error"
    if isinstance(value, date | time | timedelta):
        return "date"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return "rounded" if abs(value) >= 10**_DIGITS_KEPT else "number"
