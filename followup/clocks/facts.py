"""What the clocks are worked out from: one placement with what is known of the child's whole unbroken care."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from followup import PlacementId, UnitId
from followup.clocks.clock import Relief, Start
from followup.clocks.rows import FOLLOWED_UP_AFTER
from followup.terms import MOVED, NOT_MOVED
from followup.times.spans import turns

ONE_DAY = timedelta(days=1)
_CHILD = 18


@dataclass(frozen=True, kw_only=True)
class Stay:
    """One placement of a child as the register has it; `home` is the home's own code, where it has one.

    `grounds` and `forms` are its legal ground and form of care, each with the built-in one that it corresponds to.
    `asked` is whether it ended in a month that was asked about, or later; `closed_on` and `move_told_on` are the days
    on which its end and why the child was moved were told, and `registered_on` the day from which it is known here.
    """

    placement_id: PlacementId
    unit_id: UnitId
    forms: frozenset[str]
    grounds: frozenset[str]
    starts: date
    ends: date | None = None
    home: str | None = None
    executed_on: date | None = None
    born: date | None = None
    investigation_ended: date | None = None
    care_plan_on: date | None = None
    treatment_plan_on: date | None = None
    treatment_plan_review_on: date | None = None
    reliefs: frozenset[Relief] = frozenset()
    after_care: bool | None = None
    followed: bool = True
    end_reason: str | None = None
    asked: bool = False
    closed_on: date | None = None
    move_told_on: date | None = None
    registered_on: date = date.min

    @property
    def where(self) -> tuple[str, object]:
        """The home and not the consultancy; a unit is one home until its homes are told apart."""
        return ("home", self.home) if self.home else ("unit", self.unit_id)


@dataclass(frozen=True, kw_only=True)
class ClockFacts:
    """A stay, since when the care and the time in the same home go on unbroken, and what has been done by clock."""

    stay: Stay
    care_since: date
    home_since: date
    executed_on: date | None = None
    goes_on: bool = False
    moves: bool = False
    done: Mapping[str, Sequence[date]] = field(default_factory=dict)
    checked: Mapping[str, Mapping[date, date]] = field(default_factory=dict)

    def start(self, start: Start) -> date | None:
        """The day that a clock counts from; None where there is none, and then the clock does not run."""
        return self._starts[start]

    @cached_property
    def _starts(self) -> Mapping[Start, date | None]:
        """Worked out once: each of a placement's clocks asks."""
        stay = self.stay
        return {
            "care": self.care_since,
            "placement": stay.starts,
            # Without the day of execution the earliest that it can have been: no reminder comes too late for that.
            "executed": self.executed_on or self.care_since,
            "home": self.home_since,
            "investigation": stay.investigation_ended,
            "birth": stay.born,
            "care_plan": stay.care_plan_on,
            "treatment_plan": stay.treatment_plan_on,
            "end": stay.ends if self.followed_after else None,
            "asked_end": stay.ends if stay.asked else None,
            "move": stay.ends if stay.asked and self.moves else None,
        }

    def assumed(self, start: Start) -> bool:
        return start == "executed" and self.executed_on is None

    @property
    def followed_after(self) -> bool:
        """After LVU care of a child always, else where it has been decided; not while the care goes on elsewhere."""
        if self.stay.ends is None or self.goes_on:
            return False
        child = self.stay.born is None or self.stay.ends < turns(self.stay.born, _CHILD)
        return bool(self.stay.after_care) or (child and bool(self.stay.grounds & FOLLOWED_UP_AFTER))


def facts_of(
    stays: Sequence[Stay],
    done: Mapping[str, Sequence[date]],
    checked: Mapping[PlacementId, Mapping[str, Mapping[date, date]]],
) -> list[ClockFacts]:
    """Of all of one child's stays, in any order; `checked`: by stay and plan when the one of a day was read through."""
    ordered = sorted(stays, key=lambda one: (one.starts, one.placement_id))
    return [_facts(stay, ordered, done, checked.get(stay.placement_id, {})) for stay in ordered]


def _facts(
    stay: Stay,
    stays: Sequence[Stay],
    done: Mapping[str, Sequence[date]],
    checked: Mapping[str, Mapping[date, date]],
) -> ClockFacts:
    others = [one for one in stays if one is not stay]
    before = unbroken_before(stay, others)
    same_home = unbroken_before(stay, [one for one in others if one.where == stay.where])
    same_ground = unbroken_before(stay, [one for one in others if one.grounds & stay.grounds])
    executed = [one.executed_on for one in (stay, *reversed(same_ground)) if one.executed_on]
    return ClockFacts(
        stay=stay,
        care_since=min([stay.starts, *(one.starts for one in before)]),
        home_since=min([stay.starts, *(one.starts for one in same_home)]),
        executed_on=executed[0] if executed else None,
        goes_on=any(_follows(one, stay) for one in others),
        moves=_moves(stay, others),
        done=done,
        checked=checked,
    )


def _moves(stay: Stay, others: Iterable[Stay]) -> bool:
    """Whether it ended in a re-placement: by the register's word, or on to another unit where that says nothing."""
    if not stay.followed or stay.end_reason in NOT_MOVED:
        return False
    elsewhere = any(one.unit_id != stay.unit_id and _follows(one, stay) for one in others)
    return stay.end_reason in MOVED or elsewhere


def unbroken_before(stay: Stay, others: Sequence[Stay]) -> list[Stay]:
    """The stays that lead to this one without a day between them, oldest first."""
    chain: list[Stay] = []
    since = stay.starts
    for one in sorted(others, key=lambda other: other.starts, reverse=True):
        if one.starts <= since and (one.ends is None or one.ends + ONE_DAY >= since):
            chain.append(one)
            since = one.starts
    return chain[::-1]


def _follows(other: Stay, stay: Stay) -> bool:
    """Whether the care goes on there when the stay ends."""
    if stay.ends is None:
        return False
    return other.starts <= stay.ends + ONE_DAY and (other.ends is None or other.ends > stay.ends)
