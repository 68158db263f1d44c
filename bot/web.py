"""The bot's endpoint: every status right, nothing of ours in an answer to a stranger, and one log line a turn."""

import asyncio
import logging
import time
from http import HTTPStatus
from uuid import uuid4

import orjson
from aiohttp import web

from bot.ingress import NotLetInError
from bot.logs import begin_turn
from bot.metrics import Metrics
from bot.teams import Adapter, TeamsBot

log = logging.getLogger(__name__)
LARGEST_BODY = 256 * 1024
# Teams itself waits no longer for an answer.
BODY_SECONDS = 15.0
KINDS = frozenset(
    {"message", "invoke", "conversationUpdate", "installationUpdate", "messageReaction", "event", "typing"}
)
Json = dict[str, object]


def add_endpoint(
    app: web.Application,
    adapter: Adapter,
    teams_bot: TeamsBot,
    metrics: Metrics,
    body_seconds: float = BODY_SECONDS,
) -> None:
    async def messages(request: web.Request) -> web.Response:
        begin_turn(uuid4().hex[:8])
        began = time.perf_counter()
        kind, status, answer = await _answer(request, adapter, teams_bot, body_seconds)
        seconds = time.perf_counter() - began
        metrics.turns.labels(kind, str(status)).inc()
        metrics.turn_seconds.observe(seconds)
        log.info("turn %s %s in %.0f ms", kind, status, seconds * 1000)
        if answer is None:
            return web.Response(status=status)
        return web.Response(
            body=orjson.dumps(answer), status=status, content_type="application/json", charset="utf-8"
        )

    app.router.add_post("/api/messages", messages)


async def _answer(
    request: web.Request, adapter: Adapter, teams_bot: TeamsBot, body_seconds: float
) -> tuple[str, int, Json | None]:
    """What kind of activity came, the status to answer, and the body."""
    if request.content_type != "application/json" or "Content-Encoding" in request.headers:
        return "none", HTTPStatus.UNSUPPORTED_MEDIA_TYPE, None
    read = await _body(request, body_seconds)
    if isinstance(read, HTTPStatus):
        return "none", read, None
    try:
        body = _json(read)
        authorization = request.headers.get("Authorization", "")
        status, answer = await adapter.process(body, authorization, teams_bot)
    except NotLetInError as refused:
        log.info("not let in: %s", refused)
        return "stranger", refused.status, None
    except (ValueError, RecursionError):
        # Not JSON, not an activity, or nested without end.
        return "none", HTTPStatus.BAD_REQUEST, None
    kind = str(body["type"])
    return kind if kind in KINDS else "other", status, answer


async def _body(request: web.Request, seconds: float) -> bytes | HTTPStatus:
    """The body, or the status that answers one that is too large, too slow, or broken on its way."""
    try:
        async with asyncio.timeout(seconds):
            return await request.read()
    except TimeoutError:
        return HTTPStatus.REQUEST_TIMEOUT
    except (ConnectionError, web.RequestPayloadError):
        return HTTPStatus.BAD_REQUEST
    except web.HTTPRequestEntityTooLarge:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def _json(body: bytes) -> Json:
    """Raises ValueError for what is no JSON object, or has half a sign in it, which nothing can store."""
    found = orjson.loads(body)
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found
