"""What is said unasked about follow-ups: to the one of the quality team who has been given one."""

from dialogs.card import Button, Card, Text
from followup.messages.follow_ups import FollowUpGiven
from followup.people import Person
from storage import units
from storage.engine.database import Transaction
from storage.follow_ups import follow_ups
from texts.catalogue import Texts


def given(tx: Transaction, message: FollowUpGiven, person: Person | None, say: Texts) -> Card | None:
    """Nothing when it has been closed or given to another since."""
    one = follow_ups.get(tx, message.follow_up_id)
    if one is None or one.closed or person is None or one.owner_id != person.id:
        return None
    title = say("follow_up_given.title")
    about = say("follow_up_given.about", number=one.number, unit=units.get(tx, one.unit_id).name)
    button = Button(say("alerts.open"), "show_follow_up", {"follow_up": one.id})
    return Card(title, (Text(title, "title"), Text(about)), (button,))
