"""What the figures are counted from: what was known when the report was made, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from followup import PlacementId, UnitId
from followup.figures.period import Period
from followup.figures.recommendations import Recommendations
from followup.follow_ups.action import Action
from followup.follow_ups.follow_up import FollowUp, as_known_outside
from followup.follow_ups.unit_events import UnitEvent
from followup.placement import open_days
from followup.provider import Contract, Unit, contract_form
from followup.risk.bands import AlertKind, Band
from followup.selection.adjustment import Changes
from followup.selection.cycle import State
from followup.selection.selection import Chosen, Coverage, Reason
from followup.signals.signal import Signal
from followup.terms import Term
from followup.times.month import Month
from followup.wording.form import Answers
from followup.wording.wording import Wording


@dataclass(frozen=True)
class YearPlacement:
    """A placement; `child` only tells children apart and is never written anywhere."""

    id: PlacementId
    child: str
    unit_id: UnitId
    starts: date
    ends: date | None
    born: date | None
    contract_form: str | None
    papers: Mapping[str, str | None]
    legal_ground: Term | None = None

    def open_on(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or self.ends >= day)

    def days_in(self, first: date, last: date) -> int:
        return open_days(self.starts, self.ends, first, last)


@dataclass(frozen=True)
class Asked:
    """A monthly report that was asked for; `known_at` is None where it is not in, `first_at` its first version's."""

    month: Month
    unit_id: UnitId
    child: str
    team: str | None
    deadline: datetime
    first_at: datetime | None
    answers: Answers
    concern: bool

    @property
    def came(self) -> bool:
        return self.first_at is not None

    @property
    def in_time(self) -> bool:
        return self.first_at is not None and self.first_at <= self.deadline


@dataclass(frozen=True)
class MonthEnd:
    """A unit's standing reading at a month's end."""

    unit_id: UnitId
    month: Month
    shown: Band
    enough: bool


@dataclass(frozen=True)
class Raised:
    """An alert; the days when it was taken and closed."""

    unit_id: UnitId
    kind: AlertKind
    raised_at: datetime
    taken_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class FollowedUp:
    """A closed follow-up of any year: what chose the unit, the band shown before it was held, and the verdict."""

    tracks: frozenset[str]
    band: str | None
    verdict: str


@dataclass(frozen=True)
class YearAlert:
    """An alert of any year; `led` is that IVO was notified or a follow-up opened because of it."""

    year: int
    led: bool


@dataclass(frozen=True)
class AlertsAndFollowUps:
    """What the method is tested by, of all years; by year how many social `workers` had a placement."""

    tested: tuple[FollowedUp, ...] = ()
    alerted: tuple[YearAlert, ...] = ()
    workers: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Selection:
    """A selection of the year as it stood; `bands` and `placements` are the frame's, by the unit's key.

    `before` is what the selection that `changes` compares with is of, a year or a half of it; without changes
    `not_compared` says why there are none.
    """

    name: Wording
    yearly: bool
    half: int
    state: State
    frame_hash: str
    public_value: str | None
    chosen: tuple[Chosen, ...]
    coverage: Coverage
    bands: Mapping[str, str]
    placements: Mapping[str, int]
    changes: Changes | None
    before: Wording | int | None
    not_compared: Wording | None


@dataclass(frozen=True)
class YearFollowUp:
    """A follow-up with what chose the unit, its band in the frame, and what came of it; `decisions` are the board's.

    `diary_number` is what the matter is registered under, empty until it has been entered.
    """

    follow_up: FollowUp
    reasons: tuple[Reason, ...]
    band: str | None
    actions: tuple[Action, ...]
    decisions: tuple[tuple[str, date], ...]
    diary_number: str = ""


def _known_outside(one: YearFollowUp) -> YearFollowUp | None:
    known = as_known_outside(one.follow_up)
    if known is None or known == one.follow_up:
        return None if known is None else one
    return replace(one, follow_up=known, actions=(), decisions=(), diary_number="")


@dataclass(frozen=True)
class ClockTime:
    """One time of a clock whose last day was in the period, by the clock's code and word; nothing of the child.

    Only those of which it is known whether they were done in time.
    """

    code: str
    word: Wording
    in_time: bool


@dataclass(frozen=True)
class YearFacts:
    """Only followed units (R21), and of what happened only the period's; `clocks` are of the own homes' children too.

    `notified` are the decisions on whether to notify IVO, `small` the units that were small some day from the period's
    first to when the report was made. `recommendations` are a person's, and no figure is counted from them.
    """

    period: Period
    made_at: datetime
    units: tuple[Unit, ...]
    contracts: tuple[Contract, ...]
    stays: tuple[YearPlacement, ...]
    asked: tuple[Asked, ...]
    signals: tuple[Signal, ...]
    month_ends: tuple[MonthEnd, ...]
    alerts: tuple[Raised, ...]
    notified: tuple[bool, ...] = ()
    selections: tuple[Selection, ...] = ()
    follow_ups: tuple[YearFollowUp, ...] = ()
    events: tuple[UnitEvent, ...] = ()
    small: frozenset[UnitId] = frozenset()
    clocks: tuple[ClockTime, ...] = ()
    recommendations: Recommendations | None = None
    history: AlertsAndFollowUps = field(default_factory=AlertsAndFollowUps)

    @property
    def unit_of(self) -> dict[UnitId, Unit]:
        return {one.id: one for one in self.units}

    @property
    def unit_named(self) -> dict[str, Unit]:
        """By key."""
        return {one.key: one for one in self.units}

    @property
    def due(self) -> list[Asked]:
        """Those whose last day to answer has passed, and those already in."""
        return [one for one in self.asked if one.came or one.deadline < self.made_at]

    def outside_the_team(self) -> "YearFacts":
        """An unannounced visit that is not closed does not exist outside the quality team (R90)."""
        known = (_known_outside(one) for one in self.follow_ups)
        return replace(self, follow_ups=tuple(one for one in known if one is not None))

    def contract_form(self, stay: YearPlacement) -> str | None:
        """On the placement's last day in the period."""
        day = min(stay.ends or self.period.until, self.period.until)
        of_unit = [one for one in self.contracts if one.unit_id == stay.unit_id]
        return contract_form(self.unit_of[stay.unit_id].ownership, stay.contract_form, of_unit, day)
