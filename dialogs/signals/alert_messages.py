"""What is said unasked in one's own chat of alerts and signals, and of what the law wants decided and reported."""

from dialogs.card import Button, Card, Text
from dialogs.forms.given import given_card
from dialogs.signals.signal_card import signal_card
from followup.messages.alerts import DecisionDue, DutyToReport, HandedOver, SignalAsked, SignalGiven
from followup.wording.law import paragraph
from services.acting import Reader, Refused
from services.views.alerts import handed_over, head
from services.views.signals import signal, signal_given
from texts.catalogue import Texts


def handed_over_card(message: HandedOver, reader: Reader, say: Texts) -> Card | None:
    """Who and which alert, and no word about what it is; nothing of one that is closed or another's by now."""
    every = sorted((*message.others, message), key=lambda one: one.alert_id)
    found = [told for one in every if (told := handed_over(reader, one))]
    rows = [
        (
            say("desk.handed_about", name=one.giver, number=one.number),
            Button(say("desk.open_alert"), "show_alert", {"alert": one.id}),
        )
        for one in found
    ]
    return given_card("desk.handed_title", rows, say)


def signal_given_card(message: SignalGiven, reader: Reader, say: Texts) -> Card | None:
    """In the same way; nothing of one that is ended or another's by now."""
    every = sorted((*message.others, message), key=lambda one: one.signal_id)
    found = [told for one in every if (told := signal_given(reader, one))]
    rows = [
        (
            say("signal_given.about", name=one.giver, number=one.number, unit=one.unit),
            Button(say("signals.show"), "show_signal", {"signal": one.id}),
        )
        for one in found
    ]
    return given_card("signal_given.title", rows, say)


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
