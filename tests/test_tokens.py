"""Keys that change and servers that are down or slow: whose tokens are good, and how the bot gets its own."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from yarl import URL

from bot.clock import ManualClock
from bot.ingress import Caller, NotLetInError, TokenCheck
from bot.keys import Key, KeySet, KeysUnavailableError, read_keys
from bot.token import KeptToken, managed_identity
from storage.engine.database import Database
from tests.support.builders import aad, at
from tests.support.edge import NOVEMBER, Edge, at_the_edge
from tests.support.key_server import APP_ID, FIRST, TENANT, KeyServer, key_server

ANNA, OTHER = aad("anna"), "22222222-3333-4444-5555-666666666666"
OK, UNAUTHORIZED, UNAVAILABLE = 200, 401, 503


@pytest.fixture
async def edge(municipality: Database) -> AsyncIterator[Edge]:
    async with at_the_edge(municipality, sends=False) as opened:
        yield opened


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(at(NOVEMBER))


@pytest.fixture
async def server(clock: ManualClock) -> AsyncIterator[KeyServer]:
    async with key_server(clock) as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


def pass_time(clock: ManualClock, **time: float) -> None:
    clock.move_to(clock() + timedelta(**time))


async def status(edge: Edge, **claims: Any) -> int:
    """What somebody with a new token is answered."""
    return (await edge.post(edge.text(), token=edge.server.token(**claims))).status


async def is_ready(edge: Edge) -> int:
    """After a look of the probe."""
    await edge.bot.probe.look()
    return (await edge.get("/ready")).status


async def test_a_new_key_is_good_at_once_after_one_fetch(edge: Edge) -> None:
    assert await status(edge) == OK
    pass_time(edge.clock, hours=3)
    edge.server.publish("second")
    assert await status(edge, key="second") == OK
    assert await status(edge, key="second", nbf=None) == OK
    assert edge.server.fetches == 2


async def test_a_key_that_is_taken_back_is_no_longer_good(edge: Edge) -> None:
    assert await status(edge) == OK
    pass_time(edge.clock, hours=3)
    edge.server.publish("second")
    assert await status(edge, key="second") == OK
    assert await status(edge) == UNAUTHORIZED


async def test_made_up_key_ids_cause_one_fetch_a_minute(edge: Edge) -> None:
    assert await status(edge) == OK
    made_up = [edge.server.token(kid=f"made-up-{number}") for number in range(20)]
    for minute in range(3):
        answers = await asyncio.gather(*(edge.post(edge.text(), token=token) for token in made_up))
        assert {answer.status for answer in answers} == {UNAUTHORIZED}
        assert edge.server.fetches == 1 + minute
        pass_time(edge.clock, seconds=61)
    assert await status(edge) == OK


async def test_many_at_once_cause_one_fetch(edge: Edge) -> None:
    edge.server.gate.clear()
    waiting = [asyncio.create_task(status(edge)) for _ in range(30)]
    await asyncio.sleep(0.1)
    edge.server.gate.set()
    assert set(await asyncio.gather(*waiting)) == {OK}
    assert edge.server.fetches == 1


async def test_keys_are_fetched_anew_after_a_day(edge: Edge) -> None:
    assert await status(edge) == OK
    pass_time(edge.clock, hours=23)
    assert await status(edge) == OK
    assert edge.server.fetches == 1
    pass_time(edge.clock, hours=2)
    assert await status(edge) == OK
    assert edge.server.fetches == 2


async def test_a_key_server_that_is_down_at_the_start_makes_the_bot_wait_for_it(edge: Edge) -> None:
    edge.server.down = True
    assert await status(edge) == UNAVAILABLE
    assert await is_ready(edge) == UNAVAILABLE
    assert edge.server.fetches == 1
    edge.server.down = False
    pass_time(edge.clock, seconds=61)
    assert await is_ready(edge) == OK
    assert await status(edge) == OK


async def test_a_key_server_that_goes_down_later_is_not_missed(edge: Edge) -> None:
    assert await status(edge) == OK
    edge.server.down = True
    for _ in range(4):
        pass_time(edge.clock, hours=13)
        assert await status(edge) == OK
    assert await is_ready(edge) == OK
    assert await status(edge, kid="unknown") == UNAUTHORIZED


@pytest.mark.parametrize(
    "document",
    [{}, {"keys": []}, {"keys": [{"kid": "x"}]}, {"keys": [7]}, [], "x", None, {"keys": {"kid": FIRST}}],
)
async def test_a_key_server_that_talks_nonsense_costs_us_no_keys(edge: Edge, document: Any) -> None:
    assert await status(edge) == OK
    edge.server.document = document
    pass_time(edge.clock, hours=25)
    assert await status(edge) == OK
    assert edge.server.fetches == 2


def test_keys_of_other_kinds_and_broken_ones_cost_us_no_good_ones() -> None:
    good = KeyServer(ManualClock(at(NOVEMBER))).document["keys"][0]
    curve = {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "curve"}
    odd = [curve, {"kty": "RSA", "kid": "empty"}, {"kty": "RSA", "kid": "half", "e": "AQAB", "n": "!"}]
    secret, nameless = {"kty": "oct", "k": "c2VjcmV0", "kid": "secret"}, {**good, "kid": ""}
    assert list(read_keys({"keys": [*odd, secret, nameless, good]})) == [FIRST]


async def test_a_slow_key_server_holds_nobody_else_up(edge: Edge) -> None:
    edge.server.gate.clear()
    waiting = asyncio.create_task(status(edge))
    async with asyncio.timeout(2):
        assert (await edge.get("/health")).status == OK
        assert (await edge.send(json=edge.text())).status == UNAUTHORIZED
    assert not waiting.done()
    edge.server.gate.set()
    assert await waiting == OK


async def test_a_key_server_that_never_answers_is_given_up(
    server: KeyServer, session: aiohttp.ClientSession, clock: ManualClock
) -> None:
    server.gate.clear()
    keys = KeySet(session, f"{server.url}/keys", clock, patience=aiohttp.ClientTimeout(total=0.05))
    with pytest.raises(KeysUnavailableError):
        await keys.find(FIRST)
    assert not await keys.load()
    server.gate.set()
    pass_time(clock, seconds=61)
    assert await keys.find(FIRST) is not None


async def test_a_clock_that_was_ahead_keeps_neither_keys_nor_tokens_until_it_would_be_there(
    server: KeyServer, session: aiohttp.ClientSession, clock: ManualClock
) -> None:
    right = clock()
    now = [right + timedelta(days=30)]
    keys = KeySet(session, f"{server.url}/keys", lambda: now[0])
    environment = {"IDENTITY_ENDPOINT": f"{server.url}/identity"}
    ask = managed_identity(session, lambda: now[0], app_id=APP_ID, environment=environment)
    token = KeptToken(ask, lambda: now[0])
    server.down = True
    assert not await keys.load()
    server.down = False
    given = await token(await token())
    now[0] = right
    assert await keys.load()
    again = await token(given)
    assert again not in (None, given)
    assert await token() == again


@pytest.mark.parametrize(
    ("claim", "minutes", "answered"),
    [
        ("exp", -4, OK),
        ("exp", -6, UNAUTHORIZED),
        ("nbf", 4, OK),
        ("nbf", 6, UNAUTHORIZED),
    ],
)
async def test_clocks_may_differ_by_five_minutes(edge: Edge, claim: str, minutes: int, answered: int) -> None:
    moment = edge.clock() + timedelta(minutes=minutes)
    assert await status(edge, **{claim: int(moment.timestamp())}) == answered


@pytest.mark.parametrize("year", [2019, 2099])
async def test_the_bots_own_clock_is_the_one_that_counts(municipality: Database, year: int) -> None:
    async with at_the_edge(municipality, f"{year}-05-02 08:00", sends=False) as edge:
        assert await status(edge) == OK


async def test_a_token_issued_ahead_of_our_clock_is_good(edge: Edge) -> None:
    issued = edge.clock() + timedelta(minutes=4)
    assert await status(edge, iat=int(issued.timestamp())) == OK


class CountingKeys(KeySet):
    """Tells how often a signature was checked: it takes a key."""

    looked_up = 0

    async def find(self, key_id: str) -> Key | None:
        self.looked_up += 1
        return await super().find(key_id)


async def test_a_token_is_checked_once_and_good_until_it_ends(
    server: KeyServer, session: aiohttp.ClientSession, clock: ManualClock
) -> None:
    keys = CountingKeys(session, f"{server.url}/keys", clock)
    check = TokenCheck(keys, clock, app_id=APP_ID, tenants=frozenset({TENANT}), first_tenant=TENANT)
    caller = Caller(f"Bearer {server.token()}", server.service_url, "msteams", TENANT, ANNA)
    for minutes in (0, 30, 30, 4.9):
        pass_time(clock, minutes=minutes)
        await check.let_in(caller)
    assert keys.looked_up == 1
    pass_time(clock, minutes=0.2)
    for _ in range(2):
        with pytest.raises(NotLetInError) as refused:
            await check.let_in(caller)
        assert refused.value.status == UNAUTHORIZED


async def test_a_remembered_token_opens_no_other_door(
    server: KeyServer, session: aiohttp.ClientSession, clock: ManualClock
) -> None:
    keys = CountingKeys(session, f"{server.url}/keys", clock)
    check = TokenCheck(keys, clock, app_id=APP_ID, tenants=frozenset({TENANT}), first_tenant=TENANT)
    token = f"Bearer {server.token()}"
    await check.let_in(Caller(token, server.service_url, "msteams", TENANT, ANNA))
    for caller, expected in (
        (Caller(token, "https://evil.example/", "msteams", TENANT, ANNA), 403),
        (Caller(token, server.service_url, "msteams", "another", ANNA), 403),
        (Caller(token, server.service_url, "webchat", TENANT, ANNA), 401),
        (Caller(f"{token}x", server.service_url, "msteams", TENANT, ANNA), 401),
    ):
        with pytest.raises(NotLetInError) as refused:
            await check.let_in(caller)
        assert refused.value.status == expected


async def test_more_than_one_tenant_may_be_let_in(
    server: KeyServer, session: aiohttp.ClientSession, clock: ManualClock
) -> None:
    keys = KeySet(session, f"{server.url}/keys", clock)
    check = TokenCheck(keys, clock, app_id=APP_ID, tenants=frozenset({TENANT, OTHER}), first_tenant=TENANT)
    await check.let_in(Caller(f"bearer {server.token()}", server.service_url, "msteams", OTHER, ANNA))


def tokens_sent(edge: Edge) -> list[str]:
    return [sent.headers["Authorization"] for sent in edge.server.sent]


async def test_the_bots_own_token_is_asked_for_once_for_many_sends(edge: Edge) -> None:
    for _ in range(5):
        assert await status(edge) == OK
    await asyncio.gather(*(status(edge) for _ in range(5)))
    assert tokens_sent(edge) == ["Bearer token-1"] * 10
    (asked,) = edge.server.asked
    assert asked.body == {
        "grant_type": "client_credentials",
        "client_id": APP_ID,
        "client_secret": "secret",
        "scope": "https://api.botframework.com/.default",
    }


async def test_the_first_sends_at_once_ask_for_one_token(
    server: KeyServer, session: aiohttp.ClientSession, clock: ManualClock
) -> None:
    environment = {"IDENTITY_ENDPOINT": f"{server.url}/identity"}
    token = KeptToken(managed_identity(session, clock, app_id=APP_ID, environment=environment), clock)
    assert await asyncio.gather(*(token() for _ in range(5))) == ["token-1"] * 5


async def test_what_is_sent_unasked_and_what_is_answered_share_one_token(municipality: Database) -> None:
    async with at_the_edge(municipality) as edge:
        assert await status(edge) == OK
    # Two are asked, two get the digest, what is late in it, each in a conversation of its own, one is answered
    assert tokens_sent(edge) == ["Bearer token-1"] * 9
    assert len(edge.server.asked) == 1


async def test_the_bots_own_token_is_renewed_before_it_ends(edge: Edge) -> None:
    await status(edge)
    pass_time(edge.clock, minutes=54)
    await status(edge)
    pass_time(edge.clock, minutes=2)
    await status(edge)
    assert tokens_sent(edge) == ["Bearer token-1", "Bearer token-1", "Bearer token-2"]


async def test_the_old_token_is_kept_while_a_new_one_cannot_be_had(edge: Edge) -> None:
    """And the login host is not asked for each message that is sent meanwhile."""
    await status(edge)
    pass_time(edge.clock, minutes=56)
    edge.server.down = True
    for _ in range(5):
        assert await status(edge) == OK
    assert tokens_sent(edge) == ["Bearer token-1"] * 6
    assert len(edge.server.asked) == 2
    edge.server.down = False
    pass_time(edge.clock, seconds=31)
    await status(edge)
    assert tokens_sent(edge)[-1] == "Bearer token-3"


async def test_without_any_token_the_turn_is_taken_all_the_same(edge: Edge) -> None:
    """What was handed in is stored; only the answer does not get through."""
    assert await status(edge) == OK
    edge.server.down = True
    pass_time(edge.clock, minutes=61)
    before = edge.rows()
    assert await status(edge) == OK
    assert edge.rows()["handled"] == before["handled"] + 1
    assert len(edge.server.sent) == 1


async def test_a_token_that_hardly_lives_is_not_asked_for_with_every_send(edge: Edge) -> None:
    edge.server.token_lives = 120
    for _ in range(3):
        await status(edge)
    assert len(edge.server.asked) == 1


async def test_a_managed_identity_asks_app_services_own_endpoint(
    server: KeyServer, session: aiohttp.ClientSession, clock: ManualClock
) -> None:
    environment = {"IDENTITY_ENDPOINT": f"{server.url}/identity", "IDENTITY_HEADER": "of this machine"}
    token = KeptToken(managed_identity(session, clock, app_id=APP_ID, environment=environment), clock)
    assert await token() == "token-1"
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("GET", "/identity")
    assert asked.query == {
        "api-version": "2019-08-01",
        "resource": "https://api.botframework.com",
        "client_id": APP_ID,
    }
    assert asked.headers["X-IDENTITY-HEADER"] == "of this machine"
    assert "Metadata" not in asked.headers
    pass_time(clock, minutes=56)
    assert await token() == "token-2"


async def test_a_managed_identity_elsewhere_asks_the_metadata_service(
    server: KeyServer, clock: ManualClock
) -> None:
    """Its address is the same on every machine, so that here a proxy stands in for it."""
    async with aiohttp.ClientSession(proxy=URL(server.url)) as session:
        token = KeptToken(managed_identity(session, clock, app_id=APP_ID, environment={}), clock)
        assert await token() == "token-1"
    (asked,) = server.asked
    assert asked.headers["Host"] == "169.254.169.254"
    assert (asked.method, asked.path) == ("GET", "/metadata/identity/oauth2/token")
    assert asked.query == {
        "api-version": "2018-02-01",
        "resource": "https://api.botframework.com",
        "client_id": APP_ID,
    }
    assert asked.headers["Metadata"] == "true"
    assert "X-IDENTITY-HEADER" not in asked.headers
