"""How many of the law's clocks and the municipality's were done by their last day (R45)."""

from collections.abc import Sequence

from followup.figures.counting import grouped
from followup.figures.figure import Column, Counted, Line, Table, table
from followup.figures.year_facts import ClockTime, YearFacts

_COLUMNS = (Column("due", "clock_times", "clocks"), Column("in_time", "clock_times", "clocks"))


def by_clock(facts: YearFacts) -> Table:
    """A row each clock that had a last day in the period."""
    times = grouped(facts.clocks, lambda one: one.code)
    lines: list[Line] = [(code, times[code][0].word, _counts(times[code])) for code in sorted(times)]
    return table("clocks", _COLUMNS, lines, total=_counts(facts.clocks))


def _counts(times: Sequence[ClockTime]) -> list[Counted]:
    done = sum(one.in_time for one in times)
    return [len(times), (done, len(times)) if times else None]
