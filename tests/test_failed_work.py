"""What the program cannot do of all that is due: told in the log, tried again, and nothing else waits for it."""

from typing import Any

import pytest
from sqlalchemy import func, select, text

from bot.scoring_left import LeftScorer
from followup import UnitId
from scheduler import waking
from scheduler.jobs import JOBS, Job, Times
from services.risk.failed_work import FAILED, FailedWork
from services.risk.scoring_left import score_left
from storage.engine.database import Database, StorageError
from storage.engine.tables import delivery
from storage.engine.writer import TransactionLostError
from storage.risk import left_to_score, scores
from storage.times import wakes
from tests.support.builders import at
from tests.support.edge import at_the_edge

TODAY = "2026-11-03 09:00"
NOW = at(TODAY)
BROKEN, WELL = UnitId(1), UnitId(2)
UNREADABLE = """
    update report set tells = true, answers = '"no answers"' where task_id in
    (select t.id from report_task t join placement p on p.id = t.placement_id where p.unit_id = 1)
"""


def spoilt(database: Database, *, left: bool) -> None:
    """Of the first unit no report can be read any more; both may be left to be scored."""
    with database.transaction() as tx:
        tx.connection.execute(text(UNREADABLE))
        for unit_id in (BROKEN, WELL) if left else ():
            left_to_score.leave(tx, unit_id, NOW)


def scored(database: Database) -> list[bool]:
    with database.transaction() as tx:
        newest = [scores.latest(tx, one) for one in (BROKEN, WELL)]
        return [one is not None and one.as_of == NOW.date() for one in newest]


def waits(database: Database) -> list[UnitId]:
    with database.transaction() as tx:
        return [one.unit_id for one in left_to_score.waiting(tx, 9)]


def all_else_is_done(database: Database) -> None:
    with database.transaction() as tx:
        assert wakes.begin(tx, NOW) == (NOW, None)
        assert tx.connection.scalar(select(func.count()).where(delivery.c.kind == "prompt")) == 2


def told(caplog: pytest.LogCaptureFixture) -> set[str]:
    return {one.getMessage() for one in caplog.records if one.msg == FAILED}


@pytest.mark.parametrize("left", [False, True])
def test_a_unit_that_cannot_be_scored_holds_up_nothing_else_that_is_due(
    municipality: Database, caplog: pytest.LogCaptureFixture, left: bool
) -> None:
    spoilt(municipality, left=left)
    with pytest.raises(AttributeError):
        waking.wake(municipality, NOW, Times())
    assert scored(municipality) == [False, True]
    assert told(caplog) == {FAILED % "the unit 1"}
    assert waits(municipality) == ([BROKEN] if left else [])
    all_else_is_done(municipality)


async def test_the_bot_does_all_else_and_tries_what_failed_again(
    municipality: Database, caplog: pytest.LogCaptureFixture
) -> None:
    spoilt(municipality, left=True)
    async with at_the_edge(municipality, TODAY, sends=False) as edge:
        await edge.bot.wake()
        assert scored(municipality) == [False, True]
        assert FAILED % "the unit 1" in told(caplog)
        # Whoever reads the same reports fails by itself, and what comes after it is done.
        all_else_is_done(municipality)
        with municipality.transaction() as tx:
            tx.connection.execute(text("update report set answers = '{}'"))
        await edge.bot.wake()
    assert scored(municipality) == [True, True]
    all_else_is_done(municipality)


async def test_what_is_left_to_be_scored_is_scored_but_for_what_cannot_be(
    municipality: Database, caplog: pytest.LogCaptureFixture
) -> None:
    spoilt(municipality, left=True)
    with municipality.transaction() as tx:
        failed = FailedWork()
        with pytest.raises(AttributeError) as told_of:
            score_left(tx, NOW, None, failed)
        assert failed.add(told_of.value) == "the unit 1"
    await LeftScorer(municipality, lambda: NOW, lambda: None).score()
    assert (scored(municipality), waits(municipality)) == ([False, True], [BROKEN])
    assert told(caplog) == {FAILED % "the unit 1"}


def test_a_job_that_fails_holds_up_none_of_the_others(
    municipality: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setitem(JOBS, "tell_ownerless", Job(fails))
    with pytest.raises(ZeroDivisionError):
        waking.wake(municipality, NOW, Times())
    assert told(caplog) == {FAILED % "the job tell_ownerless"}
    all_else_is_done(municipality)


def test_where_the_database_could_not_be_used_nothing_is_left_out_and_neither_is_what_no_job_had_begun() -> (
    None
):
    failed = FailedWork()
    with pytest.raises(ZeroDivisionError):
        failed.add(ZeroDivisionError())
    assert failed.begin("ask")
    with pytest.raises(StorageError):
        failed.add(TransactionLostError("full"))
    assert failed.begin("ask") and failed.add(ZeroDivisionError()) == "the job ask"
    assert not failed.begin("ask")
