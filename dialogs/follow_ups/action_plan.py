"""Planning an action: what is to be done, by whom and when; its owner is told."""

from collections.abc import Mapping, Sequence

from dialogs.card import Button, Card, Text
from dialogs.follow_ups.action_card import action_card, changed_meanwhile, data_of, stored
from dialogs.follow_ups.follow_up_card import owner_field
from dialogs.follow_ups.follow_up_desk import UNKNOWN, pressed
from dialogs.follow_ups.follow_up_record import card_of, shown
from dialogs.forms.form_fields import fields, problem_banner
from dialogs.forms.verbs import Verb
from dialogs.turn import Reply, Turn
from followup import ActionId
from followup.follow_ups.action import PLAN, Action
from followup.follow_ups.follow_up import FollowUp
from followup.log.subject import What
from followup.people import Conversation
from followup.wording.form import Answers
from followup.wording.wording import Problem
from services.acting import Refused, Why
from services.follow_ups import planned_actions, steps
from services.views.follow_ups import author_of


def plan_form(turn: Turn) -> Reply:
    """A new action of a follow-up that acts, or one that is open to be changed."""
    found = _action(turn)
    if found is not None:
        if isinstance(found, Refused):
            return _action_refused(turn, found)
        return Reply(card=_plan_card(turn, planned_actions.follow_up_of(turn.acting, found), found, None, []))
    follow_up = steps.held(turn.acting, pressed(turn))
    if isinstance(follow_up, Refused):
        return turn.refusal(follow_up, UNKNOWN)
    if follow_up.step != "act":
        return _not_acting(turn, follow_up)
    return Reply(card=_plan_card(turn, follow_up, None, None, []))


def _action(turn: Turn) -> Action | Refused | None:
    """The open action that the card is about; None where it is about a new one."""
    action_id = ActionId(turn.press.number("action") or 0)
    if planned_actions.stored_action(turn.acting, action_id) is None:
        return None
    return planned_actions.open_as_seen(turn.acting, action_id, turn.press.number("version"))


def _action_refused(turn: Turn, why: Refused) -> Reply:
    action = planned_actions.stored_action(turn.acting, ActionId(turn.press.number("action") or 0))
    if action is None or why.why not in (Why.CHANGED, Why.WRONG):
        return turn.refusal(why, "action.unknown")
    if why.why == Why.WRONG:
        typed = turn.press.inputs
        return Reply(
            card=_plan_card(
                turn, planned_actions.follow_up_of(turn.acting, action), action, typed, why.problems
            )
        )
    return changed_meanwhile(turn, action)


def _not_acting(turn: Turn, follow_up: FollowUp) -> Reply:
    if turn.press.inputs:
        return Reply(notice=turn.say("follow_up.changed", name=author_of(turn.acting, follow_up)))
    return shown(turn, follow_up)


def _plan_card(
    turn: Turn,
    follow_up: FollowUp,
    action: Action | None,
    typed: Mapping[str, str] | None,
    problems: Sequence[Problem],
) -> Card:
    say = turn.say
    turn.log("read", What.ACTION.of(action.id) if action else What.FOLLOW_UP.of(follow_up.id))
    shown = (_answers(action) if action else {}) if typed is None else typed
    heading = say("action.edit_title", number=action.number) if action else say("action.new_title")
    parts = (
        Text(heading, "title"),
        Text(say("action.about")),
        *problem_banner(problems, say),
        *fields(PLAN, shown, problems, say, "action"),
        owner_field(turn, shown.get("owner", ""), problems),
    )
    back = (
        Button(say("action.to_action"), "show_action")
        if action
        else Button(say("follow_up.to_step"), "show_follow_up")
    )
    data = data_of(action) if action else {"follow_up": follow_up.id}
    return Card(
        say("action.summary"),
        parts,
        (Button(say("follow_up.save"), "save_action", takes_inputs=True), back),
        data,
    )


def _answers(action: Action) -> Answers:
    return {"what": action.what, "owner": str(action.owner_id), "due_on": action.due_on.isoformat()}


def save_plan(turn: Turn) -> Reply:
    found, typed = _action(turn), turn.press.inputs
    if found is None:
        return _add(turn, typed)
    if isinstance(found, Refused):
        return _action_refused(turn, found)
    done = planned_actions.replan(turn.acting, found.id, turn.press.number("version"), typed)
    if isinstance(done, Refused):
        return _action_refused(turn, done)
    return Reply(card=action_card(turn, done, _said(turn, done)), effect=stored(done))


def _add(turn: Turn, typed: Mapping[str, str]) -> Reply:
    added = planned_actions.add(turn.acting, pressed(turn), typed)
    follow_up = steps.stored_follow_up(turn.acting, pressed(turn))
    if not isinstance(added, Refused):
        assert follow_up is not None
        return Reply(card=card_of(turn, follow_up, _said(turn, added)), effect=stored(added))
    if follow_up is None or added.why not in (Why.CHANGED, Why.WRONG):
        return turn.refusal(added, UNKNOWN)
    if added.why == Why.CHANGED:
        return _not_acting(turn, follow_up)
    return Reply(card=_plan_card(turn, follow_up, None, typed, added.problems))


def _said(turn: Turn, saved: Action) -> Text:
    return Text(turn.say("action.saved", number=saved.number), "good")


OFFERED = (
    Verb("action_form", Conversation.FOLLOW_UPS, plan_form),
    Verb("save_action", Conversation.FOLLOW_UPS, save_plan),
)
