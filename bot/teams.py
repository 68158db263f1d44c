"""Between Teams' activities and our turns; the only module that knows what an activity looks like."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Protocol
from uuid import uuid4

from bot.cards import CONTENT_TYPE, attachment
from bot.connector import Connector, Json, LostContact, Outcome
from bot.ingress import TEAMS, Caller, Doorkeeper, NotLetInError, TenantNames
from bot.logs import reference_of_turn
from bot.turns import Answer, trouble
from dialogs.turn import Press, Said
from followup.access.directory import normal_id
from followup.wording.form import clean_text, clean_texts

log = logging.getLogger(__name__)
TYPING_AFTER_SECONDS = 1.5
CARD_ACTION = "adaptiveCard/action"
READ_RECEIPT = "application/vnd.microsoft.readReceipt"
PERSONAL, CHANNEL = "personal", "channel"
MESSAGE_RESPONSE = "application/vnd.microsoft.activity.message"
MENTION = re.compile(r"<at\b[^<>]*>[^<]*</at>")


class Turns(Protocol):
    async def take(self, said: Said) -> Answer: ...
    async def answered(self, said: Said) -> None: ...
    async def install(self, said: Said) -> Answer: ...
    async def read(self, said: Said, last_read: str) -> None: ...


# What is told of each who is turned away with a good token: who it said that it was, and why.
Refusals = Callable[[Caller, str], Awaitable[None]]
# The status and the body.
HttpAnswer = tuple[int, Json | None]


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody in an activity, or the bot itself."""

    id: str | None = None
    aad_object_id: str | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """What we use of what Teams sends; its conversation's kind stands as it was given."""

    sender: Account
    recipient: Account | None
    conversation_id: str | None
    conversation_kind: object = None
    is_group: bool = False
    members_added: tuple[Account, ...] = ()
    value: Any = None
    channel_data: Any = None
    type: str | None = None
    id: str | None = None
    service_url: str | None = None
    channel_id: str | None = None
    text: str | None = None
    name: str | None = None
    action: str | None = None
    reply_to_id: str | None = None


class Adapter:
    """What is at the endpoint: who is let in is answered by the bot."""

    def __init__(self, doorkeeper: Doorkeeper, turned_away: Refusals) -> None:
        self._doorkeeper, self._turned_away = doorkeeper, turned_away

    async def process(self, body: Json, authorization: str, bot: "TeamsBot") -> HttpAnswer:
        """Raises ValueError for what is no activity, and NotLetInError."""
        # Before the activity is read, so that a stranger cannot keep us busy.
        tenants = await self._admitted(_caller(body, authorization))
        return await bot.answer(read_activity(body), tenants)

    async def _admitted(self, caller: Caller) -> TenantNames:
        """Raises NotLetInError; who had a good token all the same is somebody whom the access log can name."""
        try:
            return await self._doorkeeper.let_in(caller)
        except NotLetInError as refused:
            if refused.status == HTTPStatus.FORBIDDEN:
                await self._turned_away(caller, str(refused))
            raise


def read_activity(body: Json) -> Activity:
    """What we use of the body, raising ValueError where it is of another kind than Teams sends."""
    conversation = _read(body, "conversation", dict) or {}
    return Activity(
        **{attribute: _string(body, name) for name, attribute in _STRINGS.items()},
        value=clean_texts(body.get("value")),
        sender=_account(body, "from") or Account(),
        recipient=_account(body, "recipient"),
        conversation_id=_string(conversation, "id"),
        # What only looks like a personal conversation is none.
        conversation_kind=conversation.get("conversationType"),
        is_group=bool(conversation.get("isGroup")),
        channel_data=body.get("channelData"),
        members_added=tuple(_accounts(_read(body, "membersAdded", list) or [])),
    )


_STRINGS = {
    "type": "type",
    "id": "id",
    "serviceUrl": "service_url",
    "channelId": "channel_id",
    "text": "text",
    "name": "name",
    "action": "action",
    "replyToId": "reply_to_id",
}


def _account(found: Json, name: str) -> Account | None:
    account = _read(found, name, dict)
    return None if account is None else Account(_string(account, "id"), _string(account, "aadObjectId"))


def _accounts(given: list[object]) -> list[Account]:
    read = [_account({"account": one}, "account") for one in given]
    return [account for account in read if account is not None]


def _string(found: Json, name: str) -> str | None:
    """A clean text; what is no text is none."""
    value = found.get(name)
    return clean_text(value) if isinstance(value, str) else None


def _read(found: Json, name: str, kind: type) -> Any:
    """The value, or None where there is none."""
    value = found.get(name)
    if value is not None and not isinstance(value, kind):
        raise ValueError(f"{name} is no {kind.__name__}")
    return value


class TeamsBot:
    """Turns activities into what was said, and answers into activities."""

    def __init__(
        self, turns: Turns, connector: Connector, count_failed: Callable[[], None] = lambda: None
    ) -> None:
        self._turns, self._connector, self._count_failed = turns, connector, count_failed

    async def answer(self, activity: Activity, tenants: TenantNames) -> HttpAnswer:
        """Whatever goes wrong in a turn, its person is told."""
        try:
            return await self._answer(activity, tenants)
        except Exception:
            log.exception("turn failed")
            self._count_failed()
        return await self._apologize(activity, tenants)

    async def _answer(self, activity: Activity, tenants: TenantNames) -> HttpAnswer:
        if activity.type == "invoke":
            return await self._invoke(activity, tenants)
        if activity.type == "message":
            said = said_in(activity, tenants)
            if await self._reply(said, await self._taken_while_typing(said)) and said.press is None:
                await self._turns.answered(said)
        elif activity.type == "event":
            await self._read(activity, said_in(activity, tenants))
        elif _is_installation(activity):
            installed = _installed_in(activity, said_in(activity, tenants))
            if installed is not None:
                await self._reply(installed, await self._turns.install(installed))
        return HTTPStatus.OK, None

    async def _apologize(self, activity: Activity, tenants: TenantNames) -> HttpAnswer:
        """The person gets a reference number; the traceback is in the log by the same number."""
        text = trouble("sv", reference_of_turn())
        if activity.type == "invoke":
            return HTTPStatus.OK, _card_response(Answer(notice=text))
        await self._reply(said_in(activity, tenants), Answer(text=text))
        return HTTPStatus.OK, None

    async def _read(self, activity: Activity, said: Said) -> None:
        """Nothing is answered: whoever opens her chat has asked for nothing."""
        last_read = _last_read(activity)
        if last_read and not said.channel:
            await self._turns.read(said, last_read)

    async def _taken_while_typing(self, said: Said) -> Answer:
        """Who waits longer than a moment sees that the bot is at it (the store rule: within two seconds)."""
        turn = asyncio.create_task(self._turns.take(said))
        ended, _ = await asyncio.wait({turn}, timeout=TYPING_AFTER_SECONDS)
        if not ended:
            await self._sent(self._connector.send, said, {"type": "typing"})
        return await turn

    async def _invoke(self, activity: Activity, tenants: TenantNames) -> HttpAnswer:
        if activity.name != CARD_ACTION:
            return HTTPStatus.NOT_IMPLEMENTED, None
        said = said_in(activity, tenants)
        if said.press is None:
            return HTTPStatus.BAD_REQUEST, None
        answer = await self._turns.take(said)
        message = _message(answer) if answer.beside else None
        if message is not None and await self._sent(self._connector.send, said, message):
            # The card that was pressed stays as it is.
            answer = Answer(notice=answer.summary)
        return HTTPStatus.OK, _card_response(answer)

    async def _reply(self, said: Said, answer: Answer) -> bool:
        """A submitted card is replaced where it stands; anything else is a new message. Says whether it arrived."""
        message = _message(answer)
        if message is None or (answer.again and said.press is None):
            return False
        return await self._replaced(said, answer) or await self._sent(self._connector.send, said, message)

    async def _replaced(self, said: Said, answer: Answer) -> bool:
        if answer.card is None or answer.beside or said.press is None or not said.reply_to_id:
            return False
        return await self._sent(self._connector.replace, said, said.reply_to_id, _message(answer))

    async def _sent(self, send: Callable[..., Awaitable[Outcome]], said: Said, *what: object) -> bool:
        """What the turn stored is stored: an answer that gets lost is logged, and can be asked for again."""
        try:
            outcome = await send(said.service_url, said.conversation_id, *what)
        except LostContact:
            log.warning("the answer may not have arrived")
            return False
        if not outcome.ok:
            log.warning("the answer was not taken: %s %s", outcome.status, outcome.code)
        return outcome.ok


def said_in(activity: Activity, tenants: TenantNames = ("",)) -> Said:
    """The parts of an activity that matter, whatever else a stranger put into it.

    Only who is known by the directory's id is anybody: the channel's own id of a person may be what the client chose.
    """
    return Said(
        teams_id=normal_id(str(activity.sender.aad_object_id or "")),
        tenants=tenants,
        conversation_id=str(activity.conversation_id),
        activity_id=str(activity.id or uuid4()),
        service_url=str(activity.service_url),
        text=_without_mention(activity),
        press=_press(activity),
        channel=activity.conversation_kind != PERSONAL or activity.is_group,
        reply_to_id=activity.reply_to_id,
        in_team=activity.conversation_kind == CHANNEL,
    )


def _caller(body: Json, authorization: str) -> Caller:
    """Who the activity says that it is from; raises ValueError where it lacks what every activity has."""
    needed = {"type": str, "serviceUrl": str, "from": dict, "conversation": dict}
    if not all(isinstance(body.get(name), kind) and body[name] for name, kind in needed.items()):
        raise ValueError("not an activity")
    if not isinstance(body["conversation"].get("id"), str):
        raise ValueError("an activity without a conversation")
    # The conversation's own tenant is not there in every kind of activity.
    data = body.get("channelData")
    tenant = data.get("tenant") if isinstance(data, Mapping) else None
    tenant_id = tenant.get("id") if isinstance(tenant, Mapping) else None
    named = body["conversation"].get("tenantId")
    return Caller(
        authorization,
        body["serviceUrl"],
        str(body.get("channelId") or ""),
        str(tenant_id or ""),
        str(body["from"].get("aadObjectId") or ""),
        None if named is None else str(named),
    )


def _without_mention(activity: Activity) -> str:
    """In a channel every message mentions the bot."""
    return MENTION.sub("", activity.text or "").strip()


def _press(activity: Activity) -> Press | None:
    """The button pressed: ours carry `card` in their data, and everything else beside it was typed."""
    value = activity.value
    if not isinstance(value, Mapping):
        return None
    in_place = activity.type == "invoke"
    action = value.get("action") if in_place else {"data": value}
    data = action.get("data") if isinstance(action, Mapping) else None
    card = data.get("card") if isinstance(data, Mapping) else None
    if not isinstance(action, Mapping) or not isinstance(data, Mapping) or not isinstance(card, Mapping):
        return None
    verb = str((action if in_place else card).get("verb", ""))
    inputs = {str(name): text for name, typed in data.items() if (text := _as_typed(typed)) is not None}
    return Press(verb, dict(card), inputs, in_place)


def _as_typed(value: object) -> str | None:
    """An input as text, also from a client that sends ticks and numbers as what they are; None for what is none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int) else None


def _is_installation(activity: Activity) -> bool:
    if activity.type == "installationUpdate":
        return activity.action in ("add", "add-upgrade")
    if activity.type != "conversationUpdate" or activity.recipient is None:
        return False
    return any(member.id == activity.recipient.id for member in activity.members_added)


def _installed_in(activity: Activity, said: Said) -> Said | None:
    """Where the app was installed: a personal chat, or the channel that a team chose; None for anything else."""
    if not said.channel:
        return said
    if activity.conversation_kind != CHANNEL:
        return None
    found: Any = activity.channel_data
    for name in ("settings", "selectedChannel", "id"):
        found = found.get(name) if isinstance(found, Mapping) else None
    return replace(said, conversation_id=clean_text(found)) if isinstance(found, str) and found else said


def _last_read(activity: Activity) -> str:
    """The id of the message that the person has read last; empty for what is no read receipt of Teams."""
    if activity.name != READ_RECEIPT or activity.channel_id != TEAMS:
        return ""
    last_read = activity.value.get("lastReadMessageId") if isinstance(activity.value, Mapping) else None
    return last_read if isinstance(last_read, str) else ""


def _message(answer: Answer) -> Json | None:
    if answer.card is not None:
        return {"type": "message", "summary": answer.summary, "attachments": [attachment(answer.card)]}
    text = answer.text or answer.notice
    return {"type": "message", "text": text} if text else None


def _card_response(answer: Answer) -> dict[str, Any]:
    if answer.card is not None:
        return {"statusCode": 200, "type": CONTENT_TYPE, "value": answer.card}
    return {"statusCode": 200, "type": MESSAGE_RESPONSE, "value": answer.text or answer.notice}
