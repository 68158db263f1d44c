"""The queue engine on PostgreSQL: jobs in the transaction of what they deliver, and workers that run the one drain."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import text

from bot.clock import Clock
from bot.connector import Connector
from bot.delivery import Deliverer, DeliveryLimits
from bot.listening import bound, listening, port_of
from bot.posting import Sender
from bot.queue_workers import USUAL_RESTS, QueueWorkers, Rests
from bot.settings import LOOPBACK
from bot.token import no_token
from followup import PersonId
from followup.messages.follow_ups import DateNear
from storage.engine import job_queue, schema
from storage.engine.database import Database, StorageError, Transaction
from storage.engine.job_queue import CHUNK, LEFT, URGENT, JobQueue
from storage.messages import claiming, conversations, counting, queueing
from storage.messages.conversations import Address
from storage.messages.leases import LEASE
from tests.support.builders import Register, at, claim_one
from tests.support.edge import at_the_edge
from tests.support.reused import Reused

pytestmark = pytest.mark.usefixtures("own_pools")

NOW = at("2026-10-28 12:00")
NOTICE = DateNear("proposal", NOW.date())
# What waits for one person is said as one, so each has one message.
PEOPLE = CHUNK + 40
QUICK = DeliveryLimits(per_second=1000.0)
PATIENCE = 300
LOOKING = 0.02


@dataclass
class Teams:
    """A connector that keeps whose chat each message came to, and may be too busy or keep those who ask waiting."""

    taken: list[str] = field(default_factory=list)
    busy: int = 0
    open: asyncio.Event = field(default_factory=asyncio.Event)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/v3/conversations/{chat}/activities", self._take)
        return app

    async def _take(self, request: web.Request) -> web.Response:
        if self.busy:
            self.busy -= 1
            return web.json_response({}, status=503)
        async with self.changed:
            self.taken.append(request.match_info["chat"])
            self.changed.notify_all()
        await self.open.wait()
        return web.json_response({"id": f"m{len(self.taken)}"}, status=201)

    def by_chat(self) -> Counter[str]:
        return Counter(self.taken)

    async def has(self, number: int) -> None:
        async with asyncio.timeout(PATIENCE), self.changed:
            await self.changed.wait_for(lambda: len(self.taken) >= number)


@dataclass
class Town:
    """People, what is decided for them, and replicas that send it; the clock of all is moved by `ahead`."""

    database: Database
    teams: Teams
    service_url: str
    session: aiohttp.ClientSession
    ahead: timedelta = timedelta()
    people: list[PersonId] = field(default_factory=list)

    @property
    def chief(self) -> PersonId:
        return self.people[-1]

    def wanted(self, number: int) -> Counter[str]:
        """What the chats are to have got when so many have been decided."""
        return Counter(f"chat{one % PEOPLE}" for one in range(number))

    def now(self) -> datetime:
        return NOW + self.ahead

    def settle(self) -> None:
        with self.database.transaction() as tx:
            register = Register(tx)
            for chat in (*(f"chat{number}" for number in range(PEOPLE)), "chief"):
                self.people.append(person := register.person(chat, "quality"))
                conversations.remember(tx, Address(chat, self.service_url), NOW, person_id=person)

    def decide(
        self, tx: Transaction, number: int, *, name: str = "n", urgent: bool = False, **given: Any
    ) -> None:
        for one in range(number):
            to = self.chief if urgent else self.people[one % PEOPLE]
            queueing.queue(tx, f"{name}{one}", NOTICE, self.now(), person_id=to, urgent=urgent, **given)

    def decided(self, number: int, **given: Any) -> None:
        with self.database.transaction() as tx:
            self.decide(tx, number, **given)

    def jobs(self) -> list[Any]:
        with self.database.reading() as tx:
            asked = (
                "select *, scheduled_at - now() as wait from procrastinate_jobs order by priority desc, id"
            )
            return list(tx.connection.execute(text(asked)))

    def has_worker(self) -> bool:
        asked = "select 1 from procrastinate_workers where last_heartbeat > now() - interval '1 minute'"
        with self.database.reading() as tx:
            return tx.connection.scalar(text(asked)) is not None

    def states(self) -> Counter[str]:
        with self.database.reading() as tx:
            return Counter(counting.count_by_state(tx))

    def migrated_to(self, version: str) -> None:
        with self.database.at_any_version() as tx:
            schema.mark(tx.connection, version)

    def only_read(self, whether: str) -> None:
        """Of who connects from now on."""
        with self.database.looking() as tx:
            name = tx.connection.scalar(text("select current_database()"))
            tx.connection.execute(text("set default_transaction_read_only = off"))
            tx.connection.execute(
                text(f'alter database "{name}" set default_transaction_read_only = {whether}')
            )

    async def until_written(self, work: Callable[[], None]) -> None:
        """The first transactions after a restart may still be told of it."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    return await asyncio.to_thread(work)
                except StorageError:
                    continue

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await asyncio.to_thread(holds):
                await asyncio.sleep(LOOKING)

    @asynccontextmanager
    async def replica(self, name: str = "one", rests: Rests = USUAL_RESTS) -> AsyncIterator[QueueWorkers]:
        with closing(Database(self.database.url, self.database.vault)) as own:
            connector = Connector(self.session, no_token)
            sender = Sender("28:bot", "tenant", self.service_url)
            deliverer = Deliverer(
                own, connector, self.now, sender, name, pace_clock=Clock().pace, limits=QUICK
            )
            workers = QueueWorkers(own, deliverer, self.now, rests)
            running = asyncio.create_task(workers.run())
            try:
                yield workers
            finally:
                workers.stop()
                await running


@pytest.fixture
async def town(on_postgresql: Database) -> AsyncIterator[Town]:
    teams, place = Teams(), bound(LOOPBACK)
    teams.open.set()
    async with listening(teams.app(), place), aiohttp.ClientSession() as session:
        town = Town(on_postgresql, teams, f"http://{LOOPBACK}:{port_of(place)}/", session)
        town.settle()
        yield town


async def test_a_job_is_stored_with_what_it_delivers_or_not_at_all(town: Town) -> None:
    with pytest.raises(ZeroDivisionError), town.database.transaction() as tx:
        town.decide(tx, 3)
        tx.connection.execute(text("select 1"))
        raise ZeroDivisionError
    assert town.jobs() == []
    with town.database.transaction() as tx:
        town.decide(tx, CHUNK * 2 + 50)
        town.decide(tx, 2, name="alert", urgent=True)
        town.decide(tx, 1, name="later", not_before=NOW + timedelta(hours=1))
        # What was decided before is decided, and is nobody's job twice.
        town.decide(tx, 3)
    jobs = town.jobs()
    assert [(one.priority, len(one.args["ids"])) for one in jobs] == [
        *[(URGENT, 1), (URGENT, 1)],
        *[(0, CHUNK), (0, CHUNK), (0, 51)],
    ]
    ids = [one for job in jobs for one in job.args["ids"]]
    assert len(ids) == len(set(ids)) == CHUNK * 2 + 53
    # A job waits as long as the first of its messages, and says nothing but their numbers.
    assert {one.scheduled_at for one in jobs} == {None}
    assert {key for one in jobs for key in one.args} == {"ids", "left"}


async def test_what_is_to_go_later_has_a_job_that_waits_for_it(town: Town) -> None:
    town.decided(1, not_before=NOW + timedelta(hours=1))
    [job] = town.jobs()
    assert timedelta(minutes=58) < job.wait <= timedelta(hours=1)
    async with town.replica():
        town.decided(1, name="now")
        await town.teams.has(1)
        await town.until(lambda: len(town.jobs()) == 1)
    assert town.states() == {"sent": 1, "ready": 1}


def test_replicas_are_told_of_a_job_that_is_due_and_of_none_that_waits(town: Town) -> None:
    with town.database.engine.connect() as asked:
        driver: Any = asked.connection.driver_connection
        driver.autocommit = True
        driver.execute("listen procrastinate_any_queue_v1")
        town.decided(1, name="later", not_before=NOW + timedelta(seconds=3))
        town.decided(1, name="now")
        [first] = driver.notifies(timeout=PATIENCE, stop_after=1)
        driver.execute("unlisten *")
        driver.autocommit = False
    [now] = [one for one in town.jobs() if one.scheduled_at is None]
    assert json.loads(first.payload)["job_id"] == now.id


async def test_two_workers_say_everything_once_and_an_alert_before_what_there_is_much_of(town: Town) -> None:
    many = CHUNK + 40
    town.decided(many)
    async with town.replica("one"), town.replica("two"):
        await town.teams.has(1)
        with town.database.transaction() as tx:
            queueing.queue(tx, "alert", NOTICE, NOW, person_id=town.chief, urgent=True)
        await town.teams.has(many // 2)
        assert "chief" in town.teams.taken[: many // 2]
        await town.until(lambda: town.jobs() == [])
    assert town.states() == {"sent": many + 1}
    assert town.teams.by_chat() == town.wanted(many) + Counter(["chief"])


async def test_of_a_dead_replica_what_was_not_said_goes_and_what_may_have_been_is_in_doubt(
    town: Town,
) -> None:
    town.decided(5)
    with town.database.transaction() as tx:
        asked = "insert into procrastinate_workers (last_heartbeat) values (now() - interval '1 hour') returning id"
        worker = tx.connection.scalar(text(asked))
        tx.connection.execute(text(f"select procrastinate_fetch_job_v2(null, {worker})"))
        # It had begun one, and reserved another.
        assert claim_one(tx, "dead", NOW)
        claiming.reserve(tx, claiming.due(tx, NOW, 1)[0], "dead", NOW, NOW)
    async with town.replica() as living:
        await town.until(town.has_worker)
        # Its job can end before its rows are past their lease.
        await living.reconcile()
        await town.until(lambda: town.states()["sent"] == 3 and town.jobs() == [])
        assert town.states() == {"sent": 3, "sending": 1, "ready": 1}
        town.ahead = LEASE + timedelta(minutes=1)
        await living.reconcile()
        await town.until(lambda: town.states() == {"sent": 4, "uncertain": 1})
        await town.until(lambda: town.jobs() == [])
    assert len(town.teams.taken) == 4


async def test_what_nobody_has_a_job_for_is_given_to_the_engine_again_and_not_twice(town: Town) -> None:
    town.decided(3)
    town.decided(1, name="alert", urgent=True)
    town.decided(1, name="later", not_before=NOW + timedelta(hours=1))
    with town.database.transaction() as tx:
        tx.connection.execute(text("delete from procrastinate_jobs"))
    town.ahead = timedelta(minutes=1)
    # While they wait nobody finds them once more, though both look at once.
    looks = (town.database.run(queueing.owe_left, town.now()) for _ in range(4))
    await asyncio.gather(*looks)
    jobs = town.jobs()
    assert [(one.queue_name, one.priority, len(one.args["ids"])) for one in jobs] == [
        (LEFT, URGENT, 1),
        (LEFT, 0, 3),
    ]
    async with town.replica():
        await town.until(lambda: town.jobs() == [])
    assert town.states() == {"sent": 4, "ready": 1}


async def test_what_is_refused_for_a_while_is_owed_again_until_it_arrives(town: Town) -> None:
    """Of a chunk only what is left, an alert as one; and never in more jobs than before."""
    town.teams.busy = 6
    town.decided(4)
    town.decided(1, name="alert", urgent=True)
    async with town.replica():
        while town.states() != {"sent": 5}:
            await town.until(lambda: town.states() == {"sent": 5} or _none_due(town))
            assert len(town.jobs()) <= 3
            town.ahead += timedelta(seconds=20)
            await town.database.run(_hurry)
        await town.until(lambda: town.jobs() == [])
    assert (len(town.teams.taken), town.teams.busy) == (5, 0)


def _none_due(town: Town) -> bool:
    """Nothing is under way, and what is to go later has a job that waits."""
    with town.database.reading() as tx:
        doing = tx.connection.scalar(
            text("select count(*) from procrastinate_jobs where status = 'doing' or scheduled_at is null")
        )
        return doing == 0 and not counting.any_due(tx, town.now())


def _hurry(tx: Transaction) -> None:
    """The engine's clock is the server's, which no test can move."""
    tx.connection.execute(text("update procrastinate_jobs set scheduled_at = now() where status = 'todo'"))


async def test_a_restart_of_the_server_is_survived_without_one_of_ours(town: Town, reused: Reused) -> None:
    async with town.replica():
        town.decided(1)
        await town.teams.has(1)
        await asyncio.to_thread(reused.cluster.restart)
        # Whom the first went to is told of no more that day.
        await town.until_written(lambda: town.decided(1, name="after", urgent=True))
        await town.teams.has(2)
        await town.until(lambda: town.states() == {"sent": 2})


async def test_while_nothing_can_be_stored_it_is_said_once_that_nobody_takes_jobs_and_once_that_somebody_does(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    town.only_read("on")
    async with town.replica(rests=Rests(0.01, 0.02, 0.0)) as workers:
        await town.until(lambda: workers.ended > 2)
        assert not workers.is_at_work
        town.only_read("off")
        await town.until(lambda: workers.is_at_work)
    said = [one for one in caplog.records if one.name == "bot.queue_workers"]
    assert [(one.levelname, bool(one.exc_info)) for one in said] == [("ERROR", True), ("WARNING", False)]


async def test_where_a_newer_program_has_migrated_what_was_on_its_way_is_stored_and_no_job_is_taken(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    under_way = QUICK.in_flight
    town.teams.open.clear()
    town.decided(under_way + 10)
    async with town.replica(rests=Rests(0.01, 0.02, 0.0)) as older:
        await town.teams.has(under_way)
        town.decided(1, name="alert", urgent=True)
        town.migrated_to("9999")
        town.teams.open.set()
        await town.until(lambda: older.ended > 1)
        assert not older.is_at_work
        assert town.states() == {"sent": under_way, "ready": 11}
        assert [len(one.args["ids"]) for one in town.jobs()] == [1]
        town.migrated_to(schema.newest())
        await town.until(lambda: town.states()["sent"] > under_way)
    assert [one.name for one in caplog.records if one.levelname == "ERROR"] == [
        "storage.engine.program_version"
    ]


async def test_who_is_told_to_stop_waits_for_what_is_on_its_way_and_leaves_the_rest_to_others(
    town: Town,
) -> None:
    under_way, rest = QUICK.in_flight, 10
    town.teams.open.clear()
    town.decided(under_way + rest)
    async with town.replica() as first:
        await town.teams.has(under_way)
        first.stop()
        assert town.states() == {"sending": under_way, "ready": rest}
        town.teams.open.set()
    assert town.states() == {"sent": under_way, "ready": rest}
    async with town.replica("two"):
        await town.until(lambda: town.states() == {"sent": under_way + rest})
    assert town.teams.by_chat() == town.wanted(under_way + rest)


@pytest.mark.parametrize("turns", [1, 3, 10, 30])
async def test_whoever_is_told_to_end_while_it_opens_leaves_nothing_that_waits(
    on_postgresql: Database, turns: int
) -> None:
    async def nobody(_ids: Sequence[int], _left: bool) -> None: ...

    before = asyncio.all_tasks()
    working = asyncio.create_task(JobQueue(on_postgresql.url, nobody, 1.0).work(lambda: None))
    for _ in range(turns):
        await asyncio.sleep(0)
    working.cancel()
    await asyncio.wait({working})
    assert asyncio.all_tasks() == before


async def test_the_bot_has_its_workers_where_there_is_an_engine(on_postgresql: Database) -> None:
    async with at_the_edge(on_postgresql) as edge:
        assert isinstance(edge.bot.delivering, QueueWorkers)


@pytest.mark.sqlite("ser att boten på SQLite själv ser efter vad som ska skickas")
async def test_the_bot_looks_itself_where_there_is_none(on_sqlite: Database) -> None:
    async with at_the_edge(on_sqlite) as edge:
        assert edge.bot.delivering is edge.bot.deliverer
        with on_sqlite.transaction() as tx:
            queueing.queue(tx, "notice", NOTICE, NOW, person_id=Register(tx).person())
            assert tx.owed != []
        assert tx.owed == []


def test_the_engines_schema_is_of_the_version_that_is_installed(on_postgresql: Database) -> None:
    """After an upgrade of Procrastinate `migrate` makes it anew: the jobs are nothing that the ledger does not know."""
    assert schema.drift(on_postgresql) == []
    with on_postgresql.transaction() as tx:
        tx.connection.execute(text("drop function procrastinate_retry_job_v2"))
        tx.connection.execute(text("comment on schema procrastinate is 'an older one'"))
    assert schema.drift(on_postgresql) == [f"schema procrastinate: an older one, wanted {job_queue.newest()}"]
    schema.migrate(on_postgresql)
    with on_postgresql.reading() as tx:
        assert tx.connection.scalar(text("select to_regproc('procrastinate_retry_job_v2')")) is not None
    assert schema.drift(on_postgresql) == []
