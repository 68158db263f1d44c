"""The one place that delivers: decided messages from the outbox to the connector, at the pace that Teams allows."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot import answered, replacing
from bot.connector import Connector
from bot.drawing import Accompanied, Drawn, OneDrawn, ToWrite, Unsaid, draw_all, draw_one, is_as_drawn
from bot.posting import NO_ANSWER, Done, ReadyMessage, Sender, post
from followup.access.municipality import USUAL_MUNICIPALITY, Municipality
from storage.engine.database import Database, StorageError, Transaction
from storage.log import access_log
from storage.messages import (
    claiming,
    counting,
    leases,
    ledger,
    pacing,
    queueing,
    settling,
    waiting,
)
from storage.messages.claiming import Chunk
from storage.messages.delivery import UPDATE
from storage.messages.leases import AHEAD_AT_MOST

log = logging.getLogger(__name__)

IDLE = 30.0
READ_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True)
class DeliveryLimits:
    """`in_flight` are what a crash puts in doubt; `per_second` is the tenant's, for all replicas together."""

    in_flight: int = 10
    per_second: float = 45.0


DEFAULT_LIMITS = DeliveryLimits()


@dataclass(frozen=True)
class Claimed:
    """Messages to send now, each at its slot; and when more may be claimed, where the pace holds them back.

    `undrawn` where more could have gone, had it been drawn.
    """

    ready: tuple[tuple[ReadyMessage, datetime], ...]
    resume_at: datetime | None
    undrawn: bool


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
        trusts: Callable[[Transaction, datetime], datetime] = never_doubted,
        municipality: Municipality = USUAL_MUNICIPALITY,
    ) -> None:
        self._database, self._connector = database, connector
        self._clock, self._pace_clock, self._limits = clock, pace_clock, limits
        self._sender, self._owner, self._municipality = sender, owner, municipality
        self._trusts = trusts
        self._woken = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self._stopping = asyncio.Event()
        # The latest moment that this process has written.
        self._latest: datetime | None = None
        self._on_their_way: set[asyncio.Task[Done]] = set()
        self._done: list[Done] = []

    def wake(self) -> None:
        self._woken.set()

    def stop(self) -> None:
        """Ends the run when the messages that are on their way have been answered for."""
        self._stopping.set()
        self.wake()

    def make_room(self, tx: Transaction) -> None:
        """An answer that goes out by itself takes its place in the tenant's stream."""
        pacing.take_for_reply(tx, self._pace_clock(), self._limits.per_second)

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
            due = await self._database.run(self._next_due)
        except Exception:
            # Whatever it was, the messages after it must still go out.
            log.exception("delivery stopped for a while")
            return IDLE
        return IDLE if due is None else min(IDLE, max(0.1, (due - self._clock()).total_seconds()))

    def _next_due(self, tx: Transaction) -> datetime | None:
        """None also while what is due waits for the clock to be confirmed: then it is looked again in a while."""
        now = self._clock()
        return counting.next_due(tx) if self._trusts(tx, now) == now else None

    async def reconcile(self) -> None:
        """Nothing is ever left: the run looks through the ledger itself."""

    async def deliver(self, chunk: Sequence[int], *, left: bool = False) -> None:
        """What one job of the queue engine is to deliver; what is to go later is owed in a job that waits for that.

        But for what was `left` by another: when it is due it is left again, unless it has a job.
        """
        await self.drain(chunk)
        if not left:
            await self._database.run(self._owe_rest, chunk)

    def _owe_rest(self, tx: Transaction, chunk: Sequence[int]) -> None:
        """While the clock is doubted nothing goes, and what does not is found when somebody has confirmed it."""
        now = self._clock()
        if self._trusts(tx, now) == now:
            queueing.owe_rest(tx, chunk, now)

    async def drain(self, chunk: Chunk = None) -> int:
        """Sends what is due, of the `chunk` or all, and returns how many arrived; a second waits for the first.

        What is urgent is sent first, whether it is of the chunk or not.
        """
        arrived = 0
        async with self._one_at_a_time:
            await self._database.run(self._expire, self._clock())
            while True:
                room = 0 if self._stopping.is_set() else self._limits.in_flight - len(self._on_their_way)
                drawn = (
                    await self._database.read_beside(partial(self._draw_due, room=room, chunk=chunk))
                    if room
                    else []
                )
                claimed = await self._database.run(self._turn_over, self._done, drawn, room, chunk)
                arrived += sum(one.fate == "sent" for one in self._done)
                # Only now are they settled: had that failed, the next turn would have settled them.
                self._done = []
                self._on_their_way |= {asyncio.create_task(self._deliver(*each)) for each in claimed.ready}
                if claimed.undrawn and not self._stopping.is_set():
                    continue
                if not self._on_their_way and (claimed.resume_at is None or self._stopping.is_set()):
                    return arrived
                await self._wait_for_one(claimed.resume_at)

    def _expire(self, tx: Transaction, now: datetime) -> None:
        """At the first look, too: the process before this one may have had a clock that was ahead."""
        if self._latest is None or now < self._latest - AHEAD_AT_MOST:
            leases.clock_went_back(tx, now)
            self._latest = now
        leases.expire_leases(tx, now)

    async def _wait_for_one(self, resume_at: datetime | None) -> None:
        """Waits until something has become of a message, or the pace lets more of them go."""
        wait = None if resume_at is None else self._seconds_until(resume_at)
        if not self._on_their_way:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait)
            return
        ended, _ = await asyncio.wait(self._on_their_way, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
        self._on_their_way -= ended
        self._done += [task.result() for task in ended]

    def _seconds_until(self, moment: datetime) -> float:
        return max(0.0, (moment - self._pace_clock()).total_seconds())

    async def _deliver(self, ready: ReadyMessage, slot: datetime) -> Done:
        await asyncio.sleep(self._seconds_until(slot))
        begin = partial(self._begin, ready, slot)
        try:
            if ready.delivery.kind == UPDATE:
                if not await begin():
                    return Done(ready, "left", NO_ANSWER)
                return await replacing.replace(self._connector, ready)
            return await post(self._connector, self._sender, ready, begin)
        except Exception:
            # One message that goes wrong in a way nobody thought of must not take the others with it.
            log.exception("delivery %s broke off", ready.delivery.id)
            return Done(ready, "uncertain", NO_ANSWER)

    async def _begin(self, ready: ReadyMessage, slot: datetime) -> bool:
        """Stores that the message goes out now; what cannot be stored, or is not begun when we stop, does not go."""
        try:
            while not self._stopping.is_set():
                begun = await self._database.run(self._start, ready, slot)
                if isinstance(begun, bool):
                    return begun
                slot = begun
                await asyncio.sleep(self._seconds_until(slot))
        except StorageError:
            log.exception("delivery %s could not be begun", ready.delivery.id)
        return False

    def _start(self, tx: Transaction, ready: ReadyMessage, slot: datetime) -> bool | datetime:
        """Whether it has begun, or in which slot it is to begin instead of the one that has passed."""
        now = self._pace_clock()
        # One that had to open its conversation is as late as that took, and the first there.
        if ready.address is not None:
            anew = pacing.slot_now(tx, ready.delivery, slot, now, self._limits.per_second)
            if anew is None:
                return False
            if anew != slot and anew > now:
                return anew
        return claiming.start(tx, [one.id for one in ready.each], self._owner, self._clock())

    def _draw_due(self, tx: Transaction, room: int, chunk: Chunk) -> list[OneDrawn]:
        """What may go now, drawn from what is stored at this moment; nothing is written."""
        now = self._clock()
        trusted = self._trusts(tx, now)
        due = pacing.may_go(tx, self._pace_clock(), self._limits.per_second, now, room, trusted, chunk)
        return draw_all(tx, due, now, self._municipality, self._sender, trusted=trusted)

    def _turn_over(
        self, tx: Transaction, done: Sequence[Done], drawn: Sequence[OneDrawn], room: int, chunk: Chunk
    ) -> Claimed:
        """Settles what has been answered for and claims of what was drawn, in one transaction that draws nothing."""
        now = self._clock()
        for one in done:
            answered.settle(tx, one, self._owner, now)
            answered.settle_riders(tx, one, self._owner)
        answered.hold_if_asked(tx, done, self._pace_clock())
        pace = pacing.open_pace(tx, self._pace_clock(), self._limits.per_second)
        self._latest = max(self._latest or now, now)
        trusted = self._trusts(tx, now)
        sayable = self._sayable(tx, drawn, now)
        tried = [*(one.ready.delivery for one in done), *(one.delivery for one in drawn)]
        queueing.owe_again(tx, {one.id for one in tried if one.urgent and one.id not in sayable}, now)
        ready = []
        wanted = {delivery_id: one.delivery for delivery_id, one in sayable.items()}
        riding = {rider.id for one in sayable.values() for rider in one.ready.riders}
        for delivery, slot in pacing.claim(tx, pace, self._owner, now, room, wanted, trusted, chunk, riding):
            one_drawn = sayable[delivery.id]
            for rider in one_drawn.ready.riders:
                claiming.reserve(tx, rider, self._owner, now, slot)
            for entry in one_drawn.unlogged:
                access_log.write(tx, entry)
            ready.append((one_drawn.ready, slot))
        held_back = room > 0 and not ready and pace.held_back
        return Claimed(tuple(ready), pace.resume_at if held_back else None, undrawn=pace.undrawn)

    def _sayable(self, tx: Transaction, drawn: Sequence[OneDrawn], now: datetime) -> dict[int, Drawn]:
        """By delivery, what can go as it was drawn; what is not to be said is settled."""
        sayable = {}
        for one in drawn:
            if isinstance(one, Accompanied):
                waiting.bring_together(tx, one.delivery, one.groups, now)
                continue
            here = self._write(tx, one, now) if isinstance(one, ToWrite) else one
            if isinstance(here, Unsaid):
                self._leave_unsaid(tx, here, now)
            elif is_as_drawn(tx, here, now, self._sender):
                sayable[here.delivery.id] = here
        return sayable

    def _write(self, tx: Transaction, one: ToWrite, now: datetime) -> Drawn | Unsaid:
        riders = [rider for rider in one.riders if ledger.get(tx, rider.id) == rider]
        return draw_one(tx, one.delivery, riders, now, self._municipality, self._sender)

    def _leave_unsaid(self, tx: Transaction, one: Unsaid, now: datetime) -> None:
        """Unless the message has become another since."""
        if ledger.get(tx, one.delivery.id) != one.delivery:
            return
        if one.until is not None:
            settling.put_off(tx, one.delivery.id, one.until, now, for_a_quiet_day=one.quiet)
        elif one.state == "ready":
            settling.put_back(tx, one.delivery.id, now + READ_AGAIN, one.reason)
        else:
            settling.settle(tx, one.delivery.id, one.state, reason=one.reason)
