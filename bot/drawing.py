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
from dialogs.messages.letter import letter, may_stand_in_one
from dialogs.messages.message_replies import WRITING, say_now
from followup import PersonId
from followup.access.municipality import Municipality
from followup.log.chain import LogEntry
from followup.messages.every import EveryMessage
from followup.messages.month import LeaveTold
from followup.messages.of_day import (
    begins_before_then,
    in_order,
    is_last_to_say,
    next_letter,
    rounds_asked,
)
from followup.people import Person
from followup.times.calendar import municipal_day
from services.overview.settings import waits_until
from storage.engine.database import StorageError, Transaction
from storage.messages import conversations, ledger, waiting
from storage.messages.conversations import Address
from storage.messages.delivery import UPDATE, Delivery
from storage.messages.written import readable
from storage.month import rounds
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

    `until` is when she may be told again, after the day's message, or after a day that she has chosen as `quiet`.
    """

    delivery: Delivery
    state: Literal["cancelled", "failed", "ready"]
    reason: str
    until: datetime | None = None
    quiet: bool = False


@dataclass(frozen=True)
class ToWrite:
    """A message that writes as it is said, and so is drawn where it is claimed, with the `riders` that wait still."""

    delivery: Delivery
    riders: tuple[Delivery, ...] = ()


@dataclass(frozen=True)
class Accompanied:
    """A message that more of its family waits beside: those of a group are made one before any of them is drawn."""

    delivery: Delivery
    groups: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class _Worded:
    """What a message says at this moment, and what was read for it."""

    delivery: Delivery
    message: EveryMessage
    card: Card
    unlogged: tuple[LogEntry, ...]


OneDrawn = Drawn | Unsaid | ToWrite | Accompanied


def draw_all(
    tx: Transaction,
    due: Sequence[Delivery],
    now: datetime,
    municipality: Municipality,
    sender: Sender,
    seconds: Callable[[], float] = monotonic,
    trusted: datetime | None = None,
) -> list[OneDrawn]:
    """Draws what is true at this moment; of what takes long only that one, and what came before it is drawn again."""
    drawn: list[OneDrawn] = []
    of_day = set[PersonId]()
    for delivery in due:
        if waiting.is_of_day(delivery) and delivery.person_id in of_day:
            # It goes in the day's message, or is looked at again when that has gone.
            continue
        began = seconds()
        one = _draw(tx, delivery, now, municipality, sender, trusted or now)
        if seconds() - began > LONG:
            return [one]
        drawn.append(one)
        if waiting.is_of_day(delivery) and delivery.person_id and not isinstance(one, Unsaid):
            of_day.add(delivery.person_id)
    return drawn


def _draw(
    tx: Transaction,
    delivery: Delivery,
    now: datetime,
    municipality: Municipality,
    sender: Sender,
    trusted: datetime,
) -> OneDrawn:
    # Of what is put off nothing is made one with what it may not go with yet.
    if unsaid := _told_already(tx, delivery, now):
        return unsaid
    beside = waiting.look_beside(tx, delivery, now, trusted)
    if beside.to_join:
        return Accompanied(delivery, beside.to_join)
    if any(one.kind in WRITING for one in (delivery, *beside.riders)):
        return ToWrite(delivery, beside.riders)
    return _with_riders(tx, delivery, beside.riders, now, municipality, sender)


def draw_one(
    tx: Transaction,
    delivery: Delivery,
    riders: Sequence[Delivery],
    now: datetime,
    municipality: Municipality,
    sender: Sender,
) -> Drawn | Unsaid:
    return _told_already(tx, delivery, now) or _with_riders(tx, delivery, riders, now, municipality, sender)


def _with_riders(
    tx: Transaction,
    delivery: Delivery,
    riders: Sequence[Delivery],
    now: datetime,
    municipality: Municipality,
    sender: Sender,
) -> Drawn | Unsaid:
    """With the riders in it, where it is the day's message."""
    worded = _word(tx, delivery, now, municipality)
    if isinstance(worded, Unsaid):
        return worded
    said = [worded]
    for one in riders:
        other = _word(tx, one, now, municipality)
        if isinstance(other, _Worded) and may_stand_in_one([*(each.card for each in said), other.card]):
            said.append(other)
    return _addressed(tx, said, sender)


def _told_already(tx: Transaction, delivery: Delivery, now: datetime) -> Unsaid | None:
    """Where she has had the one message of the day that nobody asked for, or it is on its way."""
    if delivery.person_id is None or not waiting.is_of_day(delivery):
        return None
    told = waiting.told_in(tx, delivery.person_id, municipal_day(now), now)
    if told is None or (told == "told" and _waits_no_more(tx, delivery, now)):
        return None
    until = next_letter(now) if told == "told" else None
    return Unsaid(delivery, "ready", "the person has had the day's message", until)


def _waits_no_more(tx: Transaction, delivery: Delivery, now: datetime) -> bool:
    """It has been put off once, or would come too late.

    So it would where it reminds of a month whose last day to answer this is, or asks of a leave that begins by then.
    """
    message = readable(delivery.kind, delivery.payload)
    if delivery.put_off or message is None:
        return delivery.put_off
    if isinstance(message, LeaveTold) and message.step == "asked":
        return begins_before_then(people.leave_by_id(tx, message.leave_id).starts, now)
    return is_last_to_say((rounds.get(tx, one).deadline for one in rounds_asked(message)), now)


def _word(tx: Transaction, delivery: Delivery, now: datetime, municipality: Municipality) -> _Worded | Unsaid:
    already = len(tx.unlogged or ())
    try:
        until = _quiet_until(tx, delivery, now)
        if until is not None:
            return Unsaid(delivery, "ready", "the person has a quiet day", until, quiet=True)
        card, message = say_now(tx, delivery, now, municipality), delivery.message
    except StorageError:
        log.exception("delivery %s could not be read", delivery.id)
        return Unsaid(delivery, "ready", "could not be read")
    except Exception:
        # One message that cannot be written must not hold up the others.
        log.exception("delivery %s could not be written", delivery.id)
        return Unsaid(delivery, "failed", "could not be written, see the log")
    if card is None:
        return Unsaid(delivery, "cancelled", "nothing left to say")
    return _Worded(delivery, message, card, tuple((tx.unlogged or ())[already:]))


def is_as_drawn(tx: Transaction, one: Drawn, now: datetime, sender: Sender) -> bool:
    """Whether it is still for the same person, with the same role, account and conversation, and all in it waits.

    Nor has anything else been sent as the day's message since.
    """
    if any(ledger.get(tx, rider.id) != rider for rider in one.ready.riders):
        return False
    if _told_already(tx, one.delivery, now) is not None:
        return False
    person = _recipient(tx, one.delivery)
    return person == one.ready.person and _where(tx, one.delivery, person, sender) == one.ready.address


def _addressed(tx: Transaction, said: Sequence[_Worded], sender: Sender) -> Drawn | Unsaid:
    """As many of them as one message holds, the first among them."""
    delivery, person = said[0].delivery, _recipient(tx, said[0].delivery)
    card = letter(in_order((one.message, one.card) for one in said))
    activity = _activity(delivery, card, person.language if person else "sv", sender.pages)
    size = size_of(activity)
    if size > LARGEST_BYTES and len(said) > 1:
        return _addressed(tx, said[:-1], sender)
    if size > LARGEST_BYTES:
        log.error("delivery %s is too large: %s bytes", delivery.id, size)
        return Unsaid(delivery, "failed", f"too large: {size // 1024} KB")
    address = _where(tx, delivery, person, sender)
    if delivery.kind == UPDATE and address is None:
        # Behind the conversation that she had with another account, somebody else may read.
        return Unsaid(delivery, "cancelled", "the person has another conversation now")
    riders = tuple(one.delivery for one in said[1:])
    ready = ReadyMessage(delivery, activity, address, person, riders)
    return Drawn(ready, [entry for one in said for entry in one.unlogged])


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
