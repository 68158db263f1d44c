"""What the quality team is told of a selection unasked."""

from dialogs.card import Card, Facts, Text
from followup.messages.follow_ups import SelectionFrozen
from services.acting import Reader
from services.selection.selection_state import selection_name
from services.views.follow_up_messages import selection_frozen
from texts.catalogue import Texts


def frozen_card(message: SelectionFrozen, reader: Reader, say: Texts) -> Card | None:
    """The frame's hash and the name of the value to come, told while that value does not exist."""
    told = selection_frozen(reader, message)
    if told is None:
        return None
    cycle = told.cycle
    facts = (
        (say("selection.doc.frame_hash"), cycle.frame_hash),
        (say("selection.doc.public_value_name"), cycle.public_value_name),
        (say("selection.doc.frozen_at"), say("selection.doc.step", at=cycle.frozen_at, by=told.by)),
    )
    title = say("selection.frozen.title", selection=selection_name(cycle.year, cycle.name))
    return Card(title, (Text(title, "title"), Text(say("selection.frozen.about")), Facts(facts)))
