"""What stands in the way of the database is told in words, with what to do, by every command and of both databases."""

import asyncio
import errno
import json
import logging
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from importlib import import_module
from pathlib import Path

import psycopg.errors as server
import pytest
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from bot.clock import ManualClock
from bot.commands import command_line
from services.backups.taking import take
from storage.engine.database import Database, StorageError
from storage.engine.database_file import SwappedFileError
from storage.engine.faults import Fault, fault_of, word_of
from storage.engine.program_version import OutdatedProgramError
from storage.engine.writer import TransactionLostError
from storage.engine.writers import PerhapsStoredError
from tests.support.stage import SAY
from tests.test_commands import Shell, filled, for_real, shell
from tests.test_database_lost import NOW, small_disk

__all__ = ["filled", "for_real", "shell", "small_disk"]
ROOT = Path(__file__).parents[1]
of_a_full_disk = TransactionLostError("no such savepoint")
of_a_full_disk.__cause__ = OSError(errno.ENOSPC, "No space left on device")
RAISED: list[tuple[BaseException, Fault | None]] = [
    (OSError(errno.ENOSPC, "No space left on device"), "full"),
    (OSError(errno.EROFS, "Read-only file system"), "read_only"),
    (PermissionError(errno.EACCES, "Permission denied"), "read_only"),
    (FileNotFoundError(errno.ENOENT, "No such file"), None),
    (SwappedFileError("another"), "swapped"),
    (OutdatedProgramError("the database is newer"), "outdated"),
    (TransactionLostError("gone"), "lost"),
    (of_a_full_disk, "full"),
    (PendingRollbackError("roll it back"), "lost"),
    (PerhapsStoredError("server closed the connection"), "gone"),
    (NoConnectionError("all are taken"), "busy"),
    (InternalError("", None, server.InFailedSqlTransaction()), "lost"),
    (OperationalError("", None, server.LockNotAvailable()), "busy"),
    (OperationalError("", None, server.DeadlockDetected()), "busy"),
    (OperationalError("", None, server.TooManyConnections()), "gone"),
    (OperationalError("", None, server.InvalidPassword()), "gone"),
    (OperationalError("", None, server.ProgramLimitExceeded()), None),
    (OperationalError("", None, server.DiskFull()), "full"),
    (OperationalError("", None, server.ReadOnlySqlTransaction()), "read_only"),
    (OperationalError("", None, server.DataCorrupted()), "damaged"),
    (OperationalError("", None, server.AdminShutdown()), "gone"),
    (
        OperationalError("", None, psycopg_lost := server.OperationalError("connection refused\n\tIs it?")),
        "gone",
    ),
    (IntegrityError("", None, server.UniqueViolation()), None),
]


@pytest.mark.parametrize(("error", "fault"), RAISED)
def test_what_each_database_and_the_system_say_is_one_word(error: BaseException, fault: Fault | None) -> None:
    assert fault_of(error) == fault


def test_whatever_the_storage_raises_has_a_word_or_somebody_who_answers_for_it() -> None:
    raised = {one for one in _classes_of(ROOT / "storage") if issubclass(one, Exception)}
    caught = _caught_in(*(ROOT / one for one in ("bot", "services", "storage")))
    assert len(raised) >= 9
    for one in raised:
        words = {SAY(f"cli.fault.{fault_of(one('why'))}", why="")} if issubclass(one, StorageError) else set()
        assert words or one.__name__ in caught, one


def _classes_of(package: Path) -> Iterator[type]:
    for file in package.rglob("*.py"):
        if "migrations" not in file.parts and "Error(" in (text := file.read_text("utf-8")):
            module = import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
            yield from (
                getattr(module, name) for name in re.findall(r"^class (\w+Error)\(", text, re.MULTILINE)
            )


def _caught_in(*packages: Path) -> set[str]:
    texts = (file.read_text("utf-8") for package in packages for file in package.rglob("*.py"))
    return {
        name
        for text in texts
        for line in re.findall(r"except (.+):", text)
        for name in re.findall(r"\w+", line)
    }


def test_its_own_word_is_one_line() -> None:
    assert word_of(OperationalError("select 1", None, psycopg_lost)) == "connection refused"


def _full(read: sqlite3.Connection) -> None:
    read.execute("PRAGMA max_page_count=1")
    read.execute("CREATE TABLE large (number)")


def _locked(read: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(_path(read), timeout=0)) as other:
        read.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")


def _only_read(read: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(f"file:{_path(read)}?mode=ro", uri=True)) as other:
        other.execute("CREATE TABLE large (number)")


def _damaged(read: sqlite3.Connection) -> None:
    path = Path(_path(read)).with_name("none")
    path.write_text("inte en databas" * 100)
    with closing(sqlite3.connect(path)) as other:
        other.execute("SELECT * FROM sqlite_master")


def _gone(read: sqlite3.Connection) -> None:
    sqlite3.connect(Path(_path(read)).parent / "no folder" / "x.db")


def _wrong(read: sqlite3.Connection) -> None:
    read.execute("SELECT * FROM no_such_table")


def _path(read: sqlite3.Connection) -> str:
    return str(read.execute("PRAGMA database_list").fetchone()[2])


@pytest.mark.parametrize(
    ("stands", "fault"),
    [
        (_full, "full"),
        (_locked, "busy"),
        (_only_read, "read_only"),
        (_damaged, "damaged"),
        (_gone, "gone"),
        (_wrong, None),
    ],
)
def test_of_a_file_it_is_what_sqlite_says(
    tmp_path: Path, stands: Callable[[sqlite3.Connection], None], fault: Fault | None
) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as read:
        read.execute("CREATE TABLE small (number)")
        with pytest.raises(sqlite3.Error) as raised:
            stands(read)
        assert fault_of(raised.value) == fault


@contextmanager
def _read_only(disk: Path) -> Iterator[None]:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    yield
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)


@pytest.mark.sqlite("handlar om databasens fil")
@pytest.mark.parametrize("command", ["wake", "round", "outbox", "backup --to x", "check", "migrate"])
def test_on_a_disk_that_is_only_read_a_command_says_so(
    shell: Shell, small_disk: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    file = small_disk / "bot.db"
    file.write_bytes(shell.database.read_bytes())
    monkeypatch.setenv("UPPFOLJAREN_DATABASE_URL", f"sqlite:///{file}")
    with _read_only(small_disk):
        found = shell.run(*command.split())
    assert (found.exit_code, type(found.exception)) == (3, SystemExit)
    told = {SAY(f"cli.fault.{fault}", why="").partition(":")[0] for fault in ("read_only", "gone")}
    assert found.stderr.partition(":")[0] in told


@pytest.mark.parametrize("command", ["wake", "check", "migrate"])
def test_where_the_programs_own_folder_cannot_be_a_command_says_so(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("UPPFOLJAREN_DATABASE_URL", f"sqlite:///{shell.database}")
    monkeypatch.setenv("UPPFOLJAREN_VAR", str(shell.database / "no folder"))
    found = shell.run(command)
    assert (found.exit_code, type(found.exception)) == (3, SystemExit)
    assert found.stderr.startswith(SAY("cli.fault.gone", why="").partition(":")[0])


@pytest.mark.sqlite("handlar om databasens fil")
def test_half_a_backup_does_not_keep_a_disk_full(municipality: Database, small_disk: Path) -> None:
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    filler.write_bytes(b"x" * (filler.stat().st_size - 200_000))
    with pytest.raises(sqlite3.OperationalError) as raised:
        take(municipality, small_disk / "copies", NOW, "the test")
    assert fault_of(raised.value) == "full"
    assert {path.name for path in (small_disk / "copies").iterdir()} == {".taking"}


class GoesAway(ManualClock):
    """The second time that it is asked while the bot runs, which is in its first wake, the file is deleted."""

    def __init__(self, file: Path) -> None:
        super().__init__(NOW)
        self._file, self._asked = file, 0

    def __call__(self) -> datetime:
        with suppress(RuntimeError):
            asyncio.get_running_loop()
            self._asked += 1
            if self._asked == 2:
                self._file.unlink()
        return super().__call__()


@pytest.fixture
def own_log() -> Iterator[None]:
    """The running bot's is written in the place of whatever there was, which would be closed."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    root.handlers.clear()
    yield
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.usefixtures("own_log")
def test_a_start_whose_database_goes_away_says_where_and_what_to_do_in_the_log_and_on_the_terminal(
    for_real: Shell, schema_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(schema_file, for_real.database)
    for name in ("PORT", "METRICS_PORT"):
        monkeypatch.setenv(f"UPPFOLJAREN_{name}", "0")
    found = for_real.runner.invoke(command_line(GoesAway(for_real.database)), ["serve"])
    assert found.exit_code == 3
    assert found.stderr.startswith(SAY("cli.fault.swapped", why="").partition("(")[0])
    *_, last = [json.loads(line) for line in found.stdout.splitlines()]
    assert f"could not be used, sqlite:///{for_real.database} (swapped: " in last["event"]
    assert last["event"].endswith("see to that and start it again")
