"""Our bot as it is served outside local mode, on the morning of the second of November 2026."""

import argparse
import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.peers.profiling import Profile
from bench.peers.timing import TimedDatabase
from bench.processes import LOOPBACK, until_stopped
from bot.app import assembled, working
from bot.clock import Clock
from bot.listening import bound, listening
from bot.loading import keep_in_large_pages, looked_through_no_more
from bot.logs import log_as_json
from bot.metrics import metrics_app
from bot.opening import open_database
from bot.settings import Settings
from storage.engine.database import Database


async def _serve(
    settings: Settings,
    database: Database,
    clock: Clock,
    begin: Callable[[], None] = lambda: None,
    *,
    delivers: bool = True,
) -> None:
    """Calls `begin` when it has caught up and listens; what is said elsewhere waits unless it delivers."""
    log_as_json()
    async with (
        assembled(settings, database, clock) as (bot, app),
        listening(metrics_app(bot.metrics, database, clock), bound(LOOPBACK, settings.metrics_port)),
        working(bot),
        listening(app, bound(LOOPBACK, settings.port)),
    ):
        if not delivers:
            bot.delivering.stop()
        looked_through_no_more()
        keeping = asyncio.create_task(keep_in_large_pages())
        begin()
        await until_stopped()
        keeping.cancel()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("given", type=json.loads)
    arguments = parser.parse_args()
    given: dict[str, Any] = arguments.given
    profile, timings, delivers = (
        given.pop("profile", ""),
        given.pop("timings", ""),
        given.pop("delivers", True),
    )
    settings = Settings(port=arguments.port, **given)
    opening = datetime.fromisoformat("2026-11-02T09:00:00+01:00")
    clock = Clock(ahead=opening - datetime.now(UTC))  # noqa: TID251 - the day is the same in every run.
    database = open_database(settings, clock())
    if profile:
        _profiled(settings, database, clock, Path(profile), delivers=delivers)
    elif timings:
        _timed(settings, database, clock, Path(timings))
    else:
        asyncio.run(_serve(settings, database, clock, delivers=delivers))
    database.close()


def _profiled(settings: Settings, database: Database, clock: Clock, path: Path, *, delivers: bool) -> None:
    profile = Profile(database)
    asyncio.run(_serve(settings, profile.database, clock, profile.begin, delivers=delivers))
    profile.write(path)


def _timed(settings: Settings, database: Database, clock: Clock, path: Path) -> None:
    timed = TimedDatabase(database.url, database.vault)
    asyncio.run(_serve(settings, timed, clock))
    timed.write(path)
    timed.close()


if __name__ == "__main__":
    main()
