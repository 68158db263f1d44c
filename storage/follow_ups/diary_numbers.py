"""The numbers that follow-ups' matters of notice are registered under: a correction is a new row, and the old stays."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select

from followup import FollowUpId, PersonId
from followup.follow_ups.diary_number import DiaryNumber
from storage.engine.database import Transaction
from storage.engine.year_tables import diary_number

_OF_FOLLOW_UP = (
    select(diary_number)
    .where(diary_number.c.follow_up_id == bindparam("follow_up_id"))
    .order_by(diary_number.c.id)
)


def record(
    tx: Transaction, follow_up_id: FollowUpId, number: str, person_id: PersonId, now: datetime
) -> None:
    values = {"number": number, "recorded_by": person_id, "recorded_at": now}
    tx.connection.execute(insert(diary_number).values(follow_up_id=follow_up_id, **values))


def of_follow_up(tx: Transaction, follow_up_id: FollowUpId) -> list[DiaryNumber]:
    """All that have been entered, the newest last."""
    rows = tx.connection.execute(_OF_FOLLOW_UP, {"follow_up_id": follow_up_id})
    return [
        DiaryNumber(row.id, row.follow_up_id, row.number, row.recorded_by, row.recorded_at) for row in rows
    ]
