"""What a signal led to, as those who raised it are told: nothing about a child."""

from dialogs.card import Card, Part, Text
from followup.messages.alerts import LedTo
from storage import units
from storage.alerts import alert_decisions
from storage.engine.database import Transaction
from storage.signals import signals
from texts.catalogue import Texts


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
