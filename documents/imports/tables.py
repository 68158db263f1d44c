"""CSV and XLSX files as tables of text, whatever program wrote them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from documents.imports.bounds import Allowance
from documents.imports.csv_file import HEADER_WITHIN, read_csv
from documents.imports.lines import Line, Odd, unreadable
from documents.imports.spoilt import spoilt_page, spoilt_text
from followup.wording.wording import Wording

IsHeader = Callable[[Sequence[str]], bool]


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row with its number as a spreadsheet shows it.

    `texts` are as many as the headers at least: one that ended early is filled up with empty ones.
    """

    file: str
    number: int
    texts: tuple[str, ...]
    odd: Mapping[int, Odd] = field(default_factory=dict)


@dataclass(frozen=True)
class FileTable:
    """One CSV file or one sheet; without headers when none of its first rows is a known header.

    `spoilt` says which character table it was written in, when it was read under another.
    """

    path: Path
    name: str
    headers: tuple[str, ...]
    rows: tuple[FileRow, ...]
    spoilt: Wording | None = None


def fold(text: str) -> str:
    """A header as it is compared: without regard to case, blanks and the star of a required column."""
    return " ".join(text.casefold().replace("*", " ").split())


def read_tables(path: Path, name: str, is_header: IsHeader, allowance: Allowance) -> list[FileTable]:
    """The file's tables, empty sheets left out; raises UnreadableFileError."""
    try:
        allowance.size(path.stat().st_size)
    except OSError as error:
        raise unreadable("locked", error) from error
    if path.suffix.casefold() == ".xlsx":
        # Loaded by the first workbook: the bot that takes what people hand in has no use for its library.
        from documents.imports.xlsx import read_xlsx

        sheets = read_xlsx(path, allowance)
    else:
        sheets = {"": read_csv(path, is_header, allowance)}
    filled = {sheet: lines for sheet, lines in sheets.items() if lines}
    return [
        _table(path, name if len(filled) == 1 else f"{name} ({sheet})", lines, is_header)
        for sheet, lines in filled.items()
    ]


def _table(path: Path, name: str, lines: Sequence[Line], is_header: IsHeader) -> FileTable:
    spoilt = spoilt_page(text for line in lines for text in line.texts)
    found = _header(lines, is_header)
    if found is None:
        return FileTable(path, name, (), (), spoilt or _spoilt_head(lines))
    start, headers = found
    return FileTable(path, name, headers, tuple(_rows(name, headers, lines[start + 1 :])), spoilt)


def _spoilt_head(lines: Iterable[Line]) -> Wording | None:
    """Why no header was recognised, where its own words were spoilt."""
    texts = (text for line in islice(lines, HEADER_WITHIN) for text in line.texts)
    return next((what for text in texts if (what := spoilt_text(text))), None)


def _header(lines: Iterable[Line], is_header: IsHeader) -> tuple[int, tuple[str, ...]] | None:
    for index, line in enumerate(islice(lines, HEADER_WITHIN)):
        if is_header(line.texts):
            return index, line.texts
    return None


def _rows(name: str, headers: tuple[str, ...], lines: Iterable[Line]) -> Iterator[FileRow]:
    """A header that is repeated in the middle is no row."""
    width, again = len(headers), [fold(header) for header in headers]
    for line in lines:
        if [fold(text) for text in line.texts[:width]] != again:
            texts = line.texts + ("",) * (width - len(line.texts))
            yield FileRow(name, line.number, texts, line.odd)
