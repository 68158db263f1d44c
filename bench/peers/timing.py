"""How long each transaction holds the database, until its commit is made, how long that computes, and what it does."""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import wraps
from pathlib import Path
from typing import Any

from storage.engine.database import Database, Transaction
from storage.engine.vault import Vault

_OURS = frozenset({"contextlib", "storage.engine.database", "storage.engine.writer", __name__})


@dataclass(frozen=True)
class Held:
    """Seconds by the clock and of computing; `work` names what the transaction was for.

    `server` is what PostgreSQL's own process for the connection computed meanwhile.
    """

    wall: float
    cpu: float
    work: str
    server: float = 0.0


class TimedDatabase(Database):
    def __init__(self, url: str, vault: Vault) -> None:
        super().__init__(url, vault)
        self.lasted: list[Held] = []
        self._doing = threading.local()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        self._doing.works = []
        caller = _caller()
        ended: list[tuple[float, float, float]] = []
        with super().transaction() as transaction:
            pid = _server_of(transaction)
            began = _spent(pid)
            # What is done after the commit holds nothing.
            transaction.let_go.append(lambda: ended.append(_spent(pid)))
            yield transaction
        wall, cpu, server = (after - before for before, after in zip(began, ended[0], strict=True))
        self.lasted.append(Held(wall, cpu, " + ".join(self._doing.works) or caller, server))

    async def run_piece(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await super().run_piece(self._named(work), *args, **kwargs)

    async def run(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await super().run(self._named(work), *args, **kwargs)

    def _named(self, work: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(work)
        def named(*given: Any, **too: Any) -> Any:
            self._doing.works.append(work.__name__)
            return work(*given, **too)

        return named

    def write(self, path: Path) -> None:
        path.write_text(json.dumps([asdict(one) for one in self.lasted]), encoding="utf-8")


def _server_of(transaction: Transaction) -> int | None:
    """Its process on this machine, where the database is a server."""
    driver: Any = transaction.connection.connection.dbapi_connection
    return driver.info.backend_pid if hasattr(driver, "info") else None


def _spent(server: int | None) -> tuple[float, float, float]:
    """Seconds of the clock, of this thread and of the server's process until now."""
    of_server = 0.0
    if server is not None:
        of_server = int(Path(f"/proc/{server}/schedstat").read_text("ascii").split()[0]) / 1e9
    return time.perf_counter(), time.thread_time(), of_server


def read(path: Path) -> list[Held]:
    return [Held(**one) for one in json.loads(path.read_text(encoding="utf-8"))]


def _caller() -> str:
    """The function that opened the transaction; the writer's thread names its works instead."""
    frame = sys._getframe(1)
    while frame.f_globals["__name__"] in _OURS and frame.f_back is not None:
        frame = frame.f_back
    return frame.f_code.co_name
