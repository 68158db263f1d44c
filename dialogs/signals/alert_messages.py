"""What is said unasked in one's own chat of alerts and signals, and of what the law wants decided and reported."""

from dialogs.card import Button, Card, Text
from dialogs.signals.signal_card import signal_card
from followup.messages.alerts import DecisionDue, DutyToReport, HandedOver, SignalAsked
from followup.wording.law import paragraph
from services.acting import Reader, Refused
from services.views.alerts import handed_over, head
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


def decision_due_card(message: DecisionDue, reader: Reader, say: Texts) -> Card | None:
    """The alert's number and since when; None once it is decided, closed or another's to see."""
    found = None if reader.person is None else head(reader, message.alert_id)
    if found is None or isinstance(found, Refused) or found.undecided is None:
        return None
    parts = (
        Text(say("decision_due.title"), "title"),
        Text(say("decision_due.about", number=found.number, raised=found.raised, cited=found.undecided)),
    )
    button = Button(say("desk.open_alert"), "show_alert", {"alert": message.alert_id})
    return Card(say("decision_due.title"), parts, (button,))


def duty_card(message: DutyToReport, reader: Reader, say: Texts) -> Card | None:
    """Of this year alone."""
    if reader.today.year != message.year:
        return None
    cited = paragraph("staff_are_told_to_report", reader.today)
    law = [Text(say("duty_to_report.law", cited=cited), "subtle")] if cited else []
    parts = (
        Text(say("duty_to_report.title"), "title"),
        Text(say("duty_to_report.report")),
        Text(say("signal.not_lex_sarah")),
        *law,
    )
    return Card(say("duty_to_report.title"), parts)
