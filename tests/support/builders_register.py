"""A register in files for the import's tests: one right row of each kind, to change as a test needs."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import RowMapping, Table, select

from bot.registering import Result, import_files, put_in
from documents.imports.history_columns import FILES
from documents.imports.reading import RowProblem
from documents.imports.register import ImportedCounts, RegisterReading, read_register
from storage.engine.database import Database
from storage.imports.imports import marks
from tests.support.builders import sizes
from tests.support.told_once import told_once

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

Cells = Mapping[str, str]
EXAMPLES: Mapping[str, Cells] = {
    file.name: {column.header: column.example for column in file.columns} for file in FILES
}
MANAGER = {"Signatur": "marek", "Namn": "Maria Ek", "Roll": "chef"}
WORKER = {"Signatur": "annber", "Namn": "Anna Berg", "Roll": "socialsekreterare", "Chef": "marek"}
COLLEAGUE = {"Signatur": "olaste", "Namn": "Ola Sten", "Roll": "socialsekreterare", "Chef": "marek"}


def example(kind: str, changes: Cells | None = None) -> dict[str, str]:
    return {**EXAMPLES[kind], **(changes or {})}


def write_csv(
    path: Path, rows: Sequence[Cells], *, delimiter: str = ";", encoding: str = "utf-8-sig"
) -> Path:
    headers = dict.fromkeys(header for row in rows for header in row)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, headers, delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


@dataclass
class Register:
    """A database with files beside it; `write` puts a file there, and the rest reads all of them."""

    database: Database
    directory: Path

    def write(self, kind: str, *rows: Cells) -> Path:
        return write_csv(self.directory / f"{kind}.csv", rows or [example(kind)])

    def write_people(self) -> None:
        self.write("personer", MANAGER | {"Chef": ""}, WORKER, COLLEAGUE)

    def write_all(self) -> None:
        for file in FILES:
            self.write(file.name)
        self.write_people()

    def read(self, *paths: Path) -> RegisterReading:
        with self.database.looking() as look:
            return read_register(look, paths or [self.directory], TODAY)

    def put_in(
        self, reading: RegisterReading | None = None, *, now: datetime = NOW, complete: bool = False
    ) -> ImportedCounts:
        if reading is not None:
            return _put_in(self.database, reading, now, complete=complete)
        return _read_and_put_in(self.database, AsWritten(self.directory), now, complete)

    def end(self, paths: Sequence[Path], number: int | None = None) -> Result:
        """What the command does with --complete."""
        return import_files(self.database, paths, NOW, complete=True, end=number)

    def rows(self, table: Table) -> list[RowMapping]:
        with self.database.transaction() as tx:
            return list(tx.connection.execute(select(table).order_by(table.c.id)).mappings())

    def sizes(self) -> dict[str, int]:
        with self.database.transaction() as tx:
            return sizes(tx)

    def opened(self, sealed: bytes | None) -> str | None:
        return self.database.vault.open_some(sealed)


@dataclass(frozen=True)
class AsWritten:
    """The files of a folder, told from others by what they are called and hold, wherever the folder is."""

    directory: Path

    def __repr__(self) -> str:
        return repr([(one.name, one.read_bytes()) for one in sorted(self.directory.iterdir())])


@told_once
def _read_and_put_in(database: Database, files: AsWritten, now: datetime, complete: bool) -> ImportedCounts:
    return _put_in(database, Register(database, files.directory).read(), now, complete=complete)


def _put_in(database: Database, reading: RegisterReading, now: datetime, *, complete: bool) -> ImportedCounts:
    assert not reading.problems, [said(problem) for problem in reading.problems]
    with database.looking() as look:
        since = marks(look)
    imported = put_in(database, reading, since, now, complete=complete)
    assert imported is not None
    return imported


def said(problem: RowProblem) -> tuple[str, int | None, str | None, str]:
    return problem.file, problem.row, problem.column, problem.what.id


def all_said(problems: Iterable[RowProblem]) -> list[tuple[str, int | None, str | None, str]]:
    return [said(problem) for problem in problems]
