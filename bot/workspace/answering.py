"""What goes back to the browser: a page with all that stands around it, the next page, or an empty one that lets in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from secrets import token_hex
from urllib.parse import urlencode

from aiohttp import web

from bot.workspace.files import PageFiles
from bot.workspace.guard import headers_of, see_other
from followup.people import Person
from services.sessions import THEMES, Present
from texts.catalogue import Texts
from workspace.cards.pressing import CARRIED
from workspace.frame.answer import DeedDone, PageAnswer, Shown
from workspace.frame.drawing import Surroundings, draw
from workspace.frame.entry import ROOT, DeedOf
from workspace.frame.visit import RECEIPT, PageRequest
from workspace.registered import tabs_of

NEEDED = frozenset({"htmx.js", "teams.js", "workspace.js"})


@dataclass(frozen=True)
class Answering:
    """`teams` is the link that opens the tab in Teams, empty where there is none."""

    files: PageFiles
    local: bool
    teams: str = ""

    @property
    def headers(self) -> Mapping[str, str]:
        return headers_of(local=self.local)

    def page(self, answer: PageAnswer, here: Present, path: str) -> web.Response:
        say = Texts(here.person.language)
        if isinstance(answer, Shown):
            return self._page(answer, self._around(here, path, say))
        missing = Shown("missing.html", say("page.missing"), {}, HTTPStatus.NOT_FOUND)
        return self._page(missing, self._around(here, path, say))

    def after(self, answer: PageAnswer, here: Present, entry: DeedOf, asked: PageRequest) -> web.Response:
        """To the page that the deed leads to, which tells what was stored; or the form again with what is wrong."""
        if not isinstance(answer, DeedDone):
            return self.page(answer, here, entry.path)
        address = answer.to or entry.then.format(**asked.named)
        told = {RECEIPT: asked.nonce} if answer.stored and asked.nonce else {}
        more = "&" if "?" in address else "?"
        return self.moved(ROOT + address + (f"{more}{urlencode(told)}" if told else ""))

    def moved(self, address: str) -> web.Response:
        answer = see_other(address)
        answer.headers.update(self.headers)
        return answer

    def entering(self, sub: str, theme: str) -> web.Response:
        """For whoever has no session: no data, no redirect, and the script that lets in."""
        say = Texts("sv")
        values = {"sub": sub, "teams": self.teams, "missing": bool(NEEDED - self.files.addresses.keys())}
        around = Surroundings(say, self.files.addresses, theme=theme if theme in THEMES else "")
        return self._page(Shown("entering.html", say("page.entering"), values), around)

    def who(self, people: Sequence[Person], sub: str) -> web.Response:
        """Local mode asks whom one is."""
        say = Texts("sv")
        around = Surroundings(say, self.files.addresses, local=True)
        return self._page(Shown("who.html", say("page.who"), {"people": people, "sub": sub}), around)

    def kept(self, status: HTTPStatus, why: str, asked: PageRequest) -> web.Response:
        """A form that was not let in: what was typed stands there to be copied, and nothing sends it by itself."""
        say = Texts("sv")
        typed = [one for name in asked.form if name not in CARRIED for one in asked.form[name]]
        values = {"said": say(why), "typed": [one for one in typed if len(one) > len("2026-11-28")]}
        around = Surroundings(say, self.files.addresses)
        return self._page(Shown("kept.html", say("page.kept"), values, status), around)

    def plain(self, status: HTTPStatus, why: str) -> web.Response:
        """For the script, and for what cannot be drawn."""
        return web.Response(status=status, text=Texts("sv")(why), headers=self.headers)

    def _around(self, here: Present, path: str, say: Texts) -> Surroundings:
        return Surroundings(
            say,
            self.files.addresses,
            token=here.session.form_token,
            nonce=token_hex(16),
            theme=here.session.theme,
            name=here.person.name,
            tabs=tabs_of(here.person, path, say),
            local=self.local,
        )

    def _page(self, shown: Shown, around: Surroundings) -> web.Response:
        drawn = draw(shown.template, shown.heading, shown.values, around)
        return web.Response(
            text=drawn, status=shown.status, content_type="text/html", charset="utf-8", headers=self.headers
        )
