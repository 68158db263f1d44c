"""Whether the bot is alive (`/health`) and whether it can do its work (`/ready`), as a probe last saw it."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from bot.ingress import Doorkeeper
from bot.metrics import outbox_age
from storage.engine import schema
from storage.engine.database import Database, StorageError, Transaction
from storage.log import log_chain
from storage.times import looks

STUCK_AFTER_SECONDS = 600.0
BETWEEN_LOOKS = 3.0
# An older result says nothing of now.
FRESH_FOR = 10.0
# A server that is away is waited for by whoever asks it something; what it cannot tell in so long does not hold.
READING_PATIENCE = 5.0
# A writer that is at work answers when it is done; one that says nothing for so long is stuck.
WRITER_PATIENCE = 1.0
WRITER_SILENT_AFTER = 30.0
NEVER = float("-inf")


class Probe:
    """Looks again and again, beside the writer, so that many who ask cost nothing and a busy writer delays nobody."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        doorkeeper: Doorkeeper,
        is_at_work: Callable[[], bool] = lambda: True,
        seconds: Callable[[], float] = time.monotonic,
        patience: float = READING_PATIENCE,
    ) -> None:
        """`is_at_work` is what delivers; `seconds` is the real time that the result's age is counted in."""
        self._database, self._clock, self._doorkeeper = database, clock, doorkeeper
        self._is_at_work = is_at_work
        self._seconds, self._patience = seconds, patience
        self._newest = schema.newest()
        self._one_look = asyncio.Lock()
        self._asked_writer: asyncio.Task[None] | None = None
        self._writer_answered_at = self._looked_at = NEVER
        self._checks: dict[str, bool] = {}

    def seen(self) -> dict[str, bool]:
        """Every check of the last look, and whether that was just now."""
        return {**self._checks, "fresh": self._seconds() - self._looked_at <= FRESH_FOR}

    async def run(self) -> None:
        try:
            while True:
                await self.look()
                await asyncio.sleep(BETWEEN_LOOKS)
        finally:
            if self._asked_writer is not None:
                self._asked_writer.cancel()

    async def look(self) -> None:
        async with self._one_look:
            await self._look()

    async def _look(self) -> None:
        """All at once, so that a look at what says nothing takes no longer than until the next is due."""
        right_schema, moving, opened, has_keys, writes = await asyncio.gather(
            self._holds(lambda tx: schema.current_in(tx) == self._newest),
            self._holds(lambda tx: outbox_age(tx, self._clock()) < STUCK_AFTER_SECONDS),
            self._holds(lambda tx: not log_chain.unknown_keys(tx)),
            self._doorkeeper.has_keys(),
            self._writer_answers(),
        )
        self._checks = {
            "schema": right_schema,
            "outbox": moving,
            "keys": has_keys,
            "file": self._database.file.is_same(),
            "sealed": opened,
            "writer": writes,
            "queue": self._is_at_work(),
        }
        self._looked_at = self._seconds()

    async def _holds(self, check: Callable[[Transaction], bool]) -> bool:
        """What a database that is gone, locked, silent or half there cannot tell does not hold."""
        try:
            return await asyncio.wait_for(self._database.read_beside(check), self._patience)
        except (StorageError, TimeoutError):
            return False

    async def _writer_answers(self) -> bool:
        """Whether something can be stored: it is, and committed. One question at a time waits in the writer's queue."""
        if self._asked_writer is None:
            self._asked_writer = asyncio.create_task(self._database.run(looks.note, self._clock()))
        ended, _ = await asyncio.wait({self._asked_writer}, timeout=WRITER_PATIENCE)
        if not ended:
            return self._seconds() - self._writer_answered_at <= WRITER_SILENT_AFTER
        failed, self._asked_writer = self._asked_writer.exception(), None
        # Who has been refused is waited for no longer than until it is asked again.
        self._writer_answered_at = NEVER if failed else self._seconds()
        return failed is None


def add_health(app: web.Application, probe: Probe) -> None:
    async def health(_: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def ready(_: web.Request) -> web.Response:
        seen = probe.seen()
        return web.json_response(seen, status=200 if all(seen.values()) else 503)

    app.router.add_get("/health", health)
    app.router.add_get("/ready", ready)
