"""A signal in the quality team's hands: shown, regraded, linked, its cause marked, dismissed; each with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dialogs.alerts.alert_desk import pressed
from dialogs.alerts.desk_form import form_card
from dialogs.card import Button, Choice, Field
from dialogs.forms.elsewhere import where_to_write
from dialogs.forms.form_fields import by_field
from dialogs.forms.verbs import Command, Verb
from dialogs.signals.signal_card import carried, signal_card
from dialogs.turn import Reply, Stored, Turn, read_beside, when_read
from followup import AlertId, SignalId
from followup.people import Conversation
from followup.signals.signal import NUMBER, Signal, id_in
from followup.signals.signal_changes import grade
from followup.wording.wording import Problem
from services.acting import Refused, Why
from services.signals.judging import ALONE, SIGNAL_CHANGES, Judged, SignalChange, questions, send_to_own_chat
from services.signals.judging import change as change_signal
from services.views.signals import ToChange, signal, signal_of_alert, to_change
from texts.catalogue import Texts

# As they stood when a button carried the number of its act; nothing is ever changed here.
ACTS_AS_NUMBERED = ("regrade", "link", "authority", "clear", "dismiss", "restore")
UNKNOWN = "signals.unknown"


def show(turn: Turn) -> Reply:
    """`signal 17` or `signal A-17`, or a button that carries the signal's id."""
    if turn.said.press is not None:
        return shown(turn, _pressed(turn), start=turn.press.number("start") or 0)
    found = shown(turn, id_in(turn.said.rest) or SignalId(0))
    return when_read(turn, found, lambda _, read: read if read.card else Reply(text=read.notice))


def _pressed(turn: Turn) -> SignalId:
    return SignalId(turn.press.number("signal") or 0)


def shown(
    turn: Turn, signal_id: SignalId, *, start: int = 0, done: str = "", effect: Stored | None = None
) -> Reply:
    """Read beside whoever writes, since all the evidence of its unit is what says how much it weighs."""
    alert_id = turn.press.id("alert", AlertId) if turn.said.press else None

    def read(later: Turn) -> Reply:
        view = signal(later.acting, signal_id, start=start)
        if isinstance(view, Refused):
            return later.refusal(view, UNKNOWN)
        return Reply(card=signal_card(view, later.say, alert_id=alert_id, start=start, done=done))

    return read_beside(turn, read, effect)


def open_from_alert(turn: Turn) -> Reply:
    """The signal of an event alert; like the evidence it is shown to the one who asks, never in the channel."""
    signal_id = signal_of_alert(turn.acting, pressed(turn))
    if signal_id is None:
        return Reply(notice=turn.say("alert.unknown"))
    if turn.said.channel:
        send_to_own_chat(turn.acting, signal_id, pressed(turn), turn.said.activity_id)
        return Reply(notice=turn.say("signals.sent"))
    return shown(turn, signal_id)


def change_form(turn: Turn) -> Reply:
    found = to_change(turn.acting, _pressed(turn))
    if isinstance(found, Refused):
        return turn.refusal(found, UNKNOWN)
    wanted = turn.press.word("act", found.offered, before=ACTS_AS_NUMBERED)
    return shown(turn, found.signal.id) if wanted is None else _form(turn, found, wanted, {}, [])


def _form(
    turn: Turn, found: ToChange, wanted: SignalChange, typed: Mapping[str, str], problems: Sequence[Problem]
) -> Reply:
    say, free_text = turn.say, turn.municipality.free_text
    back = carried(found.signal.id, turn.press.id("alert", AlertId))
    data = {**back, "act": wanted, "version": found.signal.version}
    card = form_card(
        turn,
        say(f"signals.{wanted}.title", number=found.signal.number, unit=found.unit),
        [say(f"signals.{wanted}.means"), *([] if free_text else [where_to_write(turn, "change")])],
        questions(wanted, free_text=free_text),
        typed,
        problems,
        (
            Button(say(f"signals.{wanted}.send"), "change_signal", data, takes_inputs=True),
            Button(say("signals.back"), "show_signal", back),
        ),
        chosen=[_same_as(found, typed, problems, say)] if wanted == "link" else [],
    )
    return Reply(card=replace(card, page=f"signal/{found.signal.id}"))


def _same_as(found: ToChange, typed: Mapping[str, str], problems: Sequence[Problem], say: Texts) -> Field:
    choices = [Choice(str(one.id), _described(one, say)) for one in found.others]
    if found.linked:
        choices.append(Choice(ALONE, say("signals.alone")))
    return Field(
        "same_as",
        "choice",
        say("signals.same_as"),
        typed.get("same_as", ""),
        tuple(choices),
        required=True,
        problem=by_field(problems, say).get("same_as", ""),
        compact=True,
    )


def _described(one: Signal, say: Texts) -> str:
    return f"{one.number}, {say(f'risk.kind.{one.kind}')} {say.write(one.event_on)}, {say.say(grade(one))}"


def change(turn: Turn) -> Reply:
    """A new version with its reason, the unit scored anew, and those who raised it told, all at once."""
    wanted = turn.press.word("act", SIGNAL_CHANGES, before=ACTS_AS_NUMBERED)
    typed, version = turn.press.inputs, turn.press.number("version")
    done = change_signal(turn.acting, _pressed(turn), wanted, typed, version)
    if isinstance(done, Judged):
        return _judged(turn, done)
    if done.why not in (Why.DONE, Why.WRONG):
        return turn.refusal(done, UNKNOWN)
    found = to_change(turn.acting, _pressed(turn))
    if isinstance(found, Refused):
        return turn.refusal(found, UNKNOWN)
    if wanted is None or done.why == Why.DONE:
        return Reply(notice=turn.say("signals.done_meanwhile", number=found.signal.number))
    return _form(turn, found, wanted, typed, done.problems)


def _judged(turn: Turn, done: Judged) -> Reply:
    said = turn.say("signals.saved")
    if done.after is not None:
        before, after = (turn.say(f"risk.band.{one}") for one in (done.before or done.after, done.after))
        said = turn.say("signals.done", before=before, after=after)
    numbers = {
        "signal": done.signal.id,
        "version": done.signal.version,
        "alert": turn.press.number("alert"),
    }
    return shown(turn, done.signal.id, done=said, effect=Stored("signal_change", numbers))


def told_again(turn: Turn, signal_id: SignalId, version: int, alert_id: AlertId | None) -> Reply:
    """The signal as it stands now."""

    def read(later: Turn) -> Reply:
        view, done = signal(later.acting, signal_id), later.say("receipt.saved")
        if isinstance(view, Refused):
            return later.refusal(view, UNKNOWN)
        if view.signal.version > version:
            done = f"{done} {later.say('receipt.changed')}"
        return Reply(card=signal_card(view, later.say, alert_id=alert_id, done=done))

    return read_beside(turn, read)


OFFERED = (
    Command(
        "show_signal",
        Conversation.SIGNAL_DESK,
        ("signal", "avvikelse", "klagomål", "synpunkt"),
        show,
        takes_words=True,
        followed_by=NUMBER.pattern,
    ),
    Verb("alert_signal", Conversation.ALERT_DESK, open_from_alert),
    Verb("show_signal", Conversation.SIGNAL_DESK, show),
    Verb("change_signal_form", Conversation.SIGNAL_DESK, change_form),
    Verb("change_signal", Conversation.SIGNAL_DESK, change),
)
