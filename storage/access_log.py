"""Who has read or written what about a child, and who was turned away."""

from datetime import datetime

from sqlalchemy import insert, select

from storage.database import Transaction
from storage.prepared import Prepared
from storage.tables import access_log

_INSERT = Prepared(insert(access_log))


def record(
    tx: Transaction,
    act: str,
    subject: str,
    now: datetime,
    *,
    person_id: int | None = None,
    stranger: str | None = None,
    detail: str | None = None,
) -> None:
    row = {
        "at": now,
        "person_id": person_id,
        "stranger": stranger,
        "act": act,
        "subject": subject,
        "detail": detail,
    }
    _INSERT.changed(tx.connection, row)


def acts(tx: Transaction, act: str) -> list[tuple[int | None, str | None, str]]:
    """Person, stranger and subject of every entry of the kind, oldest first."""
    query = select(access_log).where(access_log.c.act == act).order_by(access_log.c.id)
    return [(row.person_id, row.stranger, row.subject) for row in tx.connection.execute(query)]
