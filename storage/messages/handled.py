"""What has been answered already: the same activity, or the same content of the same card, has one effect."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from storage.engine.database import Transaction, insert_new
from storage.engine.prepared import Prepared
from storage.engine.tables import handled

_BY_KEYS = Prepared(
    select(handled.c.key, handled.c.reply, handled.c.at).where(
        handled.c.key.in_((bindparam("handled_key"), bindparam("another_key")))
    )
)
_OF_CARD = Prepared(
    select(handled.c.reply).where(handled.c.card == bindparam("on_card")).order_by(handled.c.at.desc())
)
_ANSWERED = Prepared(
    update(handled)
    .where(handled.c.key == bindparam("handled_key"), handled.c.reply.is_(None))
    .values(reply=bindparam("nothing"))
)


@dataclass(frozen=True)
class Answered:
    """`reply` is empty where no more is known than that it was answered."""

    reply: str
    at: datetime


def answered(tx: Transaction, key: str, another: str | None = None) -> Mapping[str, Answered]:
    """What was kept of the answers, by key; none where there has been none or it is not known to have arrived."""
    rows = _BY_KEYS.all(tx.connection, {"handled_key": key, "another_key": another or key})
    return {row.key: Answered(tx.vault.open(row.reply), row.at) for row in rows if row.reply is not None}


def of_card(tx: Transaction, card: str) -> list[str]:
    """The replies that are kept to presses on the card, newest first."""
    rows = _OF_CARD.all(tx.connection, {"on_card": card})
    return [tx.vault.open_some(row.reply) or "" for row in rows]


def record(tx: Transaction, key: str, reply: str | None, now: datetime, *, card: str | None = None) -> bool:
    """Keeps the reply, or without one that the key has been taken; false where another was quicker."""
    return insert_new(tx, handled, key=key, at=now, reply=tx.vault.seal_some(reply), card=card)


def forget_replies(tx: Transaction, before: datetime) -> int:
    """Empties what was answered before the moment and says how many; that it was answered stays."""
    empty = tx.vault.seal("")
    changed = tx.connection.execute(
        update(handled)
        .where(handled.c.at < before, func.length(handled.c.reply) > len(empty))
        .values(reply=empty)
    )
    return changed.rowcount


def mark_answered(tx: Transaction, key: str) -> None:
    """The reply to what was taken has arrived."""
    _ANSWERED.changed(tx.connection, {"handled_key": key, "nothing": tx.vault.seal("")})
