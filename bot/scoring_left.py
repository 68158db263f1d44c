"""Scores what a turn, a page or a command has left of a unit, at once and beside all else that the bot does."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.when_asked import when_asked
from services.risk.reading_beside import BesidePieces
from services.risk.scoring_left import score_left
from storage.engine.database import Database
from storage.risk import left_to_score


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
        beside = BesidePieces()
        while await self.database.read_beside(left_to_score.first):
            await self.database.run_piece(score_left, self.clock(), beside)
            await self.database.read_beside(beside.read)
            self.done()
