"""Builders of the year: a selection cycle, frozen and perhaps locked."""

from sqlalchemy import insert

from followup import CycleId
from followup.selection.cycle import YEARLY
from storage.engine.database import Transaction
from storage.engine.year_tables import selection_cycle
from tests.support.builders import at


def cycle(
    tx: Transaction, person_id: int, year: int = 2026, *, locked: bool = False, name: str = YEARLY
) -> CycleId:
    when = at("2026-03-01") if locked else None
    number: CycleId = tx.connection.execute(
        insert(selection_cycle)
        .values(
            year=year,
            name=name,
            frame="{}",
            frame_hash="0" * 64,
            public_value_name="Lotto",
            public_value="1" if locked else None,
            frozen_at=at("2026-03-01"),
            frozen_by=person_id,
            drawn_at=when,
            locked_at=when,
        )
        .returning(selection_cycle.c.id)
    ).scalar_one()
    return number
