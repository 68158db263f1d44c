"""Which counts of placements may be published beside each other: the finest that leave small units unknown.

How placements are contracted is one of them, since it is no secret which contract a provider has.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from followup.figures.counting import grouped
from followup.figures.disclosure import Cell, Known, Left, keeps_small_units, unhurried
from followup.figures.ladder import LADDERS, first_step, rows_at, stands
from followup.figures.placement_steps import PRIVATE, TABLES, Parted, PlacementSteps, YearCounts, size_class
from followup.figures.published import Limits
from followup.figures.year_facts import YearPlacement
from followup.figures.year_selections import yearly
from followup.provider import FRAMEWORK, Unit

# The coarsest step by contract has the own regi among the others.
_OWN_AMONG_OTHERS = 2


class UnitTraits(NamedTuple):
    """All by which a reader tells units apart, first as TABLES; the contract where all its placements have the same."""

    form: str
    ownership: str
    contract: str | None
    provider: str
    is_chosen: bool


def finest_placement_steps(
    counted: YearCounts, limits: Limits, left: Left = unhurried
) -> PlacementSteps | None:
    """The finest that leave every small unit at least three values; None where not even the sums do."""
    if len(counted.children) < limits.few:
        return None

    def first_safe(tries: Iterable[PlacementSteps]) -> PlacementSteps | None:
        return next((one for one in tries if _is_safe(counted, one, limits.few, left)), None)

    found = first_safe(_tries(counted, limits))
    if found is None:
        return None
    found = first_safe(_with_contracts(counted, limits, found)) or found
    if limits.step("tracks") or yearly(counted.facts) is None:
        return found
    return first_safe([replace(found, covered=True)]) or found


def _tries(counted: YearCounts, limits: Limits) -> Iterator[PlacementSteps]:
    forms, ownerships = _step(counted, "forms", limits), _step(counted, "ownerships", limits)
    if limits.step("private_providers") == 0:
        yield PlacementSteps(forms, ownerships, classes=True)
    yield PlacementSteps(forms, ownerships)
    yield PlacementSteps(forms=forms)
    yield PlacementSteps(ownerships=ownerships)
    yield PlacementSteps()


def _step(counted: YearCounts, table: Parted, limits: Limits) -> int:
    return first_step(LADDERS[table], [counted.behind(table)], limits.few, limits.step(table))


def _with_contracts(counted: YearCounts, limits: Limits, found: PlacementSteps) -> Iterator[PlacementSteps]:
    """The own regi is a row here where it is one of those who run the units, and otherwise not."""
    ladder, behind = LADDERS["contracts"], counted.behind("contracts")
    is_own_told = found.ownerships == 0 and "in_house" in counted.behind("ownerships")
    allowed = range(len(ladder))
    if "in_house" in behind:
        allowed = range(_OWN_AMONG_OTHERS) if is_own_told else range(_OWN_AMONG_OTHERS, len(ladder))
    for step in allowed:
        if step >= limits.step("contracts") and stands(ladder[step], behind, limits.few):
            yield replace(found, contracts=step, framework=True)
            yield replace(found, contracts=step)


def _is_safe(counted: YearCounts, one: PlacementSteps, few: int, left: Left) -> bool:
    units = _alike(counted, one)
    cells, keys = [_cell(counted, of_cell, few) for of_cell in units.values()], list(units)
    known = [Known(range(len(cells)))]
    parted: Sequence[Parted] = ("forms", "ownerships")
    for table in parted:
        known += [Known(_places(keys, table, row)) for row in _rows(counted, one, table)]
    known += _classes(keys, cells) if one.classes else []
    known += _contracted(counted, one, keys)
    if one.covered:
        known.append(Known([at for at, key in enumerate(keys) if key.is_chosen], placements_only=True))
    return keeps_small_units(cells, [each for each in known if each.cells], left)


def _alike(counted: YearCounts, one: PlacementSteps) -> Mapping[UnitTraits, list[Unit]]:
    found = yearly(counted.facts) if one.covered else None
    chosen = {each.unit for each in found.chosen} if found else set()

    def key(unit: Unit) -> UnitTraits:
        contracts = {counted.category("contracts", stay) for stay in counted.of_unit[unit.id]}
        contract = contracts.pop() if len(contracts) == 1 and one.has_rows("contracts") else None
        return UnitTraits(unit.form, unit.ownership, contract, unit.provider_name, unit.key in chosen)

    return grouped((counted.unit_of[unit_id] for unit_id in counted.of_unit), key)


def _cell(counted: YearCounts, units: Sequence[Unit], few: int) -> Cell:
    stays = [counted.of_unit[unit.id] for unit in units]
    asked = [one for unit in units for one in counted.due_of_unit[unit.id]]
    return Cell(
        listed=len(units),
        small=any(len({stay.child for stay in of_unit}) < few for of_unit in stays),
        sums=(sum(map(len, stays)), len(asked), sum(one.came for one in asked)),
    )


def _rows(counted: YearCounts, one: PlacementSteps, table: Parted) -> list[tuple[str, ...]]:
    """The categories of each row that is told."""
    return list(rows_at(LADDERS[table], one.step(table), counted.behind(table)).values())


def _places(keys: Sequence[UnitTraits], table: Parted, row: Collection[str]) -> list[int]:
    place = TABLES.index(table)
    return [at for at, key in enumerate(keys) if key[place] in row]


def _classes(keys: Sequence[UnitTraits], cells: Sequence[Cell]) -> list[Known]:
    """Of each private provider, within which limits its placements are."""
    private = [at for at, key in enumerate(keys) if key.ownership == PRIVATE]
    return [
        Known(places, limits=size_class(sum(cells[at].sums[0] for at in places)))
        for places in grouped(private, lambda at: keys[at].provider).values()
    ]


def _contracted(counted: YearCounts, one: PlacementSteps, keys: Sequence[UnitTraits]) -> Iterator[Known]:
    """No more placements than a row has are at the units that have all theirs in it."""
    yield from _at_most(counted, keys, _rows(counted, one, "contracts"), counted.facts.stays)
    tables: Sequence[Parted] = ("forms", "ownerships") if one.framework else ()
    for table in tables:
        for row in _rows(counted, one, table):
            stays = [stay for stay in counted.facts.stays if counted.category(table, stay) in row]
            own = set(_places(keys, table, row))
            parts = [(FRAMEWORK,), tuple({*counted.behind("contracts")} - {FRAMEWORK})]
            for known in _at_most(counted, keys, parts, stays):
                yield replace(known, cells=[at for at in known.cells if at in own])


def _at_most(
    counted: YearCounts,
    keys: Sequence[UnitTraits],
    rows: Iterable[tuple[str, ...]],
    of: Sequence[YearPlacement],
) -> Iterator[Known]:
    for row in rows:
        number = sum(counted.category("contracts", stay) in row for stay in of)
        yield Known(_places(keys, "contracts", row), limits=(0, number))
