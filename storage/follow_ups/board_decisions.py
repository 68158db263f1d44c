"""The board's decisions on sanctions after a follow-up: their references and days, recorded and never made here."""

from datetime import date, datetime

from sqlalchemy import bindparam, insert, select

from followup import FollowUpId, PersonId
from followup.follow_ups.board_decision import BoardDecision, Sanction, same_decision
from storage.engine.database import Transaction
from storage.engine.year_tables import board_decision

_OF_FOLLOW_UP = (
    select(board_decision)
    .where(board_decision.c.follow_up_id == bindparam("follow_up_id"))
    .order_by(board_decision.c.decided_on, board_decision.c.id)
)


def record(
    tx: Transaction,
    follow_up_id: FollowUpId,
    reference: str,
    decided_on: date,
    person_id: PersonId,
    now: datetime,
    kind: Sanction | None = None,
) -> None:
    tx.connection.execute(
        insert(board_decision).values(
            follow_up_id=follow_up_id,
            reference=reference,
            decided_on=decided_on,
            recorded_by=person_id,
            recorded_at=now,
            kind=kind,
        )
    )


def of_follow_up(tx: Transaction, follow_up_id: FollowUpId) -> list[BoardDecision]:
    """Each decision once, as it was last recorded: with another day it is the same one corrected."""
    rows = tx.connection.execute(_OF_FOLLOW_UP, {"follow_up_id": follow_up_id})
    recorded = [
        BoardDecision(
            row.id,
            row.follow_up_id,
            row.reference,
            row.decided_on,
            row.recorded_by,
            row.recorded_at,
            row.kind,
        )
        for row in rows
    ]
    newest = {same_decision(one.reference): one for one in sorted(recorded, key=lambda one: one.id)}
    return [one for one in recorded if newest[same_decision(one.reference)] == one]
