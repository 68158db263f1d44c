"""Where the time goes: a profile of everything, the database's thread included, and how often each statement ran."""

import cProfile
import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event

from storage.engine.database import Database, Transaction


class InlineDatabase(Database):
    """Everything on one thread, so that one profile shows all of it."""

    async def run(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with self.transaction() as transaction:
            return work(transaction, *args, **kwargs)

    async def read_beside(self, work: Callable[[Transaction], Any]) -> Any:
        with self.reading() as transaction:
            return work(transaction)


class Profile:
    def __init__(self, database: Database) -> None:
        self.database = InlineDatabase(database.url, database.vault)
        self._profiler, self._statements = cProfile.Profile(time.thread_time), Counter[str]()
        event.listen(self.database.engine, "before_cursor_execute", self._count)

    def _count(self, _: object, __: object, statement: str, *___: object) -> None:
        self._statements[statement] += 1

    def begin(self) -> None:
        self._statements.clear()
        self._profiler.enable()

    def write(self, path: Path) -> None:
        self._profiler.disable()
        self._profiler.dump_stats(path)
        counted = json.dumps(self._statements.most_common())
        path.with_suffix(".json").write_text(counted, encoding="utf-8")
        self.database.close()
