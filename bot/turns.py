"""One turn in one transaction: taken once, however often it is sent, and answered the same."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from bot.cards import LinkOf, PageLink, draw, is_too_large, no_link, no_page, size_of
from bot.charts import PictureOf, no_picture
from bot.links import downloads_for, pictures_for
from dialogs import switchboard
from dialogs.commands.registered import VERBS
from dialogs.messages.letter import stands_in_letter
from dialogs.receipts.changed_card import is_form
from dialogs.turn import Press, ReadBefore, Reply, Said, Stored, ToRead
from followup import PersonId
from followup.access.municipality import USUAL_MUNICIPALITY, Municipality
from followup.log.chain import LogEntry
from followup.log.subject import What
from storage.engine.database import Transaction
from storage.log import access_log
from storage.messages import changed_cards, conversations, handled, missed, read_receipts
from storage.messages.changed_cards import CardMessage
from storage.messages.conversations import Address
from storage.messages.delivery import QUALITY_CHANNEL
from storage.register import people
from texts.catalogue import Texts

log = logging.getLogger(__name__)
# Keys are stored for as long as cards live, so what is written of a content never changes.
_written = json.JSONEncoder(sort_keys=True).encode
Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What goes back: a drawn card, a text or a notice; `again` marks the answer to a repeated turn.

    `beside` that the card goes in a message of its own: a form is filled in where it was pressed, or more is said.
    `language` is what one whom the register knows is answered in. `to_read` stands for what it shows that is yet to be
    read (`read_after`), and `stored` says that whatever becomes of that, something has been stored.
    """

    card: Json | None = None
    summary: str = ""
    text: str = ""
    notice: str = ""
    again: bool = False
    beside: bool = False
    language: str = ""
    to_read: ToRead | None = None
    stored: bool = False


class TakenMeanwhileError(Exception):
    """The same press was taken by another process in the same moment: nothing is stored, and it is asked anew."""


def take(
    tx: Transaction,
    said: Said,
    now: datetime,
    nonce: str,
    municipality: Municipality = USUAL_MUNICIPALITY,
    address: str = "",
    ready: object = None,
    read: ReadBefore | None = None,
    pages: PageLink = no_page,
) -> Answer:
    """Takes the turn; the same press again stores nothing, and is answered by what may be seen now.

    A text is answered anew until it is known that its answer arrived: what is typed changes nothing.
    """
    key, earlier_key = _key(said), _key_before_contents_told(said)
    handled.claim(tx, said.card or key)
    known = handled.answered(tx, key, earlier_key)
    before = known.get(key)
    kept = Stored.read(before.reply, before.at) if before is not None else None
    if before is not None and kept is None:
        return _taken(tx, said)
    if before is None and earlier_key in known:
        # Whether it is the same deed or another cannot be told, so nothing is stored, and that is said.
        return _taken(tx, said, "press.taken_before")
    reply = switchboard.answer(tx, said, now, municipality, kept, ready, read)
    reached = "" if said.channel else address
    pictures = pictures_for(tx, said, reached, now)
    files = downloads_for(tx, said, reached, now)
    stored = kept is not None or reply.effect is not None
    answer = replace(
        _answer(said, reply, nonce, pictures, files, pages), to_read=reply.to_read, stored=stored
    )
    of_letter = said.press is not None and stands_in_letter(said.press)
    changed_cards.do_changes(tx, _message(tx, said, reply.person_id) if said.press else None)
    shows = answer.card is not None or reply.to_read is not None
    if shows and (of_letter or _covers_a_form(tx, said, reply.person_id, now)):
        answer = replace(answer, beside=True)
    if kept is not None:
        return replace(answer, again=True)
    stays = of_letter or (answer.beside and is_form(reply))
    if said.press is not None and shows and not stays:
        _follow(tx, said, reply, nonce, now)
    if said.press is None:
        handled.record(tx, key, None, now)
    elif reply.effect is not None:
        _keep(tx, said, key, reply.effect, now)
    return answer


@dataclass(frozen=True)
class ReadAfter:
    """What a turn that has been committed shows; yet to be logged."""

    reply: Reply
    unlogged: tuple[LogEntry, ...]


def read_after(
    tx: Transaction, said: Said, to_read: ToRead, now: datetime, municipality: Municipality
) -> ReadAfter:
    """Beside whoever writes: no older than what the turn has stored, since that has been committed."""
    reply = switchboard.read_after(tx, said, to_read, now, municipality)
    return ReadAfter(reply, tuple(tx.unlogged or ()))


def show(
    tx: Transaction,
    said: Said,
    taken: Answer,
    read: ReadAfter,
    now: datetime,
    nonce: str,
    address: str = "",
    pages: PageLink = no_page,
) -> Answer:
    """What was read, which is logged, as the answer of the turn that was taken."""
    for entry in read.unlogged:
        access_log.write(tx, entry)
    reached = "" if said.channel else address
    pictures, files = pictures_for(tx, said, reached, now), downloads_for(tx, said, reached, now)
    answer = _answer(said, read.reply, nonce, pictures, files, pages)
    return replace(
        answer, again=taken.again, beside=taken.beside and answer.card is not None, stored=taken.stored
    )


def takes_long(said: Said) -> bool:
    return said.press is not None and said.press.verb in switchboard.PREPARED


def reads_much(said: Said) -> bool:
    return switchboard.reads_much(said)


def read_before(tx: Transaction, said: Said, now: datetime, municipality: Municipality) -> ReadBefore | None:
    """What the turn is to show, where it changes nothing and there is much to read."""
    return switchboard.read_before(tx, said, now, municipality)


def prepare(
    tx: Transaction, said: Said, now: datetime, municipality: Municipality
) -> Callable[[], object] | None:
    """What takes long and is to be made before the turn; nothing for a press that has been taken already."""
    if handled.answered(tx, _key(said)):
        return None
    return switchboard.prepare(tx, said, now, municipality)


def _covers_a_form(tx: Transaction, said: Said, person_id: PersonId | None, now: datetime) -> bool:
    """An Action.Submit is answered by changing the message for every device, also the one where another form stands."""
    if said.press is None or said.press.in_place:
        return False
    message = _message(tx, said, person_id)
    return message is not None and changed_cards.shows_another_form(tx, message, said.press.nonce, now)


def _follow(tx: Transaction, said: Said, reply: Reply, nonce: str, now: datetime) -> None:
    """What has become of the message that the card stands in: the answer is seen where it was pressed alone."""
    message, pressed = _message(tx, said, reply.person_id), said.press.nonce if said.press else None
    if message is None:
        return
    if is_form(reply):
        changed_cards.open_form(tx, message, nonce, now)
    elif reply.effect is not None:
        content = {"what": reply.effect.what, "numbers": dict(reply.effect.numbers)}
        changed_cards.change(tx, message, content, pressed, now)
    else:
        changed_cards.close_form(tx, message, pressed, now)


def _message(tx: Transaction, said: Said, person_id: PersonId | None) -> CardMessage | None:
    """In the person's own chat, or in the channel that we send to; others are none of ours to change."""
    if not said.reply_to_id:
        return None
    if not said.channel:
        return CardMessage(said.conversation_id, said.reply_to_id, person_id=person_id) if person_id else None
    ours = conversations.address_of(tx, channel=QUALITY_CHANNEL)
    if ours is None or ours.conversation_id != said.conversation_id.partition(";")[0]:
        return None
    return CardMessage(said.conversation_id, said.reply_to_id, channel=QUALITY_CHANNEL)


def _keep(tx: Transaction, said: Said, key: str, effect: Stored, now: datetime) -> None:
    if not handled.record(tx, key, effect.written(), now, card=said.card):
        raise TakenMeanwhileError(key)


def _taken(tx: Transaction, said: Said, why: str = "press.taken") -> Answer:
    """What was typed needs no second answer; a button whose receipt is no longer kept says that it was pressed."""
    if said.press is None:
        return Answer(again=True)
    person = people.by_teams_id(tx, said.teams_id, said.tenants)
    return Answer(notice=Texts(person.language if person else "sv")(why), again=True)


def _key_before_contents_told(said: Said) -> str | None:
    """By what the press was known while presses were known without what was typed (until November 2026)."""
    press = said.press
    if press is None or press.nonce is None or press.verb not in VERBS:
        return None
    about = press.number("task") or press.number("worker") or 0
    return f"press:{said.teams_id}:{press.nonce}:{press.verb}:{about}"


def answered(tx: Transaction, said: Said) -> None:
    """The answer to what was typed has arrived: the same activity, sent again, gets none."""
    handled.mark_answered(tx, _key(said))


def _key(said: Said) -> str:
    """A press is known by all that its button carries and all that was typed; a text by its activity.

    Two devices send two activities of the same press, and the same card can come back with other content.
    """
    if said.press is not None and said.card is not None and said.press.verb in VERBS:
        content = _content(said.press)
        if content is not None:
            return f"press:{sha256(f'{said.card}{content}'.encode()).hexdigest()}"
    return f"activity:{said.conversation_id}:{said.activity_id}"


def _content(press: Press) -> str | None:
    """One text for one content, however a client orders or sends it; None where it is nested without end."""
    carried = {name: value for name, value in press.data.items() if name != "verb"}
    typed = {name: value for name, value in press.inputs.items() if value}
    try:
        return _written([press.verb, carried, typed])
    except RecursionError:
        return None


def _answer(
    said: Said,
    reply: Reply,
    nonce: str,
    pictures: PictureOf = no_picture,
    files: LinkOf = no_link,
    pages: PageLink = no_page,
) -> Answer:
    card = draw(reply.card, nonce, reply.language, pictures, files, pages) if reply.card else None
    if card is not None and is_too_large(card):
        log.error("an answer of %s bytes is too large for Teams", size_of(card))
        return Answer(text=Texts(reply.language)("card.too_large"))
    summary = reply.card.summary if reply.card else ""
    return Answer(card, summary, reply.text, reply.notice, language=reply.language)


def install(tx: Transaction, said: Said, now: datetime, nonce: str, municipality: Municipality) -> Answer:
    """The bot was added: the conversation is remembered, what was missed is said, and a known person welcomed once.

    What becomes of a channel is the dialog's to say.
    """
    address = Address(said.conversation_id.partition(";")[0], said.service_url)
    person = people.by_teams_id(tx, said.teams_id, said.tenants)
    if person is None or not person.active:
        access_log.record(tx, "refused", What.INSTALLATION.of(), now, stranger=said.teams_id)
        return Answer()
    if said.channel:
        if conversations.address_of(tx, channel=QUALITY_CHANNEL) == address:
            conversations.accepted(tx, QUALITY_CHANNEL)
        return _answer(said, switchboard.installed_in_team(tx, person, said, now, municipality), nonce)
    new = conversations.remember(tx, address, now, person_id=person.id)
    missed.say_again(tx, person.id, now)
    if not new:
        return Answer()
    return _answer(said, switchboard.welcome(tx, person, said, now, municipality), nonce)


def read(tx: Transaction, said: Said, last_read: str, now: datetime) -> int:
    """A receipt from a person's own chat, as it is known, marks what she was sent there; from anybody else nothing."""
    person = people.by_teams_id(tx, said.teams_id, said.tenants)
    if said.channel or person is None or not person.active:
        return 0
    known = conversations.address_of(tx, person_id=person.id)
    if known is None or known.conversation_id != said.conversation_id:
        return 0
    return read_receipts.mark_read(tx, person.id, said.conversation_id, last_read, now)
