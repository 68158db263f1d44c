"""A Bot Connector that fails, throttles, hangs and lies, with a log of its own of what it has taken."""

import asyncio
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from aiohttp import web

# Our cards name their delivery in what their buttons carry.
_DELIVERY = re.compile(r'"nonce": ?"d([0-9]+)"')
_ALERT = re.compile(r"\bL-([0-9]+)\b")
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


@dataclass(frozen=True)
class Message:
    """One that was taken: the id that its sender was given, if he was there to be told, and the day on which it came.

    `names` are the deliveries that its buttons name, and `alerts` the numbers of those that stand in it.
    """

    given: str
    day: date
    names: frozenset[int]
    alerts: frozenset[int]


@dataclass
class LyingConnector:
    """`calm` is when it behaves, `today` the simulated day; the `messages` that it has taken are its own log."""

    dice: Random
    calm: bool = False
    today: date = date.min
    messages: list[Message] = field(default_factory=list)
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
        self.number += 1
        # Its sender may have been killed, and another day have begun, before it has been taken.
        given, day = f"m{self.number}", self.today
        await asyncio.sleep(self.dice.uniform(0.02, SLOWEST))
        if fate.took and not opens and request.method == "POST":
            self.messages.append(_message(given, day, json.dumps(body)))
        self.answered["opened" if opens and fate.status == 201 else name] += 1
        await asyncio.sleep(fate.seconds)
        # Whoever asked may be dead by now.
        if fate.status is None and request.transport is not None:
            request.transport.close()
        answer = {"id": f"a:{body['members'][0]['id']}"} if opens else {"id": given}
        headers = {"Retry-After": "1"} if fate.status == 429 else {}
        return web.json_response(answer, status=fate.status or 500, headers=headers)

    def _thrown(self) -> tuple[str, Fate]:
        thrown = self.dice.random()
        for name, (share, fate) in FATES.items():
            thrown -= share
            if thrown < 0 or self.calm:
                return name, fate
        return "well", FATES["well"][1]


def _message(given: str, day: date, said: str) -> Message:
    names, alerts = (frozenset(map(int, found.findall(said))) for found in (_DELIVERY, _ALERT))
    return Message(given, day, names, alerts)
