"""The rows of a database as a file of SQLite's, for those that count them again in SQL of their own."""

import atexit
import sqlite3
from functools import cache
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any
from weakref import finalize

from sqlalchemy import JSON, MetaData, Table, Text, create_engine, insert, select

from storage.engine import moving
from storage.engine.copies import file_of, is_embedded
from storage.engine.database import Database
from storage.engine.year_tables import metadata


def rows_of(database: Database) -> Path:
    """Its own file, or the rows that stand in PostgreSQL now, written as SQLite writes them."""
    if is_embedded(database.url):
        return file_of(database.url)
    folder = TemporaryDirectory(prefix="rows-")
    finalize(database, folder.cleanup)
    path = Path(folder.name) / "rows.db"
    _copy(database, path)
    return path


# To a new connection every table and every trigger is new, which takes longer than most that is asked.
_OPEN: dict[Path, sqlite3.Connection] = {}
_MOST = 4


def connected(path: Path) -> sqlite3.Connection:
    """For reading the file: the same connection as before, unless many others have been asked of meanwhile."""
    found = _OPEN.pop(path, None) or sqlite3.connect(path)
    _OPEN[path] = found
    if len(_OPEN) > _MOST:
        _OPEN.pop(next(iter(_OPEN))).close()
    return found


@atexit.register
def _close_all() -> None:
    while _OPEN:
        _OPEN.popitem()[1].close()


def plain(database: Database, statement: str) -> list[tuple[Any, ...]]:
    """What SQLite answers about them."""
    return connected(rows_of(database)).execute(statement).fetchall()


def _copy(database: Database, path: Path) -> None:
    tables, empty = _empty()
    copyfile(empty, path)
    engine = create_engine(f"sqlite:///{path}")
    with database.looking() as look, engine.begin() as written:
        for source, target in zip(moving.tables(), tables, strict=True):
            if rows := [dict(row) for row in look.connection.execute(select(source)).mappings()]:
                written.execute(insert(target), rows)
    engine.dispose()


@cache
def _empty() -> tuple[list[Table], Path]:
    """The tables as they are written there, and a file that has them: drawn up once: a walk asks hundreds of times."""
    folder = TemporaryDirectory(prefix="empty-rows-")
    atexit.register(folder.cleanup)
    into, path = MetaData(), Path(folder.name) / "empty.db"
    tables = [_with_plain_json(table, into) for table in metadata.sorted_tables]
    engine = create_engine(f"sqlite:///{path}")
    into.create_all(engine)
    engine.dispose()
    return tables, path


def _with_plain_json(table: Table, into: MetaData) -> Table:
    copied = table.to_metadata(into)
    for column in copied.columns:
        if isinstance(column.type, JSON):
            column.type = Text()
    return copied
