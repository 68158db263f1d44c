"""What may never have arrived: said once more and labelled, or left to the next reminder; and somebody is told."""

from datetime import datetime, time, timedelta

from followup.messages.month import LISTS, InDoubt
from followup.messages.operation import Trouble
from followup.month.rounds import Round, RoundDays, asked_for_the_last_time
from followup.people import Person, Role
from followup.times.calendar import at_municipal, in_working_hours, municipal_day, working_moment
from storage.engine.database import Transaction
from storage.messages import doubts, ledger, queueing, recipients
from storage.month import awaiting, rounds
from storage.register import people

# An answer, or a word from Teams that comes late, may settle it by itself.
SETTLES = timedelta(minutes=10)
# What is older than that is no news to anybody.
STILL_NEWS = timedelta(days=7)


def say_in_doubt_again(tx: Transaction, now: datetime, most: int) -> int:
    """Each such message once more, an alert at once, and the administrators once a day that there were any."""
    since, until = now - STILL_NEWS, now - SETTLES
    queued = sum(
        doubts.say_once_more(tx, one, now, now if one.urgent else working_moment(now))
        for one in doubts.in_doubt(tx, since, until, most)
    )
    newest = doubts.newest_doubt(tx, since, until)
    return queued if newest is None else queued + _tell(tx, newest, now)


def _tell(tx: Transaction, newest: datetime, now: datetime) -> int:
    trouble = Trouble("in_doubt", at_municipal(municipal_day(newest), time(0)), now)
    return sum(
        queueing.queue(
            tx,
            f"{trouble.key()}:{admin.key}",
            trouble,
            now,
            person_id=admin.id,
            not_before=working_moment(now),
        )
        for admin in people.with_role(tx, Role.ADMIN)
    )


def name_workers_in_doubt(tx: Transaction, now: datetime, days: RoundDays, most: int) -> int:
    """Tells managers, once a month, of whom it is not known whether any of the month's lists has reached her."""
    if not in_working_hours(now):
        return 0
    queued = 0
    for round_ in rounds.asking_rounds(tx, now):
        if asked_for_the_last_time(round_, days) + SETTLES <= now < round_.deadline:
            queued += _name_of_round(tx, round_, now, most - queued)
    return queued


def _name_of_round(tx: Transaction, round_: Round, now: datetime, most: int) -> int:
    told = {int(key.split(":")[2]) for key in ledger.keys_starting(tx, InDoubt.keys_of(round_.id))}
    perhaps = doubts.people_in_doubt(tx, LISTS, round_.opened_at, now - SETTLES)
    untold = [one for one in perhaps if one not in told]
    states = recipients.states_by_person(tx, LISTS, round_.opened_at, untold) if untold else {}
    queued = 0
    for person in people.some(tx, states).values():
        if queued < most and not states[person.id] & _MAY_HAVE_REACHED and _has_left(tx, person, round_, now):
            queued += _name(tx, round_, person, now)
    return queued


# One of them has come to her, or is still to go.
_MAY_HAVE_REACHED = frozenset({"sent", "ready", "sending"})


def _has_left(tx: Transaction, person: Person, round_: Round, now: datetime) -> bool:
    left = awaiting.left_of_person(tx, person, now) if person.active else []
    return any(one.round_id == round_.id for one in left)


def _name(tx: Transaction, round_: Round, person: Person, now: datetime) -> int:
    """Those that a manager is told of at once are one message to her, when it goes."""
    named = InDoubt(round_.id, person.id)
    return sum(
        queueing.queue(tx, named.key(manager.id), named, now, person_id=manager.id)
        for manager in people.managers(tx).of(person)
    )
