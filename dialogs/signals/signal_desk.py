"""A signal in the quality team's hands: shown, regraded, linked, its cause marked, dismissed; each with a reason."""

from collections.abc import Callable, Mapping, Sequence

from dialogs.alerts.alert_desk import pressed
from dialogs.alerts.desk_form import form_card
from dialogs.card import Button, Card, Choice, Field
from dialogs.forms.form_fields import by_field
from dialogs.forms.offered import Command, Verb
from dialogs.signals.signal_card import Act, offered, signal_card
from dialogs.stored import Stored
from dialogs.turn import Reply, Turn
from followup.form import Answers, Question, asked, read, refused_free_text
from followup.log.subject import What
from followup.messages.alerts import SignalAsked
from followup.people import Conversation
from followup.signals.signal import CONSEQUENCES, NUMBER, Signal, id_in
from followup.signals.signal_changes import grade, regraded
from followup.times.calendar import municipal_day
from followup.wording import Problem, wording
from services.risk.scoring import rescore
from services.signals.led_to import tell_of_signal
from services.signals.own_faults import tell_managers
from storage import units
from storage.alerts import alerts
from storage.messages import outbox
from storage.risk import scores
from storage.signals import signals

GRADE = Question("consequence", "choice", "desk", "consequence", CONSEQUENCES)
WHY = Question("why", "text", "desk")
ALONE = "alone"
# As they stood when a button carried the number of its act; nothing is ever changed here.
ACTS_AS_NUMBERED = ("regrade", "link", "authority", "clear", "dismiss", "restore")
MOST_CHOICES = 40


def show(turn: Turn) -> Reply:
    """`signal 17` or `signal A-17`, or a button that carries the signal's id."""
    if turn.said.press is not None:
        signal_id, alert_id = turn.press.number("signal"), turn.press.number("alert")
        start = turn.press.number("start") or 0
    else:
        signal_id, alert_id, start = id_in(turn.said.rest), None, 0
    signal = signals.find(turn.tx, signal_id) if signal_id is not None else None
    if signal is None:
        turn.log("refused", What.SIGNAL.of(signal_id or "?"))
        said = turn.say("signals.unknown")
        return Reply(notice=said) if turn.said.press else Reply(text=said)
    return Reply(card=_card(turn, signal, alert_id=alert_id, start=start))


def _card(turn: Turn, signal: Signal, *, alert_id: int | None = None, start: int = 0, done: str = "") -> Card:
    return signal_card(turn.acting, signal, turn.say, alert_id=alert_id, start=start, done=done)


def open_from_alert(turn: Turn) -> Reply:
    """The signal of an event alert; like the evidence it is shown to the one who asks, never in the channel."""
    alert = alerts.get(turn.tx, pressed(turn))
    if alert is None or alert.signal_id is None:
        return Reply(notice=turn.say("alert.unknown"))
    if turn.said.channel:
        asked = SignalAsked(alert.signal_id, alert.id)
        key = asked.key(turn.person.key, turn.said.activity_id)
        outbox.queue(turn.tx, key, asked, turn.now, person_id=turn.person.id, urgent=True)
        return Reply(notice=turn.say("signals.sent"))
    return Reply(card=_card(turn, signals.get(turn.tx, alert.signal_id), alert_id=alert.id))


def _pressed_signal(turn: Turn) -> Signal | None:
    signal_id = turn.press.number("signal")
    return None if signal_id is None else signals.find(turn.tx, signal_id)


def _pressed_change(turn: Turn, signal: Signal) -> Act | None:
    """What is to be done; None where the signal is not as it was when the button was drawn."""
    return turn.press.word("act", offered(turn.tx, signal), before=ACTS_AS_NUMBERED)


def change_form(turn: Turn) -> Reply:
    signal = _pressed_signal(turn)
    if signal is None:
        return Reply(notice=turn.say("signals.unknown"))
    change = _pressed_change(turn, signal)
    if change is None:
        return Reply(card=_card(turn, signal, alert_id=turn.press.number("alert")))
    return Reply(card=_form(turn, signal, change, {}, []))


def _form(
    turn: Turn, signal: Signal, change: Act, typed: Mapping[str, str], problems: Sequence[Problem]
) -> Card:
    say = turn.say
    alert_id = turn.press.number("alert")
    back = {"signal": signal.id, **({"alert": alert_id} if alert_id else {})}
    data = {**back, "act": change, "version": signal.version}
    unit = units.get(turn.tx, signal.unit_id).name
    return form_card(
        turn,
        say(f"signals.{change}.title", number=signal.number, unit=unit),
        [say(f"signals.{change}.means"), *([] if turn.municipality.free_text else [say("minimal.change")])],
        asked([GRADE, WHY] if change == "regrade" else [WHY], free_text=turn.municipality.free_text),
        typed,
        problems,
        (
            Button(say(f"signals.{change}.send"), "change_signal", data, takes_inputs=True),
            Button(say("signals.back"), "show_signal", back),
        ),
        chosen=[_same_as(turn, signal, typed, problems)] if change == "link" else [],
    )


def _same_as(turn: Turn, signal: Signal, typed: Mapping[str, str], problems: Sequence[Problem]) -> Field:
    say = turn.say
    choices = [Choice(str(one.id), _described(turn, one)) for one in _others(turn, signal)]
    if len(signals.of_event(turn.tx, signal.id)) > 1:
        choices.append(Choice(ALONE, say("signals.alone")))
    wrong = by_field(problems, say).get("same_as", "")
    value = typed.get("same_as", "")
    return Field(
        "same_as",
        "choice",
        say("signals.same_as"),
        value,
        tuple(choices),
        required=True,
        problem=wrong,
        compact=True,
    )


def _described(turn: Turn, one: Signal) -> str:
    day = turn.say.write(one.event_on)
    return f"{one.number}, {turn.say(f'risk.kind.{one.kind}')} {day}, {turn.say.say(grade(one))}"


def _others(turn: Turn, signal: Signal) -> list[Signal]:
    """The unit's other signals that are not of the same event already, nearest in time first."""
    same = {one.id for one in signals.of_event(turn.tx, signal.id)}
    others = [
        one for one in signals.of_unit(turn.tx, signal.unit_id, signals.ALL_KNOWN) if one.id not in same
    ]
    return sorted(others, key=lambda one: abs((one.event_on - signal.event_on).days))[:MOST_CHOICES]


def change(turn: Turn) -> Reply:
    """A new version with its reason, the unit scored anew, and those who raised it told, all at once."""
    signal = _pressed_signal(turn)
    if signal is None:
        return Reply(notice=turn.say("signals.unknown"))
    change = _pressed_change(turn, signal)
    if change is None:
        return Reply(notice=turn.say("signals.done_meanwhile", number=signal.number))
    answers, problems = _read(turn, signal, change)
    if problems:
        return Reply(card=_form(turn, signal, change, turn.press.inputs, problems))
    return _carry_out(turn, signal, change, answers)


def _read(turn: Turn, signal: Signal, change: Act) -> tuple[Answers, list[Problem]]:
    choices = (*(str(one.id) for one in _others(turn, signal)), ALONE)
    first = {"regrade": (GRADE,), "link": (Question("same_as", "choice", "desk", choices=choices),)}
    questions = asked([*first.get(change, ()), WHY], free_text=turn.municipality.free_text)
    answers, problems = read(questions, turn.press.inputs, municipal_day(turn.now))
    problems += refused_free_text([WHY], turn.press.inputs, "why", free_text=turn.municipality.free_text)
    if change == "regrade" and answers.get("consequence") == str(signal.consequence):
        problems.append(Problem("consequence", wording("signals.same_grade")))
    if turn.press.number("version") != signal.version:
        problems.append(Problem("why", wording("signals.changed_meanwhile", number=signal.number)))
    return answers, problems


def _carry_out(turn: Turn, signal: Signal, change: Act, answers: Answers) -> Reply:
    before = scores.latest(turn.tx, signal.unit_id)
    affected = _CARRY_OUT[change](turn, signal, answers)
    after = rescore(turn.tx, signal.unit_id, turn.now)
    acted = signals.get(turn.tx, signal.id)
    outcome = "unlink" if answers.get("same_as") == ALONE else change
    tell_of_signal(turn.acting, outcome, acted, affected)
    if change == "authority":
        tell_managers(turn.acting, acted)
    bands = [turn.say(f"risk.band.{one.shown}") for one in (before, after) if one is not None]
    done = turn.say("signals.done", before=bands[0], after=bands[-1]) if bands else turn.say("signals.saved")
    return Reply(
        card=_card(turn, acted, alert_id=turn.press.number("alert"), done=done), effect=_stored(turn, acted)
    )


def _stored(turn: Turn, signal: Signal) -> Stored:
    alert = turn.press.number("alert")
    return Stored("signal_change", {"signal": signal.id, "version": signal.version, "alert": alert})


def told_again(turn: Turn, signal_id: int, version: int, alert_id: int | None) -> Reply:
    """The signal as it stands now."""
    signal = signals.get(turn.tx, signal_id)
    done = turn.say("receipt.saved")
    if signal.version > version:
        done = f"{done} {turn.say('receipt.changed')}"
    return Reply(card=_card(turn, signal, alert_id=alert_id, done=done))


def _revise(turn: Turn, signal: Signal, changes: Mapping[str, object], answers: Answers) -> None:
    why = answers.get("why")
    signals.revise(turn.tx, signal.id, changes, reason=why, author_id=turn.person.id, now=turn.now)
    turn.log("write", What.SIGNAL.of(signal.id))


def _regrade(turn: Turn, signal: Signal, answers: Answers) -> list[Signal]:
    _revise(turn, signal, regraded(signal, int(answers["consequence"])), answers)
    return [signal]


def _link(turn: Turn, signal: Signal, answers: Answers) -> list[Signal]:
    """Every report of either event becomes a report of one; the choice to stand alone takes this one out."""
    if answers["same_as"] == ALONE:
        _revise(turn, signal, {"event": None}, answers)
        return [signal]
    other = signals.get(turn.tx, int(answers["same_as"]))
    event = other.event or f"signal:{other.id}"
    reports = [*signals.of_event(turn.tx, signal.id), *signals.of_event(turn.tx, other.id)]
    for report in reports:
        if report.event != event:
            _revise(turn, report, {"event": event}, answers)
    return reports


def _mark_cause(turn: Turn, signal: Signal, cause: str, answers: Answers) -> list[Signal]:
    """The cause is the event's, so it goes for every report of it."""
    reports = [one for one in signals.of_event(turn.tx, signal.id) if one.cause != cause]
    for report in reports:
        _revise(turn, report, {"cause": cause}, answers)
    return reports


def _dismiss(turn: Turn, signal: Signal, answers: Answers, *, dismissed: bool) -> list[Signal]:
    _revise(turn, signal, {"dismissed": dismissed}, answers)
    return [signal]


_CARRY_OUT: Mapping[str, Callable[[Turn, Signal, Answers], list[Signal]]] = {
    "regrade": _regrade,
    "link": _link,
    "authority": lambda turn, signal, answers: _mark_cause(turn, signal, "authority", answers),
    "clear": lambda turn, signal, answers: _mark_cause(turn, signal, "provider", answers),
    "dismiss": lambda turn, signal, answers: _dismiss(turn, signal, answers, dismissed=True),
    "restore": lambda turn, signal, answers: _dismiss(turn, signal, answers, dismissed=False),
}


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
