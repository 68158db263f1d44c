"""Units' contracts that end and that no other goes on from, who answers for each; and homes with many children."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, and_, bindparam, exists, func, or_, select, update

from followup import PersonId
from followup.people import Role
from followup.provider import EndingContract
from storage.engine.database import Transaction
from storage.engine.imported import with_staged
from storage.engine.prepared import Prepared
from storage.engine.tables import contract, person, placement, unit
from storage.register import units

_today = bindparam("today", type_=Date)
_other = contract.alias("other")
_in_force_today = exists().where(
    _other.c.unit_id == contract.c.unit_id,
    _other.c.starts <= _today,
    or_(_other.c.ends.is_(None), _other.c.ends >= _today),
)
_open_today = and_(placement.c.starts <= _today, or_(placement.c.ends.is_(None), placement.c.ends >= _today))
_placed_today = exists().where(placement.c.unit_id == contract.c.unit_id, _open_today)
_UNTIL = (
    select(contract, unit.c.name)
    .join(unit, unit.c.id == contract.c.unit_id)
    .where(
        contract.c.ends <= bindparam("until"),
        # Of the many that have ended, those few units' that somebody is placed at without any.
        or_(contract.c.ends >= _today, and_(~_in_force_today, _placed_today)),
    )
    .order_by(contract.c.ends, contract.c.key)
)
_ENDING = Prepared(_UNTIL)
_OF_OWNER = Prepared(_UNTIL.where(contract.c.owner_id == bindparam("owner_id")))
_told = exists().where(
    person.c.id == contract.c.owner_id,
    person.c.active,
    person.c.role.in_(bindparam("roles", expanding=True)),
)
_OF_OWNER_OR_UNTOLD = _UNTIL.where(or_(contract.c.owner_id == bindparam("owner_id"), ~_told))


def ending(
    tx: Transaction,
    today: date,
    until: date,
    owner_id: PersonId | None = None,
    *,
    not_of: Collection[Role] | None = None,
) -> list[EndingContract]:
    """Those with a last day up to then; one that has ended only while somebody is placed there all the same.

    With an owner hers alone; with the roles that are told of theirs those that nobody with one of them has, and hers.
    """
    rows = _rows(tx, {"today": today, "until": until}, owner_id, not_of)
    of_unit = units.contracts_of(tx, {row.unit_id for row in rows})
    found = []
    for row in rows:
        after = row.ends + timedelta(days=1)
        goes_on = any(one.in_force(day) for one in of_unit[row.unit_id] for day in (after, max(after, today)))
        if not goes_on:
            found.append(EndingContract(row.id, row.key, row.unit_id, row.name, row.ends, row.owner_id))
    return found


def _rows(
    tx: Transaction, days: Mapping[str, date], owner_id: PersonId | None, not_of: Collection[Role] | None
) -> Sequence[Any]:
    if not_of is not None:
        values = {**days, "owner_id": owner_id, "roles": [*not_of]}
        return tx.connection.execute(_OF_OWNER_OR_UNTOLD, values).all()
    if owner_id is None:
        return _ENDING.all(tx.connection, days)
    return _OF_OWNER.all(tx.connection, {**days, "owner_id": owner_id})


def give(tx: Transaction, number: int, owner_id: PersonId) -> None:
    tx.connection.execute(update(contract).where(contract.c.id == number).values(owner_id=owner_id))


# In the index of homes alone, what is being imported with it; of those few it is looked who is placed there that day.
_every = with_staged(placement).alias("every_placement")
_NAMED_OFTEN = (
    select(_every.c.home)
    .where(_every.c.home.is_not(None))
    .group_by(_every.c.home)
    .having(func.count() > bindparam("most"))
)
_children = func.count(placement.c.case_reference.distinct())
_CROWDED = (
    select(func.min(unit.c.name), _children)
    .join(unit, unit.c.id == placement.c.unit_id)
    .where(placement.c.home.in_(_NAMED_OFTEN), _open_today)
    .group_by(placement.c.home)
    .having(_children > bindparam("most"))
)


def crowded_homes(tx: Transaction, today: date, most: int) -> list[tuple[str, int]]:
    """Homes where more children than that are placed, by the name of their unit and how many; never the home."""
    found = tx.connection.execute(_CROWDED, {"today": today, "most": most})
    return sorted((name, children) for name, children in found)
