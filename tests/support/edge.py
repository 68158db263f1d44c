"""The bot as it runs for a municipality, with Microsoft's part on loopback, and whoever wants to send it something."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from socket import socket
from typing import Any
from uuid import uuid4

import aiohttp

from bot.app import Bot, assembled, working
from bot.clock import ManualClock
from bot.listening import bound, listening, port_of
from bot.local.activities import Activity, Envelope
from bot.local.chats import LocalPerson
from bot.metrics import metrics_app
from bot.settings import LOOPBACK, Settings
from storage.engine.database import Database
from storage.engine.vault import new_key
from tests.support.builders import aad, at, sizes
from tests.support.key_server import APP_ID, TENANT, KeyServer, key_server

NOVEMBER = "2026-11-02 08:00"
BOT_ID = f"28:{APP_ID}"
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


@dataclass
class Edge:
    server: KeyServer
    clock: ManualClock
    database: Database
    bot: Bot
    session: aiohttp.ClientSession
    address: str
    metrics_address: str

    def client(self, key: str) -> Envelope:
        """The person's own chat in Teams."""
        person = LocalPerson(key, f"{key.capitalize()} Test", "", f"29:{key}", aad(key))
        return Envelope(person, person, TENANT, BOT_ID, self.server.service_url)

    def text(self, text: str = "Hej", *, key: str = "anna") -> Activity:
        return self.client(key).text(self.clock(), f"a:{key}", text, str(uuid4()))

    async def post(
        self, activity: Activity, *, token: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Sends it with a good token, unless another is given."""
        authorization = {"Authorization": f"Bearer {token or self.server.token()}"}
        return await self.send(json=activity, headers={**authorization, **(headers or {})})

    async def send(self, **request: Any) -> Answer:
        """A request as it stands."""
        async with self.session.post(f"{self.address}/api/messages", **request) as answer:
            return Answer(answer.status, await answer.read())

    async def get(self, path: str) -> Answer:
        async with self.session.get(f"{self.address}{path}") as answer:
            return Answer(answer.status, await answer.read())

    async def metrics(self) -> str:
        async with self.session.get(f"{self.metrics_address}/metrics") as answer:
            assert answer.status == 200
            return await answer.text()

    def rows(self) -> dict[str, int]:
        """How much there is in every table."""
        with self.database.transaction() as tx:
            return sizes(tx)


def unlogged(rows: Mapping[str, int]) -> dict[str, int]:
    """Without the access log and its signatures, which grow by every look."""
    return {name: count for name, count in rows.items() if not name.startswith(("access_log", "log_"))}


@asynccontextmanager
async def at_the_edge(
    database: Database, now: str = NOVEMBER, *, sends: bool = True, **given: Any
) -> AsyncIterator[Edge]:
    """`sends` is false for a bot whose timetable and delivery stand still."""
    clock, place, counted = ManualClock(at(now)), bound(LOOPBACK), bound(LOOPBACK)
    async with (
        key_server(clock) as server,
        aiohttp.ClientSession() as session,
        assembled(_settings(server, database, **given), database, clock) as (bot, app),
        listening(app, place),
        listening(metrics_app(bot.metrics, database, clock), counted),
    ):
        address, metrics_address = _address(place), _address(counted)
        edge = Edge(server, clock, database, bot, session, address, metrics_address)
        if not sends:
            yield edge
            return
        async with working(bot):
            await bot.deliverer.drain()
            yield edge


def _address(place: socket) -> str:
    return f"http://{LOOPBACK}:{port_of(place)}"


def _settings(server: KeyServer, database: Database, **given: Any) -> Settings:
    return Settings(
        app_id=APP_ID,
        app_password="secret",
        tenant_id=TENANT,
        keys=new_key(),
        keys_url=f"{server.url}/keys",
        login_url=server.url,
        service_url=server.service_url,
        database_url=database.url,
        **given,
    )
