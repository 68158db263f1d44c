"""The latest moment that the clock's jobs have been done for, or are being done for a piece at a time."""

from datetime import datetime

from sqlalchemy import select, update

from storage.engine.database import Transaction, insert_new
from storage.engine.tables import wake as table


def latest(tx: Transaction) -> datetime | None:
    at: datetime | None = tx.connection.execute(select(table.c.at)).scalar_one_or_none()
    return at


def begin(tx: Transaction, now: datetime) -> datetime:
    """The moment to do what is due at: one that was begun and is not finished, else now, and never an earlier one."""
    row = tx.connection.execute(select(table.c.at, table.c.finished)).one_or_none()
    if row is None:
        return now
    at: datetime = row.at
    return max(at, now) if row.finished else at


def record(tx: Transaction, at: datetime, *, finished: bool) -> None:
    """Never goes back: waking for an earlier moment changes nothing."""
    if not insert_new(tx, table, id=1, at=at, finished=finished):
        tx.connection.execute(update(table).where(table.c.at <= at).values(at=at, finished=finished))
