"""A reminder on a day that a person chooses: nothing is said of her rounds before it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from followup.log.subject import What
from followup.month.rounds import Round, snooze_until
from followup.people import Conversation
from followup.times.calendar import is_working_day, municipal_day, next_working_day
from services.acting import Acting, Refused, Why
from storage.engine.locks import hold_person
from storage.month import awaiting, rounds

# More than a round is ever open.
LONGEST_WAIT = timedelta(days=366)


@dataclass(frozen=True)
class LastSnooze:
    """Its number, 0 where there is none, and until when."""

    number: int = 0
    until: datetime | None = None


def rounds_left(acting: Acting) -> list[Round]:
    """Those that wait for her and can still be answered in time."""
    mine = awaiting.of_person(acting.tx, acting.person, acting.now)
    waiting = {task.round_id for task in mine if not task.answered}
    asked = rounds.asking_rounds(acting.tx, acting.now)
    return [one for one in asked if one.id in waiting and one.deadline > acting.now]


def days_to_choose(acting: Acting) -> list[date]:
    """The working days until the last of the rounds is to be answered; none where it is too late."""
    left = rounds_left(acting)
    if not left:
        return []
    last = municipal_day(max(one.deadline for one in left))
    days = [acting.today + timedelta(days=step) for step in range(1, (last - acting.today).days + 1)]
    return [day for day in days if is_working_day(day)]


def last_snooze(acting: Acting) -> LastSnooze:
    """Her newest one in the rounds that wait for her."""
    of_rounds = (rounds.snoozes(acting.tx, one.id) for one in rounds_left(acting))
    own = [LastSnooze(*one[acting.person.id]) for one in of_rounds if acting.person.id in one]
    return max(own, key=lambda one: one.number, default=LastSnooze())


@dataclass(frozen=True)
class SnoozeRecorded:
    """Until the day nothing is said; `last` is the snooze's number."""

    until: date
    last: int


@dataclass(frozen=True)
class SnoozeOtherwise:
    """A day that the person has not been shown stands already; `day` is the one that she has chosen now."""

    until: date
    day: date


def snooze(
    acting: Acting, wanted: date | None, seen: Collection[int] | None = None
) -> SnoozeRecorded | SnoozeOtherwise | Refused:
    """Puts off what is said of the rounds that wait; done by now where the last day to answer is no later.

    `seen` are the snoozes that she was shown or has chosen before; without it the day is taken at its word.
    """
    if not acting.may(Conversation.MY_TASKS):
        return acting.refuse(What.SNOOZE.of())
    hold_person(acting.tx, acting.person.id)
    day = working_day(acting, wanted)
    stands = last_snooze(acting)
    if seen is not None and stands.until is not None and stands.until > acting.now:
        until = municipal_day(stands.until)
        choosable = day in days_to_choose(acting) and until != day
        if choosable and stands.number not in seen:
            return SnoozeOtherwise(until, day)
    return _snooze(acting, day)


def take_back_snooze(acting: Acting) -> Refused | None:
    """She is reminded as if she had never asked for another day."""
    if not acting.may(Conversation.MY_TASKS):
        return acting.refuse(What.SNOOZE.of())
    hold_person(acting.tx, acting.person.id)
    rounds.cancel_snoozes(acting.tx, acting.person.id, acting.now)
    acting.log("write", What.SNOOZE.of(), records=0)
    return None


def working_day(acting: Acting, wanted: date | None) -> date:
    """From tomorrow on, and no later than any round could wait: a calendar has a last day."""
    tomorrow = acting.today + timedelta(days=1)
    day = min(max(wanted or tomorrow, tomorrow), tomorrow + LONGEST_WAIT)
    return day if is_working_day(day) else next_working_day(day)


def _snooze(acting: Acting, day: date) -> SnoozeRecorded | Refused:
    """Nothing is said about the round before the working day; the last day to answer is the longest it can wait."""
    left = [one for one in rounds_left(acting) if snooze_until(day, one) > acting.now]
    if not left:
        return Refused(Why.DONE)
    acting.log("write", What.SNOOZE.of(), records=0)
    for round_ in left:
        until = snooze_until(day, round_)
        rounds.record_snooze(acting.tx, acting.person.id, round_.id, until, acting.now)
    first = municipal_day(min(snooze_until(day, round_) for round_ in left))
    return SnoozeRecorded(first, last_snooze(acting).number)
