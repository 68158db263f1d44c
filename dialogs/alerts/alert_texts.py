"""What was written about an alert, opened with a reason by one of the quality team, for that alert until midnight."""

from collections.abc import Mapping, Sequence

from dialogs.alerts.alert_card import back_to
from dialogs.alerts.alert_desk import history_card, pressed
from dialogs.alerts.reading_reason import given_reason, reason_card
from dialogs.card import Button, Card
from dialogs.forms.offered import Verb
from dialogs.turn import Reply, Turn
from followup.access.access import Kind
from followup.log.subject import What
from followup.people import Conversation
from followup.times.calendar import municipal_day
from followup.wording import Problem
from storage.alerts.alerts import Alert
from storage.log import openings


def notes_form(turn: Turn) -> Reply:
    alert = pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    return _refused(turn) or Reply(card=_form(turn, alert, {}, []))


def _refused(turn: Turn) -> Reply | None:
    if turn.said.channel:
        return Reply(notice=turn.say("refused.channel"))
    if not turn.acting.opens(Kind.NOTES):
        return Reply(notice=turn.say("refused.role"))
    return None


def _form(turn: Turn, alert: Alert, typed: Mapping[str, str], problems: Sequence[Problem]) -> Card:
    send = Button(turn.say("reading.send"), "read_notes", {"alert": alert.id}, takes_inputs=True)
    title = turn.say("notes.title", number=alert.number)
    return reason_card(turn, title, typed, problems, (send, back_to(alert, turn.say)))


def read_notes(turn: Turn) -> Reply:
    """The reason is stored and logged before anything is shown; pressed again, it is one more reason."""
    alert = pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    if refused := _refused(turn):
        return refused
    reason, problems = given_reason(turn)
    if problems:
        return Reply(card=_form(turn, alert, turn.press.inputs, problems))
    notes = What.ALERT_NOTES.of(alert.id)
    openings.open_until_midnight(turn.tx, notes, turn.person.id, municipal_day(turn.now))
    turn.log("read", notes, reason=reason)
    return Reply(card=history_card(turn, alert))


OFFERED = (
    Verb("notes_form", Conversation.ALERT_DESK, notes_form),
    Verb("read_notes", Conversation.ALERT_DESK, read_notes),
)
