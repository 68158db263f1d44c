"""The reviews of the access log: who looked at which quarter, when, and where the chain stood then."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from followup import PersonId
from storage.engine.database import Transaction
from storage.engine.tables import log_review
from storage.log import access_log

_OF_QUARTER = select(log_review.c.id).where(log_review.c.quarter == bindparam("of_quarter")).limit(1)


@dataclass(frozen=True)
class LogReview:
    id: int
    quarter: str
    person_id: PersonId
    recorded_at: datetime
    note: str
    findings: int
    entries: int
    head: str


def save(tx: Transaction, quarter: str, person_id: PersonId, note: str, findings: int, now: datetime) -> None:
    """With the chain's head, so that entries taken away afterwards are missed."""
    entries, head = access_log.head(tx)
    tx.connection.execute(
        insert(log_review).values(
            quarter=quarter,
            person_id=person_id,
            recorded_at=now,
            note=tx.vault.seal(note),
            findings=findings,
            entries=entries,
            head=head,
        )
    )


def is_done(tx: Transaction, quarter: str) -> bool:
    return tx.connection.execute(_OF_QUARTER, {"of_quarter": quarter}).first() is not None


def every(tx: Transaction) -> list[LogReview]:
    return [
        LogReview(
            row.id,
            row.quarter,
            row.person_id,
            row.recorded_at,
            tx.vault.open_if_known(row.note) or "",
            row.findings,
            row.entries,
            row.head,
        )
        for row in tx.connection.execute(select(log_review).order_by(log_review.c.id))
    ]
