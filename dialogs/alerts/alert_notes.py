"""The forms for handing an alert over to a colleague in the quality team, and for noting what has been done."""

from collections.abc import Mapping, Sequence

from dialogs.alerts.alert_card import back_to
from dialogs.alerts.alert_desk import changed, done_meanwhile, form, fresh, pressed, refused
from dialogs.alerts.desk_form import form_card, sent_back
from dialogs.card import Button, Card, Choice, Field
from dialogs.forms.elsewhere import where_to_write
from dialogs.forms.form_fields import by_field
from dialogs.forms.verbs import Verb
from dialogs.turn import Reply, Turn, stored_by_presses
from followup import PersonId
from followup.people import Conversation
from followup.wording.form import asked
from followup.wording.wording import Problem
from services.acting import Refused, Why
from services.alerts import ownership
from services.alerts.ownership import MESSAGE, NOBODY, NOTE
from services.views.alerts import AlertHead


def hand_over_form(turn: Turn) -> Reply:
    def draw(head: AlertHead) -> Reply:
        if head.closed is not None:
            return fresh(turn, head.id)
        if not ownership.colleagues(turn.acting, head.owner_id):
            return Reply(notice=turn.say("desk.no_colleague"))
        return Reply(card=_hand_over_card(turn, head, {}, []))

    return form(turn, draw)


def _hand_over_card(
    turn: Turn, head: AlertHead, typed: Mapping[str, str], problems: Sequence[Problem]
) -> Card:
    say, team = turn.say, ownership.colleagues(turn.acting, head.owner_id)
    choices = tuple(Choice(str(one.id), one.name) for one in team)
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
    # Whose the alert was when the form was drawn.
    seen = {"alert": head.id, "owner": head.owner_id or NOBODY}
    return form_card(
        turn,
        say("desk.hand_over_title", number=head.number),
        [say("desk.hand_over_means")],
        asked([MESSAGE], free_text=turn.municipality.free_text),
        typed,
        problems,
        (
            Button(turn.say("desk.hand_over_send"), "hand_over", seen, takes_inputs=True),
            back_to(head.id, turn.say),
        ),
        chosen=[colleague],
    )


def _seen_with(turn: Turn) -> set[PersonId]:
    """With whom the alert was when the form was drawn, or to whom this very card has given it."""
    drawn = turn.press.id("owner", PersonId)
    given = [one.numbers for one in stored_by_presses(turn.tx, turn.said.card, "alert")]
    here = {PersonId(one["to"]) for one in given if one["alert"] == pressed(turn) and "to" in one}
    return here if drawn is None else {drawn, *here}


def hand_over(turn: Turn) -> Reply:
    done = ownership.hand_over(turn.acting, pressed(turn), turn.press.inputs, _seen_with(turn))
    if not isinstance(done, Refused):
        assert done.owner_id is not None
        return changed(turn, done, to=done.owner_id)
    if done.why == Why.DONE:
        return form(turn, lambda head: done_meanwhile(turn, head))
    if done.why != Why.WRONG:
        return refused(turn, done)

    def drawn(head: AlertHead) -> Reply:
        return sent_back(turn, _hand_over_card(turn, head, turn.press.inputs, done.problems), done.problems)

    return form(turn, drawn)


def note_form(turn: Turn) -> Reply:
    if not turn.municipality.free_text:
        return Reply(notice=where_to_write(turn, "note"))
    return form(turn, lambda head: Reply(card=_note_card(turn, head, {}, [])))


def _note_card(turn: Turn, head: AlertHead, typed: Mapping[str, str], problems: Sequence[Problem]) -> Card:
    title = turn.say("desk.note_title", number=head.number)
    buttons = (
        Button(turn.say("desk.note_send"), "add_note", {"alert": head.id}, takes_inputs=True),
        back_to(head.id, turn.say),
    )
    return form_card(turn, title, [turn.say("desk.note_means")], [NOTE], typed, problems, buttons)


def add_note(turn: Turn) -> Reply:
    done = ownership.note(turn.acting, pressed(turn), turn.press.inputs)
    if not isinstance(done, Refused):
        return changed(turn, done)
    if done.why != Why.WRONG:
        return refused(turn, done)

    if not turn.municipality.free_text:
        return Reply(notice=turn.say.say(done.problems[0].what))

    def drawn(head: AlertHead) -> Reply:
        return sent_back(turn, _note_card(turn, head, turn.press.inputs, done.problems), done.problems)

    return form(turn, drawn)


OFFERED = (
    Verb("hand_over_form", Conversation.ALERT_DESK, hand_over_form),
    Verb("hand_over", Conversation.ALERT_DESK, hand_over),
    Verb("note_form", Conversation.ALERT_DESK, note_form),
    Verb("add_note", Conversation.ALERT_DESK, add_note),
)
