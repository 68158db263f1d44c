"""Reading CSV and XLSX files as tables of text, whatever program wrote them."""

import codecs
import csv
import io
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from followup.form import clean_text
from followup.wording import Wording, wording

HEADER_WITHIN = 10
STRAY = ""
_DELIMITERS = ";,\t"

IsHeader = Callable[[Sequence[str]], bool]
_Line = tuple[int, tuple[str, ...]]


@dataclass(frozen=True)
class Row:
    """One row with its number as a spreadsheet shows it; what stands under no header is kept under STRAY."""

    file: str
    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """One CSV file or one sheet; without headers when none of its first rows is a known header."""

    path: Path
    name: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]


class UnreadableFileError(Exception):
    def __init__(self, what: Wording) -> None:
        super().__init__(what.id)
        self.what = what


def fold(text: str) -> str:
    """A header as it is compared: without regard to case, blanks and the star of a required column."""
    return " ".join(text.casefold().replace("*", " ").split())


def read_tables(path: Path, name: str, is_header: IsHeader) -> list[Table]:
    """The file's tables, empty sheets left out; raises UnreadableFileError."""
    sheets = _read_xlsx(path) if path.suffix.casefold() == ".xlsx" else {"": _read_csv(path, is_header)}
    filled = {sheet: lines for sheet, lines in sheets.items() if any(any(cells) for _, cells in lines)}
    return [
        _table(path, name if len(filled) == 1 else f"{name} ({sheet})", lines, is_header)
        for sheet, lines in filled.items()
    ]


def _table(path: Path, name: str, lines: Sequence[_Line], is_header: IsHeader) -> Table:
    found = _header(lines, is_header)
    if found is None:
        return Table(path, name, (), ())
    start, headers = found
    return Table(path, name, headers, tuple(_rows(name, headers, lines[start + 1 :])))


def _header(lines: Iterable[_Line], is_header: IsHeader) -> tuple[int, tuple[str, ...]] | None:
    for index, (_, cells) in enumerate(islice(lines, HEADER_WITHIN)):
        if is_header(cells):
            return index, cells
    return None


def _rows(name: str, headers: tuple[str, ...], lines: Iterable[_Line]) -> Iterator[Row]:
    """A header that is repeated in the middle is no row, and neither is an empty line."""
    width, again = len(headers), [fold(header) for header in headers]
    for number, cells in lines:
        if not any(cells) or [fold(cell) for cell in cells[:width]] == again:
            continue
        by_header = {header: cell for header, cell in zip(headers, cells, strict=False) if header}
        stray = [cell for header, cell in zip(headers, cells, strict=False) if not header]
        stray += cells[width:]
        yield Row(name, number, {**by_header, STRAY: " ".join(filter(None, stray))})


def _read_csv(path: Path, is_header: IsHeader) -> list[_Line]:
    text = _decode(path)
    delimiter = next((sign for sign in _DELIMITERS if _splits_header(text, sign, is_header)), ";")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return _lines(reader)
    except csv.Error as error:
        raise UnreadableFileError(wording("import.file.broken_csv", line=reader.line_num)) from error


def _decode(path: Path) -> str:
    """UTF-8 with or without BOM, else what Excel in Swedish writes: Windows-1252, or UTF-16 as "Unicode text"."""
    try:
        raw = path.read_bytes()
        if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return raw.decode("utf-16")
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            return raw.decode("cp1252")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError(wording("import.file.unreadable")) from error


def _splits_header(text: str, delimiter: str, is_header: IsHeader) -> bool:
    # Recognising the header is a surer test than counting signs: contacts and texts are full of commas.
    head = islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), HEADER_WITHIN)
    try:
        return _header(_lines(head), is_header) is not None
    except csv.Error:
        return False


def _lines(rows: Iterable[Sequence[object]]) -> list[_Line]:
    return [(number, tuple(_cell_text(cell) for cell in row)) for number, row in enumerate(rows, start=1)]


def _read_xlsx(path: Path) -> dict[str, list[_Line]]:
    try:
        with warnings.catch_warnings():
            # openpyxl warns about styles and validations that it leaves out; only values are read here.
            warnings.simplefilter("ignore")
            book = load_workbook(path, read_only=True, data_only=True)
            try:
                return {sheet.title: _lines(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
            finally:
                book.close()
    except (OSError, BadZipFile, InvalidFileException, KeyError, ValueError, SyntaxError) as error:
        # A damaged part of the archive surfaces as any of these (XML's ParseError is a SyntaxError).
        raise UnreadableFileError(wording("import.file.unreadable")) from error


def _cell_text(value: object) -> str:
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
