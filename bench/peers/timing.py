"""How long each transaction holds the database, until its commit is made, and how long it computes in that time."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.engine.database import Database, Transaction
from storage.engine.vault import Vault


class TimedDatabase(Database):
    def __init__(self, url: str, vault: Vault) -> None:
        super().__init__(url, vault)
        self.lasted: list[tuple[float, float]] = []

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with super().transaction() as transaction:
            began, spent = time.perf_counter(), time.thread_time()
            yield transaction
        self.lasted.append((time.perf_counter() - began, time.thread_time() - spent))

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(self.lasted), encoding="utf-8")
