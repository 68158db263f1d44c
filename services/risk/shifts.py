"""Which units would be shown in another band, had the method been another: today and at the month ends behind."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from followup import UnitId
from followup.provider import Unit
from followup.risk.bands import BandState, Judgement, judge, next_state
from followup.risk.inputs import Inputs
from followup.risk.risk import score
from followup.times.calendar import municipal_day
from followup.times.month import Month
from services.risk.evidence import TOGETHER
from storage.engine.database import Transaction
from storage.register import units
from storage.risk import risk_configs, scores

MONTHS_BACK = 24
# Some units' inputs on a day by the method that holds, and by the one that is tried.
Both = Callable[[Sequence[Unit], date], Iterable[tuple[Unit, Sequence[Inputs]]]]


@dataclass(frozen=True)
class Shift:
    """A unit whose shown band would be another on a day, had the change held all the time.

    `at_once` is what it is on the day that the change is adopted, since a band goes down only at month ends,
    and after so many calm `readings` in a row.
    """

    unit: Unit
    day: date
    before: Judgement
    after: Judgement
    at_once: Judgement
    readings: int

    @property
    def waits(self) -> bool:
        return _seen(self.at_once) != _seen(self.after)


@dataclass(frozen=True)
class Counted:
    """How many units are shown as red and as yellow today, and how often a unit's own level turned red in the months.

    Each time that it turns red, an alert is raised.
    """

    red: int
    yellow: int
    alerts: int


@dataclass(frozen=True)
class Shifts:
    """`month_ends` and `units` say how much was compared, `before` and `after` what either method counts."""

    today: tuple[Shift, ...]
    past: tuple[Shift, ...]
    units: int
    month_ends: int
    before: Counted
    after: Counted


@dataclass(frozen=True)
class _Step:
    """`reddened` is whether the unit's own level turned red with the reading, by either method."""

    shift: Shift
    month_end: bool
    reddened: tuple[bool, bool]

    @property
    def differs(self) -> bool:
        return _seen(self.shift.before) != _seen(self.shift.after)


def _seen(judgement: Judgement) -> tuple[str, bool]:
    """What a reader sees: the band, and for green whether the evidence is enough to call it that."""
    return judgement.band, judgement.enough or judgement.band != "green"


def compare(tx: Transaction, both: Both, now: datetime) -> Shifts:
    """Scores the stored evidence anew by both, today and at every month's end of 24 months."""
    followed, today = units.followed_units(tx), municipal_day(now)
    ordered, walks = sorted(followed, key=lambda one: one.id), dict[UnitId, list[_Step]]()
    for at in range(0, len(ordered), TOGETHER):
        walks |= _walk_some(tx, ordered[at : at + TOGETHER], both, today)
    steps = [step for unit in followed for step in walks[unit.id]]
    ends = [step for step in steps if step.month_end]
    of_today = [step.shift for step in steps if step.shift.day == today and not step.month_end]
    return Shifts(
        today=tuple(step.shift for step in steps if step.shift.day == today and step.differs),
        past=tuple(step.shift for step in ends if step.differs),
        units=len(followed),
        month_ends=len({step.shift.day for step in ends}),
        before=counted([one.before for one in of_today], sum(step.reddened[0] for step in steps)),
        after=counted([one.after for one in of_today], sum(step.reddened[1] for step in steps)),
    )


def counted(shown: Iterable[Judgement], alerts: int) -> Counted:
    bands = Counter(one.band for one in shown)
    return Counted(bands["red"], bands["yellow"], alerts)


def _walk_some(
    tx: Transaction, some: Sequence[Unit], both: Both, today: date
) -> Mapping[UnitId, list[_Step]]:
    """What they are read on is read of all of them together, day by day."""
    first = Month.of(today).plus(-MONTHS_BACK).first
    days = {unit.id: [*_days(tx, unit, first, today), (today, False)] for unit in some}
    on_day: dict[date, list[Unit]] = {}
    for unit in some:
        for day in {day for day, _ in days[unit.id]}:
            on_day.setdefault(day, []).append(unit)
    read = {(unit.id, day): inputs for day, those in on_day.items() for unit, inputs in both(those, day)}
    walks: dict[UnitId, list[_Step]] = {}
    for unit in some:
        earlier = scores.latest_month_end(tx, unit.id, first - timedelta(days=1))
        readings = ((day, month_end, read[unit.id, day]) for day, month_end in days[unit.id])
        walks[unit.id] = list(_walk(unit, earlier.state if earlier else BandState(), readings))
    return walks


def _walk(
    unit: Unit, began: BandState, readings: Iterable[tuple[date, bool, Sequence[Inputs]]]
) -> Iterator[_Step]:
    """The unit's readings in order by either, from the band that it had before them."""
    before = after = began
    for day, month_end, (old, new) in readings:
        level, tried = score(old).level, score(new).level
        at_once = next_state(before, tried, month_end, new.config)
        was = before, after
        before = next_state(before, level, month_end, old.config)
        after = next_state(after, tried, month_end, new.config)
        bands = judge(old, before.band), judge(new, after.band), judge(new, at_once.band)
        reddened = _reddened(was[0], before), _reddened(was[1], after)
        yield _Step(Shift(unit, day, *bands, int(new.config.calm_readings)), month_end, reddened)


def _reddened(was: BandState, now: BandState) -> bool:
    return now.band == "red" != was.band


def _days(tx: Transaction, unit: Unit, first: date, today: date) -> list[tuple[date, bool]]:
    """Every month's end that was read, and between them the month's highest reading: a band rises at once."""
    found = risk_configs.reading_days(tx, unit.id, first, today - timedelta(days=1))
    highest: dict[Month, risk_configs.ReadingDay] = {}
    for one in found:
        if not one.month_end:
            month = Month.of(one.as_of)
            highest[month] = max(highest.get(month, one), one, key=lambda each: each.index)
    ends = [(one.as_of, True) for one in found if one.month_end]
    return sorted([*ends, *((one.as_of, False) for one in highest.values())])
