"""The year's facts of each part of the municipality's own division, and which of them may have a report of their own.

What the whole report tells less what the told parts do is what is left: it must not be about too few either.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from followup import UnitId
from followup.figures.counting import in_order
from followup.figures.year_facts import YearFacts
from followup.wording.secrecy import FEW

# What is not of single units, so that no part has it: a table of them is of the whole municipality.
OF_THE_WHOLE = frozenset(
    {
        "selection",
        "selected",
        "selection_changes",
        "tracks",
        "clocks",
        "notified",
        "hit_share",
        "band_verdicts",
        "tested_bands",
        "tested_agreement",
        "tested_tracks",
        "alerts_by_year",
    }
)


@dataclass(frozen=True)
class Division:
    """A part of the municipality (verksamhetsområde) with the facts of its units alone."""

    name: str
    facts: YearFacts

    @property
    def children(self) -> frozenset[str]:
        return frozenset(stay.child for stay in self.facts.stays)


@dataclass(frozen=True)
class Divided:
    """`withheld` are the names of those without a report, `without` the units that are of no part."""

    told: tuple[Division, ...]
    withheld: tuple[str, ...]
    without: tuple[str, ...]


def divided(facts: YearFacts, division_of: Mapping[str, str]) -> Divided:
    """By the unit's code which part it is of; fewest children first are kept back until what is left is not few."""
    names = sorted({division_of[one.key] for one in facts.units if one.key in division_of}, key=in_order)
    parts = [_division(facts, division_of, name) for name in names]
    rest = _division(facts, {one.key: division_of.get(one.key, "") for one in facts.units}, "")
    told = sorted((one for one in parts if len(one.children) >= FEW), key=lambda one: len(one.children))
    kept = [one for one in parts if len(one.children) < FEW]
    while told and 0 < len(_children(rest, *kept)) < FEW:
        kept.append(told.pop(0))
    withheld = {one.name for one in kept}
    return Divided(
        tuple(one for one in parts if one.name not in withheld),
        tuple(one.name for one in parts if one.name in withheld),
        tuple(one.name for one in rest.facts.units),
    )


def _children(*parts: Division) -> set[str]:
    return {child for one in parts for child in one.children}


def _division(facts: YearFacts, division_of: Mapping[str, str], name: str) -> Division:
    ids = {one.id for one in facts.units if division_of.get(one.key) == name}
    return Division(name, of_units(facts, frozenset(ids)))


def of_units(facts: YearFacts, ids: frozenset[UnitId]) -> YearFacts:
    """Nothing of what is told of the whole: it has no unit, and would be counted to each part."""
    return replace(
        facts,
        units=tuple(one for one in facts.units if one.id in ids),
        contracts=tuple(one for one in facts.contracts if one.unit_id in ids),
        stays=tuple(one for one in facts.stays if one.unit_id in ids),
        asked=tuple(one for one in facts.asked if one.unit_id in ids),
        signals=tuple(one for one in facts.signals if one.unit_id in ids),
        month_ends=tuple(one for one in facts.month_ends if one.unit_id in ids),
        alerts=tuple(one for one in facts.alerts if one.unit_id in ids),
        follow_ups=tuple(one for one in facts.follow_ups if one.follow_up.unit_id in ids),
        events=tuple(one for one in facts.events if one.unit_id in ids),
        notified=(),
        selections=(),
        clocks=(),
        recommendations=None,
        history=type(facts.history)(),
    )
