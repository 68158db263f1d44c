"""The stand-in for Teams: each person's client towards the bot, and the connector that the bot answers."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from bot.local.activities import Activity, Envelope, with_inputs
from bot.local.chats import BOT, ChatMessage, Chats, LocalPerson
from bot.local.connector import CARD_TYPE, LocalConnector

__all__ = ["BOT", "ChatMessage", "LocalPerson", "Notice", "StandIn"]

MESSAGE_TYPE = "application/vnd.microsoft.activity.message"
TEAMS_PATIENCE = aiohttp.ClientTimeout(total=15)
NOBODY_THERE = 0


@dataclass(frozen=True)
class Notice:
    """What the client shows beside the chat for a moment."""

    text: str
    error: bool = True


@dataclass(frozen=True)
class _Answer:
    status: int
    body: Mapping[str, Any]

    def trouble(self) -> Notice | None:
        if self.status == NOBODY_THERE:
            return Notice("Boten svarar inte.")
        status = max(self.status, int(self.body.get("statusCode") or 0))
        if status < 400:
            return None
        value = self.body.get("value")
        reason = value.get("message") if isinstance(value, dict) else None
        return Notice(f"Det gick inte: {reason}" if reason else f"Boten svarade med fel {status}.")


class StandIn:
    def __init__(
        self,
        people: Sequence[LocalPerson],
        *,
        bot_url: str,
        service_url: str,
        clock: Callable[[], datetime],
        transcript: Path | None,
        session: aiohttp.ClientSession,
        tenant_id: str,
        bot_id: str,
    ) -> None:
        self.people = tuple(people)
        self._chats = Chats(people, clock=clock, transcript=transcript)
        self._connector = LocalConnector(self._chats, service_url=service_url)
        self._bot_url, self._service_url = bot_url, service_url
        self._clock, self._session = clock, session
        self._tenant_id, self._bot_id = tenant_id, bot_id

    @property
    def revision(self) -> int:
        """Grows with every message and every change of one, over all chats."""
        return self._chats.revision

    def connector_app(self) -> web.Application:
        return self._connector.app()

    def fail_next(
        self, status: int, headers: Mapping[str, str] | None = None, code: str = "ServiceError"
    ) -> None:
        """The bot's next call to the connector is answered so; said twice, the next two are."""
        self._connector.fail_next(status, headers or {}, code)

    def lose_next(self) -> None:
        """What the bot sends next arrives, but the connection breaks before it gets an answer."""
        self._connector.lose_next()

    def messages(self, key: str) -> list[ChatMessage]:
        """The chat in order; KeyError when nobody has the key."""
        return self._chats.messages(key)

    async def install(self, key: str) -> Notice | None:
        """What Teams sends when the app is installed, so that the bot learns of the conversation."""
        answers = [await self._send(each) for each in self._envelope(key).installed(self._clock())]
        return next(filter(None, (answer.trouble() for answer in answers)), None)

    async def say(self, key: str, text: str) -> Notice | None:
        """The person types the text; answers when the bot has taken it."""
        envelope = self._envelope(key)
        said = self._chats.add(envelope.chat.conversation, key, text=text)
        activity = envelope.text(self._clock(), said.conversation, text, said.id)
        return (await self._send(activity)).trouble()

    async def press(
        self, key: str, message_id: str, action: Mapping[str, Any], inputs: Mapping[str, object] | None = None
    ) -> Notice | None:
        """The person presses an action of that message's card, with the inputs as they stand."""
        envelope, said = self._envelope(key), self._chats.message(key, message_id)
        if said is None:
            raise KeyError(message_id)
        where, data = (
            (self._clock(), said.conversation, said.id),
            with_inputs(action.get("data"), inputs or {}),
        )
        if action.get("type") != "Action.Execute":
            return (await self._send(envelope.submit(*where, data))).trouble()
        answer = await self._send(envelope.execute(*where, str(action.get("verb") or ""), data))
        return answer.trouble() or self._settle(key, said, answer.body)

    def _settle(self, key: str, said: ChatMessage, body: Mapping[str, Any]) -> Notice | None:
        """What the answer to a pressed button does: a new card in place, or words."""
        value = body.get("value")
        if body.get("type") == CARD_TYPE and isinstance(value, dict):
            self._chats.revise(key, said.id, text=said.text, card=value, summary=said.summary)
            return None
        return Notice(str(value), error=False) if body.get("type") == MESSAGE_TYPE else None

    async def _send(self, activity: Activity) -> _Answer:
        try:
            async with self._session.post(self._bot_url, json=activity, timeout=TEAMS_PATIENCE) as answer:
                return _Answer(answer.status, _json_object(await answer.text()))
        except (aiohttp.ClientError, TimeoutError):
            return _Answer(NOBODY_THERE, {})

    def _envelope(self, key: str) -> Envelope:
        chat = self._chats.people[key]
        actor = self._chats.people[chat.acts_as] if chat.acts_as else chat
        return Envelope(chat, actor, self._tenant_id, self._bot_id, self._service_url)


def _json_object(text: str) -> dict[str, Any]:
    """The answer's body; anything but a JSON object counts as none."""
    try:
        body = json.loads(text)
    except json.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}
