"""What a message shows after a deed on its card: drawn from what may be seen by its reader when it is sent."""

from datetime import datetime

from dialogs.alerts.alert_card import alert_card
from dialogs.card import Card, Field
from dialogs.receipts import receipts
from dialogs.stored import Stored
from dialogs.turn import Reply, Said, Turn
from followup.access.municipality import Municipality
from followup.messages.operation import CardChanged
from followup.month.rounds import RoundDays
from followup.people import Person
from services.acting import Reader
from storage.alerts import alerts
from storage.engine.database import Transaction
from texts.catalogue import Texts


def is_form(reply: Reply) -> bool:
    """Whether the card is to be filled in, so that nothing may be put in its place."""
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
    if person is None:
        alert = alerts.get(tx, numbers["alert"]) if what == "alert" else None
        return (
            None
            if alert is None
            else alert_card(tx, alert, now, say, Reader(tx, None, now, municipality, channel=True))
        )
    conversation, _ = receipts.RECEIPTS[what]
    if not municipality.access.may(person, conversation):
        return None
    said = Said(person.teams_id or "", person.name, conversation_id or "", "", "")
    turn = Turn(tx, said, person, now, say, RoundDays(), "", municipality)
    return receipts.tell(turn, Stored(what, numbers)).card
