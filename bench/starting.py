"""`python -m bench.starting`: what a start costs until the bot is ready, and what it then holds in memory."""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import urlopen

from bench import municipality
from bench.inbound import Surroundings, our_settings, surroundings
from bench.municipality import HANDING_IN, Bench
from bench.processes import LOOPBACK, PATIENCE, ROOT, ChildDiedError, cpu_seconds, end, free_port, workplace
from storage.engine.vault import new_key

# What a start still does when it has said that it is ready: it loads what the first turn will need.
SETTLING = 1.0
LOOKED = 0.02


@dataclass(frozen=True)
class Started:
    """Seconds to ready by the clock and of computing, the latter also when all is loaded, and megabytes held."""

    clock: float
    computed: float
    settled: float
    resident: float
    own: float


def start(settings: Mapping[str, object], log: Path) -> Started:
    """The bot as `python -m bot serve` runs it outside local mode, until it answers that it is ready."""
    port = free_port()
    with _served({**settings, "port": port}, log) as process:
        began = time.perf_counter()
        _wait_until_ready(port, process, log)
        clock, computed = time.perf_counter() - began, cpu_seconds(process.pid)
        time.sleep(SETTLING)
        return Started(
            clock,
            computed,
            cpu_seconds(process.pid),
            _held(process.pid, "Rss"),
            _held(process.pid, "Private_Dirty"),
        )


@contextmanager
def _served(settings: Mapping[str, object], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    told = {f"UPPFOLJAREN_{name.upper()}": str(value) for name, value in settings.items()}
    # In the image all is compiled beforehand; where nothing compiled is kept, each start would do it anew.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with log.open("w", encoding="utf-8") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            env={**kept, **told},
        )
    try:
        yield process
    finally:
        end(process)


def _wait_until_ready(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"http://{LOOPBACK}:{port}/ready", timeout=1):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(LOOKED)
    raise ChildDiedError(log.read_text(encoding="utf-8")[-2000:])


def _held(pid: int, what: str) -> float:
    """Megabytes, as the kernel counts them."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) / 1024
    raise KeyError(what)


def measure(around: Surroundings, times: int) -> list[Started]:
    """On the register that the hand-ins are measured on; the first start is not counted, since it compiles."""
    bench = Bench(around.directory / "register.db", new_key(), around.service_url)
    municipality.build(bench, HANDING_IN)
    settings = our_settings(around, bench)
    return [start(settings, around.directory / "ours.log") for _ in range(times + 1)][1:]


def told(started: list[Started]) -> str:
    def middle(name: str) -> float:
        return median(getattr(one, name) for one in started)

    return (
        f"median of {len(started)} starts: ready after {middle('clock'):.2f} s by the clock and "
        f"{middle('computed'):.2f} s of computing ({middle('settled'):.2f} s when all is loaded); "
        f"{middle('resident'):.0f} MB resident, of which {middle('own'):.0f} MB written by the process\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.starting", description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    with workplace() as directory, surroundings(directory) as around:
        sys.stdout.write(told(measure(around, parser.parse_args().times)))


if __name__ == "__main__":
    main()
