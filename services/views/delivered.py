"""How the bot's own messages have gone, and what has been answered: numbers alone, for who runs it."""

from dataclasses import dataclass
from datetime import datetime

from services.acting import Reader
from storage.messages import counting, read_receipts
from storage.month import rounds
from storage.overview import response_rates


@dataclass(frozen=True)
class Delivered:
    """How much of what was to go surely arrived, perhaps, and not; and how many of the open months' reports are in.

    `read` is what is known of those that arrived: not everybody's Teams tells.
    """

    sent: int
    in_doubt: int
    not_taken: int
    read: int
    answered: int
    asked: int


def delivered_since(reader: Reader, since: datetime) -> Delivered:
    states = counting.count_since(reader.tx, since)
    open_ = [one.id for one in rounds.asking_rounds(reader.tx, reader.now)]
    totals = response_rates.totals(reader.tx, open_).values()
    return Delivered(
        states.get("sent", 0),
        states.get("uncertain", 0),
        states.get("failed", 0),
        read_receipts.count_read(reader.tx, since),
        answered=sum(answered for _, answered in totals),
        asked=sum(asked for asked, _ in totals),
    )
