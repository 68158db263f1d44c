"""`python -m bench.scale`: what a wake, a month and people's questions cost at 1 000, 10 000 and 100 000 placements.

On SQLite and on a PostgreSQL of its own: make scale. What is not done in the time that it is given is said so.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.processes import ROOT, module, workplace
from bench.scale_register import Size
from bench.scale_row import HEAD, row
from tests.support import cluster

SIZES = (1_000, 10_000, 100_000)
DATABASES = ("SQLite", "PostgreSQL")
MINUTES = 60


@contextmanager
def place(directory: Path, database: str) -> Iterator[str]:
    """The URL of an empty database, which is gone afterwards."""
    if database == "SQLite":
        yield f"sqlite:///{directory / 'register.db'}"
        return
    with cluster.running(tended=True) as server:
        server.create("scale")
        yield server.url("scale")


def measure(database: str, placements: int, until: float) -> str:
    """In processes of their own, so that the memory is that of the work and not of the building."""
    size = ["--placements", str(placements)]
    with workplace() as directory, place(directory, database) as url:
        try:
            built = _run("bench.scale_register", url, *size, until=until)
            done = _run("bench.scale", "--of", url, "--built", built.strip(), *size, until=until)
        except subprocess.TimeoutExpired:
            return f"| {database} {placements} | was not done in the time given |\n"
    return f"| {database} {done.removeprefix('| ')}"


def _run(name: str, *given: str, until: float) -> str:
    left = max(1.0, until - time.monotonic())
    asked = [*module(name), *given]
    done = subprocess.run(asked, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, timeout=left)
    return done.stdout


def write_table(databases: Sequence[str], sizes: Sequence[int], minutes: float) -> None:
    until = time.monotonic() + 60 * minutes
    sys.stdout.write("| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD) + "\n")
    for placements in sizes:
        for database in databases:
            sys.stdout.write(measure(database, placements, until))
            sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--placements", type=int, nargs="*", default=SIZES)
    parser.add_argument("--databases", nargs="*", choices=DATABASES, default=DATABASES)
    parser.add_argument("--minutes", type=float, default=MINUTES, help="for the whole table")
    parser.add_argument("--of", help=argparse.SUPPRESS)
    parser.add_argument("--built", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.of is not None:
        sys.stdout.write(row(given.of, Size(*given.placements), given.built))
        return
    found = cluster.programs() is not None
    if not found and "PostgreSQL" in given.databases:
        sys.stderr.write("There is no PostgreSQL here: its rows are left out.\n")
    databases = [one for one in given.databases if found or one != "PostgreSQL"]
    write_table(databases, given.placements, given.minutes)


if __name__ == "__main__":
    main()
