"""Scores what a turn, a page or a command has left of a unit, at once and beside all else that the bot does."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.when_asked import when_asked
from services.risk.failed_work import FAILED, FailedWork
from services.risk.reading_beside import BesidePieces
from services.risk.scoring_left import first_left, score_left
from storage.engine.database import Database

log = logging.getLogger(__name__)


@dataclass
class LeftScorer:
    """What another process has left the clock's job finds; `done` is told that there may be alerts to send."""

    database: Database
    clock: Callable[[], datetime]
    done: Callable[[], None]
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        self.asked.set()

    async def run(self) -> None:
        await when_asked(self.asked, self.score, "a unit could not be scored now")

    async def score(self) -> None:
        beside, failed = BesidePieces(), FailedWork()
        while await self.database.read_beside(lambda look: first_left(look, failed)):
            try:
                await self.database.run_piece(score_left, self.clock(), beside, failed)
                if beside.asks(failed):
                    await self.database.read_beside(beside.read)
            except Exception as error:
                # The others are scored all the same, and this one at the next wake, or when it is written of again.
                log.exception(FAILED, failed.add(error))
            self.done()
