"""What is decided by one at a time on PostgreSQL, until the transaction ends; SQLite has one writer, who has it all.

A row is locked so that what refers to it can still be written (FOR NO KEY UPDATE). docs/postgresql.md says which
locks there are and why.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Select, Table, bindparam, func, select, text

from followup import ActionId, AlertId, CycleId, FollowUpId, PersonId, SignalId, TaskId, UnitId
from storage.engine import tables, year_tables
from storage.engine.database import Transaction
from storage.engine.database_file import opened_to_lock
from storage.engine.imported import with_staged
from storage.engine.lock_order import Lock
from storage.engine.prepared import Prepared

_NUMBER: Any = func.hashtextextended(bindparam("name"), 0)
_WAIT = Prepared(select(func.pg_advisory_xact_lock(_NUMBER)))
_TRY = Prepared(select(func.pg_try_advisory_xact_lock(_NUMBER)))
_TRY_FOR_THE_PROCESS = select(func.pg_try_advisory_lock(_NUMBER))
_LET_GO = select(func.pg_advisory_unlock(_NUMBER))
# More than the server may keep of it in memory, so that it takes room on the disk for a moment.
_ROOM = (text("SET LOCAL work_mem = 64"), text("SELECT count(*) FROM generate_series(1, 5000)"))
_OF_HAND_IN = (
    tables.person,
    tables.placement,
    tables.unit,
    tables.report_task,
    tables.report,
    tables.handled,
    tables.score,
    tables.access_log,
)
_TABLES = text(f"LOCK TABLE {', '.join(table.name for table in _OF_HAND_IN)} IN ROW EXCLUSIVE MODE")


def _row_of(lock: Lock, rows: Select[Any]) -> Callable[[Transaction, int], None]:
    """Whoever decides about the same row waits, and then reads what was decided here."""
    locked = Prepared(rows.with_for_update(key_share=True))

    def hold_row(tx: Transaction, id_: int) -> None:
        if _is_new(tx, lock, id_):
            locked.all(tx.connection, {"id": id_})

    return hold_row


def _by_id(table: Table) -> Select[Any]:
    every = with_staged(table)
    return select(every.c.id).where(every.c.id == bindparam("id"))


# What is kept in versions, or given to one person, is locked before it is read; several by number.
hold_task: Callable[[Transaction, TaskId], None] = _row_of("task", _by_id(tables.report_task))
# Her leaves and what she has put off.
hold_person: Callable[[Transaction, PersonId], None] = _row_of("person", _by_id(tables.person))
hold_cycle: Callable[[Transaction, CycleId], None] = _row_of("selection", _by_id(year_tables.selection_cycle))
hold_follow_up: Callable[[Transaction, FollowUpId], None] = _row_of(
    "follow_up", _by_id(year_tables.follow_up)
)
hold_action: Callable[[Transaction, ActionId], None] = _row_of("action", _by_id(year_tables.action))
# What is known of it, judged of it and scored, and what opens there.
hold_unit: Callable[[Transaction, UnitId], None] = _row_of("unit", _by_id(tables.unit))


def hold_signal(tx: Transaction, signal_id: SignalId) -> None:
    """What is decided about one changes its unit's score, and often other reports of the same event."""
    _hold_unit_of(tx, _UNIT_OF_SIGNAL, signal_id)


def hold_alert(tx: Transaction, alert_id: AlertId) -> None:
    """What is decided about one is decided about its signal too, and lifts its unit's floor."""
    _hold_unit_of(tx, _UNIT_OF_ALERT, alert_id)


def _unit_of(table: Table) -> Prepared:
    every = with_staged(table)
    return Prepared(select(every.c.unit_id).where(every.c.id == bindparam("id")))


_UNIT_OF_SIGNAL, _UNIT_OF_ALERT = _unit_of(tables.signal), _unit_of(tables.alert)


def _hold_unit_of(tx: Transaction, unit_of: Prepared, id_: int) -> None:
    """Which unit that is never changes."""
    row = unit_of.first(tx.connection, {"id": id_})
    if row is not None:
        hold_unit(tx, row.unit_id)


def hold(tx: Transaction, name: str, lock: Lock = "named") -> None:
    """For what has no row yet, or none of its own."""
    if _is_new(tx, lock, name):
        _WAIT.all(tx.connection, {"name": name})


def is_free(tx: Transaction, name: Lock) -> bool:
    """Holds it, unless somebody else does: false then."""
    tx.held.setdefault((name, name))
    if tx.connection.dialect.name != "postgresql":
        return True
    return bool(_TRY.first(tx.connection, {"name": name})[0])


def demand_what_hand_ins_take(tx: Transaction) -> None:
    """Room on the server's disk, where what is there can be changed when it is full, and tables that nobody has locked.

    On SQLite whoever stores anything at all has asked for both.
    """
    if tx.connection.dialect.name == "postgresql":
        for asked in (*_ROOM, _TABLES):
            tx.connection.execute(asked)


def number_held(tx: Transaction, lock: Lock) -> int:
    return sum(held == lock for held, _ in tx.held)


def _is_new(tx: Transaction, lock: Lock, which: int | str) -> bool:
    """Whether there is anything to wait for: it is not held already, and there is more than one who writes.

    Who only reads decides nothing, and PostgreSQL would refuse it the lock.
    """
    is_held = (lock, which) in tx.held
    tx.held[lock, which] = None
    return not is_held and tx.unlogged is None and tx.connection.dialect.name == "postgresql"


@contextmanager
def alone(engine: Engine, name: str) -> Iterator[bool]:
    """Whether no other process has it; let go of at the end, or by the system itself when the process dies."""
    if engine.dialect.name == "sqlite":
        with opened_to_lock(Path(f"{engine.url.database}.{name}")) as held:
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
