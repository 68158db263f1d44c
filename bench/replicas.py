"""python -m bench.replicas [--rounds 2] [--only cost]

What two replicas on one PostgreSQL cost beside one, how long they wait for each other, and whether the pace holds
over both when one of them is killed, by a log that the connector keeps itself.
"""

import argparse
import asyncio
import multiprocessing
import os
import re
import signal
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from aiohttp import web
from sqlalchemy import select

from bench import municipality
from bench.crash.life import Life, live
from bench.inbound import APP_ID, TENANT, Surroundings, our_bot, surroundings
from bench.load import Job, Measured, measure
from bench.municipality import OPENING, Bench, Size
from bench.processes import LOOPBACK, Child, cpu_seconds, free_port, workplace
from bot.delivery import DEFAULT_LIMITS
from bot.listening import bound, listening, port_of
from followup import PersonId, UnitId
from followup.log.subject import What
from followup.messages.pacing import CONVERSATION_WINDOWS, Window
from scheduler.jobs import Times
from scheduler.waking import wake
from services.risk.scoring import rescore
from storage.engine import schema
from storage.engine.database import Database, Transaction
from storage.engine.tables import delivery
from storage.engine.vault import Vault, new_key
from storage.log import access_log
from storage.messages import conversations, counting
from storage.messages.conversations import Address
from storage.risk import scores
from storage.signals import signals
from tests.support.builders import Register
from tests.support.cluster import Cluster, running
from tests.support.turns import SLAP

# So many clients in all, whether they speak with one replica or with two.
CLIENTS, WARM_UP, TURNS = 16, 40, 100
WORKERS = 40
LONGEST_WAIT_MS = 20
# Messages that all may go at once, to as many people, and alerts that all go to one.
PEOPLE, ALERTS = 250, 70
# Teams' own limit on the tenant, below which ours is set.
TENANTS = Window(50, timedelta(seconds=1))
PATIENCE = 600.0


@dataclass(frozen=True)
class OnPostgresql(Bench):
    address: str = ""

    @property
    def url(self) -> str:
        return self.address


@contextmanager
def watched_cluster(disk: Path) -> Iterator[Cluster]:
    """Each wait for a lock that is longer than nobody is to notice is a line of the server's log."""
    # The server runs as somebody else, who goes through it.
    disk.chmod(0o711)
    with running(disk) as cluster:
        with closing(cluster.connect()) as connection:
            connection.execute("alter system set log_lock_waits = on")
            connection.execute(f"alter system set deadlock_timeout = '{LONGEST_WAIT_MS}ms'")
            connection.execute("select pg_reload_conf()")
        yield cluster


def waits(cluster: Cluster, since: int) -> Counter[str]:
    """Those in the server's log from that place on, by whose row was waited for, or else by the kind of lock."""
    text = (cluster.folder / "log").read_bytes()[since:].decode(errors="replace")
    found = Counter[str]()
    for one in re.split(r"still waiting for ", text)[1:]:
        # What was being done is told after it, up to where the server tells of something else.
        told = one.partition(" LOG: ")[0]
        row = re.search(r'in relation "(\w+)"|FROM (\w+)[^;]*?FOR (?:NO KEY )?UPDATE', told, re.DOTALL)
        found[(row[1] or row[2]) if row else one.partition(" after ")[0]] += 1
    return found


@dataclass
class Costs:
    """Milliseconds of computing a hand-in, the bots' and the server's, and waits for a lock that were too long."""

    bots: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    slowest: list[float] = field(default_factory=list)
    waited: Counter[str] = field(default_factory=Counter)
    turns: int = 0

    def told(self) -> str:
        def middle(found: Sequence[float]) -> float:
            return sorted(found)[len(found) // 2]

        which = ", ".join(f"{number} {name}" for name, number in self.waited.most_common())
        return (
            f"{middle(self.bots):.1f} ms of the bots' and {middle(self.server):.1f} of the server's computing each,"
            f" {middle(self.rate):.0f}/s, 99 % within {middle(self.slowest):.0f} ms, {self.waited.total()} waits of"
            f" over {LONGEST_WAIT_MS} ms for a lock in {self.turns}{f' ({which})' if which else ''}"
        )


async def _hand_in(
    around: Surroundings, servers: Sequence[Child], bodies: Path, first: int, turns: int
) -> list[Measured]:
    each, clients = turns // len(servers), CLIENTS // len(servers)
    token = around.token()
    jobs = [
        Job(one.url, token, one.pid, str(bodies), clients, first + number * each, each)
        for number, one in enumerate(servers)
    ]
    return list(await asyncio.gather(*(measure(job) for job in jobs)))


def cost(rounds: int, directory: Path) -> dict[str, Costs]:
    found = {"one replica": Costs(), "two replicas": Costs()}
    with ExitStack() as held:
        cluster, around = (
            held.enter_context(watched_cluster(directory)),
            held.enter_context(surroundings(directory)),
        )
        cluster.create("replicas")
        bench = OnPostgresql(directory, new_key(), around.service_url, cluster.url("replicas"))
        each = -(-(WARM_UP + 2 * rounds * TURNS) // WORKERS)
        municipality.build(bench, Size(WORKERS, each))
        bodies = directory / "hand_ins.jsonl"
        bodies.write_bytes(b"\n".join(municipality.hand_ins(bench, APP_ID, TENANT)))
        servers = [held.enter_context(our_bot(around, bench)) for _ in range(2)]
        asyncio.run(_hand_in(around, servers, bodies, 0, WARM_UP))
        for number in range(2 * rounds):
            some = servers[: 1 + number % 2]
            costs = found["one replica" if len(some) == 1 else "two replicas"]
            _measure(around, some, bodies, WARM_UP + number * TURNS, cluster, costs)
    return found


def _measure(
    around: Surroundings, servers: Sequence[Child], bodies: Path, first: int, cluster: Cluster, costs: Costs
) -> None:
    postmaster = int((cluster.folder / "d" / "postmaster.pid").read_text().split()[0])
    spent, written = cpu_seconds(postmaster), (cluster.folder / "log").stat().st_size
    measured = asyncio.run(_hand_in(around, servers, bodies, first, TURNS))
    costs.server.append(1000 * (cpu_seconds(postmaster) - spent) / TURNS)
    costs.bots.append(sum(one.cpu_ms * one.turns for one in measured) / TURNS)
    costs.rate.append(sum(one.per_second for one in measured))
    costs.slowest.append(max(one.p99_ms for one in measured))
    costs.waited += waits(cluster, written)
    costs.turns += TURNS


@dataclass
class Log:
    """The connector's own: when something came to which conversation."""

    came: list[tuple[float, str]] = field(default_factory=list)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/teams/v3/conversations/{chat}/activities", self._take)
        return app

    async def _take(self, request: web.Request) -> web.Response:
        await request.read()
        self.came.append((monotonic(), request.match_info["chat"]))
        return web.json_response({"id": f"m{len(self.came)}"}, status=201)


def most_in(window: Window, moments: Sequence[float]) -> int:
    """In any stretch of the window's length, wherever it begins."""
    span, first, most = window.span.total_seconds(), 0, 0
    for last, moment in enumerate(moments):
        while moment - moments[first] >= span:
            first += 1
        most = max(most, last - first + 1)
    return most


async def pace(directory: Path) -> dict[str, object]:
    log, place = Log(), bound(LOOPBACK)
    with watched_cluster(directory) as cluster:
        cluster.create("replicas")
        async with listening(log.app(), place):
            service_url = f"http://{LOOPBACK}:{port_of(place)}/teams/"
            life = (cluster.url("replicas"), new_key(), service_url)
            with closing(Database(life[0], Vault([life[1]]))) as database:
                await asyncio.to_thread(_owe_much, database, service_url)
                return await _sent_by_two(database, life, log, directory)


def _owe_much(database: Database, service_url: str) -> None:
    """Everybody is to be asked at once, and one is told of many events."""
    schema.migrate(database)
    with database.transaction() as tx:
        scores.add_first_method(tx)
        register = Register(tx)
        chief = register.person("chief", "manager")
        karin = register.person("karin", "quality")
        units = [register.unit(f"E{number}") for number in range(10)]
        for number in range(PEOPLE):
            worker = register.person(f"w{number}", manager_id=chief)
            register.placement(worker, units[number % 10], case=f"AKT-{number}", starts="2026-09-01")
            conversations.remember(tx, Address(f"a:w{number}", service_url), OPENING, person_id=worker)
        conversations.remember(tx, Address("a:karin", service_url), OPENING, person_id=karin)
    for number in range(ALERTS):
        with database.transaction() as tx:
            _happens(tx, units[number % 10], worker)
    wake(database, OPENING, Times())


def _happens(tx: Transaction, unit_id: UnitId, worker: PersonId) -> None:
    access_log.record(tx, "write", What.SIGNAL.of(unit_id), OPENING, person_id=worker)
    told = {name: value for name, value in SLAP.items() if name != "text"}
    signals.save(tx, told, unit_id=unit_id, placement_id=None, task_id=None, author_id=worker, now=OPENING)
    rescore(tx, unit_id, OPENING)


async def _sent_by_two(
    database: Database, life: tuple[str, str, str], log: Log, directory: Path
) -> dict[str, object]:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bench.crash.life"])
    ahead = OPENING + timedelta(minutes=5) - datetime.now(UTC)  # noqa: TID251 - the day is the same in every run.
    lives = [
        context.Process(target=live, args=(Life(*life, ahead, free_port(), directory),), daemon=True)
        for _ in range(2)
    ]
    try:
        for one in lives:
            one.start()
        await _until(lambda: len(log.came) >= (PEOPLE + ALERTS) // 3)
        os.kill(lives[0].pid or 0, signal.SIGKILL)
        killed_after = len(log.came)
        await _until(lambda: _is_through(database))
    finally:
        for one in lives:
            one.kill()
            one.join()
    return _told(database, log, killed_after)


async def _until(holds: Callable[[], bool]) -> None:
    """What the killed one had begun is in doubt after two minutes, and what it had only reserved is taken then."""
    async with asyncio.timeout(PATIENCE):
        while not await asyncio.to_thread(holds):
            await asyncio.sleep(0.05)


def _is_through(database: Database) -> bool:
    with database.reading() as tx:
        return not counting.count_by_state(tx, ("ready", "sending"))


def _told(database: Database, log: Log, killed_after: int) -> dict[str, object]:
    chats = defaultdict[str, list[float]](list)
    for moment, chat in log.came:
        chats[chat].append(moment)
    every = [moment for moment, _ in log.came]
    with database.reading() as tx:
        states, slots = counting.count_by_state(tx), _slots(tx)
    return {
        "came": len(every),
        "killed one after": killed_after,
        "states": states,
        f"most in any second (ours {DEFAULT_LIMITS.per_second:.0f}, Teams' {TENANTS.sends})": most_in(
            TENANTS, every
        ),
        "most slots given in any second": most_in(
            TENANTS, sorted(one for some in slots.values() for one in some)
        ),
        **{
            f"most to one in any {window.span.total_seconds():.0f} s (of {window.sends}), and slots": (
                max(most_in(window, moments) for moments in chats.values()),
                max(most_in(window, moments) for moments in slots.values()),
            )
            for window in CONVERSATION_WINDOWS
        },
    }


def _slots(tx: Transaction) -> dict[PersonId, list[float]]:
    """When each was to be sent, by whom it went to: on a busy machine it comes later than that."""
    found = defaultdict[PersonId, list[float]](list)
    given = select(delivery.c.person_id, delivery.c.started_at).where(delivery.c.started_at.is_not(None))
    for person_id, moment in tx.connection.execute(given.order_by(delivery.c.started_at)):
        found[person_id].append(moment.timestamp())
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("--rounds", type=int, default=2, help="how often each is measured, by turns")
    asked.add_argument("--only", choices=("cost", "pace"), help="only what it costs, or only the pace")
    given = asked.parse_args()
    if given.only != "pace":
        with workplace() as directory:
            for name, costs in cost(given.rounds, directory).items():
                sys.stdout.write(f"{name}: {costs.told()}\n")
    if given.only != "cost":
        with workplace() as directory:
            for name, value in asyncio.run(pace(directory)).items():
                sys.stdout.write(f"{name}: {value}\n")


if __name__ == "__main__":
    main()
