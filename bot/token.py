"""The bot's own access token: asked for by one caller at a time, and kept until shortly before it ends."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from bot.clock import is_within

log = logging.getLogger(__name__)
RESOURCE = "https://api.botframework.com"
METADATA_SERVICE = "http://169.254.169.254/metadata/identity/oauth2/token"
PATIENCE = aiohttp.ClientTimeout(total=10)
MARGIN = timedelta(minutes=5)
BETWEEN_TRIES = timedelta(seconds=30)
_CODE = re.compile(r"AADSTS[0-9]+")


@dataclass(frozen=True)
class Token:
    text: str
    ends: datetime


Ask = Callable[[], Awaitable[Token]]


class NotGivenError(aiohttp.ClientError):
    """The login host answered, and gave none; `code` is its own number of the reason, empty where it names none."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}".strip())
        self.code = code


async def no_token(refused: str | None = None) -> str | None:
    """Local mode has no app id and needs none."""
    return None


class KeptToken:
    """One token for everybody; when a new one cannot be had, the old one serves until it ends.

    Meanwhile it is asked for now and then only, since everything that is sent would wait for the answer.
    """

    def __init__(self, ask: Ask, clock: Callable[[], datetime]) -> None:
        self._ask, self._clock = ask, clock
        self._token: Token | None = None
        self._dropped_at: datetime | None = None
        self._asked_at = self._renew_at = clock()
        self._asking = asyncio.Lock()

    async def __call__(self, refused: str | None = None) -> str | None:
        """One that Teams has refused is dropped, though not over and over: then another would be no better."""
        token = self._good()
        if token is None or token.text == refused:
            async with self._asking:
                self._drop(refused)
                token = self._good() or await self._renewed()
        return token.text

    def _drop(self, refused: str | None) -> None:
        """Many may have been refused with the same one; the first drops it."""
        now = self._clock()
        if (
            self._token
            and self._token.text == refused
            and not is_within(now, self._dropped_at, BETWEEN_TRIES)
        ):
            self._token, self._dropped_at = None, now

    def _good(self) -> Token | None:
        """The token, None where it is time to ask for another, or the clock goes back to before it was asked for."""
        now = self._clock()
        if self._token and self._asked_at <= now < min(self._renew_at, self._token.ends):
            return self._token
        return None

    async def _renewed(self) -> Token:
        now = self._clock()
        try:
            self._token = await self._ask()
        except (aiohttp.ClientError, TimeoutError, KeyError, ValueError):
            if self._token is None or now >= self._token.ends:
                raise
            log.warning("the access token could not be renewed; the old one is still good")
        self._asked_at, self._renew_at = now, max(self._token.ends - MARGIN, now + BETWEEN_TRIES)
        return self._token


def client_credentials(
    session: aiohttp.ClientSession,
    clock: Callable[[], datetime],
    *,
    login: str,
    tenant_id: str,
    app_id: str,
    app_password: str,
) -> Ask:
    """The app's own password at the login host (single-tenant registration)."""
    form = {
        "grant_type": "client_credentials",
        "client_id": app_id,
        "client_secret": app_password,
        "scope": f"{RESOURCE}/.default",
    }

    async def ask() -> Token:
        url = f"{login}/{tenant_id}/oauth2/v2.0/token"
        async with session.post(url, data=form, timeout=PATIENCE) as answer:
            return await _token(answer, clock())

    return ask


def managed_identity(
    session: aiohttp.ClientSession,
    clock: Callable[[], datetime],
    *,
    app_id: str,
    environment: Mapping[str, str],
) -> Ask:
    """The identity of the machine itself: App Service's endpoint where there is one, else the metadata service."""
    endpoint, header = environment.get("IDENTITY_ENDPOINT"), environment.get("IDENTITY_HEADER")
    version = "2019-08-01" if endpoint else "2018-02-01"
    headers = {"X-IDENTITY-HEADER": header or ""} if endpoint else {"Metadata": "true"}
    query = {"api-version": version, "resource": RESOURCE, "client_id": app_id}

    async def ask() -> Token:
        url = endpoint or METADATA_SERVICE
        async with session.get(url, params=query, headers=headers, timeout=PATIENCE) as answer:
            return await _token(answer, clock())

    return ask


async def _token(answer: aiohttp.ClientResponse, now: datetime) -> Token:
    """App Service gives the moment it ends, the others the seconds left."""
    if not answer.ok:
        raise NotGivenError(answer.status, _code_in(await answer.text()))
    given: Any = await answer.json(content_type=None)
    if not isinstance(given, dict):
        raise ValueError("not a token")
    left = int(given["expires_in"]) if "expires_in" in given else int(given["expires_on"]) - now.timestamp()
    return Token(str(given["access_token"]), now + timedelta(seconds=left))


def _code_in(answered: str) -> str:
    """Nothing else of the answer is told, since it may say back what was asked."""
    found = _CODE.search(answered)
    return found[0] if found else ""
