"""What has been answered already: the same activity or the same card has one effect, and gets the same answer."""

from datetime import datetime

from sqlalchemy import bindparam, select

from storage.database import Transaction, insert_new
from storage.prepared import Prepared
from storage.tables import handled

_BY_KEY = Prepared(select(handled.c.reply).where(handled.c.key == bindparam("handled_key")))


def reply_to(tx: Transaction, key: str) -> str | None:
    """The kept reply, empty where none was kept; None when the key is new."""
    row = _BY_KEY.first(tx.connection, {"handled_key": key})
    return None if row is None else tx.vault.open_some(row.reply) or ""


def record(tx: Transaction, key: str, reply: str | None, now: datetime) -> None:
    insert_new(tx, handled, key=key, at=now, reply=tx.vault.seal_some(reply))
