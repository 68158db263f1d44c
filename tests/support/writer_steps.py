"""How much the database is asked to do while the one who writes is held: in steps of SQLite's, whatever the machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

# A step is a part of a statement: a row looked at, a value compared.
EACH = 50


@contextmanager
def counted_steps() -> Iterator[list[int]]:
    """Of each transaction that may write, as it ends; what reads beside it keeps nobody waiting."""
    ended: list[int] = []
    open_: dict[int, tuple[Any, list[int]]] = {}

    def begin(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        never_writes = driver.execute("PRAGMA query_only").fetchone()[0]
        if never_writes or connection.get_execution_options().get("outside_any_transaction"):
            return
        told = [0]

        def step() -> int:
            told[0] += EACH
            return 0

        driver.set_progress_handler(step, EACH)
        open_[id(connection)] = driver, told

    def end(connection: Connection) -> None:
        if (found := open_.pop(id(connection), None)) is not None:
            found[0].set_progress_handler(None, 0)
            ended.append(found[1][0])

    heard = (("begin", begin), ("commit", end), ("rollback", end))
    for name, hears in heard:
        event.listen(Engine, name, hears)
    try:
        yield ended
    finally:
        for name, hears in heard:
            event.remove(Engine, name, hears)
