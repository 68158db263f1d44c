"""Reminds of actions before, on and after their day, and tells the owner's manager a week later."""

from datetime import date, datetime

from followup import ActionId
from followup.access.small_unit import Audience, knows_of
from followup.follow_ups.action import Action, reminder_due, to_escalate
from followup.messages.follow_ups import ActionDue, ActionLate
from followup.people import Conversation, Person, Role, may
from followup.times.calendar import municipal_day, working_moment
from scheduler.piece import LOOKING_AT_ONE, PieceDone
from storage.engine.database import Transaction
from storage.follow_ups import actions, follow_ups
from storage.messages import queueing
from storage.register import people
from storage.times.job_looks import Place

ACTIONS_AT_ONCE = 20
# What one action that is yet to be done takes of a piece, in rows: its versions are read.
LOOKING_AT_ACTION = 5


def remind_of_actions(tx: Transaction, now: datetime, room: int, place: Place | None) -> PieceDone:
    """What is due when it can be read: an evening's or a weekend's reminders come the next working morning."""
    today, done = municipal_day(working_moment(now)), PieceDone()
    after: ActionId | None = place["after"] if place else ActionId(0)
    while after is not None:
        if done.rows >= room:
            return done + PieceDone(place={"after": after})
        some, after = actions.unfinished_after(tx, after, ACTIONS_AT_ONCE)
        open_ = [one for one in some if one.state == "open"]
        queued = sum(_remind(tx, one, today, now) + _escalate(tx, one, today, now) for one in open_)
        done += PieceDone(queued, LOOKING_AT_ONE + LOOKING_AT_ACTION * len(open_) + queued)
    return done


def _remind(tx: Transaction, action: Action, today: date, now: datetime) -> int:
    days = reminder_due(action.due_on, _told_on(tx, action), today)
    if days is None:
        return 0
    due = ActionDue(action.id, action.owner_id, action.due_on)
    return sum(_queue(tx, due.key(days, person.key), due, person, now) for person in _owners(tx, action))


def _told_on(tx: Transaction, action: Action) -> date:
    """The day when the owner got the action with the day that it has."""
    told = action.recorded_at
    for version in reversed(actions.versions(tx, action.id)):
        if (version.owner_id, version.due_on) != (action.owner_id, action.due_on):
            break
        told = version.recorded_at
    return municipal_day(told)


def _owners(tx: Transaction, action: Action) -> list[Person]:
    """The owner; the whole quality team for one who has left it, so that no action is without anyone (R19)."""
    owner = people.by_id(tx, action.owner_id)
    return (
        [owner]
        if owner is not None and may(owner, Conversation.FOLLOW_UPS)
        else people.with_role(tx, Role.QUALITY)
    )


def _escalate(tx: Transaction, action: Action, today: date, now: datetime) -> int:
    """Nothing of an unannounced visit that goes on leaves the quality team; what is late is told when it is closed."""
    follow_up = follow_ups.get(tx, action.follow_up_id) if to_escalate(action, today) else None
    if follow_up is None or not knows_of(Audience.MANAGER, secret=follow_up.secret):
        return 0
    late = ActionLate(action.id, action.owner_id, action.due_on)
    managers = people.managers(tx).of(people.by_id(tx, action.owner_id))
    return sum(_queue(tx, late.key(manager.key), late, manager, now) for manager in managers)


def _queue(tx: Transaction, key: str, message: ActionDue | ActionLate, person: Person, now: datetime) -> bool:
    return queueing.queue(tx, key, message, now, person_id=person.id, not_before=working_moment(now))
