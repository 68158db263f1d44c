"""What has been done with an alert: who took it, handed it over, noted."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from followup import AlertId, PersonId
from storage.engine.database import Transaction
from storage.engine.tables import alert_note


@dataclass(frozen=True)
class AlertNote:
    """Handed to oneself means taken; handed to nobody, a plain note."""

    id: int
    at: datetime
    person_id: PersonId
    handed_to_id: PersonId | None
    text: str | None


_OF_ALERT = select(alert_note).where(alert_note.c.alert_id == bindparam("alert_id")).order_by(alert_note.c.id)
_ADD = insert(alert_note).returning(alert_note.c.id)


def add(
    tx: Transaction,
    alert_id: AlertId,
    person_id: PersonId,
    now: datetime,
    *,
    handed_to_id: PersonId | None = None,
    text: str | None = None,
) -> int:
    row = {
        "alert_id": alert_id,
        "at": now,
        "person_id": person_id,
        "handed_to_id": handed_to_id,
        "text": tx.vault.seal_some(text),
    }
    note_id: int = tx.connection.execute(_ADD, row).scalar_one()
    return note_id


def of_alert(tx: Transaction, alert_id: AlertId) -> list[AlertNote]:
    """Oldest first."""
    return [
        AlertNote(row.id, row.at, row.person_id, row.handed_to_id, tx.vault.open_some(row.text))
        for row in tx.connection.execute(_OF_ALERT, {"alert_id": alert_id})
    ]
