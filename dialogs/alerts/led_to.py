"""Tells those who raised a signal what it led to: queued with the fact, each person once, and worded when sent."""

from collections import defaultdict
from collections.abc import Sequence

from dialogs.card import Card, Part, Text
from dialogs.turn import Turn
from followup.messages.alerts import LedTo, Outcome
from followup.signals.signal import Signal
from followup.times.calendar import working_moment
from storage import units
from storage.alerts import alert_decisions
from storage.alerts.alerts import Alert
from storage.engine.database import Transaction
from storage.messages import outbox
from storage.signals import signal_versions, signals
from texts.catalogue import Texts


def tell_of_signal(turn: Turn, outcome: Outcome, acted: Signal, affected: Sequence[Signal]) -> None:
    """`acted` is the version that the act made; `affected` are all the signals that it is about."""
    _tell(turn, outcome, f"{acted.id}:{acted.version}", affected)


def tell_of_alert(turn: Turn, alert: Alert, outcome: Outcome) -> None:
    """A decision on an event, or its end; an alert on a level is nobody's own signal."""
    if alert.signal_id is not None:
        reports = signals.of_event(turn.tx, alert.signal_id)
        _tell(turn, outcome, f"alert:{alert.id}", reports, alert.id)


def _tell(
    turn: Turn, outcome: Outcome, deed: str, affected: Sequence[Signal], alert_id: int | None = None
) -> None:
    """Whoever raised several of the signals is told once; the one who did it knows."""
    own: defaultdict[int, list[int]] = defaultdict(list)
    for signal_id, person_id in signal_versions.raised_by(turn.tx, [one.id for one in affected]).items():
        own[person_id].append(signal_id)
    own.pop(turn.person.id, None)
    for person_id, signal_ids in own.items():
        led_to = LedTo(outcome, tuple(sorted(signal_ids)), alert_id)
        outbox.queue(
            turn.tx,
            led_to.key(deed, person_id),
            led_to,
            turn.now,
            person_id=person_id,
            not_before=working_moment(turn.now),
        )


def led_to_card(tx: Transaction, message: LedTo, say: Texts) -> Card:
    """Nothing about a child: the signal's number, its unit and what was done."""
    own = [signals.get(tx, signal_id) for signal_id in message.signal_ids]
    numbers = say("led_to.and").join(signal.number for signal in own)
    unit = units.get(tx, own[0].unit_id).name
    grade = f"risk.consequence.{own[0].consequence}" if own[0].consequence else "alert.ungraded"
    parts: list[Part] = [
        Text(say("led_to.title"), "title"),
        Text(say("led_to.about", numbers=numbers, unit=unit, n=len(own))),
        Text(say(f"led_to.{message.outcome}", grade=say(grade))),
        *_decision(tx, message, say),
        Text(say("led_to.thanks"), "subtle"),
    ]
    return Card(say("led_to.summary"), tuple(parts))


def _decision(tx: Transaction, message: LedTo, say: Texts) -> list[Part]:
    decision = None if message.alert_id is None else alert_decisions.of_alert(tx, message.alert_id)
    if decision is None:
        return []
    return [Text(say(f"desk.decided.{'yes' if decision.notified else 'no'}", day=decision.decided_on))]
