"""Wires everything from one Settings: the clock, the database, the bot, the timetable and the delivery."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import uuid4

import aiohttp
import orjson
from aiohttp import web

from bot import turns
from bot.backing_up import NightlyBackup
from bot.cards import PageLink, no_page
from bot.clock import JumpWatch, MovableClock
from bot.connector import LONGEST_CALL, Connector, TokenSource
from bot.delivery import Deliverer, DeliveryLimits, never_doubted
from bot.health import Probe, add_health
from bot.ingress import LoopbackOnly, TokenCheck
from bot.keys import KeySet
from bot.links import CHART, Maker, add_links, chart_picture
from bot.listening import PARTING
from bot.loading import made_quick
from bot.metrics import Metrics
from bot.opening import remember_channel
from bot.own_trouble import tell_of
from bot.posting import Sender
from bot.protocols import protocol_file
from bot.reporting import FIGURES, REPORT, Letterhead, figures_file, report_file
from bot.scoring_left import LeftScorer
from bot.settings import Settings
from bot.teams import Adapter, TeamsBot
from bot.token import Ask, KeptToken, client_credentials, managed_identity, no_token
from bot.turned_away import TurnedAway
from bot.turns import Answer
from bot.uploads import REJECTED, UploadReader, rejected_file
from bot.web import LARGEST_BODY, add_endpoint
from bot.workspace.links import page_links
from dialogs.selection.selection_files import KIND as SELECTION_FILES
from dialogs.turn import ReadBefore, Said, ToRead
from followup.access.municipality import USUAL_MUNICIPALITY, Municipality
from followup.messages.message import LinkKind
from followup.messages.operation import Trouble
from scheduler.jobs import Times
from scheduler.piece import PieceSize
from scheduler.timetable import timetable
from scheduler.waking import tick_sized
from services.risk.failed_work import FAILED, FailedWork
from services.risk.reading_beside import BesidePieces
from services.risk.scoring_history import read_next, score_next
from storage.engine.database import Database, StorageError, Transaction
from storage.imports import imports
from storage.imports.imports import ImportUnderWayError, importing_alone
from storage.messages import counting
from storage.risk import left_to_score
from storage.times import wakes
from texts.catalogue import Texts

log = logging.getLogger(__name__)
LOCAL_BOT_ID = "28:uppfoljaren"


class Delivering(Protocol):
    """What makes the one drain run: a loop in this process, or a queue engine's workers in every replica."""

    async def run(self) -> None: ...

    def stop(self) -> None: ...

    @property
    def is_at_work(self) -> bool:
        """Whether what is due is taken, and not only waits for the database."""
        ...

    async def reconcile(self) -> None:
        """Looks for what should have been delivered, and has nobody who will."""
        ...


@dataclass(frozen=True)
class Bot:
    """What runs: turns in one transaction each, the tick, the delivery that both wake, and the probe of it all."""

    database: Database
    clock: Callable[[], datetime]
    times: Times
    deliverer: Deliverer
    delivering: Delivering
    metrics: Metrics
    probe: Probe
    scorer: LeftScorer
    municipality: Municipality = USUAL_MUNICIPALITY
    address: str = ""
    pages: PageLink = no_page
    backups: NightlyBackup | None = None
    trusts: Callable[[Transaction, datetime], datetime] = never_doubted
    uploads: UploadReader | None = None
    jumps: JumpWatch = field(default_factory=JumpWatch)
    piece_size: PieceSize = field(default_factory=PieceSize)
    preparing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def take(self, said: Said) -> Answer:
        ready = await self._made_ready(said) if turns.takes_long(said) else None
        read = await self._read_before(said) if turns.reads_much(said) else None
        nonce = uuid4().hex
        try:
            answer, to_send, to_score = await self.database.run(self._take, said, nonce, ready, read)
        except turns.TakenMeanwhileError:
            answer, to_send, to_score = await self.database.run(self._take, said, nonce, ready, read)
        if to_send:
            self.deliverer.wake()
        if to_score:
            self.scorer.wake()
        return (
            answer if answer.to_read is None else await self._read_after(said, answer, answer.to_read, nonce)
        )

    async def _read_after(self, said: Said, taken: Answer, to_read: ToRead, nonce: str) -> Answer:
        """What it shows of much evidence: read beside the writer when all is stored, and logged before it is shown."""
        try:
            read = await self.database.read_beside(
                lambda tx: turns.read_after(tx, said, to_read, self.clock(), self.municipality)
            )
            return await self.database.run(
                turns.show, said, taken, read, self.clock(), nonce, self.address, self.pages
            )
        except Exception:
            if not taken.stored:
                raise
            # Whatever went wrong, she is not to be told that nothing was saved.
            log.exception("what was stored could not be shown")
            return replace(taken, to_read=None, notice=Texts(taken.language)("receipt.saved"))

    async def _made_ready(self, said: Said) -> object:
        """One at a time, on a thread of its own and outside any transaction, so that nobody waits for it."""
        async with self.preparing:
            work = await self.database.read_beside(
                lambda tx: turns.prepare(tx, said, self.clock(), self.municipality)
            )
            return await asyncio.to_thread(work) if work else None

    async def _read_before(self, said: Said) -> ReadBefore | None:
        """Beside the writer, so that nobody who hands something in waits for it; the turn logs it and answers."""
        return await self.database.read_beside(
            lambda tx: turns.read_before(tx, said, self.clock(), self.municipality)
        )

    def _take(
        self, tx: Transaction, said: Said, nonce: str, ready: object, read: ReadBefore | None
    ) -> tuple[Answer, bool, bool]:
        answer = turns.take(
            tx, said, self.clock(), nonce, self.municipality, self.address, ready, read, self.pages
        )
        if said.press is None or not said.press.in_place:
            self.deliverer.make_room(tx)
        return answer, counting.any_due(tx, self.clock()), left_to_score.is_any(tx)

    async def answered(self, said: Said) -> None:
        await self.database.run(turns.answered, said)

    async def install(self, said: Said) -> Answer:
        answer = await self.database.run(turns.install, said, self.clock(), uuid4().hex, self.municipality)
        self.deliverer.wake()
        return answer

    async def read(self, said: Said, last_read: str) -> None:
        await self.database.run(turns.read, said, last_read, self.clock())

    async def wake(self) -> None:
        """Does what is due, a piece at a time so that turns come between, and sends it.

        After a silence that is too long to be sure of the clock only the administrators are asked; answers are taken.
        """
        now, more = self.clock(), True
        if self.trusts is not never_doubted:
            self.jumps.look(now)
        if await self.database.run(self._waits_for_clock, now):
            self.deliverer.wake()
            return
        failed = FailedWork()
        times = replace(self.times, beside=BesidePieces(), failed=failed)
        while more:
            try:
                more = await self._piece(now, times)
            except Exception as error:
                # One thing that the program cannot do must hold up nothing else that is due.
                log.exception(FAILED, failed.add(error))
        await self.delivering.reconcile()

    async def _piece(self, now: datetime, times: Times) -> bool:
        """Whether more may be due."""
        more = (await self.database.run_piece(tick_sized, now, times, self.piece_size)).more
        self.deliverer.wake()
        if times.beside and times.beside.asks(times.failed):
            await self.database.read_beside(times.beside.read)
        return more

    def _waits_for_clock(self, tx: Transaction, now: datetime) -> bool:
        known = self.trusts(tx, now)
        if known != now:
            tell_of(tx, Trouble("clock", known, now), now)
        return known != now

    async def back_up(self) -> None:
        """Takes the night's backup, where one is due."""
        if self.backups is not None:
            await self.backups.run()

    def page_taken(self) -> None:
        """A form of the workspace was taken: what it stored may be waiting."""
        self.deliverer.wake()
        self.scorer.wake()
        if self.uploads is not None:
            self.uploads.wake()

    async def read_uploads(self) -> None:
        """What an ended bot has left, or somebody else's import stood in the way of."""
        if self.uploads is not None:
            self.uploads.wake()

    async def finish_imports(self) -> None:
        """Goes on where an import was ended, a piece at a time, so that turns come between."""
        if not await self.database.run(imports.is_unfinished):
            return
        # Unless it is going on at this moment, in a process of its own.
        with suppress(ImportUnderWayError), importing_alone(self.database):
            while await self.database.run_piece(imports.clear_next):
                pass
            while await self._score_next():
                pass
        self.deliverer.wake()

    async def _score_next(self) -> int:
        now = self.clock()
        beside = await self.database.read_beside(partial(read_next, now=now))
        return await self.database.run_piece(score_next, now, beside)


@asynccontextmanager
async def assembled(
    settings: Settings, database: Database, clock: MovableClock
) -> AsyncIterator[tuple[Bot, web.Application]]:
    """The bot and its endpoint, put together but not yet at work."""
    async with aiohttp.ClientSession(json_serialize=lambda body: orjson.dumps(body).decode()) as session:
        # Once more, since local mode takes its port just before it starts.
        await database.run(remember_channel, settings, clock())
        yield _wire(settings, database, clock, session)


@asynccontextmanager
async def working(bot: Bot) -> AsyncIterator[None]:
    """Catches up what is due; then the timetable wakes, the delivery sends and the probe looks until the end."""
    await bot.database.read_beside(made_quick)
    await bot.wake()
    delivering, looking = asyncio.create_task(bot.delivering.run()), asyncio.create_task(bot.probe.run())
    finishing, scoring = asyncio.create_task(_finish_imports(bot)), asyncio.create_task(bot.scorer.run())
    uploading = asyncio.create_task(bot.uploads.run()) if bot.uploads else finishing
    clockwork = timetable(bot.wake, bot.finish_imports, bot.back_up, bot.read_uploads)
    clockwork.start()
    try:
        yield
    finally:
        clockwork.shutdown(wait=False)
        looking.cancel()
        finishing.cancel()
        scoring.cancel()
        uploading.cancel()
        await asyncio.wait({looking, finishing, scoring, uploading})
        await _stop(bot.delivering, delivering)


async def _finish_imports(bot: Bot) -> None:
    """At once, and not only when the timetable first asks; what goes wrong it tries again."""
    try:
        await bot.finish_imports()
    except StorageError:
        log.exception("an import could not be finished")


async def _stop(delivering: Delivering, running: asyncio.Task[None]) -> None:
    """What is on its way gets as long as a send may take; cut off, it would be marked uncertain."""
    delivering.stop()
    await asyncio.wait({running}, timeout=LONGEST_CALL)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


def _wire(
    settings: Settings, database: Database, clock: MovableClock, session: aiohttp.ClientSession
) -> tuple[Bot, web.Application]:
    metrics = Metrics()
    connector = Connector(session, _token_source(settings, clock, session), count=metrics.count_send)
    pages = page_links(settings)
    sender = Sender(settings.app_id or LOCAL_BOT_ID, settings.tenant_id, settings.service_url, pages)
    limits = DeliveryLimits(settings.in_flight, settings.sends_per_second)
    # In local mode whoever moves the clock means it.
    trusts = never_doubted if settings.local else wakes.trusted
    deliverer = Deliverer(
        database,
        connector,
        clock,
        sender,
        uuid4().hex,
        pace_clock=clock.pace,
        limits=limits,
        trusts=trusts,
        municipality=settings.as_municipality,
    )
    doorkeeper = LoopbackOnly() if settings.local else _token_check(settings, clock, session)
    delivering = _delivering(database, deliverer, clock)
    probe = Probe(database, clock, doorkeeper, lambda: delivering.is_at_work)
    bot = Bot(
        database,
        clock,
        settings.times,
        deliverer,
        delivering,
        metrics,
        probe,
        LeftScorer(database, clock, deliverer.wake),
        settings.as_municipality,
        settings.address,
        pages,
        NightlyBackup(database, clock, settings.backup_dir, settings.backups_kept),
        trusts,
        UploadReader(database, clock, None if settings.local else settings.tenants, settings.local),
    )
    app = web.Application(client_max_size=LARGEST_BODY)
    teams_bot = TeamsBot(bot, connector, metrics.turns_failed.inc)
    add_endpoint(app, Adapter(doorkeeper, TurnedAway(database, clock).record), teams_bot, metrics)
    app.on_cleanup.append(lambda _: teams_bot.part(PARTING))
    makers: dict[LinkKind, Maker] = {
        CHART: chart_picture,
        REPORT: report_file(database, clock, Letterhead.of(settings), settings.times),
        SELECTION_FILES: protocol_file(database, clock),
        FIGURES: figures_file(database, clock, settings.as_municipality),
        REJECTED: rejected_file(database),
    }
    add_links(app, database, clock, makers)
    if settings.address:
        # Else no form's origin could be told from another's, and there is no page; so none is loaded either.
        from bot.workspace.opening import add_pages

        add_pages(app, settings, database, clock, session, bot.page_taken)
    add_health(app, probe)
    return bot, app


def _delivering(database: Database, deliverer: Deliverer, clock: Callable[[], datetime]) -> Delivering:
    if not database.has_queue:
        return deliverer
    # It takes a third of a second to load, which no start on SQLite is to wait for.
    from bot.queue_workers import QueueWorkers

    return QueueWorkers(database, deliverer, clock)


def _token_check(
    settings: Settings, clock: Callable[[], datetime], session: aiohttp.ClientSession
) -> TokenCheck:
    keys = KeySet(session, settings.keys_url, clock)
    return TokenCheck(
        keys,
        clock,
        app_id=settings.app_id,
        tenants=settings.tenants,
        first_tenant=settings.tenant_id,
        issuer=settings.token_issuer,
    )


def _token_source(
    settings: Settings, clock: Callable[[], datetime], session: aiohttp.ClientSession
) -> TokenSource:
    return no_token if settings.local else KeptToken(asking(settings, clock, session), clock)


def asking(settings: Settings, clock: Callable[[], datetime], session: aiohttp.ClientSession) -> Ask:
    """How the registration's access token is asked for."""
    if settings.app_type == "ManagedIdentity":
        return managed_identity(session, clock, app_id=settings.app_id, environment=os.environ)
    return client_credentials(
        session,
        clock,
        login=settings.login_url,
        tenant_id=settings.tenant_id,
        app_id=settings.app_id,
        app_password=settings.app_password,
    )
