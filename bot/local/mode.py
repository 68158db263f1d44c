"""Local mode: the chat page, the stand-in for Teams and a clock that can be moved, around the bot as it is."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from socket import socket

import aiohttp

from bot.app import LOCAL_BOT_ID, Bot, assembled, working
from bot.clock import ClockStep, MovableClock, moment_after
from bot.listening import bound, listening, port_of
from bot.local.page import add_page
from bot.local.stand_in import LocalPerson, StandIn
from bot.settings import LOCAL_CHANNEL, LOCAL_TENANT, LOOPBACK, Settings
from followup.people import Person
from storage.engine.database import Database, Transaction
from storage.register import people
from texts.catalogue import Texts

SHOWN = ("anna", "bilal", "karin", "maria")
CHANNEL_ACTS_AS = "karin"
CONNECTOR = "/local/connector"


@dataclass(frozen=True)
class MovingClock:
    """Moves the clock and does at once what has become due."""

    clock: MovableClock
    bot: Bot

    def now(self) -> datetime:
        return self.clock()

    async def move(self, to: ClockStep) -> datetime:
        await self.move_to(moment_after(self.clock(), to))
        return self.clock()

    async def move_to(self, moment: datetime) -> None:
        """Nothing is said between the old moment and what the new one brings, as when the clock goes by itself."""
        async with self.bot.deliverer.at_rest():
            self.clock.move_to(moment)
            await self.bot.wake()


def local_people(tx: Transaction) -> list[LocalPerson]:
    """Everyone active in the register has a client, the demo's people a listed one; and the team's channel."""
    say = Texts("sv")
    active = [person for person in people.everyone(tx).values() if person.active and person.teams_id]
    listed = [person for key in SHOWN for person in active if person.key == key]
    others = [person for person in active if person not in listed]
    channel = [_channel(say)] if any(person.key == CHANNEL_ACTS_AS for person in active) else []
    return [
        *(_local(person, say, listed=True) for person in listed),
        *channel,
        *(_local(person, say, listed=not listed) for person in others),
    ]


def _local(person: Person, say: Texts, *, listed: bool) -> LocalPerson:
    teams_id = person.teams_id or person.key
    return LocalPerson(person.key, person.name, say(f"role.{person.role}"), teams_id, teams_id, listed=listed)


def _channel(say: Texts) -> LocalPerson:
    return LocalPerson(
        "kanalen",
        say("local.channel"),
        say("local.channel_role"),
        LOCAL_CHANNEL,
        "",
        channel=True,
        acts_as=CHANNEL_ACTS_AS,
    )


def _local_settings(settings: Settings, port: int) -> Settings:
    """The settings with the stand-in in the place of Teams, on the port that is held for them."""
    service_url = f"http://{LOOPBACK}:{port}{CONNECTOR}"
    return settings.model_copy(update={"port": port, "service_url": service_url})


@asynccontextmanager
async def local_server(
    settings: Settings, database: Database, clock: MovableClock, transcript: Path | None
) -> AsyncIterator[tuple[StandIn, MovingClock, str]]:
    """The whole of local mode, serving until the end; gives the stand-in, the clock and the page's address."""
    with bound(LOOPBACK, settings.port) as place:
        settings = _local_settings(settings, port_of(place))
        async with _serving_locally(settings, database, clock, transcript, place) as served:
            yield served


@asynccontextmanager
async def _serving_locally(
    settings: Settings, database: Database, clock: MovableClock, transcript: Path | None, place: socket
) -> AsyncIterator[tuple[StandIn, MovingClock, str]]:
    address = f"http://{LOOPBACK}:{settings.port}"
    async with (
        aiohttp.ClientSession() as session,
        assembled(settings, database, clock) as (bot, app),
    ):
        stand_in = _stand_in(database, session, settings, address, clock, transcript)
        moving = MovingClock(clock, bot)
        app.add_subapp(CONNECTOR, stand_in.connector_app())
        add_page(app, stand_in, moving)
        async with listening(app, place):
            await _install(stand_in)
            async with working(bot):
                yield stand_in, moving, address


def _stand_in(
    database: Database,
    session: aiohttp.ClientSession,
    settings: Settings,
    address: str,
    clock: Callable[[], datetime],
    transcript: Path | None,
) -> StandIn:
    with database.transaction() as tx:
        shown = local_people(tx)
    return StandIn(
        shown,
        bot_url=f"{address}/api/messages",
        service_url=settings.service_url,
        clock=clock,
        transcript=transcript,
        session=session,
        tenant_id=LOCAL_TENANT,
        bot_id=LOCAL_BOT_ID,
    )


async def _install(stand_in: StandIn) -> None:
    """Each person's client adds the bot, again at each start, since the port may be another; it greets once."""
    for person in stand_in.people:
        await stand_in.install(person.key)
