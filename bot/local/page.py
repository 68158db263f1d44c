"""The chat page: its files, and the small JSON interface that it and the terminal use."""

from dataclasses import asdict
from datetime import datetime
from json import JSONDecodeError
from pathlib import Path
from typing import Any, Protocol, get_args

from aiohttp import web
from babel.dates import format_datetime

from bot.clock import ClockStep
from bot.local.guard import loopback_only
from bot.local.stand_in import BOT, ChatMessage, LocalPerson, Notice, StandIn
from followup.times.calendar import municipal

STATIC = Path(__file__).parent / "static"
RENDERER = Path(__file__).parents[2] / "node_modules/adaptivecards/dist/adaptivecards.min.js"
MOVES: tuple[ClockStep, ...] = get_args(ClockStep)


class ClockControl(Protocol):
    def now(self) -> datetime: ...

    async def move(self, to: ClockStep) -> datetime:
        """Moves to `next_working_day` or `next_month`, does what is due then, and answers the new time."""
        ...


def add_page(
    app: web.Application, stand_in: StandIn, clock_control: ClockControl, *, renderer: Path = RENDERER
) -> None:
    """Adds the page to the local server, and the guard to all of it, the bot's own endpoint too."""
    page = _Page(stand_in, clock_control, renderer)
    app.middlewares.append(loopback_only)
    app.router.add_get("/", page.index)
    app.router.add_get("/local/static/adaptivecards.min.js", page.renderer)
    app.router.add_static("/local/static", STATIC)
    app.router.add_get("/local/people", page.people)
    app.router.add_get("/local/chat/{key}", page.chat)
    app.router.add_post("/local/chat/{key}/say", page.say)
    app.router.add_post("/local/chat/{key}/press", page.press)
    app.router.add_get("/local/clock", page.clock)
    app.router.add_post("/local/clock", page.move_clock)


class _Page:
    def __init__(self, stand_in: StandIn, clock_control: ClockControl, renderer: Path) -> None:
        self._stand_in = stand_in
        self._clock = clock_control
        self._renderer = renderer

    async def index(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "index.html")

    async def renderer(self, _: web.Request) -> web.StreamResponse:
        if not self._renderer.exists():
            raise web.HTTPNotFound(text="Node saknas: kör `make run` med Node installerat.")
        return web.FileResponse(self._renderer)

    async def people(self, _: web.Request) -> web.Response:
        return web.json_response([self._person(person) for person in self._stand_in.people if person.listed])

    def _person(self, person: LocalPerson) -> dict[str, Any]:
        received = sum(said.author == BOT for said in self._stand_in.messages(person.key))
        return {
            "key": person.key,
            "name": person.name,
            "role": person.role_title,
            "channel": person.channel,
            "received": received,
        }

    async def chat(self, request: web.Request) -> web.Response:
        since = request.query.get("since", "0")
        if not since.isdecimal():
            raise web.HTTPBadRequest(text="since ska vara ett heltal.")
        said = self._stand_in.messages(self._key(request))
        changed = [_as_json(message) for message in said if message.revision > int(since)]
        return web.json_response({"revision": self._stand_in.revision, "messages": changed})

    async def say(self, request: web.Request) -> web.Response:
        text = str((await _body(request)).get("text", "")).strip()
        if not text:
            raise web.HTTPBadRequest(text="Skriv något först.")
        return _noticed(await self._stand_in.say(self._key(request), text))

    async def press(self, request: web.Request) -> web.Response:
        body, key = await _body(request), self._key(request)
        action, inputs = body.get("action"), body.get("inputs", {})
        if not (isinstance(action, dict) and isinstance(inputs, dict)):
            raise web.HTTPBadRequest(text="action och inputs ska vara objekt.")
        try:
            return _noticed(await self._stand_in.press(key, str(body.get("message")), action, inputs))
        except KeyError:
            raise web.HTTPNotFound(text="Meddelandet finns inte.") from None

    async def clock(self, _: web.Request) -> web.Response:
        return _clock_json(self._clock.now())

    async def move_clock(self, request: web.Request) -> web.Response:
        to = (await _body(request)).get("to")
        if to not in MOVES:
            raise web.HTTPBadRequest(text=f"to ska vara en av {', '.join(MOVES)}.")
        return _clock_json(await self._clock.move(to))

    def _key(self, request: web.Request) -> str:
        key = request.match_info["key"]
        if key not in {person.key for person in self._stand_in.people}:
            raise web.HTTPNotFound(text=f"Ingen heter {key} här.")
        return key


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except (JSONDecodeError, UnicodeDecodeError):
        body = None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="Anropet ska vara ett JSON-objekt.")
    return body


def _as_json(said: ChatMessage) -> dict[str, Any]:
    return asdict(said) | {"at": said.at.isoformat(), "at_text": clock_text(said.at)}


def _noticed(notice: Notice | None) -> web.Response:
    return web.json_response({"notice": asdict(notice) if notice else None})


def _clock_json(now: datetime) -> web.Response:
    return web.json_response({"now": now.isoformat(), "text": clock_text(now)})


def clock_text(now: datetime) -> str:
    return format_datetime(municipal(now), "EEEE d MMMM y HH:mm", locale="sv")
