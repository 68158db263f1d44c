"""A signal judged by the quality team: regraded, linked, its cause marked, dismissed or taken up, each with why."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from followup import AlertId, SignalId, UnitId
from followup.log.subject import What
from followup.messages.alerts import SignalAsked
from followup.risk.bands import Band
from followup.signals.signal import CONSEQUENCES, Signal
from followup.signals.signal_changes import regraded
from followup.wording.form import Answers, Question, asked, read, refused_free_text
from followup.wording.wording import Problem, wording
from services.acting import Acting, Refused, Why
from services.risk.scoring import rescore
from services.signals.led_to import tell_of_signal
from services.signals.own_faults import tell_managers
from services.signals.progress import held, move
from storage.engine.database import Transaction
from storage.messages import queueing
from storage.risk import report_items, scores
from storage.signals import signals

# What can be done with a signal.
SignalChange = Literal["regrade", "link", "authority", "clear", "dismiss", "restore"]
SIGNAL_CHANGES: tuple[SignalChange, ...] = get_args(SignalChange)
GRADE = Question("consequence", "choice", "desk", "consequence", CONSEQUENCES)
WHY = Question("why", "text", "desk")
ALONE = "alone"
MOST_CHOICES = 40


@dataclass(frozen=True)
class Judged:
    """The version that it became, and the unit's shown band before and after, where it is scored."""

    signal: Signal
    before: Band | None
    after: Band | None


def offered(tx: Transaction, signal: Signal) -> list[SignalChange]:
    """What can be done with the signal as it is; what has been dismissed can only be taken up again."""
    if signal.dismissed:
        return ["restore"]
    others = len(signals.of_unit(tx, signal.unit_id, signals.ALL_KNOWN)) > 1
    cause: SignalChange = "clear" if signal.cause == "authority" else "authority"
    link: list[SignalChange] = ["link"] if others else []
    return ["regrade", *link, cause, "dismiss"]


def others(tx: Transaction, signal: Signal) -> list[Signal]:
    """The unit's other signals that are not of the same event already, nearest in time first."""
    same = {one.id for one in signals.of_event(tx, signal.id)}
    found = [one for one in signals.of_unit(tx, signal.unit_id, signals.ALL_KNOWN) if one.id not in same]
    return sorted(found, key=lambda one: abs((one.event_on - signal.event_on).days))[:MOST_CHOICES]


def change(
    acting: Acting,
    signal_id: SignalId,
    wanted: SignalChange | None,
    typed: Mapping[str, str],
    version: int | None,
) -> Judged | Refused:
    """A new version, the unit scored anew, and those who raised it told, all at once.

    `version` is the one that was seen; what is not offered by now is done already.
    """
    signal = held(acting, signal_id)
    if isinstance(signal, Refused):
        return signal
    if wanted is None or wanted not in offered(acting.tx, signal):
        return Refused(Why.DONE)
    answers, problems = _read(acting, signal, wanted, typed)
    if version != signal.version:
        problems.append(Problem("why", wording("signals.changed_meanwhile", number=signal.number)))
    if problems:
        return Refused(Why.WRONG, tuple(problems))
    return _carry_out(acting, signal, wanted, answers)


def questions(wanted: SignalChange, *, free_text: bool) -> tuple[Question, ...]:
    """What is asked of the change, besides which signal it is linked to."""
    return asked([GRADE, WHY] if wanted == "regrade" else [WHY], free_text=free_text)


def _read(
    acting: Acting, signal: Signal, wanted: SignalChange, typed: Mapping[str, str]
) -> tuple[Answers, list[Problem]]:
    free_text = acting.municipality.free_text
    choices = (*(str(one.id) for one in others(acting.tx, signal)), ALONE)
    which_one = [Question("same_as", "choice", "desk", choices=choices)] if wanted == "link" else []
    answers, problems = read([*which_one, *questions(wanted, free_text=free_text)], typed, acting.today)
    problems += refused_free_text([WHY], typed, "why", acting.municipality.text_refused)
    if wanted == "regrade" and answers.get("consequence") == str(signal.consequence):
        problems.append(Problem("consequence", wording("signals.same_grade")))
    return answers, problems


def _carry_out(acting: Acting, signal: Signal, wanted: SignalChange, answers: Answers) -> Judged:
    before = scores.latest(acting.tx, signal.unit_id)
    affected = _CARRY_OUT[wanted](acting, signal, answers)
    after = rescore(acting.tx, signal.unit_id, acting.now)
    acted = signals.get(acting.tx, signal.id)
    outcome = "unlink" if answers.get("same_as") == ALONE else wanted
    tell_of_signal(acting, outcome, acted, affected)
    if wanted == "authority":
        tell_managers(acting, acted)
    return Judged(acted, before.shown if before else None, after.shown if after else None)


def _revise(acting: Acting, signal: Signal, changes: Mapping[str, object], answers: Answers) -> None:
    why = answers.get("why")
    signals.revise(acting.tx, signal.id, changes, reason=why, author_id=acting.person.id, now=acting.now)
    acting.log("write", What.SIGNAL.of(signal.id))


def _regrade(acting: Acting, signal: Signal, answers: Answers) -> list[Signal]:
    _revise(acting, signal, regraded(signal, int(answers["consequence"])), answers)
    return [signal]


def _link(acting: Acting, signal: Signal, answers: Answers) -> list[Signal]:
    """Every report of either event becomes a report of one; the choice to stand alone takes this one out."""
    if answers["same_as"] == ALONE:
        _revise(acting, signal, {"event": None}, answers)
        return [signal]
    other = signals.get(acting.tx, SignalId(int(answers["same_as"])))
    event = other.event or f"signal:{other.id}"
    reports = [*signals.of_event(acting.tx, signal.id), *signals.of_event(acting.tx, other.id)]
    left = {report.event for report in reports if report.event and report.event != event}
    for report in reports:
        if report.event != event:
            _revise(acting, report, {"event": event}, answers)
    _move_rows(acting, signal.unit_id, left, event, answers)
    return reports


def _move_rows(acting: Acting, unit_id: UnitId, left: Collection[str], event: str, answers: Answers) -> None:
    """Rows of reports that were linked to what has become another event go with it."""
    for one in report_items.of_unit(acting.tx, unit_id, signals.ALL_KNOWN).values():
        if one.event in left:
            why = answers.get("why", "")
            who, now = acting.person.id, acting.now
            report_items.decide(
                acting.tx, one.item, unit_id, {"event": event}, reason=why, author_id=who, now=now
            )


def _mark_cause(acting: Acting, signal: Signal, cause: str, answers: Answers) -> list[Signal]:
    """The cause is the event's, so it goes for every report of it."""
    reports = [one for one in signals.of_event(acting.tx, signal.id) if one.cause != cause]
    for report in reports:
        _revise(acting, report, {"cause": cause}, answers)
        if not report.dismissed:
            # At the desk where it belongs by now it begins anew.
            move(acting, signals.get(acting.tx, report.id), "received")
    return reports


def _dismiss(acting: Acting, signal: Signal, answers: Answers, *, dismissed: bool) -> list[Signal]:
    _revise(acting, signal, {"dismissed": dismissed}, answers)
    move(acting, signal, "dismissed" if dismissed else "investigating")
    return [signal]


_CARRY_OUT: Mapping[SignalChange, Callable[[Acting, Signal, Answers], list[Signal]]] = {
    "regrade": _regrade,
    "link": _link,
    "authority": lambda acting, signal, answers: _mark_cause(acting, signal, "authority", answers),
    "clear": lambda acting, signal, answers: _mark_cause(acting, signal, "provider", answers),
    "dismiss": lambda acting, signal, answers: _dismiss(acting, signal, answers, dismissed=True),
    "restore": lambda acting, signal, answers: _dismiss(acting, signal, answers, dismissed=False),
}


def send_to_own_chat(acting: Acting, signal_id: SignalId, alert_id: AlertId, asked_by: str) -> None:
    """The signal of an alert, to the one who asks where others look on; once a press, named by `asked_by`."""
    message = SignalAsked(signal_id, alert_id)
    key = message.key(acting.person.key, asked_by)
    queueing.queue(acting.tx, key, message, acting.now, person_id=acting.person.id, urgent=True)
