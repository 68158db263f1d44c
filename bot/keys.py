"""The keys that tokens are signed with: fetched anew for an unknown key id, and kept when that fails."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import jwt

from bot.clock import is_within

log = logging.getLogger(__name__)
PATIENCE = aiohttp.ClientTimeout(total=5)
OLD_AFTER = timedelta(hours=24)
BETWEEN_TRIES = timedelta(minutes=1)


@dataclass(frozen=True)
class Key:
    """`endorsements` are the channels whose activities the key may vouch for; none named means none."""

    key: Any
    endorsements: frozenset[str]

    def endorses(self, channel_id: str) -> bool:
        return channel_id in self.endorsements


class KeysUnavailableError(Exception):
    """No key has ever been fetched, and the key server does not answer."""


class KeySet:
    """One fetch at a time, and at most one a minute, so that made-up key ids cannot make us hammer the server."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        clock: Callable[[], datetime],
        patience: aiohttp.ClientTimeout = PATIENCE,
    ) -> None:
        self._session, self._url, self._clock, self._patience = session, url, clock, patience
        self._keys: Mapping[str, Key] = {}
        self._fetched_at: datetime | None = None
        self._tried_at: datetime | None = None
        self._fetching = asyncio.Lock()

    async def load(self) -> bool:
        """Whether there are keys, after a try to fetch them where there are none."""
        if not self._keys:
            await self._fetch_unless_just_tried("")
        return bool(self._keys)

    async def find(self, key_id: str) -> Key | None:
        """The key, None where the server does not know it either; raises KeysUnavailableError."""
        if key_id not in self._keys or self._is_old():
            await self._fetch_unless_just_tried(key_id)
        if not self._keys:
            raise KeysUnavailableError(self._url)
        return self._keys.get(key_id)

    def _is_old(self) -> bool:
        return not is_within(self._clock(), self._fetched_at, OLD_AFTER)

    async def _fetch_unless_just_tried(self, key_id: str) -> None:
        async with self._fetching:
            if key_id in self._keys and not self._is_old():
                return
            now = self._clock()
            if is_within(now, self._tried_at, BETWEEN_TRIES):
                return
            self._tried_at = now
            await self._fetch()

    async def _fetch(self) -> None:
        """Replaces the keys; a failure is logged, and the keys that are there are kept."""
        try:
            async with self._session.get(self._url, timeout=self._patience) as answer:
                answer.raise_for_status()
                self._keys = read_keys(await answer.json(content_type=None))
            self._fetched_at = self._clock()
        except (aiohttp.ClientError, TimeoutError, ValueError) as failed:
            log.warning("the signing keys could not be fetched: %s", type(failed).__name__)


def read_keys(document: Any) -> dict[str, Key]:
    """The keys of a JWK set by id, without those that are not for us; raises ValueError where none is left."""
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise ValueError("not a key set")
    named = [one for one in document["keys"] if isinstance(one, dict) and one.get("kid")]
    keys = {str(one["kid"]): key for one in named if (key := _key(one)) is not None}
    if not keys:
        raise ValueError("no keys")
    return keys


def _key(document: dict[str, Any]) -> Key | None:
    """None for a key of another kind than RSA, or a broken one: it must not cost us the others."""
    endorsed = document.get("endorsements")
    channels = endorsed if isinstance(endorsed, list) else []
    try:
        return Key(jwt.PyJWK(document, algorithm="RS256").key, frozenset(map(str, channels)))
    except (jwt.PyJWTError, KeyError):
        return None
