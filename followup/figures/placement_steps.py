"""The counts of placements that are published beside each other, and what they are counted from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Literal

from followup import UnitId
from followup.figures.counting import grouped
from followup.figures.ladder import LADDERS, Behind
from followup.figures.year_facts import Asked, YearFacts, YearPlacement
from followup.provider import Unit
from followup.signals.signal import Signal

CLASSES: tuple[tuple[int, float], ...] = ((1, 9), (10, 19), (20, 49), (50, 99), (100, inf))
PRIVATE = "private"
Parted = Literal["forms", "ownerships", "contracts"]
TABLES: tuple[Parted, ...] = ("forms", "ownerships", "contracts")


@dataclass(frozen=True)
class PlacementSteps:
    """Three tables' steps, the ladder's end for the sum alone; whether providers get their size.

    With `framework` the rows by form and by who runs the unit have the part that is on a framework contract; with
    `covered` the selection has its share of the placements.
    """

    forms: int = len(LADDERS["forms"])
    ownerships: int = len(LADDERS["ownerships"])
    classes: bool = False
    contracts: int = len(LADDERS["contracts"])
    framework: bool = False
    covered: bool = False

    def step(self, table: Parted) -> int:
        found: int = getattr(self, table)
        return found

    def has_rows(self, table: Parted) -> bool:
        """And not the sum alone."""
        return self.step(table) < len(LADDERS[table])


@dataclass(frozen=True)
class YearCounts:
    """The year's placements and reports, of the placements in the period."""

    facts: YearFacts

    @cached_property
    def unit_of(self) -> dict[UnitId, Unit]:
        return self.facts.unit_of

    @cached_property
    def due(self) -> list[Asked]:
        known = {(stay.child, stay.unit_id) for stay in self.facts.stays}
        return [one for one in self.facts.due if (one.child, one.unit_id) in known]

    @cached_property
    def children(self) -> frozenset[str]:
        return frozenset(stay.child for stay in self.facts.stays)

    @cached_property
    def of_unit(self) -> dict[UnitId, list[YearPlacement]]:
        """The placements of each unit that had any."""
        return dict(grouped(self.facts.stays, lambda stay: stay.unit_id))

    @cached_property
    def due_of_unit(self) -> Mapping[UnitId, list[Asked]]:
        return grouped(self.due, lambda asked: asked.unit_id)

    @cached_property
    def signals_of_unit(self) -> Mapping[UnitId, list[Signal]]:
        return grouped(self.facts.signals, lambda signal: signal.unit_id)

    def category(self, table: Parted, stay: YearPlacement) -> str:
        """By form, by who runs the unit, or by how it is contracted."""
        if table == "contracts":
            return self.facts.contract_form(stay) or "unknown"
        unit = self.unit_of[stay.unit_id]
        return unit.public_form if table == "forms" else unit.ownership

    def behind(self, table: Parted) -> Behind:
        found = grouped(self.facts.stays, lambda stay: self.category(table, stay))
        return {category: frozenset(stay.child for stay in stays) for category, stays in found.items()}


def size_class(placements: int) -> tuple[int, float]:
    return next(one for one in CLASSES if one[0] <= placements <= one[1])
