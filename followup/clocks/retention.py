"""When what the bot holds of a child may be deleted (law-and-facts F12), by the municipality's own plan."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self

from followup.clocks.retention_classes import LONGEST_TERM, ClassTerm
from followup.times.spans import months_after

# Born on these days of a month a person is never deleted, for research.
KEPT_BIRTH_DAYS = frozenset({5, 15, 25})
# Östergötland, Gotland and Västernorrland by the first digits of their municipalities' codes, and Göteborg.
KEPT_COUNTIES = frozenset({"05", "09", "22"})
KEPT_MUNICIPALITIES = frozenset({"1480"})
# What is no care outside of the child's own home; every other form is, one that only a municipality's file has too.
AT_HOME = frozenset({"oppenvard"})
FIVE_YEARS = 60
# A year's report shows the year before it too, and what weighs in a score is younger still.
SHORTEST_COPY = 24


class Exemption(StrEnum):
    """Why the child's documents are to be kept for ever, in the personal file: the values are how they are stored."""

    PLACED = "placed"
    BIRTH_DAY = "birth_day"
    BIRTH_UNKNOWN = "birth_unknown"
    REGION = "region"


class Hold(StrEnum):
    """Why the bot's copy is not to be deleted yet."""

    OPEN = "open"  # A placement goes on, or is to begin.
    EARLY = "early"  # The plan's time has not passed since the last entry.
    IN_HAND = (
        "in_hand"  # An alert that the child gave rise to is not closed, or a signal about it not decided.
    )
    NOT_EXPORTED = "not_exported"  # The personal file has never been given it.
    CHANGED = "changed"  # Something is new since it was.


@dataclass(frozen=True)
class RetentionPlan:
    """The municipality's dokumenthanteringsplan, as far as the bot goes by it.

    `source` names the plan and the decision on it, `copy_months` say how long the bot's copy is kept after the last
    entry when the personal file has it all, `law_months` how long what is to be kept nowhere is kept. `classes` are
    the terms of what is no child's; what has none is kept.
    """

    source: str
    municipality_code: str
    copy_months: int = SHORTEST_COPY
    law_months: int = FIVE_YEARS
    classes: tuple[ClassTerm, ...] = ()

    @classmethod
    def stored(cls, said: Mapping[str, Any]) -> Self:
        """As a decision has kept it, for the children; its classes stand with the decision, each by itself."""
        return cls(**{name: value for name, value in said.items() if name != "classes"})


@dataclass(frozen=True)
class ChildFacts:
    """`forms` are those of the placements that have begun, `last_on` is the day of the last entry."""

    forms: frozenset[str]
    born: date | None
    is_open: bool
    last_on: date
    exported: bool
    complete: bool
    in_hand: bool


def exemptions(child: ChildFacts, plan: RetentionPlan) -> tuple[Exemption, ...]:
    """What is not known counts as what is to be kept."""
    code = plan.municipality_code
    found = {
        Exemption.PLACED: bool(child.forms - AT_HOME),
        Exemption.BIRTH_DAY: child.born is not None and child.born.day in KEPT_BIRTH_DAYS,
        Exemption.BIRTH_UNKNOWN: child.born is None,
        Exemption.REGION: code in KEPT_MUNICIPALITIES or code[:2] in KEPT_COUNTIES,
    }
    return tuple(one for one, holds in found.items() if holds)


def due_on(child: ChildFacts, plan: RetentionPlan) -> date:
    """The first day on which the bot's copy may go."""
    kept = bool(exemptions(child, plan))
    return months_after(child.last_on, plan.copy_months if kept else plan.law_months)


def latest_on(child: ChildFacts, plan: RetentionPlan) -> date | None:
    """The last day on which it must be gone: the year after that in which it was due; None of what is kept for ever."""
    return None if exemptions(child, plan) else date(due_on(child, plan).year + 1, 12, 31)


def holds(child: ChildFacts, plan: RetentionPlan, today: date) -> tuple[Hold, ...]:
    """All that stands in the way; none where the copy may go."""
    return tuple(_holds(child, plan, today))


def _holds(child: ChildFacts, plan: RetentionPlan, today: date) -> Iterator[Hold]:
    if child.is_open:
        yield Hold.OPEN
    if today < due_on(child, plan):
        yield Hold.EARLY
    if child.in_hand:
        yield Hold.IN_HAND
    # What is to be kept nowhere need not be handed out; all else must stand in the personal file, whole.
    if exemptions(child, plan):
        if not child.exported:
            yield Hold.NOT_EXPORTED
        elif not child.complete:
            yield Hold.CHANGED


def problems_in(plan: RetentionPlan) -> Iterator[str]:
    """The names of what cannot be so in it."""
    if not plan.source.strip():
        yield "source"
    if not (
        plan.municipality_code.isascii()
        and plan.municipality_code.isdigit()
        and len(plan.municipality_code) == 4
    ):
        yield "municipality_code"
    if not SHORTEST_COPY <= plan.copy_months <= LONGEST_TERM:
        yield "copy_months"
    if not FIVE_YEARS <= plan.law_months <= LONGEST_TERM:
        yield "law_months"
    yield from (f"classes.{one.name}" for one in plan.classes if not one.is_possible)
