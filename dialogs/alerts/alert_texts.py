"""What was written about an alert, opened with a reason by one of the quality team, for that alert until midnight."""

from collections.abc import Mapping, Sequence

from dialogs.alerts.alert_card import back_to
from dialogs.alerts.alert_desk import UNKNOWN, form, history_card, pressed
from dialogs.alerts.reading_reason import given_reason, reason_card
from dialogs.card import Button, Card
from dialogs.forms.verbs import Verb
from dialogs.turn import Reply, Turn
from followup.people import Conversation
from followup.wording.wording import Problem
from services.acting import Refused, Why
from services.alerts import ownership
from services.views.alerts import AlertHead


def notes_form(turn: Turn) -> Reply:
    why = ownership.refuse_notes(turn.acting, pressed(turn))
    if why is not None:
        return turn.refusal(why, UNKNOWN)
    return form(turn, lambda head: Reply(card=_form(turn, head, {}, [])))


def _form(turn: Turn, head: AlertHead, typed: Mapping[str, str], problems: Sequence[Problem]) -> Card:
    send = Button(turn.say("reading.send"), "read_notes", {"alert": head.id}, takes_inputs=True)
    title = turn.say("notes.title", number=head.number)
    return reason_card(turn, title, typed, problems, (send, back_to(head.id, turn.say)))


def read_notes(turn: Turn) -> Reply:
    """The reason is stored and logged before anything is shown; pressed again, it is one more reason."""
    reason, problems = given_reason(turn)
    opened = ownership.open_notes(turn.acting, pressed(turn), reason)
    if not isinstance(opened, Refused):
        return history_card(turn, opened.id)
    if opened.why != Why.NO_REASON:
        return turn.refusal(opened, UNKNOWN)
    return form(turn, lambda head: Reply(card=_form(turn, head, turn.press.inputs, problems)))


OFFERED = (
    Verb("notes_form", Conversation.ALERT_DESK, notes_form),
    Verb("read_notes", Conversation.ALERT_DESK, read_notes),
)
