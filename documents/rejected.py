"""The rows that were not imported, written beside their reasons, in files that can be corrected and imported again."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from documents.reading import REASON, REJECTED, RowProblem, Say
from documents.register import Reading
from documents.tables import Table


def write_rejected(reading: Reading, directory: Path, say: Say) -> list[Path]:
    """One file for each file or sheet that has rejected rows; call it on the reading before `without_bad`."""
    reasons: dict[tuple[str, int | None], list[str]] = defaultdict(list)
    for problem in (*reading.problems, *reading.dependents):
        reasons[problem.file, problem.row].append(_reason(problem, say))
    directory.mkdir(parents=True, exist_ok=True)
    kept = {entry.place for entry in reading.rows}
    paths: list[Path] = []
    for table in reading.tables:
        rejected = [row for row in table.rows if (row.file, row.number) not in kept]
        if rejected:
            headers = [header for header in table.headers if header and header != REASON]
            lines = (
                [
                    *(row.cells.get(header, "") for header in headers),
                    "; ".join(reasons[table.name, row.number] or reasons[table.name, None]),
                ]
                for row in rejected
            )
            paths.append(_write(_free_path(table, directory, paths), [*headers, REASON], lines))
    return paths


def _reason(problem: RowProblem, say: Say) -> str:
    where = f"{problem.column}: " if problem.column else ""
    allowed = f" ({say(problem.allowed)})" if problem.allowed else ""
    return f"{where}{say(problem.what)}{allowed}"


def _free_path(table: Table, directory: Path, taken: Iterable[Path]) -> Path:
    """Two sheets of one file, or two files of the same name, get a number each."""
    path, number = directory / f"{table.path.stem}{REJECTED}", 1
    while path in taken:
        number += 1
        path = directory / f"{table.path.stem}-{number}{REJECTED}"
    return path


def _write(path: Path, headers: list[str], lines: Iterable[list[str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(headers)
        writer.writerows(lines)
    return path
