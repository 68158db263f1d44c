"""The quality team is reminded of the year's base levels until somebody has adopted them, at most once a week."""

from datetime import datetime

from followup.messages.operation import BaseLevelsDue
from followup.times.calendar import municipal_day, working_moment
from services.quality_team import tell_quality_team
from services.risk.base_levels import not_to_decide
from storage.engine.database import Transaction
from storage.messages import ledger


def remind_of_base_levels(tx: Transaction, now: datetime) -> int:
    """From the day on which they are proposed; also those who want no digest are told."""
    if not_to_decide(tx, now) is not None:
        return 0
    at, due = working_moment(now), BaseLevelsDue(municipal_day(now).year)
    key = due.key(municipal_day(at), ledger.keys_starting(tx, due.keys_of()))
    return 0 if key is None else tell_quality_team(tx, key, due, now, not_before=at)
