"""What the lock of a selection opens: a follow-up of each unit in it, or the unit's open one joined to it."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from followup import PersonId, UnitId
from followup.follow_ups.follow_up import FollowUp
from followup.follow_ups.proposed_plan import proposed_days, proposed_owners
from followup.people import Role
from followup.selection.cycle import Cycle, part_of
from followup.times.calendar import municipal_day
from followup.times.deadlines import YearDates
from services.follow_ups.following_up import log_written, tell_owner
from storage.engine.database import Transaction
from storage.engine.locks import hold_follow_up, hold_unit
from storage.follow_ups import follow_ups
from storage.register import people


@dataclass(frozen=True)
class OpenedFollowUps:
    """As they were stored: `joined` were open already, and no selection had them."""

    opened: tuple[FollowUp, ...]
    joined: tuple[FollowUp, ...]

    @property
    def number_by_owner(self) -> Counter[PersonId]:
        return Counter(one.owner_id for one in (*self.opened, *self.joined) if one.owner_id)


def open_for_selection(
    tx: Transaction,
    cycle: Cycle,
    unit_ids: Iterable[UnitId],
    person_id: PersonId,
    now: datetime,
    dates: YearDates,
    by_risk: Collection[UnitId] = (),
) -> OpenedFollowUps:
    """Of each unit that has none in the selection yet; whoever is given one by another is told.

    `by_risk` are those of the units that risk chose.
    """
    has = {one.unit_id for one in follow_ups.of_cycle(tx, cycle.id)}
    wanted = [unit_id for unit_id in unit_ids if unit_id not in has]
    standing, open_by_owner = _standing(tx, wanted)
    for unit_id in sorted(wanted):
        hold_unit(tx, unit_id)
    team = [one.id for one in people.with_role(tx, Role.QUALITY)]
    needy = [one for one in wanted if one not in standing or standing[one].owner_id not in team]
    owners = dict(zip(needy, proposed_owners(len(needy), team, open_by_owner), strict=True))
    undated = [one for one in wanted if one not in standing or _is_undated(standing[one])]
    proposed = proposed_days(len(undated), municipal_day(now), dates, cycle.year, part_of(cycle.name))
    days = dict(zip(undated, proposed, strict=True))
    opened, joined = list[FollowUp](), list[FollowUp]()
    for unit_id in wanted:
        plan = _Plan(owners.get(unit_id), days.get(unit_id), unit_id in by_risk)
        if unit_id in standing:
            joined.append(_join(tx, cycle, standing[unit_id], plan, person_id, now))
        else:
            opened.append(_open(tx, cycle, unit_id, plan, person_id, now))
    for saved in (*opened, *joined):
        log_written(tx, saved, person_id, now)
        if saved.unit_id in owners:
            tell_owner(tx, saved, person_id, now)
    return OpenedFollowUps(tuple(opened), tuple(joined))


@dataclass(frozen=True)
class _Plan:
    """What is proposed for a unit that has no owner or no day, and whether risk chose it."""

    owner: PersonId | None
    day: date | None
    by_risk: bool


def _join(
    tx: Transaction, cycle: Cycle, one: FollowUp, plan: _Plan, person_id: PersonId, now: datetime
) -> FollowUp:
    """With the owner and the day that it has, where it has them."""
    changed = replace(one, owner_id=plan.owner or one.owner_id, planned_on=plan.day or one.planned_on)
    return follow_ups.join(tx, changed, cycle.id, person_id, now, by_risk=plan.by_risk)


def _open(
    tx: Transaction, cycle: Cycle, unit_id: UnitId, plan: _Plan, person_id: PersonId, now: datetime
) -> FollowUp:
    new = follow_ups.open_new(
        tx,
        unit_id,
        person_id,
        now,
        cycle_id=cycle.id,
        owner_id=plan.owner,
        planned_on=plan.day,
        by_risk=plan.by_risk,
    )
    # The cycle is held, and the unit had none in it.
    assert new is not None
    return new


def _standing(
    tx: Transaction, unit_ids: Sequence[UnitId]
) -> tuple[dict[UnitId, FollowUp], Counter[PersonId]]:
    """By unit the newest open one that no selection has, kept from all others; and how many each person has open."""
    every = follow_ups.open_ones(tx)
    found = {one.unit_id: one.id for one in every if one.cycle_id is None and one.unit_id in set(unit_ids)}
    for follow_up_id in sorted(found.values()):
        hold_follow_up(tx, follow_up_id)
    fresh = {unit_id: follow_ups.get(tx, one) for unit_id, one in found.items()}
    standing = {unit_id: one for unit_id, one in fresh.items() if one is not None and not one.closed}
    return standing, Counter(one.owner_id for one in every if one.owner_id)


def _is_undated(one: FollowUp) -> bool:
    return one.planned_on is None and one.held_on is None
