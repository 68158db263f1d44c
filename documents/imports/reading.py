"""What was read from the files: rows as values, and everything that is wrong, told by file, row and column."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from documents.imports.bounds import Allowance
from documents.imports.cell_checks import is_personal, own_numbers_in, unfit
from documents.imports.columns import FileColumn, FileKind, recognise
from documents.imports.lines import UnreadableFileError
from documents.imports.register_columns import TERMS
from documents.imports.spoilt import spoilt_text
from documents.imports.tables import FileRow, FileTable, fold, read_tables
from documents.imports.vocabulary import terms_after, with_words
from followup.terms import OwnTerm
from followup.wording.wording import Wording, wording

Progress = Callable[[int, int], None]
Say = Callable[[Wording], str]
Place = tuple[str, int]
SUFFIXES = (".csv", ".xlsx")
# Tables of other programs, which nobody means to leave unread in a folder of the register.
_OTHER_TABLES = (".xls", ".xlsm", ".xlsb", ".ods", ".fods", ".numbers", ".tsv", ".tab", ".txt", ".zip")
REJECTED = ".avvisade.csv"
REASON = "Fel"
_PROGRESS_STEP = 200


@dataclass(frozen=True)
class RowProblem:
    """What is wrong, and what is allowed where that can be said; the cell's text is never repeated."""

    file: str
    row: int | None
    column: str | None
    what: Wording
    allowed: Wording | None = None


@dataclass(frozen=True)
class FileEntry:
    """One row as values by column name, only of the columns that the file has; `wrong` are those that make no sense."""

    kind: FileKind
    row: FileRow
    values: Mapping[str, Any]
    wrong: frozenset[str] = frozenset()

    @property
    def place(self) -> Place:
        return self.row.file, self.row.number

    @property
    def key(self) -> tuple[Any, ...] | None:
        """None when a part of it is missing or wrong."""
        key = tuple(self.values.get(name) for name in self.kind.key)
        return None if None in key else key


class ColumnPlace(NamedTuple):
    """What stands over a place in the rows; `own_numbers` as in `unfit`."""

    header: str = ""
    column: FileColumn | None = None
    own_numbers: bool = False


class Findings:
    """Problems and warnings as they are found, and the rows that are bad because of them.

    `personal` are the cells that hold a personnummer, by their row and place; `unread` what stood there and is of no
    known kind.
    """

    def __init__(self) -> None:
        self.problems: list[RowProblem] = []
        self.warnings: list[RowProblem] = []
        self.bad: set[Place] = set()
        self.personal: set[tuple[Place, int]] = set()
        self.unread: list[str] = []

    def wrong(self, row: FileRow, column: str | None, what: Wording, allowed: Wording | None = None) -> None:
        self.problems.append(RowProblem(row.file, row.number, column, what, allowed))
        self.bad.add((row.file, row.number))

    def wrong_entry(self, entry: FileEntry, name: str, what: Wording) -> None:
        self.wrong(entry.row, entry.kind.header(name), what)

    def wrong_file(self, file: str, what: Wording, column: str | None = None) -> None:
        self.problems.append(RowProblem(file, None, column, what))

    def not_read(self, name: str, what: Wording) -> None:
        self.unread.append(name)
        self.warn(name, what)

    def warn(self, file: str, what: Wording, row: int | None = None, column: str | None = None) -> None:
        self.warnings.append(RowProblem(file, row, column, what))

    def warn_entry(self, entry: FileEntry, name: str, what: Wording) -> None:
        self.warn(entry.row.file, what, entry.row.number, entry.kind.header(name))


def find_tables(
    paths: Sequence[Path], kinds: Sequence[FileKind], findings: Findings, allowance: Allowance
) -> list[FileTable]:
    """The tables that are of known kinds; those that are not are told, and are what `unread` counts."""
    files = _files(paths, findings)
    names = [path.name for path in files]
    tables: list[FileTable] = []
    for path in files:
        name = path.name if names.count(path.name) == 1 else str(path)
        tables += _tables(path, name, kinds, findings, allowance)
    return tables


def _files(paths: Sequence[Path], findings: Findings) -> list[Path]:
    """Each file once, also when it is named twice."""
    found: dict[Path, Path] = {}
    named = {path.resolve() for path in paths}
    for path in paths:
        inside = _inside(path, named, findings) if path.is_dir() else [path]
        if not inside:
            findings.wrong_file(str(path), wording("import.file.none_in_directory"))
        found.update({file.resolve(): file for file in inside if file.resolve() not in found})
    return list(found.values())


def _inside(directory: Path, named: Set[Path], findings: Findings) -> list[Path]:
    """Not folders that are not named, nor Excel's lock files; rejected rows only in a folder of their own."""
    there = sorted(path for path in directory.iterdir() if not path.name.startswith(("~$", ".")))
    files = [path for path in there if path.suffix.casefold() in SUFFIXES and not path.is_dir()]
    for path in there:
        if path.is_dir():
            if path.resolve() not in named and not _holds_rejected_alone(path):
                findings.not_read(path.name, wording("import.file.folder_in_folder"))
        elif path.suffix.casefold() in _OTHER_TABLES:
            findings.not_read(path.name, wording("import.file.other_type"))
    rejected = [path for path in files if path.name.endswith(REJECTED)]
    if rejected == files:
        return files
    for path in rejected:
        findings.warn(path.name, wording("import.file.rejected_not_read"))
    return [path for path in files if path not in rejected]


def _holds_rejected_alone(directory: Path) -> bool:
    """One that is empty, or that may not be looked into, may as well hold a part of the register."""
    inside = [path for path in directory.rglob("*") if not path.is_dir()]
    return bool(inside) and all(path.name.endswith(REJECTED) for path in inside)


def _tables(
    path: Path, name: str, kinds: Sequence[FileKind], findings: Findings, allowance: Allowance
) -> list[FileTable]:
    if not path.is_file():
        findings.wrong_file(name, wording("import.file.not_found"))
        return []
    if path.suffix.casefold() not in SUFFIXES:
        findings.wrong_file(name, wording("import.file.other_type"))
        return []
    try:
        tables = read_tables(path, name, lambda cells: recognise(kinds, cells) is not None, allowance)
    except UnreadableFileError as error:
        findings.wrong_file(name, error.what)
        return []
    spoilt = [table for table in tables if table.spoilt]
    for table in spoilt:
        findings.wrong_file(table.name, wording("import.file.spoilt", how=table.spoilt))
    return [] if spoilt else _known(tables, name, kinds, findings)


def _known(
    tables: Sequence[FileTable], name: str, kinds: Sequence[FileKind], findings: Findings
) -> list[FileTable]:
    known = [table for table in tables if table.headers]
    if not known:
        shapes = "; ".join(_shape(file) for file in kinds)
        findings.wrong_file(name, wording("import.file.unknown", kinds=shapes))
        return []
    for table in tables:
        if not table.headers:
            findings.not_read(table.name, wording("import.file.unknown_sheet"))
    return known


def _shape(file: FileKind) -> str:
    return f"{file.name} ({', '.join(column.header for column in file.required)})"


def read_entries(
    tables: Iterable[FileTable],
    kinds: Sequence[FileKind],
    own_terms: Iterable[OwnTerm],
    today: date,
    findings: Findings,
    progress: Progress | None,
) -> list[FileEntry]:
    """Files of terms first, since the others are read with their words; `own_terms` are those that are stored."""
    found = [(kind, table) for table in tables if (kind := recognise(kinds, table.headers)) is not None]
    found.sort(key=lambda one: one[0].id != TERMS.id)
    total = sum(len(table.rows) for _, table in found)
    entries: list[FileEntry] = []
    for recognised, table in found:
        kind = recognised
        if kind.id != TERMS.id:
            given = [entry.values for entry in entries if entry.kind.id == TERMS.id]
            kind = with_words(kind, terms_after(own_terms, given))
        columns = _columns(table, kind, findings)
        by_place = [_place(table, place, columns.get(header)) for place, header in enumerate(table.headers)]
        for row in table.rows:
            entries.append(_read_row(kind, by_place, row, today, findings))
            if progress and (len(entries) % _PROGRESS_STEP == 0 or len(entries) == total):
                progress(len(entries), total)
    return entries


def _place(table: FileTable, place: int, column: FileColumn | None) -> ColumnPlace:
    own = own_numbers_in(column, (row.texts[place] for row in table.rows))
    return ColumnPlace(table.headers[place], column, own)


def _columns(table: FileTable, kind: FileKind, findings: Findings) -> dict[str, FileColumn]:
    """The known columns by header as written; without a required one every row of the file is bad."""
    known = {
        header: kind.by_header[fold(header)] for header in table.headers if fold(header) in kind.by_header
    }
    times = Counter(known[header].name for header in table.headers if header in known)
    missing = [
        column for column in kind.columns if (column.required or column.standard) and not times[column.name]
    ]
    twice = sorted({column.header for column in known.values() if times[column.name] > 1})
    spoilt = {header: how for header in table.headers if (how := spoilt_text(header))}
    personal = [header for header in table.headers if is_personal(header)]
    for column in missing:
        what = wording("import.column.missing", kind=kind.name)
        if column.standard:
            what = wording("import.column.own_missing", kind=kind.name, column=column.standard)
        findings.wrong_file(table.name, what, column.header)
    for header in twice:
        findings.wrong_file(table.name, wording("import.column.twice"), header)
    for header, how in spoilt.items():
        findings.wrong_file(table.name, wording("import.file.spoilt", how=how), header)
    if personal:
        findings.wrong_file(table.name, wording("import.column.personal_number"))
    if missing or twice or spoilt or personal:
        findings.bad.update((row.file, row.number) for row in table.rows)
    for header in table.headers:
        if header and header not in (*known, *personal, REASON):
            findings.warn(table.name, wording("import.column.unknown", kind=kind.name), column=header)
    return known


def _read_row(
    kind: FileKind,
    by_place: Sequence[ColumnPlace],
    row: FileRow,
    today: date,
    findings: Findings,
) -> FileEntry:
    """By place and not by header, since what stands under no header, or under one of two, must be looked at too."""
    values: dict[str, Any] = {}
    filled: set[str] = set()
    for place, text in enumerate(row.texts):
        header, column, own_numbers = by_place[place] if place < len(by_place) else ColumnPlace()
        what = unfit(column, text, row.odd.get(place), own_numbers=own_numbers)
        if what and what.id == "import.cell.personal_number":
            findings.personal.add(((row.file, row.number), place))
        if column and (text or place in row.odd):
            filled.add(column.name)
        if what:
            findings.wrong(row, header or None, what)
        elif column:
            values |= _read_cell(column, text, row, today, findings)
        elif text and not header:
            findings.wrong(row, None, wording("import.row.stray"))
    return FileEntry(kind, row, values, frozenset(filled - values.keys()))


def _read_cell(
    column: FileColumn, text: str, row: FileRow, today: date, findings: Findings
) -> dict[str, Any]:
    """Nothing when the cell is wrong, or is empty and leaves what is stored alone."""
    if not text:
        if column.required:
            findings.wrong(row, column.header, wording("import.cell.missing"), column.kind.allowed)
            return {}
        return {} if column.keeps else {column.name: column.default}
    value = column.kind.read(text, today)
    if isinstance(value, Wording):
        findings.wrong(row, column.header, value, column.kind.allowed)
        return {}
    return {column.name: value}
