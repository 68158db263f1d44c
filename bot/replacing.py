"""A changed card on its way: put in the place of the message that shows the old one, for all who see it."""

from datetime import datetime

from bot.connector import Connector, LostContact
from bot.fate import fate_of_change
from bot.posting import NO_ANSWER, Done, ReadyMessage, wait_after
from storage.engine.database import Transaction
from storage.messages import changed_cards


async def replace(connector: Connector, ready: ReadyMessage) -> Done:
    """One try."""
    sent, address = ready.delivery, ready.address
    assert address is not None
    assert sent.activity_id is not None
    try:
        outcome = await connector.replace(
            address.service_url, address.conversation_id, sent.activity_id, ready.activity
        )
    except LostContact:
        outcome = NO_ANSWER
    return Done(ready, fate_of_change(None if outcome is NO_ANSWER else outcome), outcome)


def settle(tx: Transaction, done: Done, now: datetime, most_tries: int) -> None:
    """Sent, or ended; to be sent again where it was not taken, or where it is not the newest any longer."""
    sent = done.ready.delivery
    if not changed_cards.unchanged(tx, sent):
        changed_cards.put_back(tx, sent, now, None)
    elif done.fate in ("sent", "failed"):
        changed_cards.end(tx, sent, done.fate, now, None if done.fate == "sent" else done.reason)
    elif sent.attempts + 1 >= most_tries:
        changed_cards.end(tx, sent, "failed", now, done.reason)
    else:
        changed_cards.put_back(tx, sent, now + wait_after(done.outcome, sent.attempts), done.reason)
