"""Signals whose cause lies with the authority itself: told to the manager, listed for her, taken and ended by her."""

from collections.abc import Mapping, Sequence

from dialogs.alerts.desk_form import form_card
from dialogs.card import Button, Card, ListRow, Part, Text
from dialogs.forms.lists import page_of
from dialogs.forms.verbs import Command, Verb
from dialogs.turn import Reply, Stored, Turn
from followup import SignalId
from followup.messages.alerts import OwnFault
from followup.people import Conversation
from followup.signals.progress import state_in_words
from followup.signals.signal import Signal
from followup.wording.wording import Problem
from services.acting import Reader, Refused, Why
from services.signals.own_faults import end_own, take_own
from services.signals.progress import END_QUESTIONS
from services.views.own_faults import OwnFaultSeen, own_fault, own_fault_to_end
from services.views.own_faults import own_faults as read_own_faults
from texts.catalogue import Texts

UNKNOWN = "signals.unknown"


def own_fault_card(message: OwnFault, reader: Reader, say: Texts) -> Card | None:
    """None once the cause was found elsewhere, it was dismissed, or it is no longer hers to know of."""
    told = own_fault(reader, message.signal_id)
    if told is None:
        return None
    about = say("own_fault.about", number=_number(told, say), unit=told.unit)
    parts = (Text(say("own_fault.title"), "title"), Text(about), Text(say("own_fault.do")))
    return Card(say("own_fault.title"), parts, (Button(say("own_fault.list"), "own_faults"),))


def own_faults(turn: Turn) -> Reply:
    """The manager's own list, a page at a time, with no day and no child."""
    return _listed(turn)


def _listed(turn: Turn, said: str = "", effect: Stored | None = None) -> Reply:
    say, found = turn.say, read_own_faults(turn.acting)
    if isinstance(found, Refused):
        return Reply(notice=say("refused.role"))
    page, more = page_of(turn, found, "own_faults")
    rows: list[Part] = [_row(one, say) for one in page]
    done = [Text(said, "good")] if said else []
    parts = (Text(say("own_faults.title"), "title"), *done, Text(say("own_faults.about")), *rows)
    none = () if rows else (Text(say("own_faults.none"), "good"),)
    return Reply(card=Card(say("own_faults.title"), (*parts, *none), more), effect=effect)


def _row(one: OwnFaultSeen, say: Texts) -> ListRow:
    kind = say(f"risk.kind.{one.kind}") if one.kind else say("small.quality_reads")
    return ListRow(f"{_number(one, say)} · {one.unit}", kind, note=_state(one, say), button=_button(one, say))


def _state(one: OwnFaultSeen, say: Texts) -> str:
    if one.state is None:
        return ""
    with_whom = say("signals.with", name=one.owner) if one.owner else say("signals.with_nobody")
    return f"{say.say(state_in_words(one.state, one.receiver))} {with_whom}"


def _button(one: OwnFaultSeen, say: Texts) -> Button | None:
    """She takes it first, and then ends it."""
    data = {"signal": one.id}
    if one.takes:
        return Button(say("own_faults.take" if one.ends else "signals.take_again"), "take_own_fault", data)
    return Button(say("signals.end"), "end_own_fault_form", data) if one.ends else None


def _number(one: OwnFaultSeen, say: Texts) -> str:
    return one.number or say("small.number", number=one.id)


def take(turn: Turn) -> Reply:
    return _answer(turn, take_own(turn.acting, _pressed(turn)), "own_faults.taken")


def _pressed(turn: Turn) -> SignalId:
    return SignalId(turn.press.number("signal") or 0)


def _answer(turn: Turn, done: Signal | Refused, said: str) -> Reply:
    if not isinstance(done, Refused):
        return _listed(turn, turn.say(said), Stored("own_fault", {"signal": done.id}))
    if done.why == Why.DONE:
        return _listed(turn, turn.say("signals.handled_meanwhile"))
    return turn.refusal(done, UNKNOWN)


def end_form(turn: Turn) -> Reply:
    return _form(turn, {}, [])


def _form(turn: Turn, typed: Mapping[str, str], problems: Sequence[Problem]) -> Reply:
    found, say = own_fault_to_end(turn.acting, _pressed(turn)), turn.say
    if isinstance(found, Refused):
        if found.why == Why.DONE:
            return _listed(turn, say("signals.handled_meanwhile"))
        return turn.refusal(found, UNKNOWN)
    card = form_card(
        turn,
        say("signals.end.title", number=_number(found, say), unit=found.unit),
        [say("own_faults.end.about")],
        END_QUESTIONS,
        typed,
        problems,
        (
            Button(say("signals.end.send"), "end_own_fault", {"signal": found.id}, takes_inputs=True),
            Button(say("own_fault.list"), "own_faults"),
        ),
    )
    return Reply(card=card)


def end(turn: Turn) -> Reply:
    typed = turn.press.inputs
    done = end_own(turn.acting, _pressed(turn), typed)
    if isinstance(done, Refused) and done.why == Why.WRONG:
        return _form(turn, typed, done.problems)
    return _answer(turn, done, "signals.ended")


def told_again(turn: Turn) -> Reply:
    """The list as it stands now."""
    return _listed(turn, turn.say("receipt.saved"))


OFFERED = (
    Command("own_faults", Conversation.OWN_FAULTS, ("brister", "faults"), own_faults),
    Verb("own_faults", Conversation.OWN_FAULTS, own_faults),
    Verb("take_own_fault", Conversation.OWN_FAULTS, take),
    Verb("end_own_fault_form", Conversation.OWN_FAULTS, end_form),
    Verb("end_own_fault", Conversation.OWN_FAULTS, end),
)
