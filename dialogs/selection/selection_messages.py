"""What the quality team is told of a selection unasked."""

from dialogs.card import Card, Facts, Text
from followup.messages.follow_ups import SelectionFrozen
from services.selection.selection_state import selection_name
from storage import people
from storage.engine.database import Transaction
from storage.selection import selections
from texts.catalogue import Texts


def frozen(tx: Transaction, message: SelectionFrozen, say: Texts) -> Card | None:
    """The frame's hash and the name of the value to come, told while that value does not exist."""
    cycle = selections.get(tx, message.cycle_id)
    if cycle is None:
        return None
    by = people.everyone(tx)[cycle.frozen_by].name
    facts = (
        (say("selection.doc.frame_hash"), cycle.frame_hash),
        (say("selection.doc.public_value_name"), cycle.public_value_name),
        (say("selection.doc.frozen_at"), say("selection.doc.step", at=cycle.frozen_at, by=by)),
    )
    title = say("selection.frozen.title", selection=selection_name(cycle.year, cycle.name))
    return Card(title, (Text(title, "title"), Text(say("selection.frozen.about")), Facts(facts)))
