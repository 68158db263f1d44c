"""Tables of placements: by form of care, by unit, by age, by contract, and what is on file."""

from collections import Counter
from collections.abc import Iterator, Sequence

from followup.figures.counting import came, children, grouped, in_order
from followup.figures.figure import Column, Counted, Line, Table, table
from followup.figures.year_facts import Asked, YearFacts, YearPlacement
from followup.month.plans import PLANS
from followup.placement import age_on
from followup.provider import FRAMEWORK, OWN_REGI, Contract, Unit, on_framework
from followup.terms import FORMS
from followup.times.month import Month
from followup.wording.wording import wording

CONTRACT_FORMS = (FRAMEWORK, "agreement", "direct_award", OWN_REGI, "unknown")
AGES = ("0_12", "13_15", "16_17", "18_20", "21", "unknown")
_UP_TO = ((12, "0_12"), (15, "13_15"), (17, "16_17"), (20, "18_20"))
ENDS_WITHIN_MONTHS = 6
# What a paper may be said to be: a deviation is documented or not, all else is on file or missing.
ON_FILE, MISSING = frozenset({"yes", "on_file"}), frozenset({"no", "missing"})
PAPERS = ("deviation_documented", "call_off_contract", "individual_contract", *PLANS)
STAYS = Column("placements", "placements", "stays")
RESPONSE = Column("response", "reports", "asked")
ON_FRAMEWORK = Column("framework", "placements", "contracts")


def forms(facts: YearFacts) -> Table:
    form_of = {one.id: one.form for one in facts.units}
    stays = grouped(facts.stays, lambda stay: form_of[stay.unit_id])
    asked = grouped(facts.due, lambda one: form_of[one.unit_id])
    care = {one.form: one.care for one in facts.units}
    lines: list[Line] = [
        (code, care[code].said("form_of_care"), _counts(facts, stays[code], asked[code]))
        for code in sorted(care, key=_in_register)
        if stays[code]
    ]
    columns = (
        Column("units", "units", "stays"),
        STAYS,
        Column("children", "children", "stays"),
        ON_FRAMEWORK,
        RESPONSE,
    )
    total = _counts(facts, facts.stays, facts.due)
    return table("forms", columns, lines, total=total)


def _in_register(form: str) -> tuple[int, str]:
    """The municipality's own forms come last."""
    return list(FORMS).index(form) if form in FORMS else len(FORMS), form


def _counts(facts: YearFacts, stays: Sequence[YearPlacement], asked: Sequence[Asked]) -> list[Counted]:
    return [
        len({stay.unit_id for stay in stays}),
        len(stays),
        children(stays),
        framework_share(facts, stays),
        came(asked),
    ]


def framework_share(facts: YearFacts, stays: Sequence[YearPlacement]) -> tuple[int, int] | None:
    return on_framework([facts.contract_form(stay) for stay in stays])


def units(facts: YearFacts) -> Table:
    """By name, since nobody is ranked."""
    stays = grouped(facts.stays, lambda stay: stay.unit_id)
    asked = grouped(facts.due, lambda one: one.unit_id)
    lines: list[Line] = [
        (
            one.key,
            one.name,
            (
                one.provider_name,
                one.care.said("year.form"),
                wording(f"year.ownership.{one.ownership}"),
                len(stays[one.id]),
                came(asked[one.id]),
            ),
        )
        for one in facts.units
        if stays[one.id]
    ]
    columns = (Column("provider"), Column("form"), Column("ownership"), STAYS, RESPONSE)
    total: list[Counted] = [None, None, None, len(facts.stays), came(facts.due)]
    return table("units", columns, lines, total=total)


def ages(facts: YearFacts) -> Table:
    """Each child once, as old as on its first day in the period, as the selection counts (R80, R86)."""
    groups = Counter(age_groups(facts).values())
    number = groups.total()
    lines: list[Line] = [
        (key, wording(f"year.age.{key}"), [(groups[key], number)]) for key in AGES if groups[key]
    ]
    columns = (Column("children", "children", "ages"),)
    return table("ages", columns, lines, total=[number])


def age_groups(facts: YearFacts) -> dict[str, str]:
    """Of each child."""
    found: dict[str, str] = {}
    for child, stays in grouped(facts.stays, lambda stay: stay.child).items():
        born = next((stay.born for stay in stays if stay.born), None)
        first = max(facts.period.starts, min(stay.starts for stay in stays))
        years = age_on(born, first) if born else None
        group = "unknown" if years is None else next((key for most, key in _UP_TO if years <= most), "21")
        found[child] = group
    return found


def contracts(facts: YearFacts) -> Table:
    groups = Counter(facts.contract_form(stay) or "unknown" for stay in facts.stays)
    number = groups.total()
    lines: list[Line] = [
        (key, wording(f"year.contract.{key}"), [(groups[key], number)])
        for key in CONTRACT_FORMS
        if groups[key]
    ]
    columns = (Column("placements", "placements", "contracts"),)
    return table("contracts", columns, lines, total=[number])


def grounds(facts: YearFacts) -> Table:
    """By what the register said when the report was made."""
    known = [stay.legal_ground for stay in facts.stays if stay.legal_ground]
    numbers = Counter(ground.code for ground in known)
    lines: list[Line] = [
        (code, ground.said("legal_ground"), [(numbers[code], len(known))])
        for code, ground in sorted({one.code: one for one in known}.items())
    ]
    columns = (Column("placements", "placements", "grounds"),)
    return table("grounds", columns, lines, total=[len(known)])


def papers(facts: YearFacts) -> Table:
    """What is on file, of the placements where it should be."""
    lines: list[Line] = []
    for name in PAPERS:
        states = [stay.papers.get(name) for stay in facts.stays]
        there, missing = (
            sum(one in ON_FILE for one in states),
            sum(one in MISSING for one in states),
        )
        if there + missing:
            lines.append((name, wording(f"year.paper.{name}"), [(there, there + missing)]))
    return table("papers", (Column("on_file", "placements", "papers"),), lines)


def without_contract(facts: YearFacts) -> Table:
    """Units with a placement in the period of whose contract nobody has said anything: they count as outside (R30)."""
    unknown = {stay.unit_id for stay in facts.stays if facts.contract_form(stay) is None}
    lines: list[Line] = [
        (unit.key, unit.name, [unit.provider_name, unit.care.said("year.form")])
        for unit in facts.units
        if unit.id in unknown
    ]
    return table("without_contract", (Column("provider"), Column("form")), lines)


def supplementary(facts: YearFacts) -> Table:
    """What is registered of units beside the evidence, by name and then day; it counts in no figure."""
    named = sorted(
        facts.events, key=lambda one: (in_order(facts.unit_of[one.unit_id].name), one.happened_on, one.id)
    )
    lines: list[Line] = [
        (
            str(one.id),
            facts.unit_of[one.unit_id].name,
            [wording(f"choice.unit_event.{one.kind}"), one.happened_on, one.source],
        )
        for one in named
    ]
    return table("supplementary", (Column("event"), Column("happened_on"), Column("source")), lines)


def contracts_ending(facts: YearFacts) -> Table:
    lines: list[Line] = [
        (unit.key, unit.name, [unit.provider_name, wording(f"year.contract.{contract.form}"), contract.ends])
        for unit, contract in ending_contracts(facts)
    ]
    columns = (Column("provider"), Column("contract"), Column("ends"))
    return table("contracts_ending", columns, lines)


def ending_contracts(facts: YearFacts) -> Iterator[tuple[Unit, Contract]]:
    """Contracts that have ended or end within half a year, of units with children there on the last day (R30)."""
    period = facts.period
    soon = Month.of(period.until).plus(ENDS_WITHIN_MONTHS).last
    housed = {stay.unit_id for stay in facts.stays if stay.open_on(period.until)}
    for unit_id, of_unit in grouped(facts.contracts, lambda one: one.unit_id).items():
        newest = max(of_unit, key=lambda one: (one.starts, one.id))
        if unit_id in housed and newest.ends is not None and newest.ends <= soon:
            yield facts.unit_of[unit_id], newest
