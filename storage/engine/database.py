"""The database: one engine, its transactions, and the threads that they are done on."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from time import monotonic, sleep
from types import ModuleType
from typing import Any, Concatenate, ParamSpec, TypeVar

import orjson
from sqlalchemy import Connection, Engine, Insert, Table, event, insert, make_url
from sqlalchemy.dialects.sqlite import insert as insert_in_sqlite
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from followup.log.chain import LogEntry
from storage.engine import sqlite
from storage.engine.database_file import OpenedFile
from storage.engine.lock_order import Held, place, warn_of_disorder
from storage.engine.prepared import Prepared
from storage.engine.program_version import ProgramVersion
from storage.engine.vault import Vault
from storage.engine.writer import TransactionLostError, Writer
from storage.engine.writers import Writers, begun_again

P = ParamSpec("P")
T = TypeVar("T")
# Anything that goes wrong in the database: it is gone, locked, full, or not as it should be.
StorageError = SQLAlchemyError
READERS = 4
LONGEST_REST = 0.5
_OPTIONS: Mapping[str, Any] = {
    "hide_parameters": True,
    "json_serializer": lambda value: orjson.dumps(value).decode(),
    "json_deserializer": orjson.loads,
}


@dataclass(frozen=True)
class Owed:
    """A row of the ledger to deliver, by its key or its id; `left` where a job should have delivered it and did not."""

    row: str | int
    wait: timedelta
    urgent: bool = False
    left: bool = False


@dataclass(frozen=True)
class Transaction:
    """An open transaction, with the vault that seals what it stores.

    `to_log` are links of the access log that are yet to be written; `last` is done just before the commit, each once.
    `owed` is given to the queue engine before that, where there is one. `held` are its locks, as they were taken.
    `let_go` is called when they are let go of, be the commit on the disk or not.
    `later` is what takes a lock that comes late, by the lock: done in their order when the rest of the work has been.
    `grown` are tables that have got so much that what is asked of them would be looked for row by row until it is seen.
    Where nothing can be written `unlogged` takes what is read, to be logged before it is shown.
    """

    connection: Connection
    vault: Vault
    to_log: list[LogEntry] = field(default_factory=list)
    last: dict[str, Callable[["Transaction"], None]] = field(default_factory=dict)
    unlogged: list[LogEntry] | None = None
    owed: list[Owed] = field(default_factory=list)
    held: dict[Held, None] = field(default_factory=dict)
    let_go: list[Callable[[], None]] = field(default_factory=list)
    later: dict[Held, Callable[["Transaction"], None]] = field(default_factory=dict)
    grown: set[str] = field(default_factory=set)


def do_later(tx: Transaction) -> None:
    for lock in sorted(tx.later, key=place):
        tx.later.pop(lock)(tx)


@contextmanager
def in_lock_order(tx: Transaction) -> Iterator[None]:
    """One piece of work, on SQLite beside others in a transaction: warned of where it may meet another's locks."""
    tx.held.clear()
    try:
        yield
        do_later(tx)
    finally:
        # Of work that was undone nothing is left to do when the transaction ends.
        tx.later.clear()
    warn_of_disorder(tx.held)


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
    statement = insert_or_leave(tx, table) if unless_there else insert(table)
    tx.connection.execute(statement, [dict(row) for row in rows])


def insert_or_leave(tx: Transaction, table: Table) -> Insert:
    """An insert that leaves out each row whose unique key is taken."""
    return _insert_or_leave(table, tx.connection.dialect.name)


def _insert_or_leave(table: Table, dialect: str) -> Insert:
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as insert_in_postgresql

        return insert_in_postgresql(table).on_conflict_do_nothing()
    return insert_in_sqlite(table).on_conflict_do_nothing()


@cache
def _insert_new(table: Table, dialect: str, _columns: tuple[str, ...]) -> Prepared:
    return Prepared(_insert_or_leave(table, dialect))


class Database:
    """What is decided is decided by one at a time: on SQLite of everything, on PostgreSQL of what a lock is held on."""

    def __init__(self, url: str, vault: Vault) -> None:
        self.url = url
        self.vault = vault
        self.engine = open_engine(url)
        self._spoken_to = _spoken_to(self.engine.dialect.name)
        self.reading_engine: Engine = self._spoken_to.open_reading(self.engine, _OPTIONS)
        self.file = OpenedFile(self.engine, self.reading_engine)
        self._version = ProgramVersion()
        self._writer: Writer[Transaction] | Writers[Transaction] = (
            Writer(self.transaction, _apart)
            if self._spoken_to is sqlite
            else Writers(self.transaction, self._spoken_to.passes)
        )
        self._left: list[Connection] = []
        event.listen(self.engine, "engine_disposed", self._leave_none)
        self._readers = ThreadPoolExecutor(max_workers=READERS, thread_name_prefix="reading")

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Raises OutdatedProgramError where the database is no longer at the program's version."""
        with self.at_any_version() as transaction:
            self._version.demand(transaction.connection)
            yield transaction

    @contextmanager
    def at_any_version(self) -> Iterator[Transaction]:
        """A transaction of what is being made or put back, or of what has been done and cannot be undone."""
        self.file.demand()
        with self._connected() as connection:
            transaction = Transaction(connection, self.vault)
            with connection.begin():
                yield transaction
                do_later(transaction)
                self._spoken_to.hand_over(transaction)
                for work in transaction.last.values():
                    work(transaction)
                self._spoken_to.demand_whole(connection)
            for let_go in transaction.let_go:
                let_go()
            if transaction.last:
                self._spoken_to.make_lasting(connection)
            if transaction.grown:
                self._spoken_to.take_stock(connection, sorted(transaction.grown))

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """The connection that the transaction before has left, where there is one."""
        try:
            connection = self._left.pop()
        except IndexError:
            connection = self.engine.connect()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        if self._spoken_to is sqlite:
            self._left.append(connection)
        else:
            connection.close()

    def _leave_none(self, _: Engine) -> None:
        """The pool that it was of has been given up."""
        while self._left:
            connection = self._left.pop()
            connection.invalidate()
            connection.close()

    @property
    def has_queue(self) -> bool:
        """Whether what is owed is given to a queue engine, whose workers take it."""
        return bool(self._spoken_to.HAS_QUEUE)

    @contextmanager
    def piece(self) -> Iterator[Transaction]:
        """One of many transactions in a row, and a rest as long: else who waits for the database might wait for all."""
        with self.transaction() as transaction:
            began = monotonic()
            with in_lock_order(transaction):
                yield transaction
        sleep(min(monotonic() - began, LONGEST_REST))

    @contextmanager
    def looking(self) -> Iterator[Transaction]:
        """For reading outside any transaction: each statement sees what is stored when it is asked."""
        with self.engine.connect().execution_options(**self._spoken_to.LOOKING) as connection:
            yield Transaction(connection, self.vault)

    def take_stock(self) -> None:
        """After much has been put in at once: until it has been seen, what is asked could be looked for row by row."""
        with self.looking() as looking:
            self._spoken_to.take_stock(looking.connection, [])

    async def run(
        self, work: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Runs the work on a thread that writes, all of it or, when it raises, nothing; done when it is committed."""

        def ordered(transaction: Transaction) -> T:
            with in_lock_order(transaction):
                return work(transaction, *args, **kwargs)

        done: T = await self._writer.run(ordered)
        return done

    async def run_piece(
        self, work: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Like `piece`, on a thread that writes: alone in its transaction, and then a rest for other processes."""

        def timed(transaction: Transaction) -> tuple[T, float]:
            began = monotonic()
            with in_lock_order(transaction):
                return work(transaction, *args, **kwargs), monotonic() - began

        done, lasted = await self._writer.run(timed, alone=True)
        await asyncio.sleep(min(lasted, LONGEST_REST))
        value: T = done
        return value

    async def run_at_any_version(
        self, work: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Like `run`, for what has been done and cannot be undone, whichever program has migrated meanwhile."""

        def ordered(transaction: Transaction) -> T:
            with in_lock_order(transaction):
                return work(transaction, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(
            self._readers, begun_again, self.at_any_version, ordered, self._spoken_to.passes
        )

    async def read_beside(self, work: Callable[[Transaction], T]) -> T:
        """Runs work that only reads, in a thread of its own that waits for no writer."""
        return await asyncio.get_running_loop().run_in_executor(
            self._readers, begun_again, self.reading, work, self._spoken_to.passes
        )

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """For reading one moment, which nobody who writes waits for; the database refuses to write in it."""
        with self.reading_engine.begin() as connection:
            self._spoken_to.see_one_moment(connection)
            yield Transaction(connection, self.vault, unlogged=[])

    def close(self) -> None:
        self._writer.close()
        self._readers.shutdown(wait=True)
        self.engine.dispose()


def open_engine(url: str) -> Engine:
    """The engine of the URL's database; an error says nothing of what was to be stored, since errors are logged."""
    engine: Engine = _spoken_to(make_url(url).get_backend_name()).open_engine(make_url(url), _OPTIONS)
    return engine


def is_url(text: str) -> bool:
    """Whether it can be read as where a database is."""
    try:
        make_url(text)
    except (ArgumentError, ValueError):
        return False
    return True


def _spoken_to(name: str) -> ModuleType:
    if name != "postgresql":
        return sqlite
    # What speaks to a server takes a tenth of a second and ten megabytes, of which a file needs nothing.
    from storage.engine import postgresql

    return postgresql


@contextmanager
def _apart(transaction: Transaction) -> Iterator[None]:
    """A part of the transaction that is undone by itself when it raises."""
    cursor = transaction.connection.connection.cursor()
    cursor.execute("SAVEPOINT apart")
    to_log = list(transaction.to_log)
    try:
        yield
    except BaseException as error:
        # What the part logged is undone with it; what was logged before it and written in it is written once more.
        transaction.to_log[:] = to_log
        _end_apart(transaction, cursor, error, "ROLLBACK TO apart", "RELEASE apart")
        raise
    _end_apart(transaction, cursor, None, "RELEASE apart")


def _end_apart(transaction: Transaction, cursor: Any, error: BaseException | None, *words: str) -> None:
    """A full disk, for one, ends the transaction, and what others did in it is gone with it."""
    try:
        for one in words:
            cursor.execute(one)
    except transaction.connection.dialect.loaded_dbapi.Error as lost:
        raise TransactionLostError(str(lost)) from error or lost
