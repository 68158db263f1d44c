"""Serves what signed links lead to, and says as little as possible when they lead nowhere."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import quote

from aiohttp import web

from bot.cards import LinkOf, no_link
from bot.charts import PictureOf, no_picture
from dialogs.card import Download
from dialogs.turn import Said
from followup.access.small_unit import Matter, audience_of
from followup.messages.message import LinkKind
from followup.people import Person
from followup.risk.chart import Chart, as_json, of_json
from services.unit_sight import sight_of
from storage.engine.database import Database, StorageError, Transaction
from storage.messages import links
from storage.messages.links import Fetched
from storage.register import people
from texts.catalogue import Texts

log = logging.getLogger(__name__)
CHART: LinkKind = "chart"
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": "default-src 'none'",
}


@dataclass(frozen=True)
class File:
    """With a name it is saved, without one it is shown."""

    content: bytes
    content_type: str
    name: str = ""


Maker = Callable[[Mapping[str, Any]], File]


def chart_picture(subject: Mapping[str, Any]) -> File:
    # The plotting library takes most of a second to load, and most who run the bot's commands draw nothing.
    from documents.plots import png

    return File(png(of_json(subject)), "image/png")


def pictures_for(tx: Transaction, said: Said, address: str, now: datetime) -> PictureOf:
    """A link for each chart that is drawn for the person now, where the bot has a public address."""
    if not address:
        return no_picture

    def picture(chart: Chart) -> str | None:
        person = people.by_teams_id(tx, said.teams_id, said.tenants)
        if person is None:
            return None
        return f"{address}/links/{links.issue(tx, CHART, as_json(chart), now, person_id=person.id)}"

    return picture


def downloads_for(tx: Transaction, said: Said, address: str, now: datetime) -> LinkOf:
    """A link that works once for each file that is offered to the person, where the bot has a public address."""
    if not address:
        return no_link

    def link(file: Download) -> str | None:
        person = people.by_teams_id(tx, said.teams_id, said.tenants)
        if person is None:
            return None
        secret = links.issue(tx, file.kind, file.subject, now, person_id=person.id, once=True)
        return f"{address}/links/{secret}"

    return link


def add_links(
    app: web.Application,
    database: Database,
    clock: Callable[[], datetime],
    makers: Mapping[LinkKind, Maker],
) -> None:
    """Adds the route; a maker turns its kind's subject into a file, on a thread of its own."""

    async def fetched(request: web.Request) -> web.Response:
        try:
            found = await database.run(fetch, request.match_info["secret"], clock())
        except StorageError:
            log.warning("a link could not be looked up")
            return _plain(HTTPStatus.SERVICE_UNAVAILABLE, "link.later")
        if found == "unknown":
            return _plain(HTTPStatus.NOT_FOUND, "link.unknown")
        if found == "ended" or found.kind not in makers:
            return _plain(HTTPStatus.GONE, "link.ended")
        return _as_response(await asyncio.to_thread(makers[found.kind], found.subject))

    # A HEAD would use up a link that works once.
    app.router.add_get("/links/{secret}", fetched, allow_head=False)


def fetch(tx: Transaction, secret: str, now: datetime) -> Fetched | Literal["unknown", "ended"]:
    """A picture was drawn when its card was, so whether it may be seen is asked again when it is fetched."""

    def may_see(found: Fetched, holder: Person) -> bool:
        if found.kind != CHART or found.subject.get("chart") != "line":
            return True
        unit_id, audience = found.subject.get("unit_id"), audience_of(holder.role, channel=False)
        return unit_id is not None and sight_of(tx, unit_id, audience, now).whole(Matter.LEVEL)

    return links.fetch(tx, secret, now, may_see)


def _as_response(file: File) -> web.Response:
    headers = {**HEADERS, "Content-Disposition": _disposition(file.name)}
    return web.Response(body=file.content, content_type=file.content_type, headers=headers)


def _disposition(name: str) -> str:
    """A name with other letters than ASCII is written as RFC 6266 says."""
    if not name:
        return "inline"
    return (
        f'attachment; filename="{name}"' if name.isascii() else f"attachment; filename*=UTF-8''{quote(name)}"
    )


def _plain(status: int, text: str) -> web.Response:
    return web.Response(status=status, text=Texts("sv")(text), headers=HEADERS)
