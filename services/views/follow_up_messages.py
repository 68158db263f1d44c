"""What is told unasked of follow-ups and actions: no word that anybody wrote, nor how a unit is followed up."""

from dataclasses import dataclass
from datetime import date

from followup import ActionId, FollowUpId
from followup.access.access import DataKind, Reach
from followup.access.small_unit import knows_of
from followup.follow_ups.action import Action
from followup.messages.follow_ups import ActionDue, ActionGiven, ActionLate, FollowUpGiven, SelectionFrozen
from followup.selection.cycle import Cycle
from services.acting import Reader
from storage.follow_ups import actions, follow_ups
from storage.register import people, units
from storage.selection import selections


@dataclass(frozen=True)
class FollowUpTold:
    id: FollowUpId
    number: str
    unit: str


@dataclass(frozen=True)
class ActionTold:
    """`is_owners` is whether it is told to the one whose it is."""

    id: ActionId
    number: str
    unit: str
    due_on: date
    owner: str
    is_owners: bool


@dataclass(frozen=True)
class FrozenTold:
    """A selection that was frozen, and by whom."""

    cycle: Cycle
    by: str


def follow_up_given(reader: Reader, message: FollowUpGiven) -> FollowUpTold | None:
    """Nothing when it has been closed or given to another since."""
    one = follow_ups.get(reader.tx, message.follow_up_id)
    if one is None or one.closed or reader.person is None or one.owner_id != reader.person.id:
        return None
    return FollowUpTold(one.id, one.number, units.get(reader.tx, one.unit_id).name)


def action_told(reader: Reader, message: ActionGiven | ActionDue) -> ActionTold | None:
    """Nothing when it has got another state, owner or day since the message was decided."""
    action = _still_open(reader, message)
    return None if action is None else _told(reader, action)


def late_action_told(reader: Reader, message: ActionLate) -> ActionTold | None:
    """For the owner's manager, who does not open follow-ups, nor knows of an unannounced visit that goes on."""
    action = _still_open(reader, message)
    follow_up = follow_ups.get(reader.tx, action.follow_up_id) if action else None
    if action is None or follow_up is None or not knows_of(reader.audience, secret=follow_up.secret):
        return None
    return _told(reader, action) if reader.reach(DataKind.FOLLOW_UP) == Reach.ALL else None


def selection_frozen(reader: Reader, message: SelectionFrozen) -> FrozenTold | None:
    cycle = selections.get(reader.tx, message.cycle_id)
    return None if cycle is None else FrozenTold(cycle, people.PeopleById(reader.tx)[cycle.frozen_by].name)


def _still_open(reader: Reader, message: ActionGiven | ActionDue | ActionLate) -> Action | None:
    action = actions.get(reader.tx, message.action_id)
    if action is None or action.state != "open" or action.owner_id != message.owner_id:
        return None
    if not isinstance(message, ActionGiven) and message.due != action.due_on:
        return None
    return action


def _told(reader: Reader, action: Action) -> ActionTold:
    follow_up = follow_ups.get(reader.tx, action.follow_up_id)
    assert follow_up is not None
    owner = people.PeopleById(reader.tx)[action.owner_id]
    return ActionTold(
        action.id,
        action.number,
        units.get(reader.tx, follow_up.unit_id).name,
        action.due_on,
        owner.name,
        is_owners=reader.person is None or reader.person.id == owner.id,
    )
