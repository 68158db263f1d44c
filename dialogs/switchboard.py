"""Who said what: the person is known and allowed, or politely turned away, and one conversation answers."""

import re
from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from datetime import datetime

from dialogs.alerts import alert_desk
from dialogs.commands import help as helping
from dialogs.commands.logged_reads import log_read
from dialogs.commands.places import refusal_here
from dialogs.commands.questions import Understood, understood
from dialogs.commands.registered import COMMANDS, VERBS, commands_in
from dialogs.forms.verbs import Command, Dialog, Verb
from dialogs.overview import base_levels, report_order, team_channel, threshold
from dialogs.receipts import receipts
from dialogs.selection import selection_desk
from dialogs.turn import Press, ReadBefore, Reply, Said, Stored, ToRead, Turn, when_read
from followup.access.municipality import USUAL_MUNICIPALITY, Municipality
from followup.log.subject import What
from followup.people import Conversation, Person
from followup.questions.words import as_typed
from services import conversations
from services.views.figures import remember
from storage.engine.database import Transaction
from texts.catalogue import Texts

# What takes long is made ready before the turn, so that nobody who hands something in waits for it.
PREPARED: Mapping[
    str, Callable[[Transaction, Press, datetime, Municipality], Callable[[], object] | None]
] = {
    "publish_report": report_order.prepare,
    "adopt_base_levels": base_levels.prepare,
    "adopt_threshold": threshold.prepare,
    "freeze_selection": selection_desk.prepare,
}
# What reads every unit or every task, and changes nothing, is read beside the writer.
READS_MUCH = frozenset(
    {
        *("status", "provider", "show_provider", "show_unit", "unanswered", "reassign_form"),
        *("clocks", "digest_now", "own_faults", "figures", "contracts", "missed_visits"),
        *("base_levels", "threshold", "choose_threshold", "preview_threshold", "desk", "selection_changes"),
        *("signal_form", "signals"),
    }
)
# So is all the evidence of one unit in one's own chat, where it changes nothing; a channel has it sent there.
READS_A_UNIT = frozenset(
    {"show_alert", "open_alert", "alert_evidence", "alert_signal", "show_signal", "show_report_row"}
)
_READS_MUCH_IN_OWN_CHAT = READS_MUCH | READS_A_UNIT
# A card that gives back more than this is larger than Teams takes.
MOST_TYPED = 16_000
# What may be a verb's name; anything else would be somebody's text in the log.
NAMED = re.compile(r"[a-z_]{1,40}")
SENT_UNASKED = re.compile(r"d([0-9]{1,9})")


def answer(
    tx: Transaction,
    said: Said,
    now: datetime,
    municipality: Municipality = USUAL_MUNICIPALITY,
    kept: Stored | None = None,
    ready: object = None,
    read: ReadBefore | None = None,
) -> Reply:
    """The reply to what was said; `kept` is what the same press stored before, which is then only told again."""
    said = _in_own_words(said)
    person = conversations.who_speaks(tx, said.teams_id, said.tenants)
    if person is None:
        refused = _turn_away(tx, said, now)
        return refused if kept else _not_saved_said(said, refused, Texts("sv"))
    if not said.channel:
        conversations.is_reached_at(tx, person, said.conversation_id, said.service_url, now)
    turn = Turn(tx, said, person, now, Texts(person.language), municipality, ready, read)
    _confirm_delivery(turn)
    reply = by_press(turn, kept) if said.press else _by_words(turn)
    reply = when_read(turn, reply, lambda later, read: _said_whole(later, read, kept))
    return replace(reply, language=reply.language or turn.say.language, person_id=person.id)


def _said_whole(turn: Turn, reply: Reply, kept: Stored | None) -> Reply:
    """With what is said to all who are answered."""
    if kept is None:
        reply = _not_saved_said(turn.said, reply, turn.say)
    if reply.card is not None and not turn.said.channel:
        reply = replace(reply, card=helping.led_on(reply.card, turn.say))
    return replace(reply, language=reply.language or turn.say.language)


def read_after(
    tx: Transaction, said: Said, to_read: ToRead, now: datetime, municipality: Municipality
) -> Reply:
    """What a turn shows that has been committed, as it may be seen by now."""
    said = _in_own_words(said)
    person = conversations.who_speaks(tx, said.teams_id, said.tenants)
    if person is None:
        return Reply(text=Texts("sv")("stranger.refused"))
    return to_read.read(Turn(tx, said, person, now, Texts(person.language), municipality))


def _not_saved_said(said: Said, reply: Reply, say: Texts) -> Reply:
    """Whoever has filled in a form, and is told something in the place of its being done, is told that too."""
    told = say("press.not_saved")
    filled_in = said.press is not None and said.press.filled_in
    if not filled_in or reply.card or reply.effect or told in reply.notice:
        return reply
    if reply.text:
        return replace(reply, text=f"{reply.text} {told}")
    return replace(reply, notice=f"{reply.notice} {told}")


def prepare(
    tx: Transaction, said: Said, now: datetime, municipality: Municipality
) -> Callable[[], object] | None:
    """What is to be made before the turn and outside any transaction, for those who may ask for it; reads only."""
    person = conversations.who_speaks(tx, said.teams_id, said.tenants)
    return None if person is None else prepared_for(tx, person, said, now, municipality)


def prepared_for(
    tx: Transaction, person: Person, said: Said, now: datetime, municipality: Municipality
) -> Callable[[], object] | None:
    if said.press is None or said.press.verb not in PREPARED:
        return None
    conversation, preparation = VERBS[said.press.verb].conversation, PREPARED[said.press.verb]
    if not municipality.access.may(person, conversation) or refusal_here(tx, said, conversation):
        return None
    return preparation(tx, said.press, now, municipality)


def reads_much(said: Said) -> bool:
    # What is typed is held against the name of every unit.
    return said.press is None or said.press.verb in _read_beside(said)


def _read_beside(said: Said) -> Set[str]:
    return READS_MUCH if said.channel else _READS_MUCH_IN_OWN_CHAT


def read_before(tx: Transaction, said: Said, now: datetime, municipality: Municipality) -> ReadBefore | None:
    """What is to be shown, read beside the writer, for those who may see it here; what is refused the turn refuses."""
    said = _in_own_words(said)
    person = conversations.who_speaks(tx, said.teams_id, said.tenants)
    if person is None:
        return None
    turn = Turn(tx, said, person, now, Texts(person.language), municipality)
    if said.press:
        verb = VERBS.get(said.press.verb)
        return read_much(turn, verb) if verb else None
    typed = _understood(turn)
    read = read_much(typed.turn, typed.command) if typed.command else None
    return replace(read or ReadBefore("", person, None, ()), typed=typed)


def read_much(turn: Turn, found: Command | Verb) -> ReadBefore | None:
    """What it shows, where it reads much and she may see it here."""
    if found.name not in _read_beside(turn.said) or not turn.municipality.access.may(
        turn.person, found.conversation
    ):
        return None
    if refusal_here(turn.tx, turn.said, found.conversation):
        return None
    reply = _logged(turn, found.name, found.dialog(turn))
    return ReadBefore(found.name, turn.person, reply, tuple(turn.tx.unlogged or ()))


def _in_own_words(said: Said) -> Said:
    return said if said.press is not None else replace(said, text=as_typed(said.text))


def _turn_away(tx: Transaction, said: Said, now: datetime) -> Reply:
    conversations.turn_away(tx, said.teams_id, now)
    return Reply(text=Texts("sv")("stranger.refused"))


def _confirm_delivery(turn: Turn) -> None:
    """A press on a card that was sent unasked proves that it arrived: such a card's nonce names the delivery."""
    nonce = turn.said.press.data.get("nonce") if turn.said.press else None
    named = SENT_UNASKED.fullmatch(nonce) if isinstance(nonce, str) else None
    if named is not None:
        conversations.confirm_delivery(turn.acting, int(named[1]), turn.said.conversation_id)


def by_press(turn: Turn, kept: Stored | None) -> Reply:
    """What the button does or shows, to one who is known and may; `kept` is what the same press stored before."""
    found = VERBS.get(turn.press.verb)
    if found is None:
        named = turn.press.verb if NAMED.fullmatch(turn.press.verb) else "?"
        turn.log("refused", What.VERB.of(named))
        return Reply(notice=turn.say("press.unknown"))
    length = sum(len(typed) for typed in turn.press.inputs.values())
    if length > MOST_TYPED:
        return Reply(notice=turn.say("press.too_much", length=length, longest=MOST_TYPED))
    conversation, dialog = found.conversation, found.dialog
    if kept is not None:
        # What is told of it may belong to another conversation than the button that was pressed.
        return told_of(turn, kept)
    if conversation == Conversation.ALERT_DESK and turn.press.verb not in alert_desk.ALIKE:
        dialog = alert_desk.in_own_chat_if_small(dialog)
    return _if_allowed(turn, conversation, dialog, turn.press.verb)


def told_of(turn: Turn, kept: Stored) -> Reply:
    """What was stored by a press, to one who may still be told of it."""
    conversation, _ = receipts.RECEIPTS[kept.what]
    return _if_allowed(turn, conversation, _told_again(kept), turn.press.verb)


def _told_again(kept: Stored) -> Dialog:
    """What the same press stored, as it may be seen now; what that shows of a child is logged like any answer."""

    def tell(turn: Turn) -> Reply:
        turn.log("read", What.ANSWER.of(turn.press.verb), records=0)
        told = receipts.tell(turn, kept)
        return when_read(turn, told, lambda later, read: receipts.told_later(later, kept, read))

    return tell


def _by_words(turn: Turn) -> Reply:
    typed = _understood_before(turn) or _understood(turn)
    command = typed.command
    if command is None:
        return helping.not_understood(turn, COMMANDS, typed.near, typed.reading, typed.time)
    return _if_allowed(typed.turn, command.conversation, command.dialog, command.name)


def _understood_before(turn: Turn) -> Understood | None:
    """As it was understood beside the writer for the same person, as she still is."""
    typed = turn.read.typed if turn.read and turn.read.person == turn.person else None
    return replace(typed, turn=replace(turn, said=typed.turn.said)) if isinstance(typed, Understood) else None


def _understood(turn: Turn) -> Understood:
    """Of the commands that the words name the first that she may use, else the first; or what the sentence means."""
    found, access = commands_in(turn.said.text), turn.municipality.access
    allowed = (one for one in found if access.may(turn.person, one.conversation))
    return understood(turn, COMMANDS, next(allowed, found[0] if found else None))


def _if_allowed(turn: Turn, conversation: Conversation, dialog: Dialog, name: str) -> Reply:
    if not turn.municipality.access.may(turn.person, conversation):
        turn.log("refused", What.CONVERSATION.of(conversation))
        return _refusal(turn, "refused.role")
    if refused := refusal_here(turn.tx, turn.said, conversation):
        turn.log("refused", What.CONVERSATION.of(conversation))
        return _refusal(turn, refused)
    reply = _as_read(turn, name)
    if reply is None:
        reply = when_read(turn, dialog(turn), lambda later, read: _logged(later, name, read))
    if reply.figure is not None:
        remember(turn.acting, reply.figure)
    return reply


def _logged(turn: Turn, name: str, reply: Reply) -> Reply:
    log_read(turn, name, reply)
    return reply


def _as_read(turn: Turn, name: str) -> Reply | None:
    """What was read beside the writer, where it is the same that is asked for by the same person, as she still is."""
    read = turn.read
    if read is None or read.reply is None or (read.name, read.person) != (name, turn.person):
        return None
    turn.acting.log_read(read.unlogged)
    return read.reply


def _refusal(turn: Turn, text: str) -> Reply:
    said = turn.say(text)
    return Reply(notice=said) if turn.said.press else Reply(text=said)


def installed_in_team(
    tx: Transaction, person: Person, said: Said, now: datetime, municipality: Municipality
) -> Reply:
    """What is said in a channel that the bot was added to."""
    say = Texts(person.language)
    turn = Turn(tx, said, person, now, say, municipality)
    return replace(team_channel.installed(turn), language=say.language)


def welcome(
    tx: Transaction,
    person: Person,
    said: Said,
    now: datetime,
    municipality: Municipality,
) -> Reply:
    """The one message at installation."""
    say = Texts(person.language)
    turn = Turn(tx, said, person, now, say, municipality)
    return replace(helping.help_card(turn, COMMANDS), language=say.language)
