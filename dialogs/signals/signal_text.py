"""What was written about a signal: read with a reason by those who judge it, and by the one who wrote it."""

from collections.abc import Mapping, Sequence

from dialogs.alerts.evidence_card import items_shown
from dialogs.alerts.reading_reason import given_reason, reason_card
from dialogs.card import Button, Card, Choice, Facts, Field, Part, Text
from dialogs.forms.form_fields import by_field
from dialogs.forms.offered import Command, Verb
from dialogs.turn import Reply, Turn
from followup.access.access import Kind, Reach
from followup.log.subject import What
from followup.people import Conversation
from followup.signals.signal import NUMBER, Signal, id_in
from followup.times.calendar import municipal_day
from followup.wording import Problem, wording
from services.opening import Opening, opening_of
from services.risk.scoring import read_as_of
from storage import units
from storage.log import openings
from storage.signals import signal_versions, signals


def text_form(turn: Turn) -> Reply:
    """From an alert or a signal, or from the evidence, where it is chosen which; the text at once if it is open."""
    if not _may_open(turn):
        return Reply(notice=turn.say("refused.role"))
    signal = _named(turn)
    if signal is None or not _opening(turn, signal).shows(_writer(turn, signal)):
        return Reply(card=_form(turn, {}, []))
    _log_read(turn, signal, None)
    return Reply(card=_opened(turn, signal))


def _opening(turn: Turn, signal: Signal) -> Opening:
    return opening_of(turn.acting, What.SIGNAL_TEXT.of(signal.id))


def _writer(turn: Turn, signal: Signal) -> int | None:
    return signal_versions.raised_by(turn.tx, [signal.id]).get(signal.id)


def _may_open(turn: Turn) -> bool:
    return turn.acting.opens(Kind.SIGNAL_TEXT)


def _named(turn: Turn) -> Signal | None:
    """The signal that the button carries, else the one that was chosen."""
    signal_id = turn.press.number("signal") or id_in(turn.press.inputs.get("item", ""))
    return signals.find(turn.tx, signal_id) if signal_id else None


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
    unit_id = turn.press.number("unit")
    unit = next((one for one in units.followed_units(turn.tx) if one.id == unit_id), None)
    if unit is None:
        return []
    reading = read_as_of(turn.tx, unit, municipal_day(turn.now), turn.now)
    return [number for number in items_shown(reading) if id_in(number) is not None]


def _back(turn: Turn) -> tuple[Button, ...]:
    say, carried = turn.say, _carried(turn)
    alert = {"alert": carried["alert"]} if "alert" in carried else {}
    if "signal" in carried:
        return (Button(say("signals.back"), "show_signal", {"signal": carried["signal"], **alert}),)
    return (Button(say("alert.evidence"), "alert_evidence", alert),) if alert else ()


def read_text(turn: Turn) -> Reply:
    """The text, once its reason is in the log; until midnight it opens this signal's texts to the one who gave it."""
    if not _may_open(turn):
        return Reply(notice=turn.say("refused.role"))
    signal = _named(turn)
    reason, problems = given_reason(turn)
    if signal is None:
        problems = [Problem("item", wording("signals.unknown")), *problems]
    if problems or signal is None:
        return Reply(card=_form(turn, turn.press.inputs, problems))
    subject = What.SIGNAL_TEXT.of(signal.id)
    openings.open_until_midnight(turn.tx, subject, turn.person.id, municipal_day(turn.now))
    _log_read(turn, signal, reason)
    return Reply(card=_opened(turn, signal))


def _opened(turn: Turn, signal: Signal) -> Card:
    """The one who wrote it has given no reason, and is told of none."""
    told = [Text(turn.say("reading.logged"), "subtle")] if _opening(turn, signal).whole else []
    return _shown(turn, signal, told, _back(turn))


def _log_read(turn: Turn, signal: Signal, reason: str | None) -> None:
    turn.log("read", What.SIGNAL_TEXT.of(signal.id), reason=reason, seen=What.SIGNAL.each([signal.id]))


def _shown(turn: Turn, signal: Signal, notes: Sequence[Part], buttons: tuple[Button, ...] = ()) -> Card:
    say = turn.say
    happened, done = signals.texts(turn.tx, signal.id)
    facts = (
        (say("alert.unit"), units.get(turn.tx, signal.unit_id).name),
        (say("signals.kind"), say(f"risk.kind.{signal.kind}")),
        (say("signals.event_on"), say.write(signal.event_on)),
    )
    parts: list[Part] = [
        Text(say("reading.title_of", number=signal.number), "title"),
        Facts(facts),
        Text(say("signal.text"), "heading"),
        Text(happened or say("reading.nothing")),
        Text(say("signal.action_taken"), "heading"),
        Text(done or say("reading.nothing")),
        *notes,
    ]
    return Card(say("signals.summary"), tuple(parts), buttons)


def own_signal(turn: Turn) -> Reply:
    """`signal 17`, of the one who wrote it; whoever else asks is not told that there is one."""
    signal_id = id_in(turn.said.rest)
    signal = signals.find(turn.tx, signal_id) if signal_id is not None else None
    reach = turn.acting.reach(Kind.SIGNAL_TEXT)
    if signal is None or reach != Reach.OWN or _writer(turn, signal) != turn.person.id:
        turn.log("refused", What.SIGNAL_TEXT.of(signal_id or turn.said.rest))
        return Reply(text=turn.say("reading.not_yours"))
    _log_read(turn, signal, None)
    return Reply(card=_shown(turn, signal, ()))


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
