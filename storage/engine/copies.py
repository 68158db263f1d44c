"""Copies of the whole database while it is in use, and looking into one without changing it."""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from pathlib import Path

from sqlalchemy import func, inspect, make_url, select, table

from storage.engine.database import Database, Transaction
from storage.engine.database_file import opened_to_lock
from storage.engine.vault import Vault

# What SQLite keeps beside its file: with another file in its place they would be taken for that one's.
BESIDE = ("-wal", "-shm", "-journal")


class InUseError(Exception):
    """Somebody has the database open, or is putting another in its place."""


def is_embedded(url: str) -> bool:
    """Whether the database is a file of ours and not a server's."""
    return url.startswith("sqlite")


def file_of(url: str) -> Path:
    """Where an embedded database is kept."""
    name = make_url(url).database
    assert name is not None
    return Path(name)


@contextmanager
def in_use(path: Path, *, alone: bool = False) -> Iterator[None]:
    """Held together with others who use the database, or `alone`; let go by the system itself when a process dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with opened_to_lock(path.with_name(f"{path.name}.open")) as held:
        try:
            flock(held, (LOCK_EX if alone else LOCK_SH) | LOCK_NB)
        except BlockingIOError:
            raise InUseError from None
        yield


def copy(source: Path, to: Path) -> None:
    """As it is at one moment; who writes waits for nothing. The copy is one file, and only its owner reads it."""
    to.touch(mode=0o600, exist_ok=False)
    of = f"{source.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(of, uri=True)) as read, closing(sqlite3.connect(to)) as written:
        read.backup(written)
        # In one file, with nothing beside it.
        written.execute("PRAGMA journal_mode=DELETE")
    secure(to)


def secure(path: Path) -> None:
    """What is in the file, and its name, survive that the machine stops."""
    for one in (path, path.parent):
        with _opened(one) as number:
            os.fsync(number)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    number = os.open(path, os.O_RDONLY)
    try:
        yield number
    finally:
        os.close(number)


@contextmanager
def only_read(path: Path, vault: Vault) -> Iterator[Database]:
    """A copy that nobody writes to, as it stands: nothing is locked, and nothing comes to lie beside it."""
    url = f"sqlite:///{path.absolute().as_uri()}?mode=ro&immutable=1&uri=true"
    with closing(Database(url, vault)) as database:
        yield database


def faults_in_file(tx: Transaction) -> list[str]:
    """In the database's own words; empty when it is whole."""
    found = tx.connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars().all()
    orphans = tx.connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [one for one in found if one != "ok"] + [f"foreign key: {row[0]} {row[1]}" for row in orphans[:20]]


def own_tables(tx: Transaction) -> list[str]:
    """But for the queue engine's, which are in a schema of their own."""
    looked = inspect(tx.connection)
    return looked.get_table_names(schema=looked.default_schema_name)


def counts(tx: Transaction) -> Mapping[str, int]:
    """How many rows each table has, whatever version of the program made it."""
    return {
        name: tx.connection.execute(select(func.count()).select_from(table(name))).scalar_one()
        for name in sorted(own_tables(tx))
    }
