"""The table of pages as routes: the browser's own guard of what may come in, and what each page then answers."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

import orjson
from aiohttp import web

from bot.turned_away import TurnedAway
from bot.workspace.answering import Answering
from bot.workspace.entering import TabDoor, begin, begin_locally, wanted_of, who_opens
from bot.workspace.files import PageFiles
from bot.workspace.guard import COOKIE, HEADER, has_token, is_own, set_cookie
from bot.workspace.visiting import SessionKey, Visiting
from services import sessions
from services.sessions import Begun
from storage.engine.database import StorageError
from workspace.frame.address import address_of
from workspace.frame.answer import NoSuchPage
from workspace.frame.entry import ROOT, DeedOf, Entry, PageOf
from workspace.frame.visit import PageRequest, SentFile
from workspace.registered import ENTRIES

log = logging.getLogger(__name__)
Answers = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Workspace:
    """`door` is None in local mode, where one says whom one is; `origin` is the one that its forms may come from.

    `woken` is called when a form has been taken, since what it stored may be waiting to be sent or read.
    """

    visiting: Visiting
    files: PageFiles
    origin: str
    turned_away: TurnedAway
    door: TabDoor | None = None
    teams: str = ""
    entries: tuple[Entry, ...] = ENTRIES
    woken: Callable[[], None] = lambda: None


def add_workspace(app: web.Application, workspace: Workspace) -> None:
    pages = _Pages(workspace)
    add = app.router
    add.add_get(f"{ROOT}/static/{{name}}", workspace.files.serve, allow_head=False)
    add.add_get(f"{ROOT}/session", pages.guarded(pages.session), allow_head=False)
    add.add_post(f"{ROOT}/session", pages.guarded(pages.enter))
    add.add_post(f"{ROOT}/logga-ut", pages.guarded(pages.leave))
    add.add_get(ROOT, pages.guarded(pages.home), allow_head=False)
    for entry in workspace.entries:
        if isinstance(entry, DeedOf):
            add.add_post(ROOT + entry.path, pages.guarded(pages.deed(entry)))
        elif entry.path:
            add.add_get(ROOT + entry.path, pages.guarded(pages.page(entry)), allow_head=False)
    add.add_route("*", ROOT + "/{rest:.*}", pages.guarded(pages.nowhere))


class _Pages:
    def __init__(self, workspace: Workspace) -> None:
        self._of, self._visiting = workspace, workspace.visiting
        self._answering = Answering(workspace.files, workspace.door is None, workspace.teams)

    def guarded(self, answers: Answers) -> Answers:
        """What goes wrong in the database is said in plain words, with the same headers as all else."""

        async def answered(request: web.Request) -> web.StreamResponse:
            try:
                return await answers(request)
            except StorageError:
                log.exception("a page could not be answered")
                return self._answering.plain(HTTPStatus.SERVICE_UNAVAILABLE, "page.later")

        return answered

    async def home(self, request: web.Request) -> web.StreamResponse:
        """The first page of her role, or once the one that a deep link names."""
        link = request.query.get("sub", "")
        arrived = await self._visiting.arrive(_key(request), link)
        if arrived is None:
            return await self._without_session(request)
        if arrived.to is not None:
            return self._answering.moved(arrived.to)
        role = arrived.here.person.role
        homes = (one for one in self._of.entries if isinstance(one, PageOf) and one.home == role)
        entry = next(homes, None)
        if entry is None:
            return self._answering.page(NoSuchPage(), arrived.here, "")
        return await self.page(entry)(request)

    def page(self, entry: PageOf) -> Answers:
        async def shown(request: web.Request) -> web.StreamResponse:
            asked = PageRequest(dict(request.match_info), dict(request.query))
            visited = await self._visiting.read(entry, _key(request), asked)
            if visited is None:
                return await self._without_session(request)
            return self._answering.page(visited.answer or NoSuchPage(), visited.here, entry.path)

        return shown

    def deed(self, entry: DeedOf) -> Answers:
        async def done(request: web.Request) -> web.StreamResponse:
            asked = await self._asked_of(entry, request)
            if asked is None:
                return self._answering.plain(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "page.too_large")
            if not is_own(request, self._origin(request)):
                return self._answering.kept(HTTPStatus.FORBIDDEN, "page.kept.foreign", asked)
            visited = await self._visiting.do(entry, _key(request), asked)
            if visited is None:
                return self._answering.kept(HTTPStatus.UNAUTHORIZED, "page.kept.ended", asked)
            if visited.answer is None:
                return self._answering.kept(HTTPStatus.FORBIDDEN, "page.kept.foreign", asked)
            self._of.woken()
            return self._answering.after(visited.answer, visited.here, entry, asked)

        return done

    async def _asked_of(self, entry: DeedOf, request: web.Request) -> PageRequest | None:
        """None where it brings more than it may; files are read of those alone who may hand them in."""
        takes = entry.takes_bytes
        if (
            takes
            and is_own(request, self._origin(request))
            and await self._visiting.lets_in(entry, _key(request))
        ):
            request = request.clone(client_max_size=takes)
        try:
            return await _asked(request)
        except web.HTTPRequestEntityTooLarge:
            return None

    async def nowhere(self, request: web.Request) -> web.StreamResponse:
        """The same for what there is not as for what she may not know of."""
        here = await self._visiting.present(_key(request))
        if here is None:
            return await self._without_session(request)
        return self._answering.page(NoSuchPage(), here, "")

    async def session(self, request: web.Request) -> web.StreamResponse:
        """For the script: whether the browser gave the secret back."""
        here = await self._visiting.present(_key(request))
        if here is None:
            return self._answering.plain(HTTPStatus.UNAUTHORIZED, "page.entering")
        return self._json({"token": here.session.form_token})

    async def enter(self, request: web.Request) -> web.StreamResponse:
        if not is_own(request, self._origin(request)):
            return self._answering.plain(HTTPStatus.FORBIDDEN, "page.kept.foreign")
        if self._of.door is None:
            return await self._enter_locally(request)
        person = await who_opens(self._of.door, request, self._of.turned_away)
        if isinstance(person, int):
            return self._answering.plain(HTTPStatus(person), "page.entering.failed")
        wanted = await wanted_of(request)
        before = await self._visiting.present(_key(request))
        now = self._visiting.clock()
        begun = await self._visiting.database.run(begin, person, now, wanted, before)
        if begun is None:
            return self._answering.plain(HTTPStatus.FORBIDDEN, "page.entering.refused")
        return self._given(begun, wanted.way == "header")

    def _given(self, begun: Begun, in_header: bool) -> web.Response:
        answer = self._json(
            {"token": begun.present.session.form_token, **({"secret": begun.secret} if in_header else {})}
        )
        if not in_header:
            set_cookie(answer, begun.secret)
        return answer

    async def _enter_locally(self, request: web.Request) -> web.StreamResponse:
        sent = await request.post()
        before = await self._visiting.present(_key(request))
        begun = await self._visiting.database.run(
            begin_locally, str(sent.get("person", "")), self._visiting.clock(), before
        )
        address = address_of(str(sent.get("sub", ""))) or ROOT
        answer = self._answering.moved(address)
        if begun is not None:
            set_cookie(answer, begun.secret)
        return answer

    async def leave(self, request: web.Request) -> web.StreamResponse:
        asked = await _asked(request)
        here = await self._visiting.present(_key(request))
        if here is not None:
            if not (is_own(request, self._origin(request)) and has_token(here, asked.sent("token"))):
                return self._answering.kept(HTTPStatus.FORBIDDEN, "page.kept.foreign", PageRequest())
            await self._visiting.database.run(sessions.end, here)
        answer = self._answering.moved(ROOT)
        set_cookie(answer, "")
        return answer

    async def _without_session(self, request: web.Request) -> web.StreamResponse:
        """The script is told so by a status, since what lets in must never be drawn inside a page."""
        if "HX-Request" in request.headers:
            return self._answering.plain(HTTPStatus.UNAUTHORIZED, "page.entering")
        sub = request.query.get("sub", "") or request.path.removeprefix(ROOT).strip("/")
        if self._of.door is None:
            people = await self._visiting.database.run(sessions.listed)
            return self._answering.who(people, sub)
        return self._answering.entering(sub, request.query.get("theme", ""))

    def _origin(self, request: web.Request) -> str:
        """In local mode by whichever of this machine's own names, which the guard of all of it has looked at."""
        return f"{request.scheme}://{request.host}" if self._of.door is None else self._of.origin

    def _json(self, value: dict[str, str]) -> web.Response:
        return web.Response(
            body=orjson.dumps(value), content_type="application/json", headers=self._answering.headers
        )


def _key(request: web.Request) -> SessionKey:
    """What is in the header is one of its own kind, and never a cookie's secret."""
    if HEADER in request.headers:
        return SessionKey(request.headers[HEADER], "header")
    return SessionKey(request.cookies.get(COOKIE, ""), "cookie")


async def _asked(request: web.Request) -> PageRequest:
    """Raises HTTPBadRequest for what is no form."""
    try:
        sent = await request.post()
    except (ValueError, web.RequestPayloadError):
        raise web.HTTPBadRequest from None
    form: dict[str, tuple[str, ...]] = {}
    files: list[SentFile] = []
    for name, value in sent.items():
        if isinstance(value, str):
            form[name] = (*form.get(name, ()), value)
        elif isinstance(value, web.FileField):
            with value.file:
                files.append(SentFile(value.filename, value.file.read()))
    # A browser sends an empty one where none was chosen.
    chosen = tuple(one for one in files if one.name)
    return PageRequest(dict(request.match_info), dict(request.query), form, chosen)


def origin_of(address: str) -> str:
    """The scheme, the host and the port that a browser says it comes from."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
