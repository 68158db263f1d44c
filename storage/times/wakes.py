"""The latest moment that the clock's jobs have been done for, or are being done for a piece at a time."""

from datetime import datetime

from sqlalchemy import select, update

from storage.engine.database import Transaction, insert_new
from storage.engine.tables import wake as table


def latest(tx: Transaction) -> datetime | None:
    at: datetime | None = tx.connection.execute(select(table.c.at)).scalar_one_or_none()
    return at


def begin(tx: Transaction, now: datetime) -> tuple[datetime, str | None]:
    """The moment to do what is due at: one that was begun and is not finished, else now, and never an earlier one.

    With the job that it has come to, None where it is to begin with the first.
    """
    row = tx.connection.execute(select(table.c.at, table.c.finished, table.c.job)).one_or_none()
    if row is None:
        return now, None
    at: datetime = row.at
    return (max(at, now), None) if row.finished else (at, row.job)


def record(tx: Transaction, at: datetime, job: str | None) -> None:
    """The job to go on with, None where the moment is finished; waking for an earlier moment changes nothing."""
    state = {"at": at, "finished": job is None, "job": job}
    if not insert_new(tx, table, id=1, **state):
        tx.connection.execute(update(table).where(table.c.at <= at).values(**state))
