"""In and out: a token or, in local mode, a name becomes a session; who has none gets an empty page."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Protocol

from aiohttp import web

from bot.ingress import Caller, NotLetInError
from bot.turned_away import TurnedAway
from bot.workspace.entra import TabPerson
from followup.people import Person
from services import sessions
from services.sessions import Begun, Present
from storage.engine.database import Transaction
from storage.register import people
from storage.register.sessions import Way


class TabDoor(Protocol):
    async def person(self, authorization: str) -> TabPerson:
        """Raises NotLetInError unless the token is one that Teams gave a person of ours for this tab."""
        ...


@dataclass(frozen=True)
class WayIn:
    """What the script asks for as it comes in: how it will give the secret, the theme, and where it was going."""

    way: Way
    theme: str
    sub: str


async def wanted_of(request: web.Request) -> WayIn:
    """From a form; anything that is not known is left out."""
    sent = await request.post()
    way: Way = "header" if sent.get("way") == "header" else "cookie"
    return WayIn(way, str(sent.get("theme", "")), str(sent.get("sub", "")))


async def who_opens(door: TabDoor, request: web.Request, turned_away: TurnedAway) -> TabPerson | int:
    """The person, or the status that turns her away; whoever has a good token and is not let in is logged."""
    try:
        return await door.person(request.headers.get("Authorization", ""))
    except NotLetInError as refused:
        if refused.status == HTTPStatus.FORBIDDEN:
            await turned_away.record(Caller("", "", "", "", ""), "tab")
        return refused.status


def begin(
    tx: Transaction, person: TabPerson, now: datetime, wanted: WayIn, before: Present | None
) -> Begun | None:
    """Always a new one; the one that the browser had is over, whoever's it was."""
    if before is not None and wanted.way == "cookie":
        sessions.end(tx, before)
    return sessions.begin(tx, person.object_id, person.tenants, now, way=wanted.way, theme=wanted.theme)


def begin_locally(tx: Transaction, key: str, now: datetime, before: Present | None) -> Begun | None:
    """Whoever is chosen, of those that local mode made up."""
    if before is not None:
        sessions.end(tx, before)
    found: Person | None = people.by_key(tx, key)
    if found is None or not found.active:
        return None
    return sessions.begin_of(tx, found, now, way="cookie", theme="")
