"""The placements of the demo municipality: who lives where, from when to when."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from documents.demo.plan import ENDED, NOT_ASKED, OPEN, Child
from documents.demo.units import EMERGENCY, SUPPORTED, UNIT
from followup.times.month import Month

HISTORY = 24
_MOVE_TOLD_AS = {
    "quality": "omplacering kvalitet",
    "age": "omplacering annat",
    "planned": "omplacering annat",
}


@dataclass(frozen=True)
class DemoPlacement:
    """One placement; `moved_why` says why it ended when it ended in a move."""

    case: str
    unit: str
    worker: str
    born: date
    starts: date
    ends: date | None = None
    why: str = ""
    story: str = ""
    moved_why: str = ""

    def open_on(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or self.ends >= day)

    def months(self, asked: Month) -> range:
        """Months before the asked one that were open within the history, as numbers: 23 down to 0 at most."""
        first = min(Month.of(self.starts).until(asked), HISTORY - 1)
        last = max(Month.of(self.ends).until(asked), 0) if self.ends else 0
        return range(first, last - 1, -1)


def stays(rng: Random, today: date, asked: Month) -> list[DemoPlacement]:
    """Case references are numbered by the plan, so that a child keeps its number whatever day it is."""
    made: list[DemoPlacement] = []
    for number, child in enumerate((*OPEN, *NOT_ASKED, *ENDED), start=101):
        stay = _stay(rng, child, today, asked)
        before = _before_move(rng, child, stay)
        first = before or stay
        case = f"AKT-{first.starts:%y}-{number:04d}"
        made += [replace(part, case=case) for part in (before, stay) if part]
    return made


def _stay(rng: Random, child: Child, today: date, asked: Month) -> DemoPlacement:
    last = asked.plus(-(child.ended or 0))
    born = _born(rng, child, last)
    ends = _day(rng, last) if child.ended else None
    starts = _day(rng, last.plus(-(child.months or _length(rng, child))))
    if child.story == "new":
        starts = today.replace(day=1)
    return DemoPlacement("", child.unit, child.worker, born, starts, ends, child.why, child.story)


def _before_move(rng: Random, child: Child, stay: DemoPlacement) -> DemoPlacement | None:
    if not child.moved_from:
        return None
    starts = _day(rng, Month.of(stay.starts).plus(-rng.randint(6, 11)))
    ends = stay.starts - timedelta(days=1)
    why = _MOVE_TOLD_AS[child.moved_why]
    return replace(stay, unit=child.moved_from, starts=starts, ends=ends, why=why, moved_why=child.moved_why)


def _length(rng: Random, child: Child) -> int:
    """Mostly long; short in an emergency home, and nobody in supported housing came before the age of 16."""
    form = UNIT[child.unit].form
    if form == EMERGENCY:
        return rng.randint(4, 9)
    length = rng.randint(6, 11) if rng.random() < 0.2 else rng.randint(12, 40)
    return min(length, (child.age - 16) * 12) if form == SUPPORTED else length


def _born(rng: Random, child: Child, last: Month) -> date:
    """No birthday near the asked month, except for the one who turns 18 in it."""
    if child.story == "turns_18":
        return last.plus(-12 * 18).first + timedelta(days=13)
    return _day(rng, last.plus(-12 * child.age - rng.randint(1, 10)))


def _day(rng: Random, month: Month) -> date:
    return date(month.year, month.number, rng.randint(1, 28))
