"""A request in the database: the session found, the access table asked, the page read or the deed done."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.workspace.guard import has_token
from bot.workspace.taking import take
from followup.access.municipality import USUAL_MUNICIPALITY, Municipality
from followup.log.chain import LogEntry
from followup.log.subject import What
from services import sessions
from services.acting import Acting, Reader
from services.sessions import Present
from storage.engine.database import Database, Transaction
from storage.register.sessions import Way
from texts.catalogue import Texts
from workspace.frame.address import address_of
from workspace.frame.answer import NoSuchPage, PageAnswer, ShownAgain
from workspace.frame.days import told_of_days
from workspace.frame.entry import ROOT, DeedOf, LongWork, PageOf
from workspace.frame.visit import Installed, PageRequest, Visit


@dataclass(frozen=True)
class SessionKey:
    """The secret that the browser gave, and how."""

    secret: str
    way: Way


@dataclass(frozen=True)
class Visited:
    """`answer` is None where the form was not drawn for this session."""

    here: Present
    answer: PageAnswer | None


@dataclass(frozen=True)
class Arrived:
    """`to` is the page that a deep link leads to, once; None for the first page of her role."""

    here: Present
    to: str | None


@dataclass(frozen=True)
class Visiting:
    database: Database
    clock: Callable[[], datetime]
    municipality: Municipality = USUAL_MUNICIPALITY
    installed: Installed = field(default_factory=Installed)
    preparing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def present(self, key: SessionKey) -> Present | None:
        return await self.database.run(sessions.present, key.secret, key.way, self.clock())

    async def lets_in(self, entry: DeedOf, key: SessionKey) -> bool:
        """Whether what the form brings is to be read at all: of a stranger nothing is."""
        here = await self.present(key)
        return here is not None and self.municipality.access.may(here.person, entry.conversation)

    async def arrive(self, key: SessionKey, link: str) -> Arrived | None:
        return await self.database.run(self._arrive, key, link)

    def _arrive(self, tx: Transaction, key: SessionKey, link: str) -> Arrived | None:
        here = sessions.present(tx, key.secret, key.way, self.clock())
        if here is None:
            return None
        to = address_of(link)
        follows = to is not None and sessions.follows(tx, here, link)
        return Arrived(here, to if follows and to != ROOT else None)

    async def read(self, entry: PageOf, key: SessionKey, asked: PageRequest) -> Visited | None:
        """None without a session."""
        if not entry.reads_much:
            return await self.database.run(self._read, entry, key, asked)
        here = await self.present(key)
        if here is None:
            return None
        return Visited(here, await self._read_beside(here, lambda tx: self._shown(tx, entry, here, asked)))

    async def _read_beside(self, here: Present, show: Callable[[Transaction], PageAnswer]) -> PageAnswer:
        """What was read is logged before it is shown."""
        answer, unlogged = await self.database.read_beside(lambda tx: (show(tx), tuple(tx.unlogged or ())))
        await self.database.run(self._log, here, unlogged)
        return answer

    def _read(self, tx: Transaction, entry: PageOf, key: SessionKey, asked: PageRequest) -> Visited | None:
        here = sessions.present(tx, key.secret, key.way, self.clock())
        return None if here is None else Visited(here, self._shown(tx, entry, here, asked))

    def _log(self, tx: Transaction, here: Present, unlogged: tuple[LogEntry, ...]) -> None:
        Reader(tx, here.person, self.clock(), self.municipality).log_read(unlogged)

    def _shown(self, tx: Transaction, entry: PageOf, here: Present, asked: PageRequest) -> PageAnswer:
        visit = self._visit(tx, here, asked)
        return told_of_days(visit, entry.show(visit)) if self._may(visit.acting, entry) else NoSuchPage()

    async def do(self, entry: DeedOf, key: SessionKey, asked: PageRequest) -> Visited | None:
        """None without a session; the deed in one transaction, and beside it what is read before or shown again."""
        read = await self._read_before(entry, key, asked) if entry.before else None
        visited = await self.database.run(self._do, entry, key, asked, read)
        if visited is None or not isinstance(visited.answer, ShownAgain):
            return visited
        here, show = visited.here, visited.answer.show
        answer = await self._read_beside(here, lambda tx: show(self._visit(tx, here, asked)))
        return Visited(here, answer)

    async def _read_before(self, entry: DeedOf, key: SessionKey, asked: PageRequest) -> object:
        here = await self.present(key)
        if here is None or not has_token(here, asked.sent("token")) or entry.before is None:
            return None
        if not self.municipality.access.may(here.person, entry.conversation):
            return None
        before, person = entry.before, here
        read = await self.database.read_beside(lambda tx: before(self._visit(tx, person, asked)))
        if not isinstance(read, LongWork):
            return read
        async with self.preparing:
            return await asyncio.to_thread(read.make)

    def _do(
        self, tx: Transaction, entry: DeedOf, key: SessionKey, asked: PageRequest, read: object
    ) -> Visited | None:
        here = sessions.present(tx, key.secret, key.way, self.clock())
        if here is None:
            return None
        if not has_token(here, asked.sent("token")):
            return Visited(here, None)
        visit = replace(self._visit(tx, here, asked), read_before=read)
        if not self._may(visit.acting, entry):
            return Visited(here, NoSuchPage())
        return Visited(here, take(visit, entry.path, entry.do))

    def _visit(self, tx: Transaction, here: Present, asked: PageRequest) -> Visit:
        say = Texts(here.person.language)
        return Visit(tx, here.person, self.clock(), say, asked, self.municipality, self.installed)

    def _may(self, acting: Acting, entry: PageOf | DeedOf) -> bool:
        """By the table that says what each role may start; a refusal is logged."""
        if acting.may(entry.conversation):
            return True
        acting.log("refused", What.CONVERSATION.of(entry.conversation))
        return False
