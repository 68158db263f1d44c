"""What the bot speaks to at Microsoft, on loopback: signing keys, the login host, identities and the connector."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.listening import bound, listening, port_of
from bot.settings import ISSUER, LOOPBACK

Json = dict[str, Any]
APP_ID = "11111111-2222-3333-4444-555555555555"
TENANT = "99999999-8888-7777-6666-555555555555"
FIRST = "first"
# What signs the tokens that Teams gives the tab.
TAB_KEY = "tab"


@cache
def private_key(name: str) -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True)
class Call:
    """One request that the bot made of the login host, the identity endpoint or the connector."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Json


@dataclass
class KeyServer:
    """`down` answers 500 to everything about keys and tokens; `gate` holds the keys back until it opens.

    The connector answers with the status in `refuses`, or hangs up. `access_token` is given in the place of one that
    is nobody's; with `gives_no_token`, Entra's number of a reason, there is none.
    """

    clock: Callable[[], datetime]
    port: int = 0
    document: Json = field(default_factory=dict)
    down: bool = False
    refuses: int = 0
    hangs_up: bool = False
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    fetches: int = 0
    token_lives: int = 3600
    access_token: str = ""
    gives_no_token: str = ""
    asked: list[Call] = field(default_factory=list)
    sent: list[Call] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gate.set()
        self.publish(FIRST)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def service_url(self) -> str:
        return f"{self.url}/teams/"

    def publish(self, *names: str, endorsements: Sequence[str] = ("msteams",), keeps: bool = False) -> None:
        """These keys from now on, beside the others or in their place."""
        before = self.document["keys"] if keeps else []
        self.document = {"keys": [*before, *(_jwk(name, endorsements) for name in names)]}

    def token(self, *, key: str = FIRST, kid: str | None = None, **claims: object) -> str:
        """A good token, but for the claims given; a claim that is None is left out."""
        headers = {"kid": key if kid is None else kid}
        return jwt.encode(self.claims(**claims), private_key(key), algorithm="RS256", headers=headers)

    def claims(self, **claims: object) -> Json:
        now = self.clock()
        good: Json = {
            "iss": ISSUER,
            "aud": APP_ID,
            "nbf": int(now.timestamp()),
            "exp": int((now + timedelta(hours=1)).timestamp()),
            "serviceurl": self.service_url,
        }
        return {name: value for name, value in (good | claims).items() if value is not None}

    def unsigned(self) -> str:
        return jwt.encode(self.claims(), "", algorithm="none", headers={"kid": FIRST})

    def signed_with_public_key(self) -> str:
        """HS256, with what everybody knows as the secret: PyJWT itself refuses to make one."""
        secret = private_key(FIRST).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        parts = ({"alg": "HS256", "typ": "JWT", "kid": FIRST}, self.claims())
        signed = ".".join(base64url(json.dumps(part).encode()) for part in parts)
        return f"{signed}.{base64url(hmac.digest(secret, signed.encode(), hashlib.sha256))}"

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/keys", self._keys)
        app.router.add_get(f"/{TENANT}/discovery/v2.0/keys", self._tab_keys)
        app.router.add_get(f"/{TENANT}/discovery/keys", self._tab_keys)
        app.router.add_post(f"/{TENANT}/oauth2/v2.0/token", self._token)
        app.router.add_get("/identity", self._token)
        app.router.add_get("/metadata/identity/oauth2/token", self._token)
        app.router.add_route("*", "/teams/v3/{rest:.*}", self._connector)
        return app

    async def _keys(self, _: web.Request) -> web.Response:
        self.fetches += 1
        await self.gate.wait()
        return web.Response(status=500) if self.down else web.json_response(self.document)

    async def _tab_keys(self, _: web.Request) -> web.Response:
        """The tenant's own, which carry no endorsements and are none of the channel's."""
        return web.Response(status=500) if self.down else web.json_response({"keys": [_jwk(TAB_KEY, None)]})

    async def _token(self, request: web.Request) -> web.Response:
        self.asked.append(await _call(request, dict(await request.post())))
        if self.down:
            return web.Response(status=500)
        if self.gives_no_token:
            return web.json_response({"error_description": f"{self.gives_no_token}: no."}, status=401)
        token = self.access_token or f"token-{len(self.asked)}"
        given: Json = {"access_token": token, "token_type": "Bearer"}
        if request.path == "/identity":
            ends = self.clock() + timedelta(seconds=self.token_lives)
            given["expires_on"] = str(int(ends.timestamp()))
        else:
            given["expires_in"] = self.token_lives
        return web.json_response(given)

    async def _connector(self, request: web.Request) -> web.Response:
        self.sent.append(await _call(request, await request.json() if request.can_read_body else {}))
        if self.hangs_up and request.transport:
            request.transport.close()
        if self.refuses:
            return web.Response(status=self.refuses)
        given = {"id": f"sent-{len(self.sent)}", "activityId": f"sent-{len(self.sent)}"}
        return web.json_response(given, status=200 if request.method == "PUT" else 201)


@asynccontextmanager
async def key_server(clock: Callable[[], datetime]) -> AsyncIterator[KeyServer]:
    place = bound(LOOPBACK)
    server = KeyServer(clock, port_of(place))
    async with listening(server.app(), place):
        yield server


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _jwk(name: str, endorsements: Sequence[str] | None) -> Json:
    public = jwt.algorithms.RSAAlgorithm.to_jwk(private_key(name).public_key(), as_dict=True)
    endorsed = {} if endorsements is None else {"endorsements": list(endorsements)}
    return {**public, "kid": name, "use": "sig", **endorsed}


async def _call(request: web.Request, body: Json) -> Call:
    return Call(request.method, request.path, dict(request.query), dict(request.headers), body)
