"""The latest moment that the clock's jobs have been done for, or are being done for a piece at a time."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from storage.engine.database import Transaction, insert_new
from storage.engine.tables import wake as table

# A month's work is done once in it: after more than that a clock that is wrong would do what cannot be undone.
LONGEST_SILENCE = timedelta(days=31)


def latest(tx: Transaction) -> datetime | None:
    at: datetime | None = tx.connection.execute(select(table.c.at)).scalar_one_or_none()
    return at


def trusted(tx: Transaction, now: datetime) -> datetime:
    """Until when the clock is known to be right: now, but after too long a silence when the bot was last awake.

    Was it off for so long, or does the clock lie? Nobody here can tell; and when the clock has gone back, nothing was.
    """
    at = latest(tx)
    return now if at is None or now - at <= LONGEST_SILENCE else at


def confirm(tx: Transaction, now: datetime) -> None:
    """Somebody who can see another clock says that this one is right: the silence is over."""
    tx.connection.execute(update(table).values(at=now))


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
