"""Rounds: when a month is asked about, when to remind, when an answer counts as missing, and who is asked."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from followup import PersonId, RoundId, TaskId, at_once
from followup.placement import Placement
from followup.times.calendar import (
    add_working_days,
    at_municipal,
    end_of_day,
    municipal_day,
    next_working_day,
    nth_working_day,
    working_moment,
)
from followup.times.month import Month, months_between

# Two rounds that open nearer to each other than this would ask the same people twice at once.
APART = timedelta(days=7)


@dataclass(frozen=True)
class RoundDays:
    """Which working days of the month after the one asked about; all at 08:00 municipal time."""

    opens: int = 1
    reminders: tuple[int, ...] = (3, 7)
    deadline: int = 10


@dataclass(frozen=True)
class Round:
    """`asks` is false for a month that was read in as history: it has answers, and asks nobody."""

    id: RoundId
    month: Month
    opened_at: datetime
    deadline: datetime
    closes_at: datetime
    asks: bool = True
    escalated_at: datetime | None = None


@at_once
@dataclass(frozen=True)
class Task:
    """One placement to be reported on in one round; `version` is the newest report's, 0 where there is none."""

    id: TaskId
    round_id: RoundId
    month: Month
    deadline: datetime
    closes_at: datetime
    placement: Placement
    version: int
    by_statement: bool = False

    @property
    def answered(self) -> bool:
        return self.version > 0

    @property
    def ended_on(self) -> date | None:
        """The placement's last day where that is in the month: then this is its last report."""
        ends = self.placement.ends
        return ends if ends is not None and ends <= self.month.last else None

    def stands_in(self, person_id: PersonId) -> bool:
        """Whether the person answers for another's child."""
        return self.placement.owner_id != person_id


def opening(month: Month, days: RoundDays) -> datetime:
    """When the round about the month opens."""
    return at_municipal(nth_working_day(month.next, days.opens))


def months_to_open(now: datetime, last_asked: Month | None, days: RoundDays) -> list[Month]:
    """Every month whose opening has passed and that was never asked about; at the very first, one at most."""
    first = first_month(now, days) if last_asked is None else last_asked.next
    return months_between(first, _newest_opened(now, days))


def first_month(now: datetime, days: RoundDays) -> Month:
    """What the very first round is about: the newest month, or the next one where that opens within a week."""
    newest = _newest_opened(now, days)
    return newest.next if opening(newest.next, days) - now <= APART else newest


def _newest_opened(now: datetime, days: RoundDays) -> Month:
    newest = Month.of(municipal_day(now)).previous
    return newest if now >= opening(newest, days) else newest.previous


def late_days(month: Month, opened_at: datetime, days: RoundDays) -> int:
    """Working days from the day that the round should have opened to the day that it did."""
    day, late = nth_working_day(month.next, days.opens), 0
    while day < municipal_day(opened_at):
        day, late = next_working_day(day), late + 1
    return late


def deadline_of(month: Month, opened_at: datetime, days: RoundDays) -> datetime:
    """The end of the last day to answer; a round that opened late gives its people the same time."""
    planned = nth_working_day(month.next, days.deadline)
    return end_of_day(add_working_days(planned, late_days(month, opened_at, days)))


def closing_of(month: Month, deadline: datetime, days: RoundDays) -> datetime:
    """A round can be corrected until the next one opens."""
    return max(opening(month.next, days), deadline)


def reminder_times(round_: Round, days: RoundDays) -> tuple[datetime, ...]:
    """A round that opened outside working hours asks the next working morning, and counts from then."""
    late = late_days(round_.month, working_moment(round_.opened_at), days)
    return tuple(
        at_municipal(add_working_days(nth_working_day(round_.month.next, nth), late))
        for nth in days.reminders
    )


def asked_for_the_last_time(round_: Round, days: RoundDays) -> datetime:
    """After it nothing more is said of the round by itself to those who were asked as it opened."""
    return max((working_moment(round_.opened_at), *reminder_times(round_, days)))


def reminder_due(round_: Round, asked_at: datetime, now: datetime, days: RoundDays) -> int | None:
    """The number of the newest reminder that is due to someone asked then, from 1; None when none is.

    Older ones that were missed are not sent: someone who is caught up with is reminded once.
    """
    if now >= round_.deadline:
        return None
    due = [
        number
        for number, time in enumerate(reminder_times(round_, days), 1)
        if time <= now and asked_at < time
    ]
    return due[-1] if due else None


def snooze_until(day: date, round_: Round) -> datetime:
    """08:00 on the day or the first working day after it, at most on the last day to answer."""
    return working_moment(at_municipal(min(day, municipal_day(round_.deadline))))
