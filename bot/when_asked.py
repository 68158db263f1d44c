"""Work that is begun as soon as it is asked for, beside all else, and once more for what was asked meanwhile."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from storage.engine.database import StorageError

log = logging.getLogger(__name__)


async def when_asked(asked: asyncio.Event, work: Callable[[], Awaitable[None]], failed: str) -> None:
    """Until it is cancelled; where the database stood in the way the log says that it `failed`, until asked again."""
    while True:
        await asked.wait()
        asked.clear()
        try:
            await work()
        except StorageError:
            log.exception(failed)
