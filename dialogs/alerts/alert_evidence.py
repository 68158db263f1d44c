"""An alert's evidence, shown to the one who asks and never in the channel."""

from collections.abc import Sequence
from datetime import datetime

from dialogs.alerts.alert_card import back_to
from dialogs.alerts.alert_desk import pressed
from dialogs.alerts.evidence_card import evidence_card, items_shown
from dialogs.card import Button, Card
from dialogs.forms.offered import Verb
from dialogs.turn import Reply, Turn
from followup.log.subject import What
from followup.messages.alerts import EvidenceAsked
from followup.people import Conversation
from followup.signals.signal import id_in
from followup.times.calendar import municipal_day
from services.risk.scoring import read_as_of
from storage import units
from storage.alerts.alerts import Alert
from storage.engine.database import Transaction
from storage.log import access_log
from storage.messages import outbox
from texts.catalogue import Texts


def open_evidence(turn: Turn) -> Reply:
    """The evidence names events, so it is shown to the one who asks and never in the channel."""
    alert = pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    if turn.said.channel:
        asked = EvidenceAsked(alert.id)
        key = asked.key(turn.person.key, turn.said.activity_id)
        outbox.queue(turn.tx, key, asked, turn.now, person_id=turn.person.id, urgent=True)
        return Reply(notice=turn.say("alert.evidence_sent"))
    return Reply(card=evidence_of(turn.tx, alert, turn.now, turn.say, turn.person.id))


def evidence_of(tx: Transaction, alert: Alert, now: datetime, say: Texts, person_id: int) -> Card:
    unit = units.get(tx, alert.unit_id)
    reading = read_as_of(tx, unit, municipal_day(now), now)
    items = items_shown(reading)
    subject = What.EVIDENCE.of(unit.key)
    access_log.record(tx, "read", subject, now, person_id=person_id, records=len(items))
    card = evidence_card(unit, reading, say, alert.id)
    return Card(card.summary, card.parts, (*_opened_with_a_reason(alert, items, say), back_to(alert, say)))


def _opened_with_a_reason(alert: Alert, items: Sequence[str], say: Texts) -> list[Button]:
    """What was written about one of the signals, and whose child an item is about, where there is any."""
    data = {"alert": alert.id, "unit": alert.unit_id}
    text = Button(say("reading.read"), "signal_text_form", data)
    reference = Button(say("reference.open"), "reference_form", data)
    return [*([text] if any(map(id_in, items)) else []), *([reference] if items else [])]


OFFERED = (Verb("alert_evidence", Conversation.ALERT_DESK, open_evidence),)
