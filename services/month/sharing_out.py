"""What a manager does about reports that are left: reminds the one who has them, or gives her placements to another."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from followup import PersonId
from followup.log.subject import What
from followup.messages.month import Nudge
from followup.people import Conversation, Person
from followup.placement import Placement
from followup.times.calendar import working_moment
from followup.wording.wording import Problem, wording
from services.acting import Acting, Refused, Why
from services.month.missing_reports import givable, missing_in, reminder_day
from storage.engine.locks import hold
from storage.imports import ownership
from storage.messages import queueing
from storage.month import rounds
from storage.register import people


@dataclass(frozen=True)
class Given:
    number: int
    to: Person


def hand_over(acting: Acting, giver: str, unit: str, taker: str) -> Given | Refused:
    """A new owner for each; the clock then asks her, and what the one before answered stays that one's.

    The words are those of `Givable`: a person's or a unit's number, nobody, everywhere.
    """
    if not acting.may(Conversation.UNANSWERED):
        return acting.refuse(What.HAND_OVER.of())
    hold(acting.tx, "hand over")
    found = givable(acting)
    new = next((one for one in found.takers if str(one.id) == taker), None)
    given = found.of(giver, unit)
    problems = [*_giver_problems(giver, given), *_taker_problems(acting, giver, new)]
    if problems or new is None:
        return Refused(Why.WRONG, tuple(problems))
    ownership.hand_over(acting.tx, [one.id for one in given], new.id, acting.today, acting.now)
    for placement in given:
        acting.log("write", What.OWNER.of(placement.id), detail=new.key)
    return Given(len(given), new)


def _giver_problems(giver: str, given: Sequence[Placement]) -> list[Problem]:
    if not giver:
        return [Problem("from", wording("form.missing"))]
    return [] if given else [Problem("unit", wording("hand_over.none_there"))]


def _taker_problems(acting: Acting, giver: str, new: Person | None) -> list[Problem]:
    if new is None:
        return [Problem("to", wording("form.missing"))]
    if str(new.id) == giver:
        return [Problem("to", wording("hand_over.same"))]
    leaves = people.leaves_of(acting.tx, new.id, acting.today).values()
    away = any(one.starts <= acting.today for one in leaves)
    return [Problem("to", wording("leave.substitute_away", name=new.name))] if away else []


@dataclass(frozen=True)
class Reminded:
    """Who was reminded now, and who has been so today already, by anybody."""

    now: Sequence[Person]
    before: Sequence[Person]


def remind(acting: Acting, worker_ids: Collection[PersonId] | None = None) -> Reminded | Refused:
    """At most one a day to each of the manager's own people with something left; to all where nobody is named."""
    if not acting.may(Conversation.UNANSWERED):
        return acting.refuse(What.REMINDER.of())
    owing = missing_in(acting, rounds.asking_rounds(acting.tx, acting.now)).owing
    wanted = [one.person for one in owing if worker_ids is None or one.person.id in worker_ids]
    queued = [one for one in sorted(wanted, key=lambda one: one.id) if _remind(acting, one)]
    return Reminded(queued, [one for one in wanted if one not in queued])


def _remind(acting: Acting, worker: Person) -> bool:
    nudge = Nudge(acting.person.id)
    queued = queueing.queue(
        acting.tx,
        nudge.key(reminder_day(acting), worker.id),
        nudge,
        acting.now,
        person_id=worker.id,
        not_before=working_moment(acting.now),
    )
    if queued:
        acting.log("write", What.REMINDER.of(worker.id))
    return queued
