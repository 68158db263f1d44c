"""Actions after a follow-up: the list, and reporting one done, verifying, sending back or cancelling it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from dialogs.card import Button, Card, Part, Text
from dialogs.follow_ups.action_card import action_card, data_of, save_version, stored, unit_of
from dialogs.follow_ups.follow_up_card import action_row, quality_team
from dialogs.forms.form_fields import fields, problem_banner
from dialogs.forms.lists import page_of
from dialogs.forms.offered import Command, Verb
from dialogs.turn import Reply, Turn
from followup.follow_ups.action import EVIDENCE, REASON, STATES, Action, may_become, may_verify
from followup.form import Question, read
from followup.people import Conversation
from followup.times.calendar import municipal_day
from followup.wording import Problem
from storage.follow_ups import actions

# What must be said when an action changes state; verifying it is a press alone.
STATE_FORMS: Mapping[str, tuple[Question, ...]] = {
    "done": EVIDENCE,
    "open": REASON,
    "cancelled": REASON,
    "verified": (),
}


def open_list(turn: Turn) -> Reply:
    """A follow-up's actions where the button names one, else all that are not finished; a page at a time."""
    say, today = turn.say, municipal_day(turn.now)
    of_one = (turn.said.press.number("follow_up") if turn.said.press else None) or 0
    found = actions.of_follow_up(turn.tx, of_one) if of_one else actions.unfinished(turn.tx)
    page, more = page_of(turn, found, "actions", {"follow_up": of_one})
    rows: list[Part] = [action_row(turn, one, today, unit_of(turn, one)) for one in page]
    parts = (Text(say("actions.title"), "title"), *(rows or [Text(say("actions.none"), "good")]))
    return Reply(card=Card(say("actions.title"), parts, more))


def _with(turn: Turn, answer: Callable[[Action], Reply]) -> Reply:
    found = actions.get(turn.tx, turn.press.number("action") or 0)
    return Reply(notice=turn.say("action.unknown")) if found is None else answer(found)


def show(turn: Turn) -> Reply:
    return _with(turn, lambda action: Reply(card=action_card(turn, action)))


def state_form(turn: Turn) -> Reply:
    return _changing(turn, lambda action, state: Reply(card=_state_card(turn, action, state, {}, [])))


def _changing(turn: Turn, answer: Callable[[Action, str], Reply]) -> Reply:
    """Answers while the action is as the card shows it and may come to the state that the button names."""

    def checked(action: Action) -> Reply:
        state = turn.press.word("to", tuple(STATES))
        if state is None or action.version != turn.press.number("version") or not may_become(action, state):
            if turn.press.inputs:
                return Reply(notice=turn.say("action.changed_meanwhile", number=action.number))
            return Reply(card=action_card(turn, action, Text(turn.say("action.changed"), "warning")))
        return answer(action, state)

    return _with(turn, checked)


def _state_card(
    turn: Turn, action: Action, state: str, typed: Mapping[str, str], problems: Sequence[Problem]
) -> Card:
    say = turn.say
    parts = (
        Text(say("action.title", number=action.number, unit=unit_of(turn, action).name), "title"),
        Text(action.what),
        Text(say(f"action.to_about.{state}")),
        *problem_banner(problems, say),
        *fields(STATE_FORMS[state], typed, problems, say, "action"),
    )
    buttons = (
        Button(say(f"action.to.{state}"), "set_action_state", {"to": state}, takes_inputs=True),
        Button(say("action.to_action"), "show_action"),
    )
    return Card(say("action.summary"), parts, buttons, data_of(action))


def set_state(turn: Turn) -> Reply:
    return _changing(turn, lambda action, state: _set_state(turn, action, state))


def _set_state(turn: Turn, action: Action, state: str) -> Reply:
    today, team = municipal_day(turn.now), [one.id for one in quality_team(turn)]
    if state == "verified" and not may_verify(action, turn.person.id, team):
        return Reply(card=action_card(turn, action, Text(turn.say("action.another_verifies"), "warning")))
    answers, problems = read(STATE_FORMS[state], turn.press.inputs, today)
    if problems:
        return Reply(card=_state_card(turn, action, state, turn.press.inputs, problems))
    changed = replace(
        action,
        state=state,
        evidence=answers.get("evidence", action.evidence),
        reason=answers.get("reason", action.reason),
        verified_by=turn.person.id if state == "verified" else None,
        verified_on=today if state == "verified" else None,
    )
    said = turn.say(f"action.now.{state}", number=action.number)
    saved = save_version(turn, changed)
    return Reply(card=action_card(turn, saved, Text(said, "good")), effect=stored(saved))


OFFERED = (
    Command(
        "actions", Conversation.FOLLOW_UPS, ("åtgärder", "åtgärd", "atgarder", "atgard", "actions"), open_list
    ),
    Verb("actions", Conversation.FOLLOW_UPS, open_list),
    Verb("show_action", Conversation.FOLLOW_UPS, show),
    Verb("action_state_form", Conversation.FOLLOW_UPS, state_form),
    Verb("set_action_state", Conversation.FOLLOW_UPS, set_state),
)
