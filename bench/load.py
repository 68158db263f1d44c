"""The clients, in a process of their own: so many at a time, until all that was to be sent has been answered."""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import aiohttp

from bench.processes import cpu_seconds

PATIENCE = aiohttp.ClientTimeout(total=60)
# What a server still does when it has answered belongs to its turns.
SETTLING = 0.3


@dataclass(frozen=True)
class Job:
    """The lines from `first` on of a file, sent to a server by so many clients."""

    url: str
    token: str
    pid: int
    bodies: str
    clients: int
    first: int
    turns: int


@dataclass(frozen=True)
class Measured:
    clients: int
    turns: int
    per_second: float
    cpu_ms: float
    p50_ms: float
    p95_ms: float
    p99_ms: float


class WrongAnswerError(Exception):
    """The server did not do its part, so there is nothing to compare."""


async def measure(job: Job) -> Measured:
    bodies = iter(Path(job.bodies).read_bytes().splitlines()[job.first : job.first + job.turns])
    headers = {"Authorization": f"Bearer {job.token}", "Content-Type": "application/json; charset=utf-8"}
    latencies: list[float] = []
    connector = aiohttp.TCPConnector(limit=job.clients)
    async with aiohttp.ClientSession(connector=connector, headers=headers, timeout=PATIENCE) as session:
        spent, began = cpu_seconds(job.pid), time.perf_counter()
        await asyncio.gather(*(_client(session, job.url, bodies, latencies) for _ in range(job.clients)))
        seconds = time.perf_counter() - began
        await asyncio.sleep(SETTLING)
        spent = cpu_seconds(job.pid) - spent
    return _measured(job, seconds, spent, sorted(latencies))


async def _client(
    session: aiohttp.ClientSession, url: str, bodies: Iterator[bytes], latencies: list[float]
) -> None:
    for body in bodies:
        began = time.perf_counter()
        async with session.post(f"{url}/api/messages", data=body) as answer:
            said = await answer.read()
        latencies.append(time.perf_counter() - began)
        if answer.status not in (200, 201, 202):
            raise WrongAnswerError(f"{answer.status} {said[:300]!r}")


def _measured(job: Job, seconds: float, spent: float, latencies: list[float]) -> Measured:
    if len(latencies) != job.turns:
        raise WrongAnswerError(f"{len(latencies)} answers to {job.turns}")
    p50, p95, p99 = (1000 * latencies[int(share * (len(latencies) - 1))] for share in (0.5, 0.95, 0.99))
    return Measured(job.clients, job.turns, job.turns / seconds, 1000 * spent / job.turns, p50, p95, p99)


def main() -> None:
    """Answers with one JSON object on standard output."""
    parser = argparse.ArgumentParser()
    parser.add_argument("job", type=json.loads)
    job = Job(**parser.parse_args().job)
    sys.stdout.write(json.dumps(asdict(asyncio.run(measure(job)))))


if __name__ == "__main__":
    main()
