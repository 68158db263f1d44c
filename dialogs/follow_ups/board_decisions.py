"""The board's decision after a follow-up: its reference and day are recorded here, and nothing is decided."""

from collections.abc import Mapping, Sequence

from dialogs.card import Button, Card, Text
from dialogs.follow_ups.follow_up_card import title
from dialogs.follow_ups.follow_up_desk import UNKNOWN, pressed, refused
from dialogs.follow_ups.follow_up_record import card_of, stored
from dialogs.forms.form_fields import fields, problem_banner
from dialogs.forms.verbs import Verb
from dialogs.turn import Reply, Turn
from followup.follow_ups.board_decision import QUESTIONS
from followup.follow_ups.follow_up import FollowUp
from followup.people import Conversation
from followup.wording.form import clean_text
from followup.wording.wording import Problem
from services.acting import Refused, Why
from services.follow_ups import steps
from services.views import follow_ups as views


def decision_form(turn: Turn) -> Reply:
    found = steps.held(turn.acting, pressed(turn))
    if isinstance(found, Refused):
        return turn.refusal(found, UNKNOWN)
    return Reply(card=_card(turn, found, {}, []))


def _card(turn: Turn, follow_up: FollowUp, typed: Mapping[str, str], problems: Sequence[Problem]) -> Card:
    say = turn.say
    parts = (
        Text(title(views.view_of(turn.acting, follow_up), say), "title"),
        Text(say("board_decision.about")),
        *problem_banner(problems, say),
        *fields(QUESTIONS, typed, problems, say, "board_decision"),
    )
    before = steps.recorded_before(turn.tx, follow_up.id, clean_text(typed.get("reference", "")))
    data = {"follow_up": follow_up.id, **({"knows": before.id} if before else {})}
    buttons = (
        Button(say("board_decision.record"), "record_board_decision", takes_inputs=True),
        Button(say("follow_up.to_step"), "show_follow_up"),
    )
    return Card(say("follow_up.summary"), parts, buttons, data)


def record(turn: Turn) -> Reply:
    typed, knows = turn.press.inputs, turn.press.number("knows")
    done = steps.record_board_decision(turn.acting, pressed(turn), typed, knows)
    if isinstance(done, Refused) and done.why == Why.DONE:
        return Reply(card=_there_already(turn))
    if isinstance(done, Refused):
        problems = done.problems
        return refused(turn, done, lambda one: Reply(card=_card(turn, one, turn.press.inputs, problems)))
    reference = clean_text(turn.press.inputs["reference"])
    said = turn.say("board_decision.recorded", reference=reference)
    return Reply(card=card_of(turn, done, Text(said, "good")), effect=stored(done))


def _there_already(turn: Turn) -> Card:
    """Handed in from another card before: nothing more is recorded, and that is what is said."""
    found = steps.held(turn.acting, pressed(turn))
    assert not isinstance(found, Refused)
    reference = clean_text(turn.press.inputs["reference"])
    return card_of(turn, found, Text(turn.say("board_decision.there_already", reference=reference), "good"))


OFFERED = (
    Verb("board_decision_form", Conversation.FOLLOW_UPS, decision_form),
    Verb("record_board_decision", Conversation.FOLLOW_UPS, record),
)
