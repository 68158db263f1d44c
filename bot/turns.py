"""One turn in one transaction: taken once, however often it is sent, and answered the same."""

import logging
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from bot.cards import LARGEST_BYTES, LinkOf, draw, no_link, size_of
from bot.charts import PictureOf, no_picture
from bot.links import downloads_for, pictures_for
from dialogs import switchboard
from dialogs.texts import Texts
from dialogs.turn import USUAL_HOUSE, House, Press, Reply, Said
from followup.people import Role
from followup.rounds import RoundDays
from followup.subject import What
from storage import access_log, conversations, handled, missed, people
from storage.conversations import Address
from storage.database import Transaction
from storage.outbox import QUALITY_CHANNEL

log = logging.getLogger(__name__)
Json = dict[str, Any]
OURS = re.compile(r"[a-z0-9]{1,40}")


@dataclass(frozen=True)
class Answer:
    """What goes back: a drawn card, a text or a notice; `again` marks the answer to a repeated turn.

    `for_all` says that the card has changed for everyone who sees it, and not only for the one who pressed.
    """

    card: Json | None = None
    summary: str = ""
    text: str = ""
    notice: str = ""
    again: bool = False
    for_all: bool = False


def take(
    tx: Transaction,
    said: Said,
    now: datetime,
    days: RoundDays,
    nonce: str,
    house: House = USUAL_HOUSE,
    address: str = "",
) -> Answer:
    """Takes the turn, or gives the answer that it had, while the person may still have it.

    A text is answered anew until it is known that its answer arrived: what is typed changes nothing.
    """
    key = _key(said)
    kept = handled.reply_to(tx, key)
    if kept is not None and (not kept or switchboard.lets_in(tx, said, house)):
        return Answer(**{**orjson.loads(kept), "again": True}) if kept else _taken(tx, said)
    reply = switchboard.answer(tx, said, now, days, nonce, house)
    reached = "" if said.channel else address
    pictures = pictures_for(tx, said, reached, now)
    files = downloads_for(tx, said, reached, now)
    answer = _answer(said, reply, nonce, pictures, files)
    if said.press is None:
        handled.record(tx, key, None, now)
    elif reply.effect:
        handled.record(tx, key, orjson.dumps(answer.__dict__).decode(), now)
    return answer


def _taken(tx: Transaction, said: Said) -> Answer:
    """What was typed needs no second answer; a button whose answer is no longer kept says that it was pressed."""
    if said.press is None:
        return Answer(again=True)
    person = people.by_teams_id(tx, said.teams_id, said.tenants)
    return Answer(notice=Texts(person.language if person else "sv")("press.taken"), again=True)


def answered(tx: Transaction, said: Said) -> None:
    """The answer to what was typed has arrived: the same activity, sent again, gets none."""
    handled.mark_answered(tx, _key(said))


def _key(said: Said) -> str:
    """A press is known by its card's nonce, since two devices send two activities; a text by its activity."""
    nonce = said.press.data.get("nonce") if said.press and said.press.verb in switchboard.VERBS else None
    if said.press is not None and isinstance(nonce, str) and OURS.fullmatch(nonce):
        return f"press:{said.teams_id}:{nonce}:{said.press.verb}:{_about(said.press)}"
    return f"activity:{said.conversation_id}:{said.activity_id}"


def _about(press: Press) -> int:
    """A list's buttons share its nonce and do different things."""
    return press.number("task") or press.number("worker") or 0


def _answer(
    said: Said, reply: Reply, nonce: str, pictures: PictureOf = no_picture, files: LinkOf = no_link
) -> Answer:
    card = draw(reply.card, nonce, reply.language, pictures, files) if reply.card else None
    if card is not None and size_of(card) > LARGEST_BYTES:
        log.error("an answer of %s bytes is too large for Teams", size_of(card))
        return Answer(text=Texts(reply.language)("card.too_large"))
    summary = reply.card.summary if reply.card else ""
    return Answer(card, summary, reply.text, reply.notice, for_all=said.channel and reply.effect)


def install(tx: Transaction, said: Said, now: datetime, days: RoundDays, nonce: str) -> Answer:
    """The bot was added: the conversation is remembered, what was missed is said, and a known person welcomed once.

    The first team to which one of the quality team adds it is theirs, unless the configuration names a channel.
    """
    address = Address(said.conversation_id.partition(";")[0], said.service_url)
    person = people.by_teams_id(tx, said.teams_id, said.tenants)
    if person is None or not person.active:
        access_log.record(tx, "refused", What.INSTALLATION.of(), now, stranger=said.teams_id)
        return Answer()
    if said.channel:
        unknown = conversations.address_of(tx, channel=QUALITY_CHANNEL) is None
        if unknown and person.role in (Role.QUALITY, Role.ADMIN):
            conversations.remember(tx, address, now, channel=QUALITY_CHANNEL)
        if conversations.address_of(tx, channel=QUALITY_CHANNEL) == address:
            conversations.accepted(tx, QUALITY_CHANNEL)
        return Answer()
    new = conversations.remember(tx, address, now, person_id=person.id)
    missed.say_again(tx, person.id, now)
    if not new:
        return Answer()
    return _answer(said, switchboard.welcome(tx, person, said, now, days, nonce), nonce)


def trouble(language: str, reference: str) -> str:
    """What a person is told when something went wrong in us; the log has the traceback by the same number."""
    return Texts(language)("trouble", reference=reference)
