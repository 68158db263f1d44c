"""Actions after a follow-up: the list, and reporting one done, verifying, sending back or cancelling it."""

from collections.abc import Mapping, Sequence

from dialogs.card import Button, Card, Part, Text
from dialogs.follow_ups.action_card import action_card, changed_meanwhile, data_of, stored, title
from dialogs.follow_ups.follow_up_card import action_row
from dialogs.forms.form_fields import fields, problem_banner
from dialogs.forms.lists import narrowed_in, narrowed_parts, none_of, page_of
from dialogs.forms.verbs import Command, Verb
from dialogs.turn import Reply, Turn
from followup import ActionId, FollowUpId
from followup.follow_ups.action import STATE_QUESTIONS, STATES, Action, ActionState
from followup.people import Conversation
from followup.questions.narrowed import NarrowedQuestion
from followup.wording.wording import Problem
from services.acting import Refused, Why
from services.follow_ups import planned_actions
from services.views import follow_ups as views
from services.views.follow_ups import ActionView

UNKNOWN = "action.unknown"


def open_list(turn: Turn, only: NarrowedQuestion | None = None) -> Reply:
    """A follow-up's actions where the button names one, else all that are not finished; a page at a time."""
    of_one = turn.said.press.id("follow_up", FollowUpId) if turn.said.press else None
    found = _listed(turn, of_one)
    if isinstance(found, Refused):
        return turn.refusal(found, UNKNOWN)
    say, only = turn.say, narrowed_in(turn, only)
    asked = [one for one in found if _is_asked(one, only, turn)]
    page, more = page_of(turn, asked, "actions", {"follow_up": of_one or 0, **only.written()})
    rows: list[Part] = [action_row(one, say, by_unit=True) for one in page]
    parts = (
        Text(say("actions.title"), "title"),
        *narrowed_parts(only, say),
        *(rows or [none_of(only, len(found), say("actions.none"), say)]),
    )
    return Reply(card=Card(say("actions.title"), parts, more))


def _is_asked(one: ActionView, only: NarrowedQuestion, turn: Turn) -> bool:
    hers = one.one.owner_id == turn.person.id
    return (not only.own or hers) and (not only.late or one.days_late is not None)


def _listed(turn: Turn, of_one: FollowUpId | None) -> Sequence[ActionView] | Refused:
    if not of_one:
        return views.unfinished(turn.acting)
    found = views.follow_up(turn.acting, of_one)
    return found if isinstance(found, Refused) else found.actions


def _pressed(turn: Turn) -> ActionId:
    return ActionId(turn.press.number("action") or 0)


def show(turn: Turn) -> Reply:
    found = planned_actions.held_action(turn.acting, _pressed(turn))
    if isinstance(found, Refused):
        return turn.refusal(found, UNKNOWN)
    return Reply(card=action_card(turn, found))


def _state(turn: Turn) -> ActionState | None:
    return turn.press.word("to", tuple(STATES))


def state_form(turn: Turn) -> Reply:
    """Answers while the action is as the card shows it and may come to the state that the button names."""
    state, version = _state(turn), turn.press.number("version")
    found = planned_actions.able_to_become(turn.acting, _pressed(turn), version, state)
    if isinstance(found, Refused) or state is None:
        return _refused(turn, found if isinstance(found, Refused) else Refused(Why.CHANGED))
    return Reply(card=_state_card(turn, found, state, {}, []))


def _refused(turn: Turn, why: Refused) -> Reply:
    action, state = planned_actions.stored_action(turn.acting, _pressed(turn)), _state(turn)
    if action is None or why.why not in (Why.CHANGED, Why.WRONG):
        return turn.refusal(why, UNKNOWN)
    if why.why == Why.CHANGED or state is None:
        return changed_meanwhile(turn, action)
    if not STATE_QUESTIONS[state]:
        # Nothing is asked, so that it is the person who may not.
        said = [Text(turn.say.say(problem.what), "warning") for problem in why.problems]
        return Reply(card=action_card(turn, action, *said))
    return Reply(card=_state_card(turn, action, state, turn.press.inputs, why.problems))


def _state_card(
    turn: Turn, action: Action, state: ActionState, typed: Mapping[str, str], problems: Sequence[Problem]
) -> Card:
    say = turn.say
    parts = (
        Text(title(views.action_view_of(turn.acting, action), say), "title"),
        Text(action.what),
        Text(say(f"action.to_about.{state}")),
        *problem_banner(problems, say),
        *fields(STATE_QUESTIONS[state], typed, problems, say, "action"),
    )
    buttons = (
        Button(say(f"action.to.{state}"), "set_action_state", {"to": state}, takes_inputs=True),
        Button(say("action.to_action"), "show_action"),
    )
    return Card(say("action.summary"), parts, buttons, data_of(action))


def set_state(turn: Turn) -> Reply:
    state, version = _state(turn), turn.press.number("version")
    done = planned_actions.set_state(turn.acting, _pressed(turn), version, state, turn.press.inputs)
    if isinstance(done, Refused):
        return _refused(turn, done)
    said = turn.say(f"action.now.{done.state}", number=done.number)
    return Reply(card=action_card(turn, done, Text(said, "good")), effect=stored(done))


OFFERED = (
    Command(
        "actions", Conversation.FOLLOW_UPS, ("åtgärder", "åtgärd", "atgarder", "atgard", "actions"), open_list
    ),
    Verb("actions", Conversation.FOLLOW_UPS, open_list),
    Verb("show_action", Conversation.FOLLOW_UPS, show),
    Verb("action_state_form", Conversation.FOLLOW_UPS, state_form),
    Verb("set_action_state", Conversation.FOLLOW_UPS, set_state),
)
