"""The quality team at its desk, for the tests: an alert about violence, and what is done with it."""

from followup import PersonId, SignalId, UnitId
from followup.alerts.alert import Alert
from followup.signals.signal import Signal
from storage.alerts import alerts
from storage.engine.database import Database
from storage.register import people, units
from storage.risk import scores
from storage.signals import signals
from tests.support.builders import Register
from tests.support.told_once import told_once
from tests.support.turns import SAY, SLAP, Chat, Client, october
from texts.catalogue import Texts

# What a decision not to notify IVO is made of.
NOT_NOTIFIED = {
    "notified": "no",
    "decision_reason": "Bristen är avhjälpt.",
    "decided_on": "2026-11-02",
    "decided_by": "Enhetschef Siv Ek",
}


@told_once
def alerted(municipality: Database) -> Chat:
    """Anna has told of violence at Södergården, Kim is in the quality team too, and the channel knows."""
    with municipality.transaction() as tx:
        Register(tx).person("kim", "quality")
    chat = october(municipality)
    slap(chat)
    return chat


def slap(chat: Chat, **typed: str) -> None:
    placement = chat.task("AKT-3").placement
    anna = chat.client("anna")
    anna.say("avvikelse")
    anna.press(SAY("signal.hand_in"), {**SLAP, "placement": str(placement.id), **typed})
    chat.deliver()


def in_channel(chat: Chat, key: str = "karin") -> Client:
    """The person looks at the newest card in the channel."""
    client = chat.client(key, channel=True)
    client.card = chat.client("karin", channel=True).shown[-1].card
    return client


def newest(chat: Chat) -> Alert:
    number = unit_id(chat)
    with chat.database.transaction() as tx:
        return alerts.of_unit(tx, number)[-1]


def unit_id(chat: Chat, key: str = "SYD") -> UnitId:
    with chat.database.transaction() as tx:
        unit = units.by_key(tx, key)
    assert unit is not None
    return unit.id


def person_id(chat: Chat, key: str) -> PersonId:
    with chat.database.transaction() as tx:
        found = people.by_key(tx, key)
    assert found is not None
    return found.id


def floor(chat: Chat) -> str | None:
    number = unit_id(chat)
    with chat.database.transaction() as tx:
        latest = scores.latest(tx, number)
    assert latest is not None
    return latest.floor


def open_alert(chat: Chat, key: str = "karin") -> Client:
    """The person opens the first alert of the list in her own chat."""
    client = chat.client(key)
    client.say("larm")
    client.press(SAY("alerts.open"))
    return client


def read_notes(client: Client, say: Texts = SAY) -> None:
    """Opens what was written about the alert in view, with a reason."""
    client.press(say("notes.read"))
    client.press(say("reading.send"), {"why_read": "assess_alert"})


def closed(client: Client, reason: str, **typed: str) -> None:
    """Closes the alert in view with the decision that it needs and the reason."""
    client.press(SAY("desk.close"))
    client.press(SAY("desk.close_send"), {**NOT_NOTIFIED, "reason": reason, **typed})


def signal_of(chat: Chat, number: int = 1) -> Signal:
    with chat.database.transaction() as tx:
        return signals.get(tx, SignalId(number))


def shown_band(chat: Chat, key: str = "SYD") -> str:
    number = unit_id(chat, key)
    with chat.database.transaction() as tx:
        latest = scores.latest(tx, number)
    assert latest is not None
    return latest.shown
