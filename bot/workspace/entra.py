"""Who opens the tab: the token that Teams gives it, checked against the tenant's own keys.

The channel's keys are other ones: its token opens no page, and the tab's takes no turn.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt

from bot.ingress import NotLetInError, TenantNames
from bot.keys import KeySet, KeysUnavailableError
from followup.access.directory import guid, normal_id

ENTRA = "https://login.microsoftonline.com"
STS = "https://sts.windows.net"
# Teams on the desktop and the phone, and Teams in a browser.
TEAMS_CLIENTS = frozenset({"1fec8e78-bce4-4aaf-ab1b-5451cc387264", "5e3ce6c0-2b1f-4285-8d4b-75ee78787346"})
SCOPE = "access_as_user"
LEEWAY_SECONDS = 60
_TIMES = ("exp", "nbf", "iat")


@dataclass(frozen=True)
class Issuer:
    """One tenant's way of writing tokens: `client` is the claim that names who asked for it."""

    name: str
    version: str
    tenant: str
    client: str
    keys_path: str


def issuers_of(tenant: str) -> tuple[Issuer, Issuer]:
    """The second version, and the first, which a registration writes until it is told otherwise."""
    return (
        Issuer(f"{ENTRA}/{tenant}/v2.0", "2.0", tenant, "azp", f"{tenant}/discovery/v2.0/keys"),
        Issuer(f"{STS}/{tenant}/", "1.0", tenant, "appid", f"{tenant}/discovery/keys"),
    )


def identifier_uri(host: str, app_id: str) -> str:
    """What the registration exposes, of an app with a bot and a tab; the manifest names the same."""
    return f"api://{host.lower()}/botid-{app_id}"


@dataclass(frozen=True)
class TabPerson:
    """By her id in the directory, and the names by which the register may know her tenant."""

    object_id: str
    tenants: TenantNames


class TabToken:
    """`keys` are by the issuer's name, each tenant's and each version's own."""

    def __init__(
        self,
        keys: Mapping[str, KeySet],
        clock: Callable[[], datetime],
        *,
        app_id: str,
        resource: str,
        tenants: frozenset[str],
        first_tenant: str,
    ) -> None:
        self._keys, self._clock, self._app_id, self._resource = keys, clock, app_id, resource
        self._first = normal_id(first_tenant)
        known = (issuer for tenant in tenants for issuer in issuers_of(normal_id(tenant)))
        self._issuers = {issuer.name: issuer for issuer in known}

    async def person(self, authorization: str) -> TabPerson:
        """Raises NotLetInError, with the status to answer."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotLetInError(401, "no token")
        try:
            issuer, claims = await self._claims(token)
        except (jwt.PyJWTError, ValueError) as refused:
            raise NotLetInError(401, "no token of ours") from refused
        except KeysUnavailableError as unavailable:
            raise NotLetInError(503, "no signing keys yet") from unavailable
        self._demand_times(claims)
        return self._person(issuer, claims)

    async def _claims(self, token: str) -> tuple[Issuer, dict[str, Any]]:
        """What the token says of its issuer only chooses the keys; then it must be so."""
        unread = jwt.decode(token, options={"verify_signature": False})
        issuer = self._issuers.get(str(unread.get("iss", "")))
        if issuer is None:
            raise NotLetInError(401, "another issuer")
        key = await self._keys[issuer.name].find(str(jwt.get_unverified_header(token).get("kid", "")))
        if key is None:
            raise NotLetInError(401, "no such key")
        # The times are checked by our own clock, which PyJWT knows nothing of.
        claims: dict[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=["RS256"],
            audience=[self._app_id] if issuer.version == "2.0" else [self._app_id, self._resource],
            issuer=issuer.name,
            options={
                "require": ["iss", "aud", *_TIMES],
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
        return issuer, claims

    def _demand_times(self, claims: Mapping[str, Any]) -> None:
        if not all(type(claims[name]) in (int, float) for name in _TIMES):
            raise NotLetInError(401, "the token's times are no numbers")
        now = self._clock().timestamp()
        if now > claims["exp"] + LEEWAY_SECONDS:
            raise NotLetInError(401, "the token has ended")
        if now < max(claims["nbf"], claims["iat"]) - LEEWAY_SECONDS:
            raise NotLetInError(401, "the token has not begun")

    def _person(self, issuer: Issuer, claims: Mapping[str, Any]) -> TabPerson:
        if claims.get("ver") != issuer.version or claims.get("tid") != issuer.tenant:
            raise NotLetInError(401, "another version or tenant than the issuer's")
        if claims.get(issuer.client) not in TEAMS_CLIENTS:
            raise NotLetInError(403, "another client than Teams")
        if SCOPE not in str(claims.get("scp", "")).split() or claims.get("idtyp") == "app":
            raise NotLetInError(403, "no person's token")
        object_id = guid(str(claims.get("oid", "")))
        if object_id is None:
            raise NotLetInError(403, "nobody whom the tenant knows")
        names = ("", issuer.tenant) if issuer.tenant == self._first else (issuer.tenant,)
        return TabPerson(object_id, names)
