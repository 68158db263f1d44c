"""Who was turned away at the door with a good token, as the access log tells it: once a day, and not without end."""

import logging
from collections.abc import Callable
from datetime import datetime

from bot.ingress import Caller
from followup.access.directory import guid
from followup.log.subject import What
from followup.times.calendar import municipal_day
from storage.engine.database import Database, StorageError, Transaction
from storage.log import access_log

log = logging.getLogger(__name__)
MOST_A_DAY = 100
# Who a client of another channel says that it is may be anything; only an id of a directory is repeated.
NOBODY = "unknown"


class TurnedAway:
    """Who sends a thousand requests, or comes under a thousand ids, fills neither the log nor the writer's queue."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock
        self._day = municipal_day(clock())
        self._logged: set[str] = set()

    async def record(self, caller: Caller, why: str) -> None:
        now, who = self._clock(), guid(caller.aad_object_id) or NOBODY
        if self._day != municipal_day(now):
            self._day, self._logged = municipal_day(now), set()
        if who in self._logged or len(self._logged) >= MOST_A_DAY:
            return
        self._logged.add(who)

        def refuse(tx: Transaction) -> None:
            access_log.record(tx, "refused", What.DOOR.of(), now, stranger=who, detail=why)

        try:
            await self._database.run(refuse)
        except StorageError:
            # The answer is no whether it can be written down or not.
            log.exception("who was turned away could not be logged")
            self._logged.discard(who)
