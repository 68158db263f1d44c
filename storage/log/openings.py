"""Who has given a reason to read what was written about a thing, on which day; the reason stands in the access log."""

from datetime import date

from sqlalchemy import bindparam, select

from followup import PersonId
from followup.log.subject import Subject
from storage.engine.database import Transaction, insert_new
from storage.engine.tables import opened_texts

_OPENED = select(opened_texts.c.subject).where(
    opened_texts.c.subject == bindparam("subject"),
    opened_texts.c.person_id == bindparam("person_id"),
    opened_texts.c.day == bindparam("day"),
)


def open_until_midnight(tx: Transaction, subject: Subject, person_id: PersonId, day: date) -> None:
    """The person has given a reason to read it that day."""
    insert_new(tx, opened_texts, subject=str(subject), person_id=person_id, day=day)


def is_open(tx: Transaction, subject: Subject, person_id: PersonId, day: date) -> bool:
    opened = {"subject": str(subject), "person_id": person_id, "day": day}
    return tx.connection.execute(_OPENED, opened).first() is not None
