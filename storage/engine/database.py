"""The database: one engine, transactions that lock at once, and one writer thread."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from sqlite3 import SQLITE_BUSY
from time import monotonic, sleep
from typing import Any, Concatenate, ParamSpec, TypeVar

import orjson
from sqlalchemy import Connection, Engine, Table, create_engine, event, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from followup.log.chain import LogEntry, Tip
from storage.engine.database_file import OpenedFile
from storage.engine.prepared import Prepared
from storage.engine.vault import Vault
from storage.engine.writer import TransactionLostError, Writer

P = ParamSpec("P")
T = TypeVar("T")
# Anything that goes wrong in the database: it is gone, locked, full, or not as it should be.
StorageError = SQLAlchemyError
READERS = 4
LONGEST_REST = 0.5
_OUTSIDE = "outside_any_transaction"


def is_busy(error: StorageError) -> bool:
    """Whether somebody else kept the database for so long that nothing was even begun."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return code is not None and code & 0xFF == SQLITE_BUSY


@dataclass(frozen=True)
class Transaction:
    """An open transaction, with the vault that seals what it stores.

    `log_tip` holds where the access log ends, once that has been read, and whether what signs it is right.
    `last` is done just before the commit, each once, whatever it was asked for.
    Where nothing can be written `unlogged` takes what is read, to be logged before it is shown.
    """

    connection: Connection
    vault: Vault
    log_tip: list[tuple[Tip, bool]] = field(default_factory=list)
    last: dict[str, Callable[["Transaction"], None]] = field(default_factory=dict)
    unlogged: list[LogEntry] | None = None


def insert_new(tx: Transaction, table: Table, **values: object) -> bool:
    """Inserts the row unless one with the same unique key is there already; true when it was new."""
    statement = _insert_new(table, tx.connection.dialect.name, tuple(values))
    return statement.changed(tx.connection, values) == 1


def insert_all(
    tx: Transaction, table: Table, rows: Sequence[Mapping[str, Any]], *, unless_there: bool = False
) -> None:
    """Inserts the rows, which name the same columns; `unless_there` all but those whose unique key is taken."""
    if not rows:
        return
    statement = insert(table)
    if unless_there:
        dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(table).on_conflict_do_nothing()
    tx.connection.execute(statement, [dict(row) for row in rows])


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
        self.file = OpenedFile(self.engine)
        self._writer = Writer(self.transaction, _apart)
        self._readers = ThreadPoolExecutor(max_workers=READERS, thread_name_prefix="reading")

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        self.file.demand()
        with self.engine.begin() as connection:
            transaction = Transaction(connection, self.vault)
            yield transaction
            for work in transaction.last.values():
                work(transaction)

    @contextmanager
    def piece(self) -> Iterator[Transaction]:
        """One of many transactions in a row, and a rest as long: else who waits for the database might wait for all."""
        with self.transaction() as transaction:
            began = monotonic()
            yield transaction
        sleep(min(monotonic() - began, LONGEST_REST))

    @contextmanager
    def looking(self) -> Iterator[Transaction]:
        """For reading outside any transaction: each statement sees what is stored when it is asked."""
        with self.engine.connect().execution_options(**{_OUTSIDE: True}) as connection:
            yield Transaction(connection, self.vault)

    async def run(
        self, work: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Runs the work on the writer thread, all of it or, when it raises, nothing; done when it is committed."""
        done: T = await self._writer.run(lambda transaction: work(transaction, *args, **kwargs))
        return done

    async def run_piece(
        self, work: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Like `piece`, on the writer thread: alone in its transaction, and then a rest for other processes."""

        def timed(transaction: Transaction) -> tuple[T, float]:
            began = monotonic()
            return work(transaction, *args, **kwargs), monotonic() - began

        done, lasted = await self._writer.run(timed, alone=True)
        await asyncio.sleep(min(lasted, LONGEST_REST))
        value: T = done
        return value

    async def read_beside(self, work: Callable[[Transaction], T]) -> T:
        """Runs work that only reads, in a thread of its own that waits for no writer."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    def _read(self, work: Callable[[Transaction], T]) -> T:
        with self.reading() as transaction:
            return work(transaction)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """For reading one moment, which nobody who writes waits for; the database refuses to write in it."""
        with (
            self.engine.connect().execution_options(only_reads=True) as connection,
            connection.begin(),
            _refusing_to_write(connection),
        ):
            yield Transaction(connection, self.vault, unlogged=[])

    def close(self) -> None:
        self._writer.close()
        self._readers.shutdown(wait=True)
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
    try:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
            dbapi_connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        # It never reaches the pool, so nobody else would close it.
        dbapi_connection.close()
        raise


@contextmanager
def _apart(transaction: Transaction) -> Iterator[None]:
    """A part of the transaction that is undone by itself when it raises."""
    cursor = transaction.connection.connection.cursor()
    cursor.execute("SAVEPOINT apart")
    log_ended = list(transaction.log_tip)
    try:
        yield
    except BaseException as error:
        # What the part logged is undone with it, and the next link follows the one before it.
        transaction.log_tip[:] = log_ended
        _undo(transaction, cursor, error)
        raise
    cursor.execute("RELEASE apart")


def _undo(transaction: Transaction, cursor: Any, error: BaseException) -> None:
    """A full disk, for one, ends the transaction, and what others did in it is gone with it."""
    try:
        cursor.execute("ROLLBACK TO apart")
        cursor.execute("RELEASE apart")
    except transaction.connection.dialect.loaded_dbapi.Error as lost:
        raise TransactionLostError(str(lost)) from error


@contextmanager
def _refusing_to_write(connection: Connection) -> Iterator[None]:
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        yield
        return
    connection.exec_driver_sql("PRAGMA query_only=ON")
    try:
        yield
    finally:
        # It is the connection's, and the next who gets it may write.
        connection.exec_driver_sql("PRAGMA query_only=OFF")


def _begin_immediate(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get(_OUTSIDE):
        connection.exec_driver_sql("BEGIN" if options.get("only_reads") else "BEGIN IMMEDIATE")
