"""The one place that delivers: decided messages from the outbox to the connector, at the pace that Teams allows."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot import replacing
from bot.beginning import Beginnings, Reserved, StoredSlot
from bot.connector import Connector
from bot.posting import NO_ANSWER, Done, Sender, post
from bot.taking import Claimed, Going, Room, Taker, Trusts
from bot.unsettled import SETTLED_WITHIN, Unsettled
from followup.access.municipality import USUAL_MUNICIPALITY, Municipality
from storage.engine.database import Database, Transaction
from storage.engine.program_version import OutdatedProgramError
from storage.messages.claiming import Chunk
from storage.messages.delivery import UPDATE
from storage.messages.leases import AHEAD_AT_MOST
from storage.messages.pacing import AHEAD

log = logging.getLogger(__name__)

IDLE = 30.0
NO_ROOM = Room(0, 0)
# While so many are on their way, the next are drawn.
AT_A_TIME = 20


@dataclass(frozen=True)
class DeliveryLimits:
    """`in_flight` are what a crash puts in doubt; `per_second` is the tenant's, for all replicas together."""

    in_flight: int = 10
    per_second: float = 45.0


DEFAULT_LIMITS = DeliveryLimits()


def never_doubted(_: Transaction, now: datetime) -> datetime:
    """A clock that is never doubted."""
    return now


class Deliverer:
    """`clock` says what is due, `pace_clock` is the real time that the connector's limits are counted in.

    `trusts` says until when the clock is known to be right.
    """

    def __init__(
        self,
        database: Database,
        connector: Connector,
        clock: Callable[[], datetime],
        sender: Sender,
        owner: str,
        *,
        pace_clock: Callable[[], datetime],
        limits: DeliveryLimits = DEFAULT_LIMITS,
        trusts: Trusts = never_doubted,
        municipality: Municipality = USUAL_MUNICIPALITY,
    ) -> None:
        self._database, self._connector, self._sender = database, connector, sender
        self._most = limits.in_flight
        self.taker = Taker(clock, pace_clock, limits.per_second, sender, owner, trusts, municipality)
        self._unsettled = Unsettled(database, self.taker)
        self._beginnings = Beginnings(self._store_begun, self._pace_now, limits.in_flight)
        self._woken = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self._stopping = asyncio.Event()
        self._on_their_way: dict[int, asyncio.Task[None]] = {}

    def wake(self) -> None:
        self._woken.set()

    def stop(self) -> None:
        """Ends the run when the messages that are on their way have been answered for."""
        self._stopping.set()
        self._beginnings.close()
        self.wake()

    def make_room(self, tx: Transaction) -> None:
        """An answer that goes out by itself takes its place in the tenant's stream."""
        self.taker.make_room(tx)

    @asynccontextmanager
    async def at_rest(self) -> AsyncIterator[None]:
        """What is being said is said first, and nothing more until this is over."""
        async with self._one_at_a_time:
            yield

    async def run(self) -> None:
        """Drains until it is stopped; what a process left half sent when it died is marked uncertain."""
        while not self._stopping.is_set():
            self._woken.clear()
            wait = await self._drain_and_see()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), wait)

    async def _drain_and_see(self) -> float:
        """Seconds until the next message is due, at most a while, since the clock may be moved."""
        try:
            await self.drain()
            due = await self._database.read_beside(self.taker.next_due)
        except OutdatedProgramError:
            # The log has been told, and nothing is to be done about it here.
            return IDLE
        except Exception:
            # Whatever it was, the messages after it must still go out.
            log.exception("delivery stopped for a while")
            return IDLE
        return IDLE if due is None else min(IDLE, max(0.1, (due - self.taker.clock()).total_seconds()))

    @property
    def is_at_work(self) -> bool:
        """Its run never ends; what stands in its way is the database's, and is seen where that is looked at."""
        return True

    async def reconcile(self) -> None:
        """Nothing is ever left: the run looks through the ledger itself."""

    async def deliver(self, chunk: Sequence[int], *, left: bool = False) -> None:
        """What one job of the queue engine is to deliver; what is to go later is owed in a job that waits for that.

        But for what was `left` by another: when it is due it is left again, unless it has a job.
        """
        await self.drain(chunk)
        if not left:
            await self._database.run(self.taker.owe_rest, chunk)

    async def drain(self, chunk: Chunk = None) -> int:
        """Sends what is due, of the `chunk` or all, and returns how many arrived; a second waits for the first.

        What is urgent is sent first, whether it is of the chunk or not.
        """
        async with self._one_at_a_time:
            before = self._unsettled.arrived
            try:
                await self._drain(chunk)
            except OutdatedProgramError:
                await self._record_what_went()
                raise
            return self._unsettled.arrived - before

    async def _drain(self, chunk: Chunk) -> None:
        resume_at, more = None, True
        if self.taker.may_have_been_ahead:
            self.taker.latest = await self._database.run(self.taker.clock_went_back)
        while True:
            # Whoever gives the drain up, what the turn has begun is said: it is stored that it was.
            claimed = await asyncio.shield(self._turn_over(chunk, self._room() if more else NO_ROOM))
            resume_at = claimed.resume_at if more else resume_at
            if claimed.more and self._room().at_once:
                continue
            if self._is_idle() and (resume_at is None or self._stopping.is_set()):
                return
            more = await self._wait(resume_at)

    async def _record_what_went(self) -> None:
        """A newer program has migrated the database: nothing more is sent, and what is on its way is answered for."""
        while not self._is_idle():
            if self._on_their_way:
                await asyncio.wait([*self._on_their_way.values()])
            async with self._beginnings.alone:
                await self._unsettled.store_each()

    def _room(self) -> Room:
        """As many as may be under way wait for their slots besides."""
        if self._stopping.is_set():
            return NO_ROOM
        most = min(AT_A_TIME, 2 * self._most - len(self._on_their_way))
        return Room(most, self._beginnings.room)

    async def _turn_over(self, chunk: Chunk, room: Room) -> Claimed:
        """Draws what there is room for, and sets out with what of it may go."""
        drawn = (
            await self._database.read_beside(partial(self.taker.draw_due, room=room, chunk=chunk))
            if room.most
            else []
        )
        async with self._beginnings.alone:
            room = Room(room.most, min(room.at_once, self._beginnings.room))
            claimed = await self._unsettled.store_with(self.taker.turn_over, drawn, room, chunk)
            for one in claimed.going:
                self._set_out(one)
        return claimed

    def _is_idle(self) -> bool:
        return not self._on_their_way and not self._unsettled.any

    def _set_out(self, going: Going) -> None:
        if going.begun:
            self._beginnings.has_begun(going.ready)
        self._on_their_way[going.ready.delivery.id] = asyncio.create_task(self._deliver(going))

    async def _store_begun(self, reserved: Sequence[Reserved]) -> Sequence[StoredSlot | None]:
        """With what has been answered for meanwhile."""
        return await self._unsettled.store_with(self.taker.begin, reserved)

    async def _wait(self, resume_at: datetime | None) -> bool:
        """Until the pace lets more go, which is told, or what has been answered for is to be stored by itself."""
        wait = None if resume_at is None else self._seconds_until(resume_at, AHEAD_AT_MOST)
        if self._is_idle():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait)
            return True
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await self._unsettled.wait()
                return resume_at is None
        return True

    def _pace_now(self) -> datetime:
        return self.taker.pace_clock()

    def _seconds_until(self, moment: datetime, longest: timedelta = AHEAD) -> float:
        """Nothing waits longer than that: where it would, the clock has gone back since, and the moment has come."""
        wait = moment - self._pace_now()
        return wait.total_seconds() if timedelta(0) < wait <= longest else 0.0

    async def _deliver(self, going: Going) -> None:
        ready = going.ready
        try:
            done = await self._said(going)
            self._unsettled.add(done)
        finally:
            del self._on_their_way[ready.delivery.id]
            self._beginnings.has_ended(ready)
            self._unsettled.tell(others_begin_soon=self._beginnings.any_within(SETTLED_WITHIN))

    async def _said(self, going: Going) -> Done:
        ready = going.ready
        try:
            if ready.address is None:
                # A conversation is opened at the pace of what is said in it.
                await asyncio.sleep(self._seconds_until(going.slot))
            begin = partial(self._begin, going)
            if ready.delivery.kind == UPDATE:
                if not await begin():
                    return Done(ready, "left", NO_ANSWER)
                return await replacing.replace(self._connector, ready)
            return await post(self._connector, self._sender, ready, begin)
        except Exception:
            # One message that goes wrong in a way nobody thought of must not take the others with it.
            log.exception("delivery %s broke off", ready.delivery.id)
            return Done(ready, "uncertain", NO_ANSWER)

    async def _begin(self, going: Going) -> bool:
        """Stores that the message goes out now; what cannot be stored, or is not begun when we stop, does not go."""
        slot = going.slot if going.begun else await self._beginnings.begin(going.ready, going.slot)
        if slot is not None and (wait := self._seconds_until(slot)):
            await asyncio.sleep(wait)
        return slot is not None
