"""The table of private and own regi side by side: the same measures of all, so that equality can be seen (R33)."""

from collections.abc import Sequence

from followup import UnitId
from followup.figures.bands import shown_in
from followup.figures.counting import (
    OWNERSHIPS,
    answered,
    came,
    care_months,
    children,
    grouped,
    per_hundred,
)
from followup.figures.figure import Column, Counted, Line, Table, table
from followup.figures.placements import framework_share
from followup.figures.signals import weighs
from followup.figures.year_facts import YearFacts
from followup.provider import Unit
from followup.terms import SignalCode
from followup.wording.wording import wording

COLUMNS = (
    Column("units", "units", "stays"),
    Column("placements", "placements", "stays"),
    Column("children", "children", "stays"),
    Column("framework", "placements", "contracts"),
    Column("response", "reports", "asked"),
    Column("provider_reports", "reports", "answers"),
    Column("complaints", "per_hundred", "per_hundred"),
    Column("deviations", "per_hundred", "per_hundred"),
    Column("feels_safe", "reports", "answers"),
    Column("knows_plan", "reports", "answers"),
    Column("raised_bands", "units", "last_month_end"),
)


def by_who_runs_them(facts: YearFacts) -> Table:
    of_kind = grouped(facts.units, lambda one: one.ownership)
    housing = {stay.unit_id for stay in facts.stays}
    used = [kind for kind in OWNERSHIPS if any(one.id in housing for one in of_kind[kind])]
    lines: list[Line] = [
        (kind, wording(f"year.ownership.{kind}"), _measures(facts, of_kind[kind])) for kind in used
    ]
    return table(
        "ownerships",
        COLUMNS,
        lines,
        total=_measures(facts, facts.units),
        total_label=wording("year.all"),
        sideways=True,
    )


def _measures(facts: YearFacts, units: Sequence[Unit]) -> list[Counted]:
    ids = {one.id for one in units}
    stays = [stay for stay in facts.stays if stay.unit_id in ids]
    asked = [one for one in facts.due if one.unit_id in ids]
    kinds = [one.kind for one in facts.signals if one.unit_id in ids and weighs(one)]
    months = care_months(stays, facts)
    return [
        len({stay.unit_id for stay in stays}),
        len(stays),
        children(stays),
        framework_share(facts, stays),
        came(asked),
        answered(asked, "provider_report", "arrived"),
        per_hundred(kinds.count(SignalCode("complaint")), months),
        per_hundred(kinds.count(SignalCode("deviation")), months),
        answered(asked, "feels_safe", "yes"),
        answered(asked, "knows_plan", "yes"),
        _raised(facts, ids),
    ]


def _raised(facts: YearFacts, ids: set[UnitId]) -> tuple[int, int] | None:
    """Red or yellow at the last month's end, of the units with a placement in that month."""
    last = max((one.month for one in facts.month_ends), default=facts.period.last)
    shown = [band for unit_id, band in shown_in(facts, last).items() if unit_id in ids]
    return (sum(one in ("red", "yellow") for one in shown), len(shown)) if shown else None
