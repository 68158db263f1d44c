"""Actions after a follow-up: planned, changed while they are open, reported done, verified, sent back or cancelled."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from followup import ActionId, FollowUpId, PersonId
from followup.access.access import DataKind, Reach
from followup.follow_ups.action import STATE_QUESTIONS, Action, ActionState, may_become, may_verify, read_plan
from followup.follow_ups.follow_up import FollowUp
from followup.log.subject import What
from followup.messages.follow_ups import ActionGiven
from followup.times.calendar import working_moment
from followup.wording.form import read
from followup.wording.wording import Problem, wording
from services.acting import Acting, Refused, Why, which
from services.follow_ups.steps import held, may_follow_up, team_ids
from storage.engine.locks import hold_action
from storage.follow_ups import actions, follow_ups
from storage.messages import queueing


def held_action(acting: Acting, action_id: ActionId) -> Action | Refused:
    named = which(What.ACTION, action_id)
    if not may_follow_up(acting) or acting.reach(DataKind.FOLLOW_UP) != Reach.ALL:
        return acting.refuse(named)
    if acting.channel:
        return acting.refuse(named, Why.CHANNEL)
    hold_action(acting.tx, action_id)
    return actions.get(acting.tx, action_id) or acting.refuse(named, Why.UNKNOWN)


def stored_action(acting: Acting, action_id: ActionId) -> Action | None:
    """As it stands, for one who has been let in to it; what is then shown of it is logged."""
    return actions.get(acting.tx, action_id) if may_follow_up(acting) else None


def follow_up_of(acting: Acting, action: Action) -> FollowUp:
    found = follow_ups.get(acting.tx, action.follow_up_id)
    assert found is not None
    return found


def add(acting: Acting, follow_up_id: FollowUpId, typed: Mapping[str, str]) -> Action | Refused:
    """A new action of a follow-up that acts; its owner is told."""
    found = held(acting, follow_up_id)
    if isinstance(found, Refused):
        return found
    if found.step != "act":
        return Refused(Why.CHANGED)
    answers, problems = read_plan(typed, acting.today, team_ids(acting))
    if problems:
        return Refused(Why.WRONG, tuple(problems))
    added = actions.add(
        acting.tx,
        found.id,
        what=answers["what"],
        owner_id=PersonId(int(answers["owner"])),
        due_on=date.fromisoformat(answers["due_on"]),
        author_id=acting.person.id,
        now=acting.now,
    )
    _log(acting, added)
    _tell_owner(acting, added, None)
    return added


def open_as_seen(acting: Acting, action_id: ActionId, version: int | None) -> Action | Refused:
    """An open action, as long as it is as she saw it."""
    found = held_action(acting, action_id)
    if isinstance(found, Refused):
        return found
    return found if found.state == "open" and found.version == version else Refused(Why.CHANGED)


def replan(
    acting: Acting, action_id: ActionId, version: int | None, typed: Mapping[str, str]
) -> Action | Refused:
    """What, who and when of an open action; a new owner is told, and a day that has passed may stay."""
    found = open_as_seen(acting, action_id, version)
    if isinstance(found, Refused):
        return found
    answers, problems = read_plan(typed, acting.today, team_ids(acting), found.due_on)
    if problems:
        return Refused(Why.WRONG, tuple(problems))
    changed = replace(
        found,
        what=answers["what"],
        owner_id=PersonId(int(answers["owner"])),
        due_on=date.fromisoformat(answers["due_on"]),
    )
    saved = _saved(acting, changed)
    _tell_owner(acting, saved, found)
    return saved


def give(acting: Acting, action_id: ActionId, version: int | None, to_id: PersonId) -> Action | Refused:
    """The same plan with another owner."""
    found = open_as_seen(acting, action_id, version)
    if isinstance(found, Refused):
        return found
    plan = {"what": found.what, "owner": str(to_id), "due_on": found.due_on.isoformat()}
    return replan(acting, action_id, version, plan)


def _saved(acting: Acting, changed: Action) -> Action:
    saved = actions.save(acting.tx, changed, acting.person.id, acting.now)
    _log(acting, saved)
    return saved


def _log(acting: Acting, action: Action) -> None:
    acting.log("write", What.ACTION.of(action.id), detail=f"version {action.version}")


def _tell_owner(acting: Acting, saved: Action, earlier: Action | None) -> None:
    """One who is given an action by another is told of it."""
    if saved.owner_id == acting.person.id or (earlier is not None and earlier.owner_id == saved.owner_id):
        return
    told, at = ActionGiven(saved.id, saved.owner_id), working_moment(acting.now)
    key = told.key(saved.version)
    queueing.queue(acting.tx, key, told, acting.now, person_id=saved.owner_id, not_before=at)


def able_to_become(
    acting: Acting, action_id: ActionId, version: int | None, state: ActionState | None
) -> Action | Refused:
    """The action, while it is as she saw it and may come to the state."""
    found = held_action(acting, action_id)
    if isinstance(found, Refused):
        return found
    as_seen = state is not None and found.version == version and may_become(found, state)
    return found if as_seen else Refused(Why.CHANGED)


def set_state(
    acting: Acting,
    action_id: ActionId,
    version: int | None,
    state: ActionState | None,
    typed: Mapping[str, str],
) -> Action | Refused:
    """Another than the one who reported it done verifies it, where there is another."""
    found = able_to_become(acting, action_id, version, state)
    if isinstance(found, Refused) or state is None:
        return found
    if state == "verified" and not may_verify(found, acting.person.id, team_ids(acting)):
        return Refused(Why.WRONG, (Problem("verified_by", wording("action.another_verifies")),))
    answers, problems = read(STATE_QUESTIONS[state], typed, acting.today)
    if problems:
        return Refused(Why.WRONG, tuple(problems))
    verified = state == "verified"
    changed = replace(
        found,
        state=state,
        evidence=answers.get("evidence", found.evidence),
        reason=answers.get("reason", found.reason),
        verified_by=acting.person.id if verified else None,
        verified_on=acting.today if verified else None,
    )
    return _saved(acting, changed)
