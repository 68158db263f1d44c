"""A story that many tests begin with is told once, and the rest begin with a copy of how it ended."""

import atexit
import sqlite3
from collections.abc import Callable
from copy import deepcopy
from functools import wraps
from hashlib import blake2b
from typing import Any, Concatenate, ParamSpec, TypeVar

from storage.engine.database import Database

Told = TypeVar("Told")
P = ParamSpec("P")
# Stands in what is kept where the test's own database stands in what is told.
ITS_DATABASE = object()
# A world of half a megabyte each; a test that begins in a world of its own is seldom begun again.
MOST = 40


def told_once(story: Callable[Concatenate[Database, P], Told]) -> Callable[Concatenate[Database, P], Told]:
    """The story depends on what the database holds and is told of, so that it ends alike when it begins alike."""
    ends: dict[tuple[bytes, str], tuple[sqlite3.Connection, Any]] = {}

    @wraps(story)
    def tell(database: Database, /, *of: P.args, **given: P.kwargs) -> Told:
        if database.engine.dialect.name != "sqlite":
            return story(database, *of, **given)
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


def held(database: Database) -> bytes:
    """What tells this database's content from any other's."""
    with database.looking() as look:
        return blake2b(driver(look.connection).serialize()).digest()


def copied(database: Database) -> sqlite3.Connection:
    world = sqlite3.connect(":memory:")
    atexit.register(world.close)
    with database.looking() as look:
        driver(look.connection).backup(world)
    return world


def fill(database: Database, world: sqlite3.Connection) -> None:
    with database.looking() as look:
        world.backup(driver(look.connection))


def driver(connection: Any) -> sqlite3.Connection:
    found: sqlite3.Connection = connection.connection.driver_connection
    return found
