from datetime import date, timedelta

import pytest

from followup.times.deadlines import OCCASIONS, YearDates, due_notices

DATES = YearDates()


def told(today: str, dates: YearDates = DATES) -> list[str]:
    due = due_notices(date.fromisoformat(today), dates)
    return [f"{one.occasion} {one.due} {one.days}" for one in due]


@pytest.mark.parametrize(
    ("today", "notices"),
    [
        pytest.param("2027-01-29", [], id="31 days before"),
        pytest.param("2027-01-30", ["proposal 2027-03-01 30"], id="30 days before"),
        pytest.param("2027-02-21", ["proposal 2027-03-01 30"], id="a missed one, until the next is due"),
        pytest.param("2027-02-22", ["proposal 2027-03-01 7"], id="7 days before"),
        pytest.param("2027-02-28", ["proposal 2027-03-01 7"], id="the day before"),
        pytest.param("2027-03-01", ["proposal 2027-03-01 0"], id="on the day"),
        pytest.param("2027-03-08", ["proposal 2027-03-01 0"], id="a week late, when the day was missed"),
        pytest.param("2027-03-09", [], id="more than a week late is over"),
        pytest.param(
            "2027-08-31",
            ["follow_ups_done 2027-08-31 0", "draft 2027-09-15 30"],
            id="two occasions at a time",
        ),
        pytest.param("2027-10-15", ["board 2027-10-15 0"], id="the board's meeting"),
        pytest.param("2027-12-24", [], id="nothing at Christmas"),
    ],
)
def test_the_newest_notice_of_each_occasion_that_is_due(today: str, notices: list[str]) -> None:
    assert told(today) == notices


def test_a_date_early_in_the_year_is_told_of_in_the_year_before() -> None:
    january = YearDates(proposal=(1, 10))
    assert told("2026-12-11", january) == ["proposal 2027-01-10 30"]


def test_a_date_late_in_the_year_that_was_missed_is_told_of_in_the_next() -> None:
    december = YearDates(board=(12, 30))
    assert told("2027-01-04", december) == ["board 2026-12-30 0"]


def test_a_year_of_days_tells_of_each_occasion_three_times() -> None:
    days = [date(2027, 1, 1) + timedelta(days=step) for step in range(365)]
    seen = {(one.occasion, one.days) for day in days for one in due_notices(day, DATES)}
    assert seen == {(occasion, days_before) for occasion in OCCASIONS for days_before in (30, 7, 0)}
    first = {day: due_notices(day, DATES) for day in days}
    assert all(one.tell_on in first and one in first[one.tell_on] for due in first.values() for one in due)
