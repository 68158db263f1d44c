"""The one drain, run by the queue engine's workers: one in each replica, begun anew when it has ended."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

from bot.connector import LONGEST_CALL
from bot.delivery import Deliverer
from storage.engine.database import Database, StorageError
from storage.engine.job_queue import JobQueue
from storage.messages import queueing

log = logging.getLogger(__name__)
REST = 1.0


class QueueWorkers:
    """What the deliverer's own run is where there is no queue engine."""

    def __init__(self, database: Database, deliverer: Deliverer, clock: Callable[[], datetime]) -> None:
        self._database, self._deliverer, self._clock = database, deliverer, clock
        self._queue = JobQueue(database.url, self._deliver, LONGEST_CALL)
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Ends the run when the messages that are on their way have been answered for."""
        self._stopping.set()
        self._deliverer.stop()

    async def run(self) -> None:
        """A worker ends without a word when the server is started anew, and is then begun again."""
        stopping = asyncio.create_task(self._stopping.wait())
        while not self._stopping.is_set():
            working = asyncio.create_task(self._queue.work())
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            # Told to end it waits for what is on its way.
            working.cancel()
            await asyncio.wait({working})
            _tell_of_end(working)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), REST)

    async def reconcile(self) -> None:
        """What fell between two jobs, or was a dead replica's, is given to the engine again."""
        try:
            await self._queue.take_from_the_dead()
            await self._database.run(queueing.owe_left, self._clock())
        except StorageError:
            log.exception("what was left could not be looked for")

    async def _deliver(self, chunk: Sequence[int], left: bool) -> None:
        await self._deliverer.deliver(chunk, left=left)


def _tell_of_end(working: asyncio.Task[None]) -> None:
    """Whatever it was, what is to be delivered after it must still go out."""
    if not working.cancelled():
        log.error("the queue's worker ended and is begun anew", exc_info=working.exception())
