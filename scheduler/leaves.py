"""Tells who stands in when it begins and ends, in the day's list where one goes to her, else by itself."""

from datetime import datetime

from followup import PersonId
from followup.messages.leaves import LOOKED_BACK, turn_on
from followup.messages.month import LISTS, LeaveTold
from followup.times.calendar import in_working_hours, municipal_day
from scheduler.piece import LOOKING_AT_ONE, PieceDone
from storage.engine.database import Transaction
from storage.messages import queueing, recipients
from storage.register import people
from storage.times.job_looks import Place


def tell_of_leaves(tx: Transaction, now: datetime, room: int, place: Place | None) -> PieceDone:
    """Goes through the leaves that stand, in the order of their numbers."""
    if not in_working_hours(now):
        return PieceDone()
    today, done, after = municipal_day(now), PieceDone(), place["after"] if place else 0
    for id_, one in people.standing_leaves(tx, today - LOOKED_BACK).items():
        turn = turn_on(one, today) if id_ > after else None
        if turn is not None and one.stand_in is not None:
            if done.rows >= room:
                return done + PieceDone(place={"after": after})
            done += PieceDone(_tell(tx, LeaveTold(id_, turn), one.stand_in, now), LOOKING_AT_ONE)
        after = max(after, id_)
    return done


def _tell(tx: Transaction, told: LeaveTold, person_id: PersonId, now: datetime) -> bool:
    """The lists say it too."""
    last = recipients.newest_of_kinds(tx, person_id, LISTS)
    if last is not None and municipal_day(last.not_before) == municipal_day(now):
        return False
    return queueing.queue(tx, told.key, told, now, person_id=person_id)
