"""Moves an embedded installation into an empty database of a server: all of it, compared row by row, or none."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from followup.log.subject import What
from followup.wording.wording import wording
from services.backups.manifest import stamp_of
from services.backups.restoring import RefusedBackupError, out_of_the_way
from storage.engine import copies, moving, schema
from storage.engine.database import Database, Transaction
from storage.engine.vault import Vault
from storage.log import access_log, log_chain

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Moved:
    """`before` is where the file that was moved lies now; no program opens it there."""

    tables: int
    rows: int
    before: Path


def move(url: str, target: Database, vault: Vault, now: datetime, who: str, told: Progress) -> Moved:
    """Goes on where an earlier one was interrupted; the file is left until all of it is there and the same.

    `told` is given rows that are done and how many there are, of copying and comparing. Raises RefusedBackupError,
    InUseError of storage.engine.copies while anything has the file open, and UnreachableError.
    """
    file = copies.file_of(url)
    if not file.exists():
        raise RefusedBackupError(wording("move.nothing", path=file))
    with copies.in_use(file, alone=True):
        with closing(Database(url, vault)) as database, database.reading() as source:
            _demand_whole(source)
            rows = sum(moving.rows_in(source, table) for table in moving.tables())
            if not _is_moved(source, target):
                _copy(source, target, rows, told)
                _end(target, rows, now, who)
        target.take_stock()
        before = out_of_the_way(file, f"moved-{stamp_of(now)}")
    return Moved(len(moving.tables()), rows, before)


def _demand_whole(source: Transaction) -> None:
    if schema.current_in(source) != schema.newest():
        raise RefusedBackupError(wording("move.schema"))
    if not log_chain.goes_on(source):
        raise RefusedBackupError(wording("move.wrong_key", wanted=log_chain.current_key(source)))


def _is_moved(source: Transaction, target: Database) -> bool:
    """Whether an earlier one came to its end there, and was stopped before the file had its other name."""
    if schema.current(target) != schema.newest():
        return False
    _, head = access_log.head(source)
    with target.reading() as tx:
        return access_log.goes_on_with(tx, head, What.MOVED.of())


def _end(target: Database, rows: int, now: datetime, who: str) -> None:
    with target.at_any_version() as tx:
        moving.end(tx)
        access_log.record(tx, "write", What.MOVED.of(), now, stranger=who, records=rows)


def _copy(source: Transaction, target: Database, rows: int, told: Progress) -> None:
    try:
        moving.begin(target)
        _same_in_both(source, target, rows, told)
    except moving.NotEmptyError:
        raise RefusedBackupError(wording("move.not_empty")) from None
    except moving.DiffersError as differs:
        raise RefusedBackupError(wording("move.differs", what=differs)) from None


def _same_in_both(source: Transaction, target: Database, of_all: int, told: Progress) -> None:
    tables = moving.tables()
    done = 0

    def advance(rows: int) -> None:
        nonlocal done
        done += rows
        told(done, 2 * of_all)

    with target.reading() as there:
        advance(sum(moving.rows_in(there, table) for table in tables))
    for table in tables:
        for rows in moving.copy(source, target, table):
            advance(rows)
    with target.reading() as there:
        for table in tables:
            for rows in moving.compare(source, there, table):
                advance(rows)
