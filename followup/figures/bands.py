"""Tables of the bands month by month, and of the alerts."""

from typing import get_args

from followup import UnitId
from followup.figures.counting import grouped
from followup.figures.figure import Column, Counted, Line, Table, table
from followup.figures.year_facts import MonthEnd, Raised, YearFacts
from followup.risk.bands import AlertKind, never_plain_green
from followup.times.calendar import add_working_days, municipal_day
from followup.times.month import Month
from followup.wording.wording import wording

SHOWN = ("red", "yellow", "green", "insufficient")
ALERT_KINDS: tuple[AlertKind, ...] = get_args(AlertKind)
TAKEN_WITHIN = 5


def shown_as(reading: MonthEnd) -> str:
    return never_plain_green(reading.shown, enough=reading.enough)


def shown_in(facts: YearFacts, month: Month) -> dict[UnitId, str]:
    """The band at the month's end of each unit with a placement in the month."""
    housing = {stay.unit_id for stay in facts.stays if stay.days_in(month.first, month.last)}
    return {
        one.unit_id: shown_as(one)
        for one in facts.month_ends
        if one.month == month and one.unit_id in housing
    }


def trend(facts: YearFacts) -> Table:
    """Units with placements in the month, by band at its end."""
    lines: list[Line] = []
    for month in facts.period.months:
        shown = list(shown_in(facts, month).values())
        if shown:
            counts: list[Counted] = [shown.count(band) for band in SHOWN]
            lines.append((str(month), wording("year.month", month=month), counts))
    return table("bands", tuple(Column(band, "units", "month_ends") for band in SHOWN), lines)


def alerts(facts: YearFacts) -> Table:
    by_kind = grouped(facts.alerts, lambda one: one.kind)
    lines: list[Line] = [
        (kind, wording(f"year.alert.{kind}"), _alert_counts(by_kind[kind]))
        for kind in ALERT_KINDS
        if by_kind[kind]
    ]
    columns = (
        Column("raised", "alerts", "alerts"),
        Column("taken_soon", "alerts", "alerts"),
        Column("closed", "alerts", "alerts"),
        Column("open", "alerts", "alerts"),
    )
    return table("alerts", columns, lines, total=_alert_counts(list(facts.alerts)))


def _alert_counts(alerts: list[Raised]) -> list[Counted]:
    number = len(alerts)
    soon = sum(_taken_soon(one) for one in alerts)
    closed = sum(one.closed_at is not None for one in alerts)
    return [number, (soon, number) if number else None, (closed, number) if number else None, number - closed]


def _taken_soon(alert: Raised) -> bool:
    """Within five working days."""
    if alert.taken_at is None:
        return False
    return municipal_day(alert.taken_at) <= add_working_days(municipal_day(alert.raised_at), TAKEN_WITHIN)
