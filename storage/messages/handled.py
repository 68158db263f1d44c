"""What has been answered already: the same activity, or the same content of the same card, has one effect."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update

from storage.engine.columns import Instant
from storage.engine.database import Transaction, insert_new
from storage.engine.locks import hold
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
# A card stays in its chat, and what is pressed on the same one again is the same deed for longer than a year's round.
CARDS_LIVE = timedelta(days=400)
# Teams sends an activity again within minutes; what came of no card of ours is never seen after that.
SENT_AGAIN = timedelta(days=30)
_KEPT_LONGEST = (
    select(handled.c.key)
    .where(handled.c.card.is_not(None), handled.c.at < bindparam("before", type_=Instant))
    .order_by(handled.c.at)
    .limit(bindparam("most"))
)
_EMPTY = update(handled).where(handled.c.key.in_(_KEPT_LONGEST)).values(reply=bindparam("nothing"), card=None)
_OVER = (
    select(handled.c.key)
    .where(handled.c.known_until < bindparam("now", type_=Instant))
    .order_by(handled.c.known_until)
    .limit(bindparam("most"))
)
_FORGET = delete(handled).where(handled.c.key.in_(_OVER))
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


def claim(tx: Transaction, key: str) -> None:
    """The same press, or another on the same card, waits until this one has been answered for."""
    hold(tx, key, "press")


def of_card(tx: Transaction, card: str) -> list[str]:
    """The replies that are kept to presses on the card, newest first."""
    rows = _OF_CARD.all(tx.connection, {"on_card": card})
    return [tx.vault.open_some(row.reply) or "" for row in rows]


def record(tx: Transaction, key: str, reply: str | None, now: datetime, *, card: str | None = None) -> bool:
    """Keeps the reply, or without one that the key has been taken; false where another was quicker."""
    known_until = now + (SENT_AGAIN if card is None else CARDS_LIVE)
    sealed = tx.vault.seal_some(reply)
    return insert_new(tx, handled, key=key, at=now, reply=sealed, card=card, known_until=known_until)


def forget_replies(tx: Transaction, before: datetime, most: int) -> int:
    """Empties so many of what was answered before the moment, and says how many; that it was answered stays."""
    given = {"before": before, "most": most, "nothing": tx.vault.seal("")}
    return tx.connection.execute(_EMPTY, given).rowcount


def forget(tx: Transaction, now: datetime, most: int) -> int:
    """Deletes so many of the rows that are no longer to be known, and says how many."""
    return tx.connection.execute(_FORGET, {"now": now, "most": most}).rowcount


def mark_answered(tx: Transaction, key: str) -> None:
    """The reply to what was taken has arrived."""
    _ANSWERED.changed(tx.connection, {"handled_key": key, "nothing": tx.vault.seal("")})
