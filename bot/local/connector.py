"""The stand-in's server side: the few calls of Teams' Bot Connector that the bot makes."""

import json
from collections import deque
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.local.chats import BOT, THREAD, ChatMessage, Chats, LocalPerson

CARD_TYPE = "application/vnd.microsoft.card.adaptive"
LARGEST_MESSAGE = 100 * 1024


class LocalConnector:
    def __init__(self, chats: Chats, *, service_url: str) -> None:
        self._chats = chats
        self._service_url = service_url
        self._failures: deque[Handler] = deque()

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._fail_if_told, _refuse_the_too_large])
        app.router.add_post("/v3/conversations", self._create)
        app.router.add_post("/v3/conversations/{conversation}/activities", self._send)
        app.router.add_post("/v3/conversations/{conversation}/activities/{activity}", self._send)
        app.router.add_put("/v3/conversations/{conversation}/activities/{activity}", self._update)
        return app

    def fail_next(self, status: int, headers: Mapping[str, str], code: str) -> None:
        async def fail(_: web.Request) -> web.StreamResponse:
            return _error(status, code, headers)

        self._failures.append(fail)

    def lose_next(self) -> None:
        self._failures.append(self._lose)

    async def _lose(self, request: web.Request) -> web.StreamResponse:
        """What was sent arrives, and the connection breaks before that can be said."""
        answer = await request.match_info.handler(request)
        if request.transport:
            request.transport.close()
        return answer

    @web.middleware
    async def _fail_if_told(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        return await (self._failures.popleft() if self._failures else handler)(request)

    async def _create(self, request: web.Request) -> web.Response:
        wanted = await request.json()
        if wanted.get("isGroup") and not _channel_id(wanted):
            return _error(400, "BadSyntax")
        person = self._person(wanted)
        if person is None:
            return _error(403, "ForbiddenOperationException")
        answer = {"id": person.conversation, "serviceUrl": self._service_url}
        if first := wanted.get("activity"):
            said = self._store(person.conversation, first)
            answer |= {"id": said.conversation, "activityId": said.id}
        return web.json_response(answer, status=201)

    def _person(self, wanted: Mapping[str, Any]) -> LocalPerson | None:
        """The channel, or the one member of a personal chat."""
        named = {value for member in wanted.get("members") or [] for value in member.values()}
        named = {_channel_id(wanted)} if _channel_id(wanted) else named
        people = self._chats.people.values()
        return next((one for one in people if named & ({one.teams_id, one.aad_object_id} - {""})), None)

    async def _send(self, request: web.Request) -> web.Response:
        conversation = request.match_info["conversation"]
        if self._chats.key_of(conversation) is None:
            return _error(404, "ConversationNotFound")
        activity = await request.json()
        if activity.get("type") != "message":
            return web.json_response({"id": ""}, status=201)
        return web.json_response({"id": self._store(conversation, activity).id}, status=201)

    async def _update(self, request: web.Request) -> web.Response:
        key = self._chats.key_of(request.match_info["conversation"])
        if key is None:
            return _error(404, "ConversationNotFound")
        if self._chats.message(key, request.match_info["activity"]) is None:
            return _error(404, "ActivityNotFoundInConversation")
        said = self._chats.revise(key, request.match_info["activity"], **_shown(await request.json()))
        return web.json_response({"id": said.id})

    def _store(self, conversation: str, activity: Mapping[str, Any]) -> ChatMessage:
        return self._chats.add(conversation, BOT, **_shown(activity))


def _channel_id(wanted: Mapping[str, Any]) -> str:
    channel = (wanted.get("channelData") or {}).get("channel") or {}
    return str(channel.get("id", "")).split(THREAD)[0]


def _shown(activity: Mapping[str, Any]) -> dict[str, Any]:
    attached = activity.get("attachments") or []
    card = next((one["content"] for one in attached if one.get("contentType") == CARD_TYPE), None)
    return {"text": activity.get("text") or "", "card": card, "summary": activity.get("summary") or ""}


def _error(status: int, code: str, headers: Mapping[str, str] | None = None) -> web.Response:
    body = json.dumps({"error": {"code": code, "message": code}})
    return web.Response(status=status, text=body, content_type="application/json", headers=headers)


@web.middleware
async def _refuse_the_too_large(request: web.Request, handler: Handler) -> web.StreamResponse:
    if len((await request.text()).encode("utf-16-le")) > LARGEST_MESSAGE:
        return _error(413, "MessageSizeTooBig")
    return await handler(request)
