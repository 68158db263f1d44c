from datetime import UTC, date, datetime, time, timedelta

import holidays
import pytest

from followup.times.calendar import (
    add_working_days,
    at_municipal,
    end_of_day,
    in_working_hours,
    is_working_day,
    municipal_day,
    next_working_day,
    nth_working_day,
)
from followup.times.month import Month, months_between
from tests.support.builders import at

SWEDEN_IS_CLOSED = {
    2026: "01-01 01-06 04-03 04-06 05-01 05-14 06-19 12-24 12-25 12-31",
    2027: "01-01 01-06 03-26 03-29 05-06 06-25 12-24 12-31",
}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("year", SWEDEN_IS_CLOSED)
def test_the_weekdays_that_are_no_working_days_are_the_holidays_and_the_three_eves(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=step) for step in range(365)]
    closed = [day for day in days if day.weekday() < 5 and not is_working_day(day)]
    assert " ".join(day.isoformat()[5:] for day in closed) == SWEDEN_IS_CLOSED[year]


def test_they_are_those_of_a_library_of_every_countrys_holidays() -> None:
    """From 2005, when Whit Monday became a working day and the sixth of June none."""
    years = range(2005, 2076)
    days = [date(year, 1, 1) + timedelta(days=step) for year in years for step in range(365)]
    closed = holidays.country_holidays("SE", years=years, categories=("public", "de_facto"))
    weekdays = [day for day in days if day.weekday() < 5]
    assert [day for day in weekdays if not is_working_day(day)] == [day for day in weekdays if day in closed]


@pytest.mark.parametrize("day", ["2026-10-31", "2026-11-01", "2026-06-06", "2026-12-26", "2026-12-27"])
def test_no_saturday_or_sunday_is_a_working_day(day: str) -> None:
    assert not is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("month", "nth", "day"),
    [
        ("2026-01", 1, "2026-01-02"),
        ("2026-05", 1, "2026-05-04"),
        ("2026-11", 1, "2026-11-02"),
        ("2026-12", 1, "2026-12-01"),
        ("2027-01", 1, "2027-01-04"),
        ("2027-05", 1, "2027-05-03"),
        ("2027-10", 1, "2027-10-01"),
        ("2028-01", 1, "2028-01-03"),
        ("2027-01", 3, "2027-01-07"),
        ("2027-01", 5, "2027-01-11"),
        ("2026-11", 10, "2026-11-13"),
        ("2026-12", 20, "2026-12-30"),
        ("2026-12", 21, "2027-01-04"),
    ],
)
def test_working_days_are_counted_over_weekends_holidays_and_the_end_of_the_month(
    month: str, nth: int, day: str
) -> None:
    assert nth_working_day(Month.parse(month), nth) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("day", "number", "later"),
    [
        ("2026-11-02", 0, "2026-11-02"),
        ("2026-11-06", 1, "2026-11-09"),
        ("2026-11-07", 1, "2026-11-09"),
        ("2026-04-02", 1, "2026-04-07"),
        ("2026-12-30", 2, "2027-01-05"),
    ],
)
def test_working_days_are_added_after_the_day(day: str, number: int, later: str) -> None:
    assert add_working_days(date.fromisoformat(day), number) == date.fromisoformat(later)


def test_the_next_working_day_is_never_the_day_itself() -> None:
    assert next_working_day(date(2026, 11, 2)) == date(2026, 11, 3)


@pytest.mark.parametrize(
    ("day", "eight_in_utc"),
    [
        ("2026-10-24", "2026-10-24 06:00"),
        ("2026-10-25", "2026-10-25 07:00"),
        ("2026-11-02", "2026-11-02 07:00"),
        ("2027-03-27", "2027-03-27 07:00"),
        ("2027-03-28", "2027-03-28 06:00"),
        ("2027-04-01", "2027-04-01 06:00"),
    ],
)
def test_eight_in_the_morning_is_municipal_time_on_both_sides_of_the_clocks_change(
    day: str, eight_in_utc: str
) -> None:
    assert at_municipal(date.fromisoformat(day)) == utc(eight_in_utc)


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-10-24", 24), ("2026-10-25", 25), ("2027-03-28", 23), ("2027-03-29", 24)]
)
def test_a_day_ends_at_municipal_midnight_however_many_hours_it_has(day: str, hours: int) -> None:
    midnight = at_municipal(date.fromisoformat(day), time(0))
    last = end_of_day(date.fromisoformat(day))
    assert last + timedelta(microseconds=1) - midnight == timedelta(hours=hours)
    assert municipal_day(last) == date.fromisoformat(day)
    assert municipal_day(last + timedelta(microseconds=1)) > date.fromisoformat(day)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-10-24 21:59", "2026-10-24"),
        ("2026-10-24 22:00", "2026-10-25"),
        ("2026-10-25 22:59", "2026-10-25"),
        ("2026-10-25 23:00", "2026-10-26"),
    ],
)
def test_the_day_of_an_instant_is_the_municipal_one(instant: str, day: str) -> None:
    assert municipal_day(utc(instant)) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        ("2026-11-02 07:59", False),
        ("2026-11-02 08:00", True),
        ("2026-11-02 16:59", True),
        ("2026-11-02 17:00", False),
        ("2026-11-01 12:00", False),
        ("2026-12-24 12:00", False),
        ("2026-10-26 08:00", True),
        ("2027-03-30 08:00", True),
    ],
)
def test_working_hours_are_eight_to_five_on_working_days(moment: str, inside: bool) -> None:
    assert in_working_hours(at(moment)) is inside


@pytest.mark.parametrize(
    ("month", "next_month", "days"),
    [("2026-12", "2027-01", 31), ("2027-02", "2027-03", 28), ("2028-02", "2028-03", 29)],
)
def test_months_follow_each_other_over_the_year_and_know_their_last_day(
    month: str, next_month: str, days: int
) -> None:
    one = Month.parse(month)
    assert (str(one.next), one.last.day) == (next_month, days)
    assert one.next.previous == one
    assert one.until(one.next) == 1


def test_months_between_two_include_both_and_are_none_when_the_last_is_the_earlier() -> None:
    assert [str(one) for one in months_between(Month(2026, 11), Month(2027, 1))] == [
        "2026-11",
        "2026-12",
        "2027-01",
    ]
    assert months_between(Month(2027, 1), Month(2026, 12)) == []


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-00", "26-11", "2026-1", "2026/11", "november"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Month.parse(text)
