"""An embedded installation is moved into PostgreSQL: all of it, the same row by row, or none of it."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from bot.opening import wrong_schema
from followup.log.subject import What
from services.backups import moving as move_service
from services.backups.manifest import stamp_of
from services.backups.moving import Moved
from services.backups.restoring import RefusedBackupError
from services.log.log_verification import faults_in_log
from storage.engine import moving, schema
from storage.engine.copies import InUseError, in_use
from storage.engine.database import Database
from storage.engine.tables import access_log as entries
from storage.engine.tables import person, report
from storage.engine.vault import Vault, new_key
from storage.log import access_log
from storage.log.log_guards import missing_guards
from tests.support.builders import at
from tests.support.reused import Reused
from tests.support.stage import SAY
from tests.support.turns import october
from tests.test_backup import path_of
from tests.test_commands import Shell, filled, shell

pytestmark = pytest.mark.sqlite("flyttar en fil till PostgreSQL och har båda")

__all__ = ["filled", "shell"]
NOW = at("2026-11-04 10:00")


@pytest.fixture
def empty_url(reused: Reused) -> Iterator[str]:
    """A database of PostgreSQL's with nothing in it."""
    reused.cluster.create("moved_into")
    yield reused.cluster.url("moved_into")
    reused.cluster.drop("moved_into")


@pytest.fixture
def target(empty_url: str, on_sqlite: Database) -> Iterator[Database]:
    with closing(Database(empty_url, on_sqlite.vault)) as opened:
        yield opened


@pytest.fixture
def file(municipality: Database) -> Path:
    """A stopped installation with October asked about, one report in, and an alert."""
    anna = october(municipality).client("anna").look()
    anna.press(SAY("list.send"), {f"normal{anna.chat.task('AKT-1').id}": "true"})
    municipality.close()
    return path_of(municipality)


def move(file: Path, target: Database) -> Moved:
    return move_service.move(f"sqlite:///{file}", target, target.vault, NOW, "Karin", lambda *_: None)


def rows_planned_for(database: Database, table: str) -> int:
    """-1 where PostgreSQL has not looked at it."""
    with database.reading() as tx:
        asked = text("select reltuples from pg_class where relname = :table")
        return int(tx.connection.scalar(asked, {"table": table}) or 0)


def test_all_rows_are_there_and_the_log_goes_on(file: Path, target: Database) -> None:
    with closing(Database(f"sqlite:///{file}", target.vault)) as source, source.reading() as here:
        counted = {table.name: moving.rows_in(here, table) for table in moving.tables()}
        faults = list(faults_in_log(here))
    moved = move(file, target)
    with target.reading() as there:
        found = {table.name: moving.rows_in(there, table) for table in moving.tables()}
        assert list(faults_in_log(there)) == faults
        assert missing_guards(there) == []
        assert access_log.head(there)[0] == counted["access_log"] + 1
    # Its own entry, and what marks the chain's end.
    assert {name: found[name] for name in found if not name.startswith(("access_log", "log_"))} == {
        name: counted[name] for name in counted if not name.startswith(("access_log", "log_"))
    }
    assert moved.rows == sum(counted.values())
    assert schema.current(target) == schema.newest()
    assert schema.drift(target) == []
    assert rows_planned_for(target, "placement") == counted["placement"] > 0
    assert (file.exists(), moved.before.exists()) == (False, True)


def test_work_goes_on_there_with_new_numbers(file: Path, target: Database) -> None:
    move(file, target)
    with target.transaction() as tx:
        values = tx.connection.execute(select(person).limit(1)).mappings().one()
        changed = {**values, "key": "new", "teams_id": None}
        del changed["id"]
        known = tx.connection.scalar(select(func.max(person.c.id)))
        new = tx.connection.execute(person.insert().values(changed)).inserted_primary_key
    assert new is not None
    assert new[0] == known + 1


def test_one_that_was_interrupted_goes_on_where_it_was(
    file: Path, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "PIECE", 3)
    url = f"sqlite:///{file}"

    def ended(done: int, of_all: int) -> None:
        if done > of_all // 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move_service.move(url, target, target.vault, NOW, "Karin", ended)
    assert file.exists()
    assert wrong_schema(schema.current(target)) is not None
    first: list[int] = []
    in_the_way = file.with_name(f"{file.name}.moved-{stamp_of(NOW)}")
    in_the_way.mkdir()
    # All of it is there, and then it ends before the file has its other name.
    with pytest.raises(IsADirectoryError):
        move_service.move(url, target, target.vault, NOW, "Karin", lambda done, _: first.append(done))
    in_the_way.rmdir()
    done = move_service.move(url, target, target.vault, NOW, "Karin", lambda *_: None)
    assert (done.before.exists(), file.exists()) == (True, False)
    with target.reading() as tx:
        moves = entries.c.subject == str(What.MOVED.of())
        assert tx.connection.scalar(select(func.count()).where(moves)) == 1
    # What was there already counts as done.
    assert first[0] > 3
    assert schema.current(target) == schema.newest()


def test_a_row_that_is_another_there_stops_it_and_the_file_still_holds(
    file: Path, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{file}"

    def changed_meanwhile(done: int, of_all: int) -> None:
        if done == of_all // 2:
            with target.at_any_version() as tx:
                tx.connection.execute(update(report).values(version=9))

    with pytest.raises(RefusedBackupError) as refused:
        move_service.move(url, target, target.vault, NOW, "Karin", changed_meanwhile)
    assert refused.value.problems[0].id == "move.differs"
    assert file.exists()
    assert schema.current(target) == schema.being_moved()


def test_a_database_that_is_in_use_is_not_moved_into(file: Path, on_postgresql: Database) -> None:
    with on_postgresql.transaction() as tx:
        access_log.record(tx, "read", What.DIGEST.of(), NOW, records=0, stranger="x")
    with pytest.raises(RefusedBackupError) as refused:
        move(file, on_postgresql)
    assert refused.value.problems[0].id == "move.not_empty"


def test_one_with_other_tables_is_not_moved_into(file: Path, target: Database) -> None:
    with target.engine.begin() as connection:
        connection.execute(text("create table another (number integer)"))
    with pytest.raises(RefusedBackupError) as refused:
        move(file, target)
    assert refused.value.problems[0].id == "move.not_empty"
    assert schema.current(target) is None


def test_one_that_two_replicas_migrated_at_once_and_never_used_may_be(file: Path, target: Database) -> None:
    with ThreadPoolExecutor(2) as replicas:
        list(replicas.map(schema.migrate, (target, target)))
    assert move(file, target).rows


def test_a_bot_that_has_it_open_must_be_stopped_first(file: Path, target: Database) -> None:
    with in_use(file), pytest.raises(InUseError):
        move(file, target)


def test_another_key_is_refused(file: Path, empty_url: str) -> None:
    with (
        closing(Database(empty_url, Vault([new_key()]))) as target,
        pytest.raises(RefusedBackupError) as refused,
    ):
        move(file, target)
    assert refused.value.problems[0].id == "move.wrong_key"


def test_people_who_refer_to_one_with_a_later_number_are_moved_too(
    municipality: Database, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "PIECE", 1)
    with municipality.transaction() as tx:
        last = tx.connection.scalar(select(func.max(person.c.id)))
        tx.connection.execute(update(person).where(person.c.id != last).values(manager_id=last))
    municipality.close()
    move(path_of(municipality), target)
    with target.reading() as tx:
        managers = set(tx.connection.scalars(select(person.c.manager_id).where(person.c.id != last)))
    assert managers == {last}


def test_the_command_moves_and_says_what_is_next(
    filled: Shell, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(filled.database)) as read:
        named = "select name from sqlite_master where type = 'table' and name <> 'alembic_version'"
        numbers = [
            read.execute(f"select count(*) from {name}").fetchone()[0] for (name,) in read.execute(named)
        ]
    done = filled.run("move", "--to", empty_url)
    assert done.exit_code == 0, done.output
    told = SAY("cli.move.done", rows=sum(numbers), tables=len(numbers), path="")
    assert told.partition(" flyttade")[0] in " ".join(done.stdout.split())
    assert "UPPFOLJAREN_DATABASE_URL" in done.stdout
    again = filled.run("move", "--to", empty_url)
    assert again.exit_code == 3
    monkeypatch.setenv("UPPFOLJAREN_DATABASE_URL", empty_url)
    checked = filled.run("check")
    assert checked.exit_code == 0, checked.output
    already = filled.run("move", "--to", empty_url)
    assert already.exit_code == 2


@pytest.mark.parametrize("to", ["sqlite:///other.db", "postgresql://host/name", "nowhere", ""])
def test_only_postgresql_can_be_moved_to(filled: Shell, to: str) -> None:
    refused = filled.run("move", "--to", to)
    assert (refused.exit_code, "postgresql+psycopg" in refused.stderr) == (2, True)
    assert filled.database.exists()
