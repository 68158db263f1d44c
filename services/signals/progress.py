"""Who has a signal and how far it has come: given, taken and ended, for all reports of an event at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal, get_args

from followup import PersonId, SignalId
from followup.access.access import DataKind, Reach
from followup.alerts.alert import Alert
from followup.log.subject import What
from followup.messages.alerts import SignalGiven
from followup.people import Conversation, Person
from followup.signals.progress import RECEIVERS, Desk, Receiver, SignalProgress, State, next_in_turn
from followup.signals.signal import Signal, is_serious
from followup.times.calendar import municipal_day, working_moment
from followup.wording.form import Answers, Question, read
from followup.wording.wording import Problem, wording
from services.acting import Acting, Refused, Why, which
from services.risk.scoring import rescore
from services.signals.led_to import tell_of_signal
from storage.alerts import alerts
from storage.engine.database import Transaction
from storage.engine.locks import hold_signal
from storage.messages import queueing
from storage.register import people
from storage.signals import progress, signal_versions, signals

# How the quality team ends one; dismissing it is a judgement, which has its own deed.
End = Literal["remedied", "handed_on"]
ENDED: tuple[End, ...] = get_args(End)
END_QUESTIONS = (
    Question("how", "choice", "desk", "signal_end", ENDED),
    Question("receiver", "choice", "desk", "receiver", RECEIVERS, asked_if=(("how",), ("handed_on",))),
    Question("end_reason", "text", "desk"),
)


def held(acting: Acting, signal_id: SignalId) -> Signal | Refused:
    """The signal, for one who judges signals, in her own chat or page."""
    named = which(What.SIGNAL, signal_id)
    if (
        acting.channel
        or not acting.may(Conversation.SIGNAL_DESK)
        or acting.reach(DataKind.EVIDENCE) != Reach.ALL
    ):
        return acting.refuse(named)
    hold_signal(acting.tx, signal_id)
    return signals.find(acting.tx, signal_id) or acting.refuse(named, Why.UNKNOWN)


def receive(acting: Acting, signal: Signal) -> None:
    """A new one is given to somebody at once."""
    desk = desk_of(signal)
    owner_id = next_owner(acting.tx, desk, acting.municipality.official, acting.now, acting.person)
    begun = SignalProgress(signal.id, desk, "received", owner_id, acting.now)
    progress.begin(acting.tx, begun, None, acting.now)


def desk_of(signal: Signal) -> Desk:
    return "managers" if signal.cause == "authority" else "quality"


def next_owner(
    tx: Transaction, desk: Desk, official: str, now: datetime, raiser: Person | None
) -> PersonId | None:
    """The official where she handles signals, else the quality team in turn; at the managers' desk the raiser's."""
    if desk == "quality":
        able = people.who_may(tx, Conversation.SIGNAL_DESK)
        named = next((one for one in able if one.key == official), None)
    else:
        able, named = people.managers(tx).of(raiser), None
    today = municipal_day(now)
    leaves = people.leaves_of_some(tx, {one.id for one in able}, today)
    away = {leave.person_id for leave in leaves if leave.starts <= today}
    if named is not None and named.id not in away:
        return named.id
    present = [one.id for one in able if one.id not in away] or [one.id for one in able]
    given = next_in_turn(progress.turns(tx, present))
    if given is not None:
        progress.has_had(tx, given)
    return given


def hand_out(tx: Transaction, now: datetime, official: str, most: int) -> int:
    """Gives so many of those that nobody has, or who has them no longer can, to somebody; how many."""
    for signal_id, desk, came_at in progress.news_of_files(tx, municipal_day(now), most):
        progress.begin(tx, SignalProgress(signal_id, desk, "received", None, came_at), None, now)
    for one in progress.dismissed_by_file(tx):
        progress.go_on(tx, replace(one, state="dismissed", ended_at=now), None, now)
    able: dict[Desk, Conversation] = {
        "quality": Conversation.SIGNAL_DESK,
        "managers": Conversation.OWN_FAULTS,
    }
    given = 0
    for desk, conversation in able.items():
        who = [one.id for one in people.who_may(tx, conversation)]
        if not who:
            # It waits until there is somebody again.
            continue
        for one in progress.without_owner(tx, desk, who, most - given):
            raiser = signal_versions.raised_by(tx, [one.signal_id]).get(one.signal_id)
            person = people.by_id(tx, raiser) if raiser is not None else None
            owner_id = next_owner(tx, desk, official, now, person)
            progress.go_on(tx, replace(one, owner_id=owner_id), None, now)
            given += 1
    return given


def take(acting: Acting, signal_id: SignalId, seen_with: PersonId) -> Signal | Refused:
    """Whoever takes it has it and looks into it; one that was ended is looked into again.

    `seen_with` is whom she has seen that it is with, 0 for nobody; with another by now, it stays there.
    """
    signal = held(acting, signal_id)
    if isinstance(signal, Refused):
        return signal
    standing = progress.of_signal(acting.tx, signal_id)
    if standing is None or not can_take(signal, standing):
        return Refused(Why.DONE)
    if standing.state == "investigating" and standing.owner_id == acting.person.id:
        return Refused(Why.DONE)
    if (standing.owner_id or 0) != seen_with:
        return Refused(Why.CHANGED)
    move_event(acting, signal, "investigating", owner_id=acting.person.id)
    return signal


def give(acting: Acting, signal_id: SignalId, to_id: PersonId, seen_with: PersonId) -> Signal | Refused:
    """A colleague has it from now on, as far as it has come; `seen_with` as when it is taken."""
    signal = held(acting, signal_id)
    if isinstance(signal, Refused):
        return signal
    standing = progress.of_signal(acting.tx, signal_id)
    if standing is None or not can_end(signal, standing):
        return Refused(Why.DONE)
    if (standing.owner_id or 0) != seen_with:
        return Refused(Why.CHANGED)
    if to_id not in {one.id for one in people.who_may(acting.tx, Conversation.SIGNAL_DESK)}:
        return acting.refuse(What.SIGNAL.of(signal_id))
    move_event(acting, signal, standing.state, owner_id=to_id)
    _tell_receiver(acting, signal, to_id)
    return signal


def _tell_receiver(acting: Acting, signal: Signal, to_id: PersonId) -> None:
    """One who is given a signal by another is told so, without a word about what it is."""
    if to_id == acting.person.id:
        return
    told, at = SignalGiven(signal.id, acting.person.id), working_moment(acting.now)
    queueing.queue(acting.tx, told.key(acting.now), told, acting.now, person_id=to_id, not_before=at)


def end(acting: Acting, signal_id: SignalId, typed: Mapping[str, str]) -> Signal | Refused:
    """Ended with a reason, for every report of the event, and told to those who raised them.

    A serious one whose alert is open is ended by the alert, which must have its decision.
    """
    signal = held(acting, signal_id)
    if isinstance(signal, Refused):
        return signal
    standing = progress.of_signal(acting.tx, signal_id)
    if standing is None or not can_end(signal, standing):
        return Refused(Why.DONE)
    answers, problems = read(END_QUESTIONS, typed, acting.today)
    problems += _alert_first(acting, signal)
    if problems:
        return Refused(Why.WRONG, tuple(problems))
    how, reason = next(one for one in ENDED if one == answers["how"]), answers["end_reason"]
    reports = move_event(acting, signal, how, reason=reason, receiver=receiver_in(answers))
    _decide(acting, reports, reason)
    ended = signals.get(acting.tx, signal_id)
    tell_of_signal(acting, how, ended, reports)
    return ended


def receiver_in(answers: Answers) -> Receiver | None:
    return next((one for one in RECEIVERS if one == answers.get("receiver")), None)


def can_take(signal: Signal, standing: SignalProgress) -> bool:
    return standing.desk == "quality" and not signal.dismissed


def can_end(signal: Signal, standing: SignalProgress) -> bool:
    return standing.is_open and can_take(signal, standing)


def _alert_first(acting: Acting, signal: Signal) -> list[Problem]:
    same = {one.id for one in signals.of_event(acting.tx, signal.id)}
    waiting = [
        one
        for one in alerts.of_unit(acting.tx, signal.unit_id)
        if one.signal_id in same and one.closed_at is None
    ]
    return [
        Problem("end_reason", wording("signals.close_alert_first", number=one.number)) for one in waiting[:1]
    ]


def _decide(acting: Acting, reports: Sequence[Signal], reason: str) -> None:
    """The end is the decision that a serious event's floor waits for."""
    awaiting = [one for one in reports if is_serious(one) and not one.decided]
    for one in awaiting:
        who, now = acting.person.id, acting.now
        signals.revise(acting.tx, one.id, {"decided": True}, reason=reason, author_id=who, now=now)
    if awaiting:
        rescore(acting.tx, awaiting[0].unit_id, acting.now)


def move_event(
    acting: Acting,
    signal: Signal,
    state: State,
    *,
    owner_id: PersonId | None = None,
    reason: str | None = None,
    receiver: Receiver | None = None,
) -> list[Signal]:
    """The signal and every undecided report of its event, to the state; who has them stays where nobody is named."""
    same = [one for one in signals.of_event(acting.tx, signal.id) if not one.dismissed]
    standing = progress.of_signals(acting.tx, [one.id for one in same])
    undecided = {one.signal_id for one in standing.values() if one.is_open}
    reports = [one for one in same if one.id == signal.id or one.id in undecided]
    for one in reports:
        move(acting, one, state, owner_id=owner_id, reason=reason, receiver=receiver)
    return reports


def move(
    acting: Acting,
    signal: Signal,
    state: State,
    *,
    owner_id: PersonId | None = None,
    reason: str | None = None,
    receiver: Receiver | None = None,
) -> None:
    """One that is history begins to be handled when somebody does something with it."""
    tx, now, desk = acting.tx, acting.now, desk_of(signal)
    before = progress.of_signal(tx, signal.id)
    who = owner_id or (before.owner_id if before and before.desk == desk else None)
    if who is None:
        who = _new_owner(acting, signal, desk)
    came_at = before.came_at if before else now
    after = SignalProgress(signal.id, desk, state, who, came_at, receiver=receiver)
    after = after if after.is_open else replace(after, ended_at=now)
    if before is None:
        progress.begin(tx, after, acting.person.id, now)
    else:
        progress.go_on(tx, after, acting.person.id, now, reason)
    acting.log("write", What.SIGNAL.of(signal.id, "progress"))


def _new_owner(acting: Acting, signal: Signal, desk: Desk) -> PersonId | None:
    raiser = signal_versions.raised_by(acting.tx, [signal.id]).get(signal.id)
    person = people.by_id(acting.tx, raiser) if raiser is not None else None
    return next_owner(acting.tx, desk, acting.municipality.official, acting.now, person)


def follow_alert(
    acting: Acting,
    alert: Alert,
    state: State,
    *,
    owner_id: PersonId | None = None,
    reason: str | None = None,
) -> None:
    """What is done with an event's alert is done with its signal, unless that is with the managers by now."""
    signal = None if alert.signal_id is None else signals.get(acting.tx, alert.signal_id)
    if signal is not None and not signal.dismissed and desk_of(signal) == "quality":
        move_event(acting, signal, state, owner_id=owner_id, reason=reason)
