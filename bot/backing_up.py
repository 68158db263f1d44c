"""The backup that is taken each night, where a folder is set for it; who looks after the bot is told when it fails."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from bot.own_trouble import tell_of
from followup.messages.operation import Trouble
from followup.times.calendar import at_municipal, municipal_day
from services.backups.manifest import complete
from services.backups.taking import SpoiltCopyError, take
from storage.engine.database import Database, StorageError
from storage.engine.dumps import ProgramError
from storage.messages.leases import AHEAD_AT_MOST

log = logging.getLogger(__name__)
AT_NIGHT = time(2)
AGAIN_AFTER = timedelta(hours=1)
BOT = "the bot"


@dataclass
class NightlyBackup:
    """What is due is seen by what lies in the folder: a night that was missed is caught up, once."""

    database: Database
    clock: Callable[[], datetime]
    directory: Path | None
    keep: int
    failed_at: datetime | None = None

    async def run(self) -> None:
        now = self.clock()
        if self.directory is None or not await asyncio.to_thread(self._is_due, self.directory, now):
            return
        try:
            await asyncio.to_thread(take, self.database, self.directory, now, BOT, self.keep)
            self.failed_at = None
        except (OSError, sqlite3.Error, StorageError, SpoiltCopyError, ProgramError):
            log.exception("no backup was taken")
            self.failed_at = now
            trouble = Trouble("backup", _night_of(now), now)
            await self.database.run(tell_of, trouble, now)

    def _is_due(self, directory: Path, now: datetime) -> bool:
        if self.failed_at is not None and self.failed_at <= now < self.failed_at + AGAIN_AFTER:
            return False
        try:
            taken = [one.taken_at for _, one in complete(directory)]
        except OSError:
            return True
        # What a clock that was ahead has taken is of no night that has come.
        return not any(_night_of(now) <= one <= now + AHEAD_AT_MOST for one in taken)


def _night_of(now: datetime) -> datetime:
    """When the newest backup was due."""
    tonight = at_municipal(municipal_day(now), AT_NIGHT)
    return tonight if tonight <= now else at_municipal(municipal_day(now) - timedelta(days=1), AT_NIGHT)
