"""Tells who stands in when it begins and ends, in the day's list where one goes to her, else by itself."""

from datetime import datetime

from followup import PersonId
from followup.messages.leaves import LOOKED_BACK, turn_on
from followup.messages.month import LeaveTold, Prompt, Reminder, Snoozed
from followup.times.calendar import in_working_hours, municipal_day
from storage.engine.database import Transaction
from storage.messages import outbox
from storage.register import people

# These say it too.
_LISTS = (Prompt.kind, Reminder.kind, Snoozed.kind)


def tell_of_leaves(tx: Transaction, now: datetime) -> int:
    """How many messages that queued."""
    if not in_working_hours(now):
        return 0
    today = municipal_day(now)
    found = people.standing_leaves(tx, today - LOOKED_BACK)
    turns = [(id_, one.stand_in, turn_on(one, today)) for id_, one in found.items()]
    return sum(
        _tell(tx, LeaveTold(id_, turn), stand_in, now)
        for id_, stand_in, turn in turns
        if turn is not None and stand_in is not None
    )


def _tell(tx: Transaction, told: LeaveTold, person_id: PersonId, now: datetime) -> bool:
    last = outbox.newest_of_kinds(tx, person_id, _LISTS)
    if last is not None and municipal_day(last.not_before) == municipal_day(now):
        return False
    return outbox.queue(tx, told.key, told, now, person_id=person_id)
