"""A Bot Connector that fails, throttles, hangs and lies, with a log of its own of what it has taken."""

import asyncio
import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from aiohttp import web

# Our cards name their delivery in what their buttons carry.
_DELIVERY = re.compile(r'"nonce": ?"d([0-9]+)"')
LONG, SLOWEST = 30.0, 0.6


@dataclass(frozen=True)
class Fate:
    """`took` whatever it answers: a status, or none when it hangs or hangs up."""

    took: bool
    status: int | None
    seconds: float = 0.0


FATES: dict[str, tuple[float, Fate]] = {
    "well": (0.70, Fate(took=True, status=201)),
    "throttles": (0.08, Fate(took=False, status=429)),
    "busy": (0.05, Fate(took=False, status=503)),
    "lies": (0.05, Fate(took=True, status=500)),
    "fails": (0.04, Fate(took=False, status=500)),
    "hangs up": (0.04, Fate(took=True, status=None)),
    "hangs, having taken it": (0.02, Fate(took=True, status=None, seconds=LONG)),
    "hangs": (0.02, Fate(took=False, status=None, seconds=LONG)),
}


@dataclass
class LyingConnector:
    """`calm` is when it behaves, `today` the simulated day: on which `days` each delivery was taken is its own log."""

    dice: Random
    calm: bool = False
    today: date = date.min
    taken: Counter[int] = field(default_factory=Counter)
    days: dict[int, set[date]] = field(default_factory=lambda: defaultdict(set))
    answered: Counter[str] = field(default_factory=Counter)
    number: int = 0

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/teams/{rest:.*}", self.take)
        return app

    async def take(self, request: web.Request) -> web.Response:
        body: dict[str, Any] = await request.json()
        name, fate = self._thrown()
        opens = "members" in body and "activity" not in body
        await asyncio.sleep(self.dice.uniform(0.02, SLOWEST))
        if fate.took and not opens and request.method == "POST":
            for found in {int(one) for one in _DELIVERY.findall(json.dumps(body))}:
                self.taken[found] += 1
                self.days[found].add(self.today)
        self.answered["opened" if opens and fate.status == 201 else name] += 1
        await asyncio.sleep(fate.seconds)
        # Whoever asked may be dead by now.
        if fate.status is None and request.transport is not None:
            request.transport.close()
        self.number += 1
        answer = {"id": f"a:{body['members'][0]['id']}"} if opens else {"id": f"m{self.number}"}
        headers = {"Retry-After": "1"} if fate.status == 429 else {}
        return web.json_response(answer, status=fate.status or 500, headers=headers)

    def _thrown(self) -> tuple[str, Fate]:
        thrown = self.dice.random()
        for name, (share, fate) in FATES.items():
            thrown -= share
            if thrown < 0 or self.calm:
                return name, fate
        return "well", FATES["well"][1]
