"""An alert's evidence, shown to the one who asks and never in the channel."""

from dialogs.alerts.alert_card import back_to
from dialogs.alerts.alert_desk import UNKNOWN, pressed
from dialogs.alerts.evidence_card import PAGE, came_from, evidence_card, pages
from dialogs.card import Button, Card
from dialogs.forms.supplementary import supplementary_parts
from dialogs.forms.verbs import Verb
from dialogs.turn import Reply, Turn
from followup import AlertId, UnitId
from followup.messages.alerts import EvidenceAsked
from followup.people import Conversation
from followup.signals.signal import id_in
from services.acting import Reader, Refused
from services.alerts import ownership
from services.views.evidence import EvidenceView, evidence, evidence_of_unit
from services.views.supplementary import supplementary
from texts.catalogue import Texts


def open_evidence(turn: Turn) -> Reply:
    """The evidence names events, so it is shown to the one who asks and never in the channel."""
    alert_id = pressed(turn)
    if turn.said.channel:
        asked = EvidenceAsked(alert_id)
        sent = ownership.send_to_own_chat(turn.acting, alert_id, asked, turn.said.activity_id)
        notice = Reply(notice=turn.say("alert.evidence_sent"))
        return turn.refusal(sent, UNKNOWN) if isinstance(sent, Refused) else notice
    shown = evidence_of(turn.acting, alert_id, turn.say, turn.press.number("start") or 0)
    return turn.refusal(shown, UNKNOWN) if isinstance(shown, Refused) else Reply(card=shown)


def evidence_of(reader: Reader, alert_id: AlertId, say: Texts, start: int = 0) -> Card | Refused:
    view = evidence(reader, alert_id, PAGE, start)
    return view if isinstance(view, Refused) else _card(reader, view, alert_id, say)


def evidence_of_one(reader: Reader, unit_id: UnitId | None, say: Texts, start: int = 0) -> Card | Refused:
    """Of a unit without any alert to come back to."""
    view = evidence_of_unit(reader, unit_id, PAGE, start)
    return view if isinstance(view, Refused) else _card(reader, view, None, say)


def _card(reader: Reader, view: EvidenceView, alert_id: AlertId | None, say: Texts) -> Card:
    card = evidence_card(view, say, alert_id)
    beside = supplementary_parts(supplementary(reader, view.unit_id), reader.municipality.contact_days, say)
    buttons = (
        *pages(view, alert_id, say),
        *_opened_with_a_reason(alert_id, view, say),
        *([] if alert_id is None else [back_to(alert_id, say)]),
    )
    return Card(card.summary, (*card.parts, *beside), buttons)


def _opened_with_a_reason(alert_id: AlertId | None, view: EvidenceView, say: Texts) -> list[Button]:
    """What was written about one of the signals, and whose child an item is about, where there is any."""
    data = {**came_from(alert_id), "unit": view.unit_id}
    text = Button(say("reading.read"), "signal_text_form", data)
    reference = Button(say("reference.open"), "reference_form", data)
    return [*([text] if any(map(id_in, view.numbers)) else []), *([reference] if view.numbers else [])]


OFFERED = (Verb("alert_evidence", Conversation.ALERT_DESK, open_evidence),)
