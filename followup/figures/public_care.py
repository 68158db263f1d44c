"""The public tables of placements: by form, by who runs the unit, by age, by contract, and what is on file."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from followup.figures.counting import care_months, grouped, per_hundred
from followup.figures.figure import Column, Counted, Figure, Line, Table, table
from followup.figures.ladder import LADDERS, Behind, everyone, first_step, may_stand, rows_at
from followup.figures.placement_steps import Parted, PlacementSteps, YearCounts
from followup.figures.placements import MISSING, ON_FILE, PAPERS, age_groups
from followup.figures.published import Limits, count, part, whole_percent
from followup.figures.signals import weighs
from followup.figures.year_facts import Asked, YearPlacement
from followup.provider import FRAMEWORK, Unit
from followup.signals.signal import Signal
from followup.terms import SignalCode
from followup.wording.wording import Wording, wording

UNITS = Column("units", "units", "stays")
PLACEMENTS = Column("placements", "placements", "stays")
CHILDREN = Column("children", "children", "stays")
RESPONSE = Column("response", "reports", "asked")
FRAMEWORK_SHARE = Column("framework", "placements", "contracts_public")


@dataclass(frozen=True)
class Part:
    """The placements of a row, with what was asked and signalled about them."""

    units: Sequence[Unit]
    stays: Sequence[YearPlacement]
    asked: Sequence[Asked]
    signals: Sequence[Signal]

    @property
    def children(self) -> frozenset[str]:
        return frozenset(stay.child for stay in self.stays)


def row_words(table_id: str, row: str) -> Wording:
    return wording(f"year.public.{table_id}.{row}")


def few_words(few: int) -> Wording:
    return wording("year.public.fewer_children", few=few)


def part_of(counted: YearCounts, units: Iterable[Unit]) -> Part:
    housing = [unit for unit in units if unit.id in counted.of_unit]
    return Part(
        housing,
        [stay for unit in housing for stay in counted.of_unit[unit.id]],
        [one for unit in housing for one in counted.due_of_unit[unit.id]],
        [one for unit in housing for one in counted.signals_of_unit[unit.id]],
    )


def forms(counted: YearCounts, limits: Limits, told: PlacementSteps) -> Table:
    rows = _parts(counted, "forms", told)
    shares = [_on_framework(counted, one, limits.few) for one in rows.values()]
    shown, answered = told.framework and bool(rows) and all(shares), _responses(rows, limits.few)
    lines: list[Line] = [
        (row, row_words("forms", row), [*_base(one), answered[row], None, share if shown else None])
        for (row, one), share in zip(rows.items(), shares, strict=True)
    ]
    everything = part_of(counted, counted.facts.units)
    framework = _on_framework(counted, everything, limits.few) if told.has_rows("contracts") else None
    total: list[Counted] = [
        *_base(everything),
        response(everything.asked, limits.few, in_sum=True),
        count(len(everything.children), everything.children),
        framework,
    ]
    columns = (UNITS, PLACEMENTS, RESPONSE, CHILDREN, FRAMEWORK_SHARE)
    return table("forms", columns, lines, total=total, step=told.forms)


def _parts(counted: YearCounts, table_id: Parted, told: PlacementSteps) -> dict[str, Part]:
    rows = rows_at(LADDERS[table_id], told.step(table_id), counted.behind(table_id))
    kind = "form" if table_id == "forms" else "ownership"
    return {
        row: part_of(counted, [one for one in counted.facts.units if getattr(one, kind) in categories])
        for row, categories in rows.items()
    }


def _base(one: Part) -> list[Counted]:
    return [len(one.units), count(len(one.stays), one.children)]


def _responses(rows: dict[str, Part], few: int) -> dict[str, Figure | None]:
    """Of every row or of none."""
    found = {row: response(one.asked, few) for row, one in rows.items()}
    return found if all(found.values()) else dict.fromkeys(found)


def response(asked: Sequence[Asked], few: int, *, in_sum: bool = False) -> Figure | None:
    """In the sum with its numbers, below it in whole percent: what is due tells how many the placements are."""
    came, behind = sum(one.came for one in asked), {one.child for one in asked}
    if len(behind) < few:
        return None
    return (part if in_sum else whole_percent)(came, len(asked), behind)


def _on_framework(counted: YearCounts, one: Part, few: int) -> Figure | None:
    """Of all placements, since a share of those with a known form of contract would tell how many have none."""
    of = [(stay.child, counted.facts.contract_form(stay) == FRAMEWORK) for stay in one.stays]
    return share(of, few)


def share(of: Sequence[tuple[str, bool]], few: int, figure: Callable[..., Figure] = part) -> Figure | None:
    """The part for which it is true, of children with what is true of each; None where it may not be told."""
    own = frozenset(child for child, inside in of if inside)
    rest = frozenset(child for child, inside in of if not inside)
    return figure(sum(inside for _, inside in of), len(of), own) if may_stand(own, rest, few) else None


# What of each row is measured where every row's count may be told; else only the sum's.
Measure = Callable[[YearCounts, Part, int, bool], Figure | None]


def _answered(question: str, answer: str) -> Measure:
    def measure(_: YearCounts, one: Part, few: int, in_sum: bool) -> Figure | None:
        given = [
            (each.child, each.answers[question] == answer)
            for each in one.asked
            if each.came and question in each.answers
        ]
        return share(given, few, part if in_sum else whole_percent)

    return measure


def _rate(kind: SignalCode) -> Measure:
    def measure(counted: YearCounts, one: Part, few: int, _: bool) -> Figure | None:
        child_of = {stay.id: stay.child for stay in one.stays}
        found = [each for each in one.signals if each.kind == kind and weighs(each)]
        own = frozenset(child_of[each.placement_id] for each in found if each.placement_id in child_of)
        rate = per_hundred(len(found), care_months(one.stays, counted.facts))
        if rate is None or not may_stand(own, one.children - own, few):
            return None
        return Figure("", rate, "", "", children=len(own))

    return measure


_MEASURES: Sequence[tuple[Column, Measure]] = (
    (FRAMEWORK_SHARE, lambda counted, one, few, _: _on_framework(counted, one, few)),
    (Column("provider_reports", "reports", "answers"), _answered("provider_report", "arrived")),
    (Column("complaints", "per_hundred", "per_hundred"), _rate(SignalCode("complaint"))),
    (Column("deviations", "per_hundred", "per_hundred"), _rate(SignalCode("deviation"))),
    (Column("feels_safe", "reports", "answers"), _answered("feels_safe", "yes")),
    (Column("knows_plan", "reports", "answers"), _answered("knows_plan", "yes")),
)


def ownerships(counted: YearCounts, limits: Limits, told: PlacementSteps) -> Table:
    """Private and own regi beside each other, with the measures that may be told of each."""
    rows = _parts(counted, "ownerships", told)
    everything = part_of(counted, counted.facts.units)
    answered = _responses(rows, limits.few)
    columns = [UNITS, PLACEMENTS, RESPONSE]
    cells = {row: [*_base(one), answered[row]] for row, one in rows.items()}
    total = [*_base(everything), response(everything.asked, limits.few, in_sum=True)]
    for column, measure in _MEASURES:
        whole = measure(counted, everything, limits.few, True)
        if whole is None or (column is FRAMEWORK_SHARE and not told.has_rows("contracts")):
            continue
        found = {row: measure(counted, one, limits.few, False) for row, one in rows.items()}
        if column is FRAMEWORK_SHARE and not told.framework:
            found = dict.fromkeys(found)
        columns.append(column)
        total.append(whole)
        for row, value in found.items():
            cells[row].append(value if all(found.values()) else None)
    lines: list[Line] = [(row, row_words("ownerships", row), values) for row, values in cells.items()]
    return table(
        "ownerships",
        columns,
        lines,
        total=total,
        total_label=wording("year.all"),
        sideways=True,
        step=told.ownerships,
    )


def ages(counted: YearCounts, limits: Limits) -> Table:
    """Each child once; an unknown age goes with the oldest."""
    of_child = age_groups(counted.facts)
    behind = {
        group: frozenset(children) for group, children in grouped(of_child, lambda one: of_child[one]).items()
    }
    step = first_step(LADDERS["ages"], [behind], limits.few, limits.step("ages"))
    return _shares("ages", Column("children", "children", "ages"), behind, step)


def contracts(counted: YearCounts, told: PlacementSteps) -> Table:
    found = grouped(counted.facts.stays, lambda stay: counted.category("contracts", stay))
    numbers = {form: len(stays) for form, stays in found.items()}
    column = Column("placements", "placements", "contracts_public")
    return _shares("contracts", column, counted.behind("contracts"), told.contracts, numbers)


def _shares(
    table_id: str, column: Column, behind: Behind, step: int, numbers: dict[str, int] | None = None
) -> Table:
    """Each row's part of all; `numbers` where it is not the children themselves that are counted."""
    of = numbers or {category: len(children) for category, children in behind.items()}
    whole = sum(of.values())
    rows = rows_at(LADDERS[table_id], step, behind)
    lines: list[Line] = [
        (row, row_words(table_id, row), [part(sum(of[one] for one in own), whole, everyone(behind, own))])
        for row, own in rows.items()
    ]
    total = [count(whole, everyone(behind, behind))]
    return table(table_id, (column,), lines, total=total, step=step)


def papers(counted: YearCounts, limits: Limits) -> Table | None:
    """Row by row: how many there are and how many are missing, each where it may be told."""
    lines: list[Line] = []
    for name in PAPERS:
        stays = [(stay.papers.get(name), stay.child) for stay in counted.facts.stays]
        there = [child for state, child in stays if state in ON_FILE]
        missing = [child for state, child in stays if state in MISSING]
        if len({*there, *missing}) >= limits.few:
            left = counted.children - frozenset(there)
            on_file = single(there, limits.few) if len(left) >= limits.few else None
            lines.append((name, wording(f"year.paper.{name}"), [on_file, single(missing, limits.few)]))
    columns = (Column("there", "placements", "papers"), Column("missing", "placements", "papers"))
    return table("papers", columns, lines) if lines else None


def single(behind: Sequence[str], few: int) -> Figure | Wording:
    """A count that is part of no sum."""
    found = count(len(behind), behind)
    return found if found.children >= few else few_words(few)
