"""What is decided by one at a time on PostgreSQL, until the transaction ends; SQLite has one writer, who has it all.

A row is locked so that what refers to it can still be written (FOR NO KEY UPDATE). docs/postgresql.md says which
locks there are and why.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, bindparam, func, select

from followup import ActionId, AlertId, CycleId, FollowUpId, PersonId, SignalId, TaskId, UnitId
from storage.engine import tables, year_tables
from storage.engine.database import Transaction
from storage.engine.imported import with_staged
from storage.engine.prepared import Prepared

_NUMBER: Any = func.hashtextextended(bindparam("name"), 0)
_WAIT = Prepared(select(func.pg_advisory_xact_lock(_NUMBER)))
_TRY = Prepared(select(func.pg_try_advisory_xact_lock(_NUMBER)))
_TRY_FOR_THE_PROCESS = select(func.pg_try_advisory_lock(_NUMBER))
_LET_GO = select(func.pg_advisory_unlock(_NUMBER))


def _row_of(table: Table) -> Callable[[Transaction, int], None]:
    """Whoever decides about the same row waits, and then reads what was decided here."""

    def hold_row(tx: Transaction, id_: int) -> None:
        if tx.connection.dialect.name == "postgresql":
            _row(table).all(tx.connection, {"id": id_})

    return hold_row


# What is scored, and what opens at a unit; the last of these that a transaction takes.
hold_unit: Callable[[Transaction, UnitId], None] = _row_of(tables.unit)
# What is kept in versions, or given to one person, is locked before it is read.
hold_task: Callable[[Transaction, TaskId], None] = _row_of(tables.report_task)
hold_signal: Callable[[Transaction, SignalId], None] = _row_of(tables.signal)
hold_alert: Callable[[Transaction, AlertId], None] = _row_of(tables.alert)
hold_follow_up: Callable[[Transaction, FollowUpId], None] = _row_of(year_tables.follow_up)
hold_action: Callable[[Transaction, ActionId], None] = _row_of(year_tables.action)
hold_cycle: Callable[[Transaction, CycleId], None] = _row_of(year_tables.selection_cycle)
# Her leaves and what she has put off.
hold_person: Callable[[Transaction, PersonId], None] = _row_of(tables.person)


@cache
def _row(table: Table) -> Prepared:
    every = with_staged(table)
    return Prepared(select(every.c.id).where(every.c.id == bindparam("id")).with_for_update(key_share=True))


def hold(tx: Transaction, name: str) -> None:
    """For what has no row yet, or none of its own."""
    if tx.connection.dialect.name == "postgresql":
        _WAIT.all(tx.connection, {"name": name})


def is_free(tx: Transaction, name: str) -> bool:
    """Holds it, unless somebody else does: false then."""
    if tx.connection.dialect.name != "postgresql":
        return True
    return bool(_TRY.first(tx.connection, {"name": name})[0])


@contextmanager
def alone(engine: Engine, name: str) -> Iterator[bool]:
    """Whether no other process has it; let go of at the end, or by the system itself when the process dies."""
    if engine.dialect.name == "sqlite":
        with Path(f"{engine.url.database}.{name}").open("w", encoding="utf-8") as held:
            try:
                flock(held, LOCK_EX | LOCK_NB)
            except OSError:
                yield False
                return
            yield True
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        mine: bool = connection.execute(_TRY_FOR_THE_PROCESS, {"name": name}).scalar_one()
        try:
            yield mine
        finally:
            if mine and not connection.invalidated:
                connection.execute(_LET_GO, {"name": name})
