"""Everything that is due at a moment, done once however often and in whatever order it is asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from followup.month.rounds import RoundDays
from followup.times.deadlines import YearDates
from scheduler.alerts import say_alerts_again
from scheduler.asking import ask_and_remind, escalate, open_rounds
from scheduler.base_levels import remind_of_base_levels
from scheduler.digest import tell_of_the_week
from scheduler.follow_up_reminders import remind_of_actions
from scheduler.log_checkpoint import send_log_checkpoint
from scheduler.log_review import remind_of_log_review
from scheduler.piece import PIECE, PieceDone
from scheduler.year_dates import tell_of_dates
from services.risk.scoring import READING, catch_up
from services.risk.threshold import score_under_new
from storage import units
from storage.engine.database import Database, Transaction
from storage.imports import imports
from storage.messages import changed_cards, handled, links
from storage.times import wakes

# Teams sends again within minutes, and a card that is pressed later is told that it has been taken.
KEEPS_REPLIES = timedelta(days=30)
# What one alert that is said again takes of a transaction, in rows written.
SAYING = 10


@dataclass(frozen=True)
class Times:
    """When things are due, and the key of the official who answers for the yearly plan; configuration."""

    rounds: RoundDays = field(default_factory=RoundDays)
    year: YearDates = field(default_factory=YearDates)
    official: str = ""


@dataclass(frozen=True)
class Woken:
    """How many messages were queued, and whether more may be due."""

    queued: int
    more: bool


def tick_piece(tx: Transaction, now: datetime, times: Times, most: int = PIECE) -> Woken:
    """Does so much of what is due; what is left is found again in what is stored, whoever asks for it.

    A moment that was begun is finished as that moment, however late, so that a bot that was ended between two pieces
    leaves nothing out. One before a moment already woken for is taken as that later one: what was done is not undone.
    """
    moment, come_to = wakes.begin(tx, now)
    done, left = PieceDone(), None
    # What the jobs before it had to do is done: to ask each of them again in every piece would be the most of it.
    names = list(_JOBS)
    first = names.index(come_to) if come_to is not None and come_to in _JOBS else 0
    for name in names[first:]:
        done += _JOBS[name](tx, moment, times, most - done.rows)
        if done.rows >= most:
            left = name
            break
    wakes.record(tx, moment, left)
    return Woken(done.queued, more=left is not None or moment < now)


def tick(tx: Transaction, now: datetime, times: Times) -> int:
    """All that is due, where nobody waits for the transaction, and how many messages that queued; then none."""
    queued, more = 0, True
    while more:
        woken = tick_piece(tx, now, times)
        queued, more = queued + woken.queued, woken.more
    return queued


def wake(database: Database, now: datetime, times: Times) -> int:
    """All that is due, beside a bot that may be running, and how many messages that queued."""
    queued, more = 0, True
    while more:
        with database.piece() as tx:
            woken = tick_piece(tx, now, times)
        queued, more = queued + woken.queued, woken.more
    return queued


def _open(tx: Transaction, now: datetime, times: Times, room: int) -> PieceDone:
    return open_rounds(tx, now, times.rounds, room)


def _ask(tx: Transaction, now: datetime, times: Times, room: int) -> PieceDone:
    return ask_and_remind(tx, now, times.rounds, room)


def _read_month_ends(tx: Transaction, now: datetime, _: Times, room: int) -> PieceDone:
    """A band can rise at a month's end with nothing new, and that is alerted like any other rise."""
    # What an import has touched is read again by itself, a unit at a time.
    imported, rows = set(imports.unscored(tx)), 0
    for unit in units.followed_units(tx):
        if rows < room and unit.id not in imported:
            rows += READING * catch_up(tx, unit, now)
    return PieceDone(rows=rows)


def _score_under_new(tx: Transaction, now: datetime, _: Times, room: int) -> PieceDone:
    return PieceDone(rows=READING * score_under_new(tx, now, -(-room // READING)))


def _escalate(tx: Transaction, now: datetime, _: Times, room: int) -> PieceDone:
    return escalate(tx, now, room)


def _say_alerts_again(tx: Transaction, now: datetime, _: Times, room: int) -> PieceDone:
    queued = say_alerts_again(tx, now, -(-room // SAYING))
    return PieceDone(queued, SAYING * queued)


def _tell(tx: Transaction, now: datetime, times: Times, room: int) -> PieceDone:
    queued = tell_of_dates(tx, now, times.year, times.official) + remind_of_actions(tx, now)
    queued += tell_of_the_week(tx, now, times.year) + remind_of_base_levels(tx, now)
    queued += remind_of_log_review(tx, now) + send_log_checkpoint(tx, now)
    return PieceDone(queued, queued)


def _forget(tx: Transaction, now: datetime, _: Times, room: int) -> PieceDone:
    links.forget_ended(tx, now)
    rows = handled.forget_replies(tx, now - KEEPS_REPLIES, room)
    rows += handled.forget(tx, now, room - rows)
    rows += changed_cards.forget(tx, now - KEEPS_REPLIES, room - rows)
    return PieceDone(rows=rows)


_Job = Callable[[Transaction, datetime, Times, int], PieceDone]
# In the order in which they are done; a piece goes on with the one whose name is stored.
_JOBS: Mapping[str, _Job] = {
    "open": _open,
    "ask": _ask,
    "read_month_ends": _read_month_ends,
    "score_under_new": _score_under_new,
    "escalate": _escalate,
    "say_alerts_again": _say_alerts_again,
    "tell": _tell,
    "forget": _forget,
}
