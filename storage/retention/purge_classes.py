"""The retention classes of a proposal to delete: what of each is to go, and what has gone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from followup.clocks.retention_classes import ClassTerm, RetentionClass
from storage.engine.database import Transaction
from storage.engine.retention_tables import purge, purge_class


@dataclass(frozen=True)
class ClassDue:
    """How many things of the class had their last word before the day."""

    term: ClassTerm
    before: date
    things: int


@dataclass(frozen=True)
class PurgeClass:
    """`deleted` are rows by table, as far as they have gone; `deleted_at` when all had."""

    due: ClassDue
    deleted: Mapping[str, int]
    deleted_at: datetime | None

    @property
    def name(self) -> RetentionClass:
        return self.due.term.name


def propose(tx: Transaction, number: int, found: Collection[ClassDue]) -> None:
    rows = [
        {
            "purge_id": number,
            "name": str(one.term.name),
            "months": one.term.months,
            "source": one.term.source,
            "before": one.before,
            "things": one.things,
            "deleted": {},
        }
        for one in found
    ]
    if rows:
        tx.connection.execute(insert(purge_class), rows)


def of_purge(tx: Transaction, number: int) -> list[PurgeClass]:
    query = select(purge_class).where(purge_class.c.purge_id == number).order_by(purge_class.c.name)
    return [_read(row) for row in tx.connection.execute(query)]


def waiting(tx: Transaction) -> set[RetentionClass]:
    """Those that are proposed, or decided, and not done."""
    query = (
        select(purge_class.c.name)
        .join(purge, purge.c.id == purge_class.c.purge_id)
        .where(purge.c.done_at.is_(None), purge.c.refused_at.is_(None))
    )
    return set(map(RetentionClass, tx.connection.scalars(query)))


def mark(
    tx: Transaction, number: int, name: RetentionClass, deleted: Mapping[str, int], at: datetime | None
) -> None:
    """Some more rows have gone; `at` where those were the last. A copy that was put back may not know of it."""
    one = (purge_class.c.purge_id == number, purge_class.c.name == str(name))
    before = tx.connection.scalar(select(purge_class.c.deleted).where(*one)) or {}
    added = {table: before.get(table, 0) + deleted.get(table, 0) for table in {**before, **deleted}}
    tx.connection.execute(update(purge_class).where(*one).values(deleted=added, deleted_at=at))


def _read(row: Row[Any]) -> PurgeClass:
    term = ClassTerm(RetentionClass(row.name), row.months, row.source)
    return PurgeClass(ClassDue(term, row.before, row.things), row.deleted, row.deleted_at)
