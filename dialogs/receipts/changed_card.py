"""What a message shows after a deed on its card: drawn from what may be seen by its reader when it is sent."""

from datetime import datetime

from dialogs.alerts.alert_card import alert_card
from dialogs.card import Card, Field
from dialogs.forms.unit_sight import Reader
from dialogs.receipts import receipts
from dialogs.stored import Stored
from dialogs.turn import House, Reply, Said, Turn
from followup.messages.operation import CardChanged
from followup.month.rounds import RoundDays
from followup.people import Person
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
    house: House,
) -> Card | None:
    """None where there is nothing to show, or nothing that may still be seen."""
    what, numbers = message.what, message.numbers
    if what not in receipts.RECEIPTS:
        return None
    if person is None:
        alert = alerts.get(tx, numbers["alert"]) if what == "alert" else None
        return None if alert is None else alert_card(tx, alert, now, say, Reader(None, house, channel=True))
    conversation, _ = receipts.RECEIPTS[what]
    if not house.access.may(person, conversation):
        return None
    said = Said(person.teams_id or "", person.name, conversation_id or "", "", "")
    turn = Turn(tx, said, person, now, say, RoundDays(), "", house)
    return receipts.tell(turn, Stored(what, numbers)).card
