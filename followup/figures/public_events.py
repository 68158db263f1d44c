"""The public tables of what came in and what happened: reports by month and team, signals, bands and alerts."""

from collections.abc import Sequence

from followup.figures.bands import SHOWN, shown_in
from followup.figures.counting import grouped
from followup.figures.figure import Column, Counted, Figure, Line, Table, table
from followup.figures.ladder import LADDERS, first_step, rows_at
from followup.figures.placement_steps import YearCounts
from followup.figures.public_care import response, row_words, single
from followup.figures.published import Limits, count, part, whole_percent
from followup.figures.signals import BESIDE, COUNTED, NUMBER, PARTS, WITH_ONE, weighs
from followup.figures.year_facts import Asked
from followup.signals.signal import Signal
from followup.wording.wording import wording

_DUE, _CAME = Column("due", "reports", "asked"), Column("came", "reports", "asked")
_RESPONSE, _IN_TIME = Column("response", "reports", "asked"), Column("in_time", "reports", "in_time")
# How many moves for other reasons there were is told of by nobody; it has no row in the public table.
SINGLE = tuple(one for one in (*PARTS, *BESIDE) if one[0] != "other_reason")


def by_month(counted: YearCounts, limits: Limits) -> Table | None:
    """Whole percent; the numbers stand in the sum alone, and a month with too few children has no row."""
    asked = grouped(counted.due, lambda one: one.month)
    lines: list[Line] = [
        (str(month), wording("year.month", month=month), [*_rates(asked[month], limits.few), None, None])
        for month in counted.facts.period.months
        if len({one.child for one in asked[month]}) >= limits.few
    ]
    return _responses("response_months", counted, lines, limits)


def by_team(counted: YearCounts, limits: Limits) -> Table | None:
    """Only where all the teams, and more than one, may be told."""
    asked = grouped(counted.due, lambda one: one.team or "")
    if len(asked) < 2 or any(len({one.child for one in found}) < limits.few for found in asked.values()):
        return None
    lines: list[Line] = [
        (team or "none", team or wording("year.no_team"), [*_rates(asked[team], limits.few), None, None])
        for team in sorted(asked)
    ]
    return _responses("response_teams", counted, lines, limits)


def _rates(asked: Sequence[Asked], few: int) -> list[Counted]:
    in_time = sum(one.in_time for one in asked)
    return [response(asked, few), whole_percent(in_time, len(asked), {one.child for one in asked})]


def _responses(table_id: str, counted: YearCounts, lines: list[Line], limits: Limits) -> Table | None:
    due = counted.due
    behind = {one.child for one in due}
    if len(behind) < limits.few:
        return None
    came = [one.child for one in due if one.came]
    in_time = [one.child for one in due if one.in_time]
    total: list[Counted] = [
        part(len(came), len(due), behind),
        part(len(in_time), len(due), behind),
        count(len(due), behind),
        count(len(came), behind),
    ]
    return table(table_id, (_RESPONSE, _IN_TIME, _DUE, _CAME), lines, total=total, step=0 if lines else 1)


def signals(counted: YearCounts, limits: Limits) -> Table | None:
    """By kind as far as may be told; of the units that had one, neither one or two nor all."""
    of_kind = {key: [one for one in counted.facts.signals if holds(one)] for key, holds in COUNTED}
    of_kind = {key: found for key, found in of_kind.items() if found}
    behind = {key: frozenset(_children(counted, found)) for key, found in of_kind.items()}
    everything = [one for one in counted.facts.signals if weighs(one)]
    if len(set(_children(counted, everything))) < limits.few:
        return None
    ladder = LADDERS["signals"]
    step = first_step(ladder, [behind], limits.few, limits.step("signals"))
    lines: list[Line] = [
        (row, row_words("signals", row), _numbers(counted, [one for key in own for one in of_kind[key]]))
        for row, own in rows_at(ladder, step, behind).items()
    ]
    total = _numbers(counted, everything)
    return table("signals", (NUMBER, WITH_ONE), lines, total=total, step=step)


def _children(counted: YearCounts, found: Sequence[Signal]) -> list[str]:
    """One for each signal about a placement of the period; a signal about a unit alone has no child behind it."""
    child_of = {stay.id: stay.child for stay in counted.facts.stays}
    return [child_of[one.placement_id] for one in found if one.placement_id in child_of]


def _numbers(counted: YearCounts, found: Sequence[Signal]) -> list[Counted]:
    housing = set(counted.of_unit)
    with_one = {one.unit_id for one in found} & housing
    told = 2 < len(with_one) < len(housing)
    children = _children(counted, found)
    return [count(len(found), children), part(len(with_one), len(housing), children) if told else None]


def parts(counted: YearCounts, limits: Limits) -> Table | None:
    """Counts that are part of no sum, in which few is said instead of a low number."""
    if not counted.facts.signals:
        return None
    lines: list[Line] = []
    for key, holds in SINGLE:
        found = [one for one in counted.facts.signals if holds(one)]
        told = single(_children(counted, found), limits.few)
        value = Figure("", len(found), "", "", children=told.children) if isinstance(told, Figure) else told
        lines.append((key, wording(f"year.signal.{key}"), [value]))
    return table("signal_parts", (NUMBER,), lines)


def bands(counted: YearCounts, limits: Limits) -> Table | None:
    """Of the whole municipality, in the months with enough units."""
    lines: list[Line] = []
    for month in counted.facts.period.months:
        shown = list(shown_in(counted.facts, month).values())
        if len(shown) >= limits.few:
            counts: list[Counted] = [shown.count(band) for band in SHOWN]
            lines.append((str(month), wording("year.month", month=month), counts))
    columns = [Column(band, "units", "month_ends") for band in SHOWN]
    return table("bands", columns, lines) if lines else None


def alerts(counted: YearCounts, limits: Limits) -> Table:
    """All together, since the events among them are the serious signals."""
    number = len(counted.facts.alerts)
    told: Counted = wording("year.public.fewer", few=limits.few)
    if number >= limits.few:
        told = Figure("", number, "", "", children=number)
    lines: list[Line] = [("raised", wording("year.all"), [told])]
    return table("alerts", (Column("raised", "alerts", "alerts"),), lines)
