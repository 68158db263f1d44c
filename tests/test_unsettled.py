"""What became of one message cannot be stored: it is in doubt, a person sees it, and the others go on."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import get_args

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy.exc import OperationalError

from bot.answered import UNSTORABLE
from bot.connector import Connector
from bot.delivery import Deliverer, DeliveryLimits
from bot.posting import Sender
from bot.token import no_token
from followup.messages.follow_ups import DateNear
from followup.messages.operation import TokenRefused
from storage.engine.database import Database, StorageError
from storage.messages import conversations, doubts, ledger, queueing
from storage.messages.conversations import Address
from storage.messages.delivery import DeliveryState
from tests.support.builders import Register, at
from tests.test_delivery import NOW as OFFICE_NOW
from tests.test_delivery import Office, office

__all__ = ["office"]
NOW = at("2026-11-02 08:00")


@asynccontextmanager
async def answering(ids: Sequence[str]) -> AsyncIterator[tuple[str, list[str]]]:
    """A connector that answers so, one after the other; gives where, and to whom it was asked to say something."""
    asked: list[str] = []
    left = iter(ids)

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.match_info["conversation"])
        return web.json_response({"id": next(left)}, status=201)

    app = web.Application()
    app.router.add_post("/v3/conversations/{conversation}/activities", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/", asked
    finally:
        await runner.cleanup()


@asynccontextmanager
async def delivering(database: Database, in_flight: int) -> AsyncIterator[Deliverer]:
    async with aiohttp.ClientSession() as session:
        yield Deliverer(
            database,
            Connector(session, no_token),
            lambda: NOW,
            Sender("28:bot", "lokalt", "http://127.0.0.1/"),
            "me",
            pace_clock=lambda: NOW,
            limits=DeliveryLimits(in_flight, 1000.0),
        )


@contextmanager
def refusing(database: Database, activity_id: str) -> Iterator[None]:
    """No two messages may have that id."""
    told = f"create unique index refuses on delivery (activity_id) where activity_id = '{activity_id}'"
    with database.transaction() as tx:
        tx.connection.exec_driver_sql(told)
    try:
        yield
    finally:
        with database.transaction() as tx:
            tx.connection.exec_driver_sql("drop index refuses")


def queue_to(database: Database, url: str, *keys: str) -> None:
    with database.transaction() as tx:
        register = Register(tx)
        for key in keys:
            person_id = register.person(key, "admin")
            conversations.remember(tx, Address(f"a:{key}", url), NOW, person_id=person_id)
            queueing.queue(tx, key, TokenRefused(NOW), NOW, person_id=person_id)


def states(database: Database) -> dict[str, tuple[str, str | None]]:
    with database.transaction() as tx:
        return {one.key: (one.state, one.reason) for one in ledger.listed(tx, get_args(DeliveryState))}


SENT, IN_DOUBT = ("sent", None), ("uncertain", UNSTORABLE)


@pytest.mark.parametrize("in_flight", [1, 10])
async def test_the_one_whose_answer_the_database_refuses_is_in_doubt_and_the_others_are_as_they_were_answered(
    database: Database, in_flight: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with answering(["same", "same", "other", "last"]) as (url, asked):
        queue_to(database, url, "one", "two", "three")
        with refusing(database, "same"):
            async with delivering(database, in_flight) as deliverer:
                assert await deliverer.drain() == 2
                queue_to(database, url, "four")
                assert await deliverer.drain() == 1
    found = states(database)
    assert sorted(found.values()) == sorted([SENT, SENT, SENT, IN_DOUBT])
    assert sorted(asked) == ["a:four", "a:one", "a:three", "a:two"]
    [told] = [one for one in caplog.records if "cannot be stored" in one.message]
    assert told.exc_info is not None
    with database.transaction() as tx:
        [doubted] = ledger.listed(tx, ("uncertain",))
        assert doubts.can_be_tried_again(tx, doubted)


async def test_all_that_went_in_one_message_are_in_doubt_with_it(office: Office) -> None:
    await office.without_the_bots_own_deliverer()
    async with answering(["same"]) as (url, asked):
        office.move(Address("a:karin", url))
        with refusing(office.database, "same"):
            dates = [DateNear(one, OFFICE_NOW.date()) for one in ("draft", "proposal")]
            together = [office.decide(one.occasion, message=one) for one in dates]
            async with office.another_deliverer() as deliverer:
                assert await deliverer.drain() == 0
    rows = [office.row(number) for number in together]
    assert ([(one.state, one.reason) for one in rows], asked) == ([IN_DOUBT] * 2, ["a:karin"])


class Away(Database):
    """Stores nothing of what has been answered for while it is gone."""

    gone = True

    async def run(self, work, *given, **named):  # type: ignore[no-untyped-def]
        if self.gone and given and given[0]:
            raise OperationalError("begin", None, ConnectionError())
        return await super().run(work, *given, **named)


async def test_while_the_database_stores_nothing_at_all_none_is_in_doubt_for_that(database: Database) -> None:
    async with answering(["1", "2"]) as (url, asked):
        queue_to(database, url, "one")
        away = Away(database.url, database.vault)
        async with delivering(away, 10) as deliverer:
            for _ in range(2):
                with pytest.raises(StorageError):
                    await deliverer.drain()
            away.gone = False
            assert await deliverer.drain() == 1
        away.close()
    assert (states(database), asked) == ({"one": SENT}, ["a:one"])
