"""Standing in: the substitute is asked, may say no, and is told when it begins and ends."""

from collections.abc import Collection
from dataclasses import dataclass

from followup import PersonId
from followup.log.subject import What
from followup.messages.leaves import LOOKED_BACK, turn_on
from followup.messages.month import LeaveTold
from followup.people import Conversation, Leave, StandInAnswer
from followup.times.calendar import working_moment
from services.acting import Acting, Refused, Why
from storage.engine.locks import hold_person
from storage.messages import queueing
from storage.month import awaiting, rounds
from storage.register import people


def ask_to_stand_in(acting: Acting, leave_id: int, away: Leave) -> None:
    """In the transaction that records the leave; with one that has begun come its tasks."""
    told = LeaveTold(leave_id, "asked")
    if not _tell(acting, told, away.substitute_id) or away.starts > acting.today:
        return
    substitute = people.by_id(acting.tx, away.substitute_id) if away.substitute_id else None
    left = awaiting.left_of_person(acting.tx, substitute, acting.now) if substitute else []
    if substitute and left:
        # The message lists what has come to her.
        new = [one.task_id for one in left]
        rounds.record_asking(acting.tx, new, substitute.id, told.key, working_moment(acting.now))


def tell_no_longer(acting: Acting, ended: Collection[int], still: PersonId | None = None) -> None:
    """Those who were asked and had not said no, but for the one who is asked of another leave in its place."""
    for leave_id in ended:
        away = people.leave_by_id(acting.tx, leave_id)
        if away.stand_in not in (None, still) and away.ends >= acting.today:
            _tell(acting, LeaveTold(leave_id, "off"), away.stand_in)


def _tell(acting: Acting, told: LeaveTold, person_id: PersonId | None) -> bool:
    if person_id is None:
        return False
    at = working_moment(acting.now)
    return queueing.queue(acting.tx, told.key, told, acting.now, person_id=person_id, not_before=at)


@dataclass(frozen=True)
class StandingIn:
    """A leave with the name of who is away; `is_on` while nobody has taken it back, `is_back` when she is there."""

    number: int
    leave: Leave
    absent: str
    is_on: bool
    is_back: bool


def stand_in(acting: Acting, leave_id: int) -> StandingIn:
    away = people.leave_by_id(acting.tx, leave_id)
    absent = people.some(acting.tx, [away.person_id])[away.person_id].name
    leaves = people.leaves_of(acting.tx, away.person_id, acting.today).values()
    is_away = any(one.starts <= acting.today for one in leaves)
    return StandingIn(leave_id, away, absent, people.is_standing(acting.tx, leave_id), not is_away)


def answer_asked(acting: Acting, leave_id: int | None, answer: StandInAnswer) -> StandingIn | Refused:
    """Hers to answer as long as it stands; a no is told to the one who is away."""
    if not acting.may(Conversation.LEAVE):
        return acting.refuse(What.LEAVE.of())
    hold_person(acting.tx, acting.person.id)
    standing = people.leaves_concerning(acting.tx, acting.person.id, acting.today)
    away = standing.get(leave_id) if leave_id is not None else None
    if leave_id is None or away is None or away.substitute_id != acting.person.id:
        return Refused(Why.CHANGED)
    if away.answer != answer:
        people.answer_leave(acting.tx, leave_id, answer, acting.now)
        acting.log("write", What.LEAVE.of(), detail=f"stands in: {answer}", records=0)
        if answer == "no":
            _tell(acting, LeaveTold(leave_id, "declined"), away.person_id)
    return stand_in(acting, leave_id)


@dataclass(frozen=True)
class LeaveNews:
    """Of the day: for whom she begins to stand in and who is back, and whether she is back herself."""

    begins: list[StandingIn]
    ends: list[StandingIn]
    own_back: bool


def news_of_day(acting: Acting) -> LeaveNews:
    found = people.leaves_concerning(acting.tx, acting.person.id, acting.today - LOOKED_BACK)
    turns = {id_: turn_on(one, acting.today) for id_, one in found.items()}
    mine = [id_ for id_, one in found.items() if one.stand_in == acting.person.id]
    return LeaveNews(
        [stand_in(acting, id_) for id_ in mine if turns[id_] == "begins"],
        [one for id_ in mine if turns[id_] == "ends" and (one := stand_in(acting, id_)).is_back],
        any(one.person_id == acting.person.id and turns[id_] == "ends" for id_, one in found.items()),
    )
