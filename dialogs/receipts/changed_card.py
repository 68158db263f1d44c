"""What a message shows after a deed on its card: drawn from what may be seen by its reader when it is sent."""

from datetime import datetime

from dialogs.alerts.alert_card import alert_card
from dialogs.card import Card, Field
from dialogs.receipts import receipts
from dialogs.turn import Reply, Said, Stored, Turn, read_now
from followup.access.municipality import Municipality
from followup.messages.operation import CardChanged
from followup.people import Person, Role
from services.acting import Reader, Refused
from services.views.alerts import alert
from storage.engine.database import Transaction
from texts.catalogue import Texts


def is_form(reply: Reply) -> bool:
    """Whether the card is to be filled in, so that nothing may be put in its place."""
    if reply.to_read is not None:
        return reply.to_read.is_form
    return reply.card is not None and any(isinstance(part, Field) for part in reply.card.parts)


def changed_card(
    tx: Transaction,
    message: CardChanged,
    conversation_id: str | None,
    person: Person | None,
    now: datetime,
    say: Texts,
    municipality: Municipality,
) -> Card | None:
    """None where there is nothing to show, or nothing that may still be seen."""
    what, numbers = message.what, message.numbers
    if what not in receipts.RECEIPTS:
        return None
    conversation, _ = receipts.RECEIPTS[what]
    if not municipality.access.allows(person.role if person else Role.QUALITY, conversation):
        return None
    if person is None:
        return _of_channel(Reader(tx, None, now, municipality, channel=True), message, say)
    said = Said(person.teams_id or "", conversation_id or "", "", "")
    turn = Turn(tx, said, person, now, say, municipality)
    return read_now(turn, receipts.tell(turn, Stored(what, numbers))).card


def _of_channel(reader: Reader, message: CardChanged, say: Texts) -> Card | None:
    view = alert(reader, message.numbers["alert"]) if message.what == "alert" else None
    return None if view is None or isinstance(view, Refused) else alert_card(view, say)
