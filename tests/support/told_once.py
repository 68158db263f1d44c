"""A story that many tests begin with is told once, and the rest begin with a copy of how it ended."""

import atexit
import sqlite3
from collections.abc import Callable
from copy import deepcopy
from functools import wraps
from hashlib import blake2b
from typing import Any, Concatenate, ParamSpec, TypeVar

from storage.engine.database import Database
from tests.support import kept_rows
from tests.support.kept_rows import Kept

Told = TypeVar("Told")
P = ParamSpec("P")
# Stands in what is kept where the test's own database stands in what is told.
ITS_DATABASE = object()
# A world of half a megabyte each; a test that begins in a world of its own is seldom begun again.
MOST = 40
World = sqlite3.Connection | Kept


def told_once(story: Callable[Concatenate[Database, P], Told]) -> Callable[Concatenate[Database, P], Told]:
    """The story depends on what the database holds and is told of, so that it ends alike when it begins alike."""
    ends: dict[tuple[bytes | str, str], tuple[World, Any]] = {}

    @wraps(story)
    def tell(database: Database, /, *of: P.args, **given: P.kwargs) -> Told:
        begins = held(database), repr((of, given))
        if begins not in ends:
            told = story(database, *of, **given)
            if len(ends) < MOST:
                ends[begins] = copied(database), deepcopy(told, {id(database): ITS_DATABASE})
            return told
        world, kept = ends[begins]
        fill(database, world)
        told_before: Told = deepcopy(kept, {id(ITS_DATABASE): database})
        return told_before

    return tell


def held(database: Database) -> bytes | str:
    """What tells this database's content from any other's."""
    with database.looking() as look:
        own = driver(look.connection)
        if isinstance(own, sqlite3.Connection):
            return blake2b(own.serialize()).digest()
        return kept_rows.held(own)


def copied(database: Database) -> World:
    """In memory, or where PostgreSQL keeps it."""
    with database.looking() as look:
        own = driver(look.connection)
        if not isinstance(own, sqlite3.Connection):
            return kept_rows.keep(own)
        world = sqlite3.connect(":memory:")
        atexit.register(world.close)
        own.backup(world)
    return world


def fill(database: Database, world: World) -> None:
    with database.looking() as look:
        if isinstance(world, sqlite3.Connection):
            world.backup(driver(look.connection))
        else:
            kept_rows.fill(driver(look.connection), world)


def driver(connection: Any) -> Any:
    """Of SQLite or of PostgreSQL."""
    return connection.connection.driver_connection
