"""What stands between the bot and Teams, looked for in one go: registration, tenant, endpoint, address and channel.

Nothing is sent to anybody: a token is asked for, keys are fetched, our own address is knocked on, a roster is read.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from typing import Any

import aiohttp
import jwt

from bot.connector import Connector, LostContact
from bot.keys import KeySet
from bot.settings import Settings
from bot.token import Ask, NotGivenError
from followup.wording.wording import Wording, wording
from storage.messages.conversations import Address

PATIENCE = aiohttp.ClientTimeout(total=10)
# Entra's own numbers of what is wrong with what was asked.
REFUSALS: Mapping[str, str] = {
    "AADSTS700016": "app_unknown",
    "AADSTS90002": "tenant_unknown",
    "AADSTS900023": "tenant_unknown",
    "AADSTS7000215": "password_wrong",
    "AADSTS7000222": "password_old",
}
# As Teams would send it, but for the token: whoever answers anything but 401 is not the bot.
KNOCK: Mapping[str, Any] = {
    "type": "message",
    "channelId": "msteams",
    "serviceUrl": "https://teams.example/",
    "from": {"id": "check"},
    "conversation": {"id": "check"},
}


async def faults_in_teams(
    settings: Settings,
    channel: Address | None,
    session: aiohttp.ClientSession,
    ask: Ask,
    clock: Callable[[], datetime],
) -> list[Wording]:
    """Each with what it is about; none where everything fits."""
    token, faults = await _token(settings, ask)
    faults += [one async for one in _from_microsoft(settings, session, clock)]
    faults += [one async for one in _from_outside(settings, session)]
    if channel is None:
        faults.append(wording("check.teams.no_channel"))
    elif token is not None:
        faults += [one async for one in _of_channel(channel, session, token)]
    return faults


async def _token(settings: Settings, ask: Ask) -> tuple[str | None, list[Wording]]:
    try:
        token = (await ask()).text
    except NotGivenError as refused:
        why = REFUSALS.get(refused.code, "refused")
        return None, [
            wording(f"check.teams.{why}", app=settings.app_id, tenant=settings.tenant_id, why=refused)
        ]
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError) as lost:
        return None, [wording("check.teams.login_lost", why=lost or type(lost).__name__)]
    return token, _claims_that_differ(settings, token)


def _claims_that_differ(settings: Settings, token: str) -> list[Wording]:
    """Whose the token says that it is; Teams itself checks that it is true."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError:
        return [wording("check.teams.token_unread")]
    wanted = {"tid": settings.tenant_id, "appid": settings.app_id}
    return [
        wording(f"check.teams.other_{name}", wanted=value, given=claims.get(name) or "–")
        for name, value in wanted.items()
        if str(claims.get(name, "")).lower() != value.lower()
    ]


async def _from_microsoft(
    settings: Settings, session: aiohttp.ClientSession, clock: Callable[[], datetime]
) -> AsyncIterator[Wording]:
    if not await KeySet(session, settings.keys_url, clock).load():
        yield wording("check.teams.no_keys", address=settings.keys_url)


async def _from_outside(settings: Settings, session: aiohttp.ClientSession) -> AsyncIterator[Wording]:
    """Whether our own address leads to the bot, from where the command is run."""
    if not settings.address:
        yield wording("check.teams.no_address")
        return
    address = f"{settings.address}/api/messages"
    try:
        async with session.post(address, json=dict(KNOCK), timeout=PATIENCE, allow_redirects=False) as answer:
            if answer.status != 401:
                yield wording("check.teams.not_the_bot", address=address, status=answer.status)
    except aiohttp.ClientSSLError as untrusted:
        yield wording("check.teams.certificate", address=address, why=untrusted)
    except (aiohttp.ClientError, TimeoutError) as lost:
        yield wording("check.teams.not_reached", address=address, why=lost or type(lost).__name__)


async def _of_channel(channel: Address, session: aiohttp.ClientSession, token: str) -> AsyncIterator[Wording]:
    async def given(refused: str | None = None) -> str:
        return token

    try:
        roster = await Connector(session, given).members(channel.service_url, channel.conversation_id)
    except LostContact:
        yield wording("check.teams.connector_lost", address=channel.service_url)
        return
    if roster.status == 0:
        yield wording("check.teams.connector_lost", address=channel.service_url)
    elif roster.status == 401:
        yield wording("check.teams.not_registered")
    elif not roster.ok:
        yield wording("check.teams.not_in_channel", status=roster.status, why=roster.code or "–")
