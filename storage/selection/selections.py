"""Selection cycles with their frozen frames, and the adjustments that people made."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from followup import CycleId, PersonId, UnitId
from followup.selection.adjustment import Act, Adjustment
from followup.selection.cycle import YEARLY, Cycle
from storage.engine.database import Transaction, insert_new
from storage.engine.tables import person, unit
from storage.engine.year_tables import selection_adjustment, selection_cycle


def freeze(
    tx: Transaction,
    *,
    year: int,
    name: str,
    frame: str,
    frame_hash: str,
    public_value_name: str,
    person_id: PersonId,
    now: datetime,
) -> Cycle | None:
    """The new cycle; None when the year has one of that name already."""
    new = insert_new(
        tx,
        selection_cycle,
        year=year,
        name=name,
        frame=frame,
        frame_hash=frame_hash,
        public_value_name=public_value_name,
        frozen_at=now,
        frozen_by=person_id,
    )
    return named(tx, year, name) if new else None


def draw(tx: Transaction, cycle_id: CycleId, public_value: str, person_id: PersonId, now: datetime) -> None:
    """Records the value once: a cycle that has one keeps it."""
    tx.connection.execute(
        update(selection_cycle)
        .where(selection_cycle.c.id == cycle_id, selection_cycle.c.drawn_at.is_(None))
        .values(public_value=public_value, drawn_at=now, drawn_by=person_id)
    )


def lock(tx: Transaction, cycle_id: CycleId, person_id: PersonId, now: datetime) -> None:
    tx.connection.execute(
        update(selection_cycle)
        .where(
            selection_cycle.c.id == cycle_id,
            selection_cycle.c.drawn_at.is_not(None),
            selection_cycle.c.locked_at.is_(None),
        )
        .values(locked_at=now, locked_by=person_id)
    )


def adjust(
    tx: Transaction,
    cycle_id: CycleId,
    unit_id: UnitId,
    act: Act,
    reason: str,
    person_id: PersonId,
    now: datetime,
) -> None:
    tx.connection.execute(
        insert(selection_adjustment).values(
            cycle_id=cycle_id,
            unit_id=unit_id,
            act=act,
            reason=reason,
            person_id=person_id,
            recorded_at=now,
        )
    )


def get(tx: Transaction, cycle_id: CycleId) -> Cycle | None:
    row = tx.connection.execute(select(selection_cycle).where(selection_cycle.c.id == cycle_id)).one_or_none()
    return None if row is None else _cycle(row)


def hold(tx: Transaction, cycle_id: CycleId) -> Cycle:
    """The cycle as it stands, kept from all others until the transaction ends."""
    query = select(selection_cycle).where(selection_cycle.c.id == cycle_id).with_for_update()
    return _cycle(tx.connection.execute(query).one())


def named(tx: Transaction, year: int, name: str = YEARLY) -> Cycle | None:
    row = tx.connection.execute(
        select(selection_cycle).where(selection_cycle.c.year == year, selection_cycle.c.name == name)
    ).one_or_none()
    return None if row is None else _cycle(row)


def every(tx: Transaction) -> list[Cycle]:
    rows = tx.connection.execute(select(selection_cycle).order_by(selection_cycle.c.id))
    return [_cycle(row) for row in rows]


def of_year(tx: Transaction, year: int) -> list[Cycle]:
    """All of the year's, in the order they were frozen."""
    query = select(selection_cycle).where(selection_cycle.c.year == year).order_by(selection_cycle.c.id)
    return [_cycle(row) for row in tx.connection.execute(query)]


def adjustments(tx: Transaction, cycle_id: CycleId) -> list[Adjustment]:
    """In the order they were made, with the unit's key and the person's name."""
    query = (
        select(selection_adjustment, unit.c.key.label("unit_key"), person.c.name.label("person_name"))
        .join(unit, selection_adjustment.c.unit_id == unit.c.id)
        .join(person, selection_adjustment.c.person_id == person.c.id)
        .where(selection_adjustment.c.cycle_id == cycle_id)
        .order_by(selection_adjustment.c.id)
    )
    return [
        Adjustment(row.unit_key, row.act, row.reason, row.person_name, row.recorded_at)
        for row in tx.connection.execute(query)
    ]


def _cycle(row: Row[Any]) -> Cycle:
    return Cycle(**row._mapping)
