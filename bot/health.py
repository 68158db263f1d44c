"""Whether the bot is alive (`/health`) and whether it can do its work (`/ready`)."""

from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from bot.ingress import Doorkeeper
from bot.metrics import outbox_age
from storage import schema
from storage.database import Database, StorageError, Transaction

STUCK_AFTER_SECONDS = 600.0


def add_health(
    app: web.Application, database: Database, clock: Callable[[], datetime], doorkeeper: Doorkeeper
) -> None:
    newest = schema.newest()

    async def health(_: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def ready(_: web.Request) -> web.Response:
        checks = {
            "schema": await _holds(database, lambda tx: schema.current_in(tx) == newest),
            "outbox": await _holds(database, lambda tx: outbox_age(tx, clock()) < STUCK_AFTER_SECONDS),
            "keys": await doorkeeper.has_keys(),
        }
        return web.json_response(checks, status=200 if all(checks.values()) else 503)

    app.router.add_get("/health", health)
    app.router.add_get("/ready", ready)


async def _holds(database: Database, check: Callable[[Transaction], bool]) -> bool:
    """What a database that is gone, locked or half there cannot tell does not hold."""
    try:
        return await database.run(check)
    except StorageError:
        return False
