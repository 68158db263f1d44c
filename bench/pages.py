"""`python -m bench.pages`: how long each page of each role takes by the clock, through the door.

In registers of 10 000 and 100 000 placements. It is our own bot in one process with whoever asks, one after the
other, so that the time is that of both.
"""

import argparse
import asyncio
import gc
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from bench.pages_register import make_busy
from bench.processes import workplace
from bench.scale_register import Size, built
from followup.people import ALLOWED, Role
from storage.engine.database import Database
from tests.support.edge import NOVEMBER, at_the_edge
from tests.support.tab import ADDRESS, Tab, entered
from workspace.frame.entry import PageOf
from workspace.registered import ENTRIES

SIZES, EACH = (10_000, 100_000), 100
LIMIT = 150
# What there is none of before a form is sent, and a row of a report that the quality team has changed.
LEFT_OUT = ("/import/{", "/kort", "/rad")
KEYS: Mapping[Role, str] = {
    Role.WORKER: "w1",
    Role.QUALITY: "quality",
    Role.MANAGER: "m1",
    Role.ADMIN: "admin",
}
HEAD = ("placements", "role", "page", "50 %", "99 %", "of computing", "KB")


@dataclass(frozen=True)
class Visited:
    """A page's times in milliseconds, by the clock and of computing, and how large it is."""

    role: Role
    path: str
    by_clock: Sequence[float]
    computing: Sequence[float]
    size: int

    def row(self, placements: int) -> str:
        times = [_at(self.by_clock, 0.5), _at(self.by_clock, 0.99), _at(self.computing, 0.99)]
        told = " | ".join(f"{one:.0f}{' **' if one > LIMIT else ''}" for one in times)
        return f"| {placements} | {self.role} | {self.path} | {told} | {self.size // 1024} |\n"


def _at(each: Sequence[float], share: float) -> float:
    return sorted(each)[int(share * (len(each) - 1))]


def addresses(size: Size) -> Iterator[tuple[Role, str]]:
    """Each page for each who may open it; of those about a thing the first of its kind."""
    # The first worker's own placement, its report of October, and its unit.
    own, unit = size.workers, 1 + size.workers % size.units
    named = {"/barn": own, "/rapport": size.placements + own, "/rapport-ar": 2026, "/urval": 2026}
    for entry in ENTRIES:
        if isinstance(entry, PageOf) and not entry.path.startswith(LEFT_OUT):
            number = named.get(entry.path.partition("/{")[0], unit if "{unit}" in entry.path else 1)
            path = re.sub(r"\{\w+\}", str(number), entry.path)
            yield from ((role, path) for role in Role if entry.conversation in ALLOWED[role])


async def visited(database: Database, size: Size, each: int, only: str) -> list[Visited]:
    found = []
    async with at_the_edge(database, NOVEMBER, sends=False, public_address=ADDRESS) as edge:
        # As the bot does when it has started.
        gc.collect()
        gc.freeze()
        for role, path in addresses(size):
            if only in path:
                async with entered(edge, KEYS[role]) as tab:
                    found.append(await _visited(tab, role, path, each))
                    sys.stderr.write(found[-1].row(size.placements))
    return found


async def _visited(tab: Tab, role: Role, path: str, each: int) -> Visited:
    seen = await tab.get(path)
    assert seen.status == HTTPStatus.OK, (path, seen.status)
    by_clock, computing = [], []
    for _ in range(each):
        began, spent = time.perf_counter(), time.process_time()
        await tab.get(path)
        computing.append(1000 * (time.process_time() - spent))
        by_clock.append(1000 * (time.perf_counter() - began))
    return Visited(role, path, by_clock, computing, len(seen.text.encode()))


def measure(directory: Path, size: Size, each: int, only: str) -> list[Visited]:
    database = built(f"sqlite:///{directory / 'register.db'}", size)
    make_busy(database, size)
    found = asyncio.run(visited(database, size, each, only))
    database.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--placements", type=int, nargs="*", default=SIZES)
    parser.add_argument("--each", type=int, default=EACH, help="visits to each page")
    parser.add_argument("--only", default="", help="pages whose address has this in it")
    given = parser.parse_args()
    sys.stdout.write("| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD) + "\n")
    for placements in given.placements:
        with workplace() as directory:
            for one in measure(directory, Size(placements), given.each, given.only):
                sys.stdout.write(one.row(placements))
    sys.stdout.write(f"Load {os.getloadavg()[0]:.1f}; ** is above {LIMIT} ms.\n")


if __name__ == "__main__":
    main()
