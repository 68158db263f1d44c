"""A story that many tests begin with is told once, and the rest begin with a copy of how it ended."""

import pickle
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import wraps
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from storage.engine.copies import file_of, is_embedded
from storage.engine.database import Database
from tests.support import kept_rows
from tests.support.kept_rows import Kept

Told = TypeVar("Told")
P = ParamSpec("P")
# A world of half a megabyte each; the one that nobody has begun with for the longest goes when there are more.
MOST = 40
# What a file whose log is all in it says of how it is written, and what one in memory must say.
_WITH_LOG, _ALONE = slice(18, 20), b"\1\1"


@dataclass(frozen=True)
class Image:
    """A whole file of SQLite's, and what tells it from any other."""

    content: bytes
    digest: bytes


World = Image | Kept
# What a file holds to which nobody has been connected since, and how the file looked then.
_HOLDS: WeakKeyDictionary[Engine, tuple[bytes, list[tuple[int, int] | None]]] = WeakKeyDictionary()


def somebody_connects(connection: Connection) -> None:
    _HOLDS.pop(connection.engine, None)


def told_once(story: Callable[Concatenate[Database, P], Told]) -> Callable[Concatenate[Database, P], Told]:
    """The story depends on what the database holds and is told of, so that it ends alike when it begins alike."""
    ends: dict[tuple[bytes | str, str], tuple[World, bytes]] = {}

    @wraps(story)
    def tell(database: Database, /, *of: P.args, **given: P.kwargs) -> Told:
        begins = held(database), repr((of, given))
        if begins not in ends:
            told = story(database, *of, **given)
            ends[begins] = copied(database), _pickled(told, database)
            if len(ends) > MOST:
                forget(ends.pop(next(iter(ends)))[0])
            return told
        world, kept = ends[begins] = ends.pop(begins)
        fill(database, world)
        told_before: Told = _told_of(kept, database)
        return told_before

    return tell


def _pickled(told: object, database: Database) -> bytes:
    """With the test's own database left out."""
    file = BytesIO()
    pickler = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
    pickler.persistent_id = lambda one: "database" if one is database else None  # type: ignore[method-assign]
    pickler.dump(told)
    return file.getvalue()


def _told_of(kept: bytes, database: Database) -> Any:
    unpickler = pickle.Unpickler(BytesIO(kept))
    unpickler.persistent_load = lambda _: database  # type: ignore[method-assign]
    return unpickler.load()


def held(database: Database) -> bytes | str:
    """What tells this database's content from any other's."""
    digest, looked = _HOLDS.get(database.engine, (b"", None))
    if digest and looked == _looks_of(database):
        return digest
    if is_embedded(database.url) and _is_nobodys(database):
        return _digest(file_of(database.url).read_bytes())
    with database.looking() as look:
        own = driver(look.connection)
        return _image(own).digest if isinstance(own, sqlite3.Connection) else kept_rows.held(own)


def copied(database: Database) -> World:
    """In memory, or where PostgreSQL keeps it."""
    with database.looking() as look:
        own = driver(look.connection)
        if not isinstance(own, sqlite3.Connection):
            return kept_rows.keep(own)
        image = _image(own)
    _HOLDS[database.engine] = image.digest, _looks_of(database)
    return image


def _image(own: sqlite3.Connection) -> Image:
    content = own.serialize()
    return Image(content, _digest(content))


def _digest(content: bytes) -> bytes:
    return blake2b(content).digest()


def fill(database: Database, world: World) -> None:
    if not isinstance(world, Image):
        with database.looking() as look:
            kept_rows.fill(driver(look.connection), world)
        return
    if _is_nobodys(database):
        file_of(database.url).write_bytes(world.content)
    else:
        _put_beside_others(database, world)
    _HOLDS[database.engine] = world.digest, _looks_of(database)


def forget(world: World) -> None:
    """It is not to be put back any more."""
    if not isinstance(world, Image):
        kept_rows.forget(world)


def _put_beside_others(database: Database, image: Image) -> None:
    alone = bytearray(image.content)
    alone[_WITH_LOG] = _ALONE
    with closing(sqlite3.connect(":memory:")) as world, database.looking() as look:
        world.deserialize(bytes(alone))
        world.backup(driver(look.connection))


def _is_nobodys(database: Database) -> bool:
    """Whether the file may be written as any other: nobody has it open, and no log of its own goes on from it."""
    pools: list[Any] = [database.engine.pool, database.reading_engine.pool]
    connected = sum(pool.checkedin() + pool.checkedout() for pool in pools)
    return connected == 0 and not _log_of(database).exists()


def _looks_of(database: Database) -> list[tuple[int, int] | None]:
    """When the file and its log were written, and how long they are."""
    both = (file_of(database.url), _log_of(database))
    return [(one.stat().st_mtime_ns, one.stat().st_size) if one.exists() else None for one in both]


def _log_of(database: Database) -> Path:
    file = file_of(database.url)
    return file.with_name(f"{file.name}-wal")


def driver(connection: Any) -> Any:
    """Of SQLite or of PostgreSQL."""
    return connection.connection.driver_connection
