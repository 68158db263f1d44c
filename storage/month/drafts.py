"""What somebody is writing in a month's form and has not handed in: hers alone, sealed, and counted for nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from sqlalchemy import bindparam, delete, select, update

from followup import PersonId, TaskId
from storage.engine.columns import Instant
from storage.engine.database import Transaction, insert_new
from storage.engine.tables import report_draft

# A round that is open is answered within two months; what is older is about one that has closed.
KEPT = timedelta(days=70)
_own = (
    report_draft.c.task_id == bindparam("of_task"),
    report_draft.c.person_id == bindparam("of_person"),
)
_GET = select(report_draft).where(*_own)
_CHANGE = (
    update(report_draft)
    .where(*_own)
    .values(
        typed=bindparam("new_typed"),
        version=bindparam("over"),
        saved_at=bindparam("now", type_=Instant),
    )
)
_DELETE = delete(report_draft).where(*_own)
_SAVED = select(report_draft.c.task_id).where(report_draft.c.person_id == bindparam("of_person"))
_OLD = (
    select(report_draft.c.id)
    .where(report_draft.c.saved_at < bindparam("before", type_=Instant))
    .order_by(report_draft.c.saved_at)
    .limit(bindparam("most"))
)
_FORGET = delete(report_draft).where(report_draft.c.id.in_(_OLD))


@dataclass(frozen=True)
class Draft:
    """What stands in each field; `version` is the report's that it was typed over."""

    typed: dict[str, str]
    version: int
    saved_at: datetime


def of(tx: Transaction, task_id: TaskId, person_id: PersonId) -> Draft | None:
    row = tx.connection.execute(_GET, _key(task_id, person_id)).one_or_none()
    if row is None:
        return None
    return Draft(dict(orjson.loads(tx.vault.open(row.typed))), row.version, row.saved_at)


def tasks_of(tx: Transaction, person_id: PersonId) -> frozenset[TaskId]:
    """Those that the person has a draft of."""
    return frozenset(map(TaskId, tx.connection.scalars(_SAVED, {"of_person": person_id})))


def save(tx: Transaction, task_id: TaskId, person_id: PersonId, draft: Draft) -> None:
    """The newest stands in the place of the one before."""
    typed = tx.vault.seal(orjson.dumps(draft.typed).decode())
    values = {"typed": typed, "version": draft.version, "saved_at": draft.saved_at}
    if insert_new(tx, report_draft, task_id=task_id, person_id=person_id, **values):
        return
    changed = {"new_typed": typed, "over": draft.version, "now": draft.saved_at}
    tx.connection.execute(_CHANGE, {**_key(task_id, person_id), **changed})


def forget(tx: Transaction, task_id: TaskId, person_id: PersonId) -> None:
    tx.connection.execute(_DELETE, _key(task_id, person_id))


def forget_old(tx: Transaction, now: datetime, most: int) -> int:
    """Deletes so many of rounds that have closed long ago, and says how many."""
    return tx.connection.execute(_FORGET, {"before": now - KEPT, "most": most}).rowcount


def _key(task_id: TaskId, person_id: PersonId) -> dict[str, int]:
    return {"of_task": task_id, "of_person": person_id}
