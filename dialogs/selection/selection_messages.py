"""What the quality team is told of a selection unasked."""

from datetime import datetime

from dialogs.card import Card, Facts, Text
from dialogs.turn import House
from followup.people import Person
from services.selection.selection_state import called
from storage import people
from storage.engine.database import Transaction
from storage.messages.outbox import Delivery
from storage.selection import selections
from texts.catalogue import Texts


def frozen(
    tx: Transaction, delivery: Delivery, person: Person | None, now: datetime, say: Texts, house: House
) -> Card | None:
    """The frame's hash and the name of the value to come, told while that value does not exist."""
    cycle = selections.get(tx, delivery.payload["cycle"])
    if cycle is None:
        return None
    by = people.everyone(tx)[cycle.frozen_by].name
    facts = (
        (say("selection.doc.frame_hash"), cycle.frame_hash),
        (say("selection.doc.public_value_name"), cycle.public_value_name),
        (say("selection.doc.frozen_at"), say("selection.doc.step", at=cycle.frozen_at, by=by)),
    )
    title = say("selection.frozen.title", selection=called(cycle.year, cycle.name))
    return Card(title, (Text(title, "title"), Text(say("selection.frozen.about")), Facts(facts)))
