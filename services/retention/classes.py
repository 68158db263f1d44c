"""The retention classes of the municipality's plan: how much may go, and its deletion by a decision, some at a time."""

from collections.abc import Sequence
from datetime import date, datetime

from followup.clocks.retention import RetentionPlan
from followup.clocks.retention_classes import RetentionClass
from storage.engine.database import Database, Transaction
from storage.log import access_log, redactions
from storage.retention import classes, purge_classes, purges
from storage.retention.purge_classes import ClassDue

# In one transaction, by what hangs on each and whether it is signed: half of what nobody may wait longer than.
AT_A_TIME = {
    RetentionClass.UNIT_SIGNALS: 20,
    RetentionClass.UNIT_EVENTS: 250,
    RetentionClass.FOLLOW_UPS: 20,
    RetentionClass.MESSAGES: 250,
    RetentionClass.LEAVES: 250,
    RetentionClass.LOG_REASONS: 25,
}


def classes_due(tx: Transaction, plan: RetentionPlan, today: date) -> list[ClassDue]:
    """Each class that the plan has a term for, also where nothing of it may go yet."""
    terms = ((one, one.before(today)) for one in plan.classes)
    return [ClassDue(term, before, classes.count(tx, term.name, before)) for term, before in terms]


def delete_classes(database: Database, number: int, now: datetime) -> None:
    """What an interruption left is taken up again."""
    with database.reading() as tx:
        left = [one for one in purge_classes.of_purge(tx, number) if one.deleted_at is None]
    for one in left:
        delete_class(database, number, one.name, one.due.before, now)


def delete_class(
    database: Database, number: int, name: RetentionClass, before: date, now: datetime
) -> dict[str, int]:
    """How many rows of each table; what has had a later word by now is left."""
    place, done = 0, dict[str, int]()
    while True:
        with database.piece() as tx:
            purges.hold_purge(tx, number)
            ids = classes.due(tx, name, before, place, AT_A_TIME[name])
            deleted = _deleted(tx, number, name, ids, now)
            at_end = len(ids) < AT_A_TIME[name]
            purge_classes.mark(tx, number, name, deleted, now if at_end else None)
        done = {table: done.get(table, 0) + deleted.get(table, 0) for table in {**done, **deleted}}
        if at_end:
            return done
        place = ids[-1]


def _deleted(
    tx: Transaction, number: int, name: RetentionClass, ids: Sequence[int], now: datetime
) -> dict[str, int]:
    if not ids:
        return {}
    if name != RetentionClass.LOG_REASONS:
        return classes.delete_rows(tx, name, ids)
    found = access_log.some(tx, ids)
    return {"access_log": sum(redactions.redact(tx, one, number, now) for one in found)}
