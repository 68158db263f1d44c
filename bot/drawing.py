"""Messages that are due, drawn beside the writer: what is said may be read from every unit, and nobody waits for it."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Literal
from uuid import uuid4

from bot.cards import LARGEST_BYTES, PageLink, attachment, draw, size_of
from bot.connector import Json
from bot.posting import ReadyMessage, Sender
from dialogs.card import Card
from dialogs.messages.message_replies import WRITING, say_now
from followup.access.municipality import Municipality
from followup.log.chain import LogEntry
from followup.people import Person
from services.overview.settings import waits_until
from storage.engine.database import StorageError, Transaction
from storage.messages import conversations, waiting
from storage.messages.conversations import Address
from storage.messages.outbox import UPDATE, Delivery
from storage.register import people

log = logging.getLogger(__name__)
# What is drawn after so long has been waited for by those that were drawn before it.
LONG = 0.25


@dataclass(frozen=True)
class Drawn:
    """A message as it is to be said, and what is to be logged before it goes."""

    ready: ReadyMessage
    unlogged: Sequence[LogEntry] = ()

    @property
    def delivery(self) -> Delivery:
        return self.ready.delivery


@dataclass(frozen=True)
class Unsaid:
    """A message that does not go: it ends, or it waits where what it says could not be read just now.

    `until` is when a quiet day of the person's is over.
    """

    delivery: Delivery
    state: Literal["cancelled", "failed", "ready"]
    reason: str
    until: datetime | None = None


@dataclass(frozen=True)
class ToWrite:
    """A message that writes as it is said, and so is drawn where it is claimed."""

    delivery: Delivery


@dataclass(frozen=True)
class Accompanied:
    """A message that more of its family waits beside: they are made one before any of them is drawn."""

    delivery: Delivery


OneDrawn = Drawn | Unsaid | ToWrite | Accompanied


def draw_all(
    tx: Transaction,
    due: Sequence[Delivery],
    now: datetime,
    municipality: Municipality,
    sender: Sender,
    seconds: Callable[[], float] = monotonic,
) -> list[OneDrawn]:
    """Draws what is true at this moment; of what takes long only that one, and what came before it is drawn again."""
    drawn: list[OneDrawn] = []
    for delivery in due:
        began = seconds()
        one = _draw(tx, delivery, now, municipality, sender)
        if seconds() - began > LONG:
            return [one]
        drawn.append(one)
    return drawn


def _draw(
    tx: Transaction, delivery: Delivery, now: datetime, municipality: Municipality, sender: Sender
) -> OneDrawn:
    if waiting.is_accompanied(tx, delivery, now):
        return Accompanied(delivery)
    if delivery.kind in WRITING:
        return ToWrite(delivery)
    return draw_one(tx, delivery, now, municipality, sender)


def draw_one(
    tx: Transaction, delivery: Delivery, now: datetime, municipality: Municipality, sender: Sender
) -> Drawn | Unsaid:
    already = len(tx.unlogged or ())
    try:
        until = _quiet_until(tx, delivery, now)
        if until is not None:
            return Unsaid(delivery, "ready", "the person has a quiet day", until)
        card = say_now(tx, delivery, now, municipality)
    except StorageError:
        log.exception("delivery %s could not be read", delivery.id)
        return Unsaid(delivery, "ready", "could not be read")
    except Exception:
        # One message that cannot be written must not hold up the others.
        log.exception("delivery %s could not be written", delivery.id)
        return Unsaid(delivery, "failed", "could not be written, see the log")
    if card is None:
        return Unsaid(delivery, "cancelled", "nothing left to say")
    ready = _addressed(tx, delivery, card, sender)
    return Drawn(ready, (tx.unlogged or ())[already:]) if isinstance(ready, ReadyMessage) else ready


def is_as_drawn(tx: Transaction, one: Drawn, sender: Sender) -> bool:
    """Whether it is still for the same person, with the same role, account and conversation."""
    person = _recipient(tx, one.delivery)
    return person == one.ready.person and _where(tx, one.delivery, person, sender) == one.ready.address


def _addressed(tx: Transaction, delivery: Delivery, card: Card, sender: Sender) -> ReadyMessage | Unsaid:
    person = _recipient(tx, delivery)
    activity = _activity(delivery, card, person.language if person else "sv", sender.pages)
    size = size_of(activity)
    if size > LARGEST_BYTES:
        log.error("delivery %s is too large: %s bytes", delivery.id, size)
        return Unsaid(delivery, "failed", f"too large: {size // 1024} KB")
    address = _where(tx, delivery, person, sender)
    if delivery.kind == UPDATE and address is None:
        # Behind the conversation that she had with another account, somebody else may read.
        return Unsaid(delivery, "cancelled", "the person has another conversation now")
    return ReadyMessage(delivery, activity, address, person)


def _quiet_until(tx: Transaction, delivery: Delivery, now: datetime) -> datetime | None:
    person = _recipient(tx, delivery)
    if person is None or not person.quiet_days or delivery.kind == UPDATE:
        return None
    return waits_until(tx, person, delivery.message, now)


def _recipient(tx: Transaction, delivery: Delivery) -> Person | None:
    return people.by_id(tx, delivery.person_id) if delivery.person_id else None


def _where(tx: Transaction, delivery: Delivery, person: Person | None, sender: Sender) -> Address | None:
    """A changed card goes where its message stands, as long as that is where its person is."""
    known = conversations.address_of(tx, person_id=delivery.person_id, channel=delivery.channel)
    if delivery.kind != UPDATE:
        return known
    if person is not None and (known is None or known.conversation_id != delivery.conversation_id):
        return None
    return Address(delivery.conversation_id or "", known.service_url if known else sender.service_url)


def _activity(delivery: Delivery, card: Card, language: str, pages: PageLink) -> Json:
    """The buttons carry a nonce that names the delivery, so that a press proves that it arrived."""
    # A changed card is drawn again and again, and what is pressed on one drawing is not what is pressed on another.
    nonce = uuid4().hex if delivery.kind == UPDATE else f"d{delivery.id}"
    drawn = draw(card, nonce, language, pages=pages)
    return {"type": "message", "summary": card.summary, "attachments": [attachment(drawn)]}
