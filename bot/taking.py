"""What of the outbox goes now: drawn beside the writer; settled, claimed and begun in its transactions."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import answered
from bot.beginning import Reserved, StoredSlot
from bot.drawing import Accompanied, Drawn, OneDrawn, ToWrite, Unsaid, draw_all, draw_one, is_as_drawn
from bot.posting import Done, ReadyMessage, Sender
from followup.access.municipality import Municipality
from storage.engine.database import Transaction
from storage.log import access_log
from storage.messages import claiming, counting, leases, ledger, pacing, queueing, settling, waiting
from storage.messages.claiming import Chunk
from storage.messages.delivery import Delivery
from storage.messages.leases import AHEAD_AT_MOST
from storage.messages.pacing import Pace

READ_AGAIN = timedelta(minutes=1)
Trusts = Callable[[Transaction, datetime], datetime]


@dataclass(frozen=True)
class Room:
    """How many more may be claimed, and of them begin at once: the others wait for their slots, and are in no doubt."""

    most: int
    at_once: int


@dataclass(frozen=True)
class Going:
    """A claimed message with its slot; what goes at once has begun."""

    ready: ReadyMessage
    slot: datetime
    begun: bool


@dataclass(frozen=True)
class Claimed:
    """Messages to send now, and when more may be claimed, where the pace holds them back.

    `more` where more could have gone, had it been drawn.
    """

    going: tuple[Going, ...]
    resume_at: datetime | None
    more: bool


@dataclass
class Taker:
    """`clock` says what is due, `pace_clock` is the real time that the connector's limits are counted in.

    `trusts` says until when the clock is known to be right.
    """

    clock: Callable[[], datetime]
    pace_clock: Callable[[], datetime]
    per_second: float
    sender: Sender
    owner: str
    trusts: Trusts
    municipality: Municipality
    # The latest moment that this process has written.
    latest: datetime | None = None

    def make_room(self, tx: Transaction) -> None:
        """An answer that goes out by itself takes its place in the tenant's stream."""
        pacing.take_for_reply(tx, self.pace_clock(), self.per_second)

    def next_due(self, tx: Transaction) -> datetime | None:
        """None also while what is due waits for the clock to be confirmed: then it is looked again in a while."""
        now = self.clock()
        return counting.next_due(tx) if self.trusts(tx, now) == now else None

    def owe_rest(self, tx: Transaction, chunk: Sequence[int]) -> None:
        """While the clock is doubted nothing goes, and what does not is found when somebody has confirmed it."""
        now = self.clock()
        if self.trusts(tx, now) == now:
            queueing.owe_rest(tx, chunk, now)

    @property
    def may_have_been_ahead(self) -> bool:
        """At the first look, too: the process before this one may have had a clock that was ahead."""
        return self.latest is None or self.clock() < self.latest - AHEAD_AT_MOST

    def clock_went_back(self, tx: Transaction) -> datetime:
        """The moment that it has gone back to, once that is stored."""
        now = self.clock()
        leases.clock_went_back(tx, now)
        # What one that died may have said is known before anything is drawn.
        leases.expire_leases(tx, now)
        return now

    def draw_due(self, tx: Transaction, room: Room, chunk: Chunk) -> list[OneDrawn]:
        """What may go now, drawn from what is stored at this moment; nothing is written."""
        now = self.clock()
        trusted = self.trusts(tx, now)
        pace = pacing.look_at_pace(tx, self.pace_clock(), self.per_second, room.at_once)
        due = pacing.may_go(tx, pace, now, room.most, trusted, chunk)
        return draw_all(tx, due, now, self.municipality, self.sender, trusted=trusted)

    def settle(self, tx: Transaction, done: Sequence[Done]) -> None:
        """Stores what has been answered for, and no more."""
        self._settle(tx, done, self.clock())

    def put_in_doubt(self, tx: Transaction, one: Done) -> None:
        """In its place, where that can never be stored."""
        answered.put_in_doubt(tx, one, self.owner, self.clock())

    def turn_over(
        self, tx: Transaction, done: Sequence[Done], drawn: Sequence[OneDrawn], room: Room, chunk: Chunk
    ) -> Claimed:
        """Settles what has been answered for and claims of what was drawn, in one transaction that draws nothing."""
        now = self.clock()
        self._settle(tx, done, now)
        self.latest = max(self.latest or now, now)
        leases.expire_leases(tx, now)
        if not room.most:
            return Claimed((), None, more=False)
        pace = pacing.open_pace(tx, self.pace_clock(), self.per_second, room.at_once)
        sayable = self._sayable(tx, drawn, now)
        queueing.owe_again(tx, _urgent(one.delivery for one in drawn) - sayable.keys(), now)
        going = self._claim(tx, pace, sayable, now, room, chunk)
        ahead = bool(going) and pace.resume_at > pace.now
        resume_at = pace.resume_at if pace.held_back or ahead else None
        return Claimed(going, resume_at, more=pace.undrawn or len(going) == room.most)

    def begin(
        self, tx: Transaction, done: Sequence[Done], reserved: Sequence[Reserved]
    ) -> list[StoredSlot | None]:
        """That they begin now, where it is their turn yet, and what has been answered for meanwhile."""
        self._settle(tx, done, self.clock())
        now = self.pace_clock()
        # One that had to open its conversation is as late as that took, and the first there.
        paced = [one for one in reserved if one.ready.address is not None]
        slots = pacing.slots_now(tx, [(one.ready.delivery, one.slot) for one in paced], now, self.per_second)
        slot_of = dict(zip(paced, slots, strict=True))
        return [self._begin(tx, one, slot_of.get(one, one.slot), now) for one in reserved]

    def _begin(
        self, tx: Transaction, one: Reserved, slot: datetime | None, now: datetime
    ) -> StoredSlot | None:
        if slot is None:
            return None
        if slot != one.slot and slot > now + pacing.TOGETHER:
            return StoredSlot(slot, begun=False)
        return StoredSlot(slot, begun=True) if self._start(tx, one.ready) else None

    def _start(self, tx: Transaction, ready: ReadyMessage) -> bool:
        return claiming.start(tx, [one.id for one in ready.each], self.owner, self.clock())

    def _settle(self, tx: Transaction, done: Sequence[Done], now: datetime) -> None:
        for one in done:
            if answered.settle(tx, one, self.owner, now):
                answered.settle_riders(tx, one, self.owner)
        answered.hold_if_asked(tx, done, self.pace_clock())
        queueing.owe_again(tx, _urgent(one.ready.delivery for one in done), now)

    def _claim(
        self,
        tx: Transaction,
        pace: Pace,
        sayable: dict[int, Drawn],
        now: datetime,
        room: Room,
        chunk: Chunk,
    ) -> tuple[Going, ...]:
        """Each with its slot, and begun where it goes at once; one that has to open its conversation first is not."""
        wanted = {delivery_id: one.delivery for delivery_id, one in sayable.items()}
        riding = {rider.id for one in sayable.values() for rider in one.ready.riders}
        going, trusted = [], self.trusts(tx, now)
        for delivery, slot in pacing.claim(
            tx, pace, self.owner, now, room.most, wanted, trusted, chunk, riding
        ):
            one = sayable[delivery.id]
            for rider in one.ready.riders:
                claiming.reserve(tx, rider, self.owner, now, slot)
            for entry in one.unlogged:
                access_log.write(tx, entry)
            at_once = one.ready.address is not None and pace.goes_at_once(slot)
            going.append(Going(one.ready, slot, at_once and self._start(tx, one.ready)))
        return tuple(going)

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
            elif is_as_drawn(tx, here, now, self.sender):
                sayable[here.delivery.id] = here
        return sayable

    def _write(self, tx: Transaction, one: ToWrite, now: datetime) -> Drawn | Unsaid:
        riders = [rider for rider in one.riders if ledger.get(tx, rider.id) == rider]
        return draw_one(tx, one.delivery, riders, now, self.municipality, self.sender)

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


def _urgent(tried: Iterable[Delivery]) -> set[int]:
    return {one.id for one in tried if one.urgent}
