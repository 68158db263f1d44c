"""Turns of each bot: the same load, one bot after the other, with one fake connector and one key server."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from bench import municipality
from bench.load import Job, Measured
from bench.municipality import HANDING_IN, Bench
from bench.processes import LOOPBACK, ROOT, Child, free_port, module, running
from storage.engine.vault import new_key

APP_ID = "5f0c4a52-0000-4000-8000-00000000b0b0"
TENANT = "7a1e0000-0000-4000-8000-00000000b0b0"
PEERS_PYTHON = ROOT / ".venv-bench/bin/python"
CLIENTS = (1, 16, 64)


@dataclass(frozen=True)
class Surroundings:
    """What every bot is measured among."""

    keys: Child
    secure_port: int
    connector: Child
    directory: Path

    @property
    def service_url(self) -> str:
        return municipality.local_service_url(self.connector.url)

    @property
    def certificate(self) -> Path:
        return self.directory / "certificate.pem"

    def token(self) -> str:
        asked = urlencode({"audience": APP_ID, "service_url": self.service_url})
        return str(ask(f"{self.keys.url}/channel_token?{asked}")["token"])

    def for_peers(self) -> dict[str, object]:
        return {
            "app_id": APP_ID,
            "tenant": TENANT,
            "keys": self.keys.url,
            "secure_keys": f"https://{LOOPBACK}:{self.secure_port}",
            "directory": str(self.directory),
        }


@contextmanager
def surroundings(directory: Path) -> Iterator[Surroundings]:
    secure_port = free_port()
    certificate = directory / "certificate.pem"
    given = {"secure_port": secure_port, "certificate": str(certificate)}
    with (
        running("keys", module("bench.key_server"), given, directory) as keys,
        running("connector", module("bench.connector"), {}, directory) as connector,
    ):
        yield Surroundings(keys, secure_port, connector, directory)


def ask(url: str, body: object = None) -> dict[str, object]:
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data=data, headers={"Content-Type": "application/json"})
    with urlopen(request, timeout=30) as answer:
        answered: dict[str, object] = json.load(answer)
    return answered


def load(
    around: Surroundings, server: Child, bodies: Path, runs: Sequence[tuple[int, int]]
) -> list[Measured]:
    """Each run is so many clients and so many turns; the first one warms up and is not shown."""
    token, first, measured = around.token(), 0, []
    for clients, turns in runs:
        job = Job(server.url, token, server.pid, str(bodies), clients, first, turns)
        done = subprocess.run(
            [*module("bench.load"), json.dumps(asdict(job))], cwd=ROOT, capture_output=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{server.name}: {done.stderr.decode()[-1500:]}")
        measured.append(Measured(**json.loads(done.stdout)))
        first += turns
    return measured[1:]


def runs_of(turns: int) -> list[tuple[int, int]]:
    """A warm-up and a run for each number of clients, so many turns in all."""
    warm_up = turns // 10
    each = (turns - warm_up) // len(CLIENTS)
    return [(4, warm_up), *((clients, each) for clients in CLIENTS)]


def our_settings(around: Surroundings, bench: Bench) -> dict[str, object]:
    """What a municipality's configuration says, with our key server in the place of Microsoft's."""
    return {
        "app_id": APP_ID,
        "app_password": "bench",
        "tenant_id": TENANT,
        "keys_url": f"{around.keys.url}/keys",
        "login_url": around.keys.url,
        "service_url": around.service_url,
        "database_url": bench.url,
        "keys": bench.key,
        "metrics_port": free_port(),
        "var": str(around.directory / "var"),
    }


@contextmanager
def our_bot(around: Surroundings, bench: Bench, **more: object) -> Iterator[Child]:
    given = {**our_settings(around, bench), **more}
    with running("ours", module("bench.peers.ours"), given, around.directory) as server:
        yield server


def prepared(around: Surroundings) -> tuple[Bench, Path]:
    """A municipality and what its workers hand in."""
    for one in around.directory.glob("register.db*"):
        one.unlink()
    bench = Bench(around.directory / "register.db", new_key(), around.service_url)
    municipality.build(bench, HANDING_IN)
    bodies = around.directory / "hand_ins.jsonl"
    bodies.write_bytes(b"\n".join(municipality.hand_ins(bench, APP_ID, TENANT)))
    return bench, bodies


def measure_ours(around: Surroundings, turns: int, *, delivers: bool) -> list[Measured]:
    """Every turn stores a report and a score, which is counted at the end.

    Where it delivers, what it says elsewhere after its answers, on a person's other devices, is of its turns too.
    """
    bench, bodies = prepared(around)
    runs = runs_of(min(turns, HANDING_IN.placements))
    with our_bot(around, bench, delivers=delivers) as server:
        _, scored_before = municipality.stored(bench)
        measured = load(around, server, bodies, runs)
    sent = sum(number for _, number in runs)
    answered, scored = municipality.stored(bench)
    if answered != sent or scored - scored_before < sent:
        raise RuntimeError(f"{sent} handed in, {answered} stored, {scored - scored_before} scored")
    return measured


def measure_peer(
    around: Surroundings, name: str, command: list[str], turns: int, *, echoes: bool, remembers: bool = True
) -> list[Measured]:
    """Every turn is answered with a message to the connector, which counts them."""
    bodies = around.directory / "greetings.jsonl"
    bodies.write_bytes(b"\n".join(municipality.greetings(turns, around.service_url, APP_ID, TENANT)))
    ask(f"{around.connector.url}/behave", {})
    runs = runs_of(turns)
    environment = {"NODE_EXTRA_CA_CERTS": str(around.certificate)}
    given = {**around.for_peers(), "remembers": remembers}
    with running(name, command, given, around.directory, **environment) as server:
        measured = load(around, server, bodies, runs)
    sent, taken = sum(number for _, number in runs), ask(f"{around.connector.url}/seen")["taken"]
    if echoes and taken != sent:
        raise RuntimeError(f"{name}: {sent} messages, {taken} answers")
    return measured
