"""Figures about a unit's open placements: how many, which plans are missing, how many are on a framework agreement."""

from datetime import datetime

from sqlalchemy import bindparam, select

from followup.month.plans import PLANS
from followup.placement import PlacementFigures
from followup.provider import Unit, contract_form
from followup.times.calendar import municipal_day
from followup.times.month import Month
from storage.engine.database import Transaction
from storage.engine.open_days import open_some_day
from storage.engine.tables import placement
from storage.month import plans
from storage.register import units

_OPEN = select(placement.c.id, placement.c.contract_form).where(
    placement.c.unit_id == bindparam("unit_id"),
    open_some_day(bindparam("day"), bindparam("day")),
)


def open_placements(tx: Transaction, unit: Unit, now: datetime) -> PlacementFigures:
    day = municipal_day(now)
    rows = tx.connection.execute(_OPEN, {"unit_id": unit.id, "day": day}).all()
    contracts = units.contracts(tx, unit.id)
    forms = tuple(contract_form(unit.ownership, row.contract_form, contracts, day) for row in rows)
    states = plans.states(tx, [row.id for row in rows], Month.of(day), now)
    missing = {plan: sum(one[plan] == "missing" for one in states.values()) for plan in PLANS}
    unknown = sum(None in one.values() for one in states.values())
    return PlacementFigures(len(rows), missing, unknown, forms)
