"""Connections to PostgreSQL that go from one test's database object to the next one's.

To a new one every table is new, and so is every statement: a test would spend more on that than on what it asks.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool
from sqlalchemy import make_url
from sqlalchemy.engine import Dialect
from sqlalchemy.pool import ConnectionPoolEntry

from storage.engine.postgresql import SESSION

# By the database's name.
_POOLS: dict[str, ConnectionPool] = {}
_MOST = 100
_OFF: list[bool] = []


def lent(
    dialect: Dialect, _record: ConnectionPoolEntry, _arguments: object, given: dict[str, Any]
) -> psycopg.Connection | None:
    """In place of a connection of the engine's own pool; None of SQLite's."""
    if dialect.name != "postgresql" or _OFF:
        return None
    name = given["dbname"]
    if name not in _POOLS:
        _POOLS[name] = _pool(**given)
    return _POOLS[name].getconn()


def _pool(*, context: Any, options: str = "", **given: Any) -> ConnectionPool:
    return ConnectionPool(
        make_conninfo(**given, options=f"{options} {SESSION}"),
        kwargs={"context": context},
        min_size=1,
        max_size=_MOST,
        check=ConnectionPool.check_connection,
        close_returns=True,
        open=True,
    )


@contextmanager
def each_its_own() -> Iterator[None]:
    """For tests of the engine's own pool: what a replica has is nobody else's."""
    _OFF.append(True)
    try:
        yield
    finally:
        _OFF.pop()


def close(url: str) -> None:
    """Before the database is dropped or copied, which it cannot be while somebody is there."""
    if pool := _POOLS.pop(str(make_url(url).database), None):
        pool.close()
