"""The database: one engine, transactions that lock at once, and one writer thread."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Concatenate, ParamSpec, TypeVar

import orjson
from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from storage.prepared import Prepared
from storage.vault import Vault

P = ParamSpec("P")
T = TypeVar("T")
# Anything that goes wrong in the database: it is gone, locked, full, or not as it should be.
StorageError = SQLAlchemyError


@dataclass(frozen=True)
class Transaction:
    """An open transaction, with the vault that seals what it stores."""

    connection: Connection
    vault: Vault


def insert_new(tx: Transaction, table: Table, **values: object) -> bool:
    """Inserts the row unless one with the same unique key is there already; true when it was new."""
    statement = _insert_new(table, tx.connection.dialect.name, tuple(values))
    return statement.changed(tx.connection, values) == 1


@cache
def _insert_new(table: Table, dialect: str, _columns: tuple[str, ...]) -> Prepared:
    if dialect == "postgresql":
        return Prepared(postgresql.insert(table).on_conflict_do_nothing())
    return Prepared(sqlite.insert(table).on_conflict_do_nothing())


class Database:
    """Every transaction begins IMMEDIATE on SQLite, so that what is decided is decided by one at a time."""

    def __init__(self, url: str, vault: Vault) -> None:
        self.url = url
        self.vault = vault
        self.engine = open_engine(url)
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="storage")

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self.engine.begin() as connection:
            yield Transaction(connection, self.vault)

    async def run(
        self, work: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Runs the work in one transaction on the writer thread; a raise rolls all of it back."""

        def in_transaction() -> T:
            with self.transaction() as transaction:
                return work(transaction, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._writer, in_transaction)

    def close(self) -> None:
        self._writer.shutdown(wait=True)
        self.engine.dispose()


def open_engine(url: str) -> Engine:
    # An error says nothing of what was to be stored, since errors are logged.
    engine = create_engine(
        url,
        hide_parameters=True,
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(dbapi_connection: Any, _record: object) -> None:
    # pysqlite's own transactions start late and lose updates; ours start at BEGIN IMMEDIATE below.
    dbapi_connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        dbapi_connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
