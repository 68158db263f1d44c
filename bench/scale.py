"""`python -m bench.scale`: what a wake, a month and people's questions cost at 1 000, 10 000 and 100 000 placements."""

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from bench.municipality import ANSWERS, OCTOBER
from bench.processes import ROOT, module, workplace
from bench.scale_register import Size, owner_key
from bot import turns
from dialogs.turn import Press, Said
from followup.access.municipality import USUAL_MUNICIPALITY
from scheduler.jobs import Times, tick_piece
from storage.engine.database import Database
from storage.engine.tables import report_task, round_
from storage.engine.vault import Vault, new_key
from storage.log import log_chain
from tests.support.builders import aad, at

SIZES = (1_000, 10_000, 100_000)
OPENING, QUIET, OVER = at("2026-11-02 08:00"), at("2026-11-02 09:00"), at("2026-11-16 08:00")
HAND_INS, ASKED = 200, 10
HEAD = (
    "placements (units)",
    "register built",
    "idle wake",
    "round opened, asked, month ends",
    "longest piece",
    "escalated",
    "longest piece",
    "hand-in",
    "läge",
    "obesvarade",
    "memory",
)


@dataclass(frozen=True)
class Spent:
    """Milliseconds of each time, of computing: a shared machine's clock says more of the machine."""

    each: Sequence[float]

    @property
    def seconds(self) -> str:
        return f"{sum(self.each) / 1000:.1f} s in {len(self.each)}"

    def at(self, share: float) -> float:
        return sorted(self.each)[int(share * (len(self.each) - 1))]

    @property
    def longest(self) -> str:
        return f"{self.at(1):.0f} ms (99 %: {self.at(0.99):.0f})"

    @property
    def usual(self) -> str:
        return f"{self.at(0.5):.1f} ms (99 %: {self.at(0.99):.1f})"


def timed(works: Iterator[Callable[[], object]] | Sequence[Callable[[], object]]) -> Spent:
    spent = []
    for work in works:
        began = time.thread_time()
        work()
        spent.append(1000 * (time.thread_time() - began))
    return Spent(spent)


def pieces(database: Database, now: datetime) -> Spent:
    """All that is due, each piece in its transaction."""
    more = True

    def piece() -> None:
        nonlocal more
        with database.transaction() as tx:
            more = tick_piece(tx, now, Times()).more

    def until_done() -> Iterator[Callable[[], object]]:
        while more:
            yield piece

    return timed(until_done())


def hand_ins(database: Database, size: Size) -> Spent:
    """Complete reports, each by whose it is, spread over the register."""
    query = select(report_task.c.id, report_task.c.placement_id).join(round_).where(round_.c.month == OCTOBER)
    with database.transaction() as tx:
        tasks = list(tx.connection.execute(query))
    some = tasks[:: max(1, len(tasks) // HAND_INS)][:HAND_INS]

    def hand_in(task_id: int, placement_id: int) -> None:
        card = {"nonce": f"{task_id:032x}", "ticked": [], "task": task_id, "version": 0, "blocks": 0}
        said = _said(owner_key(size, placement_id), press=Press("hand_in_report", card, ANSWERS))
        with database.transaction() as tx:
            answer = turns.take(tx, said, QUIET, f"{task_id:032x}")
        assert answer.card is not None, answer

    return timed([lambda one=one: hand_in(*one) for one in some])  # type: ignore[misc]


def questions(database: Database, text: str, key: str) -> Spent:
    """Read beside the writer, then logged and answered."""

    def ask() -> None:
        said = _said(key, text)
        with database.reading() as tx:
            read = turns.read_before(tx, said, QUIET, USUAL_MUNICIPALITY)
        with database.transaction() as tx:
            answer = turns.take(tx, said, QUIET, "0" * 32, read=read)
        assert answer.card is not None, answer

    return timed([ask] * ASKED)


def _said(key: str, text: str = "", press: Press | None = None) -> Said:
    activity = f"{text}{time.perf_counter_ns()}"
    return Said(aad(key), f"a:{key}", activity, "http://127.0.0.1/teams/", text=text, press=press)


def row(path: Path, size: Size, built: float) -> str:
    database = Database(f"sqlite:///{path}", Vault([new_key()]))
    with database.transaction() as tx:
        log_chain.begin(tx, OPENING)
    opened = pieces(database, OPENING)
    # What the wake did itself is looked through once.
    pieces(database, OPENING)
    cells = [f"{size.placements} ({size.units})", f"{built:.1f} s"]
    cells.append(timed([lambda: pieces(database, OPENING)] * ASKED).usual)
    cells += [opened.seconds, opened.longest]
    handed_in = hand_ins(database, size)
    asked = [questions(database, "läge", "quality"), questions(database, "obesvarade", "m1")]
    escalated = pieces(database, OVER)
    cells += [escalated.seconds, escalated.longest, handed_in.usual, *(one.usual for one in asked)]
    database.close()
    cells.append(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    return "| " + " | ".join(cells) + " |\n"


def measure(placements: int) -> str:
    """In processes of their own, so that the memory is that of the work and not of the building."""
    with workplace() as directory:
        path = directory / "register.db"
        began = time.perf_counter()
        size = ["--placements", str(placements)]
        subprocess.run(
            [*module("bench.scale_register"), str(path), *size], cwd=ROOT, check=True, stdout=sys.stderr
        )
        built = f"{time.perf_counter() - began:.1f}"
        done = subprocess.run(
            [*module("bench.scale"), "--of", str(path), "--built", built, *size],
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    return done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--placements", type=int, nargs="*", default=SIZES)
    parser.add_argument("--of", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--built", type=float, default=0, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.of is not None:
        sys.stdout.write(row(arguments.of, Size(*arguments.placements), arguments.built))
        return
    sys.stdout.write("| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD) + "\n")
    for placements in arguments.placements:
        sys.stdout.write(measure(placements))
        sys.stdout.flush()


if __name__ == "__main__":
    main()
