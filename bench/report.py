"""What was measured, as Markdown: tables with ratios to ours, on which machine, and how."""

import json
import os
import platform
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.found import FOUND
from bench.load import Measured
from bench.outbound import Sent
from bench.processes import ROOT

METHOD = """\
One run, one bot after the other. The fake Bot Connector, the key server, the clients and the bot that is
measured are processes of their own, all on loopback; nothing else is asked. Tokens are RS256, checked against
the key server's keys; every bot gets its own token from the key server for what it sends. There is a warm-up
of a tenth of the turns first. CPU is user and system time of the bot's process from /proc, its
children included, by turns; it is the steady figure, while turns per second and latencies share two cores with
the clients and the connector and wait for the disk.

* **Our hand-in** is the bot as it is served outside local mode, with timetable, sender, metrics and logs: 150
  workers with 15 placements each in 100 units, a September behind them and an October open. Each turn is a
  complete monthly report by the right worker for her own placement. It is authenticated, checked, stored
  (SQLite, WAL, synchronous=FULL), its unit scored, the answer kept for repetitions, and the next card drawn.
  Afterwards every report and every score is there. It is counted to the acknowledgement: the card is the answer.
  Some seconds later the message that the card stands in is changed on the person's other devices, once for all that
  was pressed in it meanwhile, by the same way as what is measured under Sending; the row below has that too.
* **botbuilder-python echo** (botbuilder-integration-aiohttp {botbuilder}): the samples' echo with
  CloudAdapter, single-tenant. Its settings point it at the key server; MSAL is let to ask it without TLS,
  which spares it a handshake in each turn.
* **Agents SDK echo** (microsoft-agents-hosting-aiohttp {agents}): CloudAdapter, its own token middleware, and
  ActivityHandler, the lighter of its two ways. The address of the channel's keys is a constant in it, so the
  script changes that.
* **botbuilder-js echo** (botbuilder {botbuilder_js}, Node {node}): the samples' echo with restify. MSAL is
  told that the key server is a known login host; it is asked once, with TLS.
* **Teams SDK echo** (microsoft-teams-apps {teams}): its App with its own server and token check. **Its bridge**
  (microsoft-teams-botbuilder {teams}): the same with botbuilder-python's echo in front, as one who moves over has it.
* **bare** is the limit: aiohttp, PyJWT and one durable SQLite commit of the body, with verified tokens
  remembered as ours are, and with each verified anew. The peers' echoes verify anew.

**Sending**: ours takes reminders from its outbox of SQLite, writes each card from what is true at that
moment, and commits before and after each POST, each to a person of its own, since nobody gets two in a day; what
the connector refuses it has not taken, and a 429 asks for one second, or less where the run is hurried. It has ten
messages under way, as it is delivered; 100 where there is no limit, as the SDK is given; in the hurried run as many
times ten as it is hurried.
ConnectorClient (botframework-connector
{botbuilder}) is given a finished card, one client and one set of credentials, and has 100 messages under way
in its thread pool; it keeps nothing. CPU is that of the whole sending process. Capped, the SDK is started at
50 a second by the script, since it knows no limit.
"""


@dataclass(frozen=True)
class Report:
    turns: Mapping[str, Sequence[Measured]]
    sent: Sequence[Sent]
    long_run: Sent | None
    hurry: float
    date: str
    node: bool


def written(report: Report) -> str:
    parts = [
        "# Benchmarks\n",
        f"`make bench` measures this and writes this page. {_machine(report)}\n",
        "## Turns\n",
        _turns(report.turns),
    ]
    if not report.node:
        parts.append("botbuilder-js was skipped: there is no Node here, or its packages are not installed.\n")
    if report.sent:
        parts += ["## Sending\n", _sending(report.sent)]
    if report.long_run:
        parts += [_long_run(report.long_run, report.hurry)]
    return "\n".join([*parts, "## What profiling found\n", FOUND, "## How\n", _method()])


def with_the_rest(document: str, before: str) -> str:
    """The document, with the chapters of the one before that others measure or write, where they stood."""
    made, kept = (_chapters(one) for one in (document, before))
    found = kept | made
    return "".join(found.values())


def _chapters(document: str) -> dict[str, str]:
    first, *rest = document.split("\n## ")
    parts = {one.partition("\n")[0]: f"\n## {one}" for one in rest}
    return {"": first, **parts}


def _machine(report: Report) -> str:
    on = f" on {report.date}" if report.date else ""
    return (
        f"Measured{on} on {os.cpu_count()} cores of {_processor()}, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, Node {_node()}."
    )


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _node() -> str:
    if shutil.which("node") is None:
        return "absent"
    done = subprocess.run(["node", "--version"], capture_output=True, check=False, text=True)
    return done.stdout.strip().removeprefix("v")


def _table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headers, ["---", *["---:"] * (len(headers) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _turns(turns: Mapping[str, Sequence[Measured]]) -> str:
    if not turns:
        return ""
    ours = {one.clients: one for one in next(iter(turns.values()))}
    rows = [
        [
            name,
            str(one.clients),
            f"{one.cpu_ms:.2f}",
            f"{one.cpu_ms / ours[one.clients].cpu_ms:.2f}",
            f"{one.per_second:.0f}",
            f"{one.per_second / ours[one.clients].per_second:.2f}",
            *(f"{value:.1f}" for value in (one.p50_ms, one.p95_ms, one.p99_ms)),
        ]
        for name, measured in turns.items()
        for one in measured
    ]
    headers = ("bot", "clients", "CPU ms/turn", "× ours", "turns/s", "× ours", "p50 ms", "p95 ms", "p99 ms")
    return _table(headers, rows)


def _sending(sent: Sequence[Sent]) -> str:
    ours = {(one.latency_ms, one.limit): one for one in sent if one.name == "ours"}
    rows = []
    for one in sent:
        base = ours[one.latency_ms, one.limit]
        rows.append(
            [
                one.name,
                f"{one.latency_ms} ms",
                f"{one.limit:.0f}/s" if one.limit else "none",
                str(one.messages),
                f"{one.per_second:.0f}",
                f"{one.per_second / base.per_second:.2f}",
                f"{one.cpu_ms:.2f}",
                f"{one.cpu_ms / base.cpu_ms:.2f}",
            ]
        )
    headers = ("sender", "latency", "limit", "messages", "sends/s", "× ours", "CPU ms/send", "× ours")
    return _table(headers, rows)


def _long_run(sent: Sent, hurry: float) -> str:
    assert sent.limit is not None
    seen, states = sent.seen, sent.states
    answered = ", ".join(f"{times} × {status}" for status, times in seen["statuses"].items())
    stored = ", ".join(f"{number} {state}" for state, number in sorted(states.items()))
    marked = sum(number for state, number in states.items() if state != "sent")
    lost = sent.messages - seen["taken"] - marked
    return (
        f"**{sent.messages} messages** at 50 ms, limit {sent.limit:.0f}/s ({hurry:g} times the usual 45/s, to be "
        f"done in minutes): {sent.per_second:.1f} requests/s, {100 * sent.per_second / sent.limit:.1f} % of the "
        f"limit, counted to the 98th percentile, since the last ones wait for another try; at most "
        f"{seen['most_in_a_second']} in any second; {seen['crowded']} conversations over a window of Teams'; "
        f"{sent.cpu_ms:.2f} ms CPU a message. The connector answered {answered}; the outbox says {stored}. "
        f"Taken twice: {seen['double']}. Lost, neither taken nor marked: {lost}.\n"
    )


def _method() -> str:
    lock = (ROOT / "bench" / "requirements.lock").read_text(encoding="utf-8")
    pinned = dict(
        line.split(" ")[0].split("==") for line in lock.splitlines() if "==" in line and line[0].isalpha()
    )
    return METHOD.format(
        botbuilder=pinned["botbuilder-integration-aiohttp"],
        agents=pinned["microsoft-agents-hosting-aiohttp"],
        teams=pinned["microsoft-teams-apps"],
        botbuilder_js=_package("botbuilder"),
        node=_node(),
    )


def _package(name: str) -> str:
    packages = json.loads((ROOT / "bench" / "package.json").read_text(encoding="utf-8"))
    return str(packages["dependencies"][name])
