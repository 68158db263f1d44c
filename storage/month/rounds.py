"""Rounds, their tasks, and who has been asked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from followup import PersonId, PlacementId, RoundId, TaskId
from followup.messages.month import Ownerless, Prompt
from followup.month.rounds import Round, Task
from followup.times.month import Month
from storage.engine.columns import Instant
from storage.engine.database import Transaction, insert_new, insert_or_leave
from storage.engine.imported import with_staged
from storage.engine.newest import newest_row
from storage.engine.open_days import open_some_day
from storage.engine.prepared import Prepared
from storage.engine.tables import (
    asking,
    delivery,
    ownership,
    placement,
    report,
    report_task,
    round_,
    snooze,
    unit,
)
from storage.messages import ledger
from storage.messages.written import readable
from storage.register import placements

_asks_still = and_(round_.c.asks, round_.c.closes_at > bindparam("now", type_=Instant))
_ASKING = Prepared(select(round_).where(_asks_still).order_by(round_.c.month))
# By the few rounds: else every month that a placement has had is looked at.
_in_asking = report_task.c.round_id.in_(select(round_.c.id).where(_asks_still))
_BY_MONTH = Prepared(select(round_).where(round_.c.month == bindparam("of_month")))
_ROUND = Prepared(select(round_).where(round_.c.id == bindparam("round_id")))


@dataclass(frozen=True)
class Asking:
    """`in_vain` where the prompt failed: she has not been reached."""

    task_id: TaskId
    person_id: PersonId
    asked_at: datetime
    in_vain: bool = False


def last_asked(tx: Transaction) -> Month | None:
    month: Month | None = tx.connection.execute(
        select(round_.c.month).where(round_.c.asks).order_by(round_.c.month.desc()).limit(1)
    ).scalar_one_or_none()
    return month


def first_asked(tx: Transaction) -> Month | None:
    """The month of the oldest round, history included."""
    month: Month | None = tx.connection.scalar(select(func.min(round_.c.month)))
    return month


def by_month(tx: Transaction, month: Month) -> Round | None:
    row = _BY_MONTH.first(tx.connection, {"of_month": month})
    return None if row is None else _round(row)


def get(tx: Transaction, round_id: RoundId) -> Round:
    return _round(_ROUND.first(tx.connection, {"round_id": round_id}))


def asking_rounds(tx: Transaction, now: datetime) -> list[Round]:
    """Rounds that ask and have not closed, oldest month first."""
    return [_round(row) for row in _ASKING.all(tx.connection, {"now": now})]


def not_escalated(tx: Transaction, now: datetime) -> list[Round]:
    query = select(round_).where(round_.c.asks, round_.c.deadline < now, round_.c.escalated_at.is_(None))
    return [_round(row) for row in tx.connection.execute(query.order_by(round_.c.month))]


def newest(tx: Transaction, number: int) -> list[Round]:
    """The newest rounds, history included, newest month first."""
    query = select(round_).order_by(round_.c.month.desc()).limit(number)
    return [_round(row) for row in tx.connection.execute(query)]


def every(tx: Transaction) -> list[Round]:
    """History included, oldest month first."""
    return [_round(row) for row in tx.connection.execute(select(round_).order_by(round_.c.month))]


def open_round(
    tx: Transaction, month: Month, opened_at: datetime, deadline: datetime, closes_at: datetime
) -> Round:
    """Opens the month's round, or turns a month of history that is not over into one that asks."""
    times = {"opened_at": opened_at, "deadline": deadline, "closes_at": closes_at, "asks": True}
    if not insert_new(tx, round_, month=month, **times):
        # Also one that an import is putting in: it is opened, whatever becomes of the import.
        history = update(round_).where(round_.c.month == month, round_.c.asks.is_(False))
        tx.connection.execute(history.values(**times, import_id=None))
    opened = by_month(tx, month)
    assert opened is not None
    return opened


def mark_escalated(tx: Transaction, round_id: RoundId, now: datetime) -> None:
    tx.connection.execute(update(round_).where(round_.c.id == round_id).values(escalated_at=now))


def add_tasks(
    tx: Transaction, asked: Round, after: int, most: int, *, own_homes: bool = False
) -> tuple[int, int | None]:
    """Puts in the tasks that the round has yet to have, of so many placements after the one named.

    The municipality's own foster homes are asked about where it has chosen that (R21).

    How many that were, and the last placement looked at, None where there are no more of them.
    """
    last = tx.connection.scalar(_LAST_PLACEMENT, {"after": after, "most": most})
    if last is None:
        return 0, None
    without = _without_task(asked, after, last, own_homes=own_homes)
    new = insert_or_leave(tx, report_task).from_select(["round_id", "placement_id"], without)
    # Of an insert psycopg's number is else not kept.
    return tx.connection.execute(new, execution_options={"preserve_rowcount": True}).rowcount, last


def see_tasks(tx: Transaction) -> None:
    """As soon as this is committed: a round that PostgreSQL has not seen has no task, as it plans.

    It then begins with the round's tasks where a person or a unit is asked about, and looks through all of them.
    """
    tx.grown.add(report_task.name)


def _without_task(asked: Round, after: int, last: int, *, own_homes: bool) -> Select[Any]:
    """The placements that are looked at are named of both, since PostgreSQL would else look through a whole round."""

    def looked_at(column: ColumnElement[int]) -> ColumnElement[bool]:
        return and_(column > after, column <= last)

    opened = open_some_day if own_homes else placements.open_between
    has_task = select(_there.c.id).where(
        _there.c.round_id == asked.id,
        _there.c.placement_id == placement.c.id,
        looked_at(_there.c.placement_id),
    )
    return (
        select(literal(asked.id), placement.c.id)
        .join(unit, placement.c.unit_id == unit.c.id)
        .where(looked_at(placement.c.id), opened(asked.month.first, asked.month.last), ~has_task.exists())
        .order_by(placement.c.case_reference, placement.c.starts)
    )


def add_task(tx: Transaction, round_id: RoundId, placement_id: PlacementId) -> None:
    insert_new(tx, report_task, round_id=round_id, placement_id=placement_id)


_next_placements = (
    select(placement.c.id)
    .where(placement.c.id > bindparam("after"))
    .order_by(placement.c.id)
    .limit(bindparam("most"))
    .subquery()
)
_LAST_PLACEMENT = select(func.max(_next_placements.c.id))
_next_tasks = (
    select(report_task.c.placement_id)
    .where(report_task.c.round_id == bindparam("of_round"), report_task.c.placement_id > bindparam("after"))
    .order_by(report_task.c.placement_id)
    .limit(bindparam("most"))
    .subquery()
)
_LAST_TASK = select(func.max(_next_tasks.c.placement_id))
_other = report.alias("other")
# One that an import is putting in has its place taken as well.
_there = with_staged(report_task)


_TASKS = (
    select(
        report_task.c.id.label("task_id"),
        report_task.c.round_id,
        round_.c.month,
        round_.c.deadline,
        round_.c.closes_at,
        func.coalesce(report.c.version, 0).label("version"),
        func.coalesce(report.c.by_statement, False).label("by_statement"),
        *placements.COLUMNS,
    )
    .select_from(report_task)
    .join(round_, report_task.c.round_id == round_.c.id)
    .join(placement, report_task.c.placement_id == placement.c.id)
    .join(unit, placement.c.unit_id == unit.c.id)
    .join(ownership, placements.CURRENT_OWNER, isouter=True)
    .join(
        report,
        report.c.id == newest_row(report.c.task_id, report_task.c.id),
        isouter=True,
    )
    .order_by(round_.c.month, placement.c.case_reference, report_task.c.id)
)
_without_report = ~select(_other.c.id).where(_other.c.task_id == report_task.c.id).exists()
_UNANSWERED = (
    select(report_task.c.id, report_task.c.round_id, ownership.c.owner_id, ownership.c.substitute_id)
    .select_from(report_task)
    .join(placement, report_task.c.placement_id == placement.c.id)
    .join(ownership, placements.CURRENT_OWNER, isouter=True)
    .where(_without_report)
    .order_by(placement.c.case_reference, report_task.c.id)
)
_UNANSWERED_BETWEEN = Prepared(
    _UNANSWERED.where(
        report_task.c.round_id == bindparam("of_round"),
        report_task.c.placement_id > bindparam("after"),
        report_task.c.placement_id <= bindparam("last"),
    )
)
_UNANSWERED_THAT_MAY_BE_OF = Prepared(_UNANSWERED.where(_in_asking, placement.c.id.in_(placements.MAY_BE_OF)))
_ASKINGS = Prepared(
    select(asking, delivery.c.state)
    .join(report_task, asking.c.task_id == report_task.c.id)
    .join(delivery, asking.c.delivery_key == delivery.c.key, isouter=True)
    .where(
        asking.c.person_id == bindparam("who"),
        report_task.c.round_id == bindparam("of_round"),
        func.coalesce(delivery.c.state, "") != "cancelled",
    )
)
_LAST_SNOOZE = Prepared(
    select(snooze.c.id, snooze.c.until)
    .where(
        snooze.c.round_id == bindparam("of_round"),
        snooze.c.person_id == bindparam("who"),
        snooze.c.cancelled_at.is_(None),
    )
    .order_by(snooze.c.id.desc())
    .limit(1)
)
_IN_ROUNDS = _TASKS.where(report_task.c.round_id.in_(bindparam("round_ids", expanding=True)))
# From the few owners who are named to their tasks; 0 is looked for among all, and only where there is any.
_UNANSWERED_OF = _IN_ROUNDS.where(_without_report, placements.OWNED_BY_THEM)
_UNANSWERED_OF_NOBODY = _IN_ROUNDS.where(_without_report, ownership.c.id.is_(None))
# From the few that a person may answer for to their tasks, not the other way round.
_MAY_BE_OF = Prepared(_TASKS.where(_in_asking, placement.c.id.in_(placements.MAY_BE_OF)))


def tasks(tx: Transaction, round_ids: Sequence[RoundId], day: date) -> list[Task]:
    """Every task of the rounds, its placement owned as on the day, in order of month and case reference.

    Without the names that owners give their placements: those are for the owner, and to open thousands takes long.
    """
    rows = tx.connection.execute(_IN_ROUNDS, {"round_ids": list(round_ids), "day": day})
    return [_task(row) for row in rows]


def unanswered_of(
    tx: Transaction, round_ids: Sequence[RoundId], owners: Collection[PersonId], day: date
) -> list[Task]:
    """Those of the rounds without a report whose placement one of the people owns on the day, or nobody for a 0."""
    values = {"round_ids": list(round_ids), "day": day}
    named = sorted({one for one in owners if one})
    rows = list(tx.connection.execute(_UNANSWERED_OF, {**values, "owners": named})) if named else []
    if 0 in owners:
        rows += tx.connection.execute(_UNANSWERED_OF_NOBODY, values)
    return [_task(row) for row in rows]


def tasks_that_may_be_of(tx: Transaction, person_id: PersonId, now: datetime, day: date) -> list[Task]:
    """Tasks of open rounds whose placement the person owns or has owned, or stands in for somebody with."""
    rows = _MAY_BE_OF.all(tx.connection, {"who": person_id, "now": now, "day": day})
    return [_task(row, tx.vault.open_some(row.alias)) for row in rows]


def unanswered_after(
    tx: Transaction, round_id: RoundId, day: date, after: int, most: int
) -> tuple[list[Any], int | None]:
    """Of so many of the round's tasks, by placement, those without a report: `id`, and `owner_id` and `substitute_id`.

    And the last placement looked at, None where there are no more of them.
    """
    last = tx.connection.scalar(_LAST_TASK, {"of_round": round_id, "after": after, "most": most})
    if last is None:
        return [], None
    values = {"of_round": round_id, "day": day, "after": after, "last": last}
    return _UNANSWERED_BETWEEN.all(tx.connection, values), last


def unanswered_that_may_be_of(tx: Transaction, person_id: PersonId, now: datetime, day: date) -> list[Any]:
    """Those of open rounds without a report, as `tasks_that_may_be_of`; with their round and nothing of the child."""
    return _UNANSWERED_THAT_MAY_BE_OF.all(tx.connection, {"who": person_id, "now": now, "day": day})


def askings(tx: Transaction, round_id: RoundId, person_id: PersonId) -> list[Asking]:
    """What the person was asked about; a prompt that was cancelled before it was said has asked nobody."""
    rows = _ASKINGS.all(tx.connection, {"of_round": round_id, "who": person_id})
    return [Asking(row.task_id, row.person_id, row.asked_at, row.state == "failed") for row in rows]


def prompts(tx: Transaction, round_id: RoundId, person_id: PersonId) -> int:
    """How many prompts of the round have been decided for the person."""
    return len(ledger.keys_starting(tx, f"{Prompt(round_id).key(person_id)}:"))


def told_ownerless(tx: Transaction, round_ids: Sequence[RoundId]) -> set[TaskId]:
    """The tasks that the managers have been told nobody answers for, unless that was cancelled before it was said."""
    of_rounds = or_(*(ledger.begins(Ownerless.keys_of(round_id)) for round_id in round_ids))
    query = select(delivery.c.kind, delivery.c.payload).where(of_rounds, delivery.c.state != "cancelled")
    told = [readable(row.kind, row.payload) for row in tx.connection.execute(query)]
    return {task_id for one in told if isinstance(one, Ownerless) for task_id in one.task_ids}


def record_asking(
    tx: Transaction, task_ids: Sequence[TaskId], person_id: PersonId, delivery_key: str, asked_at: datetime
) -> None:
    """Replaces what a cancelled prompt left about the same tasks."""
    rows = [
        {"task_id": task_id, "person_id": person_id, "delivery_key": delivery_key, "asked_at": asked_at}
        for task_id in task_ids
    ]
    tx.connection.execute(
        delete(asking).where(asking.c.person_id == person_id, asking.c.task_id.in_(task_ids))
    )
    tx.connection.execute(insert(asking), rows)


def record_snooze(
    tx: Transaction, person_id: PersonId, round_id: RoundId, until: datetime, now: datetime
) -> None:
    tx.connection.execute(
        insert(snooze).values(person_id=person_id, round_id=round_id, until=until, recorded_at=now)
    )


def cancel_snoozes(tx: Transaction, person_id: PersonId, now: datetime) -> None:
    """All of hers that are not over, in whichever round."""
    tx.connection.execute(
        update(snooze)
        .where(snooze.c.person_id == person_id, snooze.c.until > now, snooze.c.cancelled_at.is_(None))
        .values(cancelled_at=now)
    )


def last_snooze(tx: Transaction, round_id: RoundId, person_id: PersonId) -> tuple[int, datetime] | None:
    """The person's last one: its id, and until when."""
    row = _LAST_SNOOZE.first(tx.connection, {"of_round": round_id, "who": person_id})
    return None if row is None else (row.id, row.until)


def snoozes(tx: Transaction, round_id: RoundId) -> dict[PersonId, tuple[int, datetime]]:
    """For each person the last snooze: its id, and until when."""
    query = select(snooze).where(snooze.c.round_id == round_id, snooze.c.cancelled_at.is_(None))
    query = query.order_by(snooze.c.id)
    return {row.person_id: (row.id, row.until) for row in tx.connection.execute(query)}


def _round(row: Row[Any]) -> Round:
    return Round(row.id, row.month, row.opened_at, row.deadline, row.closes_at, row.asks, row.escalated_at)


def _task(row: Row[*tuple[Any, ...]], alias: str | None = None) -> Task:
    return Task(
        id=row.task_id,
        round_id=row.round_id,
        month=row.month,
        deadline=row.deadline,
        closes_at=row.closes_at,
        placement=placements.read(row, alias),
        version=row.version,
        by_statement=bool(row.by_statement),
    )
