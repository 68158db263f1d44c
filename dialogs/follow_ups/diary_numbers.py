"""The diary number of a follow-up's matter of notice: entered once it is registered, and corrected."""

from collections.abc import Mapping, Sequence

from dialogs.card import Button, Card, Part, Text
from dialogs.follow_ups.follow_up_card import title
from dialogs.follow_ups.follow_up_desk import pressed, refused
from dialogs.follow_ups.follow_up_record import card_of, shown, stored
from dialogs.forms.form_fields import fields, problem_banner
from dialogs.forms.verbs import Verb
from dialogs.turn import Reply, Turn
from followup.follow_ups.diary_number import QUESTIONS
from followup.follow_ups.follow_up import FollowUp
from followup.people import Conversation
from followup.times.calendar import municipal_day
from followup.wording.form import clean_text
from followup.wording.wording import Problem
from services.acting import Refused, Why
from services.follow_ups import diary
from services.views import follow_ups as views


def number_form(turn: Turn) -> Reply:
    found = diary.with_verdict(turn.acting, pressed(turn))
    if isinstance(found, Refused):
        return refused(turn, found, lambda one: shown(turn, one, *_said(turn, found.problems)))
    return Reply(card=_card(turn, found, None, []))


def _said(turn: Turn, problems: Sequence[Problem]) -> list[Part]:
    return [Text(turn.say.say(one.what), "warning") for one in problems]


def _card(
    turn: Turn, follow_up: FollowUp, typed: Mapping[str, str] | None, problems: Sequence[Problem]
) -> Card:
    """With the number that stands, and those that stood there before it."""
    say, view = turn.say, views.view_of(turn.acting, follow_up)
    newest = view.diary[-1] if view.diary else None
    earlier = [
        say("diary_number.earlier", number=one.number, day=municipal_day(one.recorded_at))
        for one in view.diary[:-1]
    ]
    shown = typed if typed is not None else {"number": newest.number} if newest else {}
    parts = (
        Text(title(view, say), "title"),
        Text(say("diary_number.about")),
        *problem_banner(problems, say),
        *fields(QUESTIONS, shown, problems, say, "diary_number"),
        *(Text(one, "subtle") for one in earlier),
    )
    data = {"follow_up": follow_up.id, **({"knows": newest.id} if newest else {})}
    buttons = (
        Button(say("diary_number.enter"), "enter_diary_number", takes_inputs=True),
        Button(say("follow_up.to_step"), "show_follow_up"),
    )
    return Card(say("follow_up.summary"), parts, buttons, data)


def enter(turn: Turn) -> Reply:
    typed, knows = turn.press.inputs, turn.press.number("knows")
    number = clean_text(typed.get("number", ""))
    done = diary.enter_diary_number(turn.acting, pressed(turn), typed, knows)
    if isinstance(done, Refused) and done.why == Why.DONE:
        found = diary.with_verdict(turn.acting, pressed(turn))
        assert not isinstance(found, Refused)
        there = turn.say("diary_number.there_already", number=number)
        return Reply(card=card_of(turn, found, Text(there, "good")))
    if isinstance(done, Refused):
        problems = done.problems
        return refused(turn, done, lambda one: Reply(card=_card(turn, one, typed, problems)))
    said = Text(turn.say("diary_number.entered", number=number), "good")
    return Reply(card=card_of(turn, done, said), effect=stored(done))


OFFERED = (
    Verb("diary_number_form", Conversation.FOLLOW_UPS, number_form),
    Verb("enter_diary_number", Conversation.FOLLOW_UPS, enter),
)
