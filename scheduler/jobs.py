"""The jobs that a moment may have, in their order, and what must have changed before each is done again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from followup import UnitId
from followup.month.rounds import RoundDays
from followup.provider import Unit
from followup.times.calendar import municipal_day
from followup.times.deadlines import YearDates
from scheduler.alerts import say_alerts_again
from scheduler.asking import ask_and_remind, open_rounds, tell_ownerless
from scheduler.base_levels import remind_of_base_levels
from scheduler.clock_reminders import remind_of_clocks
from scheduler.digest import tell_of_the_week
from scheduler.duty_reminders import remind_of_decisions, tell_of_the_year
from scheduler.escalation import escalate
from scheduler.follow_up_reminders import remind_of_actions
from scheduler.in_doubt import name_workers_in_doubt, say_in_doubt_again
from scheduler.leaves import tell_of_leaves
from scheduler.log_checkpoint import send_log_checkpoint
from scheduler.log_review import remind_of_log_review
from scheduler.outcomes import group_outcomes
from scheduler.piece import LOOKING_AT_ONE, PieceDone
from scheduler.signals import tell_of_signals
from scheduler.year_dates import tell_of_dates
from services.risk.failed_work import FailedWork
from services.risk.reading_beside import BesidePieces
from services.risk.scoring import READING, SCORING, catch_up
from services.risk.scoring_left import score_left
from services.risk.threshold import score_under_new
from services.signals.progress import hand_out
from storage.engine.database import Transaction
from storage.imports import imports, uploads
from storage.messages import changed_cards, handled, links
from storage.month.drafts import DRAFTS
from storage.register import sessions, units
from storage.risk import standings
from storage.times.job_looks import Place

# Teams sends again within minutes, and a card that is pressed later is told that it has been taken.
KEEPS_REPLIES = timedelta(days=30)
UNITS_AT_ONCE, UNITS_TOGETHER = 50, 5
# What it takes to see which of so many units have something to read, and what one digest does, in rows written.
LOOKING_AT_UNITS, DIGEST = 20, 3
# What one signal that is given to somebody takes of a transaction, in rows written.
GIVING = 5


@dataclass(frozen=True)
class Times:
    """When things are due, the key of the official of the yearly plan, and whether clocks are reminded of.

    `own_homes` is whether the municipality's own foster homes are asked about each month. What is large is left
    `beside` to be read between two pieces, else all is read within them. What has `failed` in a wake is left out of it.
    """

    rounds: RoundDays = field(default_factory=RoundDays)
    year: YearDates = field(default_factory=YearDates)
    official: str = ""
    clocks: bool = False
    own_homes: bool = False
    beside: BesidePieces | None = None
    failed: FailedWork = field(default_factory=FailedWork)


def _open(tx: Transaction, now: datetime, times: Times, room: int, place: Place | None) -> PieceDone:
    return open_rounds(tx, now, times.rounds, room, place, own_homes=times.own_homes)


def _tell_ownerless(tx: Transaction, now: datetime, _: Times, room: int, place: Place | None) -> PieceDone:
    return tell_ownerless(tx, now, room, place)


def _ask(tx: Transaction, now: datetime, times: Times, room: int, place: Place | None) -> PieceDone:
    return ask_and_remind(tx, now, times.rounds, room, place)


def _tell_of_leaves(tx: Transaction, now: datetime, _: Times, room: int, place: Place | None) -> PieceDone:
    return tell_of_leaves(tx, now, room, place)


def _caught_up(tx: Transaction, unit: Unit, now: datetime, times: Times, room: int) -> int | None:
    # A month's end and today go together, since today is read again where somebody comes between them.
    most = max(2, room // READING)
    return times.beside.catch_up(tx, unit, now, most) if times.beside else catch_up(tx, unit, now, most)


def _read_month_ends(
    tx: Transaction, now: datetime, times: Times, room: int, place: Place | None
) -> PieceDone:
    """A band can rise at a month's end with nothing new, and that is alerted like any other rise."""
    # What an import has touched is read again by itself, a unit at a time.
    imported, rows = set(imports.unscored(tx)), 0
    after: UnitId = place["after"] if place else UnitId(0)
    while some := units.units_after(tx, after, UNITS_AT_ONCE):
        if rows >= room:
            return PieceDone(rows=rows, place={"after": after})
        rows += LOOKING_AT_UNITS
        passed = imported | standings.up_to_date(tx, after, some[-1].id, municipal_day(now))
        for unit in some:
            if unit.segment and unit.id not in passed and times.failed.begin(unit.id):
                while (read := _caught_up(tx, unit, now, times, room)) != 0:
                    rows = max(rows, room) if read is None else rows + READING * read
                    if rows >= room:
                        return PieceDone(rows=rows, place={"after": after})
                times.failed.begin("read_month_ends")
                rows, after = rows + LOOKING_AT_ONE, unit.id
                if rows >= room:
                    return PieceDone(rows=rows, place={"after": after})
        after = some[-1].id
    return PieceDone(rows=rows)


def _score_under_new(tx: Transaction, now: datetime, _: Times, room: int, place: Place | None) -> PieceDone:
    rows = 0
    after: UnitId | None = place["after"] if place else UnitId(0)
    while after is not None:
        if rows >= room:
            return PieceDone(rows=rows, place={"after": after})
        scored, after = score_under_new(tx, now, after, UNITS_TOGETHER)
        rows += LOOKING_AT_ONE + SCORING * scored
    return PieceDone(rows=rows)


def _escalate(tx: Transaction, now: datetime, _: Times, room: int, place: Place | None) -> PieceDone:
    return escalate(tx, now, room, place)


def _score_left(tx: Transaction, now: datetime, times: Times, room: int, _: Place | None) -> PieceDone:
    """One unit in each piece, and all that the jobs before have left."""
    return PieceDone(rows=room if score_left(tx, now, times.beside, times.failed) else 0)


def _say_alerts_again(tx: Transaction, now: datetime, _: Times, room: int, place: Place | None) -> PieceDone:
    return say_alerts_again(tx, now, room, place)


def _say_in_doubt_again(
    tx: Transaction, now: datetime, times: Times, room: int, _place: Place | None
) -> PieceDone:
    queued = say_in_doubt_again(tx, now, room)
    queued += name_workers_in_doubt(tx, now, times.rounds, max(0, room - queued))
    return PieceDone(queued, queued)


def _tell(tx: Transaction, now: datetime, times: Times, _room: int, _place: Place | None) -> PieceDone:
    queued = tell_of_dates(tx, now, times.year, times.official) + remind_of_base_levels(tx, now)
    queued += remind_of_log_review(tx, now) + send_log_checkpoint(tx, now)
    return PieceDone(queued, queued)


def _remind_of_actions(tx: Transaction, now: datetime, _: Times, room: int, place: Place | None) -> PieceDone:
    return remind_of_actions(tx, now, room, place)


def _tell_of_the_week(tx: Transaction, now: datetime, _: Times, room: int, _place: Place | None) -> PieceDone:
    queued = tell_of_the_week(tx, now, -(-room // DIGEST))
    return PieceDone(queued, DIGEST * queued)


def _remind_of_clocks(
    tx: Transaction, now: datetime, times: Times, room: int, place: Place | None
) -> PieceDone:
    return remind_of_clocks(tx, now, room, place) if times.clocks else PieceDone()


def _hand_out(tx: Transaction, now: datetime, times: Times, room: int, _: Place | None) -> PieceDone:
    given = hand_out(tx, now, times.official, -(-room // GIVING))
    return PieceDone(rows=GIVING * given)


def _tell_of_signals(tx: Transaction, now: datetime, _: Times, room: int, _place: Place | None) -> PieceDone:
    queued = tell_of_signals(tx, now, room)
    return PieceDone(queued, queued)


def _group_outcomes(tx: Transaction, now: datetime, _: Times, room: int, place: Place | None) -> PieceDone:
    return group_outcomes(tx, now, room, place)


def _remind_of_decisions(
    tx: Transaction, now: datetime, _: Times, room: int, place: Place | None
) -> PieceDone:
    return remind_of_decisions(tx, now, room, place)


def _tell_of_the_year(tx: Transaction, now: datetime, _: Times, room: int, place: Place | None) -> PieceDone:
    return tell_of_the_year(tx, now, room, place)


def _forget(tx: Transaction, now: datetime, _: Times, room: int, _place: Place | None) -> PieceDone:
    rows = links.forget_ended(tx, now, room)
    rows += handled.forget_replies(tx, now - KEEPS_REPLIES, room - rows)
    rows += handled.forget(tx, now, room - rows)
    rows += changed_cards.forget(tx, now - KEEPS_REPLIES, room - rows)
    rows += sessions.forget_ended(tx, now, room - rows)
    rows += DRAFTS.forget_old(tx, now, room - rows)
    rows += uploads.forget_old(tx, now, room - rows)
    return PieceDone(rows=rows)


@dataclass(frozen=True)
class Job:
    """`topics` are those of storage.times.job_looks whose changes can make something due, beside the calendar's turns.

    Without any it is asked on each wake, and finds by an index what is due. With `has_places` it goes through many
    things and says where it is.
    """

    work: Callable[[Transaction, datetime, Times, int, Place | None], PieceDone]
    topics: tuple[str, ...] = ()
    has_places: bool = False


# In the order in which they are done; a piece goes on with the one whose name is stored.
JOBS: Mapping[str, Job] = {
    "open": Job(_open, ("register", "round"), has_places=True),
    "tell_ownerless": Job(_tell_ownerless, ("register", "absence", "round", "task"), has_places=True),
    "ask": Job(_ask, ("register", "absence", "round", "task"), has_places=True),
    "tell_of_leaves": Job(_tell_of_leaves, ("absence", "task"), has_places=True),
    "read_month_ends": Job(_read_month_ends, ("register",), has_places=True),
    "score_under_new": Job(_score_under_new, ("register", "method"), has_places=True),
    "escalate": Job(_escalate, has_places=True),
    "score_left": Job(_score_left),
    "say_alerts_again": Job(_say_alerts_again, ("register", "alert"), has_places=True),
    "say_in_doubt_again": Job(_say_in_doubt_again),
    "hand_out": Job(_hand_out, ("register",)),
    "remind_of_decisions": Job(_remind_of_decisions, ("register", "alert"), has_places=True),
    "tell_of_the_year": Job(_tell_of_the_year, ("register",), has_places=True),
    "tell_of_signals": Job(_tell_of_signals, ("register",)),
    "tell": Job(_tell, ("register", "duty", "method"), has_places=True),
    "remind_of_actions": Job(_remind_of_actions, ("register", "duty"), has_places=True),
    "tell_of_the_week": Job(_tell_of_the_week, ("register", "duty")),
    "remind_of_clocks": Job(_remind_of_clocks, ("register", "absence"), has_places=True),
    "group_outcomes": Job(_group_outcomes, ("register",), has_places=True),
    "forget": Job(_forget),
}
