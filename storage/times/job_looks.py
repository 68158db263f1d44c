"""What the clock's jobs have looked through, so that none looks again before anything has changed.

The database counts the changes itself (migration 0023), so that nobody who changes anything need think of the jobs.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, text, update

from storage.engine.database import Transaction, insert_new
from storage.engine.prepared import Prepared
from storage.engine.tables import change_count, job_look

Place = Mapping[str, Any]
_COUNTS = Prepared(select(change_count))
# Of those that are committed; what is changed meanwhile is added the next time.
_ADD_UP = text(
    "with added as (delete from uncounted_change returning topic, number)"
    " insert into change_count (topic, number) select topic, sum(number) from added group by topic"
    " on conflict (topic) do update set number = change_count.number + excluded.number"
)
_LOOKS = Prepared(select(job_look))
_RECORD = Prepared(
    update(job_look)
    .where(job_look.c.job == bindparam("of_job"))
    .values(
        changes=bindparam("new_changes"),
        until=bindparam("new_until", type_=job_look.c.until.type),
        place=bindparam("new_place", type_=job_look.c.place.type),
    )
)


@dataclass(frozen=True)
class JobLook:
    """`changes` is the count that it began at; `until` is None while it is not through, and `place` where it is."""

    changes: int
    until: datetime | None
    place: Place | None = None

    def stands(self, changes: int, now: datetime) -> bool:
        """Whether there is nothing new to look at."""
        return self.until is not None and self.changes == changes and now < self.until


def counted(tx: Transaction) -> Mapping[str, int]:
    """By topic; of one that nothing has changed in there is none. Asked by the clock alone, since it adds up too."""
    if tx.connection.dialect.name == "postgresql":
        tx.connection.execute(_ADD_UP)
    return {row.topic: row.number for row in _COUNTS.all(tx.connection, {})}


def changes_of(counts: Mapping[str, int], topics: Collection[str]) -> int:
    """One number for several topics, since counts only grow."""
    return sum(counts.get(topic, 0) for topic in topics)


def all_looks(tx: Transaction) -> Mapping[str, JobLook]:
    return {row.job: JobLook(row.changes, row.until, row.place) for row in _LOOKS.all(tx.connection, {})}


def record(tx: Transaction, job: str, look: JobLook) -> None:
    if not insert_new(tx, job_look, job=job, changes=look.changes, until=look.until, place=look.place):
        new = {"new_changes": look.changes, "new_until": look.until, "new_place": look.place}
        _RECORD.changed(tx.connection, {"of_job": job, **new})


def forget_all(tx: Transaction) -> None:
    """Everything is looked at anew, as after a start with other settings."""
    tx.connection.execute(delete(job_look))
