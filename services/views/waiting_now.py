"""How much waits for somebody of what she can do something about at once, by counts alone: no child, no unit."""

from dataclasses import dataclass

from followup.access.access import DataKind
from followup.people import Conversation
from services.acting import Acting
from storage.alerts import alerts
from storage.month import awaiting


@dataclass(frozen=True)
class WaitingNow:
    """None where she has no such thing; `reports` she has left to answer, `alerts` are open."""

    reports: int | None
    alerts: int | None


def waiting_now(acting: Acting) -> WaitingNow:
    """In a channel nothing of her own is told."""
    hers = acting.may(Conversation.MY_TASKS) and not acting.channel
    left = (
        [one for one in awaiting.of_person(acting.tx, acting.person, acting.now) if not one.answered]
        if hers
        else []
    )
    sees = acting.may(Conversation.ALERTS) and acting.sees(DataKind.ALERT)
    return WaitingNow(len(left) if hers else None, alerts.number_open(acting.tx) if sees else None)
