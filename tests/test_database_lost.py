"""A database that stores nothing any longer: gone, put in another's place, locked, full, or not to be written."""

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import event, select

from storage.engine.database import Database, StorageError
from storage.engine.database_file import SwappedFileError
from storage.engine.tables import handled
from storage.engine.vault import Vault, new_key
from storage.log import log_chain
from storage.messages.handled import record
from tests.conftest import open_file
from tests.support.builders import at
from tests.support.edge import Edge, at_the_edge
from tests.support.municipality import settle
from tests.test_health import all_but, ready

NOW = at("2026-11-02 09:00")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with four megabytes of room."""
    place = tmp_path / "disk"
    place.mkdir()
    try:
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", place], check=True, capture_output=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a file system can only be mounted by the machine's administrator")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def path_of(database: Database) -> Path:
    return Path(database.url.removeprefix("sqlite:///"))


async def store(database: Database, key: str) -> None:
    await database.run(record, key, None, NOW)


def stored(database: Database) -> set[str]:
    with database.reading() as tx:
        return set(tx.connection.scalars(select(handled.c.key)))


@pytest.mark.sqlite("handlar om databasens fil")
async def test_a_file_that_is_gone_for_a_minute_takes_nothing_until_it_is_back(
    municipality: Database,
) -> None:
    async with at_the_edge(municipality, sends=False) as edge:
        await store(municipality, "before")
        there = path_of(municipality)
        away = there.rename(there.with_name("away.db"))
        assert (await ready(edge))[1]["file"] is False
        with pytest.raises(SwappedFileError):
            await store(municipality, "meanwhile")
        # SQLite would have made an empty one, and the next who looked would have found nothing wrong with it.
        assert not there.exists()
        away.rename(there)
        assert await ready(edge) == all_but()
        await store(municipality, "after")
    assert stored(municipality) == {"before", "after"}


@pytest.mark.sqlite("handlar om databasens fil")
async def test_nothing_is_acknowledged_into_a_file_that_has_another_in_its_place(
    municipality: Database, tmp_path: Path
) -> None:
    async with at_the_edge(municipality, sends=False) as edge:
        there = path_of(municipality)
        other = tmp_path / "other.db"
        other.write_bytes(there.read_bytes())
        other.replace(there)
        status, checks = await ready(edge)
        assert (status, checks["file"], checks["writer"]) == (503, False, False)
        with pytest.raises(SwappedFileError):
            await store(municipality, "lost")
        person = await edge.post(edge.text("Mina uppgifter"))
        assert person.status == 200
        assert "referens" in edge.server.sent[-1].body["text"].lower()


@pytest.mark.sqlite("handlar om databasens fil")
@pytest.mark.parametrize("ending", ["-wal", "-shm"])
async def test_a_file_that_is_deleted_beside_the_database_takes_nothing_more_and_what_was_in_it_is_kept(
    municipality: Database, caplog: pytest.LogCaptureFixture, ending: str
) -> None:
    async with at_the_edge(municipality, sends=False) as edge:
        await store(municipality, "before")
        there = path_of(municipality)
        there.with_name(there.name + ending).unlink()
        for _ in range(2):
            with pytest.raises(SwappedFileError):
                await store(municipality, "meanwhile")
        status, checks = await ready(edge)
        assert (status, checks["file"], checks["writer"]) == (503, False, False)
    [told] = [one.getMessage() for one in caplog.records if one.name == "storage.engine.database_file"]
    assert f"{there}{ending} is gone" in told
    # As when the program is stopped: the last who closes writes what was there to the database.
    municipality.engine.dispose()
    assert stored(municipality) == {"before"}


async def test_not_ready_when_what_is_sealed_cannot_be_opened(municipality: Database) -> None:
    with municipality.transaction() as tx:
        log_chain.begin(tx, NOW)
    another = Database(municipality.url, Vault([new_key()]))
    async with at_the_edge(another, sends=False) as edge:
        # The first transaction that logs would go on under the wrong key: that is refused where the bot is started.
        assert await ready(edge) == all_but("sealed")
    another.close()


@pytest.mark.sqlite("handlar om databasens fil")
async def test_not_ready_while_another_keeps_the_database_locked(municipality: Database) -> None:
    @event.listens_for(municipality.engine, "checkout")
    def _hurry(connection: object, *_: object) -> None:
        connection.execute("PRAGMA busy_timeout=1")  # type: ignore[attr-defined]

    other = open_file(path_of(municipality))
    async with at_the_edge(municipality, sends=False) as edge:
        with other.transaction():
            assert await ready(edge) == all_but("writer")
            with pytest.raises(StorageError):
                await store(municipality, "meanwhile")
        assert await ready(edge) == all_but()
        await store(municipality, "after")
    other.close()
    assert stored(municipality) == {"after"}


@pytest.mark.sqlite("handlar om databasens fil")
async def test_not_ready_on_a_full_disk_and_ready_when_there_is_room_again(
    migrated: Path, small_disk: Path
) -> None:
    database = _on(small_disk, migrated)
    async with at_the_edge(database, sends=False) as edge:
        await store(database, "before")
        filler = _fill(small_disk, edge)
        await edge.bot.probe.look()
        assert edge.bot.probe.seen() == all_but("writer")[1]
        with pytest.raises(StorageError):
            await store(database, "meanwhile")
        filler.unlink()
        assert await ready(edge) == all_but()
        await store(database, "after")
    assert stored(database) == {"before", "after"}
    database.close()


@pytest.mark.sqlite("handlar om databasens fil")
async def test_not_ready_on_a_disk_that_is_only_read(migrated: Path, small_disk: Path) -> None:
    database = _on(small_disk, migrated)
    async with at_the_edge(database, sends=False) as edge:
        assert await ready(edge) == all_but()
        database.engine.dispose()
        subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
        assert (await ready(edge))[1]["writer"] is False
        with pytest.raises(StorageError):
            await store(database, "meanwhile")
        subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
        assert await ready(edge) == all_but()
        await store(database, "after")
    assert stored(database) == {"after"}
    database.close()


def _on(disk: Path, migrated: Path) -> Database:
    (disk / "test.db").write_bytes(migrated.read_bytes())
    database = open_file(disk / "test.db")
    settle(database)
    return database


def _fill(disk: Path, edge: Edge) -> Path:
    """To the last byte, also what the database's own log has of room left over from before."""
    with edge.database.looking() as tx:
        tx.connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 1024)
    return filler
