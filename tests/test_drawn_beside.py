"""What is said unasked is drawn beside the writer: it claims, logs and settles, however much there is to read."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from itertools import chain, repeat
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import pytest
from sqlalchemy import func, select, update

from bot.connector import Connector, Json, Outcome
from bot.delivery import Deliverer
from bot.drawing import LONG, Drawn, draw_all
from bot.posting import Sender
from bot.token import no_token
from followup import PersonId, RoundId, TaskId
from followup.access.municipality import USUAL_MUNICIPALITY
from followup.messages.every import EveryMessage
from followup.messages.follow_ups import DateNear
from followup.messages.month import Escalation, Ownerless
from followup.messages.operation import CheckpointDue, WeeklyDigest
from followup.month.rounds import RoundDays
from scheduler.jobs import Times
from scheduler.waking import tick
from storage.engine.database import Database, StorageError, Transaction
from storage.engine.tables import access_log, handled, person
from storage.messages import conversations, ledger, queueing, settling
from storage.messages import handled as presses
from storage.messages.conversations import Address
from storage.messages.delivery import QUALITY_CHANNEL, DeliveryState
from tests.conftest import open_file
from tests.support.builders import Register, aad, at, without_digests
from tests.support.deeds import logged_by

T = TypeVar("T")
MONDAY = at("2026-11-02 08:00")
AFTER = at("2026-11-20 08:00")
SENDER = Sender("28:bot", "lokalt", "http://127.0.0.1/teams/")
# Each of them is drawn from what stands about every unit or every placement.
OF_ALL: dict[str, EveryMessage] = {
    "digest": WeeklyDigest(at("2026-10-26 08:00")),
    "selection": DateNear("proposal", MONDAY.date()),
    "escalation": Escalation(RoundId(1)),
    "ownerless": Ownerless(RoundId(1), (TaskId(1),)),
    "checkpoint": CheckpointDue(),
}


class Taking(Connector):
    """Takes every message, and remembers it with how many entries the access log had by then."""

    def __init__(self, session: aiohttp.ClientSession, database: Database) -> None:
        super().__init__(session, no_token)
        self._database = database
        self.taken: list[tuple[Json, int]] = []

    async def send(self, service_url: str, conversation_id: str, activity: Json) -> Outcome:
        with self._database.transaction() as tx:
            entries = tx.connection.execute(select(func.count()).select_from(access_log)).scalar_one()
        self.taken.append((activity, entries))
        return Outcome(201, {"id": f"m{len(self.taken)}"})


class TakenMeanwhile(Taking):
    """While the conversation is opened, the message it is opened for ends in another process."""

    ends: tuple[int, DeliveryState] | None = None

    async def create_conversation(self, service_url: str, parameters: Json) -> Outcome:
        if self.ends is not None:
            with self._database.transaction() as tx:
                settling.settle(tx, *self.ends, sent_at=AFTER)
        return Outcome(201, {"id": "a:new"})


class Counted(Database):
    """How many statements each writing transaction asks the database, and what is done after a reading."""

    def __init__(self, plain: Database) -> None:
        super().__init__(plain.url, plain.vault)
        self.asked: list[int] = []
        self.after_reading: list[Callable[[Transaction], object]] = []

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        statements: list[str] = []
        with super().transaction() as tx:
            driver: Any = tx.connection.connection.driver_connection
            trace = getattr(driver, "set_trace_callback", lambda _: None)
            trace(statements.append)
            yield tx
            trace(None)
        self.asked.append(len(statements))

    async def read_beside(self, work: Callable[[Transaction], T]) -> T:
        found = await super().read_beside(work)
        while self.after_reading:
            with self.transaction() as tx:
                self.after_reading.pop()(tx)
        return found


@contextmanager
def town(database: Database, units: int) -> Iterator[Counted]:
    """A manager, a worker, and so many homes with two placements each, one of them nobody's, all asked about."""
    with database.transaction() as tx:
        register = Register(tx)
        manager = register.person("maria", "manager")
        worker = register.person("anna", manager_id=manager)
        register.person("adam", "admin")
        for number in range(units):
            unit = register.unit(f"E{number}")
            register.placement(worker, unit, starts="2026-01-01")
            register.placement(None, unit, starts="2026-01-01")
        for person_id in (1, 2, 3):
            conversations.remember(
                tx, Address(f"a:{person_id}", SENDER.service_url), MONDAY, person_id=PersonId(person_id)
            )
        without_digests(tx)
        tick(tx, MONDAY, Times(RoundDays()))
        for one in ledger.listed(tx, ("ready",)):
            settling.settle(tx, one.id, "sent", sent_at=MONDAY)
    with closing(Counted(database)) as counted:
        yield counted


async def deliver(database: Counted) -> Taking:
    async with aiohttp.ClientSession() as session:
        connector = Taking(session, database)
        deliverer = Deliverer(database, connector, lambda: AFTER, SENDER, "me", pace_clock=lambda: AFTER)
        await deliverer.drain()
    return connector


def decide(database: Counted, message: EveryMessage, to: int = 1) -> int:
    with database.transaction() as tx:
        if isinstance(message, WeeklyDigest):
            tx.connection.exec_driver_sql("delete from digest_choice")
        queueing.queue(tx, "one", message, MONDAY, person_id=PersonId(to))
        [queued] = [one for one in ledger.listed(tx, ("ready",)) if one.key == "one"]
    database.asked.clear()
    return queued.id


def row(database: Database, number: int) -> tuple[str, str | None]:
    with database.transaction() as tx:
        found = ledger.get(tx, number)
    assert found is not None
    return found.state, found.reason


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
@pytest.mark.parametrize("kind", OF_ALL)
async def test_the_writer_is_asked_as_much_for_a_message_about_many_units_as_for_one_about_few(
    migrated_towns: Callable[[int], Database], kind: str
) -> None:
    most = []
    for units in (2, 25):
        with town(migrated_towns(units), units) as database:
            number = decide(database, OF_ALL[kind], to=3 if kind == "checkpoint" else 1)
            connector = await deliver(database)
            most.append(max(database.asked))
            assert row(database, number)[0] == "sent"
            assert len(connector.taken) == 1
    assert most[0] == most[1] < 40


async def test_what_is_read_of_a_child_is_in_the_log_before_it_is_sent(database: Database) -> None:
    with town(database, 3) as counted:
        with counted.transaction() as tx:
            before = tx.connection.execute(select(func.count()).select_from(access_log)).scalar_one()
        number = decide(counted, OF_ALL["digest"])
        connector = await deliver(counted)
        [(_, entries)] = connector.taken
        with counted.transaction() as tx:
            read = logged_by(tx, "read", 1)[-5:]
        assert entries == before + len(read)
        # Each view that the letter takes what waits from, and the letter itself.
        assert read == ["own_faults", "purge", "unanswered", "clocks", f"message:digest:{number}"]


@pytest.mark.parametrize("state", ["cancelled", "sent"])
async def test_what_was_to_go_with_one_that_another_process_ended_still_waits(
    database: Database, state: DeliveryState
) -> None:
    with town(database, 1) as counted:
        with counted.transaction() as tx:
            conversations.forget(tx, PersonId(1))
            queueing.queue(tx, "beside", OF_ALL["selection"], AFTER, person_id=PersonId(1))
        [beside] = _ready(counted)
        first = decide(counted, OF_ALL["digest"])
        async with aiohttp.ClientSession() as session:
            connector = TakenMeanwhile(session, counted)
            connector.ends = first, state
            deliverer = Deliverer(counted, connector, lambda: AFTER, SENDER, "me", pace_clock=lambda: AFTER)
            await deliverer.drain()
        assert row(counted, first)[0] == state
        # What was sent elsewhere was her message of the day.
        went = state == "cancelled"
        assert row(counted, beside)[0] == ("sent" if went else "ready")
        assert len(connector.taken) == went


def _ready(database: Database) -> list[int]:
    with database.transaction() as tx:
        return [one.id for one in ledger.listed(tx, ("ready",))]


def of_another_account(tx: Transaction) -> None:
    tx.connection.execute(update(person).where(person.c.id == 1).values(teams_id=aad("another")))
    conversations.forget(tx, PersonId(1))
    conversations.remember(tx, Address("a:another", SENDER.service_url), AFTER, person_id=PersonId(1))


def no_manager(tx: Transaction) -> None:
    tx.connection.execute(update(person).where(person.c.id == 1).values(role="worker"))


def gone(tx: Transaction) -> None:
    tx.connection.execute(update(person).where(person.c.id == 1).values(active=False))


@pytest.mark.parametrize(
    ("deed", "state", "sent"),
    [(of_another_account, "sent", 1), (no_manager, "cancelled", 0), (gone, "cancelled", 0)],
)
async def test_what_was_drawn_for_somebody_who_is_another_by_now_is_not_sent(
    database: Database, deed: Callable[[Transaction], None], state: str, sent: int
) -> None:
    with town(database, 2) as counted:
        number = decide(counted, OF_ALL["escalation"])
        counted.after_reading.append(deed)
        connector = await deliver(counted)
        assert row(counted, number)[0] == state
        assert len(connector.taken) == sent
        with counted.transaction() as tx:
            entries = tx.connection.execute(select(access_log.c.subject)).scalars().all()
        assert len([one for one in entries if one.startswith("message:escalation")]) == sent


async def test_a_message_that_is_ended_meanwhile_stays_ended(database: Database) -> None:
    with town(database, 2) as counted:
        number = decide(counted, OF_ALL["escalation"])
        counted.after_reading.append(lambda tx: settling.settle(tx, number, "cancelled", reason="by hand"))
        connector = await deliver(counted)
        assert (connector.taken, row(counted, number)) == ([], ("cancelled", "by hand"))


async def test_an_unsaid_message_that_became_another_meanwhile_is_drawn_again(database: Database) -> None:
    with town(database, 2) as counted:
        number = decide(counted, Escalation(RoundId(1)), to=2)
        counted.after_reading.append(lambda tx: settling.put_back(tx, number, MONDAY, "once more"))
        await deliver(counted)
        assert row(counted, number) == ("cancelled", "nothing left to say")


def test_what_was_drawn_before_one_that_takes_long_is_drawn_again(database: Database) -> None:
    with town(database, 2) as counted, counted.reading() as tx:
        with counted.transaction() as writing:
            for number in range(3):
                # In the channel each is a message of its own.
                near = DateNear("proposal", date(2027 + number, 3, 1))
                queueing.queue(writing, f"n{number}", near, MONDAY, channel=QUALITY_CHANNEL)
        due = [one for one in ledger.listed(tx, ("ready",)) if one.key.startswith("n")]
        assert len(due) == 3
        takes = chain([0.0, 0.0, 1.0, 1.0 + 2 * LONG], repeat(5.0))
        [only] = draw_all(tx, due, AFTER, USUAL_MUNICIPALITY, SENDER, lambda: next(takes))
        assert isinstance(only, Drawn)
        assert only.delivery == due[1]
        assert len(draw_all(tx, due, AFTER, USUAL_MUNICIPALITY, SENDER, lambda: 0.0)) == 3


def test_nothing_can_be_written_where_something_is_only_read(database: Database) -> None:
    with database.reading() as tx, pytest.raises(StorageError):
        presses.record(tx, "key", None, MONDAY)
    with database.transaction() as tx:
        assert presses.record(tx, "key", None, MONDAY)
        assert tx.connection.execute(select(func.count()).select_from(handled)).scalar_one() == 1


@pytest.mark.sqlite("handlar om SQLites egna ord")
def test_who_only_reads_says_nothing_but_what_is_asked(database: Database) -> None:
    """To be told that it may write, or may not, makes SQLite forget each statement that it has compiled."""
    said: list[str] = []
    with database.reading() as tx:
        driver: Any = tx.connection.connection.driver_connection
    driver.set_trace_callback(said.append)
    for _ in range(2):
        with database.reading() as tx:
            tx.connection.exec_driver_sql("SELECT 1")
    assert [one.strip() for one in said] == ["BEGIN", "SELECT 1", "COMMIT"] * 2


@pytest.fixture
def migrated_towns(migrated: Path, tmp_path: Path) -> Iterator[Callable[[int], Database]]:
    """As many empty databases as are asked for."""
    opened: list[Database] = []

    def of(number: int) -> Database:
        path = tmp_path / f"town{number}.db"
        path.write_bytes(migrated.read_bytes())
        opened.append(open_file(path))
        return opened[-1]

    yield of
    for one in opened:
        one.close()
