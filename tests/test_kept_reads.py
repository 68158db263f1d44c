"""What is kept in memory of the register says the same as the register, whatever has been changed of it."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import delete, insert, text, update

from followup import PersonId, PlacementId
from storage.engine.database import Database, Transaction
from storage.engine.tables import ownership, placement, provider, unit
from storage.register import placements, units
from tests.support.builders import Register, at
from tests.support.deeds import trial
from tests.test_idle_tick import asked

TODAY = date(2026, 11, 20)


@pytest.fixture
def town(database: Database) -> Database:
    with database.transaction() as tx:
        register = Register(tx)
        anna, where = register.person(), register.unit("NORR", name="Norrgården")
        register.placement(anna, where, case="AKT-1")
    return database


# Counted again in SQL alone.
_NAMES = text(
    "select p.name, u.name from unit u join provider p on p.id = u.provider_id"
    " where u.form <> 'kommunens_familjehem' order by u.name"
)
_NOBODYS = text(
    "select count(*) from placement p where not exists"
    " (select 1 from ownership o where o.placement_id = p.id and o.since <= :day)"
)


def read(tx: Transaction) -> tuple[object, object]:
    return units.home_names(tx), placements.any_without_owner(tx, TODAY)


def recounted(tx: Transaction) -> tuple[object, object]:
    day = TODAY if tx.connection.dialect.name == "postgresql" else TODAY.isoformat()
    names = tuple(tuple(row) for row in tx.connection.execute(_NAMES))
    return names, bool(tx.connection.scalar(_NOBODYS, {"day": day}))


def nobodys(tx: Transaction) -> None:
    tx.connection.execute(
        insert(placement).values(
            case_reference="AKT-2",
            unit_id=1,
            starts=TODAY,
            legal_ground="sol",
            registered_at=at("2026-11-20"),
        )
    )


def owned(tx: Transaction) -> None:
    Register(tx).owner(PlacementId(2), PersonId(1), since="2026-11-01")


def renamed(tx: Transaction) -> None:
    tx.connection.execute(update(unit).values(name="Sörgården"))


def sold(tx: Transaction) -> None:
    tx.connection.execute(update(provider).values(name="Ny utförare AB"))


def purged(tx: Transaction) -> None:
    tx.connection.execute(delete(ownership).where(ownership.c.placement_id == 2))


def test_what_is_kept_of_the_register_is_what_stands_in_it_after_each_change(town: Database) -> None:
    changes: list[Callable[[Transaction], None]] = [nobodys, owned, renamed, sold, purged]
    said = set()
    for change in changes:
        with town.transaction() as tx:
            change(tx)
            assert read(tx) == recounted(tx)
        for _ in range(2):
            with town.reading() as tx:
                assert read(tx) == recounted(tx)
                said.add(read(tx))
    assert len(said) == len(changes)


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
def test_what_has_not_changed_is_read_once_and_what_was_undone_never(on_sqlite: Database) -> None:
    with on_sqlite.transaction() as tx:
        Register(tx).unit("NORR", name="Norrgården")
    numbers = []
    for _ in range(2):
        with on_sqlite.reading() as tx, asked(tx) as statements:
            read(tx)
        numbers.append(len(statements))
    assert numbers == [4, 2]
    with trial(on_sqlite) as tx:
        renamed(tx)
        assert read(tx) == recounted(tx)
    with on_sqlite.reading() as tx:
        assert read(tx) == recounted(tx)
