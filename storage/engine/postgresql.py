"""PostgreSQL: psycopg and its pool, columns in binary order as in SQLite, and what is worth another try."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.conninfo import make_conninfo
from psycopg.types.string import StrDumperUnknown
from psycopg_pool import ConnectionPool, PoolTimeout
from sqlalchemy import URL, Column, Connection, Engine, NullPool, String, Text, create_engine, event, make_url
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles

from storage.engine.writer import TransactionLostError
from storage.engine.writers import LONGEST_WAIT

MOST_CONNECTIONS = 20
LOOKING: Mapping[str, Any] = {"isolation_level": "AUTOCOMMIT"}
# The queue engine's tables are found by their names alone, and are not among ours.
QUEUE_SCHEMA = "procrastinate"
HAS_QUEUE = True
# In UTC as on SQLite; who waits for a lock so long is told that somebody else has the database.
SESSION = f'-c timezone=UTC -c lock_timeout=10s -c search_path="$user",public,{QUEUE_SCHEMA}'
# Changes nothing and is read by nobody, but is written, so that its commit waits as the server is told to.
_TO_DISK = "SELECT pg_logical_emit_message(true, 'uppfoljaren', '')"
# Two who wait for each other, who changed the same, or of whom one was quicker: who is undone may begin again.
_AGAIN = ("40001", "40P01", "23505")
# The server is stopping, starting, or not there.
_GONE = ("08", "57P0")


class _WithoutZeroBytes(StrDumperUnknown):
    """PostgreSQL keeps every sign but that one, which is none that anybody means."""

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace("\0", "\ufffd") if "\0" in obj else obj)


class Pooled(PGDialect_psycopg):
    """SQLAlchemy sees a new connection each time that psycopg's pool lends one, and would add to it each time."""

    supports_statement_cache = True

    def on_connect(self) -> Callable[[Any], None] | None:
        return None


registry.register("postgresql.pooled", __name__, "Pooled")


def open_engine(url: URL, options: Mapping[str, Any]) -> Engine:
    """Connections are looked at as they are lent, so that a server that was started anew is just another one."""
    # Before there is any transaction: the first that owes something would else hold its locks while this is loaded.
    import storage.engine.job_queue  # noqa: F401 - what hands over finds it loaded.

    conninfo = connection_words(url)
    # The pool tries again and again, and says so each time to whoever sits at the terminal; what it ends with is told.
    logging.getLogger("psycopg.pool").addHandler(logging.NullHandler())
    engine = create_engine(
        url.set(drivername="postgresql+pooled"), poolclass=NullPool, use_native_hstore=False, **options
    )
    _, wanted = engine.dialect.create_connect_args(url)
    wanted["context"].adapters.register_dumper(str, _WithoutZeroBytes)
    pool = ConnectionPool(
        conninfo,
        kwargs={"context": wanted["context"]},
        min_size=1,
        max_size=MOST_CONNECTIONS,
        check=ConnectionPool.check_connection,
        close_returns=True,
        timeout=LONGEST_WAIT,
        # It waits longer after each try in vain, and whoever comes meanwhile waits with it: given up, it begins anew.
        reconnect_timeout=LONGEST_WAIT,
        open=False,
    )
    event.listen(engine, "do_connect", lambda *_: _lent(pool, conninfo, wanted["context"]))
    event.listen(engine, "engine_disposed", lambda _: pool.close())
    return engine


def connection_words(url: URL | str) -> str:
    """How psycopg is told where the database is, and how we want to speak with it."""
    asked = make_url(url)
    given = {"application_name": "uppfoljaren", "connect_timeout": int(LONGEST_WAIT), **asked.query}
    arguments = {**asked.translate_connect_args(username="user", database="dbname"), **given}
    arguments["options"] = f"{arguments.get('options', '')} {SESSION}".strip()
    return make_conninfo(**arguments)


def hand_over(tx: Any) -> None:
    """What the transaction owes becomes jobs of the queue engine, just before its commit."""
    if tx.owed:
        from storage.engine.job_queue import hand_over as made_jobs

        made_jobs(tx)


def demand_whole(connection: Connection) -> None:
    """Raises TransactionLostError where a statement was refused: the server would take the commit, and undo it all."""
    driver: Any = connection.connection.driver_connection
    if driver.info.transaction_status == psycopg.pq.TransactionStatus.INERROR:
        raise TransactionLostError("PostgreSQL has given up the transaction")


def make_lasting(connection: Connection) -> None:
    """Waits for the disk, where a commit that has just been made did not: those of many wait together, holding nothing.

    What is written first is written first on the disk too, so whoever goes on from what is not there yet is not either.
    """
    _run_after(connection, _TO_DISK)


def take_stock(connection: Connection, tables: Sequence[str]) -> None:
    """It plans by what it last saw of its tables, and looks by itself a minute after a tenth of one is new.

    Of all tables where none is named. One that somebody else is looking at is left to him.
    """
    _run_after(connection, f"ANALYZE (SKIP_LOCKED) {', '.join(tables)}")


def _run_after(connection: Connection, statement: str) -> None:
    """By itself, after the transaction, whose locks are let go of by then."""
    driver: Any = connection.connection.driver_connection
    within = driver.autocommit
    try:
        driver.autocommit = True
        driver.execute(statement)
        driver.autocommit = within
    except psycopg.Error as refused:
        # Where contact was lost nothing more can be asked of it, not even to be as it was.
        connection.invalidate()
        raise DBAPIError.instance(statement, None, refused, psycopg.Error, hide_parameters=True) from refused


def wait_for_who_migrates(connection: Connection) -> None:
    """Until that is done, however long it takes: before there is any table there is none to lock.

    For a table it waits no longer than anybody, since all who come after it would wait behind it.
    """
    connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtextextended('migrate', 0))")
    connection.exec_driver_sql("SET LOCAL lock_timeout TO DEFAULT")


def wait_for_who_writes(connection: Connection) -> None:
    """Each has read the version in its transaction; who comes meanwhile reads it when it is the new one."""
    connection.exec_driver_sql("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE")


def complete(connection: Connection) -> None:
    """Makes the queue engine's own schema, or makes it anew where it is of another version than the one installed."""
    from storage.engine import job_queue

    if drift_of_queue(connection):
        job_queue.bring_up(connection)


def drift_of_queue(connection: Connection) -> list[str]:
    """What differs between the queue engine's own schema and the one of the version that is installed."""
    from storage.engine import job_queue

    there, wanted = job_queue.version(connection), job_queue.newest()
    return [] if there == wanted else [f"schema {QUEUE_SCHEMA}: {there}, wanted {wanted}"]


def _lent(pool: ConnectionPool, conninfo: str, context: Any) -> psycopg.Connection:
    """One of the pool's; where it has none, one of its own, or the server's word on why there is none."""
    pool.open()
    try:
        return pool.getconn()
    except PoolTimeout:
        return psycopg.connect(conninfo, context=context)


def passes(error: DBAPIError) -> bool:
    """Whether the same may well go through if it is begun again: nothing of it was stored."""
    state = getattr(error.orig, "sqlstate", None)
    # Where contact was lost there is no word on why.
    lost = isinstance(error.orig, psycopg.OperationalError) and (state is None or state.startswith(_GONE))
    return lost or state in _AGAIN


def open_reading(engine: Engine, _: Mapping[str, Any]) -> Engine:
    """The same: here a transaction is told that it only reads."""
    return engine


def see_one_moment(connection: Connection) -> None:
    """Whatever others commit meanwhile; and nothing is written."""
    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


@compiles(String, "postgresql")
@compiles(Text, "postgresql")
def _as_long_and_in_order_as_in_sqlite(kind: String, compiler: Any, **given: Any) -> str:
    """A column takes a text of any length, and its texts are in the order of their letters' numbers."""
    return 'TEXT COLLATE "C"' if isinstance(given.get("type_expression"), Column) else "TEXT"
