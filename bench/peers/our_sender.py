"""Our sender, put together as the bot does it, until its outbox is empty."""

import argparse
import asyncio
import json
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.peers.profiling import Profile
from bot.app import Bot, assembled
from bot.clock import Clock
from bot.logs import log_as_json
from bot.opening import open_database
from bot.settings import Settings
from storage.engine.database import Database, Transaction
from storage.messages import counting, ledger

LOOKING = 0.1
# Who is not done by then is shown as far as it came.
LONGEST = 170.0


async def _send(
    settings: Settings, database: Database, clock: Clock, begin: Callable[[], None] = lambda: None
) -> dict[str, float]:
    async with assembled(settings, database, clock) as (bot, _):
        begin()
        spent, began = time.process_time(), time.perf_counter()
        running = asyncio.create_task(bot.deliverer.run())
        with suppress(TimeoutError):
            await asyncio.wait_for(_until_empty(bot), LONGEST)
        result = {"cpu": time.process_time() - spent, "seconds": time.perf_counter() - began}
        bot.deliverer.stop()
        await running
    return result


async def _until_empty(bot: Bot) -> None:
    # Beside the writer, so that what asks is in the way of nothing that is measured.
    while not await bot.database.read_beside(_is_empty):
        await asyncio.sleep(LOOKING)


def _is_empty(tx: Transaction) -> bool:
    return counting.next_due(tx) is None and not ledger.listed(tx, ("sending",), limit=1)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("given", type=json.loads)
    given: dict[str, Any] = parser.parse_args().given
    result = Path(given.pop("result"))
    profiled = given.pop("profile", "")
    log_as_json(logging.ERROR)
    # A configuration may not ask for more than Teams takes; a benchmark may.
    limit = {"sends_per_second": given.pop("per_second")}
    settings = Settings(**given).model_copy(update=limit)
    opening = datetime.fromisoformat("2026-11-02T09:00:00+01:00")
    clock = Clock(ahead=opening - datetime.now(UTC))  # noqa: TID251 - the day is the same in every run.
    database = open_database(settings, clock())
    if profiled:
        profile = Profile(database)
        measured = asyncio.run(_send(settings, profile.database, clock, profile.begin))
        profile.write(Path(profiled))
    else:
        measured = asyncio.run(_send(settings, database, clock))
    result.write_text(json.dumps(measured), encoding="utf-8")
    database.close()


if __name__ == "__main__":
    main()
