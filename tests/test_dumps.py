"""A backup of PostgreSQL by its own program: of one moment, with its manifest, and put back into an empty database."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from bot.opening import wrong_schema
from services.backups.manifest import Manifest, complete, digest, manifest_of
from services.backups.restoring import RefusedBackupError, restore
from services.backups.taking import take
from services.log.log_verification import faults_in_log
from storage.engine import copies, dumps, moving, schema
from storage.engine.database import Database
from storage.engine.dumps import ProgramError
from storage.engine.vault import Vault, new_key
from storage.log import access_log, log_chain, restores
from storage.log.restores import Untold
from tests.support.builders import at
from tests.support.municipality import settle
from tests.support.reused import Reused
from tests.support.stage import SAY
from tests.test_commands import Shell
from tests.test_move import empty_url

__all__ = ["empty_url"]
NOW = at("2026-11-04 10:00")
LATER = at("2026-11-04 15:00")


@pytest.fixture
def lived_in(on_postgresql: Database) -> Database:
    settle(on_postgresql)
    with on_postgresql.transaction() as tx:
        log_chain.begin(tx, NOW)
    return on_postgresql


@pytest.fixture
def backup(lived_in: Database, tmp_path: Path) -> Path:
    return take(lived_in, tmp_path / "copies", NOW, "the test")


def test_it_says_what_it_holds_and_only_its_owner_reads_it(lived_in: Database, backup: Path) -> None:
    said = Manifest.read(manifest_of(backup))
    with lived_in.reading() as tx:
        assert said.tables == copies.counts(tx)
        assert (said.log_entries, said.log_head) == access_log.head(tx)
    assert (backup.name, said.schema) == ("uppfoljaren-20261104T090000Z.dump", schema.newest())
    assert {path.stat().st_mode & 0o777 for path in (backup, manifest_of(backup))} == {0o600}
    assert [file for file, _ in complete(backup.parent)] == [backup]


def test_it_is_put_back_into_an_empty_database_and_goes_on_there(
    lived_in: Database, backup: Path, empty_url: str
) -> None:
    done = restore(empty_url, lived_in.vault, backup, LATER, "the test")
    with closing(Database(empty_url, lived_in.vault)) as again:
        assert schema.drift(again) == []
        with again.reading() as tx:
            assert [one for one in faults_in_log(tx) if one.id != "check.log.late"] == []
            # That it was put back is logged in its own log.
            assert access_log.head(tx)[0] == done.manifest.log_entries + 1
            assert copies.counts(tx)["placement"] == done.manifest.tables["placement"] > 0


def test_a_database_with_anything_in_it_is_left_as_it_is(lived_in: Database, backup: Path) -> None:
    assert refused(lived_in.url, lived_in.vault, backup) == ["restore.not_empty"]


def test_a_file_that_is_not_as_it_was_written_is_refused(
    lived_in: Database, backup: Path, empty_url: str
) -> None:
    with backup.open("ab") as file:
        file.write(b"more")
    assert refused(empty_url, lived_in.vault, backup) == ["restore.damaged"]
    assert nothing_in(empty_url, lived_in.vault)


def test_another_key_is_refused_before_anything_is_written(
    lived_in: Database, backup: Path, empty_url: str
) -> None:
    assert refused(empty_url, Vault([new_key()]), backup) == ["restore.wrong_key"]
    assert nothing_in(empty_url, lived_in.vault)


def test_a_copy_that_holds_less_than_it_says_is_no_database_to_start_with(
    lived_in: Database, backup: Path, empty_url: str
) -> None:
    said = manifest_of(backup)
    said.write_text(re.sub(r'"placement": \d+', '"placement": 99', said.read_text("utf-8")), encoding="utf-8")
    assert refused(empty_url, lived_in.vault, backup) == ["restore.count"]
    with closing(Database(empty_url, lived_in.vault)) as there:
        assert wrong_schema(schema.current(there)) == SAY("cli.not_as_said")
        assert not schema.is_known(schema.current(there))
        with pytest.raises(moving.NotEmptyError):
            moving.begin(there)


class KilledError(Exception):
    """The process is ended just before this transaction."""


@contextmanager
def killed_before(number: int) -> Iterator[list[int]]:
    """Before the transaction of that number from here on, of any that stores or only reads; tells how many began."""
    begun: list[int] = []

    def begin(_: object) -> None:
        begun.append(len(begun) + 1)
        if len(begun) == number:
            raise KilledError

    event.listen(Engine, "begin", begin)
    try:
        yield begun
    finally:
        event.remove(Engine, "begin", begin)


def test_a_restore_that_is_killed_anywhere_starts_no_program_until_it_has_been_run_again(
    lived_in: Database, backup: Path, tmp_path: Path, empty_url: str
) -> None:
    other = tmp_path / "copies" / "other.dump"
    other.write_bytes(backup.read_bytes() + b"more")
    said = replace(Manifest.read(manifest_of(backup)), sha256=digest(other), file=other.name)
    manifest_of(other).write_bytes(said.written())
    told, number = list[str | None](), 0
    while True:
        number += 1
        try:
            with killed_before(number):
                done = restore(empty_url, lived_in.vault, backup, LATER, "the test")
        except KilledError:
            with closing(Database(empty_url, lived_in.vault)) as there:
                told.append(wrong_schema(schema.current(there)))
                is_there = not _is_empty(there)
            if is_there:
                assert refused(empty_url, lived_in.vault, other) == ["restore.another"]
        else:
            break
    # Who was to be told may have been killed after that: it is done, and is not told of yet.
    assert restore(empty_url, lived_in.vault, backup, LATER, "the test") == done
    # Before it looks at the database, and before it says there that it is under way.
    assert told == [SAY("cli.schema.empty")] * 2 + [SAY("cli.being_restored")] * (number - 3)
    with closing(Database(empty_url, lived_in.vault)) as again:
        assert (schema.drift(again), wrong_schema(schema.current(again))) == ([], None)
        with again.reading() as tx:
            assert access_log.head(tx)[0] == Manifest.read(manifest_of(backup)).log_entries + 1
            assert restores.untold(tx) == [Untold(done.manifest.taken_at, None, None, done.in_doubt)]


def _is_empty(database: Database) -> bool:
    with database.reading() as tx:
        return dumps.is_empty(tx)


def test_a_copy_of_another_kind_of_database_is_refused(
    lived_in: Database, backup: Path, tmp_path: Path
) -> None:
    assert refused(f"sqlite:///{tmp_path / 'a.db'}", lived_in.vault, backup) == ["restore.other_database"]
    assert refused(lived_in.url, lived_in.vault, tmp_path / "a.db") == ["restore.other_database"]


def test_where_the_program_is_not_installed_that_is_said(
    lived_in: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ProgramError, match="pg_dump"):
        take(lived_in, tmp_path / "copies", NOW, "the test")
    assert complete(tmp_path / "copies") == []


def test_the_commands(
    lived_in: Database, reused: Reused, empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell, copied = Shell(tmp_path), tmp_path / "copies"
    key = new_key()
    values = {"APP_ID": "app", "APP_PASSWORD": "secret", "TENANT_ID": "tenant", "KEYS": key}
    for name, value in {**values, "DATABASE_URL": empty_url, "VAR": str(tmp_path)}.items():
        monkeypatch.setenv(f"UPPFOLJAREN_{name}", value)
    assert shell.run("migrate").exit_code == 0
    taken = shell.shows("backup", "--to", copied)
    assert shell.run("check", "--copy", taken["path"]).exit_code == 2
    assert shell.run("restore", taken["path"]).exit_code == 3
    reused.cluster.drop("moved_into")
    reused.cluster.create("moved_into")
    with monkeypatch.context() as uninstalled:
        uninstalled.setenv("PATH", str(tmp_path))
        failed = shell.run("restore", taken["path"])
    why = "pg_restore: postgresql-client."
    assert (failed.exit_code, failed.stderr.strip()) == (1, SAY("cli.restore.failed", why=why))
    done = shell.run("restore", taken["path"])
    assert done.exit_code == 0, done.output
    checked = shell.run("check")
    assert checked.exit_code == 0, checked.output


def refused(url: str, vault: Vault, backup: Path) -> list[str]:
    with pytest.raises(RefusedBackupError) as why:
        restore(url, vault, backup, LATER, "the test")
    return [one.id for one in why.value.problems]


def nothing_in(url: str, vault: Vault) -> bool:
    with closing(Database(url, vault)) as there:
        return schema.current(there) is None
