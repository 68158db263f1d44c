"""Reserved messages that wait to begin, each just before its slot: those whose slots come together do so together."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.posting import ReadyMessage
from storage.messages.pacing import TOGETHER, has_come

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Reserved:
    """A message with its slot, which becomes another where that has passed; `begun` is told the one it begins in."""

    ready: ReadyMessage
    slot: datetime
    begun: asyncio.Future[datetime | None]


@dataclass(frozen=True)
class StoredSlot:
    """What is stored of one: the slot that it has begun in, or is yet to begin in."""

    slot: datetime
    begun: bool


# Stores that they begin; None for one that may not go.
Store = Callable[[Sequence[Reserved]], Awaitable[Sequence[StoredSlot | None]]]


class Beginnings:
    """No more than `most` are under way at once, begun and not yet answered for: those a crash puts in doubt."""

    def __init__(self, store: Store, pace_clock: Callable[[], datetime], most: int) -> None:
        self._store, self._pace_clock, self._most = store, pace_clock, most
        self._waiting: list[Reserved] = []
        self._under_way = set[int]()
        # Whoever begins messages counts what there is room for, and is alone in that until it is stored.
        self.alone = asyncio.Lock()
        self._storing: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def room(self) -> int:
        return self._most - len(self._under_way)

    def any_within(self, span: timedelta) -> bool:
        """Whether a transaction in which messages begin is under way, or comes so soon."""
        soon = self._pace_clock() + span
        return self._storing is not None or (self.room > 0 and any(one.slot <= soon for one in self._waiting))

    async def begin(self, ready: ReadyMessage, slot: datetime) -> datetime | None:
        """The slot in which it has begun, a little ahead at most; None where it is not to go, or nothing is stored."""
        if self._closed:
            return None
        one = Reserved(ready, slot, asyncio.get_running_loop().create_future())
        self._waiting.append(one)
        self._look()
        return await one.begun

    def has_begun(self, ready: ReadyMessage) -> None:
        self._under_way.add(ready.delivery.id)

    def has_ended(self, ready: ReadyMessage) -> None:
        """Where it had begun, another may in its place."""
        self._under_way.discard(ready.delivery.id)
        self._look()

    def close(self) -> None:
        """What has not begun does not go."""
        self._closed = True
        for one in self._waiting:
            _tell(one, None)
        self._waiting = []

    def _look(self, moment: datetime | None = None) -> None:
        """Begins what is to begin by the moment, which is now; else looks again when the next is to."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._storing is not None or not self._waiting or self.room <= 0:
            return
        now, first = moment or self._pace_clock(), min(one.slot for one in self._waiting)
        if not any(has_come(one.slot, now) for one in self._waiting):
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later((first - now).total_seconds(), self._look, first)
        else:
            self._storing = asyncio.create_task(self._begin_until(now + TOGETHER))

    async def _begin_until(self, until: datetime) -> None:
        async with self.alone:
            beginning = self._next(until)
            for one, stored in zip(beginning, await self._stored(beginning), strict=True):
                self._take(one, stored)
        self._storing = None
        self._look()

    def _next(self, until: datetime) -> list[Reserved]:
        """No longer among those that wait: what is being stored does not end with them."""
        soon = [one for one in self._waiting if has_come(one.slot, until) and not one.begun.done()]
        soon.sort(key=lambda one: (not one.ready.delivery.urgent, one.slot))
        beginning = soon[: self.room]
        self._waiting = [one for one in self._waiting if one not in beginning and not one.begun.done()]
        return beginning

    async def _stored(self, beginning: Sequence[Reserved]) -> Sequence[StoredSlot | None]:
        if not beginning:
            return []
        try:
            return await self._store(beginning)
        except Exception:
            # Whatever it was, what is not stored does not go, and nobody waits for ever for it.
            log.exception("%s deliveries could not be begun", len(beginning))
        return [None] * len(beginning)

    def _take(self, one: Reserved, stored: StoredSlot | None) -> None:
        if stored is not None and stored.begun:
            self.has_begun(one.ready)
            _tell(one, stored.slot)
        elif stored is None or self._closed:
            _tell(one, None)
        else:
            one.slot = stored.slot
            self._waiting.append(one)


def _tell(one: Reserved, slot: datetime | None) -> None:
    if not one.begun.done():
        one.begun.set_result(slot)
