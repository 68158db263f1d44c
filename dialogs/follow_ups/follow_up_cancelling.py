"""Cancels a follow-up that is not to be done, with a written reason: a unit that closed, or one opened by mistake."""

from collections.abc import Sequence

from dialogs.card import Button, Card, Text
from dialogs.follow_ups.follow_up_card import data_of, title
from dialogs.follow_ups.follow_up_desk import pressed, refused, saved, unchanged
from dialogs.follow_ups.follow_up_record import card_of
from dialogs.forms.form_fields import by_field, fields, problem_banner
from dialogs.forms.verbs import Verb
from dialogs.turn import Reply, Turn
from followup.follow_ups.action import REASON
from followup.follow_ups.follow_up import FollowUp
from followup.people import Conversation
from followup.wording.wording import Problem
from services.acting import Refused
from services.follow_ups import steps
from services.views import follow_ups as views


def cancel_form(turn: Turn) -> Reply:
    return unchanged(turn, lambda one: Reply(card=card_of(turn, one) if one.closed else _card(turn, one, [])))


def _card(turn: Turn, follow_up: FollowUp, problems: Sequence[Problem]) -> Card:
    say = turn.say
    left = by_field(problems, say).get("actions", "")
    parts = (
        Text(title(views.view_of(turn.acting, follow_up), say), "title"),
        Text(say("follow_up.cancel.about")),
        *([Text(left, "problem")] if left else []),
        *problem_banner([one for one in problems if one.field != "actions"], say),
        *fields(REASON, turn.press.inputs, problems, say, "action"),
    )
    buttons = (
        Button(say("follow_up.cancel"), "cancel_follow_up", takes_inputs=True),
        Button(say("follow_up.to_step"), "show_follow_up"),
    )
    return Card(say("follow_up.summary"), parts, buttons, data_of(follow_up))


def cancel(turn: Turn) -> Reply:
    version, typed = turn.press.number("version"), turn.press.inputs
    done = steps.cancel(turn.acting, pressed(turn), version, typed)
    if isinstance(done, Refused):
        problems = done.problems
        return refused(turn, done, lambda one: Reply(card=_card(turn, one, problems)))
    return saved(turn, done, "follow_up.now_cancelled")


OFFERED = (
    Verb("cancel_follow_up_form", Conversation.FOLLOW_UPS, cancel_form),
    Verb("cancel_follow_up", Conversation.FOLLOW_UPS, cancel),
)
