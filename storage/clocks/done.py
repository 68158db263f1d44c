"""What was done of the clocks, by children's cases: each in versions, of which the newest is what holds."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select

from followup import PersonId, PlacementId
from followup.clocks.done import ClockDone
from storage.engine.clock_tables import clock_done, clock_seen, plan_check
from storage.engine.database import Transaction, insert_new
from storage.engine.tables import placement

_ALL = (
    select(clock_done, placement.c.case_reference, clock_seen.c.at.label("seen_at"))
    .join(placement, placement.c.id == clock_done.c.placement_id)
    .outerjoin(clock_seen, clock_seen.c.done_id == clock_done.c.id)
)
_OF_CASES = _ALL.where(placement.c.case_reference.in_(bindparam("cases", expanding=True))).order_by(
    clock_done.c.id
)
_CHECKS = (
    select(plan_check)
    .where(plan_check.c.placement_id.in_(bindparam("placement_ids", expanding=True)))
    .order_by(plan_check.c.id)
)


def of_cases(tx: Transaction, cases: Collection[str], known_until: datetime | None = None) -> list[ClockDone]:
    """The newest version of each, of those that were known by then; what was taken back is none."""
    newest: dict[tuple[PlacementId, str, int], ClockDone] = {}
    for row in tx.connection.execute(_OF_CASES, {"cases": list(cases)}):
        if known_until is None or row.recorded_at <= known_until:
            newest[row.placement_id, row.clock, row.number] = _done(row)
    return [one for one in newest.values() if not one.withdrawn]


def get(tx: Transaction, done_id: int) -> ClockDone | None:
    row = tx.connection.execute(_ALL.where(clock_done.c.id == done_id)).one_or_none()
    return None if row is None else _done(row)


def newest_of(tx: Transaction, one: ClockDone) -> ClockDone:
    """What is said of it now."""
    query = _ALL.where(
        clock_done.c.placement_id == one.placement_id,
        clock_done.c.clock == one.clock,
        clock_done.c.number == one.number,
    ).order_by(clock_done.c.version.desc())
    row = tx.connection.execute(query.limit(1)).one()
    return _done(row)


def record(
    tx: Transaction,
    placement_id: PlacementId,
    clock: str,
    done_on: date,
    body: str | None,
    author_id: PersonId,
    now: datetime,
) -> int:
    """A new one, as its first version; the id."""
    of_clock = select(clock_done.c.number).where(
        clock_done.c.placement_id == placement_id, clock_done.c.clock == clock
    )
    number = max(tx.connection.scalars(of_clock), default=0) + 1
    return _put(
        tx,
        placement_id=placement_id,
        clock=clock,
        number=number,
        version=1,
        done_on=done_on,
        body=body,
        withdrawn=False,
        author_id=author_id,
        recorded_at=now,
    )


def withdraw(tx: Transaction, one: ClockDone, author_id: PersonId, now: datetime) -> int:
    """A new version that takes it back; what was said stands beside it."""
    return _put(
        tx,
        placement_id=one.placement_id,
        clock=one.clock,
        number=one.number,
        version=one.version + 1,
        done_on=one.done_on,
        body=one.body,
        withdrawn=True,
        author_id=author_id,
        recorded_at=now,
    )


def _put(tx: Transaction, **values: object) -> int:
    new: int = tx.connection.execute(
        insert(clock_done).values(**values).returning(clock_done.c.id)
    ).scalar_one()
    return new


def see(tx: Transaction, done_id: int, person_id: PersonId, now: datetime) -> bool:
    """A manager has seen it; false where one has already."""
    return insert_new(tx, clock_seen, done_id=done_id, person_id=person_id, at=now)


def checks(
    tx: Transaction, placement_ids: Collection[PlacementId], known_until: datetime
) -> Mapping[PlacementId, Mapping[str, Mapping[date, datetime]]]:
    """By placement and plan: when the plan of each day was first read through."""
    found: defaultdict[PlacementId, defaultdict[str, dict[date, datetime]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for row in tx.connection.execute(_CHECKS, {"placement_ids": list(placement_ids)}):
        if row.recorded_at <= known_until:
            found[row.placement_id][row.plan].setdefault(row.plan_on, row.recorded_at)
    return found


def record_check(
    tx: Transaction,
    placement_id: PlacementId,
    plan: str,
    plan_on: date,
    answers: Mapping[str, str],
    author_id: PersonId,
    now: datetime,
) -> int:
    """The next version of what was answered about the plan of the day."""
    of_plan = select(plan_check.c.version).where(
        plan_check.c.placement_id == placement_id,
        plan_check.c.plan == plan,
        plan_check.c.plan_on == plan_on,
    )
    version = max(tx.connection.scalars(of_plan), default=0) + 1
    new: int = tx.connection.execute(
        insert(plan_check)
        .values(
            placement_id=placement_id,
            plan=plan,
            plan_on=plan_on,
            version=version,
            answers=dict(answers),
            author_id=author_id,
            recorded_at=now,
        )
        .returning(plan_check.c.id)
    ).scalar_one()
    return new


def _done(row: Row[Any]) -> ClockDone:
    return ClockDone(
        row.id,
        row.placement_id,
        row.case_reference,
        row.clock,
        row.number,
        row.version,
        row.done_on,
        row.body,
        row.withdrawn,
        row.author_id,
        row.recorded_at,
        row.seen_at,
    )
