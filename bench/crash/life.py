"""One life of the bot, from its start until somebody kills it."""

import asyncio
import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bench.processes import LOOPBACK
from bot.app import assembled, working
from bot.clock import Clock
from bot.listening import bound, listening
from bot.opening import open_database
from bot.settings import Settings


@dataclass(frozen=True)
class Life:
    """`ahead` is how much later than now its clock is."""

    url: str
    key: str
    service_url: str
    ahead: timedelta
    port: int
    var: Path


def live(life: Life) -> None:
    """What it says goes to a file, so that it can be read when it has died."""
    with (life.var / "said").open("ab") as said:
        os.dup2(said.fileno(), 2)
    asyncio.run(_live(life))


async def _live(life: Life) -> None:
    settings = Settings(
        local=True,
        database_url=life.url,
        keys=life.key,
        service_url=life.service_url,
        var=life.var,
        port=life.port,
    )
    clock = Clock(life.ahead)
    database = open_database(settings, clock(), new=True)
    async with (
        assembled(settings, database, clock) as (bot, app),
        listening(app, bound(LOOPBACK, life.port)),
        working(bot),
    ):
        await asyncio.Event().wait()
