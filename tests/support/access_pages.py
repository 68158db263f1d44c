"""A request to a page at random, as a browser would send it, and the HTML that comes back: with no network between."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from html import unescape
from random import Random

from sqlalchemy import update

from bot.workspace.answering import Answering
from bot.workspace.files import PageFiles
from bot.workspace.visiting import SessionKey, Visited, Visiting
from dialogs.commands.registered import VERBS
from followup.access.municipality import Municipality
from followup.people import Person, Role
from services import sessions
from storage.engine.database import Database, Transaction
from storage.engine.tables import person as person_table
from tests.support.access_town import NOW
from workspace.frame.answer import NoSuchPage, ShownAgain
from workspace.frame.entry import DeedOf, Entry, LongWork
from workspace.frame.pressed import PressedButton
from workspace.frame.visit import PageRequest, SentFile
from workspace.registered import ENTRIES

# Drawn by lot anew each time: now and then there is a letter, a dash and a figure in it, as in a number of evidence.
SECRET = re.compile(r"/links/[\w-]{43}")
NAMED = ("task", "placement", "unit", "signal", "number", "follow_up", "action", "alert", "year")
ANSWERING = Answering(PageFiles({"workspace.css": "/x.css"}, {}), local=False)
# How a session may be wrong: nobody's, of one who has got another role since, over, or of another form.
WRONG = ("forged", "demoted", "late", "token")


class PageWalker:
    """Asks each page and deed there is by each role, now and then with a session or a form that is not hers."""

    def __init__(self, database: Database, municipality: Municipality, seed: int) -> None:
        self.visiting = Visiting(database, lambda: self.now, municipality.on_page)
        self.chance, self.now = Random(seed), NOW

    def request(self, tx: Transaction, person: Person, inputs: Mapping[str, str]) -> tuple[str, str]:
        """What was shown, as text, and what was sent; empty where nobody was let in. What it stored is undone."""
        hers = [one for one in ENTRIES if self.visiting.municipality.access.may(person, one.conversation)]
        entry = self.chance.choice(hers if self.chance.random() < 0.7 else ENTRIES)
        wrong = self.chance.choice([*WRONG, *[""] * 12])
        point = tx.connection.begin_nested()
        begun = sessions.begin_of(tx, person, NOW, way="cookie", theme="")
        secret = "forged" if wrong == "forged" else begun.secret
        token = "another" if wrong == "token" else begun.present.session.form_token
        if wrong == "demoted":
            other = Role.ADMIN if person.role != Role.ADMIN else Role.WORKER
            mine = person_table.c.id == person.id
            tx.connection.execute(update(person_table).where(mine).values(role=other))
        self.now = datetime.max.replace(tzinfo=NOW.tzinfo) if wrong == "late" else NOW
        asked = self._asked(entry, token, inputs)
        visited = self._visited(tx, entry, SessionKey(secret, "cookie"), asked)
        self.now = NOW
        shown = self._shown(entry, visited, asked)
        assert wrong in ("", "token") or visited is None, (wrong, entry.path)
        assert not (wrong == "token" and isinstance(entry, DeedOf)) or (visited and visited.answer is None)
        point.rollback()
        return shown, json.dumps([dict(asked.named), {name: list(one) for name, one in asked.form.items()}])

    def _asked(self, entry: Entry, token: str, inputs: Mapping[str, str]) -> PageRequest:
        named = dict.fromkeys(NAMED, str(self.chance.randrange(1, 21)))
        if "/rad" in entry.path:
            named["number"] = f"{self.chance.choice('AKSORU')}-{named['number']}"
        if not isinstance(entry, DeedOf):
            return PageRequest(named, {"sida": str(self.chance.choice([1, 1, 2]))})
        verb = self.chance.choice(list(VERBS))
        data = {
            name: self.chance.randrange(1, 31) for name in ("task", "alert", "unit", "signal", "follow_up")
        }
        form = {
            **inputs,
            "token": token,
            "nonce": f"{self.chance.randrange(10**20):032d}",
            "press": PressedButton(verb, data, takes_inputs=True).sent(),
            "gor": self.chance.choice(["lamna", "spara", "lagg.complaint"]),
            "nummer": self.chance.choice(["L-1", "A-2", "R-3"]),
            "normal": str(self.chance.randrange(1, 40)),
        }
        files = (SentFile("a.csv", b"Aktreferens;Enhetskod\nX;Y\n"),) if entry.takes_bytes else ()
        return PageRequest(named, {}, {name: (value,) for name, value in form.items()}, files)

    def _visited(self, tx: Transaction, entry: Entry, key: SessionKey, asked: PageRequest) -> Visited | None:
        if not isinstance(entry, DeedOf):
            return self.visiting._read(tx, entry, key, asked)
        here = sessions.present(tx, key.secret, key.way, self.now)
        read = None
        if entry.before and here and self.visiting.municipality.access.may(here.person, entry.conversation):
            read = entry.before(self.visiting._visit(tx, here, asked))
            read = read.make() if isinstance(read, LongWork) else read
        visited = self.visiting._do(tx, entry, key, asked, read)
        if visited is None or not isinstance(visited.answer, ShownAgain):
            return visited
        shown = visited.answer.show(self.visiting._visit(tx, visited.here, asked))
        return Visited(visited.here, shown)

    def _shown(self, entry: Entry, visited: Visited | None, asked: PageRequest) -> str:
        if visited is None or visited.answer is None:
            return ""
        if isinstance(entry, DeedOf):
            answer = ANSWERING.after(visited.answer, visited.here, entry, asked)
        else:
            answer = ANSWERING.page(visited.answer or NoSuchPage(), visited.here, entry.path)
        return SECRET.sub("/links/", unescape(answer.text or "") + answer.headers.get("Location", ""))
