"""The one drain, run by the queue engine's workers: one in each replica, begun anew when it has ended."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bot.connector import LONGEST_CALL
from bot.delivery import Deliverer
from storage.engine.database import Database, StorageError
from storage.engine.job_queue import JobQueue
from storage.engine.program_version import OutdatedProgramError
from storage.messages import queueing

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rests:
    """Seconds before a worker is begun anew, twice as many each time; one at work for as long as `trusted` works."""

    first: float = 1.0
    longest: float = 15.0
    trusted: float = 3.0


USUAL_RESTS = Rests()


class QueueWorkers:
    """What the deliverer's own run is where there is no queue engine."""

    def __init__(
        self,
        database: Database,
        deliverer: Deliverer,
        clock: Callable[[], datetime],
        rests: Rests = USUAL_RESTS,
    ) -> None:
        self._database, self._deliverer, self._clock, self._rests = database, deliverer, clock, rests
        self._queue = JobQueue(database.url, self._deliver, LONGEST_CALL)
        self._stopping, self._outdated = asyncio.Event(), asyncio.Event()
        # How many have ended since one last worked, and when the one that has begun is trusted to.
        self.ended = 0
        self._to_be_trusted: asyncio.TimerHandle | None = None

    @property
    def is_at_work(self) -> bool:
        return self.ended == 0

    def stop(self) -> None:
        """Ends the run when the messages that are on their way have been answered for."""
        self._stopping.set()
        self._deliverer.stop()

    async def run(self) -> None:
        """A worker ends without a word when the server is started anew, and is then begun again."""
        stopping = asyncio.create_task(self._stopping.wait())
        while not self._stopping.is_set():
            self._outdated.clear()
            working = asyncio.create_task(self._work())
            outdated = asyncio.create_task(self._outdated.wait())
            await asyncio.wait({working, stopping, outdated}, return_when=asyncio.FIRST_COMPLETED)
            outdated.cancel()
            # Told to end it waits for what is on its way.
            working.cancel()
            await asyncio.wait({working})
            rest = self._note_end(working)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), rest)

    async def _work(self) -> None:
        """In a database that a newer program has migrated no job is taken: that one's workers do."""
        await self._database.run(lambda _: None)
        await self._queue.work(self._begun)

    def _begun(self) -> None:
        self._to_be_trusted = asyncio.get_running_loop().call_later(self._rests.trusted, self._works)

    def _works(self) -> None:
        if self.ended:
            log.warning("the queue's worker works again, when %s have ended", self.ended)
        self.ended = 0

    def _note_end(self, working: asyncio.Task[None]) -> float:
        """How long to wait for the next: whatever it was, what is to be delivered after it must still go out."""
        if self._to_be_trusted is not None:
            self._to_be_trusted.cancel()
        if working.cancelled():
            return self._rests.first
        # Where it is the database that is away each that is begun ends alike, and it has been said.
        ended = working.exception()
        if not (self.ended or isinstance(ended, OutdatedProgramError)):
            log.error("the queue's worker ended, and one is begun anew until it works", exc_info=ended)
        self.ended += 1
        return min(self._rests.longest, self._rests.first * 2.0 ** min(self.ended - 1, 10))

    async def reconcile(self) -> None:
        """What fell between two jobs, or was a dead replica's, is given to the engine again."""
        try:
            await self._queue.take_from_the_dead()
            await self._database.run(queueing.owe_left, self._clock())
        except StorageError:
            log.exception("what was left could not be looked for")

    async def _deliver(self, chunk: Sequence[int], left: bool) -> None:
        try:
            await self._deliverer.deliver(chunk, left=left)
        except OutdatedProgramError:
            # What it was to deliver has no job now, and is owed again by the program that has migrated.
            self._outdated.set()
