"""What is stored beside the register's own keys that a file of it is checked against."""

from collections import defaultdict
from datetime import date

from sqlalchemy import func, or_, select

from followup.times.month import Month
from storage.engine import tables
from storage.engine.database import Transaction
from storage.imports.register import PlacementKey
from storage.register.placements import CURRENT_OWNER


def contract_keys(tx: Transaction) -> frozenset[str]:
    return frozenset(tx.connection.scalars(select(tables.contract.c.key)))


def last_reported(tx: Transaction) -> dict[PlacementKey, Month]:
    """The newest month that a report has come in for, by placement."""
    placement, unit, task, round_ = tables.placement, tables.unit, tables.report_task, tables.round_
    rows = tx.connection.execute(
        select(placement.c.case_reference, unit.c.key, placement.c.starts, func.max(round_.c.month))
        .select_from(tables.report)
        .join(task, task.c.id == tables.report.c.task_id)
        .join(round_, round_.c.id == task.c.round_id)
        .join(placement, placement.c.id == task.c.placement_id)
        .join(unit, unit.c.id == placement.c.unit_id)
        .group_by(placement.c.case_reference, unit.c.key, placement.c.starts)
    )
    return {(case, key, starts): month for case, key, starts, month in rows}


def answered_for(tx: Transaction, today: date) -> dict[str, list[PlacementKey]]:
    """The open placements by the signature of who is responsible for them, or stands in."""
    placement, unit, ownership = tables.placement, tables.unit, tables.ownership
    owner, substitute = tables.person.alias("owner"), tables.person.alias("substitute")
    rows = tx.connection.execute(
        select(placement.c.case_reference, unit.c.key, placement.c.starts, owner.c.key, substitute.c.key)
        .select_from(placement)
        .join(unit, unit.c.id == placement.c.unit_id)
        .join(ownership, CURRENT_OWNER)
        .join(owner, owner.c.id == ownership.c.owner_id)
        .outerjoin(substitute, substitute.c.id == ownership.c.substitute_id)
        .where(or_(placement.c.ends.is_(None), placement.c.ends > today))
        .order_by(placement.c.case_reference, placement.c.starts),
        {"day": today},
    )
    found: dict[str, list[PlacementKey]] = defaultdict(list)
    for case, unit_key, starts, *people in rows:
        for person in filter(None, people):
            found[person].append((case, unit_key, starts))
    return found
