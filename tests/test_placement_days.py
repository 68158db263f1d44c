"""Placement-days counted by look-ups are those that are counted one placement and one month at a time."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from followup.placement import days_in_months, open_days
from followup.times.month import Month, months_between

MONTHS = months_between(Month(2025, 12), Month(2026, 11))
DAYS = st.integers(-40, 400).map(lambda number: date(2025, 12, 1) + timedelta(days=number))


@st.composite
def spans(draw: st.DrawFn) -> list[tuple[date, date | None]]:
    starts = draw(st.lists(DAYS, max_size=8))
    lengths = draw(st.lists(st.none() | st.integers(0, 200), min_size=len(starts), max_size=len(starts)))
    return [
        (first, None if length is None else first + timedelta(days=length))
        for first, length in zip(starts, lengths, strict=True)
    ]


@given(spans(), DAYS)
def test_they_are_the_days_of_each_placement_within_the_month(
    placed: list[tuple[date, date | None]], until: date
) -> None:
    counted = days_in_months(placed, MONTHS, until)
    assert counted == {
        month: sum(open_days(starts, ends, month.first, min(month.last, until)) for starts, ends in placed)
        for month in MONTHS
    }
