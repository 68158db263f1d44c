"""`python -m bench`: everything side by side in one run; prints what docs/benchmarks.md then says."""

import argparse
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from bench import inbound, outbound
from bench.inbound import PEERS_PYTHON, Surroundings, surroundings
from bench.load import Measured
from bench.outbound import Sent, Wanted
from bench.processes import ROOT, module, workplace
from bench.report import Report, with_the_rest, written

DOCUMENT = ROOT / "docs" / "benchmarks.md"
# Uncapped ours has as many messages under way as the SDK is given; else ten, as it is delivered.
AS_THE_SDK = 100
THROWN = ((429, 0.01), (412, 0.005), (503, 0.005))


@dataclass(frozen=True)
class Extent:
    """How much is measured: turns of each bot, messages of each sender, and the long run."""

    ours: int
    turns: int
    slow_turns: int
    latencies: Sequence[int]
    messages: int
    capped: int
    long_run: int
    # The long run at 45 a second would take eleven minutes, so it is run at so many times that.
    hurry: float


WHOLE = Extent(2250, 2250, 600, (0, 50, 200), 2000, 300, 30_000, 5.0)
QUICK = Extent(450, 450, 200, (50,), 300, 150, 1000, 5.0)


@dataclass(frozen=True)
class Peer:
    name: str
    command: list[str]
    turns: int
    echoes: bool = True
    remembers: bool = True


def peers(extent: Extent) -> list[Peer]:
    """Those that can run here."""
    python = str(PEERS_PYTHON)
    found = [
        Peer("botbuilder-python echo", module("bench.peers.stock", python), extent.slow_turns),
        Peer("Agents SDK echo", module("bench.peers.agents", python), extent.turns),
        Peer("Teams SDK echo", module("bench.peers.teams_sdk", python), extent.turns),
        Peer("its bridge", [*module("bench.peers.teams_sdk", python), "--bridged"], extent.slow_turns),
        Peer("bare, token remembered", module("bench.peers.bare", python), extent.turns, echoes=False),
        Peer("bare, token verified anew", module("bench.peers.bare", python), extent.turns, False, False),
    ]
    if has_node():
        found.insert(2, Peer("botbuilder-js echo", ["node", "bench/peers/echo.js"], extent.turns))
    return found


def has_node() -> bool:
    return shutil.which("node") is not None and (ROOT / "bench" / "node_modules").exists()


def measure_inbound(around: Surroundings, extent: Extent) -> dict[str, list[Measured]]:
    measured = {}
    for name, delivers in (("our hand-in", False), ("and what it says elsewhere", True)):
        _say(name)
        measured[name] = inbound.measure_ours(around, extent.ours, delivers=delivers)
    for peer in peers(extent):
        _say(peer.name)
        measured[peer.name] = inbound.measure_peer(
            around, peer.name, peer.command, peer.turns, echoes=peer.echoes, remembers=peer.remembers
        )
    return measured


def measure_outbound(around: Surroundings, extent: Extent) -> list[Sent]:
    card = outbound.a_card(around)
    wanted = [Wanted(latency, extent.messages, in_flight=AS_THE_SDK) for latency in extent.latencies]
    wanted += [Wanted(latency, extent.capped, 50.0) for latency in extent.latencies]
    measured = []
    for each in wanted:
        _say(f"sending {each.messages} at {each.latency_ms} ms, limit {each.limit}")
        measured.append(outbound.measure_ours(around, each))
        measured.append(outbound.measure_sdk(around, _fewer(each), card))
    return measured


def _fewer(wanted: Wanted) -> Wanted:
    """The SDK is slow where the connector is, and its pace shows soon."""
    most = wanted.messages // 4 if wanted.latency_ms > 100 else wanted.messages // 2
    return wanted if wanted.limit else Wanted(wanted.latency_ms, most, in_flight=AS_THE_SDK)


def measure_long_run(around: Surroundings, extent: Extent) -> Sent:
    _say(f"{extent.long_run} messages with trouble thrown in")
    hurried = Wanted(
        50,
        extent.long_run,
        45.0 * extent.hurry,
        THROWN,
        retry_after=1 / extent.hurry,
        # At the usual pace ten messages wait fifty milliseconds; in hurried time that is as many times as many.
        in_flight=round(10 * extent.hurry),
    )
    return outbound.measure_ours(around, hurried)


def _say(text: str) -> None:
    sys.stderr.write(f"{text} …\n")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="about a minute, and nothing is written to docs/"
    )
    parser.add_argument("--date", default="", help="the day that docs/benchmarks.md is to name")
    parser.add_argument("--only", choices=("inbound", "outbound"), help="half of it; nothing is written")
    arguments = parser.parse_args()
    extent = QUICK if arguments.quick else WHOLE
    with workplace() as directory, surroundings(directory) as around:
        turns = {} if arguments.only == "outbound" else measure_inbound(around, extent)
        sent = [] if arguments.only == "inbound" else measure_outbound(around, extent)
        long_run = None if arguments.only == "inbound" else measure_long_run(around, extent)
    document = written(Report(turns, sent, long_run, extent.hurry, arguments.date, has_node()))
    sys.stdout.write(document)
    if not arguments.quick and not arguments.only:
        DOCUMENT.write_text(with_the_rest(document, DOCUMENT.read_text("utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
