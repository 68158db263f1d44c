"""What has been answered for and is yet to be stored: all of it together, and one by one where it cannot be."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from bot.posting import Done
from bot.taking import Taker
from storage.engine.database import Database
from storage.engine.faults import fault_of
from storage.engine.program_version import OutdatedProgramError

log = logging.getLogger(__name__)

T = TypeVar("T")
# It is stored with the next that begin, where they do so soon.
SETTLED_WITHIN = timedelta(milliseconds=25)


class Unsettled:
    """`arrived` is how many of what has been stored got through."""

    def __init__(self, database: Database, taker: Taker) -> None:
        self._database, self._taker = database, taker
        self._done: list[Done] = []
        self._to_store = asyncio.Event()
        self._late: asyncio.TimerHandle | None = None
        self.arrived = 0

    @property
    def any(self) -> bool:
        return bool(self._done)

    def add(self, one: Done) -> None:
        self._done.append(one)

    def tell(self, *, others_begin_soon: bool) -> None:
        """That it is to be stored: at once, but where some begin so soon that it is stored with them."""
        if not others_begin_soon:
            self._to_store.set()
        elif self._late is None:
            late = SETTLED_WITHIN.total_seconds()
            self._late = asyncio.get_running_loop().call_later(late, self._to_store.set)

    async def wait(self) -> None:
        """Until it is to be stored by itself."""
        await self._to_store.wait()

    async def store_with(self, work: Callable[..., T], *given: Any) -> T:
        """In the transaction of the work, which is given it; where it cannot be, one by one before that."""
        done = self._take()
        try:
            value = await self._database.run(work, done, *given)
        except BaseException as error:
            # Not before they are stored are they settled: the next that is stored settles them.
            self._done = [*done, *self._done]
            self._to_store.set()
            if done and isinstance(error, OutdatedProgramError):
                await self.store_each()
            if not done or not isinstance(error, Exception) or fault_of(error) is not None:
                raise
            log.exception("what %s deliveries were answered is stored one by one", len(done))
        else:
            self._count(done)
            return value
        await self.store_each()
        return await self._database.run(work, (), *given)

    def _take(self) -> list[Done]:
        done, self._done = self._done, []
        self._to_store.clear()
        if self._late is not None:
            self._late.cancel()
            self._late = None
        return done

    def _count(self, settled: Sequence[Done]) -> None:
        self.arrived += sum(one.fate == "sent" for one in settled)

    async def store_each(self) -> None:
        """What is answered for meanwhile comes last, and is stored too; at any version, since it has been said."""
        while self._done:
            await self._store_alone(self._done[0])
            del self._done[0]
        self._to_store.clear()

    async def _store_alone(self, one: Done) -> None:
        try:
            await self._database.run_at_any_version(self._taker.settle, [one])
        except Exception as error:
            # Each is saved by itself, so that one that never can be, whyever that is, holds up no other. Where the
            # database stores nothing at all, they wait for it.
            if fault_of(error) is not None:
                raise
            log.exception("what became of delivery %s cannot be stored", one.ready.delivery.id)
            await self._database.run_at_any_version(self._taker.put_in_doubt, one)
        else:
            self._count([one])
