"""Work that is begun as soon as it is asked for, beside all else, and once more for what was asked meanwhile."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


async def when_asked(asked: asyncio.Event, work: Callable[[], Awaitable[None]], failed: str) -> None:
    """Until it is cancelled; where anything stood in its way the log says that it `failed`, until asked again."""
    while True:
        await asked.wait()
        asked.clear()
        try:
            await work()
        except Exception:
            # Else nobody would learn that it has ended, and nothing would be begun until the bot is.
            log.exception(failed)
