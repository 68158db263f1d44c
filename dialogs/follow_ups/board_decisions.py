"""The board's decision after a follow-up: its reference and day are recorded here, and nothing is decided."""

from collections.abc import Mapping, Sequence

from dialogs.card import Button, Card, Text
from dialogs.follow_ups.follow_up_card import title
from dialogs.follow_ups.follow_up_record import card_of, stored
from dialogs.forms.form_fields import fields, problem_banner
from dialogs.forms.offered import Verb
from dialogs.turn import Reply, Turn
from followup.follow_ups.board_decision import QUESTIONS, read_decision
from followup.follow_ups.follow_up import FollowUp
from followup.form import read_day
from followup.log.subject import What
from followup.people import Conversation
from followup.times.calendar import municipal_day
from followup.wording import Problem
from storage.follow_ups import board_decisions, follow_ups


def decision_form(turn: Turn) -> Reply:
    found = follow_ups.get(turn.tx, turn.press.number("follow_up") or 0)
    if found is None:
        return Reply(notice=turn.say("follow_up.unknown"))
    return Reply(card=_card(turn, found, {}, []))


def _card(turn: Turn, follow_up: FollowUp, typed: Mapping[str, str], problems: Sequence[Problem]) -> Card:
    say = turn.say
    parts = (
        Text(title(turn, follow_up), "title"),
        Text(say("board_decision.about")),
        *problem_banner(problems, say),
        *fields(QUESTIONS, typed, problems, say, "board_decision"),
    )
    data = {"follow_up": follow_up.id}
    buttons = (
        Button(say("board_decision.record"), "record_board_decision", takes_inputs=True),
        Button(say("follow_up.to_step"), "show_follow_up"),
    )
    return Card(say("follow_up.summary"), parts, buttons, data)


def record(turn: Turn) -> Reply:
    found = follow_ups.get(turn.tx, turn.press.number("follow_up") or 0)
    if found is None:
        return Reply(notice=turn.say("follow_up.unknown"))
    answers, problems = read_decision(turn.press.inputs, municipal_day(turn.now))
    day = read_day(answers.get("decided_on", ""))
    if problems or day is None:
        return Reply(card=_card(turn, found, turn.press.inputs, problems))
    board_decisions.record(turn.tx, found.id, answers["reference"], day, turn.person.id, turn.now)
    turn.log("write", What.BOARD_DECISION.of(found.id))
    said = turn.say("board_decision.recorded", reference=answers["reference"])
    return Reply(card=card_of(turn, found, Text(said, "good")), effect=stored(found))


OFFERED = (
    Verb("board_decision_form", Conversation.FOLLOW_UPS, decision_form),
    Verb("record_board_decision", Conversation.FOLLOW_UPS, record),
)
