"""The activities that a person's Teams client sends, in the shapes seen on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import uuid4

from bot.local.chats import LocalPerson
from followup.times.calendar import MUNICIPAL_ZONE, municipal

Activity = dict[str, Any]
BOT_NAME = "Uppföljaren"
TEAM_ID = "19:local-team@thread.tacv2"

ActivityKind = Literal["message", "invoke", "conversationUpdate", "installationUpdate"]


@dataclass(frozen=True)
class Envelope:
    """What every activity from one chat has in common; in a channel it is `actor` who writes."""

    chat: LocalPerson
    actor: LocalPerson
    tenant_id: str
    bot_id: str
    service_url: str

    def activity(self, kind: ActivityKind, at: datetime, conversation: str, **more: Any) -> Activity:
        place = {"id": conversation, "tenantId": self.tenant_id}
        place["conversationType"] = "channel" if self.chat.channel else "personal"
        return {
            "type": kind,
            "id": str(uuid4()),
            "timestamp": at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "localTimestamp": municipal(at).isoformat(timespec="milliseconds"),
            "localTimezone": MUNICIPAL_ZONE.key,
            "serviceUrl": self.service_url,
            "channelId": "msteams",
            "from": self._account(),
            "conversation": place,
            "recipient": self._bot(),
            "channelData": self._channel_data(),
            "locale": "sv-SE",
            **more,
        }

    def text(self, at: datetime, conversation: str, text: str, message_id: str) -> Activity:
        """Something typed; in a channel only what mentions the bot reaches it."""
        entities: list[Activity] = [{"type": "clientInfo", "locale": "sv-SE", "platform": "Web"}]
        if self.chat.channel:
            mention = f"<at>{BOT_NAME}</at>"
            entities.append({"type": "mention", "text": mention, "mentioned": self._bot()})
            text = f"{mention} {text}"
        said = {"id": message_id, "text": text, "textFormat": "plain", "entities": entities}
        return self.activity("message", at, conversation, **said)

    def submit(self, at: datetime, conversation: str, reply_to: str, value: Mapping[str, Any]) -> Activity:
        return self.activity("message", at, conversation, replyToId=reply_to, value=value)

    def execute(
        self, at: datetime, conversation: str, reply_to: str, verb: str, data: Mapping[str, Any]
    ) -> Activity:
        action = {"type": "Action.Execute", "verb": verb, "data": data}
        value = {"action": action, "trigger": "manual"}
        return self.activity(
            "invoke", at, conversation, name="adaptiveCard/action", replyToId=reply_to, value=value
        )

    def installed(self, at: datetime) -> list[Activity]:
        where = self.chat.conversation
        return [
            self.activity("conversationUpdate", at, where, membersAdded=[{"id": self.bot_id}]),
            self.activity("installationUpdate", at, where, action="add"),
        ]

    def _account(self) -> Activity:
        return {
            "id": self.actor.teams_id,
            "name": self.actor.name,
            "aadObjectId": self.actor.aad_object_id,
        }

    def _bot(self) -> Activity:
        return {"id": self.bot_id, "name": BOT_NAME}

    def _channel_data(self) -> Activity:
        data: Activity = {"tenant": {"id": self.tenant_id}}
        if self.chat.channel:
            data |= {"team": {"id": TEAM_ID}, "channel": {"id": self.chat.teams_id}}
        return data


def wire_value(value: object) -> str:
    """An input's value as clients send it: always text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ",".join(str(part) for part in value)
    return str(value)


def with_inputs(data: object, inputs: Mapping[str, object]) -> dict[str, Any]:
    """The action's own data with what was filled in; what was left empty is left out."""
    filled = {name: wire_value(value) for name, value in inputs.items() if value not in (None, "", [], ())}
    return {**(data if isinstance(data, dict) else {}), **filled}
