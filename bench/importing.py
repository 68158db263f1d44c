"""`python -m bench.importing`: a register with two years behind it, imported beside a bot that is handed reports."""

import argparse
import csv
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from urllib.request import Request, urlopen

from bench.inbound import Surroundings, our_bot, prepared, surroundings
from bench.municipality import OPENING
from bench.peers.timing import Held, TimedDatabase, read
from bench.processes import workplace
from bot.registering import import_files, put_in
from documents.imports.history_columns import FILES
from documents.imports.register import read_register
from followup.times.month import Month, months_between
from storage.engine.vault import Vault
from storage.imports import imports

Cells = dict[str, str]
_EXAMPLES = {file.name: {column.header: column.example for column in file.columns} for file in FILES}
_FORMS = ("HVB", "stödboende", "konsulentstött familjehem", "konsulentstött jourhem")
_MONTHS = months_between(Month(2024, 10), Month(2026, 9))
WORKERS, UNITS, PLACEMENTS, SIGNALS = 250, 150, 4000, 8000
MOST_NAMED = 12


def write_register(directory: Path, placements: int) -> None:
    """As many as a big city places, each with a report a month for two years, and what has happened to them."""
    chance, units, workers = Random(1), *_share(placements)
    people = [{"Signatur": "chef", "Namn": "Maria Ek", "Roll": "chef", "Chef": ""}]
    people += [
        {"Signatur": f"h{n}", "Namn": f"Anna {n}", "Roll": "socialsekreterare", "Chef": "chef"}
        for n in range(workers)
    ]
    _write(directory, "personer", people)
    _write(directory, "utförare", [{}])
    _write(
        directory,
        "enheter",
        [{"Enhetskod": f"H-{n}", "Form": _FORMS[n % 4], "Inriktning": ""} for n in range(units)],
    )
    of_child = _children(chance, units, placements)
    _write(directory, "placeringar", _placements(of_child, workers))
    _write(directory, "rapporter", _reports(of_child, chance, workers))
    _write(directory, "signaler", _signals(of_child, chance, SIGNALS * placements // PLACEMENTS))


def write_changed(directory: Path, placements: int) -> None:
    """The same placements once more, and something about each of them is another."""
    chance, units, workers = Random(1), *_share(placements)
    children = _children(chance, units, placements)
    _write(
        directory, "placeringar", [{**one, "Vårdplan": "saknas"} for one in _placements(children, workers)]
    )


def _placements(children: Sequence[Cells], workers: int) -> list[Cells]:
    return [
        {**child, "Från": "2024-10-01", "Ansvarig": f"h{n % workers}", "Ansvarig från": ""}
        for n, child in enumerate(children)
    ]


def _share(placements: int) -> tuple[int, int]:
    """How many units and workers there are for so many placements."""
    share = placements / PLACEMENTS
    return max(4, round(UNITS * share)), max(4, round(WORKERS * share))


def _children(chance: Random, units: int, placements: int) -> list[Cells]:
    # Some homes are large, and a provider of family homes may stand for hundreds of children.
    weights = [40 if n == 2 else 1 + n % 5 for n in range(units)]
    homes = chance.choices(range(units), weights, k=placements)
    return [{"Aktreferens": f"BU-{n:05}", "Enhetskod": f"H-{home}"} for n, home in enumerate(homes)]


def _reports(children: Sequence[Cells], chance: Random, workers: int) -> Iterator[Cells]:
    for month in _MONTHS:
        for number, child in enumerate(children):
            concern = {"Hälsa": "oro"} if chance.random() < 0.05 else {}
            yield {
                **child,
                **concern,
                "Månad": str(month),
                "Inkommen": "",
                "Rapporterad av": f"h{number % workers}",
            }


def _signals(children: Sequence[Cells], chance: Random, number: int) -> Iterator[Cells]:
    for one in range(number):
        month, kind = chance.choice(_MONTHS), chance.choice(("avvikelse", "klagomål"))
        yield {
            **chance.choice(children),
            "Signalnummer": f"H-{one:05}",
            "Typ": kind,
            "Situation": _EXAMPLES["signaler"]["Situation"] if kind == "avvikelse" else "",
            "Händelsedatum": date(month.year, month.number, 10).isoformat(),
            "Registrerad": "",
        }


def _write(directory: Path, kind: str, rows: Sequence[Cells] | Iterator[Cells]) -> None:
    with (directory / f"{kind}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _EXAMPLES[kind], delimiter=";")
        writer.writeheader()
        writer.writerows({**_EXAMPLES[kind], **row} for row in rows)


@dataclass
class HandIns:
    """One worker after the other, about two a second, until it is stopped; how long each waited for her answer."""

    url: str
    token: str
    bodies: Sequence[bytes]
    waited: list[float] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        for body in self.bodies:
            began = time.perf_counter()
            self._send(body)
            self.waited.append(time.perf_counter() - began)
            if self.stopped.wait(max(0.0, 0.5 - self.waited[-1])):
                return

    def _send(self, body: bytes) -> None:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json; charset=utf-8"}
        with urlopen(Request(f"{self.url}/api/messages", data=body, headers=headers), timeout=60) as answer:
            answer.read()


@contextmanager
def handing_in(url: str, token: str, bodies: Sequence[bytes]) -> Iterator[HandIns]:
    hand_ins = HandIns(url, token, bodies)
    thread = threading.Thread(target=hand_ins.run)
    thread.start()
    try:
        yield hand_ins
    finally:
        hand_ins.stopped.set()
        thread.join()


def measure(around: Surroundings, placements: int) -> str:
    """The longest transactions of the import and of the bot beside it, and how long those who handed in waited."""
    bench, bodies = prepared(around)
    files, timings = around.directory / "files", around.directory / "bot.json"
    files.mkdir()
    write_register(files, placements)
    database = TimedDatabase(bench.url, Vault([bench.key]))
    lines = bodies.read_bytes().splitlines()
    with (
        our_bot(around, bench, timings=str(timings)) as server,
        handing_in(server.url, around.token(), lines) as hand_ins,
    ):
        began = time.perf_counter()
        result = import_files(database, [files], OPENING)
        seconds = time.perf_counter() - began
        assert result.imported is not None, result.reading.problems[:3]
        # The bot wakes once more and asks about what has come.
        time.sleep(61)
        switch = _change_all(database, around.directory / "changed", placements)
    database.close()
    of_bot = read(timings)
    return f"{len(result.reading.rows)} rows in {seconds:.0f} s\n" + "".join(
        (
            _held("the switch when every placement changes", [switch]),
            _held("the import", database.lasted),
            _held("the bot", of_bot),
            _said("a hand-in waited", [1000 * one for one in hand_ins.waited]),
        )
    )


def _change_all(database: TimedDatabase, files: Path, placements: int) -> Held:
    """The moment in which every placement becomes another, which no piece can be taken out of."""
    files.mkdir()
    write_changed(files, placements)
    with database.looking() as look:
        since, reading = imports.marks(look), read_register(look, [files], OPENING.date())
    imported = put_in(database, reading, since, OPENING)
    assert imported is not None, reading.problems[:3]
    assert imported.counts["placements"].changed == placements
    return database.lasted[-1]


def _held(by: str, transactions: Sequence[Held]) -> str:
    """With the longest named, since a shared machine makes any of them long by the clock."""
    longest = sorted(transactions, key=lambda one: one.wall)[:-MOST_NAMED:-1]
    return (
        _said(f"held by {by}", [1000 * one.wall for one in transactions])
        + _said("of it computing", [1000 * one.cpu for one in transactions])
        + "".join(
            f"  {1000 * one.wall:.0f} ms, {1000 * one.cpu:.0f} computing: {one.work}\n" for one in longest
        )
    )


def _said(what: str, milliseconds: Sequence[float]) -> str:
    ordered = sorted(milliseconds)
    p50, p99 = (ordered[int(part * (len(ordered) - 1))] for part in (0.5, 0.99))
    longest = ", ".join(f"{one:.0f}" for one in ordered[:-4:-1])
    return f"{what}: {len(ordered)} times, p50 {p50:.0f} ms, p99 {p99:.0f} ms, longest {longest} ms\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.importing", description=__doc__)
    parser.add_argument("--placements", type=int, default=PLACEMENTS)
    arguments = parser.parse_args()
    with workplace() as directory, surroundings(directory) as around:
        sys.stdout.write(measure(around, arguments.placements))


if __name__ == "__main__":
    main()
