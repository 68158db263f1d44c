"""Rows of the outbox by their number, their key, their state, or the message that they went in."""

from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select

from storage.engine.database import Transaction
from storage.engine.prepared import Prepared
from storage.engine.tables import delivery
from storage.messages.delivery import Delivery, DeliveryState, read_row, read_rows

_BY_ID = Prepared(select(delivery).where(delivery.c.id == bindparam("delivery_id")))


def get(tx: Transaction, delivery_id: int) -> Delivery | None:
    row = _BY_ID.first(tx.connection, {"delivery_id": delivery_id})
    return None if row is None else read_row(row)


def begins(prefix: str) -> ColumnElement[bool]:
    """Whether a key begins so; the prefix ends in a colon."""
    # No index is used for LIKE with an escape, or with a prefix that comes as a parameter.
    return and_(delivery.c.key >= prefix, delivery.c.key < f"{prefix[:-1]};")


def of_one_message(number: Any, person_id: Any, slot: Any) -> ColumnElement[bool]:
    """The row of that number, and all that have its slot to the same person, which go in the same message."""
    beside = and_(delivery.c.person_id == person_id, delivery.c.started_at == slot)
    return or_(delivery.c.id == number, beside)


def starting(tx: Transaction, prefix: str) -> list[Delivery]:
    """Those whose key begins so, oldest first; the prefix ends in a colon."""
    return read_rows(tx.connection.execute(select(delivery).where(begins(prefix)).order_by(delivery.c.id)))


def keys_starting(tx: Transaction, prefix: str) -> list[str]:
    query = select(delivery.c.key).where(begins(prefix))
    return list(tx.connection.execute(query).scalars())


def listed(
    tx: Transaction, states: tuple[DeliveryState, ...], limit: int = 200, start: int = 0
) -> list[Delivery]:
    query = select(delivery).where(delivery.c.state.in_(states)).order_by(delivery.c.id.desc())
    query = query.limit(limit).offset(start)
    return read_rows(tx.connection.execute(query))
