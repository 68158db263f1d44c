"""Reading a CSV file as lines, whatever program wrote it."""

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol

from documents.imports.bounds import Allowance
from documents.imports.lines import Line, UnreadableFileError, unreadable
from documents.imports.spreadsheet_text import as_written
from followup.wording.form import clean_text
from followup.wording.wording import wording

HEADER_WITHIN = 10
_DELIMITERS = ";,\t"
_IsHeader = Callable[[Sequence[str]], bool]


class _Reader(Protocol):
    """What the standard library's reader is, which has no name there."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


def read_csv(path: Path, is_header: _IsHeader, allowance: Allowance) -> list[Line]:
    """Raises UnreadableFileError."""
    text = _decode(path)
    delimiter = next((sign for sign in _DELIMITERS if _splits_header(text, sign, is_header)), ";")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return list(allowance.lines(_lines(_apart(reader, delimiter, is_header))))
    except csv.Error as error:
        raise UnreadableFileError(wording("import.file.broken_csv", line=reader.line_num)) from error


def _apart(reader: "_Reader", delimiter: str, is_header: _IsHeader) -> Iterator[Sequence[str]]:
    """Each row, unless one of its cells holds what are rows of their own: two stray quotation marks swallow them."""
    width = 0
    for row in reader:
        if not width and is_header([as_written(clean_text(cell)) for cell in row]):
            width = len(row)
        swallowed = max((_rows_within(cell, at, width, delimiter) for at, cell in enumerate(row)), default=0)
        if swallowed:
            raise UnreadableFileError(wording("import.file.swallowed", line=reader.line_num, n=swallowed))
        yield row


def _rows_within(cell: str, at: int, width: int, delimiter: str) -> int:
    """How many rows begin inside the cell: its first line ends one, its last begins one, and any between are whole."""
    lines = cell.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if width < 2 or len(lines) < 2:
        return 0
    first, *whole, last = (line.count(delimiter) for line in lines)
    as_rows = (first, last) == (width - 1 - at, at) and all(one == width - 1 for one in whole)
    return len(lines) - 1 if as_rows else 0


def _decode(path: Path) -> str:
    """UTF-8 with or without BOM, else what Excel in Swedish writes: Windows-1252, or UTF-16 as "Unicode text"."""
    text = _as_text(path)
    if "\0" in text:
        # Two bytes to each sign without a mark that says so: letters would be lost one by one.
        raise unreadable("code_page")
    return text


def _as_text(path: Path) -> str:
    try:
        raw = path.read_bytes()
        if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return raw.decode("utf-16")
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            return raw.decode("cp1252")
    except OSError as error:
        raise unreadable("locked", error) from error
    except UnicodeDecodeError as error:
        raise unreadable("code_page", error) from error


def _splits_header(text: str, delimiter: str, is_header: _IsHeader) -> bool:
    # Recognising the header is a surer test than counting signs: contacts and texts are full of commas.
    lines = _lines(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    head = islice((line for line in lines if any(line.texts)), HEADER_WITHIN)
    try:
        return any(is_header(line.texts) for line in head)
    except csv.Error:
        return False


def _lines(rows: Iterable[Sequence[str]]) -> Iterator[Line]:
    for number, row in enumerate(rows, start=1):
        yield Line(number, tuple(as_written(clean_text(cell)) for cell in row))
