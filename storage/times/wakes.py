"""The latest moment that the clock's jobs have been done for."""

from datetime import datetime

from sqlalchemy import select, update

from storage.engine.database import Transaction, insert_new
from storage.engine.tables import wake


def latest(tx: Transaction) -> datetime | None:
    at: datetime | None = tx.connection.execute(select(wake.c.at)).scalar_one_or_none()
    return at


def record(tx: Transaction, at: datetime) -> None:
    """Never goes back: waking for an earlier moment changes nothing."""
    if not insert_new(tx, wake, id=1, at=at):
        tx.connection.execute(update(wake).where(wake.c.at < at).values(at=at))
