"""Several replicas on one PostgreSQL: what they do in the same moment is done once, or by one after the other.

REPLICA_ROUNDS=100 does it as many times as the issue asks for.
"""

import asyncio
import os
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from bot import turns
from bot.local.player import inputs_for
from dialogs.turn import Press, Said
from followup import PersonId, RoundId, UnitId
from followup.log.subject import What
from followup.messages.month import Prompt, Reminder
from followup.risk.proof import read_inputs
from followup.times.month import Month
from scheduler.jobs import Times
from scheduler.waking import tick_piece
from services.log.log_verification import faults_in_log
from services.risk.scoring import rescore
from storage.alerts import alerts
from storage.engine.database import Database, Transaction
from storage.engine.standing_tables import uncounted_answer
from storage.engine.tables import uncounted_change
from storage.log import access_log
from storage.messages import claiming, ledger, pacing, queueing, settling
from storage.month import reports, rounds
from storage.overview import answer_counts, response_rates
from storage.register import people
from storage.risk import scores
from storage.signals import signals
from storage.times import job_looks
from tests.support.builders import Register, aad, at
from tests.support.made_one import make_one
from tests.support.municipality import STEADY, settle
from tests.support.scored import scored_at_once
from tests.support.turns import ANEW, SAY, SERVICE, SLAP, Chat, october

pytestmark = pytest.mark.usefixtures("own_pools")

TIMES = int(os.environ.get("REPLICA_ROUNDS", "5"))
NOW = at("2026-11-02 09:00")


@pytest.fixture
def replicas(on_postgresql: Database) -> Iterator[list[Database]]:
    """Four processes' views of the same database."""
    with ExitStack() as stack:
        others = [Database(on_postgresql.url, on_postgresql.vault) for _ in range(3)]
        for one in others:
            stack.enter_context(closing(one))
        yield [on_postgresql, *others]


def faults(database: Database) -> list[str]:
    with database.transaction() as tx:
        # What a municipality begins with was put in beside the log.
        return [fault.id for fault in faults_in_log(tx) if fault.id != "check.log.late"]


async def test_the_same_press_at_two_replicas_is_taken_once_and_answered_the_same(
    replicas: list[Database],
) -> None:
    settle(replicas[0])
    chat = october(replicas[0])
    for number in range(TIMES * 4):
        said = _report(chat, number)
        first, second = await asyncio.gather(
            *(one.run(turns.take, said, NOW, uuid4().hex) for one in replicas[:2])
        )
        assert {first.again, second.again} == {False, True}
        assert first.summary == second.summary
        assert len(chat.versions("AKT-1")) == number + 1
    assert faults(replicas[0]) == []


def _report(chat: Chat, number: int, case: str = "AKT-1") -> Said:
    """A hand-in from a card of its own, each with other answers."""
    anna = chat.client("anna")
    if chat.task(case).answered:
        anna.say("rätta")
        anna.press(SAY("correct.open"), row=case)
    else:
        anna.look(0).press(SAY("list.open_form"), row=case)
    found = anna.button(SAY("report.hand_in"))
    inputs = inputs_for(anna.card, found, {**ANEW, "private_talk_on": f"2026-10-{1 + number % 28:02d}"})
    press = Press(found.action["verb"], found.action["data"]["card"], inputs)
    return Said(aad("anna"), "a:anna", f"activity {number}", SERVICE, press=press)


def test_a_hand_in_waits_for_none_of_the_same_worker_about_another_unit(replicas: list[Database]) -> None:
    """Until both write the end of the log, which each does last of all."""
    settle(replicas[0])
    chat = october(replicas[0])
    north, south = _report(chat, 1, "AKT-1"), _report(chat, 2, "AKT-3")
    with replicas[0].transaction() as one:
        turns.take(one, north, NOW, uuid4().hex)
        with replicas[1].transaction() as other:
            turns.take(other, south, NOW, uuid4().hex)
            # The press, the task and the unit: one of each, and what is the last of all later.
            assert [lock for lock, _ in other.held] == ["press", "task", "unit"]
            assert not one.held.keys() & other.held.keys()
    assert [chat.task(case).answered for case in ("AKT-1", "AKT-3")] == [True, True]
    assert faults(replicas[0]) == []


async def test_one_who_hands_in_twice_at_once_with_other_answers_never_gets_an_error(
    replicas: list[Database],
) -> None:
    settle(replicas[0])
    chat = october(replicas[0])
    works = [_report(chat, number) for number in range(16)]
    answers = await asyncio.gather(
        *(replicas[number % 4].run(turns.take, said, NOW, uuid4().hex) for number, said in enumerate(works))
    )
    # One is stored; the others are shown that there is something that they had not seen.
    assert all(answer.card is not None for answer in answers)
    assert [one.version for one in chat.versions("AKT-1")] == [1]
    assert faults(replicas[0]) == []


def happens(tx: Transaction, unit_id: UnitId, worker: PersonId) -> None:
    """A serious event at the unit, which is scored anew and gives rise to an alert."""
    access_log.record(tx, "write", What.SIGNAL.of(unit_id), NOW, person_id=worker)
    signals.save(
        tx,
        {name: value for name, value in SLAP.items() if name != "text"},
        unit_id=unit_id,
        placement_id=None,
        task_id=None,
        author_id=worker,
        now=NOW,
    )
    rescore(tx, unit_id, NOW)


def test_a_serious_event_waits_for_none_at_another_unit(replicas: list[Database]) -> None:
    """Until both write the end of the log, which each does last of all."""
    with replicas[0].transaction() as tx:
        register = Register(tx)
        worker = register.person()
        register.person("karin", "quality")
        units = [register.unit(name) for name in ("E1", "E2")]
        register.measured()
        for unit_id in units:
            register.placement(worker, unit_id, starts="2026-10-01")
    with replicas[0].transaction() as first:
        happens(first, units[0], worker)
        with replicas[1].transaction() as second:
            happens(second, units[1], worker)
    with replicas[0].reading() as tx:
        assert [one.unit_id for one in alerts.open_alerts(tx)] == units
    assert faults(replicas[0]) == []


def test_what_two_change_at_once_is_counted_when_each_is_committed(replicas: list[Database]) -> None:
    settle(replicas[0])

    def change(tx: Transaction, key: str) -> None:
        tx.connection.execute(text("update person set name = name where key = :key"), {"key": key})

    def counted() -> int:
        with replicas[2].transaction() as tx:
            return job_looks.counted(tx)["register"]

    before = counted()
    with replicas[0].transaction() as one:
        change(one, "anna")
        with replicas[1].transaction() as other:
            change(other, "bilal")
            change(other, "maria")
        assert counted() == before + 2
    assert counted() == before + 3
    with replicas[0].transaction() as tx:
        # Who counts in the midst of changing, as the clock does, sees what she has changed and counts on.
        for number in (4, 5):
            change(tx, "anna")
            assert job_looks.counted(tx)["register"] == before + number
        assert tx.connection.execute(select(uncounted_change)).all() == []


def test_two_reports_of_one_worker_wait_for_none_of_each_other(replicas: list[Database]) -> None:
    with replicas[0].transaction() as tx:
        register = Register(tx)
        anna = register.person("anna")
        round_ = rounds.open_round(tx, Month(2026, 10), NOW, NOW, NOW)
        for name in ("E1", "E2", "E3"):
            placement_id = register.placement(anna, register.unit(name), case=f"AKT-{name}")
            rounds.add_task(tx, round_.id, placement_id)
        first, second, _ = (task.id for task in rounds.tasks(tx, [round_.id], NOW.date()))

    def is_in(tx: Transaction) -> int:
        assert response_rates.by_pair(tx, round_) == response_rates.recounted(tx, round_)
        return response_rates.asked_and_in(tx, round_)[1]

    with replicas[0].transaction() as one:
        reports.save(one, first, STEADY, by_statement=False, author_id=anna, now=NOW)
        with replicas[1].transaction() as other:
            reports.save(other, second, STEADY, by_statement=False, author_id=anna, now=NOW)
            assert (is_in(one), is_in(other)) == (1, 1)
        with replicas[2].transaction() as clock:
            answer_counts.add_up(clock)
            assert is_in(clock) == 1
        assert is_in(one) == 2
    with replicas[0].transaction() as clock:
        answer_counts.add_up(clock)
        assert is_in(clock) == 2
        assert clock.connection.execute(select(uncounted_answer)).all() == []


def test_who_makes_messages_one_waits_for_none_that_another_has(replicas: list[Database]) -> None:
    """He may be about to settle it, and wait for the pace, which whoever makes them one has."""
    settle(replicas[0])
    with replicas[0].transaction() as tx:
        anna = people.by_key(tx, "anna")
        assert anna is not None
        for key, message in (("a", Prompt(RoundId(1))), ("b", Reminder(RoundId(1)))):
            queueing.queue(tx, key, message, NOW, person_id=anna.id)
        first, second = claiming.due(tx, NOW, 2)
        claiming.reserve(tx, first, "other", NOW, NOW)
        assert claiming.start(tx, [first.id], "other", NOW)
    with replicas[0].transaction() as settles:
        settling.settle(settles, first.id, "uncertain")
        with replicas[1].transaction() as makes:
            pacing.open_pace(makes, NOW, 40)
            make_one(makes, second, NOW)
    with replicas[0].reading() as tx:
        states = {one.key: one.state for one in ledger.listed(tx, ("ready", "uncertain", "cancelled"))}
        assert states == {"a": "uncertain", "b": "ready"}
        # It is looked at again when the other has been settled.
        assert claiming.due(tx, NOW, 2, locked=False) == []


async def test_two_serious_events_at_once_on_sixteen_units_are_both_in_each_score(
    replicas: list[Database],
) -> None:
    with replicas[0].transaction() as tx:
        register = Register(tx)
        worker = register.person()
        register.person("karin", "quality")
        units = [register.unit(f"E{number}") for number in range(16)]
        register.measured()
        for unit_id in units:
            register.placement(worker, unit_id)

    for unit_id in units:
        # Its months are read a piece at a time by the clock, before anybody tells of it.
        await replicas[0].run(scored_at_once, unit_id, NOW)
    for _ in range(TIMES):
        await asyncio.gather(
            *(one.run(happens, unit_id, worker) for unit_id in units for one in replicas[:2])
        )
    with replicas[0].transaction() as tx:
        for unit_id in units:
            last = scores.latest(tx, unit_id)
            assert last is not None
            assert len(read_inputs(last.inputs).items) == 2 * TIMES
    assert faults(replicas[0]) == []


async def test_four_ticks_at_once_ask_everybody_once(replicas: list[Database]) -> None:
    settle(replicas[0])
    now = at("2026-11-02 08:00")
    for number in range(TIMES):
        moment = now + timedelta(days=31 * number)

        async def wake(one: Database, moment=moment) -> None:  # type: ignore[no-untyped-def]
            while (await one.run_piece(tick_piece, moment, Times())).more:
                pass

        await asyncio.gather(*(wake(one) for one in replicas))
    with replicas[0].transaction() as tx:
        prompts = [one for one in ledger.listed(tx, ("ready", "sending", "sent")) if one.kind == "prompt"]
        asked = tx.connection.exec_driver_sql("select count(*) from asking").scalar_one()
        tasks = tx.connection.exec_driver_sql(
            "select count(*) from report_task t join round r on r.id = t.round_id where r.month >= '2026-10'"
        ).scalar_one()
    # Two months may stand in one message.
    days = [(one.person_id, one.not_before) for one in prompts]
    assert len(days) == len(set(days)) >= 2
    assert asked == tasks


async def test_the_pace_holds_over_all_replicas(replicas: list[Database]) -> None:
    def take(tx: Transaction) -> object:
        pace = pacing.open_pace(tx, NOW, per_second=40)
        slot = pace.take(NOW)
        pacing.take_for_reply(tx, NOW, 40)
        return slot

    await asyncio.gather(*(one.run(take) for one in replicas for _ in range(10)))
    with replicas[0].transaction() as tx:
        assert pacing.open_pace(tx, NOW, 40).free_from >= NOW + timedelta(seconds=40 / 40)
