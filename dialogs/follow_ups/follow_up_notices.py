"""What is said unasked about follow-ups: to the one of the quality team who has been given one."""

from datetime import datetime

from dialogs.card import Button, Card, Text
from dialogs.turn import House
from followup.people import Person
from storage import units
from storage.engine.database import Transaction
from storage.follow_ups import follow_ups
from storage.messages.outbox import Delivery
from texts.catalogue import Texts


def given(
    tx: Transaction, delivery: Delivery, person: Person | None, now: datetime, say: Texts, house: House
) -> Card | None:
    """Nothing when it has been closed or given to another since."""
    one = follow_ups.get(tx, delivery.payload["follow_up"])
    if one is None or one.closed or one.owner_id != delivery.person_id:
        return None
    title = say("follow_up_given.title")
    about = say("follow_up_given.about", number=one.number, unit=units.get(tx, one.unit_id).name)
    button = Button(say("alerts.open"), "show_follow_up", {"follow_up": one.id})
    return Card(title, (Text(title, "title"), Text(about)), (button,))
