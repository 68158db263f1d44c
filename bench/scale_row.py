"""One row of the table of sizes: everything is done in one process, and each transaction timed to its commit."""

import asyncio
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bench.municipality import ANSWERS, OCTOBER
from bench.peers.timing import TimedDatabase
from bench.scale_register import Size, owner_key
from bot import turns
from bot.loading import looked_through_no_more, made_quick
from dialogs.turn import Press, Said
from followup.access.municipality import USUAL_MUNICIPALITY
from followup.messages.month import LISTS
from followup.risk.bands import BandState, judge, next_state
from followup.risk.risk import score
from followup.times.calendar import end_of_day, municipal_day, next_working_day
from scheduler.jobs import Times
from scheduler.piece import PieceSize
from scheduler.waking import tick_sized
from services.risk.evidence import inputs_of_each
from services.risk.reading_beside import BesidePieces
from storage.engine.database import Transaction
from storage.engine.tables import person, report_task, round_
from storage.engine.vault import Vault, new_key
from storage.log import log_chain
from storage.messages import recipients
from storage.register import units
from tests.support.builders import aad, at
from texts.catalogue import LANGUAGES, messages

OPENING, QUIET, OVER = at("2026-11-02 08:00"), at("2026-11-02 09:00"), at("2026-11-16 08:00")
HAND_INS, ASKED, SCORED = 200, 10, 3_000
# Seconds between two that are handed in while the round is opened.
BETWEEN = 0.05
HEAD = (
    "placements (units)",
    "built",
    "idle wake",
    "round opened, asked, month ends",
    "longest piece",
    "handed in meanwhile",
    "escalated",
    "longest piece",
    "hand-in",
    "läge",
    "obesvarade",
    "states_by_person",
    f"{SCORED} units scored",
    "memory",
)


@dataclass(frozen=True)
class Spent:
    """Milliseconds of each time: of computing, and by the clock, which on a shared machine says more of the machine.

    What PostgreSQL computes is in a process of its own: it is counted in a piece, and else seen by the clock alone.
    """

    computing: Sequence[float]
    by_clock: Sequence[float]

    def seconds(self, placements: int) -> str:
        each = sum(self.computing) / placements
        return f"{sum(self.computing) / 1000:.1f} s in {len(self.computing)}, {each:.2f} ms each"

    @property
    def longest(self) -> str:
        return f"{_at(self.computing, 1):.0f} ms (99 %: {_at(self.computing, 0.99):.0f}; {self.clock})"

    @property
    def usual(self) -> str:
        return f"{_at(self.computing, 0.5):.1f} ms (99 %: {_at(self.computing, 0.99):.1f}; {self.clock})"

    @property
    def clock(self) -> str:
        return f"clock {_at(self.by_clock, 0.5):.0f}/{_at(self.by_clock, 0.99):.0f}"


def _at(each: Sequence[float], share: float) -> float:
    return sorted(each)[int(share * (len(each) - 1))] if each else 0


def timed(works: Sequence[Callable[[], object]]) -> Spent:
    computing, by_clock = [], []
    for work in works:
        began, spent = time.perf_counter(), time.thread_time()
        work()
        computing.append(1000 * (time.thread_time() - spent))
        by_clock.append(1000 * (time.perf_counter() - began))
    return Spent(computing, by_clock)


@dataclass
class Town:
    """A register that is asked as the bot is."""

    database: TimedDatabase
    size: Size
    to_score: int = SCORED

    def pieces(self, now: datetime) -> Spent:
        """All that is due, each piece in its transaction, as it holds the database."""
        before, more, pieces, beside = len(self.database.lasted), True, PieceSize(), BesidePieces()
        while more:
            with self.database.transaction() as tx:
                more = tick_sized(tx, now, Times(beside=beside), pieces).more
            if beside.wanted:
                with self.database.reading() as look:
                    beside.read(look)
        return self._held(before)

    async def opening(self) -> tuple[Spent, list[float]]:
        """The round opened as the bot opens it, and what is handed in meanwhile: how long each waited by the clock."""
        before, done = len(self.database.lasted), asyncio.Event()
        handing_in = asyncio.create_task(self._hand_in_until(done))
        more, pieces, beside = True, PieceSize(), BesidePieces()
        while more:
            more = (await self.database.run_piece(tick_sized, OPENING, Times(beside=beside), pieces)).more
            if beside.wanted:
                await self.database.read_beside(beside.read)
        done.set()
        return self._held(before, "tick_sized"), await handing_in

    async def _hand_in_until(self, done: asyncio.Event) -> list[float]:
        waited: list[float] = []
        while not done.is_set():
            await asyncio.sleep(BETWEEN)
            began = time.perf_counter()
            if await self.database.run(self._hand_in_next, len(waited)):
                waited.append(1000 * (time.perf_counter() - began))
        return waited

    def _hand_in_next(self, tx: Transaction, number: int) -> bool:
        task = _OCTOBERS.where(report_task.c.placement_id == number + 1)
        found = tx.connection.execute(task).first()
        if found is not None:
            self._hand_in(tx, *found)
        return found is not None

    def _hand_in(self, tx: Transaction, task_id: int, placement_id: int) -> None:
        card = {"nonce": f"{task_id:032x}", "ticked": [], "task": task_id, "version": 0, "blocks": 0}
        said = _said(owner_key(self.size, placement_id), press=Press("hand_in_report", card, ANSWERS))
        answer = turns.take(tx, said, QUIET, f"{task_id:032x}")
        assert answer.card is not None, answer

    def hand_ins(self) -> Spent:
        """Complete reports, each by whose it is, spread over what is left of the register."""
        with self.database.transaction() as tx:
            tasks = list(tx.connection.execute(_OCTOBERS.order_by(report_task.c.placement_id.desc())))
        some = tasks[:: max(1, len(tasks) // HAND_INS)][:HAND_INS]

        def hand_in(task_id: int, placement_id: int) -> None:
            with self.database.transaction() as tx:
                self._hand_in(tx, task_id, placement_id)

        return timed([lambda one=one: hand_in(*one) for one in some])  # type: ignore[misc]

    def questions(self, text: str, key: str) -> Spent:
        """Read beside the writer, then logged and answered."""

        def ask() -> None:
            said = _said(key, text)
            with self.database.reading() as tx:
                read = turns.read_before(tx, said, QUIET, USUAL_MUNICIPALITY)
            with self.database.transaction() as tx:
                answer = turns.take(tx, said, QUIET, "0" * 32, read=read)
            assert answer.card is not None, answer

        return timed([ask] * ASKED)

    def states(self) -> Spent:
        """How everybody's messages went, as who sees everybody asks."""
        with self.database.reading() as tx:
            everybody = list(tx.connection.scalars(select(person.c.id)))
            return timed([lambda: recipients.states_by_person(tx, LISTS, OPENING, everybody)] * ASKED)

    def scored(self) -> Spent:
        """Each followed unit once, and those of a small town as often as makes so many."""
        with self.database.reading() as tx:
            every = [one for one in units.all_units(tx) if one.segment is not None]
            day, before = municipal_day(OVER), BandState()

            def score_all() -> None:
                left = self.to_score
                while left:
                    for _, [inputs] in inputs_of_each(tx, every[:left], day, end_of_day(day)):
                        level = score(inputs).level
                        judge(inputs, next_state(before, level, False, inputs.config).band)
                    left -= min(left, len(every))

            return timed([score_all])

    def _held(self, before: int, work: str = "") -> Spent:
        held = [one for one in self.database.lasted[before:] if work in one.work]
        return Spent([1000 * (one.cpu + one.server) for one in held], [1000 * one.wall for one in held])


_OCTOBERS = select(report_task.c.id, report_task.c.placement_id).join(round_).where(round_.c.month == OCTOBER)


def _said(key: str, text: str = "", press: Press | None = None) -> Said:
    activity = f"{text}{time.perf_counter_ns()}"
    return Said(aad(key), f"a:{key}", activity, "http://127.0.0.1/teams/", text=text, press=press)


def row(url: str, size: Size, built: str, to_score: int = SCORED) -> str:
    database = TimedDatabase(url, Vault([new_key()]))
    with database.transaction() as tx:
        log_chain.begin(tx, OPENING)
        # As the bot does before it wakes.
        next_working_day(municipal_day(OPENING))
        made_quick(tx)
    # As the bot has by then, and all that it loads.
    import bot.app  # noqa: F401

    messages(LANGUAGES[0])
    looked_through_no_more()
    cells = [f"{size.placements} ({size.units})", built, *_figures(Town(database, size, to_score))]
    database.close()
    cells.append(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    return "| " + " | ".join(cells) + " |\n"


def _figures(town: Town) -> list[str]:
    opened, waited = asyncio.run(town.opening())
    # What the wake did itself is looked through once.
    town.pieces(OPENING)
    idle = timed([lambda: town.pieces(OPENING)] * ASKED)
    handed_in = town.hand_ins()
    asked = [town.questions("läge", "quality"), town.questions("obesvarade", "m1"), town.states()]
    scored, number = town.scored(), town.size.placements
    escalated = town.pieces(OVER)
    meanwhile = f"{len(waited)}, {_at(waited, 0.5):.0f} ms (99 %: {_at(waited, 0.99):.0f}) by the clock"
    return [
        idle.usual,
        opened.seconds(number),
        opened.longest,
        meanwhile,
        escalated.seconds(number),
        escalated.longest,
        handed_in.usual,
        *(one.usual for one in asked),
        f"{scored.computing[0] / 1000:.2f} s",
    ]
