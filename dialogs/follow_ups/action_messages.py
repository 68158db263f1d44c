"""What is said unasked about actions: to the one who has one, as its day comes, and to the owner's manager.

No word that anybody has written is said in them, nor how the unit was followed up.
"""

from datetime import datetime

from dialogs.card import Button, Card, Part, Text
from followup.access.access import DataKind, Reach
from followup.access.small_unit import knows_of
from followup.follow_ups.action import Action
from followup.messages.follow_ups import ActionDue, ActionGiven, ActionLate
from followup.people import Person
from followup.times.calendar import municipal_day
from services.acting import Reader
from storage import people, units
from storage.engine.database import Transaction
from storage.follow_ups import actions, follow_ups
from texts.catalogue import Texts


def given(tx: Transaction, message: ActionGiven, say: Texts) -> Card | None:
    action = _still_open(tx, message)
    if action is None:
        return None
    about = say("action_given.about", **_values(tx, action))
    return _card("action_given.title", say, [Text(about)], action)


def due(tx: Transaction, message: ActionDue, person: Person | None, now: datetime, say: Texts) -> Card | None:
    """How many days are left when it can be read."""
    action = _still_open(tx, message)
    if action is None:
        return None
    days, values = (action.due_on - municipal_day(now)).days, _values(tx, action)
    about = say("action_due.today", **values)
    if days:
        about = say("action_due.coming" if days > 0 else "action_due.passed", n=days, **values)
    parts: list[Part] = [Text(about)]
    if person is not None and person.id != action.owner_id:
        owner = people.everyone(tx)[action.owner_id]
        parts.append(Text(say("action_due.ownerless", name=owner.name), "warning"))
    return _card("action_due.title", say, parts, action)


def late(tx: Transaction, message: ActionLate, reader: Reader, say: Texts) -> Card | None:
    """For the owner's manager, who does not open follow-ups, nor knows of an unannounced visit that goes on."""
    action = _still_open(tx, message)
    follow_up = follow_ups.get(tx, action.follow_up_id) if action else None
    if action is None or follow_up is None or not knows_of(reader.audience, secret=follow_up.secret):
        return None
    if reader.reach(DataKind.FOLLOW_UP) != Reach.ALL:
        return None
    owner = people.everyone(tx)[action.owner_id]
    about = Text(say("action_late.about", name=owner.name, **_values(tx, action)))
    return _card("action_late.title", say, [about, Text(say("action_late.do"))], None)


def _still_open(tx: Transaction, message: ActionGiven | ActionDue | ActionLate) -> Action | None:
    """The action, unless it has got another state, owner or day since the message was decided."""
    action = actions.get(tx, message.action_id)
    if action is None or action.state != "open" or action.owner_id != message.owner_id:
        return None
    if not isinstance(message, ActionGiven) and message.due != action.due_on:
        return None
    return action


def _values(tx: Transaction, action: Action) -> dict[str, object]:
    follow_up = follow_ups.get(tx, action.follow_up_id)
    assert follow_up is not None
    return {"number": action.number, "unit": units.get(tx, follow_up.unit_id).name, "due": action.due_on}


def _card(title: str, say: Texts, parts: list[Part], action: Action | None) -> Card:
    open_it = (Button(say("alerts.open"), "show_action", {"action": action.id}),) if action else ()
    return Card(say(title), (Text(say(title), "title"), *parts), open_it)
