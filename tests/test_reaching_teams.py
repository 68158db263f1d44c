"""What `check --teams` says of the way to Teams: one thing wrong at a time, several at once, and nothing sent."""

import json
from collections.abc import AsyncIterator

import aiohttp
import jwt
import pytest

from bot.app import asking
from bot.reaching_teams import faults_in_teams
from bot.settings import Settings
from storage.engine.database import Database
from storage.engine.vault import new_key
from storage.messages.conversations import Address
from tests.support.edge import Edge, at_the_edge
from tests.support.key_server import APP_ID, TENANT
from tests.test_commands import Shell, shell  # noqa: F401 - a fixture.
from texts.catalogue import LANGUAGES, Texts

CHANNEL = "19:kvalitet@thread.tacv2"
SECRET = "en-hemlighet-som-ingen-ser"


@pytest.fixture
async def edge(municipality: Database) -> AsyncIterator[Edge]:
    async with at_the_edge(municipality, sends=False) as edge:
        edge.server.access_token = _token(tid=TENANT, appid=APP_ID)
        yield edge


def _token(**claims: str) -> str:
    return jwt.encode(claims, "x" * 32, algorithm="HS256")


async def found(
    edge: Edge, *, address: str = "", channel: Address | None = None, known: bool = True
) -> list[str]:
    """The ids of what is wrong; the bot at its own address, which is https where it is for real."""
    settings = Settings(
        app_id=APP_ID,
        app_password=SECRET,
        tenant_id=TENANT,
        keys=new_key(),
        keys_url=f"{edge.server.url}/keys",
        login_url=edge.server.url,
        database_url=edge.database.url,
    ).model_copy(update={"public_address": address or edge.address})
    place = (channel or Address(CHANNEL, edge.server.service_url)) if known else None
    async with aiohttp.ClientSession() as session:
        ask = asking(settings, edge.clock, session)
        faults = await faults_in_teams(settings, place, session, ask, edge.clock)
    told = [Texts(language).say(one) for one in faults for language in LANGUAGES]
    assert SECRET not in str(told)
    return [one.id.removeprefix("check.teams.") for one in faults]


async def test_where_everything_fits_nothing_is_said_and_nothing_was_sent(edge: Edge) -> None:
    edge.server.refuses = 200
    before = edge.rows()
    assert await found(edge) == []
    assert [(call.method, call.path.rpartition("/")[2]) for call in edge.server.sent] == [
        ("GET", "pagedmembers")
    ]
    assert edge.rows() == before


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("AADSTS700016", "app_unknown"),
        ("AADSTS90002", "tenant_unknown"),
        ("AADSTS7000215", "password_wrong"),
        ("AADSTS7000222", "password_old"),
        ("AADSTS50034", "refused"),
    ],
)
async def test_what_entra_has_against_the_registration_is_said_in_words(
    edge: Edge, number: str, fault: str
) -> None:
    edge.server.gives_no_token = number
    assert await found(edge) == [fault]
    assert edge.server.sent == []


@pytest.mark.parametrize(
    ("claims", "faults"),
    [
        ({"tid": "another", "appid": APP_ID}, ["other_tid"]),
        ({"tid": TENANT, "appid": "another"}, ["other_appid"]),
        ({"tid": TENANT.upper(), "appid": APP_ID.upper()}, []),
        ({}, ["other_tid", "other_appid"]),
    ],
)
async def test_a_token_of_another_registration_or_tenant_is_told(
    edge: Edge, claims: dict[str, str], faults: list[str]
) -> None:
    edge.server.refuses, edge.server.access_token = 200, _token(**claims)
    assert await found(edge) == faults


async def test_a_token_that_cannot_be_read_proves_nothing(edge: Edge) -> None:
    edge.server.refuses, edge.server.access_token = 200, "token"
    assert await found(edge) == ["token_unread"]


async def test_what_does_not_answer_is_told_all_at_once(edge: Edge) -> None:
    edge.server.down = True
    nowhere = "http://127.0.0.1:1"
    assert await found(edge, address=nowhere, known=False) == [
        "refused",
        "no_keys",
        "not_reached",
        "no_channel",
    ]


async def test_whoever_else_answers_at_the_address_is_not_the_bot(edge: Edge) -> None:
    edge.server.refuses = 200
    assert await found(edge, address=edge.server.url) == ["not_the_bot"]


async def test_a_server_without_a_certificate_is_told_apart_from_none(edge: Edge) -> None:
    edge.server.refuses = 200
    assert await found(edge, address=edge.address.replace("http:", "https:")) == ["certificate"]


@pytest.mark.parametrize(
    ("status", "fault"), [(401, "not_registered"), (403, "not_in_channel"), (404, "not_in_channel")]
)
async def test_a_channel_that_the_bot_is_not_in_is_told(edge: Edge, status: int, fault: str) -> None:
    edge.server.refuses = status
    assert await found(edge) == [fault]


async def test_a_connector_that_is_away_or_hangs_up_is_told(edge: Edge) -> None:
    away = Address(CHANNEL, "http://127.0.0.1:1/teams/")
    assert await found(edge, channel=away) == ["connector_lost"]
    edge.server.hangs_up = True
    assert await found(edge) == ["connector_lost"]


def test_the_command_says_it_with_the_rest_and_where_it_is_mended(shell: Shell) -> None:  # noqa: F811
    assert shell.run("check").exit_code == 0
    looked = shell.run("check", "--teams", "--json")
    assert looked.exit_code == 3
    told = json.loads(looked.stdout)
    assert told["faults"] == [Texts("sv")("check.teams.local")]
    assert told["problem"].endswith(Texts("sv")("cli.check.remedy.teams"))
