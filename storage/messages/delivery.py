"""One row of the outbox as a value: a message that is decided, and what has become of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row

from followup import PersonId
from followup.messages.every import EveryMessage
from followup.messages.operation import CardChanged
from storage.messages.written import read

DeliveryState = Literal["ready", "sending", "sent", "uncertain", "failed", "cancelled"]
AGAIN = ":again"
QUALITY_CHANNEL = "quality"
# The kind of a card that has changed (storage.messages.changed_cards).
UPDATE = CardChanged.kind


@dataclass(frozen=True)
class Delivery:
    """One decided message; it holds ids, since the text is written at the moment of sending.

    `sent_at` is when it went, also where it is in doubt whether it arrived. `put_off` that its person had had the day's
    message when it was due, so that it waits for the next day, and no longer.
    """

    id: int
    key: str
    kind: str
    person_id: PersonId | None
    channel: str | None
    payload: Mapping[str, Any]
    state: DeliveryState
    created_at: datetime
    not_before: datetime
    attempts: int
    sent_at: datetime | None
    activity_id: str | None
    reason: str | None
    conversation_id: str | None = None
    urgent: bool = False
    put_off: bool = False

    @property
    def told_at(self) -> datetime:
        """When its person is told of it: as it went, which may be days after it was due, or is to go."""
        return self.sent_at or self.not_before

    @property
    def is_again(self) -> bool:
        """Whether it is what was in doubt, said once more."""
        return self.key.endswith(AGAIN)

    @property
    def message(self) -> EveryMessage:
        """Read when it is asked for, so that one that cannot be read stands in nobody's way."""
        return read(self.kind, self.payload)


def read_rows(rows: Iterable[Row[Any]]) -> list[Delivery]:
    return [read_row(row) for row in rows]


def read_row(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        key=row.key,
        kind=row.kind,
        person_id=row.person_id,
        channel=row.channel,
        payload=row.payload,
        state=row.state,
        created_at=row.created_at,
        not_before=row.not_before,
        attempts=row.attempts,
        sent_at=row.sent_at,
        activity_id=row.activity_id,
        reason=row.reason,
        conversation_id=row.conversation_id,
        urgent=row.urgent,
        put_off=row.put_off,
    )
