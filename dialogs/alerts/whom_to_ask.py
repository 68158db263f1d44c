"""Whom the quality team talks to about an alert on a signal: who handed it in, and who answers for the child now."""

from datetime import datetime

from dialogs.card import Card, Part, Text
from followup.access.access import ACCESS, Access, Kind, Reach
from followup.people import Person, responsible
from followup.signals.signal import Signal
from followup.times.calendar import municipal_day
from storage import people, placements
from storage.alerts.alerts import Alert
from storage.engine.database import Transaction
from storage.signals import signal_versions, signals
from texts.catalogue import Texts


def with_names(
    tx: Transaction,
    card: Card,
    alert: Alert,
    reader: Person,
    now: datetime,
    say: Texts,
    access: Access = ACCESS,
) -> Card:
    """The card with the names at its end, for a reader in her own chat who may see every colleague's."""
    if alert.signal_id is None or access.reach(reader.role, Kind.COLLEAGUES) != Reach.ALL:
        return card
    return Card(card.summary, (*card.parts, *_names(tx, alert.signal_id, now, say)), card.buttons, card.data)


def _names(tx: Transaction, signal_id: int, now: datetime, say: Texts) -> list[Part]:
    everyone, signal = people.everyone(tx), signals.get(tx, signal_id)
    author = everyone.get(signal_versions.raised_by(tx, [signal_id]).get(signal_id, 0))
    worker = everyone.get(_answers_for(tx, signal, now) or 0)
    lines = [Text(say("alert.raised_by", name=author.name))] if author else []
    if worker is not None and worker != author:
        lines.append(Text(say("alert.answered_by", name=worker.name)))
    lines = lines or [Text(say("alert.nobody_to_ask"))]
    return [Text(say("alert.whom_to_ask"), "heading"), *lines]


def _answers_for(tx: Transaction, signal: Signal, now: datetime) -> int | None:
    today = municipal_day(now)
    one = placements.get(tx, signal.placement_id, today) if signal.placement_id else None
    if one is None:
        return None
    return responsible(one.owner_id, one.substitute_id, people.everyone(tx), people.leaves(tx, today), today)
