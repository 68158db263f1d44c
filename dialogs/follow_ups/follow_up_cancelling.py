"""Cancels a follow-up that is not to be done, with a written reason: a unit that closed, or one opened by mistake."""

from collections.abc import Sequence

from dialogs.card import Button, Card, Text
from dialogs.follow_ups.follow_up_card import data_of, title
from dialogs.follow_ups.follow_up_desk import unchanged
from dialogs.follow_ups.follow_up_record import card_of, stored
from dialogs.forms.form_fields import by_field, fields, problem_banner
from dialogs.forms.offered import Verb
from dialogs.turn import Reply, Turn
from followup.follow_ups.action import REASON
from followup.follow_ups.follow_up import FollowUp, before_cancelling
from followup.form import read
from followup.people import Conversation
from followup.times.calendar import municipal_day
from followup.wording import Problem
from services.follow_ups import following_up
from storage.follow_ups import actions


def cancel_form(turn: Turn) -> Reply:
    return unchanged(turn, lambda one: Reply(card=card_of(turn, one) if one.closed else _card(turn, one, [])))


def _card(turn: Turn, follow_up: FollowUp, problems: Sequence[Problem]) -> Card:
    say = turn.say
    left = by_field(problems, say).get("actions", "")
    parts = (
        Text(title(turn, follow_up), "title"),
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
    return unchanged(turn, lambda one: _cancel(turn, one))


def _cancel(turn: Turn, follow_up: FollowUp) -> Reply:
    if follow_up.closed:
        return Reply(card=card_of(turn, follow_up))
    answers, problems = read(REASON, turn.press.inputs, municipal_day(turn.now))
    problems += before_cancelling([one.state for one in actions.of_follow_up(turn.tx, follow_up.id)])
    if problems:
        return Reply(card=_card(turn, follow_up, problems))
    cancelled = following_up.cancel(turn.tx, follow_up, answers["reason"], turn.person.id, turn.now)
    said = Text(turn.say("follow_up.now_cancelled"), "good")
    return Reply(card=card_of(turn, cancelled, said), effect=stored(cancelled))


OFFERED = (
    Verb("cancel_follow_up_form", Conversation.FOLLOW_UPS, cancel_form),
    Verb("cancel_follow_up", Conversation.FOLLOW_UPS, cancel),
)
