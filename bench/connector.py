"""Stands in for the Bot Connector: takes what is sent after a while, and now and then refuses."""

import argparse
import asyncio
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from aiohttp import web

from bench.processes import LOOPBACK, until_stopped

# Our cards name their delivery in what their buttons carry.
DELIVERY = re.compile(rb'"nonce": ?"(d[0-9]+)"')
# What Teams takes of one bot in one conversation: so many in so many seconds.
WINDOWS = ((7, 1.0), (8, 2.0), (60, 30.0))
# The last messages are those that had to wait for another try, so the pace is taken before them.
BODY = 0.98
CREATED = 201


@dataclass
class Behaviour:
    """`faults` are the shares of requests that are refused with a status; what is refused is not taken."""

    latency: float = 0.0
    faults: dict[int, float] = field(default_factory=dict)
    retry_after: float = 1.0
    dice: random.Random = field(default_factory=lambda: random.Random(1))

    def throw(self) -> int | None:
        thrown = self.dice.random()
        for status, share in self.faults.items():
            thrown -= share
            if thrown < 0:
                return status
        return None


@dataclass
class Seen:
    """What has come: how often each message was taken, when requests came, and what they were answered."""

    taken: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    moments: list[float] = field(default_factory=list)
    conversations: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    without_token: int = 0

    def told(self) -> dict[str, object]:
        return {
            "taken": sum(self.taken.values()),
            "double": sum(times - 1 for times in self.taken.values()),
            "statuses": {str(status): times for status, times in sorted(self.statuses.items())},
            "without_token": self.without_token,
            "seconds": self.moments[-1] - self.moments[0] if self.moments else 0.0,
            "pace": self._pace(),
            "most_in_a_second": most_within(self.moments, 1.0),
            "crowded": sum(map(_is_crowded, self.conversations.values())),
        }

    def _pace(self) -> float:
        """Requests a second from the first to all but the last few."""
        last = int(BODY * (len(self.moments) - 1))
        return last / (self.moments[last] - self.moments[0]) if last > 0 else 0.0


def most_within(moments: Sequence[float], seconds: float) -> int:
    """The most requests in any window of that length."""
    most = start = 0
    for end, moment in enumerate(moments):
        while moments[start] <= moment - seconds:
            start += 1
        most = max(most, end - start + 1)
    return most


def _is_crowded(moments: Sequence[float]) -> bool:
    return any(most_within(moments, seconds) > most for most, seconds in WINDOWS)


class FakeConnector:
    def __init__(self) -> None:
        self.behaviour, self.seen = Behaviour(), Seen()

    async def send(self, request: web.Request) -> web.Response:
        body = await request.read()
        status = self._status(request)
        # What is refused is not taken, and what is taken is taken before it is answered.
        if status == CREATED:
            named = DELIVERY.search(body)
            self.seen.taken[named[1].decode() if named else f"number {len(self.seen.moments)}"] += 1
        self.seen.conversations[request.match_info["conversation"]].append(self.seen.moments[-1])
        await asyncio.sleep(self.behaviour.latency)
        return self._answer(status, {"id": f"m{len(self.seen.moments)}"})

    async def create(self, request: web.Request) -> web.Response:
        asked = await request.json()
        status = self._status(request)
        members = asked.get("members") or [{"id": "channel"}]
        await asyncio.sleep(self.behaviour.latency)
        return self._answer(
            status, {"id": f"a:{members[0]['id']}", "activityId": f"m{len(self.seen.moments)}"}
        )

    def _status(self, request: web.Request) -> int:
        status = self.behaviour.throw() or CREATED
        self.seen.statuses[status] += 1
        self.seen.moments.append(asyncio.get_running_loop().time())
        self.seen.without_token += not request.headers.get("Authorization", "").startswith("Bearer ")
        return status

    def _answer(self, status: int, body: dict[str, str]) -> web.Response:
        if status == CREATED:
            return web.json_response(body, status=status)
        headers = {"Retry-After": f"{self.behaviour.retry_after:g}"} if status == 429 else {}
        error = {"error": {"code": "Thrown", "message": "thrown in"}}
        return web.json_response(error, status=status, headers=headers)

    async def behave(self, request: web.Request) -> web.Response:
        """Begins anew with another behaviour."""
        wanted = await request.json()
        faults = {int(status): share for status, share in wanted.get("faults", {}).items()}
        self.behaviour = Behaviour(wanted.get("latency", 0.0), faults, wanted.get("retry_after", 1.0))
        self.seen = Seen()
        return web.json_response({})

    async def tell(self, _: web.Request) -> web.Response:
        return web.json_response(self.seen.told())


def connector_app() -> web.Application:
    fake = FakeConnector()
    app = web.Application()
    for base in ("/v3/conversations", "/teams/v3/conversations"):
        app.router.add_post(base, fake.create)
        app.router.add_post(base + "/{conversation}/activities", fake.send)
        app.router.add_post(base + "/{conversation}/activities/{activity}", fake.send)
        app.router.add_put(base + "/{conversation}/activities/{activity}", fake.send)
    app.router.add_post("/behave", fake.behave)
    app.router.add_get("/seen", fake.tell)
    return app


async def _serve(port: int) -> None:
    runner = web.AppRunner(connector_app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK, port).start()
    await until_stopped()
    await runner.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("given", type=json.loads)
    asyncio.run(_serve(parser.parse_args().port))


if __name__ == "__main__":
    main()
