"""Who is calling: the token on a request checked against the channel's keys, and what the activity says of itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

import jwt

from bot.keys import KeySet, KeysUnavailableError

KEYS = "https://login.botframework.com/v1/.well-known/keys"
ISSUER = "https://api.botframework.com"
LEEWAY_SECONDS = 300
MOST_REMEMBERED = 10_000
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Caller:
    """What an activity says of where it comes from; true only when the doorkeeper has let it in."""

    authorization: str
    service_url: str
    channel_id: str
    tenant_id: str


class NotLetInError(Exception):
    """The caller is not who it must be; the HTTP status to answer is in `status`."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Doorkeeper(Protocol):
    async def let_in(self, caller: Caller) -> None:
        """Raises NotLetInError unless the caller may speak for what it says."""
        ...

    async def has_keys(self) -> bool:
        """Whether a caller with a good token could be let in now."""
        ...


class LoopbackOnly:
    """Local mode: nobody has a token, and answers go nowhere but to this machine."""

    async def let_in(self, caller: Caller) -> None:
        if urlsplit(caller.service_url).hostname not in LOOPBACK_HOSTS:
            raise NotLetInError(403, "service URL outside this machine")

    async def has_keys(self) -> bool:
        return True


@dataclass(frozen=True)
class _Verified:
    """A token that has been checked, and what it may be used for until it ends."""

    ends: float
    service_url: str


class TokenCheck:
    """Bot Connector's tokens: RS256, our app as audience, the service URL and tenant that the activity names."""

    def __init__(
        self,
        keys: KeySet,
        clock: Callable[[], datetime],
        *,
        app_id: str,
        tenants: frozenset[str],
        issuer: str = ISSUER,
    ) -> None:
        self._keys, self._clock = keys, clock
        self._app_id, self._tenants, self._issuer = app_id, tenants, issuer
        self._verified: dict[tuple[str, str], _Verified] = {}

    async def let_in(self, caller: Caller) -> None:
        verified = await self._verify(caller)
        if verified.service_url != caller.service_url:
            raise NotLetInError(403, "another service URL than the token's")
        if caller.tenant_id not in self._tenants:
            raise NotLetInError(403, "another tenant")

    async def has_keys(self) -> bool:
        return await self._keys.load()

    async def _verify(self, caller: Caller) -> _Verified:
        scheme, _, token = caller.authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotLetInError(401, "no token")
        now, used = self._clock().timestamp(), (token, caller.channel_id)
        known = self._verified.get(used)
        if known is None:
            known = await self._read(token, caller.channel_id)
            self._remember(used, known, now)
        if now > known.ends + LEEWAY_SECONDS:
            self._verified.pop(used, None)
            raise NotLetInError(401, "the token has ended")
        return known

    def _remember(self, used: tuple[str, str], verified: _Verified, now: float) -> None:
        if len(self._verified) >= MOST_REMEMBERED:
            self._verified = {each: one for each, one in self._verified.items() if one.ends > now}
        if len(self._verified) < MOST_REMEMBERED:
            self._verified[used] = verified

    async def _read(self, token: str, channel_id: str) -> _Verified:
        try:
            key = await self._keys.find(str(jwt.get_unverified_header(token).get("kid", "")))
            if key is None or not key.endorses(channel_id):
                raise NotLetInError(401, "no such key for this channel")
            claims = self._decode(token, key.key)
        except (jwt.PyJWTError, ValueError) as refused:
            # PyJWT lets a token of bytes that are no letters raise what Python raises.
            raise NotLetInError(401, "no token of ours") from refused
        except KeysUnavailableError as unavailable:
            raise NotLetInError(503, "no signing keys yet") from unavailable
        return _Verified(float(claims["exp"]), str(claims.get("serviceurl", claims.get("serviceUrl", ""))))

    def _decode(self, token: str, key: Any) -> dict[str, Any]:
        # The times are checked by our own clock, which PyJWT knows nothing of.
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            audience=self._app_id,
            issuer=self._issuer,
            options={
                "require": ["exp", "iss", "aud"],
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
        begins = claims.get("nbf", 0)
        if not all(isinstance(moment, int | float) for moment in (claims["exp"], begins)):
            raise NotLetInError(401, "the token's times are no numbers")
        if self._clock().timestamp() < begins - LEEWAY_SECONDS:
            raise NotLetInError(401, "the token has not begun")
        return claims
