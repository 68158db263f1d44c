"""What happened after a backup is told once, wherever the command that put it back was stopped."""

import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from shutil import copyfile
from socket import socket

import pytest

from services.backups.taking import take
from storage.engine.database import Database
from storage.engine.vault import Vault
from storage.log import restores
from storage.log.restores import Untold
from tests.support.stage import SAY
from tests.test_backup import NOW, everything, put_back, stopped, taken_before_a_signal
from tests.test_commands import Shell, filled, shell

pytestmark = pytest.mark.sqlite("lägger en fil i en annans ställe (test_dumps lägger tillbaka i PostgreSQL)")

__all__ = ["filled", "shell"]
DONE_TO_A_FILE = frozenset({"os.link", "os.remove", "os.rename", "shutil.copyfile", "sqlite3.connect"})
# Told of each before it is done, by Python itself, which never lets go of who is told.
WATCHERS: list[Callable[[], None]] = []


def _is_done(event: str, _: object) -> None:
    if event in DONE_TO_A_FILE:
        for watcher in list(WATCHERS):
            watcher()


sys.addaudithook(_is_done)


@contextmanager
def watched(watcher: Callable[[], None]) -> Iterator[None]:
    WATCHERS.append(watcher)
    try:
        yield
    finally:
        WATCHERS.remove(watcher)


class KilledError(BaseException):
    """Nothing more is done from there on, and nothing cleared away."""


def killed_before(number: int) -> Callable[[], None]:
    begun = count(1)

    def begin() -> None:
        if next(begun) >= number:
            raise KilledError

    return begin


def untold_in(target: Path, vault: Vault) -> list[Untold]:
    with closing(Database(f"sqlite:///{target}", vault)) as database, database.reading() as tx:
        return restores.untold(tx)


def signals(path: Path) -> int:
    return len(everything(path)["signal"])


def test_at_no_moment_is_there_no_database_for_a_bot_to_start_with(
    municipality: Database, tmp_path: Path
) -> None:
    backup = take(municipality, tmp_path / "copies", NOW, "the test")
    target = stopped(municipality)
    before, there = target.read_bytes(), [target.exists()]
    with watched(lambda: there.append(target.exists())):
        done = put_back(backup, target, municipality.vault)
    assert (len(there) > 3, all(there)) == (True, True)
    assert done.before is not None
    assert done.before.read_bytes() == before


def test_who_handed_in_since_is_told_wherever_it_was_killed_and_however_often(
    municipality: Database, tmp_path: Path
) -> None:
    backup = taken_before_a_signal(municipality, tmp_path)
    target, is_done, in_place = stopped(municipality), False, []
    for number in count(1):
        try:
            with watched(killed_before(number)):
                put_back(backup, target, municipality.vault)
            is_done = True
        except KilledError:
            pass
        in_place.append(signals(target) == signals(backup))
        told = [one.since.handed_in for one in untold_in(target, municipality.vault) if one.since is not None]
        assert told[:1] == ([{"Anna Test": 1}] if in_place[-1] else [])
        assert not any(told[1:])
        if is_done:
            break
    # It was killed both before it was in place and after that.
    assert (in_place[0], in_place[-2]) == (False, True)


def test_what_was_not_said_of_an_earlier_one_is_kept_also_where_the_program_is_a_newer_one_since(
    municipality: Database, tmp_path: Path
) -> None:
    backup = take(municipality, tmp_path / "copies", NOW, "the test")
    target = stopped(municipality)
    put_back(backup, target, municipality.vault)
    [first] = untold_in(target, municipality.vault)
    with closing(sqlite3.connect(target)) as older:
        older.execute("UPDATE alembic_version SET version_num = '0065'")
        older.commit()
    done = put_back(backup, target, municipality.vault)
    assert untold_in(target, municipality.vault) == [
        first,
        Untold(done.manifest.taken_at, str(done.before), None, done.in_doubt),
    ]


def test_what_a_killed_one_left_beside_its_copy_comes_into_no_other(
    municipality: Database, tmp_path: Path
) -> None:
    backup = take(municipality, tmp_path / "copies", NOW, "the test")
    target = stopped(municipality)
    coming = target.with_name(f"{target.name}.restoring")
    copyfile(backup, coming)
    left = coming.with_name(f"{coming.name}-wal")
    with closing(sqlite3.connect(coming)) as killed:
        killed.execute("PRAGMA journal_mode=WAL")
        killed.execute("UPDATE unit SET name = 'Ändrad'")
        killed.commit()
        was_there = left.read_bytes()
    left.write_bytes(was_there)
    put_back(backup, target, municipality.vault)
    assert everything(target)["unit"] == everything(backup)["unit"]


def test_what_could_not_be_said_is_asked_for_until_it_has_been(
    filled: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = filled.shows("backup", "--to", filled.directory / "copies")["path"]
    in_the_way = filled.directory / "var" / "gallringar.jsonl"
    in_the_way.mkdir()
    failed = filled.run("restore", backup)
    assert failed.exit_code == 1
    assert SAY("cli.restore.not_said", why="").partition("  ")[0] in failed.stderr
    checked = filled.run("check", "--json")
    [fault] = json.loads(checked.stdout)["faults"]
    assert (checked.exit_code, fault) == (3, SAY("check.untold", at=filled.now))
    with socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("UPPFOLJAREN_PORT", str(taken.getsockname()[1]))
        started = filled.run("serve", "--local")
    assert started.stderr.startswith(f"{fault} {SAY('cli.check.remedy.hear')}\n")
    in_the_way.rmdir()
    told = filled.run("restore")
    assert (told.exit_code, SAY("cli.restore.done", at=filled.now) in told.stdout) == (0, True)
    assert SAY("cli.restore.handed_in.none") in told.stdout
    assert filled.run("restore").stdout.strip() == SAY("cli.restore.all_said")
    assert filled.shows("check")["ok"]
