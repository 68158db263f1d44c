"""Planning an action: what is to be done, by whom and when; its owner is told."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from dialogs.card import Button, Card, Text
from dialogs.follow_ups.action_card import action_card, data_of, follow_up_of, log_write, save_version, stored
from dialogs.follow_ups.follow_up_card import owner_field, quality_team
from dialogs.follow_ups.follow_up_record import card_of
from dialogs.forms.form_fields import fields, problem_banner
from dialogs.forms.offered import Verb
from dialogs.turn import Reply, Turn
from followup.follow_ups.action import PLAN, Action, read_plan
from followup.follow_ups.follow_up import FollowUp
from followup.form import Answers
from followup.messages.follow_ups import ActionGiven
from followup.people import Conversation
from followup.times.calendar import municipal_day, working_moment
from followup.wording import Problem
from storage import people
from storage.follow_ups import actions, follow_ups
from storage.messages import outbox


def plan_form(turn: Turn) -> Reply:
    """A new action of a follow-up that acts, or one that is open to be changed."""
    found = _planned(turn)
    return found if isinstance(found, Reply) else Reply(card=_plan_card(turn, *found, None, []))


def _planned(turn: Turn) -> Reply | tuple[FollowUp, Action | None]:
    """What the card is about, or why there is nothing to plan."""
    action = actions.get(turn.tx, turn.press.number("action") or 0)
    found = (
        follow_up_of(turn, action) if action else follow_ups.get(turn.tx, turn.press.number("follow_up") or 0)
    )
    if found is None:
        return Reply(notice=turn.say("follow_up.unknown"))
    if action is None and found.step != "act":
        if turn.press.inputs:
            author = people.everyone(turn.tx)[found.author_id].name
            return Reply(notice=turn.say("follow_up.changed", name=author))
        return Reply(card=card_of(turn, found))
    if action is not None and (action.state != "open" or action.version != turn.press.number("version")):
        if turn.press.inputs:
            return Reply(notice=turn.say("action.changed_meanwhile", number=action.number))
        return Reply(card=action_card(turn, action, Text(turn.say("action.changed"), "warning")))
    return found, action


def _plan_card(
    turn: Turn,
    follow_up: FollowUp,
    action: Action | None,
    typed: Mapping[str, str] | None,
    problems: Sequence[Problem],
) -> Card:
    say = turn.say
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
    found = _planned(turn)
    if isinstance(found, Reply):
        return found
    follow_up, action = found
    team = [one.id for one in quality_team(turn)]
    kept_due = action.due_on if action else None
    answers, problems = read_plan(turn.press.inputs, municipal_day(turn.now), team, kept_due)
    if problems:
        return Reply(card=_plan_card(turn, follow_up, action, turn.press.inputs, problems))
    saved = _save_plan(turn, follow_up, action, answers)
    _tell_owner(turn, saved, action)
    said = Text(turn.say("action.saved", number=saved.number), "good")
    card = action_card(turn, saved, said) if action else card_of(turn, follow_up, said)
    return Reply(card=card, effect=stored(saved))


def _save_plan(turn: Turn, follow_up: FollowUp, action: Action | None, answers: Answers) -> Action:
    what, owner_id, due_on = answers["what"], int(answers["owner"]), date.fromisoformat(answers["due_on"])
    if action is not None:
        return save_version(turn, replace(action, what=what, owner_id=owner_id, due_on=due_on))
    added = actions.add(
        turn.tx,
        follow_up.id,
        what=what,
        owner_id=owner_id,
        due_on=due_on,
        author_id=turn.person.id,
        now=turn.now,
    )
    log_write(turn, added)
    return added


def _tell_owner(turn: Turn, saved: Action, before: Action | None) -> None:
    """One who is given an action by another is told of it."""
    if saved.owner_id == turn.person.id or (before is not None and before.owner_id == saved.owner_id):
        return
    told = ActionGiven(saved.id, saved.owner_id)
    outbox.queue(
        turn.tx,
        told.key(saved.version),
        told,
        turn.now,
        person_id=saved.owner_id,
        not_before=working_moment(turn.now),
    )


OFFERED = (
    Verb("action_form", Conversation.FOLLOW_UPS, plan_form),
    Verb("save_action", Conversation.FOLLOW_UPS, save_plan),
)
