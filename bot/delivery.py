"""The one place that delivers: decided messages from the outbox to the connector, at the pace that Teams allows."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot import replacing
from bot.connector import Connector
from bot.drawing import Accompanied, Drawn, OneDrawn, ToWrite, Unsaid, draw_all, draw_one, is_as_drawn
from bot.own_trouble import tell_of_channel, tell_of_token
from bot.posting import NO_ANSWER, Done, ReadyMessage, Sender, post, wait_after
from followup.access.municipality import USUAL_MUNICIPALITY, Municipality
from followup.people import Role
from storage.engine.database import Database, StorageError, Transaction
from storage.log import access_log
from storage.messages import conversations, missed, outbox, pacing, waiting
from storage.messages.outbox import UPDATE, Chunk, Delivery, DeliveryState
from storage.register import people

log = logging.getLogger(__name__)

# About two days at the longest wait; a message that waits so long is still written when it is sent.
MOST_TRIES = 300
# Where nothing has been taken for so long it is the connector that is away, and not one conversation.
GETS_THROUGH = timedelta(days=1)
IDLE = 30.0
LONGEST_HOLD = timedelta(minutes=1)
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
        return outbox.next_due(tx) if self._trusts(tx, now) == now else None

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
            outbox.owe_rest(tx, chunk, now)

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
        if self._latest is None or now < self._latest - outbox.AHEAD_AT_MOST:
            outbox.clock_went_back(tx, now)
            self._latest = now
        outbox.expire_leases(tx, now)

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
        return outbox.start(tx, [one.id for one in ready.each], self._owner, self._clock())

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
        for one in done:
            self._settle(tx, one)
            self._settle_riders(tx, one)
        self._hold_if_asked(tx, done)
        now, pace = self._clock(), pacing.open_pace(tx, self._pace_clock(), self._limits.per_second)
        self._latest = max(self._latest or now, now)
        trusted = self._trusts(tx, now)
        sayable = self._sayable(tx, drawn, now)
        tried = [*(one.ready.delivery for one in done), *(one.delivery for one in drawn)]
        outbox.owe_again(tx, {one.id for one in tried if one.urgent and one.id not in sayable}, now)
        ready = []
        wanted = {delivery_id: one.delivery for delivery_id, one in sayable.items()}
        riding = {rider.id for one in sayable.values() for rider in one.ready.riders}
        for delivery, slot in pacing.claim(tx, pace, self._owner, now, room, wanted, trusted, chunk, riding):
            one_drawn = sayable[delivery.id]
            for rider in one_drawn.ready.riders:
                outbox.reserve(tx, rider, self._owner, now, slot)
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
        riders = [rider for rider in one.riders if outbox.get(tx, rider.id) == rider]
        return draw_one(tx, one.delivery, riders, now, self._municipality, self._sender)

    def _leave_unsaid(self, tx: Transaction, one: Unsaid, now: datetime) -> None:
        """Unless the message has become another since."""
        if outbox.get(tx, one.delivery.id) != one.delivery:
            return
        if one.until is not None:
            outbox.put_off(tx, one.delivery.id, one.until, now)
        elif one.state == "ready":
            outbox.put_back(tx, one.delivery.id, now + READ_AGAIN, one.reason)
        else:
            outbox.settle(tx, one.delivery.id, one.state, reason=one.reason)

    def _settle(self, tx: Transaction, done: Done) -> None:
        if done.fate == "left":
            self._remember_opened(tx, done)
            outbox.release(tx, done.ready.delivery.id, self._owner)
            return
        if done.ready.delivery.kind == UPDATE:
            replacing.settle(tx, done, self._clock(), MOST_TRIES)
            return
        person_id = done.ready.delivery.person_id
        self._remember_opened(tx, done)
        if done.fate == "sent" and person_id is not None and not _is_same_account(tx, done):
            # It went to the account that she had when it was written, and she has not got it.
            outbox.put_back(tx, done.ready.delivery.id, self._clock(), "the person has another account now")
        elif done.fate == "sent":
            self._record_sent(tx, done)
        elif done.fate == "again":
            self._put_back(tx, done)
        elif done.fate == "gone" or done.fate == "refused":  # noqa: PLR1714 - so that the type checker follows.
            self._drop_address(tx, done)
        else:
            self._give_up(tx, done, done.fate)

    def _settle_riders(self, tx: Transaction, done: Done) -> None:
        """What was left never went: its first may have ended, or gone from another process, without the others."""
        riders = [rider.id for rider in done.ready.riders]
        if done.fate == "left":
            for one in riders:
                outbox.release(tx, one, self._owner)
        else:
            outbox.share_fate(tx, done.ready.delivery.id, riders)

    def _remember_opened(self, tx: Transaction, done: Done) -> None:
        if done.opened is not None and done.ready.address is None and _is_same_account(tx, done):
            conversations.remember(tx, done.opened, self._clock(), person_id=done.ready.delivery.person_id)

    def _record_sent(self, tx: Transaction, done: Done) -> None:
        delivery = done.ready.delivery
        outbox.settle(
            tx,
            delivery.id,
            "sent",
            sent_at=self._clock(),
            conversation_id=done.address.conversation_id if done.address else None,
            activity_id=str(done.outcome.body.get("activityId") or done.outcome.body.get("id") or ""),
        )
        if delivery.person_id is not None:
            missed.say_again(
                tx, delivery.person_id, self._clock(), arrived=[one.message for one in done.ready.each]
            )
        else:
            conversations.accepted(tx, delivery.channel)

    def _put_back(self, tx: Transaction, done: Done) -> None:
        """While nothing gets through to anybody all waits; what one conversation puts off, not for ever."""
        delivery, wait = done.ready.delivery, wait_after(done.outcome, done.ready.delivery.attempts)
        tried_out = delivery.attempts + 1 >= MOST_TRIES
        if done.token_refused:
            tell_of_token(tx, self._clock())
        elif tried_out and outbox.anything_sent_since(tx, self._clock() - GETS_THROUGH):
            self._give_up(tx, done, "failed")
            return
        outbox.put_back(tx, delivery.id, self._clock() + wait, done.reason, anew=tried_out)

    def _hold_if_asked(self, tx: Transaction, done: Sequence[Done]) -> None:
        """One conversation's limit keeps only its own message waiting; several at once are the tenant's limit."""
        refused = [one for one in done if one.outcome.status == 429]
        if len({(one.ready.delivery.person_id, one.ready.delivery.channel) for one in refused}) > 1:
            waits = [wait_after(one.outcome, one.ready.delivery.attempts) for one in refused]
            pacing.hold(tx, self._pace_clock() + min(*waits, LONGEST_HOLD))

    def _drop_address(self, tx: Transaction, done: Done) -> None:
        """A person's conversation is forgotten, and one that is gone is asked for anew, once.

        Where she has another by now, it was the one before that took nothing: the message goes to the new one.
        """
        delivery, person_id = done.ready.delivery, done.ready.delivery.person_id
        moved = person_id is not None and _has_moved(tx, done)
        if person_id is not None and not moved:
            conversations.forget(tx, person_id)
        gone = done.fate == "gone" and done.ready.address is not None and person_id is not None
        if moved or gone:
            outbox.put_back(tx, delivery.id, self._clock(), done.reason)
        else:
            self._give_up(tx, done, "failed")

    def _give_up(self, tx: Transaction, done: Done, state: DeliveryState) -> None:
        delivery = done.ready.delivery
        waits = state == "failed" and delivery.person_id is not None and done.not_reached
        outbox.settle(tx, delivery.id, state, reason=done.reason, missed=waits)
        log.warning("delivery %s %s: %s", delivery.id, state, done.reason)
        if delivery.channel is not None and state == "failed":
            self._tell_the_team(tx, delivery)
            if conversations.refused(tx, delivery.channel, done.reason, self._clock()):
                tell_of_channel(tx, self._clock())

    def _tell_the_team(self, tx: Transaction, delivery: Delivery) -> None:
        """What the team's channel did not take goes to each of the team instead: an alert must reach somebody."""
        for person in people.with_role(tx, Role.QUALITY):
            outbox.queue(
                tx,
                f"{delivery.key}:{person.key}",
                delivery.message,
                self._clock(),
                person_id=person.id,
                urgent=True,
            )


def _has_moved(tx: Transaction, done: Done) -> bool:
    """Whether the person has got another account, or is known to be elsewhere, since the message was written."""
    known = conversations.address_of(tx, person_id=done.ready.delivery.person_id)
    return not _is_same_account(tx, done) or (
        known is not None and known not in (done.ready.address, done.opened)
    )


def _is_same_account(tx: Transaction, done: Done) -> bool:
    """Whether the person is still the one for whom the conversation was opened."""
    asked = done.ready.person
    now = people.by_id(tx, asked.id) if asked else None
    return (
        asked is not None and now is not None and (now.teams_id, now.tenant) == (asked.teams_id, asked.tenant)
    )
