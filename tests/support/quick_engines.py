"""What a test's database need not do: compile again what another test's compiled, and wait for the disk."""

import sqlite3
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.pool import ConnectionPoolEntry


class Compiled(dict[Any, Any]):
    """Statements by the name of their dialect, since each test has an engine and a dialect of its own."""

    def get(self, key: Any, default: Any = None) -> Any:
        dialect, *rest = key
        return super().get((dialect.name, *rest), default)

    def __setitem__(self, key: Any, statement: Any) -> None:
        dialect, *rest = key
        super().__setitem__((dialect.name, *rest), statement)


COMPILED = Compiled()


def use_what_was_compiled(connection: Connection) -> None:
    connection.execution_options(compiled_cache=COMPILED)


def wait_for_no_disk(connection: object, record: ConnectionPoolEntry) -> None:
    """Once for each connection; no test turns the power off."""
    if isinstance(connection, sqlite3.Connection) and not record.info.get("waits_for_no_disk"):
        connection.execute("PRAGMA synchronous=OFF")
        record.info["waits_for_no_disk"] = True
