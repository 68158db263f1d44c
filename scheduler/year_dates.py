"""The year's dates: the named official is reminded of them, the quality team where nobody is named (R12)."""

from dataclasses import replace
from datetime import datetime

from followup.messages.follow_ups import DateNear
from followup.people import Person, Role
from followup.times.calendar import municipal_day, working_moment
from followup.times.deadlines import YearDateNotice, YearDates, due_notices
from services.quality_team import tell_quality_team
from services.selection.selection_state import has_passed
from storage.engine.database import Transaction
from storage.messages import ledger, queueing
from storage.register import people


def tell_of_dates(tx: Transaction, now: datetime, dates: YearDates, official: str) -> int:
    """The official, or the quality team, is told 30 and 7 days before each date of the year, and on the day.
    The message gives the days that are left when it can be read, 0 once the day has come.
    """
    queued, at = 0, working_moment(now)
    for notice in due_notices(municipal_day(now), dates):
        near = DateNear(notice.occasion, notice.due, part=notice.part)
        key = near.key(notice.days)
        if ledger.keys_starting(tx, f"{key}:") or _has_passed(tx, notice):
            continue
        queued += _tell(tx, official, key, near, now, at)
    return queued


def _has_passed(tx: Transaction, notice: YearDateNotice) -> bool:
    return has_passed(tx, notice.occasion, notice.due.year, notice.part)


def _tell(
    tx: Transaction, official: str, key: str, near: DateNear, now: datetime, not_before: datetime
) -> int:
    """One message to the person whose key `official` is, or to the quality team; how many."""
    named = _official(tx, official)
    if named is None:
        return tell_quality_team(tx, key, near, now, not_before=not_before)
    return queueing.queue(
        tx,
        f"{key}:{named.key}",
        replace(near, official_id=named.id),
        now,
        person_id=named.id,
        not_before=not_before,
    )


def _official(tx: Transaction, key: str) -> Person | None:
    """The person of the key, while she works and may see how the units are doing."""
    person = people.by_key(tx, key) if key else None
    return person if person and person.active and person.role in (Role.QUALITY, Role.MANAGER) else None
