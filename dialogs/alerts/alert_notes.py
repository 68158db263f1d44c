"""Handing an alert over to a colleague in the quality team, and noting what has been done."""

from collections.abc import Mapping, Sequence

from dialogs import stored
from dialogs.alerts.alert_card import back_to
from dialogs.alerts.alert_desk import changed, done_meanwhile, fresh, pressed
from dialogs.alerts.desk_form import form_card, kept
from dialogs.card import Button, Card, Choice, Field
from dialogs.forms.form_fields import by_field
from dialogs.forms.offered import Verb
from dialogs.turn import Reply, Turn
from followup.form import Question, asked, read, refused_free_text
from followup.log.subject import What
from followup.messages.alerts import HandedOver
from followup.people import Conversation, Person, Role
from followup.times.calendar import municipal_day, working_moment
from followup.wording import Problem, wording
from storage import people
from storage.alerts import alert_notes, alerts
from storage.alerts.alerts import Alert
from storage.messages import outbox

MESSAGE = Question("message", "text", "desk", required=False)
NOTE = Question("note", "text", "desk")


def hand_over_form(turn: Turn) -> Reply:
    alert = pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    if alert.closed_at is not None:
        return Reply(card=fresh(turn, alert.id))
    if not _colleagues(turn, alert):
        return Reply(notice=turn.say("desk.no_colleague"))
    return Reply(card=_hand_over_card(turn, alert, {}, []))


def _colleagues(turn: Turn, alert: Alert) -> list[Person]:
    return [one for one in people.with_role(turn.tx, Role.QUALITY) if one.id != alert.owner_id]


def _hand_over_card(turn: Turn, alert: Alert, typed: Mapping[str, str], problems: Sequence[Problem]) -> Card:
    say = turn.say
    choices = tuple(Choice(str(one.id), one.name) for one in _colleagues(turn, alert))
    colleague = Field(
        "colleague",
        "choice",
        say("desk.colleague"),
        typed.get("colleague", ""),
        choices,
        required=True,
        problem=by_field(problems, say).get("colleague", ""),
        compact=len(choices) > 4,
    )
    return form_card(
        turn,
        say("desk.hand_over_title", number=alert.number),
        [say("desk.hand_over_means")],
        asked([MESSAGE], free_text=turn.municipality.free_text),
        typed,
        problems,
        (
            Button(turn.say("desk.hand_over_send"), "hand_over", _seen(alert), takes_inputs=True),
            back_to(alert, turn.say),
        ),
        chosen=[colleague],
    )


def _seen(alert: Alert) -> dict[str, int]:
    """Whose the alert was when the form was drawn; 0 for nobody's."""
    return {"alert": alert.id, "owner": alert.owner_id or 0}


def _changed_hands(turn: Turn, alert: Alert) -> list[Problem]:
    """Whether it is another's than when the form was drawn, and that was not this form's doing."""
    here = [one.numbers for one in stored.of_card(turn.tx, turn.said.card, "alert")]
    given_here = {"alert": alert.id, "to": alert.owner_id} in here
    if given_here or turn.press.number("owner") == (alert.owner_id or 0):
        return []
    owner = people.everyone(turn.tx).get(alert.owner_id or 0)
    name = owner.name if owner else turn.say("alert.nobody_short")
    return [Problem("colleague", wording("desk.owner_changed", name=name))]


def hand_over(turn: Turn) -> Reply:
    """The colleague owns the alert and is told so, without a word about what it is."""
    alert = pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    if alert.closed_at is not None:
        return done_meanwhile(turn, alert)
    colleagues = tuple(str(one.id) for one in _colleagues(turn, alert))
    questions = asked(
        [Question("colleague", "choice", "desk", choices=colleagues), MESSAGE],
        free_text=turn.municipality.free_text,
    )
    answers, problems = read(questions, turn.press.inputs, municipal_day(turn.now))
    problems += refused_free_text(
        [MESSAGE], turn.press.inputs, "colleague", free_text=turn.municipality.free_text
    )
    problems += _changed_hands(turn, alert)
    if problems:
        return Reply(card=_hand_over_card(turn, alert, kept(turn, questions), problems))
    _give(turn, alert, int(answers["colleague"]), answers.get("message"))
    return changed(turn, alert, to=int(answers["colleague"]))


def _give(turn: Turn, alert: Alert, to_id: int, message: str | None) -> None:
    alerts.hand_over(turn.tx, alert.id, to_id, turn.now)
    note_id = alert_notes.add(turn.tx, alert.id, turn.person.id, turn.now, handed_to_id=to_id, text=message)
    turn.log("write", What.ALERT.of(alert.id))
    if to_id != turn.person.id:
        told = HandedOver(alert.id, turn.person.id)
        at = working_moment(turn.now)
        outbox.queue(
            turn.tx,
            told.key(note_id),
            told,
            turn.now,
            person_id=to_id,
            not_before=at,
        )


def note_form(turn: Turn) -> Reply:
    alert = pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    if not turn.municipality.free_text:
        return Reply(notice=turn.say("minimal.note"))
    return Reply(card=_note_card(turn, alert, {}, []))


def _note_card(turn: Turn, alert: Alert, typed: Mapping[str, str], problems: Sequence[Problem]) -> Card:
    title = turn.say("desk.note_title", number=alert.number)
    buttons = (
        Button(turn.say("desk.note_send"), "add_note", {"alert": alert.id}, takes_inputs=True),
        back_to(alert, turn.say),
    )
    return form_card(turn, title, [turn.say("desk.note_means")], [NOTE], typed, problems, buttons)


def add_note(turn: Turn) -> Reply:
    """What was done is noted also on an alert that has been closed meanwhile: nothing written is lost."""
    alert = pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    if not turn.municipality.free_text:
        return Reply(notice=turn.say("minimal.note"))
    answers, problems = read([NOTE], turn.press.inputs, municipal_day(turn.now))
    if problems:
        return Reply(card=_note_card(turn, alert, kept(turn, [NOTE]), problems))
    alert_notes.add(turn.tx, alert.id, turn.person.id, turn.now, text=answers["note"])
    turn.log("write", What.ALERT.of(alert.id))
    return changed(turn, alert)


OFFERED = (
    Verb("hand_over_form", Conversation.ALERT_DESK, hand_over_form),
    Verb("hand_over", Conversation.ALERT_DESK, hand_over),
    Verb("note_form", Conversation.ALERT_DESK, note_form),
    Verb("add_note", Conversation.ALERT_DESK, add_note),
)
