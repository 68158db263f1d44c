"""Messages begin just before their slots: together where those come together, and no more than may be in doubt."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import aiohttp
import pytest
from sqlalchemy.exc import OperationalError

from bot.beginning import Beginnings, Reserved, StoredSlot
from bot.connector import Connector, Json, Outcome
from bot.delivery import Deliverer, DeliveryLimits
from bot.posting import ReadyMessage, Sender
from bot.token import no_token
from followup.messages.operation import TokenRefused
from storage.engine.database import Database
from storage.messages import claiming, conversations, doubts, leases, ledger, queueing
from storage.messages.conversations import Address
from storage.messages.pacing import AHEAD
from tests.support.builders import Register, at

NOW = at("2026-11-02 08:00")
A_LITTLE = timedelta(milliseconds=10)
SENDER = Sender("28:bot", "lokalt", "http://127.0.0.1/teams/")


class Stores:
    """Remembers which began together, and when; what it is told to keep back is not stored before it may."""

    def __init__(self) -> None:
        self.together: list[list[int]] = []
        self.fails = False
        self.may = asyncio.Event()
        self.may.set()

    async def __call__(self, reserved: Sequence[Reserved]) -> Sequence[StoredSlot | None]:
        self.together.append([one.ready.delivery.id for one in reserved])
        await self.may.wait()
        if self.fails:
            raise ValueError("nobody thought of that")
        return [StoredSlot(one.slot, begun=True) for one in reserved]


def messages(database: Database, number: int, urgent: Sequence[int] = ()) -> list[ReadyMessage]:
    with database.transaction() as tx:
        for each in range(number):
            queueing.queue(tx, f"one:{each}", TokenRefused(NOW), NOW, channel="quality")
        due = claiming.due(tx, NOW, number)
    asked = [replace(one, urgent=at in urgent) for at, one in enumerate(due)]
    return [ReadyMessage(one, {}, Address("a:1", SENDER.service_url), None) for one in asked]


def begun_at(beginnings: Beginnings, ready: ReadyMessage, slot: datetime) -> asyncio.Task[datetime | None]:
    return asyncio.create_task(beginnings.begin(ready, slot))


async def test_those_whose_slots_come_together_begin_in_one_transaction_and_a_later_one_at_its_own(
    database: Database,
) -> None:
    first, second, later = messages(database, 3)
    stores, clock = Stores(), asyncio.get_running_loop().time
    started = clock()
    beginnings = Beginnings(stores, lambda: NOW, 10)
    slots = [NOW, NOW + A_LITTLE, NOW + 10 * A_LITTLE]
    waiting = [begun_at(beginnings, *each) for each in zip((first, second, later), slots, strict=True)]
    assert await asyncio.gather(*waiting) == slots
    assert stores.together == [[first.delivery.id, second.delivery.id], [later.delivery.id]]
    assert clock() - started >= (slots[-1] - NOW).total_seconds()


async def test_one_whose_slot_the_clock_has_gone_back_from_does_not_wait_until_it_has_come_so_far_again(
    database: Database,
) -> None:
    first, waits = messages(database, 2)
    clock = [NOW]
    beginnings = Beginnings(Stores(), lambda: clock[0], 10)
    assert await beginnings.begin(first, NOW) == NOW
    waiting = begun_at(beginnings, waits, NOW + AHEAD)
    await asyncio.sleep(0)
    clock[0] -= timedelta(hours=1)
    beginnings.has_ended(first)
    assert await asyncio.wait_for(waiting, 2 * AHEAD.total_seconds()) == NOW + AHEAD


async def test_no_more_are_under_way_than_may_be_in_doubt_and_the_urgent_goes_before_who_waits(
    database: Database,
) -> None:
    first, usual, urgent = messages(database, 3, urgent=[2])
    stores = Stores()
    beginnings = Beginnings(stores, lambda: NOW, 1)
    assert await beginnings.begin(first, NOW) == NOW
    waiting = [begun_at(beginnings, one, NOW) for one in (usual, urgent)]
    await asyncio.sleep(0)
    assert (beginnings.room, stores.together) == (0, [[first.delivery.id]])
    beginnings.has_ended(first)
    assert await waiting[1] == NOW
    beginnings.has_ended(urgent)
    assert await waiting[0] == NOW
    assert [one for [one] in stores.together] == [each.delivery.id for each in (first, urgent, usual)]


async def test_what_has_not_begun_when_the_bot_stops_does_not_go_and_what_is_being_stored_does(
    database: Database,
) -> None:
    stored, waits = messages(database, 2)
    stores = Stores()
    stores.may.clear()
    beginnings = Beginnings(stores, lambda: NOW, 10)
    waiting = [begun_at(beginnings, stored, NOW)]
    while not stores.together:
        await asyncio.sleep(0)
    waiting.append(begun_at(beginnings, waits, NOW))
    await asyncio.sleep(0)
    beginnings.close()
    stores.may.set()
    assert await asyncio.gather(*waiting) == [NOW, None]
    assert await beginnings.begin(waits, NOW) is None


async def test_what_cannot_be_stored_does_not_go_whatever_it_was(database: Database) -> None:
    stores = Stores()
    stores.fails = True
    beginnings = Beginnings(stores, lambda: NOW, 10)
    assert [await beginnings.begin(one, NOW) for one in messages(database, 2)] == [None, None]
    assert beginnings.room == 10


class Counted(Database):
    """Remembers what asked for a transaction."""

    asked: list[str]

    async def run(self, work, *given, **named):  # type: ignore[no-untyped-def]
        self.asked.append(work.__name__)
        return await super().run(work, *given, **named)


class Taking(Connector):
    """Takes every message at once."""

    async def send(self, service_url: str, conversation_id: str, activity: Json) -> Outcome:
        return Outcome(201, {"id": conversation_id})


def queue_to(database: Database, people: int) -> None:
    with database.transaction() as tx:
        register = Register(tx)
        for number in range(people):
            person_id = register.person(f"p{number}", "admin")
            conversations.remember(tx, Address(f"a:{number}", "http://x/"), NOW, person_id=person_id)
            queueing.queue(tx, f"one:{number}", TokenRefused(NOW), NOW, person_id=person_id)


async def test_those_who_may_go_at_once_begin_in_the_transaction_that_claims_them(
    database: Database,
) -> None:
    queue_to(database, 12)
    counted = Counted(database.url, database.vault)
    counted.asked = []
    async with aiohttp.ClientSession() as session:
        limits = DeliveryLimits(in_flight=20, per_second=1000.0)
        connector = Taking(session, no_token)
        deliverer = Deliverer(
            counted, connector, lambda: NOW, SENDER, "me", pace_clock=lambda: NOW, limits=limits
        )
        assert [await deliverer.drain(), await deliverer.drain()] == [12, 0]
    counted.close()
    assert set(counted.asked) == {"clock_went_back", "turn_over"}
    assert counted.asked.count("clock_went_back") == 1
    with database.transaction() as tx:
        assert {one.state for one in ledger.listed(tx, ("ready", "sending", "sent"))} == {"sent"}


class Late(Database):
    """Tells late that what was claimed is stored."""

    stored: asyncio.Event
    may_tell: asyncio.Event

    async def run(self, work, *given, **named):  # type: ignore[no-untyped-def]
        value = await super().run(work, *given, **named)
        if work.__name__ == "turn_over":
            self.stored.set()
            await self.may_tell.wait()
        return value


async def test_what_has_begun_is_said_though_whoever_began_it_is_given_up_before_it_is_told_so(
    database: Database,
) -> None:
    queue_to(database, 1)
    late = Late(database.url, database.vault)
    late.stored, late.may_tell = asyncio.Event(), asyncio.Event()
    async with aiohttp.ClientSession() as session:
        connector = Taking(session, no_token)
        deliverer = Deliverer(late, connector, lambda: NOW, SENDER, "me", pace_clock=lambda: NOW)
        given_up = asyncio.create_task(deliverer.drain())
        await late.stored.wait()
        given_up.cancel()
        await asyncio.wait({given_up})
        late.may_tell.set()
        assert (given_up.cancelled(), await deliverer.drain()) == (True, 1)
    late.close()


class Untold(Database):
    """Is not told, the first time, that what had been answered for was committed."""

    tells = False

    async def run(self, work, *given, **named):  # type: ignore[no-untyped-def]
        value = await super().run(work, *given, **named)
        if not self.tells and work.__name__ == "turn_over" and given[0]:
            self.tells = True
            raise OperationalError("commit", None, ConnectionError())
        return value


class Answers(Connector):
    """The first time by this status; what was asked is answered when that may be."""

    def __init__(self, session: aiohttp.ClientSession, status: int) -> None:
        super().__init__(session, no_token)
        self.statuses, self.asked, self.may = iter([status, 201]), 0, asyncio.Event()

    async def send(self, service_url: str, conversation_id: str, activity: Json) -> Outcome:
        self.asked += 1
        await self.may.wait()
        return Outcome(next(self.statuses), {"id": conversation_id}, 0.0)


async def test_what_became_of_a_try_is_not_said_of_the_next_where_the_commit_was_made_and_not_told(
    database: Database,
) -> None:
    queue_to(database, 1)
    untold, clock = Untold(database.url, database.vault), [NOW]
    async with aiohttp.ClientSession() as session:
        ours, theirs = Answers(session, 429), Answers(session, 201)
        one, other = (
            Deliverer(there, connector, lambda: clock[0], SENDER, owner, pace_clock=lambda: clock[0])
            for there, connector, owner in ((untold, ours, "one"), (database, theirs, "other"))
        )
        ours.may.set()
        with pytest.raises(OperationalError):
            await one.drain()
        clock[0] += timedelta(seconds=1)
        under_way = asyncio.create_task(other.drain())
        while not theirs.asked:
            await asyncio.sleep(0)
        await one.drain()
        theirs.may.set()
        assert (await under_way, ours.asked, theirs.asked) == (1, 1, 1)
    untold.close()


@pytest.mark.parametrize(("said_once_more", "then"), [(True, ("uncertain", 1)), (False, ("sent", 2))])
async def test_what_was_refused_after_its_lease_ran_out_is_tried_again_but_where_it_has_been_said_once_more(
    database: Database, said_once_more: bool, then: tuple[str, int]
) -> None:
    queue_to(database, 1)
    async with aiohttp.ClientSession() as session:
        slow = Answers(session, 429)
        deliverer = Deliverer(database, slow, lambda: NOW, SENDER, "one", pace_clock=lambda: NOW)
        under_way = asyncio.create_task(deliverer.drain())
        while not slow.asked:
            await asyncio.sleep(0)
        with database.transaction() as tx:
            leases.expire_leases(tx, NOW + timedelta(hours=1))
            [doubted] = ledger.listed(tx, ("uncertain",))
            if said_once_more:
                doubts.say_once_more(tx, doubted, NOW, NOW)
        slow.may.set()
        await under_way
    with database.transaction() as tx:
        found = ledger.get(tx, doubted.id)
    assert (found and found.state, slow.asked) == then
