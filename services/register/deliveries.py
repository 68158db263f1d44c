"""Messages that may not have arrived, or were never taken: shown, and tried again as far as they may be."""

from collections.abc import Sequence
from dataclasses import dataclass

from followup.log.subject import What
from followup.people import Conversation
from services.acting import Acting, Refused, Why
from storage.messages import counting, doubts, ledger
from storage.messages.delivery import Delivery, DeliveryState
from storage.register import people

DOUBTFUL: tuple[DeliveryState, ...] = ("uncertain", "failed")


@dataclass(frozen=True)
class DeliverySeen:
    """`to` is a person's name, or empty for the quality team's channel; `again` whether it may be tried once more."""

    one: Delivery
    to: str
    again: bool


@dataclass(frozen=True)
class Deliveries:
    """The newest, newest first; `all` is how many there are of each state."""

    rows: Sequence[DeliverySeen]
    uncertain: int
    failed: int

    @property
    def all(self) -> int:
        return self.uncertain + self.failed


def deliveries(acting: Acting, start: int, size: int) -> Deliveries | Refused:
    if not acting.may(Conversation.DELIVERIES):
        return acting.refuse(What.MESSAGE.of())
    counts = counting.count_by_state(acting.tx, DOUBTFUL)
    found = ledger.listed(acting.tx, DOUBTFUL, size, start)
    named = people.some(acting.tx, {one.person_id for one in found if one.person_id is not None})
    acting.log("read", What.MESSAGE.of(), records=0)
    rows = [
        DeliverySeen(
            one,
            named[one.person_id].name if one.person_id is not None else "",
            doubts.can_be_tried_again(acting.tx, one),
        )
        for one in found
    ]
    return Deliveries(rows, counts.get("uncertain", 0), counts.get("failed", 0))


def try_again(acting: Acting, number: int | None) -> Delivery | Refused:
    """What never was taken goes once more; what may have been is said once more, and says so."""
    if not acting.may(Conversation.DELIVERIES):
        return acting.refuse(What.MESSAGE.of(number or "?"))
    one = ledger.get(acting.tx, number or 0)
    if one is None:
        return acting.refuse(What.MESSAGE.of(number or "?"), Why.UNKNOWN)
    if not doubts.try_again(acting.tx, one, acting.now):
        return Refused(Why.DONE)
    acting.log("write", What.MESSAGE.of(one.kind, one.id), detail="again", records=0)
    return one
