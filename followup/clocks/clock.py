"""A clock as one row: what starts it, how long it runs, what ends it, and where it stands (law-and-facts F6 and F9)."""

from dataclasses import dataclass
from typing import Literal

from followup.terms import Term

# What a clock's time is counted from.
Start = Literal[
    "care",
    "placement",
    "executed",
    "home",
    "investigation",
    "birth",
    "care_plan",
    "treatment_plan",
    "end",
    "asked_end",
    "move",
]
# Those that a placement has once it has ended.
AFTER_THE_END: frozenset[Start] = frozenset({"end", "asked_end", "move"})
# What says that it is done: a meeting with its day and who decided, a day alone, a plan that has been read through,
# a closing report, a signal that the child was moved, or nothing but the register's own fact.
Ending = Literal["meeting", "day", "checklist", "closing", "signal", "register"]
# A fact of the register in the presence of which the clock does not run.
Relief = Literal["special_reasons", "call_off", "individual", "deviation", "treatment_plan"]
REMIND_DAYS = (45, 14, 0)
CONTRACT_REMIND_DAYS = (90, 30, 0)


@dataclass(frozen=True, kw_only=True)
class LawClock(Term):
    """`months` is its first time and `then` each later one, counted from the day on which it was done last.

    `grounds` and `forms` are those that it stands in, every one where none is named; `until_age` is the birthday from
    which it runs no more. What was done more than `window` months before the first time is over does not count for it,
    and `counts` names other clocks whose meetings do. `law` is its rule in `followup.wording.law`: without one
    the time is the municipality's own routine.
    """

    starts: Start
    months: int
    then: int | None = None
    ends: Ending = "day"
    unless: Relief | None = None
    grounds: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    until_age: int | None = None
    window: int | None = None
    counts: frozenset[str] = frozenset()
    law: str = ""
    remind: tuple[int, ...] = REMIND_DAYS

    @property
    def after_the_end(self) -> bool:
        return self.starts in AFTER_THE_END

    def stands_in(self, grounds: frozenset[str], forms: frozenset[str]) -> bool:
        """In a placement of these: a term of the municipality's own is itself and what it corresponds to."""
        return (not self.grounds or bool(grounds & self.grounds)) and (
            not self.forms or bool(forms & self.forms)
        )
