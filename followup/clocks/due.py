"""When each clock of a placement is to be done at latest, and what of it was done in time; without any today."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from followup import PlacementId
from followup.clocks.clock import LawClock
from followup.clocks.facts import ONE_DAY, ClockFacts
from followup.clocks.rows import CARE_PLAN_CHECK, CLOCKS, TREATMENT_PLAN_CHECK
from followup.times.spans import months_after, turns

_CHECKED_PLAN = {CARE_PLAN_CHECK: "care_plan", TREATMENT_PLAN_CHECK: "treatment_plan"}
# How long it stays on the list that a follow-up after the end was missed: by then it may no longer be made.
MISSED_FOR = 6
_FOLLOW_UP = "treatment_plan_follow_up"


@dataclass(frozen=True)
class ClockDue:
    """One time of a clock: from when it is counted, the last day, and when it was done; open from `runs` to `until`.

    `known` is whether it can be told that it was done in time: of a last day that had passed before the placement was
    in the register here, all that is known is what was done last.
    """

    clock: LawClock
    placement_id: PlacementId
    since: date
    due: date
    runs: date
    until: date
    done: date | None = None
    assumed: bool = False
    known: bool = True

    def open_on(self, day: date) -> bool:
        """Not of a placement that is only planned, nor of one that has ended."""
        return self.done is None and self.runs <= day <= self.until

    def overdue(self, day: date) -> bool:
        return self.open_on(day) and self.due < day

    def overdue_then(self, day: date) -> bool:
        """Whether it was overdue on an earlier day, as it is known now."""
        waited = self.done is None or self.done > day
        return waited and self.due < day and self.runs <= day <= self.until

    @property
    def in_time(self) -> bool:
        return self.done is not None and self.done <= self.due

    def reminder(self, seen_until: date) -> int | None:
        """The last reminder that is due by the day, in days before the last day; None before the first."""
        return reminder_reached(self.due, self.clock.remind, seen_until)


def reminder_reached(due: date, remind: Iterable[int], seen_until: date) -> int | None:
    """The last of the reminders, in days before the last day, that has come by the day."""
    return min((days for days in remind if due - timedelta(days=days) <= seen_until), default=None)


def times_of(facts: ClockFacts, clocks: Iterable[LawClock]) -> list[ClockDue]:
    """Every time of every clock that the placement has, done or not, in order of their last days."""
    [found] = times_of_each([facts], clocks)
    return found


def times_of_each(each: Iterable[ClockFacts], clocks: Iterable[LawClock]) -> Iterator[list[ClockDue]]:
    """The same of many placements, of whose kinds there are few: which clocks run in one is looked up once."""
    every, standing = list(clocks), dict[tuple[frozenset[str], frozenset[str]], list[LawClock]]()
    for facts in each:
        kind = (facts.stay.grounds, facts.stay.forms)
        if kind not in standing:
            standing[kind] = [one for one in every if one.stands_in(*kind)]
        found = chain.from_iterable(_times(facts, clock) for clock in standing[kind])
        yield sorted(found, key=lambda one: (one.due, one.clock.code))


def due_between(times: Iterable[ClockDue], first: date, last: date) -> list[ClockDue]:
    """Those whose last day fell within the days while the placement was open, done or not.

    What the register alone says is left out: it is never said when that was done.
    """
    return [
        one
        for one in times
        if one.clock.ends != "register" and first <= one.due <= last and one.runs <= one.due <= one.until
    ]


def _times(facts: ClockFacts, clock: LawClock) -> Iterator[ClockDue]:
    stay, start = facts.stay, facts.start(clock.starts)
    if start is None:
        return
    if clock.unless is not None and clock.unless in stay.reliefs:
        return
    runs, until = _span(facts, clock)
    if runs > until:
        return
    if clock.valid_from and clock.code not in CLOCKS:
        # A duty that is new counts from the day on which it came.
        start = max(start, clock.valid_from)
    for since, due, done in _one_after_another(facts, clock, start):
        # The row that held when the time began says how long it is, so that no time moves while it runs.
        if clock.starts == "birth" or clock.valid_on(since):
            assumed = facts.assumed(clock.starts) and since == start
            known = stay.registered_on <= due
            yield ClockDue(clock, stay.placement_id, since, due, runs, until, done, assumed, known)


def _span(facts: ClockFacts, clock: LawClock) -> tuple[date, date]:
    """The days on which the clock may be open in this placement."""
    stay = facts.stay
    if clock.after_the_end:
        assert stay.ends is not None
        return stay.ends + ONE_DAY, months_after(stay.ends, clock.months + MISSED_FOR)
    last_of_childhood = (
        turns(stay.born, clock.until_age) - ONE_DAY if clock.until_age and stay.born else date.max
    )
    return stay.starts, min(stay.ends or date.max, last_of_childhood)


def _one_after_another(
    facts: ClockFacts, clock: LawClock, start: date
) -> Iterator[tuple[date, date, date | None]]:
    due, months = _first_due(facts, clock, start), clock.then
    since: date = start
    earliest = months_after(due, -clock.window) if clock.window is not None else start
    for day in _done(facts, clock):
        if day < max(earliest, since):
            continue
        yield since, due, day
        if months is None:
            return
        since, due = day, months_after(day, months)
        earliest = since
    yield since, due, None


def _first_due(facts: ClockFacts, clock: LawClock, start: date) -> date:
    if clock.starts == "birth":
        return turns(start, clock.months // 12)
    planned = facts.stay.treatment_plan_review_on
    if clock.code == _FOLLOW_UP and planned is not None and planned > start:
        # The plan says itself when it is followed up.
        return planned
    return months_after(start, clock.months)


def _done(facts: ClockFacts, clock: LawClock) -> Sequence[date]:
    """The days on which it was done, oldest first, each once."""
    if clock.ends in ("closing", "signal"):
        told = facts.stay.closed_on if clock.ends == "closing" else facts.stay.move_told_on
        # What was told beforehand counts from the end.
        return [max(told, facts.stay.ends or told)] if told else []
    if clock.ends == "checklist":
        read_through = facts.checked.get(_CHECKED_PLAN[clock.code], {})
        start = facts.start(clock.starts)
        return [day for plan_on, day in read_through.items() if plan_on == start]
    days = {day for code in (clock.code, *clock.counts) for day in facts.done.get(code, ())}
    if clock.code == "care_plan_revision" and facts.stay.care_plan_on:
        days.add(facts.stay.care_plan_on)
    return sorted(days)
