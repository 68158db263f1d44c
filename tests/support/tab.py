"""The workspace for tests: the tab's tokens as Entra writes them, and requests as sent without script."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from io import BytesIO
from typing import Any

import aiohttp
import jwt

from bot.workspace.entra import TEAMS_CLIENTS, identifier_uri, issuers_of
from bot.workspace.guard import COOKIE
from tests.support.builders import aad
from tests.support.edge import Edge
from tests.support.key_server import APP_ID, TAB_KEY, TENANT, private_key

HOST = "uppfoljaren.vikasa.se"
ADDRESS = f"https://{HOST}"
OWN = {"Origin": ADDRESS, "Sec-Fetch-Site": "same-origin"}
V2, V1 = issuers_of(TENANT)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_COOKIE = re.compile(rf"{COOKIE}=([^;]*)")


def tab_claims(now: datetime, who: str = "anna", /, **changed: Any) -> dict[str, Any]:
    """A good token's of the second version, but for those changed; one that is None is left out."""
    good: dict[str, Any] = {
        "iss": V2.name,
        "aud": APP_ID,
        "ver": "2.0",
        "tid": TENANT,
        "oid": aad(who),
        "azp": min(TEAMS_CLIENTS),
        "scp": "access_as_user",
        "iat": int(now.timestamp()),
        "nbf": int(now.timestamp()),
        "exp": int((now + timedelta(hours=1)).timestamp()),
    }
    return {name: value for name, value in (good | changed).items() if value is not None}


def first_version(**changed: object) -> dict[str, Any]:
    """What is changed of it where the registration has not been told to write the second version."""
    client = {"azp": None, "appid": min(TEAMS_CLIENTS)}
    return {"iss": V1.name, "ver": "1.0", "aud": identifier_uri(HOST, APP_ID), **client, **changed}


def signed(claims: Mapping[str, object], *, key: str = TAB_KEY, kid: str | None = None) -> str:
    headers = {"kid": key if kid is None else kid}
    return jwt.encode(dict(claims), private_key(key), algorithm="RS256", headers=headers)


@dataclass(frozen=True)
class Seen:
    """What came back: `hidden` are the fields that a form of the page sends along."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def hidden(self) -> dict[str, str]:
        return {name: unescape(value) for name, value in _HIDDEN.findall(self.text)}

    def form(self, button: str, verb: str = "") -> dict[str, str]:
        """What its form sends by the button, the first one or that of the verb."""
        values = [
            unescape(one)
            for one in re.findall(rf'<button type="submit" name="{button}" value="([^"]*)"', self.text)
        ]
        return {**self.hidden, button: next(one for one in values if f'"verb": "{verb}' in one)}

    @property
    def ticks(self) -> list[str]:
        """What each box says that is ticked in a list."""
        return re.findall(r'<input type="checkbox" name="normal" value="([0-9]+)"', self.text)

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", self.text)))


@dataclass
class Tab:
    """One browser: its cookie, or in header mode its secret, as the script would keep it."""

    edge: Edge
    cookie: str = ""
    secret: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def enter(self, who: str = "anna", *, way: str = "cookie", token: str | None = None) -> Seen:
        bearer = token or signed(tab_claims(self.edge.clock(), who))
        seen = await self.post("/session", {"way": way}, headers={**OWN, "Authorization": f"Bearer {bearer}"})
        if found := _COOKIE.search(seen.headers.get("Set-Cookie", "")):
            self.cookie = found[1]
        if way == "header" and seen.status == 200:
            self.secret = re.findall(r'"secret":"([^"]+)"', seen.text)[0]
        return seen

    async def get(self, path: str = "", *, headers: Mapping[str, str] | None = None) -> Seen:
        return await self._ask("GET", path, headers=headers)

    async def post(
        self,
        path: str,
        form: Mapping[str, str | Sequence[str]],
        *,
        headers: Mapping[str, str] = OWN,
        files: Mapping[str, bytes] | None = None,
    ) -> Seen:
        """`files` by their names, as a browser sends those that were chosen."""
        fields = [
            (name, one)
            for name, value in form.items()
            for one in ([value] if isinstance(value, str) else value)
        ]
        sent = aiohttp.FormData(fields or [("", "")], quote_fields=False)
        for name, content in (files or {}).items():
            sent.add_field("files", BytesIO(content), filename=name, content_type="application/octet-stream")
        return await self._ask("POST", path, headers=headers, data=sent)

    async def _ask(
        self, method: str, path: str, *, headers: Mapping[str, str] | None, data: Any = None
    ) -> Seen:
        own = {"Cookie": f"{COOKIE}={self.cookie}"} if self.cookie else {}
        own |= {"X-Arbete": self.secret} if self.secret else {}
        async with self.edge.session.request(
            method,
            f"{self.edge.address}/arbete{path}",
            headers={**own, **self.headers, **(headers or {})},
            data=data,
            allow_redirects=False,
        ) as answer:
            return Seen(answer.status, await answer.text(), answer.headers)


@asynccontextmanager
async def entered(edge: Edge, who: str) -> AsyncIterator[Tab]:
    tab = Tab(edge)
    assert (await tab.enter(who)).status == 200
    yield tab
