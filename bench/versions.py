"""`python -m bench.versions COMMIT`: what a hand-in costs here and at another commit, in one run, block by block."""

import argparse
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from bench.municipality import HANDING_IN
from bench.processes import ROOT, ChildDiedError, workplace

# In each version's own words: its register, and so many of its hand-ins as are asked for, each in a transaction.
_HAND_IN = """
import inspect, json, sys, time
from pathlib import Path
from botbuilder.schema import Activity
from bench.inbound import APP_ID, TENANT
from bench.municipality import HANDING_IN, OPENING, Bench, build, hand_ins
from bot import turns
from bot.teams import said_in
from scheduler.jobs import Times
from storage.engine.vault import new_key
bench = Bench(Path(sys.argv[1]) / "register.db", new_key(), "http://127.0.0.1/teams/")
build(bench, HANDING_IN)
said = [said_in(Activity().deserialize(json.loads(body))) for body in hand_ins(bench, APP_ID, TENANT)]
database, number = bench.opened(), 0
# Until November 2026 a turn carried the round's days.
along = (Times().rounds,) if "days" in inspect.signature(turns.take).parameters else ()
print("ready", flush=True)
for line in sys.stdin:
    began = time.process_time()
    for one in said[number : number + int(line)]:
        with database.transaction() as tx:
            answer = turns.take(tx, one, OPENING, *along, f"{number:032x}")
        assert answer.card is not None and not answer.again
        number += 1
    print(time.process_time() - began, flush=True)
database.close()
"""


def measure(commit: str, block: int) -> str:
    """Blocks of hand-ins to and fro between the two, so that what else the machine does meets both alike."""
    with workplace() as directory, ExitStack() as open_:
        other = open_.enter_context(_checked_out(commit, directory / "other"))
        here = open_.enter_context(_handing_in(ROOT, directory / "here"))
        there = open_.enter_context(_handing_in(other, directory / "there"))
        mine, theirs = [], []
        for _ in range(HANDING_IN.placements // block):
            mine.append(1000 * here(block) / block)
            theirs.append(1000 * there(block) / block)
    # The first block warms up.
    at_most = median(mine[1:]), median(theirs[1:])
    ratio = median(one / two for one, two in zip(mine[1:], theirs[1:], strict=True))
    return (
        f"median of {len(mine) - 1} blocks of {block} hand-ins: here {at_most[0]:.2f} ms of CPU, "
        f"{commit} {at_most[1]:.2f} ms; block by block {ratio:.3f} times\n"
    )


@contextmanager
def _checked_out(commit: str, to: Path) -> Iterator[Path]:
    subprocess.run(["git", "worktree", "add", "--detach", str(to), commit], cwd=ROOT, check=True)
    try:
        yield to
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", str(to)], cwd=ROOT, check=True)


@contextmanager
def _handing_in(root: Path, directory: Path) -> Iterator[Callable[[int], float]]:
    """A process of the version in the folder: given how many more to hand in, it says how much CPU they took."""
    directory.mkdir()
    program = _HAND_IN
    if not (root / "storage/engine").exists():
        # Before the rooms got their names.
        program = program.replace("storage.engine.vault", "storage.vault")
    command = [sys.executable, "-c", program, str(directory)]
    process = subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    into, out_of = process.stdin, process.stdout

    def hand_in(number: int) -> float:
        into.write(f"{number}\n")
        into.flush()
        return float(out_of.readline())

    try:
        if out_of.readline().strip() != "ready":
            raise ChildDiedError(str(root))
        yield hand_in
    finally:
        into.close()
        process.wait()
        out_of.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.versions", description=__doc__)
    parser.add_argument("commit")
    parser.add_argument("--block", type=int, default=45)
    arguments = parser.parse_args()
    sys.stdout.write(measure(arguments.commit, arguments.block))


if __name__ == "__main__":
    main()
