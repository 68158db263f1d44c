"""The whole bot on a loopback port with the stand-in for Teams, and people who type and press."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.clock import ManualClock
from bot.local.mode import MovingClock, local_server
from bot.local.player import Player
from bot.local.stand_in import ChatMessage, StandIn
from bot.settings import Settings
from services.risk.scoring import catch_up
from storage.engine.database import Database
from storage.imports import imports
from storage.messages import ledger
from storage.messages.changed_cards import SEVERAL_PRESSES
from storage.messages.delivery import UPDATE
from storage.register import units
from tests.support.told_once import told_once
from tests.support.turns import readable
from texts.catalogue import Texts

SAY = Texts("sv")


@dataclass
class Stage:
    stand_in: StandIn
    clock: MovingClock
    address: str
    database: Database

    def player(self, key: str) -> Player:
        return Player(self.stand_in, key, self.settle)

    async def settle(self) -> None:
        """All that is decided is said, what waits some seconds for one more press of its card too."""
        await self.clock.bot.deliverer.drain()
        now, waiting = self.clock.now(), await self.database.run(ledger.listed, ("ready",))
        soon = [one.not_before for one in waiting if one.kind == UPDATE and now < one.not_before]
        if any(one <= now + SEVERAL_PRESSES for one in soon):
            self.clock.clock.move_to(min(soon))
            await self.clock.bot.deliverer.drain()
        # The bot's own look that waits for its turn would else see a part of what a test decides next, and say it.
        async with self.clock.bot.deliverer.at_rest():
            pass

    async def wake_at(self, moment: datetime) -> None:
        await self.clock.move_to(moment)
        await self.settle()


@asynccontextmanager
async def on_stage(database: Database, now: datetime, transcript: Path, **given: Any) -> AsyncIterator[Stage]:
    settings = Settings(local=True, port=0, var=transcript.parent, **given)
    _with_its_month_ends(database, now)
    async with local_server(settings, database, ManualClock(now), transcript) as (stand_in, moving, address):
        stage = Stage(stand_in, moving, address, database)
        await stage.settle()
        yield stage


@told_once
def _with_its_month_ends(database: Database, now: datetime) -> None:
    """As the first wake reads them: two years of each unit, which would be most of what a start here costs."""
    with database.transaction() as tx:
        imported = imports.unscored(tx)
        for unit in units.followed_units(tx):
            while unit.id not in imported and catch_up(tx, unit, now):
                pass


def words(message: ChatMessage) -> str:
    """Everything that can be read in the message, and nothing of what its buttons carry."""
    return "\n".join([message.text, message.summary, readable(message.card)])
