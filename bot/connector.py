"""Speaks the Bot Connector's REST interface over one pooled aiohttp session."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

import aiohttp
import orjson

Json = dict[str, Any]
PATIENCE = aiohttp.ClientTimeout(total=15, connect=5)
# Two requests, where the token was refused, and a little to store what became of them.
LONGEST_CALL = 2 * 15.0 + 2.0
NO_TOKEN = "NoToken"
LONGEST_CODE = 100
LONGEST_RETRY_AFTER = 24 * 3600.0
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """The answer's status, 0 where no connection came about and nothing went out, and its body."""

    status: int
    body: Json
    retry_after: float | None = None

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        error = self.body.get("error")
        return str(error.get("code", ""))[:LONGEST_CODE] if isinstance(error, dict) else ""


class TokenSource(Protocol):
    async def __call__(self, refused: str | None = None) -> str | None:
        """The bot's access token, None where none is needed; a new one in the place of one that was refused."""
        ...


class LostContact(Exception):  # noqa: N818 - it says what happened: nobody knows whether the message arrived.
    """The connection broke or the time ran out after the request had begun to go out."""


class Connector:
    """Every call is one request, or two where the token was refused: the rest is for the caller to decide."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        token: TokenSource,
        patience: aiohttp.ClientTimeout = PATIENCE,
        count: Callable[[str], None] | None = None,
    ) -> None:
        """`count` is told the status of every call, `lost` where there was no answer."""
        self._session, self._token, self._patience = session, token, patience
        self._count = count or (lambda _: None)

    async def send(self, service_url: str, conversation_id: str, activity: Json) -> Outcome:
        path = f"v3/conversations/{quote(conversation_id, safe='')}/activities"
        return await self._call("POST", service_url, path, activity)

    async def replace(
        self, service_url: str, conversation_id: str, activity_id: str, activity: Json
    ) -> Outcome:
        """Puts the activity in the place of one that was sent before."""
        place = f"v3/conversations/{quote(conversation_id, safe='')}/activities/{quote(activity_id, safe='')}"
        return await self._call("PUT", service_url, place, activity)

    async def create_conversation(self, service_url: str, parameters: Json) -> Outcome:
        return await self._call("POST", service_url, "v3/conversations", parameters)

    async def members(self, service_url: str, conversation_id: str) -> Outcome:
        """The first of those who are in it, which only a bot that is there itself may ask."""
        path = f"v3/conversations/{quote(conversation_id, safe='')}/pagedmembers?pageSize=1"
        return await self._call("GET", service_url, path, None)

    async def _call(self, method: str, service_url: str, path: str, body: Json | None) -> Outcome:
        try:
            outcome = await self._request(method, service_url, path, body)
        except LostContact:
            self._count("lost")
            raise
        self._count(str(outcome.status))
        return outcome

    async def _request(self, method: str, service_url: str, path: str, body: Json | None) -> Outcome:
        url = f"{service_url.rstrip('/')}/{path}"
        try:
            token = await self._token()
            outcome = await self._asked(method, url, body, token)
            if outcome.status == 401:
                # The answer to a token, which takes nothing in: one more try, with a new one.
                outcome = await self._asked(method, url, body, await self._token(token))
        except (aiohttp.ClientError, TimeoutError, KeyError, ValueError):
            log.exception("no access token")
            return Outcome(0, {"error": {"code": NO_TOKEN}})
        return outcome

    async def _asked(self, method: str, url: str, body: Json | None, token: str | None) -> Outcome:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            async with self._session.request(
                method, url, json=body, headers=headers, timeout=self._patience, allow_redirects=False
            ) as answer:
                return Outcome(answer.status, await _json(answer), _seconds(answer))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return Outcome(0, {})
        except (aiohttp.ClientError, TimeoutError) as lost:
            raise LostContact(method) from lost


async def _json(answer: aiohttp.ClientResponse) -> Json:
    """The body where it is a JSON object; what was answered counts even when it cannot be read."""
    try:
        # Python's own reader lets half a sign through, which no database stores.
        body = await answer.json(loads=orjson.loads)
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return {}
    return body if isinstance(body, dict) else {}


def _seconds(answer: aiohttp.ClientResponse) -> float | None:
    """Retry-After where it is a number of seconds that can be meant."""
    try:
        seconds = float(answer.headers["Retry-After"])
    except (KeyError, ValueError):
        return None
    return seconds if 0 <= seconds <= LONGEST_RETRY_AFTER else None
