"""Between Teams' activities and our turns; the only module that knows the Bot Framework SDK."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Protocol
from uuid import uuid4

from botbuilder.core import CloudAdapterBase, InvokeResponse, TurnContext
from botbuilder.schema import Activity, ChannelAccount, ConversationAccount, ConversationParameters
from botframework.connector.auth import (
    AuthenticateRequestResult,
    BotFrameworkAuthentication,
    ClaimsIdentity,
    ConnectorFactory,
)

from bot.cards import CONTENT_TYPE, attachment
from bot.connector import Connector, Json, LostContact, Outcome
from bot.ingress import TEAMS, Caller, Doorkeeper, NotLetInError, TenantNames
from bot.logs import reference_of_turn
from bot.spoken import Spoken
from bot.turns import Answer
from dialogs.turn import Press, Said
from followup.access.directory import normal_id
from followup.wording.form import clean_text, clean_texts

log = logging.getLogger(__name__)
TYPING_AFTER_SECONDS = 1.5
# Teams waits fifteen seconds for an answer, and then says that something went wrong, or sends what was typed again.
LATER_AFTER_SECONDS = 8.0
CARD_ACTION = "adaptiveCard/action"
READ_RECEIPT = "application/vnd.microsoft.readReceipt"
PERSONAL, CHANNEL = "personal", "channel"
TENANTS = "tenants"
MESSAGE_RESPONSE = "application/vnd.microsoft.activity.message"
MENTION = re.compile(r"<at\b[^<>]*>[^<]*</at>")


class Turns(Protocol):
    async def take(self, said: Said) -> Answer: ...
    async def answered(self, said: Said) -> None: ...
    async def install(self, said: Said) -> Answer: ...
    async def read(self, said: Said, last_read: str) -> None: ...


# What is told of each who is turned away with a good token: who it said that it was, and why.
Refusals = Callable[[Caller, str], Awaitable[None]]


class _NoConnector(ConnectorFactory):
    """Everything that is sent goes through our own connector, so the SDK's is never made."""

    async def create(self, service_url: str, audience: str) -> object:
        return self


class Authentication(BotFrameworkAuthentication):
    """Lets nobody in, since the doorkeeper has decided before, and spares the SDK the clients of each turn."""

    async def authenticate_request(self, activity: Activity, auth_header: str) -> AuthenticateRequestResult:
        raise PermissionError("the doorkeeper decides")

    async def authenticate_streaming_request(
        self, auth_header: str, channel_id_header: str
    ) -> AuthenticateRequestResult:
        raise PermissionError("streaming is not used")

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> ConnectorFactory:
        return _NoConnector()

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> object:
        return self


class Adapter(CloudAdapterBase):
    """The SDK's pipeline with our authentication; what it would send itself, it may not."""

    def __init__(self, doorkeeper: Doorkeeper, turned_away: Refusals) -> None:
        super().__init__(Authentication())
        self._doorkeeper, self._turned_away = doorkeeper, turned_away

    async def process(self, body: Json, authorization: str, bot: "TeamsBot") -> tuple[int, Json | None]:
        """The HTTP status and body to answer; raises ValueError for what is no activity, and NotLetInError."""
        # Before the SDK reads the activity, which takes it long enough for a stranger to keep us busy.
        tenants = await self._admitted(_caller(body, authorization))
        self.on_turn_error = bot.on_error
        response = await self.process_activity(_let_in(tenants), read_activity(body), bot.on_turn)
        if response is None:
            return HTTPStatus.OK, None
        return response.status, response.body

    async def _admitted(self, caller: Caller) -> TenantNames:
        """Raises NotLetInError; who had a good token all the same is somebody whom the access log can name."""
        try:
            return await self._doorkeeper.let_in(caller)
        except NotLetInError as refused:
            if refused.status == HTTPStatus.FORBIDDEN:
                await self._turned_away(caller, str(refused))
            raise

    async def create_conversation(
        self, *_: object, parameters: ConversationParameters = None, **__: object
    ) -> None:
        raise NotImplementedError("bot.delivery creates conversations")


def read_activity(body: Json) -> Activity:
    """What we use of the body, raising ValueError where it is of another kind than Teams sends.

    The SDK's own reader takes forty times as long, and reads what it does not expect as something else.
    """
    return Activity(
        **{attribute: _string(body, name) for name, attribute in _STRINGS.items()},
        value=clean_texts(body.get("value")),
        from_property=_account(body.get("from")),
        recipient=_account(body.get("recipient")),
        conversation=_conversation(body.get("conversation")),
        channel_data=body.get("channelData"),
        members_added=[_account(member) for member in _read(body, "membersAdded", list) or []],
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
    "locale": "locale",
}


def _account(given: object) -> ChannelAccount | None:
    if given is None:
        return None
    account = _read({"account": given}, "account", dict)
    return ChannelAccount(
        id=_string(account, "id"),
        name=_string(account, "name"),
        aad_object_id=_string(account, "aadObjectId"),
    )


def _conversation(given: object) -> ConversationAccount:
    account = _read({"conversation": given}, "conversation", dict) or {}
    return ConversationAccount(
        id=_string(account, "id"),
        # As it stands: what only looks like a personal conversation is none.
        conversation_type=account.get("conversationType"),
        is_group=bool(account.get("isGroup")),
    )


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


def _let_in(tenants: TenantNames) -> AuthenticateRequestResult:
    """What the SDK wants to know of one whom the doorkeeper has let in."""
    result = AuthenticateRequestResult()
    result.claims_identity = ClaimsIdentity({TENANTS: tenants}, True)
    result.audience = ""
    result.connector_factory = _NoConnector()
    return result


class TeamsBot:
    """Turns activities into what was said, and answers into activities."""

    def __init__(
        self, turns: Turns, connector: Connector, count_failed: Callable[[], None] = lambda: None
    ) -> None:
        self._turns, self._connector, self._count_failed = turns, connector, count_failed
        self._spoken = Spoken()
        self._under_way: set[asyncio.Task[None]] = set()

    async def on_turn(self, context: TurnContext) -> None:
        activity = context.activity
        if activity.type == "invoke":
            await self._invoke(context)
        elif activity.type == "message":
            said = _said(context)
            turn = await self._begun_while_typing(said)
            if turn.done():
                await self._deliver(said, turn.result())
            else:
                later = {"type": "message", "text": self._spoken.later(said, activity)}
                await self._sent(self._connector.send, said, later)
                self._answer_later(activity, said, turn)
        elif activity.type == "event":
            await self._read(activity, _said(context))
        elif _is_installation(activity):
            installed = _installed_in(activity, _said(context))
            if installed is not None:
                await self._reply(installed, await self._turns.install(installed))

    async def part(self, seconds: float) -> None:
        """What was promised is given first where the bot is told to stop, as a request under way is finished."""
        if not self._under_way:
            return
        _, left = await asyncio.wait(self._under_way, timeout=seconds)
        for one in left:
            log.warning("an answer that was under way was not given, since the bot was told to stop")
            one.cancel()

    async def _read(self, activity: Activity, said: Said) -> None:
        """Nothing is answered: whoever opens her chat has asked for nothing."""
        last_read = _last_read(activity)
        if last_read and not said.channel:
            await self._turns.read(said, last_read)

    async def _begun_while_typing(self, said: Said) -> asyncio.Task[Answer]:
        """Who waits longer than a moment sees that the bot is at it (the store rule: within two seconds)."""
        turn = asyncio.create_task(self._take(said))
        ended, _ = await asyncio.wait({turn}, timeout=TYPING_AFTER_SECONDS)
        if not ended:
            await self._sent(self._connector.send, said, {"type": "typing"})
            await asyncio.wait({turn}, timeout=LATER_AFTER_SECONDS - TYPING_AFTER_SECONDS)
        return turn

    async def _take(self, said: Said) -> Answer:
        answer = await self._turns.take(said)
        self._spoken.heard(said, answer)
        return answer

    async def _deliver(self, said: Said, answer: Answer) -> None:
        if await self._reply(said, answer) and said.press is None:
            await self._turns.answered(said)

    def _answer_later(self, activity: Activity, said: Said, turn: asyncio.Task[Answer]) -> None:
        """Where the card was pressed, else as a message, when it is ready; nothing of it is lost meanwhile."""
        later = asyncio.create_task(self._answered_later(activity, said, turn))
        self._under_way.add(later)
        later.add_done_callback(self._under_way.discard)

    async def _answered_later(self, activity: Activity, said: Said, turn: asyncio.Task[Answer]) -> None:
        await asyncio.wait({turn})
        error = turn.exception()
        if error is None:
            await self._deliver(said, turn.result())
        else:
            log.error("turn failed", exc_info=error)
            self._count_failed()
            await self._reply(
                said, Answer(text=self._spoken.trouble(said, activity, error, reference_of_turn()))
            )

    async def _invoke(self, context: TurnContext) -> None:
        if context.activity.name != CARD_ACTION:
            _respond(context, HTTPStatus.NOT_IMPLEMENTED, None)
            return
        said = _said(context)
        if said.press is None:
            _respond(context, HTTPStatus.BAD_REQUEST, None)
            return
        turn = asyncio.create_task(self._take(said))
        ended, _ = await asyncio.wait({turn}, timeout=LATER_AFTER_SECONDS)
        if not ended:
            self._answer_later(context.activity, said, turn)
            later = Answer(notice=self._spoken.later(said, context.activity))
            _respond(context, HTTPStatus.OK, _card_response(later))
            return
        answer = turn.result()
        message = _message(answer) if answer.beside else None
        if message is not None and await self._sent(self._connector.send, said, message):
            # The card that was pressed stays as it is.
            answer = Answer(notice=answer.summary)
        _respond(context, HTTPStatus.OK, _card_response(answer))

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

    async def on_error(self, context: TurnContext, error: Exception) -> None:
        """The person gets a reference number, the log gets the traceback by the same number."""
        log.error("turn failed", exc_info=error)
        self._count_failed()
        said = _said(context)
        text = self._spoken.trouble(said, context.activity, error, reference_of_turn())
        if context.activity.type == "invoke":
            _respond(context, HTTPStatus.OK, _card_response(Answer(notice=text)))
        else:
            await self._reply(said, Answer(text=text))


def _said(context: TurnContext) -> Said:
    identity = context.turn_state[CloudAdapterBase.BOT_IDENTITY_KEY]
    return said_in(context.activity, identity.claims[TENANTS])


def said_in(activity: Activity, tenants: TenantNames = ("",)) -> Said:
    """The parts of an activity that matter, whatever else a stranger put into it.

    Only who is known by the directory's id is anybody: the channel's own id of a person may be what the client chose.
    """
    sender, conversation = activity.from_property, activity.conversation
    return Said(
        teams_id=normal_id(str(sender.aad_object_id or "")),
        tenants=tenants,
        conversation_id=str(conversation.id),
        activity_id=str(activity.id or uuid4()),
        service_url=str(activity.service_url),
        text=_without_mention(activity),
        press=_press(activity),
        channel=conversation.conversation_type != PERSONAL or bool(conversation.is_group),
        reply_to_id=activity.reply_to_id,
        in_team=conversation.conversation_type == CHANNEL,
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
    """In a channel every message mentions the bot; the SDK's own remover fails on a mention without a name."""
    text = activity.text if isinstance(activity.text, str) else ""
    return MENTION.sub("", text).strip()


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
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else None


def _is_installation(activity: Activity) -> bool:
    if activity.type == "installationUpdate":
        return bool(activity.action in ("add", "add-upgrade"))
    added = activity.members_added or [] if activity.type == "conversationUpdate" else []
    return any(member.id == activity.recipient.id for member in added) if activity.recipient else False


def _installed_in(activity: Activity, said: Said) -> Said | None:
    """Where the app was installed: a personal chat, or the channel that a team chose; None for anything else."""
    if not said.channel:
        return said
    if activity.conversation.conversation_type != CHANNEL:
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


def _respond(context: TurnContext, status: int, body: Json | None) -> None:
    response = Activity(type="invokeResponse", value=InvokeResponse(status=status, body=body))
    context.turn_state[Adapter._INVOKE_RESPONSE_KEY] = response
