"""What each person has been reminded of, and whose clocks have been looked through on the day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, or_, select, update

from followup import PersonId, PlacementId
from storage.engine.clock_tables import clock_look, clock_told
from storage.engine.database import Transaction, insert_all, insert_new
from storage.engine.prepared import Prepared
from storage.engine.tables import delivery, person, register_import

# How many days before: what nobody had done by its last day, and what nobody answers for.
LATE, NOBODYS = -1, -2
_NEWEST_IMPORT = Prepared(
    select(func.max(register_import.c.id).label("number")).where(register_import.c.state == "valid")
)
_LOOKED_AT = Prepared(
    update(clock_look)
    .where(clock_look.c.person_id == bindparam("whose"))
    .values(day=bindparam("on_day", type_=clock_look.c.day.type), import_id=bindparam("newest_import"))
)
_IN_MESSAGE = Prepared(
    select(clock_told.c.id).where(clock_told.c.delivery_key == bindparam("message_key")).limit(1)
)
_TOLD = select(
    clock_told.c.clock,
    clock_told.c.due,
    clock_told.c.days,
    clock_told.c.placement_id,
    clock_told.c.contract_id,
).where(
    clock_told.c.person_id == bindparam("whose"),
    or_(
        clock_told.c.placement_id.in_(bindparam("placement_ids", expanding=True)),
        clock_told.c.contract_id.in_(bindparam("contract_ids", expanding=True)),
    ),
)


@dataclass(frozen=True)
class ClockTold:
    """One reminder of one clock's time, or of a contract's end."""

    clock: str
    due: date
    days: int
    placement_id: PlacementId | None = None
    contract_id: int | None = None


def new_of(tx: Transaction, person_id: PersonId, wanted: Collection[ClockTold]) -> list[ClockTold]:
    """Those that the person has not been told."""
    if not wanted:
        return []
    values = {
        "whose": person_id,
        "placement_ids": list({one.placement_id for one in wanted} - {None}),
        "contract_ids": list({one.contract_id for one in wanted} - {None}),
    }
    before = {ClockTold(*row) for row in tx.connection.execute(_TOLD, values)}
    return [one for one in wanted if one not in before]


def record(
    tx: Transaction, person_id: PersonId, told: Collection[ClockTold], key: str, now: datetime
) -> None:
    insert_all(
        tx,
        clock_told,
        [
            {
                "person_id": person_id,
                "placement_id": one.placement_id,
                "contract_id": one.contract_id,
                "clock": one.clock,
                "due": one.due,
                "days": one.days,
                "delivery_key": key,
                "at": now,
            }
            for one in told
        ],
    )


def told_in(tx: Transaction, key: str) -> bool:
    """Whether the message of the key is to remind of any clock."""
    return _IN_MESSAGE.first(tx.connection, {"message_key": key}) is not None


def not_looked_at(tx: Transaction, day: date, after: PersonId, most: int) -> list[PersonId]:
    """Whose clocks have not been looked through that day, or not since the register became another.

    So many of those after the one that is named.
    """
    query = (
        select(person.c.id)
        .outerjoin(clock_look, clock_look.c.person_id == person.c.id)
        .where(
            person.c.id > after,
            or_(
                clock_look.c.person_id.is_(None),
                clock_look.c.day < day,
                clock_look.c.import_id < _newest_import(tx),
            ),
        )
        .order_by(person.c.id)
        .limit(most)
    )
    return list(tx.connection.scalars(query))


def _newest_import(tx: Transaction) -> int:
    number: int | None = _NEWEST_IMPORT.first(tx.connection, {}).number
    return number or 0


def mark_looked_at(tx: Transaction, person_id: PersonId, day: date) -> None:
    newest = _newest_import(tx)
    looked = {"whose": person_id, "on_day": day, "newest_import": newest}
    if not _LOOKED_AT.changed(tx.connection, looked):
        insert_new(tx, clock_look, person_id=person_id, day=day, import_id=newest)


def sent_since(
    tx: Transaction, person_id: PersonId, kinds: Collection[str], since: datetime
) -> tuple[str | None, bool]:
    """The key of a message of the kinds that waits to go to her, and whether one has gone since then."""
    query = (
        select(delivery.c.key, delivery.c.state)
        .where(
            delivery.c.person_id == person_id,
            delivery.c.kind.in_(list(kinds)),
            delivery.c.not_before >= since,
            delivery.c.state.in_(("ready", "sending", "sent", "uncertain")),
        )
        .order_by(delivery.c.id.desc())
    )
    rows = tx.connection.execute(query).all()
    waiting = next((row.key for row in rows if row.state == "ready"), None)
    return waiting, any(row.state != "ready" for row in rows)
