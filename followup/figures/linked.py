"""Which counts of placements may be published beside each other: by form, by who runs the unit, by provider's size."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf

from followup.figures.choosing import yearly
from followup.figures.counting import grouped
from followup.figures.disclosure import Cell, Known, keeps_small_units
from followup.figures.facts import Asked, Facts, Stay
from followup.figures.ladder import LADDERS, Behind, first_step, rows_of
from followup.figures.published import Limits
from followup.provider import Unit
from followup.signals.signal import Signal

CLASSES: tuple[tuple[int, float], ...] = ((1, 9), (10, 19), (20, 49), (50, 99), (100, inf))
PRIVATE = "privat"


@dataclass(frozen=True)
class Linked:
    """Two tables' steps, None for the sum alone; whether providers get their size, and the selection its share."""

    forms: int | None = None
    ownerships: int | None = None
    classes: bool = False
    covered: bool = False


@dataclass(frozen=True)
class Counted:
    """The year's placements and reports, of the placements in the period."""

    facts: Facts

    @cached_property
    def unit_of(self) -> dict[int, Unit]:
        return self.facts.unit_of

    @cached_property
    def due(self) -> list[Asked]:
        known = {(stay.child, stay.unit_id) for stay in self.facts.stays}
        return [one for one in self.facts.due if (one.child, one.unit_id) in known]

    @cached_property
    def children(self) -> frozenset[str]:
        return frozenset(stay.child for stay in self.facts.stays)

    @cached_property
    def of_unit(self) -> dict[int, list[Stay]]:
        """The placements of each unit that had any."""
        return dict(grouped(self.facts.stays, lambda stay: stay.unit_id))

    @cached_property
    def due_of_unit(self) -> Mapping[int, list[Asked]]:
        return grouped(self.due, lambda asked: asked.unit_id)

    @cached_property
    def signals_of_unit(self) -> Mapping[int, list[Signal]]:
        return grouped(self.facts.signals, lambda signal: signal.unit_id)

    def behind(self, table: str) -> Behind:
        """By form or by who runs the unit."""
        kind = "form" if table == "forms" else "ownership"
        found = grouped(self.facts.stays, lambda stay: str(getattr(self.unit_of[stay.unit_id], kind)))
        return {category: frozenset(stay.child for stay in stays) for category, stays in found.items()}


def linked(counted: Counted, limits: Limits) -> Linked | None:
    """The finest that leaves every small unit at least three values; None where not even the sums do."""
    if len(counted.children) < limits.few:
        return None
    fits = (one for one in _tries(counted, limits) if _is_safe(counted, one, limits.few))
    found = next(fits, None)
    if found is None:
        return None
    with_share = Linked(found.forms, found.ownerships, found.classes, covered=True)
    told = limits.step("tracks") == 0 and yearly(counted.facts) is not None
    return with_share if told and _is_safe(counted, with_share, limits.few) else found


def _tries(counted: Counted, limits: Limits) -> Iterator[Linked]:
    forms, ownerships = (_step(counted, table, limits) for table in ("forms", "ownerships"))
    if limits.step("private_providers") == 0:
        yield Linked(forms, ownerships, classes=True)
    yield Linked(forms, ownerships)
    yield Linked(forms=forms)
    yield Linked(ownerships=ownerships)
    yield Linked()


def _step(counted: Counted, table: str, limits: Limits) -> int | None:
    ladder = LADDERS[table]
    step = first_step(ladder, [counted.behind(table)], limits.few, limits.step(table))
    return step if step < len(ladder) else None


def _is_safe(counted: Counted, one: Linked, few: int) -> bool:
    chosen = _chosen(counted.facts) if one.covered else set()
    alike = grouped(
        (counted.unit_of[unit_id] for unit_id in counted.of_unit),
        lambda unit: (unit.provider_name, unit.form, unit.ownership, unit.key in chosen),
    )
    cells = [_cell(counted, units, few) for units in alike.values()]
    known = [Known(range(len(cells)))]
    keys = list(alike)
    for place, step, ladder in ((1, one.forms, "forms"), (2, one.ownerships, "ownerships")):
        if step is not None:
            present = {str(key[place]): frozenset[str]() for key in keys}
            for categories in rows_of(LADDERS[ladder][step], present).values():
                known.append(Known([at for at, key in enumerate(keys) if key[place] in categories]))
    if one.classes:
        known += _classes(keys, cells)
    if one.covered:
        known.append(Known([at for at, key in enumerate(keys) if key[3]], placements_only=True))
    return keeps_small_units(cells, [each for each in known if each.cells])


def _chosen(facts: Facts) -> set[str]:
    found = yearly(facts)
    return {one.unit for one in found.chosen} if found else set()


def _cell(counted: Counted, units: list[Unit], few: int) -> Cell:
    stays = [counted.of_unit[unit.id] for unit in units]
    asked = [one for unit in units for one in counted.due_of_unit[unit.id]]
    return Cell(
        listed=len(units),
        small=any(len({stay.child for stay in of_unit}) < few for of_unit in stays),
        sums=(sum(map(len, stays)), len(asked), sum(one.came for one in asked)),
    )


def _classes(keys: list[tuple[str, str, str, bool]], cells: list[Cell]) -> list[Known]:
    """Of each private provider, within which limits its placements are."""
    of_provider = grouped(range(len(keys)), lambda at: keys[at][0] if keys[at][2] == PRIVATE else None)
    return [
        Known(places, limits=size_class(sum(cells[at].sums[0] for at in places)))
        for provider, places in of_provider.items()
        if provider is not None
    ]


def size_class(placements: int) -> tuple[int, float]:
    return next(one for one in CLASSES if one[0] <= placements <= one[1])
