"""Units' contracts that end and that no other goes on from, and who answers for each."""

from datetime import date, timedelta

from sqlalchemy import Date, bindparam, or_, select, update

from followup import PersonId, UnitId
from followup.provider import EndingContract
from storage.engine.database import Transaction
from storage.engine.prepared import Prepared
from storage.engine.tables import contract, placement, unit
from storage.register import units

_UNTIL = (
    select(contract, unit.c.name)
    .join(unit, unit.c.id == contract.c.unit_id)
    .where(contract.c.ends <= bindparam("until"))
    .order_by(contract.c.ends, contract.c.key)
)
_ENDING = Prepared(_UNTIL)
_ENDING_OF = Prepared(_UNTIL.where(contract.c.owner_id == bindparam("owner")))
_DAY = bindparam("day", type_=Date)
_PLACED = Prepared(
    select(placement.c.id)
    .where(
        placement.c.unit_id == bindparam("placed_in"),
        placement.c.starts <= _DAY,
        or_(placement.c.ends.is_(None), placement.c.ends >= _DAY),
    )
    .limit(1)
)


def ending(
    tx: Transaction, today: date, until: date, owner_id: PersonId | None = None
) -> list[EndingContract]:
    """Those with a last day up to then; one that has ended only while somebody is placed there all the same.

    With an owner hers alone, by index.
    """
    query, values = (_ENDING, {}) if owner_id is None else (_ENDING_OF, {"owner": owner_id})
    rows = query.all(tx.connection, {"until": until, **values})
    of_unit = units.contracts_of(tx, {row.unit_id for row in rows})
    found = []
    for row in rows:
        after = row.ends + timedelta(days=1)
        goes_on = any(one.in_force(day) for one in of_unit[row.unit_id] for day in (after, max(after, today)))
        if not goes_on and (row.ends >= today or _placed(tx, row.unit_id, today)):
            found.append(EndingContract(row.id, row.key, row.unit_id, row.name, row.ends, row.owner_id))
    return found


def give(tx: Transaction, number: int, owner_id: PersonId) -> None:
    tx.connection.execute(update(contract).where(contract.c.id == number).values(owner_id=owner_id))


def _placed(tx: Transaction, unit_id: UnitId, today: date) -> bool:
    return _PLACED.first(tx.connection, {"placed_in": unit_id, "day": today}) is not None


def crowded_homes(tx: Transaction, today: date, most: int) -> list[tuple[str, int]]:
    """Homes where more children than that are placed, by the name of their unit and how many; never the home."""
    query = select(placement.c.home, unit.c.name, placement.c.case_reference).where(
        placement.c.home.is_not(None),
        placement.c.unit_id == unit.c.id,
        placement.c.starts <= today,
        (placement.c.ends.is_(None)) | (placement.c.ends >= today),
    )
    children: dict[str, set[str]] = {}
    where: dict[str, str] = {}
    for home, name, case in tx.connection.execute(query):
        children.setdefault(home, set()).add(case)
        where[home] = name
    return sorted((where[home], len(of)) for home, of in children.items() if len(of) > most)
