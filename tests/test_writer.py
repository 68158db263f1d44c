"""What comes while the writer works is done together: each by itself, and answered when it is stored."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select

from followup.times.calendar import MUNICIPAL_ZONE
from storage.engine.database import Database, StorageError, Transaction, open_engine
from storage.engine.tables import handled
from storage.engine.writer import TransactionLostError
from storage.messages.handled import record
from tests.support.builders import at

NOW = at("2026-11-02 09:00")


def keep(key: str) -> Callable[[Transaction], str]:
    def work(tx: Transaction) -> str:
        record(tx, key, None, NOW)
        return key

    return work


def fail(tx: Transaction) -> None:
    record(tx, "half done", None, NOW)
    raise ValueError("no")


def stored(database: Database) -> set[str]:
    with database.transaction() as tx:
        return set(tx.connection.execute(select(handled.c.key)).scalars())


async def together(database: Database, *works: Callable[[Transaction], object]) -> list[object]:
    """The works wait while another one holds the thread, and are then done in one transaction."""
    free = threading.Event()
    first = asyncio.create_task(database.run(lambda tx: free.wait(10)))
    await asyncio.sleep(0)
    rest = [asyncio.create_task(database.run(work)) for work in works]
    await asyncio.sleep(0)
    free.set()
    await first
    return await asyncio.gather(*rest, return_exceptions=True)


async def test_each_gets_its_own_answer(database: Database) -> None:
    assert await together(database, *(keep(f"k{n}") for n in range(40))) == [f"k{n}" for n in range(40)]
    assert stored(database) == {f"k{n}" for n in range(40)}


async def test_one_that_raises_is_undone_alone(database: Database) -> None:
    before, error, after = await together(database, keep("before"), fail, keep("after"))
    assert (before, after) == ("before", "after")
    assert isinstance(error, ValueError)
    assert stored(database) == {"before", "after"}


@pytest.mark.sqlite("handlar om SQLites enda tråd som skriver")
async def test_they_see_what_those_before_them_did(database: Database) -> None:
    def count(tx: Transaction) -> int:
        found: int = tx.connection.execute(select(func.count()).select_from(handled)).scalar_one()
        return found

    assert (await together(database, keep("a"), count, keep("b"), count))[1::2] == [1, 2]


@pytest.mark.sqlite("handlar om SQLites enda tråd som skriver")
async def test_when_the_database_gives_up_the_transaction_nobody_is_told_that_it_was_stored(
    database: Database,
) -> None:
    def give_up(tx: Transaction) -> None:
        tx.connection.connection.cursor().execute("ROLLBACK")
        raise ValueError("the disk is full")

    outcomes = await together(database, keep("before"), give_up, keep("after"))
    assert [isinstance(outcome, StorageError) for outcome in outcomes] == [True, True, True]
    assert stored(database) == set()
    assert await database.run(keep("later")) == "later"


def fill_up(tx: Transaction) -> None:
    asked = tx.connection.exec_driver_sql
    most, there = (asked(f"PRAGMA {name}").scalar_one() for name in ("max_page_count", "page_count"))
    asked(f"PRAGMA max_page_count={there}")
    try:
        record(tx, "x" * 200_000, None, NOW)
    finally:
        if not tx.connection.invalidated:
            asked(f"PRAGMA max_page_count={most}")


def interrupt(tx: Transaction) -> None:
    driver: Any = tx.connection.connection.driver_connection
    driver.set_progress_handler(lambda: 1, 1)
    tx.connection.execute(insert(handled).values(key="interrupted", at=NOW))


def swallow_and_end(tx: Transaction, ended: Callable[[Transaction], None]) -> str:
    record(tx, "half done", None, NOW)
    with suppress(StorageError):
        ended(tx)
    return "swallowed"


def swallow_and_go_on(tx: Transaction, ended: Callable[[Transaction], None]) -> str:
    swallow_and_end(tx, ended)
    with suppress(StorageError):
        record(tx, "the other half", None, NOW)
    with suppress(StorageError):
        tx.connection.execute(insert(handled).values(key="and more", at=NOW))
    return "swallowed"


@pytest.mark.sqlite("handlar om vad som avslutar SQLites transaktion")
@pytest.mark.parametrize("swallow", [swallow_and_end, swallow_and_go_on])
@pytest.mark.parametrize("ended", [fill_up, interrupt])
async def test_nothing_is_stored_or_answered_for_after_what_ended_the_transaction_by_itself(
    database: Database,
    ended: Callable[[Transaction], None],
    swallow: Callable[[Transaction, Callable[[Transaction], None]], str],
) -> None:
    with pytest.raises(StorageError):
        await database.run(swallow, ended)
    with pytest.raises(TransactionLostError), database.piece() as tx:
        swallow(tx, ended)
    beside = await together(database, keep("before"), lambda tx: swallow(tx, ended), keep("after"))
    assert [isinstance(outcome, TransactionLostError) for outcome in beside] == [True, True, True]
    assert stored(database) == set()
    assert await database.run(keep("later")) == "later"


@pytest.mark.parametrize("how", ["run", "transaction"])
async def test_on_a_server_a_refusal_that_is_swallowed_is_no_commit(
    on_postgresql: Database, how: str
) -> None:
    def swallow(tx: Transaction) -> None:
        record(tx, "half done", None, NOW)
        with suppress(StorageError):
            tx.connection.execute(insert(handled).values(key="half done", at=NOW))

    with pytest.raises(TransactionLostError):
        if how == "run":
            await on_postgresql.run(swallow)
        else:
            with on_postgresql.transaction() as tx:
                swallow(tx)
    assert stored(on_postgresql) == set()


async def test_an_answer_comes_after_the_commit(database: Database) -> None:
    async def then_look(key: str) -> set[str]:
        await database.run(keep(key))
        return stored(database)

    seen = await asyncio.gather(*(then_look(f"k{n}") for n in range(20)))
    assert all(f"k{n}" in keys for n, keys in enumerate(seen))


async def test_who_stopped_waiting_keeps_nobody_else_waiting(database: Database) -> None:
    free = threading.Event()
    first = asyncio.create_task(database.run(lambda tx: free.wait(10)))
    await asyncio.sleep(0)
    gone = asyncio.create_task(database.run(keep("gone")))
    await asyncio.sleep(0)
    gone.cancel()
    free.set()
    await first
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert await asyncio.wait_for(database.run(keep("next")), 10) == "next"


def test_what_is_committed_is_on_the_disk(tmp_path: Path) -> None:
    """The other tests wait for no disk, so this looks before they may say so."""
    found: list[tuple[str, int]] = []
    engine = open_engine(f"sqlite:///{tmp_path / 'new.db'}")

    @event.listens_for(engine, "connect")
    def _look(connection: Any, _record: object) -> None:
        asked = [
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
        ]
        found.append((asked[0], asked[1]))

    with engine.connect():
        pass
    engine.dispose()
    full = 2
    assert found == [("wal", full)]


def test_both_moments_of_an_hour_that_comes_twice_are_stored_as_themselves(tx: Transaction) -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=MUNICIPAL_ZONE)
    for name, moment in (("first", first), ("second", first.replace(fold=1))):
        record(tx, name, None, moment)
    at_ = {row.key: row.at for row in tx.connection.execute(select(handled.c.key, handled.c.at))}
    assert at_["second"] - at_["first"] == timedelta(hours=1)
