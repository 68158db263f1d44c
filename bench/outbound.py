"""Messages sent unasked: our sender, from its outbox, beside the SDK's client, which keeps nothing."""

import json
import subprocess
from dataclasses import dataclass
from typing import Any

from bench import municipality
from bench.inbound import APP_ID, PEERS_PYTHON, Surroundings, ask, our_settings
from bench.municipality import Bench, Size
from bench.processes import ROOT, module
from storage.engine.vault import new_key

# A limit that nothing reaches.
NO_LIMIT = 100_000.0
PATIENCE = 300.0


@dataclass(frozen=True)
class Sent:
    """`per_second` is counted by the connector, refused requests with it."""

    name: str
    latency_ms: int
    limit: float | None
    messages: int
    per_second: float
    cpu_ms: float
    seen: dict[str, Any]
    states: dict[str, int]


@dataclass(frozen=True)
class Wanted:
    latency_ms: int
    messages: int
    limit: float | None = None
    faults: tuple[tuple[int, float], ...] = ()
    retry_after: float = 1.0
    in_flight: int = 10


def measure_ours(around: Surroundings, wanted: Wanted, profile: str = "") -> Sent:
    path = around.directory / f"outbox-{wanted.latency_ms}-{wanted.messages}-{wanted.limit}.db"
    bench = Bench(path, new_key(), around.service_url)
    municipality.build(bench, Size(wanted.messages, 1))
    municipality.fill_outbox(bench, wanted.messages)
    given = {
        **our_settings(around, bench),
        "per_second": wanted.limit or NO_LIMIT,
        "in_flight": wanted.in_flight,
        "profile": profile,
    }
    command = module("bench.peers.our_sender")
    return _measured(around, "ours", command, given, wanted, bench)


def measure_sdk(around: Surroundings, wanted: Wanted, card: str) -> Sent:
    given = {
        "app_id": APP_ID,
        "keys": around.keys.url,
        "service_url": around.service_url,
        "card": card,
        "recipients": wanted.messages,
        "messages": wanted.messages,
        "per_second": wanted.limit,
    }
    command = module("bench.peers.sdk_sender", str(PEERS_PYTHON))
    return _measured(around, "ConnectorClient", command, given, wanted, None)


def a_card(around: Surroundings) -> str:
    """What a reminder of ours looks like, for the SDK to send as well."""
    bench = Bench(around.directory / "card.db", new_key(), around.service_url)
    municipality.build(bench, Size(1, 1))
    return municipality.fill_outbox(bench, 1)


def _measured(
    around: Surroundings,
    name: str,
    command: list[str],
    given: dict[str, Any],
    wanted: Wanted,
    bench: Bench | None,
) -> Sent:
    behaviour = {
        "latency": wanted.latency_ms / 1000,
        "faults": dict(wanted.faults),
        "retry_after": wanted.retry_after,
    }
    ask(f"{around.connector.url}/behave", behaviour)
    result = around.directory / "result.json"
    done = subprocess.run(
        [*command, json.dumps({**given, "result": str(result)})],
        cwd=ROOT,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{name}: {(done.stdout + done.stderr).decode()[-1500:]}")
    seen = ask(f"{around.connector.url}/seen")
    measured = json.loads(result.read_text(encoding="utf-8"))
    return Sent(
        name,
        wanted.latency_ms,
        wanted.limit,
        wanted.messages,
        float(str(seen["pace"])),
        1000 * measured["cpu"] / max(1, int(str(seen["taken"]))),
        seen,
        municipality.outbox_states(bench) if bench else {},
    )
