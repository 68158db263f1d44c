"""What was written about a signal: read with a reason by those who judge it, and by the one who wrote it."""

from collections.abc import Mapping, Sequence

from dialogs.alerts.evidence_card import items_shown
from dialogs.alerts.reading_reason import given_reason, reason_card
from dialogs.card import Button, Card, Choice, Facts, Field, Part, Text
from dialogs.forms.form_fields import by_field
from dialogs.forms.verbs import Command, Verb
from dialogs.turn import Reply, Turn, read_beside
from followup import SignalId, UnitId
from followup.access.access import DataKind
from followup.people import Conversation
from followup.signals.signal import NUMBER, Signal, id_in
from followup.wording.wording import Problem, wording
from services.acting import Refused, Why
from services.signals.opened_text import open_text
from services.views.case_references import reading_of
from services.views.signals import SignalText, own_text, stored_signal, text


def text_form(turn: Turn) -> Reply:
    """From an alert or a signal, or from the evidence, where it is chosen which; the text at once if it is open."""
    if not turn.acting.opens(DataKind.SIGNAL_TEXT):
        return Reply(notice=turn.say("refused.role"))
    signal = _named(turn)
    read = text(turn.acting, signal) if signal else None
    return Reply(card=_opened(turn, read)) if isinstance(read, SignalText) else _to_fill_in(turn, {}, [])


def _named(turn: Turn) -> Signal | None:
    """The signal that the button carries, else the one that was chosen."""
    signal_id = turn.press.id("signal", SignalId) or id_in(turn.press.inputs.get("item", ""))
    return stored_signal(turn.acting, signal_id) if signal_id else None


def _to_fill_in(turn: Turn, typed: Mapping[str, str], problems: Sequence[Problem]) -> Reply:
    """Where the button names no signal, it is chosen among all the evidence of a unit."""

    def drawn(later: Turn) -> Reply:
        return Reply(card=_form(later, typed, problems))

    return drawn(turn) if "signal" in _carried(turn) else read_beside(turn, drawn, is_form=True)


def _form(turn: Turn, typed: Mapping[str, str], problems: Sequence[Problem]) -> Card:
    say, carried = turn.say, _carried(turn)
    title = say("reading.title")
    if "signal" in carried:
        signal = _named(turn)
        title = say("reading.title_of", number=signal.number) if signal else title
    chosen = [] if "signal" in carried else [_which(turn, typed, problems)]
    send = Button(say("reading.send"), "signal_text", carried, takes_inputs=True)
    return reason_card(turn, title, typed, problems, (send, *_back(turn)), chosen)


def _carried(turn: Turn) -> dict[str, object]:
    named = {name: turn.press.number(name) for name in ("signal", "alert", "unit")}
    return {name: number for name, number in named.items() if number is not None}


def _which(turn: Turn, typed: Mapping[str, str], problems: Sequence[Problem]) -> Field:
    """One of the signals that the unit's evidence lists."""
    choices = tuple(Choice(number, number) for number in _in_evidence(turn))
    wrong = by_field(problems, turn.say).get("item", "")
    label = turn.say("reading.item")
    shown = typed.get("item", "")
    return Field("item", "choice", label, shown, choices, required=True, problem=wrong, compact=True)


def _in_evidence(turn: Turn) -> list[str]:
    reading = reading_of(turn.acting, turn.press.id("unit", UnitId))
    if reading is None:
        return []
    return [number for number in items_shown(reading) if id_in(number) is not None]


def _back(turn: Turn) -> tuple[Button, ...]:
    say, carried = turn.say, _carried(turn)
    alert = {"alert": carried["alert"]} if "alert" in carried else {}
    if "signal" in carried:
        return (Button(say("signals.back"), "show_signal", {"signal": carried["signal"], **alert}),)
    return (Button(say("alert.evidence"), "alert_evidence", alert),) if alert else ()


def read_text(turn: Turn) -> Reply:
    """The text, once its reason is in the log; until midnight it opens this signal's texts to the one who gave it."""
    signal, (reason, problems) = _named(turn), given_reason(turn)
    opened = open_text(turn.acting, signal.id if signal else SignalId(0), reason)
    if isinstance(opened, Refused) and opened.why == Why.NOT_HERS:
        return Reply(notice=turn.say("refused.role"))
    if signal is None:
        problems = [Problem("item", wording("signals.unknown")), *problems]
    read = None if isinstance(opened, Refused) else text(turn.acting, opened, reason)
    if not isinstance(read, SignalText):
        return _to_fill_in(turn, turn.press.inputs, problems)
    return Reply(card=_opened(turn, read))


def _opened(turn: Turn, read: SignalText) -> Card:
    """The one who wrote it has given no reason, and is told of none."""
    told = [Text(turn.say("reading.logged"), "subtle")] if read.opened else []
    return _shown(turn, read, told, _back(turn))


def _shown(turn: Turn, read: SignalText, notes: Sequence[Part], buttons: tuple[Button, ...] = ()) -> Card:
    say, signal = turn.say, read.signal
    facts = (
        (say("alert.unit"), read.unit),
        (say("signals.kind"), say(f"risk.kind.{signal.kind}")),
        (say("signals.event_on"), say.write(signal.event_on)),
    )
    parts: list[Part] = [
        Text(say("reading.title_of", number=signal.number), "title"),
        Facts(facts),
        Text(say("signal.text"), "heading"),
        Text(read.happened or say("reading.nothing")),
        Text(say("signal.action_taken"), "heading"),
        Text(read.done or say("reading.nothing")),
        *notes,
    ]
    return Card(say("signals.summary"), tuple(parts), buttons)


def own_signal(turn: Turn) -> Reply:
    """`signal 17`, of the one who wrote it; whoever else asks is not told that there is one."""
    read = own_text(turn.acting, id_in(turn.said.rest) or SignalId(0))
    if isinstance(read, Refused):
        return Reply(text=turn.say("reading.not_yours"))
    return Reply(card=_shown(turn, read, ()))


OFFERED = (
    # The desk's words, of one who wrote it and does not judge it.
    Command(
        "own_signal",
        Conversation.REPORT,
        ("signal", "avvikelse", "klagomål", "synpunkt"),
        own_signal,
        takes_words=True,
        followed_by=NUMBER.pattern,
    ),
    Verb("signal_text_form", Conversation.SIGNAL_DESK, text_form),
    Verb("signal_text", Conversation.SIGNAL_DESK, read_text),
)
