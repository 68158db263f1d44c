"""Brings files into the register beside a running bot, in short transactions; loads the demo municipality."""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from documents.demo.municipality import write_demo
from documents.imports.accounts import told_of_strange_tenants
from documents.imports.completing import completed
from documents.imports.own_columns import with_own_columns
from documents.imports.register import (
    ImportedCounts,
    RegisterReading,
    named_in,
    read_register,
    stage_register,
)
from followup import PersonId
from followup.log.subject import What
from followup.month.rounds import RoundDays, first_month, opening
from followup.times.calendar import municipal_day
from services.risk.scoring_history import read_next, score_next
from storage.engine.database import Database, StorageError, Transaction
from storage.engine.faults import is_busy
from storage.imports import imports
from storage.imports.imports import Marks, importing_alone
from storage.imports.own_columns import own_columns, remember
from storage.imports.register import make_valid
from storage.imports.staging import Staging
from storage.imports.written_since import written_since
from storage.log import access_log
from storage.register import units
from storage.risk import coverage

Progress = Callable[[int, int], None]
# Somebody who writes about what the files are about makes them be read anew; not for ever.
TRIES = 3
# Rows, after which the database plans by how many there are now.
MANY = 500


class RegisterInUseError(Exception):
    """People wrote about what the files are about each time that they were read."""


@dataclass(frozen=True)
class Result:
    """What was read, and what was imported; None where problems stopped it and nothing was changed.

    `unscored` units are left to the bot, where the database was busy when all was in.
    """

    reading: RegisterReading
    imported: ImportedCounts | None
    unscored: int = 0


def import_files(
    database: Database,
    paths: Sequence[Path],
    now: datetime,
    *,
    skip_bad: bool = False,
    complete: bool = False,
    end: int | None = None,
    progress: Progress | None = None,
    staged: Progress | None = None,
    scored: Progress | None = None,
    by: str | PersonId = access_log.COMMAND_LINE,
    tenants: Set[str] | None = None,
    local: bool = False,
    names: Mapping[str, str] | None = None,
) -> Result:
    """Nothing unless all rows are right, or with `skip_bad` the right ones; `tenants` are those that are let in.

    With `complete` what the files do not name is ended: `end` is how many may be. `names` are what the files call the
    register's columns, which is remembered with what is imported, and is else what was remembered.
    Raises ImportUnderWayError or RegisterInUseError, and then nothing has been changed.
    """
    with importing_alone(database):
        clear_leftover(database)
        for _ in range(TRIES):
            since, reading = _read(database, paths, now, progress, tenants, local=local, names=names)
            if complete:
                reading = completed(reading, end)
            if reading.problems and not skip_bad:
                return Result(reading, None)
            imported = put_in(
                database,
                reading.without_bad(),
                since,
                now,
                complete=complete,
                staged=staged,
                by=by,
                names=names,
            )
            if imported is not None:
                break
        else:
            raise RegisterInUseError
        unscored = _scored_or_left(database, now, scored)
    return Result(reading, imported, unscored)


def _read(
    database: Database,
    paths: Sequence[Path],
    now: datetime,
    progress: Progress | None,
    tenants: Set[str] | None,
    *,
    local: bool,
    names: Mapping[str, str] | None = None,
) -> tuple[Marks, RegisterReading]:
    with database.looking() as look:
        since = imports.marks(look)
        kinds = with_own_columns(own_columns(look) if names is None else names)
        reading = read_register(look, paths, municipal_day(now), progress, local=local, kinds=kinds)
    return since, reading if tenants is None else told_of_strange_tenants(reading, tenants)


def preview_files(
    database: Database,
    paths: Sequence[Path],
    now: datetime,
    *,
    complete: bool = False,
    progress: Progress | None = None,
    staged: Progress | None = None,
    tenants: Set[str] | None = None,
    local: bool = False,
) -> Result:
    """What importing them would do, counted by staging them and taking that away again: nobody has seen any of it.

    Where rows are wrong, what importing the others would do. With `complete` whatever number would end may.
    Raises ImportUnderWayError.
    """
    with importing_alone(database):
        clear_leftover(database)
        _, reading = _read(database, paths, now, progress, tenants, local=local)
        if complete:
            reading = completed(reading, len(reading.missing))
        imported = _staged_and_cleared(database, reading.without_bad(), now, complete=complete, staged=staged)
    return Result(reading, imported)


@contextmanager
def _read_left_alone() -> Iterator[None]:
    """All that was read stays until it has been told; walking through it would make some pieces many times as long."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@_read_left_alone()
def _staged_and_cleared(
    database: Database,
    reading: RegisterReading,
    now: datetime,
    *,
    complete: bool,
    staged: Progress | None,
) -> ImportedCounts:
    with database.transaction() as tx:
        number = imports.begin(tx, now)
    try:
        with database.looking() as look:
            staging = Staging(database, number, look, _counting(len(reading.rows), staged))
            return stage_register(staging, reading, now, complete=complete)
    finally:
        clear_leftover(database)


@_read_left_alone()
def put_in(
    database: Database,
    reading: RegisterReading,
    since: Marks,
    now: datetime,
    *,
    complete: bool = False,
    staged: Progress | None = None,
    by: str | PersonId = access_log.COMMAND_LINE,
    names: Mapping[str, str] | None = None,
) -> ImportedCounts | None:
    """All of the reading in one moment, or None when people have written about the same things since it was read."""
    with database.transaction() as tx:
        number = imports.begin(tx, now)
    with database.looking() as look:
        staging = Staging(database, number, look, _counting(len(reading.rows), staged))
        imported = stage_register(staging, reading, now, complete=complete)
        if len(reading.rows) >= MANY:
            database.take_stock()
        # What was written until now is read here, and in the one moment only what has come since.
        until, before = imports.marks(look), written_since(look, since)
        # To find it walks past all that is staged; were it another by now, all is read anew once too often.
        begun = coverage.begins(look)
    named = named_in(reading)
    written = sum(one.created + one.changed + one.ended for one in imported.counts.values())
    with database.transaction() as tx:
        unchanged = not (named.meets(before) or named.meets(written_since(tx, until)))
        if unchanged:
            make_valid(staging, tx, now)
            if coverage.begins(tx) != begun:
                imports.leave_all_to_score(tx, number)
            _log(tx, now, by, written)
            if names is not None:
                _remember(tx, names, now, by)
    if unchanged:
        return imported
    clear_leftover(database)
    return None


def _log(tx: Transaction, now: datetime, by: str | PersonId, written: int, detail: str | None = None) -> None:
    who = {"stranger": by} if isinstance(by, str) else {"person_id": by}
    access_log.record(tx, "write", What.IMPORT.of(), now, records=written, detail=detail, **who)


def remember_columns(database: Database, names: Mapping[str, str], now: datetime, by: str) -> None:
    """What the files of the next import call the register's columns."""
    with database.transaction() as tx:
        _remember(tx, names, now, by)


def _remember(tx: Transaction, names: Mapping[str, str], now: datetime, by: str | PersonId) -> None:
    if names != own_columns(tx):
        remember(tx, names)
        _log(tx, now, by, len(names), "columns")


def _counting(total: int, staged: Progress | None) -> Callable[[int], None]:
    done = 0

    def advance(rows: int) -> None:
        nonlocal done
        done += rows
        if staged:
            staged(done, total)

    return advance


def clear_leftover(database: Database) -> None:
    """Takes away, a piece at a time, what an import that was ended before it was valid has left."""
    left = True
    while left:
        with database.piece() as tx:
            left = imports.clear_next(tx)


def score_imported(database: Database, now: datetime, scored: Progress | None = None) -> None:
    with database.looking() as look:
        total = left = len(imports.unscored(look))
    while left:
        with database.looking() as look:
            beside = read_next(look, now)
        with database.piece() as tx:
            left = score_next(tx, now, beside)
        if scored:
            scored(total - left, total)


def _scored_or_left(database: Database, now: datetime, scored: Progress | None) -> int:
    """How many units are left where somebody else kept the database: what has been imported stands, and is told."""
    try:
        with _read_left_alone():
            score_imported(database, now, scored)
    except StorageError as error:
        if not is_busy(error):
            raise
        with database.looking() as look:
            return len(imports.unscored(look))
    return 0


def load_demo_when_empty(
    database: Database,
    directory: Path,
    now: datetime,
    days: RoundDays,
    *,
    progress: Progress | None = None,
    staged: Progress | None = None,
    scored: Progress | None = None,
) -> bool:
    """The fictional municipality, by the ordinary import; false when the register has something in it."""
    with database.transaction() as tx:
        if units.all_units(tx):
            return False
    # Where the first round is yet to open it is loaded as on that day.
    asked_month = first_month(now, days)
    now = max(now, opening(asked_month, days))
    write_demo(directory, municipal_day(now), asked_month)
    result = import_files(
        database, [directory], now, progress=progress, staged=staged, scored=scored, local=True
    )
    assert result.imported is not None, result.reading.problems
    return True
