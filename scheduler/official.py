"""Tells the named official about the year's dates, and the quality team where nobody is named (R12)."""

from datetime import datetime

from assessment.alerting import tell_quality_team
from followup.people import Person, Role
from storage import outbox, people
from storage.database import Transaction


def tell_official(
    tx: Transaction, official: str, key: str, payload: dict[str, int], now: datetime, not_before: datetime
) -> int:
    """One message to the person whose key `official` is, or to the quality team; how many."""
    named = _official(tx, official)
    if named is None:
        return tell_quality_team(tx, key, "selection", payload, now, not_before=not_before)
    return outbox.queue(
        tx,
        f"{key}:{named.key}",
        "selection",
        {**payload, "official": named.id},
        now,
        person_id=named.id,
        not_before=not_before,
    )


def _official(tx: Transaction, key: str) -> Person | None:
    """The person of the key, while she works and may see how the units are doing."""
    person = people.by_key(tx, key) if key else None
    return person if person and person.active and person.role in (Role.QUALITY, Role.MANAGER) else None
