"""Reminds of the law's clocks once a day in one message; tells the manager of what is late and what is nobody's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from followup import PersonId
from followup.clocks.clock import CONTRACT_REMIND_DAYS
from followup.clocks.due import ClockDue, reminder_reached
from followup.messages.clocks import ClocksLate, ClocksNear
from followup.messages.month import LISTS
from followup.messages.operation import WeeklyDigest
from followup.people import ALLOWED, Conversation, Managers, Person, Role, may
from followup.provider import EndingContract
from followup.times.calendar import at_municipal, in_working_hours, municipal_day, next_working_day
from scheduler.piece import LOOKING_AT_ONE, PieceDone
from services.clocks.own_clocks import times_by_placement
from storage.clocks import contracts, owners, told
from storage.clocks.told import LATE, NOBODYS, ClockTold
from storage.engine.database import Transaction
from storage.messages import queueing
from storage.register import people
from storage.times.job_looks import Place

_CONTRACT = "contract"
# What one placement's clocks take of a piece, in rows: its newest reports are read.
LOOKING = 5


@dataclass(frozen=True)
class _Look:
    """What one piece looks with: all of nobody alone, since no piece may read everybody."""

    tx: Transaction
    now: datetime
    today: date
    managers: Managers

    @property
    def seen_until(self) -> date:
        """What falls on days off is said on the working day before them."""
        return next_working_day(self.today) - timedelta(days=1)

    def contracts_of(self, person_id: PersonId) -> Sequence[EndingContract]:
        return contracts.ending(self.tx, self.today, self._contracts_until, person_id)

    @cached_property
    def nobodys_contracts(self) -> Sequence[EndingContract]:
        """Those that nobody who is told of clocks answers for, for the managers; no others are read."""
        told = [role for role in Role if Conversation.CLOCKS in ALLOWED[role]]
        return contracts.ending(self.tx, self.today, self._contracts_until, not_of=told)

    @property
    def _contracts_until(self) -> date:
        return next_working_day(self.today) + timedelta(days=max(CONTRACT_REMIND_DAYS))


def remind_of_clocks(tx: Transaction, now: datetime, room: int, place: Place | None) -> PieceDone:
    """Each person is looked at once a working day, and again when the register has become another."""
    if not in_working_hours(now):
        return PieceDone()
    today, after = municipal_day(now), PersonId(place["after"] if place else 0)
    wanted = told.not_looked_at(tx, today, after, -(-room // LOOKING_AT_ONE))
    if not wanted:
        return PieceDone()
    look, done = _Look(tx, now, today, people.managers(tx)), PieceDone()
    some = people.some(tx, wanted)
    for person_id in wanted:
        if done.rows >= room:
            break
        done += _look_at(tx, look, some[person_id])
        told.mark_looked_at(tx, person_id, today)
        after = person_id
    return done + PieceDone(place={"after": after})


def _look_at(tx: Transaction, look: _Look, person: Person) -> PieceDone:
    concerning = owners.concerning(tx, person, look.today)
    hers = [one.placement for one in concerning if one.person_id == person.id]
    nobodys = [one.placement for one in concerning if one.person_id is None]
    times = times_by_placement(tx, [*hers, *nobodys], look.now)
    open_ = [one for of in hers for one in times[of.id] if one.open_on(look.today)]
    lost = [one for of in nobodys for one in times[of.id] if one.open_on(look.today)]
    ending = _of_contracts(look, person)
    near = [*_reminders(open_, look.seen_until), *ending]
    late = [_told(one, LATE) for one in open_ if one.overdue(look.today)]
    late += [_told(one, NOBODYS) for one in _first_of_each(lost)]
    queued = _tell_worker(tx, look, person, near)
    for manager in look.managers.of(person) if late else ():
        queued += _tell_manager(tx, look, manager, late)
    if may(person, Conversation.CLOCKS) and person.role == "manager":
        queued += _tell_manager(tx, look, person, ending)
    return PieceDone(queued, max(LOOKING_AT_ONE, LOOKING * len(times)))


def _reminders(open_: Iterable[ClockDue], seen_until: date) -> list[ClockTold]:
    """The newest reminder of each that has come; of what is late, the last one."""
    reached = ((one, one.reminder(seen_until)) for one in open_)
    return [_told(one, days) for one, days in reached if days is not None]


def _first_of_each(times: Iterable[ClockDue]) -> list[ClockDue]:
    """Of a placement that is nobody's the next last day alone: the manager is told of the placement."""
    first: dict[int, ClockDue] = {}
    for one in times:
        first.setdefault(one.placement_id, one)
    return list(first.values())


def _told(one: ClockDue, days: int) -> ClockTold:
    return ClockTold(one.clock.code, one.due, days, placement_id=one.placement_id)


def _of_contracts(look: _Look, person: Person) -> list[ClockTold]:
    """Those that she answers for; a manager also those that nobody who is told of clocks does."""
    nobodys = look.nobodys_contracts if person.role == "manager" else ()
    found = {one.id: one for one in (*look.contracts_of(person.id), *nobodys)}.values()
    reached = ((one, reminder_reached(one.ends, CONTRACT_REMIND_DAYS, look.seen_until)) for one in found)
    return [
        ClockTold(_CONTRACT, one.ends, days, contract_id=one.id) for one, days in reached if days is not None
    ]


def _tell_worker(tx: Transaction, look: _Look, person: Person, near: Sequence[ClockTold]) -> int:
    """In the list that waits to go to her, where one does; else by itself, but never a second one the same day."""
    if not near or person.role != "worker" or not may(person, Conversation.CLOCKS):
        return 0
    new = told.new_of(tx, person.id, near)
    if not new:
        return 0
    return _tell(tx, look, person, new, ClocksNear(look.today), LISTS)


def _tell_manager(tx: Transaction, look: _Look, manager: Person, late: Sequence[ClockTold]) -> int:
    new = told.new_of(tx, manager.id, late)
    if not new or not may(manager, Conversation.CLOCKS):
        return 0
    return _tell(tx, look, manager, new, ClocksLate(look.today), (WeeklyDigest.kind,))


def _tell(
    tx: Transaction,
    look: _Look,
    person: Person,
    new: Sequence[ClockTold],
    message: ClocksNear | ClocksLate,
    others: Sequence[str],
) -> int:
    """In the day's message of the other kinds, where one waits to go; after it, what has its last day today alone."""
    waiting, gone = told.sent_since(tx, person.id, others, at_municipal(look.today, time(0)))
    if waiting is None and gone and all(one.days != 0 for one in new):
        # Tomorrow is early enough.
        return 0
    key = waiting or message.key(person.id)
    told.record(tx, person.id, new, key, look.now)
    return 0 if waiting else queueing.queue(tx, key, message, look.now, person_id=person.id)
