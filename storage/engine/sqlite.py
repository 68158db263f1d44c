"""SQLite: a file, where each transaction locks at once, so that what is decided is decided by one at a time."""

from collections.abc import Mapping, Sequence
from sqlite3 import Error
from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import DBAPIError

from storage.engine.writer import TransactionLostError

_OUTSIDE = "outside_any_transaction"
# For reading outside any transaction: each statement sees what is stored when it is asked.
LOOKING: Mapping[str, Any] = {_OUTSIDE: True}
HAS_QUEUE = False
# What is deleted, or written over, is gone from the file too: its bytes are overwritten with zeros.
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=10000",
    "secure_delete=ON",
)
# Sixteen megabytes of what was read last stay with who writes; of two, each who hands in would fetch 25 pages anew.
_KEPT = "cache_size=-16384"
# What each piece of work beside others began with, to be undone alone: in memory, and not in a file of its own.
_BEGAN_WITH = "temp_store=MEMORY"


def open_engine(url: URL, options: Mapping[str, Any]) -> Engine:
    engine = create_engine(url, **options)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin_immediate)
    event.listen(engine, "handle_error", _leave_what_is_lost)
    return engine


def open_reading(engine: Engine, options: Mapping[str, Any]) -> Engine:
    """With connections that never write; who tells one time after time whether it may has each statement read anew."""
    reading = create_engine(engine.url, **options)
    event.listen(reading, "connect", _prepare_to_read)
    event.listen(reading, "begin", _begin)
    event.listen(reading, "handle_error", _leave_what_is_lost)
    event.listen(engine, "engine_disposed", lambda _: reading.dispose())
    return reading


def hand_over(tx: Any) -> None:
    """Nobody takes jobs here: the loop that delivers looks through the ledger itself."""
    tx.owed.clear()


def leave_if_lost(connection: Connection) -> None:
    """After an error: nothing more is done on the connection where that has ended its transaction.

    A full disk, an error of the disk, too little memory and an interruption do, also where whoever was at work takes
    the error for his own: each statement that came after would be stored at once, without what came before it.
    """
    if _is_lost(connection):
        connection.invalidate()


def demand_whole(connection: Connection) -> None:
    """Raises TransactionLostError where what is to be committed is not all that was done."""
    if connection.invalidated or not _driver_of(connection).in_transaction:
        raise TransactionLostError("SQLite ended the transaction by itself")


def make_lasting(_: Any) -> None:
    """Each commit has waited for the disk itself."""


def take_stock(_: Connection, _tables: Sequence[str]) -> None:
    """It plans by its indexes alone."""


def passes(_: DBAPIError) -> bool:
    """One waits for the other here, so that none is undone by another."""
    return False


def _prepare(dbapi_connection: Any, _record: object) -> None:
    _tell(dbapi_connection, *_PRAGMAS, _KEPT, _BEGAN_WITH)


def _prepare_to_read(dbapi_connection: Any, _record: object) -> None:
    _tell(dbapi_connection, *_PRAGMAS, "query_only=ON")


def _tell(dbapi_connection: Any, *pragmas: str) -> None:
    # pysqlite's own transactions start late and lose updates; ours start at BEGIN IMMEDIATE below.
    dbapi_connection.isolation_level = None
    try:
        for pragma in pragmas:
            dbapi_connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        # It never reaches the pool, so nobody else would close it.
        dbapi_connection.close()
        raise


def _leave_what_is_lost(context: ExceptionContext) -> None:
    if context.connection is not None and _is_lost(context.connection):
        context.is_disconnect, context.invalidate_pool_on_disconnect = True, False


def _is_lost(connection: Connection) -> bool:
    if connection.dialect.name != "sqlite" or connection.invalidated or not connection.in_transaction():
        return False
    return not (connection.get_execution_options().get(_OUTSIDE) or _driver_of(connection).in_transaction)


def _driver_of(connection: Connection) -> Any:
    return connection.connection.dbapi_connection


def _begin_immediate(connection: Connection) -> None:
    if not connection.get_execution_options().get(_OUTSIDE):
        _begin_with(connection, "BEGIN IMMEDIATE")


def _begin(connection: Connection) -> None:
    _begin_with(connection, "BEGIN")


def _begin_with(connection: Connection, statement: str) -> None:
    """Given to the driver as it is, since SQLAlchemy's own way takes several times what SQLite does."""
    try:
        _driver_of(connection).execute(statement)
    except Error as refused:
        raise DBAPIError.instance(statement, None, refused, Error, hide_parameters=True) from refused


def see_one_moment(_: Connection) -> None:
    """Each transaction does, from its first statement on."""
