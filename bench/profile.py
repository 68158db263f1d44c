"""`python -m bench.profile`: where the time of a hand-in goes; with `sending`, that of a message."""

import argparse
import json
import pstats
import sys
from pathlib import Path

from bench import outbound
from bench.inbound import Surroundings, load, our_bot, prepared, surroundings
from bench.outbound import Wanted
from bench.processes import workplace

MOST = 40


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.profile", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("hand-in", "sending"), default="hand-in")
    parser.add_argument("--times", type=int, default=200)
    arguments = parser.parse_args()
    with workplace() as directory, surroundings(directory) as around:
        path = directory / "profile.prof"
        profile = _hand_in if arguments.what == "hand-in" else _sending
        profile(around, path, arguments.times)
        _show(path, arguments.times)


def _hand_in(around: Surroundings, path: Path, times: int) -> None:
    bench, bodies = prepared(around)
    with our_bot(around, bench, profile=str(path)) as server:
        load(around, server, bodies, [(1, times)])


def _sending(around: Surroundings, path: Path, times: int) -> None:
    outbound.measure_ours(around, Wanted(0, times), str(path))


def _show(path: Path, times: int) -> None:
    stats = pstats.Stats(str(path), stream=sys.stdout).strip_dirs()
    stats.sort_stats("cumulative").print_stats(MOST)
    stats.sort_stats("tottime").print_stats(MOST)
    sys.stdout.write(f"\nStatements in the whole run, and in each of {times}:\n")
    for statement, ran in json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))[:MOST]:
        sys.stdout.write(f"{ran:6} {ran / times:6.2f}  {' '.join(statement.split())[:150]}\n")


if __name__ == "__main__":
    main()
