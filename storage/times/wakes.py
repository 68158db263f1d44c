"""The latest moment that the clock's jobs have been done for, or are being done for a piece at a time."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from storage.engine.database import Transaction, insert_new
from storage.engine.prepared import Prepared
from storage.engine.tables import wake as table

# A month's work is done once in it: after more than that a clock that is wrong would do what cannot be undone.
LONGEST_SILENCE = timedelta(days=31)
_NOW = Prepared(select(table.c.at, table.c.finished, table.c.job))
_RECORD = Prepared(
    update(table)
    .where(table.c.at <= bindparam("moment", type_=table.c.at.type))
    .values(
        at=bindparam("moment", type_=table.c.at.type),
        finished=bindparam("is_finished"),
        job=bindparam("next_job"),
    )
)


def latest(tx: Transaction) -> datetime | None:
    row = _NOW.first(tx.connection, {})
    return None if row is None else row.at


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
    row = _NOW.first(tx.connection, {})
    if row is None:
        return now, None
    at: datetime = row.at
    return (max(at, now), None) if row.finished else (at, row.job)


def record(tx: Transaction, at: datetime, job: str | None) -> None:
    """The job to go on with, None where the moment is finished; waking for an earlier moment changes nothing."""
    if not insert_new(tx, table, id=1, at=at, finished=job is None, job=job):
        _RECORD.changed(tx.connection, {"moment": at, "is_finished": job is None, "next_job": job})
