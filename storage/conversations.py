"""Where each person and channel can be reached, as last seen."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, select, update

from storage.database import Transaction, insert_new
from storage.prepared import Prepared
from storage.tables import conversation

_OF_PERSON = Prepared(select(conversation).where(conversation.c.person_id == bindparam("wanted")))
_OF_CHANNEL = Prepared(select(conversation).where(conversation.c.channel == bindparam("wanted")))


@dataclass(frozen=True)
class Address:
    conversation_id: str
    service_url: str


def remember(
    tx: Transaction,
    address: Address,
    now: datetime,
    *,
    person_id: int | None = None,
    channel: str | None = None,
) -> None:
    """Stores the newest address of a person or a channel."""
    if address_of(tx, person_id=person_id, channel=channel) == address:
        return
    values = {"conversation_id": address.conversation_id, "service_url": address.service_url, "seen_at": now}
    if not insert_new(tx, conversation, person_id=person_id, channel=channel, **values):
        tx.connection.execute(update(conversation).where(_of(person_id, channel)).values(**values))


def address_of(
    tx: Transaction, *, person_id: int | None = None, channel: str | None = None
) -> Address | None:
    query, wanted = (_OF_PERSON, person_id) if person_id is not None else (_OF_CHANNEL, channel)
    row = query.first(tx.connection, {"wanted": wanted})
    return None if row is None else Address(row.conversation_id, row.service_url)


def forget(tx: Transaction, *, person_id: int | None = None, channel: str | None = None) -> None:
    tx.connection.execute(delete(conversation).where(_of(person_id, channel)))


def _of(person_id: int | None, channel: str | None) -> ColumnElement[bool]:
    if person_id is not None:
        return conversation.c.person_id == person_id
    return conversation.c.channel == channel
