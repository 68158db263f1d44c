"""The rows that were not imported, written beside their reasons, in files that can be corrected and imported again."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from itertools import count
from pathlib import Path

from documents.imports.cell_checks import REMOVED, is_personal
from documents.imports.reading import REASON, REJECTED, RowProblem, Say
from documents.imports.register import RegisterReading
from documents.imports.spreadsheet_text import guarded
from documents.imports.tables import FileRow, FileTable

_Reasons = Mapping[tuple[str, int | None], Sequence[str]]


def write_rejected(reading: RegisterReading, directory: Path, say: Say) -> list[Path]:
    """One file for each file or sheet that has rejected rows; call it on the reading before `without_bad`.

    Never over a file that is there, which somebody may have corrected.
    """
    reasons: dict[tuple[str, int | None], list[str]] = defaultdict(list)
    for problem in (*reading.problems, *reading.dependents):
        reasons[problem.file, problem.row].append(_reason(problem, say))
    directory.mkdir(parents=True, exist_ok=True)
    kept = {entry.place for entry in reading.rows}
    paths: list[Path] = []
    for table in reading.tables:
        rejected = [row for row in table.rows if (row.file, row.number) not in kept]
        if rejected:
            paths.append(_write(directory, table, _content(table, rejected, reading, reasons)))
    return paths


def _reason(problem: RowProblem, say: Say) -> str:
    where = f"{problem.column}: " if problem.column else ""
    allowed = f" ({say(problem.allowed)})" if problem.allowed else ""
    return f"{where}{say(problem.what)}{allowed}"


def _content(
    table: FileTable, rejected: Sequence[FileRow], reading: RegisterReading, reasons: _Reasons
) -> str:
    """Every cell in its place, also under no header and under a header that stands twice; the reasons come last."""
    width = max(len(row.texts) for row in rejected)
    headers = [*table.headers, *[""] * (width - len(table.headers))]
    places = [place for place, header in enumerate(headers) if header != REASON]
    written = StringIO()
    writer = csv.writer(written, delimiter=";")
    heads = (REMOVED if is_personal(headers[place]) else guarded(headers[place]) for place in places)
    writer.writerow([*heads, REASON])
    for row in rejected:
        why = reasons.get((table.name, row.number)) or reasons.get((table.name, None), ())
        writer.writerow([*(_cell(row, place, reading) for place in places), guarded("; ".join(why))])
    return written.getvalue()


def _cell(row: FileRow, place: int, reading: RegisterReading) -> str:
    if ((row.file, row.number), place) in reading.personal:
        return REMOVED
    return guarded(row.texts[place]) if place < len(row.texts) else ""


def _write(directory: Path, table: FileTable, content: str) -> Path:
    """Under the first free number; a file with the same content already is that file."""
    raw = content.encode("utf-8-sig")
    paths = _paths(directory, table)
    while True:
        path = next(paths)
        try:
            with path.open("xb") as file:
                file.write(raw)
        except FileExistsError:
            if not path.is_file() or path.read_bytes() != raw:
                continue
        return path


def _paths(directory: Path, table: FileTable) -> Iterator[Path]:
    stem = table.path.name.removesuffix(REJECTED)
    stem = table.path.stem if stem == table.path.name else stem
    yield directory / f"{stem}{REJECTED}"
    for number in count(2):
        yield directory / f"{stem}-{number}{REJECTED}"
