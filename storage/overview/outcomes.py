"""How placements ended, by unit: what waits to be a group, the groups that have been made, and who knows of whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, insert, or_, select

from followup import PersonId, UnitId
from followup.access.outcomes import OutcomeGroup, PlacementEnd
from followup.wording.secrecy import FEW
from storage.engine.clock_tables import outcome_end, outcome_group
from storage.engine.columns import Instant
from storage.engine.database import Transaction
from storage.engine.newest import newest_version
from storage.engine.tables import closing_report, ownership, placement

_by = closing_report.alias("told_by")
_COUNTED = select(outcome_end.c.placement_id).where(outcome_end.c.placement_id == placement.c.id)
# What the newest version says, where it is of the end that the register has and was told before the moment.
_WAITING = (
    select(placement.c.unit_id, placement.c.id, placement.c.case_reference, closing_report.c.answers)
    .join(closing_report, closing_report.c.placement_id == placement.c.id)
    .where(
        closing_report.c.ended_on == placement.c.ends,
        closing_report.c.version == newest_version(closing_report.c.placement_id, placement.c.id),
        # What a file tells of was told on its own day, long before it was read in.
        closing_report.c.known_at < bindparam("before", type_=Instant),
        ~_COUNTED.exists(),
    )
)
_waiting = _WAITING.subquery("waiting")
_UNITS = (
    select(_waiting.c.unit_id)
    .where(_waiting.c.unit_id > bindparam("after"), _waiting.c.unit_id <= bindparam("last"))
    .group_by(_waiting.c.unit_id)
    .having(func.count(_waiting.c.case_reference.distinct()) >= FEW)
    .order_by(_waiting.c.unit_id)
)
_OF_UNIT = _WAITING.where(placement.c.unit_id == bindparam("unit_id"))
# Who has owned a placement, stood in for its owner or told of its end knows how it went.
_OWN = (
    select(placement.c.id, placement.c.case_reference, closing_report.c.answers)
    .join(outcome_end, outcome_end.c.placement_id == placement.c.id)
    .join(closing_report, closing_report.c.placement_id == placement.c.id)
    .where(
        outcome_end.c.group_id == bindparam("group_id"),
        closing_report.c.version == newest_version(closing_report.c.placement_id, placement.c.id),
        or_(
            placement.c.id.in_(
                select(ownership.c.placement_id).where(
                    or_(
                        ownership.c.owner_id == bindparam("who"),
                        ownership.c.substitute_id == bindparam("who"),
                    )
                )
            ),
            placement.c.id.in_(select(_by.c.placement_id).where(_by.c.author_id == bindparam("who"))),
        ),
    )
)
_NEWEST = (
    select(outcome_group)
    .where(outcome_group.c.unit_id == bindparam("unit_id"))
    .order_by(outcome_group.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True)
class StoredGroup:
    """`until` is the last day on which what it says was told."""

    id: int
    until: date
    group: OutcomeGroup


def units_waiting(tx: Transaction, before: datetime, after: UnitId, last: UnitId) -> Sequence[UnitId]:
    """Of those after the one and up to the other, which have enough children whose ends were told before the moment.

    What is in a group is not told of again.
    """
    return tx.connection.scalars(_UNITS, {"before": before, "after": after, "last": last}).all()


def waiting(tx: Transaction, unit_id: UnitId, before: datetime) -> list[PlacementEnd]:
    rows = tx.connection.execute(_OF_UNIT, {"unit_id": unit_id, "before": before})
    return [PlacementEnd(row.id, row.case_reference, row.answers) for row in rows]


def store(
    tx: Transaction,
    unit_id: UnitId,
    until: date,
    group: OutcomeGroup,
    ends: Sequence[PlacementEnd],
    now: datetime,
) -> None:
    """The group and which placements it is of, for ever."""
    values = {"unit_id": unit_id, "until": until, "children": group.children, "so": dict(group.so)}
    new = insert(outcome_group).values(**values, made_at=now).returning(outcome_group.c.id)
    group_id = tx.connection.execute(new).scalar_one()
    rows = [{"placement_id": end.placement_id, "group_id": group_id} for end in ends]
    tx.connection.execute(insert(outcome_end), rows)


def newest(tx: Transaction, unit_id: UnitId) -> StoredGroup | None:
    row = tx.connection.execute(_NEWEST, {"unit_id": unit_id}).one_or_none()
    return None if row is None else StoredGroup(row.id, row.until, OutcomeGroup(row.children, row.so))


def known_to(tx: Transaction, group_id: int, person_id: PersonId) -> list[PlacementEnd]:
    """The ends in the group of children whom the person knows of."""
    rows = tx.connection.execute(_OWN, {"group_id": group_id, "who": person_id})
    return [PlacementEnd(row.id, row.case_reference, row.answers) for row in rows]
