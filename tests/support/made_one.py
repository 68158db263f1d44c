"""What waits to go to one recipient made one as the delivery does it: found beside the writer, and joined in it."""

from datetime import datetime

from storage.engine.database import Transaction
from storage.messages import waiting
from storage.messages.delivery import Delivery


def make_one(tx: Transaction, one: Delivery, now: datetime) -> None:
    waiting.bring_together(tx, one, waiting.look_beside(tx, one, now, now).to_join, now)
