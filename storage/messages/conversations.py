"""Where each person and channel can be reached, as last seen."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, select, update

from followup import PersonId
from storage.engine.database import Transaction, insert_new
from storage.engine.prepared import Prepared
from storage.engine.tables import conversation

_OF_PERSON = Prepared(select(conversation).where(conversation.c.person_id == bindparam("wanted")))
_OF_CHANNEL = Prepared(select(conversation).where(conversation.c.channel == bindparam("wanted")))


@dataclass(frozen=True)
class Address:
    conversation_id: str
    service_url: str


@dataclass(frozen=True)
class Refusal:
    """A channel takes nothing: since when, and the connector's newest word on why."""

    since: datetime
    why: str


def remember(
    tx: Transaction,
    address: Address,
    now: datetime,
    *,
    person_id: PersonId | None = None,
    channel: str | None = None,
) -> bool:
    """Stores the newest address of a person or a channel; true where none was known."""
    known = address_of(tx, person_id=person_id, channel=channel)
    if known == address:
        return False
    values = {"conversation_id": address.conversation_id, "service_url": address.service_url, "seen_at": now}
    if not insert_new(tx, conversation, person_id=person_id, channel=channel, **values):
        tx.connection.execute(update(conversation).where(_of(person_id, channel)).values(**values))
        accepted(tx, channel)
    return known is None


def address_of(
    tx: Transaction, *, person_id: PersonId | None = None, channel: str | None = None
) -> Address | None:
    query, wanted = (_OF_PERSON, person_id) if person_id is not None else (_OF_CHANNEL, channel)
    row = query.first(tx.connection, {"wanted": wanted})
    return None if row is None else Address(row.conversation_id, row.service_url)


def forget(tx: Transaction, person_id: PersonId) -> None:
    """A person's is asked for anew when there is something to say."""
    tx.connection.execute(delete(conversation).where(conversation.c.person_id == person_id))


def refused(tx: Transaction, channel: str, why: str, now: datetime) -> bool:
    """Marks the channel, which is never forgotten; true where it was not marked before."""
    known = refusal_of(tx, channel)
    values = {"refused_at": known.since if known else now, "refused_why": why}
    marked = tx.connection.execute(
        update(conversation).where(conversation.c.channel == channel).values(**values)
    )
    return known is None and marked.rowcount == 1


def accepted(tx: Transaction, channel: str | None) -> None:
    """The channel takes messages: the mark is gone."""
    marked = (conversation.c.channel == channel) & conversation.c.refused_at.is_not(None)
    tx.connection.execute(update(conversation).where(marked).values(refused_at=None, refused_why=None))


def refusal_of(tx: Transaction, channel: str) -> Refusal | None:
    row = _OF_CHANNEL.first(tx.connection, {"wanted": channel})
    return Refusal(row.refused_at, row.refused_why) if row and row.refused_at else None


def _of(person_id: PersonId | None, channel: str | None) -> ColumnElement[bool]:
    if person_id is not None:
        return conversation.c.person_id == person_id
    return conversation.c.channel == channel
