"""Tables of how many of the monthly reports came: by month and by team (R110)."""

from collections.abc import Sequence

from followup.figures.counting import came, grouped
from followup.figures.figure import Column, Counted, Line, Table, table
from followup.figures.year_facts import Asked, YearFacts
from followup.wording.wording import wording

_COLUMNS = (
    Column("due", "reports", "asked"),
    Column("came", "reports", "asked"),
    Column("response", "reports", "asked"),
    Column("in_time", "reports", "in_time"),
)


def by_month(facts: YearFacts) -> Table:
    asked = grouped(facts.due, lambda one: one.month)
    lines: list[Line] = [
        (str(month), wording("year.month", month=month), _counts(asked[month]))
        for month in facts.period.months
        if asked[month]
    ]
    return table("response_months", _COLUMNS, lines, total=_counts(facts.due))


def by_team(facts: YearFacts) -> Table:
    """The team of whoever answers for the placement at the period's end."""
    asked = grouped(facts.due, lambda one: one.team or "")
    lines: list[Line] = [
        (team or "none", team or wording("year.no_team"), _counts(asked[team])) for team in sorted(asked)
    ]
    return table("response_teams", _COLUMNS, lines, total=_counts(facts.due))


def _counts(asked: Sequence[Asked]) -> list[Counted]:
    in_time = (sum(one.in_time for one in asked), len(asked)) if asked else None
    return [len(asked), sum(one.came for one in asked), came(asked), in_time]
