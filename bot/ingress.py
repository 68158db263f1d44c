"""Who is calling: the token on a request checked against the channel's keys, and what the activity says of itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

import jwt

from bot.keys import KeySet, KeysUnavailableError
from bot.settings import ISSUER
from followup.access.directory import guid, normal_id

LEEWAY_SECONDS = 300
MOST_REMEMBERED = 10_000
TEAMS = "msteams"
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Caller:
    """What an activity says of where it comes from; true only when the doorkeeper has let it in.

    `conversation_tenant` is None where the conversation names none.
    """

    authorization: str
    service_url: str
    channel_id: str
    tenant_id: str
    aad_object_id: str
    conversation_tenant: str | None = None


# What the register may call the caller's tenant: the first one also by not naming any.
TenantNames = tuple[str, ...]


class NotLetInError(Exception):
    """The caller is not who it must be; the HTTP status to answer is in `status`."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Doorkeeper(Protocol):
    async def let_in(self, caller: Caller) -> TenantNames:
        """Raises NotLetInError unless the caller may speak for what it says."""
        ...

    async def has_keys(self) -> bool:
        """Whether a caller with a good token could be let in now."""
        ...


class LoopbackOnly:
    """Local mode's own door: nobody has a token, answers go nowhere but to this machine, and there is one tenant."""

    async def let_in(self, caller: Caller) -> TenantNames:
        if urlsplit(caller.service_url).hostname not in LOOPBACK_HOSTS:
            raise NotLetInError(403, "service URL outside this machine")
        return ("", normal_id(caller.tenant_id))

    async def has_keys(self) -> bool:
        return True


@dataclass(frozen=True)
class _Verified:
    """A token that has been checked, and what it may be used for until it ends."""

    ends: float
    service_url: str
    tenant_id: str | None


class TokenCheck:
    """Bot Connector's tokens: RS256, our app as audience, and for Teams alone.

    `first_tenant` is that of the people for whom the register names none.
    """

    def __init__(
        self,
        keys: KeySet,
        clock: Callable[[], datetime],
        *,
        app_id: str,
        tenants: frozenset[str],
        first_tenant: str,
        issuer: str = ISSUER,
    ) -> None:
        self._keys, self._clock = keys, clock
        self._app_id, self._issuer = app_id, issuer
        self._tenants, self._first_tenant = frozenset(map(normal_id, tenants)), normal_id(first_tenant)
        self._verified: dict[tuple[str, str], _Verified] = {}

    async def let_in(self, caller: Caller) -> TenantNames:
        verified = await self._verify(caller)
        if verified.service_url != caller.service_url:
            raise NotLetInError(403, "another service URL than the token's")
        if caller.channel_id != TEAMS:
            # In other channels, as Web Chat, the client itself says who it is.
            raise NotLetInError(403, "another channel than Teams")
        if guid(caller.aad_object_id) is None:
            raise NotLetInError(403, "nobody whom the tenant knows")
        return self._names(self._tenant(caller, verified))

    def _tenant(self, caller: Caller, verified: _Verified) -> str:
        """The tenant that all who name one agree on."""
        tenant = normal_id(caller.tenant_id)
        others = {caller.conversation_tenant, verified.tenant_id} - {None}
        if tenant not in self._tenants or any(normal_id(str(other)) != tenant for other in others):
            raise NotLetInError(403, "another tenant")
        return tenant

    def _names(self, tenant: str) -> TenantNames:
        return ("", tenant) if tenant == self._first_tenant else (tenant,)

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
        service_url = str(claims.get("serviceurl", claims.get("serviceUrl", "")))
        tenant_id = None if claims.get("tid") is None else str(claims["tid"])
        return _Verified(float(claims["exp"]), service_url, tenant_id)

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
