"""Statements that run in every turn, compiled once and given to the driver as they are.

SQLAlchemy's own way of running a statement costs several times what SQLite takes to answer it.
"""

import re
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import BindParameter, Connection, Date, Insert, Select, String, Update, literal_column
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.visitors import replacement_traverse
from sqlalchemy.types import TypeEngine

from storage.engine import sqlite
from storage.engine.columns import Instant, MonthText

_ALL: "list[Prepared]" = []
_WORD = re.compile(r"[a-z_]+\Z")
Process = Callable[[Any], Any] | None
Values = Mapping[str, object]


class Prepared:
    """A select, an update, or an insert of one row that always names the same columns; no parameter is a list."""

    def __init__(self, statement: Select[Any] | Insert | Update) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}
        _ALL.append(self)

    def compile(self, connection: Connection) -> None:
        """What names its own columns; an insert is compiled when it is first told which it puts in."""
        if not isinstance(self._statement, Insert):
            self._for(connection, {})

    def all(self, connection: Connection, values: Values) -> list[Any]:
        """Every row, with its columns as attributes."""
        return self._for(connection, values).run(connection, values)[0]

    def first(self, connection: Connection, values: Values) -> Any:
        """The first row, or None."""
        rows = self.all(connection, values)
        return rows[0] if rows else None

    def changed(self, connection: Connection, values: Values) -> int:
        """Runs it and says how many rows it changed."""
        return self._for(connection, values).run(connection, values)[1]

    def many(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Runs it once for each row."""
        if rows:
            self._for(connection, rows[0]).run_many(connection, rows)

    def _for(self, connection: Connection, values: Values) -> "_Compiled":
        dialect = connection.dialect
        found = self._compiled.get(dialect.name)
        if found is None:
            written = _with_words_written(self._statement)
            found = self._compiled[dialect.name] = _Compiled(written, dialect, values)
        return found


def compile_all(connection: Connection) -> None:
    """Before anybody waits: some two milliseconds each, which would be the most of a first transaction."""
    for one in _ALL:
        one.compile(connection)


def _with_words_written(statement: Any) -> Any:
    """The states and kinds that it names itself stand in it, and are not bound to it.

    What is bound anew may be in another of the partial indexes, so that SQLite plans the statement anew each time that
    it runs: that takes fifty times as long as to answer it.
    """
    return replacement_traverse(statement, {}, _as_written)


def _as_written(element: Any, **_: Any) -> Any:
    if not isinstance(element, BindParameter) or type(element.type) is not String or not element.unique:
        return None
    word = element.value
    return literal_column(f"'{word}'", element.type) if isinstance(word, str) and _WORD.match(word) else None


class _Compiled:
    def __init__(self, statement: Select[Any] | Insert | Update, dialect: Dialect, values: Values) -> None:
        keys = list(values) if isinstance(statement, Insert) else None
        if isinstance(statement, Insert) and not statement.exported_columns:
            # PostgreSQL would give the new key back, asked or not.
            statement = statement.inline()
        compiled = statement.compile(dialect=dialect, column_keys=keys)
        if compiled.post_compile_params:
            raise ValueError(f"a list of values cannot be compiled once: {compiled.string}")
        names = (compiled.positiontup if compiled.positional else list(compiled.binds)) or []
        self._sql, self._positional, self._errors = compiled.string, compiled.positional, dialect.loaded_dbapi
        binds = [compiled.binds[name] for name in names]
        self._names = names
        self._fixed = [(at, names[at], bind.value) for at, bind in enumerate(binds) if bind.value is not None]
        bound = [_binding(bind.type, dialect) for bind in binds]
        self._bind = [(at, process) for at, process in enumerate(bound) if process is not None]
        columns = list(statement.exported_columns)
        self._dialect, self._types = dialect, [column.type for column in columns]
        self._read: list[tuple[int, Callable[[Any], Any]]] | None = None
        row: Any = namedtuple("Row", [column.key for column in columns], rename=True)  # type: ignore[misc]
        self._row = partial(tuple.__new__, row)

    def run(self, connection: Connection, values: Values) -> tuple[list[Any], int]:
        """The rows, and how many were changed."""
        rows: tuple[list[Any], int] = self._asked(connection, self._rows, self._bound(values))
        return rows

    def run_many(self, connection: Connection, rows: Sequence[Values]) -> None:
        self._asked(connection, self._many, [self._bound(values) for values in rows])

    def _asked(self, connection: Connection, ask: Callable[[Any, Any], Any], bound: Any) -> Any:
        driver: Any = connection.connection.dbapi_connection
        try:
            cursor = driver.cursor()
            try:
                return ask(cursor, bound)
            finally:
                cursor.close()
        except (self._errors.Error, MemoryError) as refused:
            sqlite.leave_if_lost(connection)
            raise self._told(refused) from refused

    def _rows(self, cursor: Any, bound: Any) -> tuple[list[Any], int]:
        cursor.execute(self._sql, bound)
        if not self._types:
            return [], cursor.rowcount
        # What psycopg tells of the columns is built anew each time that it is asked.
        read = self._reads(cursor.description) if self._read is None else self._read
        made = self._processed if read else self._row
        return [made(row) for row in cursor.fetchall()], cursor.rowcount

    def _many(self, cursor: Any, bound: Any) -> None:
        cursor.executemany(self._sql, bound)

    def _told(self, refused: Any) -> Exception:
        """As SQLAlchemy does it, and without the values, since errors are logged."""
        told: Exception = DBAPIError.instance(
            self._sql, None, refused, self._errors.Error, hide_parameters=True
        )
        return told

    def _bound(self, values: Values) -> Any:
        bound = list(map(values.get, self._names))
        for at, name, value in self._fixed:
            if name not in values:
                bound[at] = value
        for at, process in self._bind:
            bound[at] = process(bound[at])
        return bound if self._positional else dict(zip(self._names, bound, strict=True))

    def _reads(self, description: Any) -> list[tuple[int, Callable[[Any], Any]]]:
        """By column, how it is read; psycopg says of what type it is when the first rows have come."""
        codes = [column[1] for column in description]
        read = [_reading(*each, self._dialect) for each in zip(self._types, codes, strict=True)]
        self._read = [(at, process) for at, process in enumerate(read) if process is not None]
        return self._read

    def _processed(self, row: Any) -> Any:
        read = list(row)
        for at, process in self._read or ():
            read[at] = process(read[at])
        return self._row(read)


def _binding(kind: TypeEngine[Any], dialect: Dialect) -> Process:
    if isinstance(kind, Instant):
        return _instant_binding(kind, dialect)
    return _remembered(kind, kind.dialect_impl(dialect).bind_processor(dialect))


def _instant_binding(kind: Instant, dialect: Dialect) -> Process:
    """Remembered in UTC: of an hour that comes twice in autumn both moments are equal in Python, and only there."""
    of_dialect: Any = kind.dialect_impl(dialect)
    written: Process = of_dialect.impl_instance.bind_processor(dialect)
    if written is None:
        return lambda moment: kind.process_bind_param(moment, dialect)
    remembered = lru_cache(maxsize=4096)(written)

    def bound(moment: Any) -> Any:
        in_utc = moment is None or moment.tzinfo is UTC
        return remembered(moment if in_utc else kind.process_bind_param(moment, dialect))

    return bound


def _reading(kind: TypeEngine[Any], code: object, dialect: Dialect) -> Process:
    return _remembered(kind, kind.dialect_impl(dialect).result_processor(dialect, code))


def _remembered(kind: TypeEngine[Any], process: Process) -> Process:
    """Rows name the same few days and months again and again, and what they are written and read as never changes."""
    if process is None or not isinstance(kind, Date | Instant | MonthText):
        return process
    return lru_cache(maxsize=4096)(process)
