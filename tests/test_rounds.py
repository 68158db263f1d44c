from dataclasses import replace
from datetime import date

import pytest

from followup import PersonId, PlacementId, RoundId, TaskId, UnitId
from followup.month.rounds import (
    Round,
    RoundDays,
    Task,
    closing_of,
    deadline_of,
    months_to_open,
    opening,
    reminder_due,
    reminder_times,
    snooze_until,
)
from followup.placement import Placement, open_days
from followup.times.calendar import municipal_day, working_moment
from followup.times.month import Month
from tests.support.builders import at

DAYS = RoundDays()
OCTOBER = Month(2026, 10)


def a_round(month: Month = OCTOBER, opened: str = "2026-11-02 08:00") -> Round:
    """The month's round as it is when it opens at that time."""
    deadline = deadline_of(month, working_moment(at(opened)), DAYS)
    return Round(RoundId(1), month, at(opened), deadline, closing_of(month, deadline, DAYS))


@pytest.mark.parametrize(
    ("month", "opens"),
    [
        ("2025-12", "2026-01-02"),
        ("2026-04", "2026-05-04"),
        ("2026-10", "2026-11-02"),
        ("2026-12", "2027-01-04"),
        ("2027-04", "2027-05-03"),
        ("2027-06", "2027-07-01"),
    ],
)
def test_a_round_opens_at_eight_on_the_first_working_day_after_its_month(month: str, opens: str) -> None:
    assert opening(Month.parse(month), DAYS) == at(f"{opens} 08:00")


def test_the_opening_day_can_be_another_working_day() -> None:
    assert opening(Month(2026, 12), RoundDays(opens=3)) == at("2027-01-07 08:00")


@pytest.mark.parametrize(
    ("now", "last_asked", "months"),
    [
        pytest.param("2026-11-24 07:59", None, "2026-10", id="the very first is the newest only"),
        pytest.param("2026-11-24 08:00", None, "", id="the very first, a week before the next"),
        pytest.param("2026-11-30 23:00", None, "", id="the very first, the evening before the next"),
        pytest.param("2026-12-01 08:00", None, "2026-11", id="the very first, as the next opens"),
        pytest.param("2026-12-28 09:00", None, "", id="the very first, a week before the fourth"),
        pytest.param("2026-11-02 08:00", None, "2026-10", id="the very first, at the opening"),
        pytest.param("2026-11-02 07:59", "2026-09", "", id="not before eight"),
        pytest.param("2026-11-02 08:00", "2026-09", "2026-10", id="at eight"),
        pytest.param("2026-11-01 23:59", "2026-09", "", id="not on the Sunday that begins the month"),
        pytest.param("2026-11-02 08:00", "2026-10", "", id="never twice"),
        pytest.param("2026-11-30 23:00", "2026-10", "", id="the month is not over"),
        pytest.param("2027-01-01 12:00", "2026-11", "", id="a holiday opens nothing"),
        pytest.param("2027-01-04 08:00", "2026-11", "2026-12", id="the first working day is the fourth"),
        pytest.param("2027-01-15 12:00", "2026-09", "2026-10 2026-11 2026-12", id="all that were missed"),
        pytest.param("2026-11-15 12:00", "2026-12", "", id="a clock set back"),
    ],
)
def test_which_months_are_due(now: str, last_asked: str | None, months: str) -> None:
    asked = Month.parse(last_asked) if last_asked else None
    assert " ".join(map(str, months_to_open(at(now), asked, DAYS))) == months


@pytest.mark.parametrize(
    ("now", "moment"),
    [
        pytest.param("2026-11-02 08:00", "2026-11-02 08:00", id="in working hours"),
        pytest.param("2026-11-02 16:59", "2026-11-02 16:59", id="the last minute of them"),
        pytest.param("2026-11-02 17:00", "2026-11-03 08:00", id="the evening"),
        pytest.param("2026-11-03 00:30", "2026-11-03 08:00", id="the night"),
        pytest.param("2026-11-06 17:30", "2026-11-09 08:00", id="Friday evening"),
        pytest.param("2026-12-23 18:00", "2026-12-28 08:00", id="the evening before Christmas"),
        pytest.param("2026-10-23 18:00", "2026-10-26 08:00", id="before the clocks go back"),
        pytest.param("2026-10-25 02:30", "2026-10-26 08:00", id="in the hour that comes twice"),
        pytest.param("2027-03-28 03:00", "2027-03-30 08:00", id="the night that has no half past two"),
    ],
)
def test_what_is_said_waits_for_working_hours(now: str, moment: str) -> None:
    assert working_moment(at(now)) == at(moment)


@pytest.mark.parametrize(
    ("opened", "deadline"),
    [
        pytest.param("2026-11-02 08:00", "2026-11-13", id="in time: the tenth working day"),
        pytest.param("2026-11-02 16:00", "2026-11-13", id="hours late"),
        pytest.param("2026-11-02 18:00", "2026-11-16", id="too late for the day"),
        pytest.param("2026-11-07 12:00", "2026-11-20", id="Saturday is Monday, five working days late"),
        pytest.param("2026-11-09 08:00", "2026-11-20", id="a week late"),
        pytest.param("2027-01-11 08:00", "2027-01-22", id="two months late"),
    ],
)
def test_a_round_that_opens_late_ends_as_many_working_days_later(opened: str, deadline: str) -> None:
    round_ = a_round(opened=opened)
    assert municipal_day(round_.deadline) == date.fromisoformat(deadline)
    assert round_.deadline > at(f"{deadline} 23:59")


@pytest.mark.parametrize(
    ("opened", "closes"),
    [
        pytest.param("2026-11-02 08:00", "2026-12-01 08:00", id="when the next one opens"),
        pytest.param("2026-12-01 08:00", "2026-12-14 23:59", id="not before its own deadline"),
    ],
)
def test_a_round_can_be_corrected_until_the_next_opens(opened: str, closes: str) -> None:
    assert a_round(opened=opened).closes_at.replace(second=0, microsecond=0) == at(closes)


@pytest.mark.parametrize(
    ("month", "opened", "reminders"),
    [
        pytest.param("2026-10", "2026-11-02 08:00", "11-04 11-10", id="in time"),
        pytest.param("2026-12", "2027-01-04 08:00", "01-07 01-13", id="over Epiphany"),
        pytest.param("2026-10", "2026-11-02 18:00", "11-05 11-11", id="asked the next morning"),
        pytest.param("2026-10", "2026-11-07 12:00", "11-11 11-17", id="asked on the Monday after"),
        pytest.param("2026-10", "2026-11-09 08:00", "11-11 11-17", id="a week late"),
    ],
)
def test_reminders_come_on_the_third_and_seventh_working_day_counted_from_the_question(
    month: str, opened: str, reminders: str
) -> None:
    times = reminder_times(a_round(Month.parse(month), opened), DAYS)
    assert list(times) == [at(f"{opened[:4]}-{day} 08:00") for day in reminders.split()]


@pytest.mark.parametrize(
    ("asked", "now", "number"),
    [
        pytest.param("2026-11-02 08:00", "2026-11-04 07:59", None, id="not before eight"),
        pytest.param("2026-11-02 08:00", "2026-11-04 08:00", 1, id="the third working day"),
        pytest.param("2026-11-02 08:00", "2026-11-09 12:00", 1, id="missed, and caught up"),
        pytest.param("2026-11-02 08:00", "2026-11-10 08:00", 2, id="the seventh"),
        pytest.param("2026-11-02 08:00", "2026-11-13 23:59", 2, id="on the last day"),
        pytest.param("2026-11-02 08:00", "2026-11-14 00:00", None, id="the time to answer is over"),
        pytest.param("2026-11-04 08:00", "2026-11-04 08:01", None, id="just asked"),
        pytest.param("2026-11-05 08:00", "2026-11-09 12:00", None, id="asked after the first"),
        pytest.param("2026-11-05 08:00", "2026-11-10 08:00", 2, id="asked after the first, now the second"),
        pytest.param("2026-11-11 08:00", "2026-11-13 08:00", None, id="asked after both"),
    ],
)
def test_which_reminder_is_due_to_someone_asked_then(asked: str, now: str, number: int | None) -> None:
    assert reminder_due(a_round(), at(asked), at(now), DAYS) == number


@pytest.mark.parametrize(
    ("day", "until"),
    [
        pytest.param("2026-11-05", "2026-11-05", id="the day wished for"),
        pytest.param("2026-11-08", "2026-11-09", id="a Sunday is the Monday after it"),
        pytest.param("2026-11-13", "2026-11-13", id="the last day to answer"),
        pytest.param("2026-11-20", "2026-11-13", id="at most the last day to answer"),
        pytest.param("2026-11-14", "2026-11-13", id="the weekend after it"),
    ],
)
def test_a_snooze_lasts_until_a_working_morning_and_at_most_to_the_deadline(day: str, until: str) -> None:
    assert snooze_until(date.fromisoformat(day), a_round()) == at(f"{until} 08:00")


def test_a_task_is_answered_once_there_is_a_report() -> None:
    placement = Placement(
        PlacementId(1), "AKT-1", UnitId(1), "Norrgården", "hvb", date(2026, 1, 1), None, PersonId(1), None
    )
    asked = Task(
        TaskId(1), RoundId(1), OCTOBER, a_round().deadline, a_round().closes_at, placement, version=0
    )
    assert not asked.answered
    assert replace(asked, version=1).answered


@pytest.mark.parametrize(
    ("starts", "ends", "asked"),
    [
        ("2026-10-31", None, True),
        ("2026-11-01", None, False),
        ("2026-01-01", "2026-10-01", True),
        ("2026-01-01", "2026-09-30", False),
        ("2026-10-15", "2026-10-15", True),
        ("2026-09-01", "2026-11-30", True),
    ],
)
def test_a_placement_is_of_the_month_when_it_was_open_at_least_one_day(
    starts: str, ends: str | None, asked: bool
) -> None:
    last = date.fromisoformat(ends) if ends else None
    assert (open_days(date.fromisoformat(starts), last, OCTOBER.first, OCTOBER.last) > 0) is asked
