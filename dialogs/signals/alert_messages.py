"""What the quality team's desk says unasked in one's own chat: an alert handed over, a signal asked for."""

from dialogs.card import Button, Card, Text
from dialogs.signals.signal_card import signal_card
from followup.messages.alerts import HandedOver, SignalAsked
from services.acting import Reader, Refused
from services.views.alerts import handed_over
from services.views.signals import signal
from texts.catalogue import Texts


def handed_over_card(message: HandedOver, reader: Reader, say: Texts) -> Card | None:
    """Who and which alert, and no word about what it is; None once it is closed or another's."""
    told = handed_over(reader, message)
    if told is None:
        return None
    parts = (
        Text(say("desk.handed_title"), "title"),
        Text(say("desk.handed_about", name=told.giver, number=told.number)),
    )
    button = Button(say("desk.open_alert"), "show_alert", {"alert": message.alert_id})
    return Card(say("desk.handed_title"), parts, (button,))


def own_signal_card(message: SignalAsked, reader: Reader, say: Texts) -> Card | None:
    view = None if reader.person is None else signal(reader, message.signal_id)
    if view is None or isinstance(view, Refused):
        return None
    return signal_card(view, say, alert_id=message.alert_id)
