"""Which statements the tests send to SQLite, and so many of them that each statement is sent to PostgreSQL too.

Most tests send what another one sends. Those that are run on both are chosen by what was noted while all were run on
SQLite, so that nobody keeps a list of them, and a statement that is new today is tried today. What one statement does
to another, no such choice can know: a twentieth of all tests is drawn beside them, another one for each version.
"""

import json
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple, Self

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.pool import ConnectionPoolEntry

from tests.support.either_database import reason_of

# However many values a list has, or an insert rows, the statement is the same.
_VALUES = re.compile(r"\?(?:, ?\?)+")
_ROWS = re.compile(r"\(\?\)(?:, ?\(\?\))+")
_OF_POSTGRESQL = re.compile(r"-postgresql(?=[-\]])|(?<=\[)postgresql-|\[postgresql\]")
# A test costs as much as so many statements before it has sent any.
_BEGUN = 50
_TWENTIETH = 20
_SENT: list[str] = []


class Sent(NamedTuple):
    """What one test sent: each statement once, and how many there were in all."""

    test: str
    statements: frozenset[str]
    number: int


def fewest(noted: Sequence[Sent]) -> set[str]:
    """Tests that together send all that was noted, those first that send the most new for what they cost."""
    left = {one.test: one.statements for one in noted}
    cost = {one.test: one.number + _BEGUN for one in noted}
    found = set()
    while any(left.values()):
        left = {test: new for test, new in left.items() if new}
        best = max(left, key=lambda test: (len(left[test]) / cost[test], test))
        sent = left[best]
        found.add(best)
        left = {test: new - sent for test, new in left.items()}
    return found


def drawn(tests: Iterable[str], version: str) -> set[str]:
    """The twentieth of them that this version draws: the same each time, so that what fails can be run again."""
    return {test for test in tests if _number_of(f"{version} {test}") % _TWENTIETH == 0}


def _number_of(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())


def noted_in(folder: Path) -> list[Sent]:
    """Of all workers, in the same order to each who asks."""
    lines = (line for file in sorted(folder.iterdir()) for line in file.read_text().splitlines())
    return [Sent(test, frozenset(statements), number) for test, statements, number in map(json.loads, lines)]


def on_either(test: str) -> str:
    """A case's name without the database that it is run on."""
    return _OF_POSTGRESQL.sub("", test, count=1)


@cache
def told_apart(statement: str) -> str:
    """What stands for the statement among those that were noted."""
    alike = _ROWS.sub("(?)", _VALUES.sub("?", statement))
    return blake2b(alike.encode(), digest_size=8).hexdigest()


class _Cursor(sqlite3.Cursor):
    def execute(self, sql: str, given: Any = (), /) -> Self:
        _SENT.append(sql)
        return super().execute(sql, given)

    def executemany(self, sql: str, given: Any, /) -> Self:
        _SENT.append(sql)
        return super().executemany(sql, given)


class _Connection(sqlite3.Connection):
    def cursor(self, factory: Any = _Cursor) -> Any:
        return super().cursor(factory)


def _noting(
    dialect: Dialect, _record: ConnectionPoolEntry, _arguments: object, given: dict[str, Any]
) -> None:
    if dialect.name == "sqlite":
        given["factory"] = _Connection


class Noting:
    """For a run on SQLite: after each test that may be chosen for PostgreSQL, what it sent."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / os.environ.get("PYTEST_XDIST_WORKER", "alone")
        event.listen(Engine, "do_connect", _noting)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        _SENT.clear()
        told = yield
        if _SENT and _is_on_both(item):
            line = item.nodeid, sorted({told_apart(one) for one in _SENT}), len(_SENT)
            with self._file.open("a") as file:
                file.write(json.dumps(line) + "\n")
        return told


def _is_on_both(item: pytest.Item) -> bool:
    """Not what takes a minute here, which goes through what the others have asked for."""
    has_either = "engine" in getattr(item, "fixturenames", ())
    return has_either and reason_of(item) is None and item.get_closest_marker("long") is None


class Chosen:
    """For the run on PostgreSQL after it: of all tests the fewest that send all of it, and the twentieth that is drawn.

    Only their files are read. Nothing is drawn where there is no `version`.
    """

    def __init__(self, folder: Path, root: Path, version: str | None) -> None:
        noted = noted_in(folder)
        enough = fewest(noted)
        self._drawn = drawn((one.test for one in noted), version) - enough if version else set()
        self._tests = enough | self._drawn
        self._files = {root / test.partition("::")[0] for test in self._tests}
        self._statements = len({sent for one in noted for sent in one.statements})

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        return True if collection_path.is_file() and collection_path not in self._files else None

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        names = [on_either(item.nodeid) for item in items]
        if lost := self._tests.difference(names):
            raise pytest.UsageError(f"noted on SQLite and not found for PostgreSQL: {sorted(lost)}")
        run = [name in self._tests for name in names]
        config.hook.pytest_deselected(items=_where(items, run, False))
        items[:] = _where(items, run, True)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        told = f"Tillsammans skickar de alla {self._statements} frågor som testerna skickade till SQLite."
        terminalreporter.write_line(told)
        if self._drawn:
            terminalreporter.write_line(f"En tjugondel av de andra är dragna: {len(self._drawn)}.")


def _where(items: Sequence[pytest.Item], run: Sequence[bool], wanted: bool) -> list[pytest.Item]:
    return [item for item, is_run in zip(items, run, strict=True) if is_run is wanted]
