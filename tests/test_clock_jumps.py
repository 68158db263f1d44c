"""A clock that lies: it silences nobody for long, and after a silence that is too long somebody is asked."""

import json
import logging
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from bot.clock import JumpWatch, ManualClock
from bot.delivery import never_doubted
from bot.posting import Sender
from bot.taking import Taker
from followup.access.municipality import USUAL_MUNICIPALITY
from followup.messages.follow_ups import DateNear
from followup.messages.operation import Trouble
from storage.engine.database import Database, Transaction
from storage.engine.tables import delivery, report, round_, signal
from storage.engine.writer import TransactionLostError
from storage.messages import claiming, conversations, leases, ledger, pacing, queueing, settling, waiting
from storage.messages.conversations import Address
from storage.messages.delivery import QUALITY_CHANNEL
from storage.register import people
from storage.times import wakes
from tests.support.builders import at
from tests.support.edge import Edge, at_the_edge
from tests.support.stage import SAY
from tests.support.turns import SLAP
from tests.test_commands import Shell, for_real, shell

__all__ = ["for_real", "shell"]
NOW = at("2026-10-28 12:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SENDER = Sender("28:bot", "lokalt", "http://127.0.0.1/teams/")
NOTICE = DateNear("proposal", NOW.date())
AHEAD = [HOUR, DAY, timedelta(days=31), timedelta(days=400)]


def decide(tx: Transaction, key: str, now: datetime = NOW, *, urgent: bool = True) -> int:
    karin = people.by_key(tx, "karin")
    assert karin is not None
    assert queueing.queue(tx, key, NOTICE, now, person_id=karin.id, urgent=urgent)
    return max(one.id for one in ledger.listed(tx, ("ready",)))


@pytest.mark.parametrize("ahead", AHEAD)
def test_a_clock_that_was_ahead_for_a_moment_holds_nothing_back(
    municipality: Database, ahead: timedelta
) -> None:
    """It wrote the pace, when messages to the same person were sent, when one is tried again, and a lease."""
    with municipality.transaction() as tx:
        number = decide(tx, "alert")
        for other in range(9):
            sent = decide(tx, f"sent:{other}")
            tx.connection.execute(
                text("UPDATE delivery SET state = 'sent', started_at = :at WHERE id = :id"),
                {"id": sent, "at": (NOW + ahead).strftime("%Y-%m-%d %H:%M:%S.%f")},
            )
        one = ledger.get(tx, number)
        assert one is not None
        claiming.reserve(tx, one, "it", NOW + ahead, NOW + ahead)
        assert claiming.start(tx, [number], "it", NOW + ahead)
        settling.put_back(tx, number, NOW + ahead + timedelta(minutes=10), "503")
        pacing.take_for_reply(tx, NOW + ahead, 45.0)
        pacing.hold(tx, NOW + ahead + timedelta(minutes=1))
    with municipality.transaction() as tx:
        leases.clock_went_back(tx, NOW)
        pace = pacing.look_at_pace(tx, NOW, 45.0)
        assert [each.key for each in pacing.may_go(tx, pace, NOW, 10)] == ["alert"]


def test_what_waits_for_its_own_time_waits_when_the_clock_goes_back(municipality: Database) -> None:
    with municipality.transaction() as tx:
        karin = people.by_key(tx, "karin")
        assert karin is not None
        queueing.queue(tx, "to come", NOTICE, NOW, person_id=karin.id, not_before=NOW + DAY)
        leases.clock_went_back(tx, NOW)
        assert pacing.may_go(tx, pacing.look_at_pace(tx, NOW, 45.0), NOW, 10) == []


@pytest.mark.parametrize("ahead", AHEAD)
def test_what_a_process_with_a_clock_that_was_ahead_was_sending_is_in_doubt_at_once(
    municipality: Database, ahead: timedelta
) -> None:
    with municipality.transaction() as tx:
        number = decide(tx, "alert")
        one = ledger.get(tx, number)
        assert one is not None
        claiming.reserve(tx, one, "it", NOW + ahead, NOW + ahead)
        assert claiming.start(tx, [number], "it", NOW + ahead)
        leases.clock_went_back(tx, NOW)
        leases.expire_leases(tx, NOW + timedelta(seconds=1))
        after = ledger.get(tx, number)
        assert after is not None
        assert (after.state, after.reason) == ("uncertain", "interrupted")


def test_that_the_clock_has_gone_back_is_known_until_what_it_did_ahead_has_been_undone(
    municipality: Database,
) -> None:
    taker = Taker(lambda: NOW, lambda: NOW, 45.0, SENDER, "me", never_doubted, USUAL_MUNICIPALITY)
    with pytest.raises(TransactionLostError), municipality.transaction() as tx:
        assert taker.clock_went_back(tx) == NOW
        raise TransactionLostError
    assert taker.may_have_been_ahead


async def test_an_alert_that_was_put_off_while_the_clock_was_ahead_goes_when_it_is_back(
    municipality: Database,
) -> None:
    async with at_the_edge(municipality, sends=False) as edge:
        await edge.bot.deliverer.drain()
        clock = Unsteady(edge.clock)
        edge.bot.deliverer.taker.clock = edge.bot.deliverer.taker.pace_clock = clock
        with municipality.transaction() as tx:
            number = decide(tx, "alert", edge.clock())
        clock.ahead = DAY
        edge.server.refuses = 503
        await edge.bot.deliverer.drain()
        edge.server.refuses = 0
        clock.ahead = timedelta(0)
        await edge.bot.deliverer.drain()
        with municipality.transaction() as tx:
            after = ledger.get(tx, number)
        assert after is not None
        assert after.state == "sent"


class Unsteady:
    """A clock that lies by so much."""

    def __init__(self, right: ManualClock) -> None:
        self._right, self.ahead = right, timedelta(0)

    def __call__(self) -> datetime:
        return self._right() + self.ahead


@pytest.mark.parametrize(
    ("passed", "seconds", "jumped"),
    [
        (timedelta(minutes=1), 60.0, timedelta(0)),
        (HOUR, 60.0, timedelta(minutes=59)),
        (HOUR + timedelta(minutes=1), 60.0, HOUR),
        (-HOUR + timedelta(minutes=1), 60.0, -HOUR),
        (DAY, 60.0, DAY - timedelta(minutes=1)),
        # A machine that was busy or asleep for a day, and knows it.
        (DAY, 86400.0, timedelta(0)),
    ],
)
def test_a_jump_is_the_wall_against_what_only_goes_forward_and_is_logged_from_an_hour_on(
    caplog: pytest.LogCaptureFixture, passed: timedelta, seconds: float, jumped: timedelta
) -> None:
    ticks = iter([0.0, seconds])
    watch = JumpWatch(lambda: next(ticks))
    with caplog.at_level(logging.WARNING):
        assert watch.look(NOW) == timedelta(0)
        assert watch.look(NOW + passed) == jumped
    assert len(caplog.records) == (abs(jumped) >= HOUR)


@pytest.fixture
async def after(municipality: Database) -> AsyncIterator[Edge]:
    """A bot that was awake on 2 November, with one message of the next day; Maria administrates."""
    with municipality.transaction() as tx:
        tx.connection.execute(text("UPDATE person SET role = 'admin' WHERE key = 'maria'"))
    async with at_the_edge(municipality, sends=False) as edge:
        await edge.bot.wake()
        await edge.bot.deliverer.drain()
        with municipality.transaction() as tx:
            karin = people.by_key(tx, "karin")
            assert karin is not None
            queueing.queue(
                tx, "tomorrow", NOTICE, edge.clock(), person_id=karin.id, not_before=edge.clock() + DAY
            )
        yield edge


def counted(database: Database) -> dict[str, int]:
    with database.reading() as tx:
        return {
            table.name: tx.connection.scalar(select(func.count()).select_from(table)) or 0
            for table in (round_, delivery, report)
        }


def state(database: Database, key: str) -> str:
    with database.reading() as tx:
        found: str = tx.connection.scalar(select(delivery.c.state).where(delivery.c.key == key)) or "none"
        return found


async def hands_in(edge: Edge, number: int) -> None:
    """A signal, of a day that no clock here takes for one to come."""
    typed = {**SLAP, "unit": "1", "event_on": "2026-09-15", "consequence": "2", "marks": ""}
    data = {"card": {"nonce": f"{number:032x}"}, **typed}
    press = edge.client("anna").execute(edge.clock(), "a:anna", "card", "hand_in_signal", data)
    assert (await edge.post(press)).status == 200


def signals_in(database: Database) -> int:
    with database.reading() as tx:
        return tx.connection.scalar(select(func.count()).select_from(signal)) or 0


async def lives_through(edge: Edge, moment: datetime) -> None:
    edge.clock.move_to(moment)
    for _ in range(3):
        await edge.bot.wake()
        await edge.bot.deliverer.drain()


async def test_after_a_week_of_downtime_everything_goes_on_by_itself(after: Edge) -> None:
    await lives_through(after, after.clock() + timedelta(days=7))
    assert state(after.database, "tomorrow") == "sent"
    assert troubles(after) == []
    said = len(after.server.sent)
    await lives_through(after, after.clock() + timedelta(minutes=1))
    assert len(after.server.sent) == said


async def test_a_silence_of_more_than_a_month_waits_for_the_administrator_and_takes_what_is_handed_in(
    after: Edge,
) -> None:
    before = counted(after.database)
    await lives_through(after, after.clock() + timedelta(days=31, minutes=1))
    assert troubles(after) == ["sent"]
    now = counted(after.database)
    assert (now["round"], now["delivery"]) == (before["round"], before["delivery"] + 1)
    assert state(after.database, "tomorrow") == "ready"
    await after.bot.probe.look()
    assert all(after.bot.probe.seen().values())
    await hands_in(after, 1)
    assert signals_in(after.database) == 1
    with after.database.transaction() as tx:
        decide(tx, "an alert of today", after.clock())
    await after.bot.deliverer.drain()
    assert state(after.database, "an alert of today") == "sent"


async def test_the_administrator_confirms_and_all_that_is_due_is_done(after: Edge) -> None:
    before = counted(after.database)
    await lives_through(after, after.clock() + timedelta(days=40))
    with after.database.transaction() as tx:
        wakes.confirm(tx, after.clock())
    await lives_through(after, after.clock() + timedelta(minutes=1))
    assert counted(after.database)["round"] > before["round"]
    assert state(after.database, "tomorrow") == "sent"
    assert troubles(after) == ["sent"]


async def test_when_the_clock_goes_back_nothing_was(after: Edge) -> None:
    right = after.clock()
    before = counted(after.database)
    await lives_through(after, right + timedelta(days=400))
    after.clock._now = right + timedelta(minutes=1)
    await lives_through(after, right + timedelta(minutes=2))
    assert counted(after.database) == {**before, "delivery": before["delivery"] + 1}
    assert state(after.database, "tomorrow") == "ready"
    await lives_through(after, right + DAY)
    assert state(after.database, "tomorrow") == "sent"


async def test_however_the_clock_jumps_what_happens_is_told_once_and_what_is_handed_in_is_taken(
    after: Edge,
) -> None:
    right, replies = after.clock(), 0
    for jump in (HOUR, -HOUR, DAY, -DAY, timedelta(days=30), timedelta(days=-30)):
        right += timedelta(minutes=1)
        for moment in (right + jump, right):
            after.clock._now = moment
            await lives_through(after, moment)
            key, replies = f"a notice at {moment} after {jump}", replies + 1
            with after.database.transaction() as tx:
                # In the channel each is told of by itself, and not once a day.
                where = Address("19:team@thread.tacv2", after.server.service_url)
                conversations.remember(tx, where, moment, channel=QUALITY_CHANNEL)
                assert queueing.queue(tx, key, NOTICE, moment, channel=QUALITY_CHANNEL)
            await after.bot.deliverer.drain()
            assert state(after.database, key) == "sent"
            assert (await after.post(after.text("Mina uppgifter"))).status == 200
    with after.database.reading() as tx:
        states = Counter(tx.connection.scalars(select(delivery.c.state)))
    said = [one for one in after.server.sent if "attachments" in one.body.get("activity", one.body)]
    assert set(states) <= {"sent", "ready", "cancelled"}
    assert len(said) == states["sent"] + replies
    for number, jump in enumerate((HOUR, -HOUR, DAY, -DAY, timedelta(days=30), timedelta(days=-30)), 1):
        after.clock._now = right + jump
        await hands_in(after, number)
        assert signals_in(after.database) == number


@pytest.mark.parametrize("ahead", AHEAD[1:])
def test_what_a_clock_that_was_ahead_put_off_or_said_is_of_no_day_that_has_come(
    municipality: Database, ahead: timedelta
) -> None:
    with municipality.transaction() as tx:
        said, more = decide(tx, "said", urgent=False), decide(tx, "more", urgent=False)
        settling.settle(tx, said, "sent", sent_at=NOW + ahead)
        settling.put_off(tx, more, NOW + ahead + DAY, NOW + ahead)
        leases.clock_went_back(tx, NOW)
        karin = people.by_key(tx, "karin")
        assert karin is not None
        assert waiting.told_in(tx, karin.id, NOW.date(), NOW) is None
        assert waiting.told_in(tx, karin.id, (NOW + ahead).date(), NOW) == "told"
        assert [one.id for one in claiming.due(tx, NOW, 10)] == [more]


def troubles(edge: Edge) -> list[str]:
    with edge.database.reading() as tx:
        return list(tx.connection.scalars(select(delivery.c.state).where(delivery.c.kind == Trouble.kind)))


def test_the_command_waits_too_until_somebody_says_that_the_clock_is_right(for_real: Shell) -> None:
    assert for_real.run("migrate").exit_code == 0
    assert for_real.run("wake").exit_code == 0
    before = for_real.now
    for_real.now = before + timedelta(days=32)
    waits = for_real.run("wake")
    assert (waits.exit_code, waits.stderr.strip()) == (
        3,
        SAY("cli.wake.waits", now=for_real.now, since=before),
    )
    assert for_real.run("wake", "--confirm").exit_code == 0
    assert for_real.run("wake").exit_code == 0
    assert json.loads(for_real.run("check", "--json").stdout)["log_entries"] == 1


def test_a_first_wake_is_no_silence(for_real: Shell) -> None:
    assert for_real.run("migrate").exit_code == 0
    assert for_real.run("wake").exit_code == 0
