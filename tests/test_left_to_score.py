"""A large unit is scored beside whoever writes of it: at once, of all that is stored, and each alert is raised once."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import insert, select, update

from bot.scoring_left import LeftScorer
from bot.when_asked import when_asked
from followup import PersonId, SignalId, UnitId
from followup.risk import proof
from scheduler.jobs import Times
from scheduler.waking import tick, tick_piece
from services.risk.reading_beside import BesidePieces
from services.risk.scoring import MOST_PLACEMENTS, rescore, scored_on
from services.risk.scoring_left import score_left
from services.verification import faults_in_scores
from storage.alerts import alerts
from storage.engine import schema
from storage.engine.database import Database, Transaction
from storage.engine.tables import placement, score
from storage.register import units
from storage.retention import holdings, purging
from storage.retention.holdings import ChildRows
from storage.risk import left_to_score, scores
from storage.signals import signals
from tests.support.builders import Register, at
from tests.support.edge import at_the_edge
from tests.support.turns import SLAP
from tests.test_idle_tick import asked

NOW = at("2026-11-03 09:00")


def large(database: Database, number: int = MOST_PLACEMENTS + 1, days: int = 1) -> UnitId:
    """Placed there since yesterday, so that no month is due before today, or for so many days."""
    with database.transaction() as tx:
        register = Register(tx)
        register.person("karin", "quality")
        unit_id = register.unit()
        register.measured("2026-10")
        row = {"unit_id": unit_id, "starts": NOW.date() - timedelta(days=days), "legal_ground": "sol"}
        rows = [{**row, "case_reference": f"AKT-{one}", "registered_at": NOW} for one in range(number)]
        tx.connection.execute(insert(placement), rows)
    return unit_id


def happens(tx: Transaction, unit_id: UnitId, now: datetime = NOW) -> None:
    karin = PersonId(1)
    told = {name: value for name, value in SLAP.items() if name != "text"} | {"event_on": "2026-11-02"}
    signals.save(tx, told, unit_id=unit_id, placement_id=None, task_id=None, author_id=karin, now=now)
    rescore(tx, unit_id, now)


def read_on(database: Database, beside: BesidePieces, now: datetime = NOW) -> bool:
    with database.transaction() as tx:
        more = score_left(tx, now, beside)
    with database.reading() as look:
        beside.read(look)
    return more


def stands(tx: Transaction, unit_id: UnitId) -> None:
    """What is stored is what is read of all that is stored."""
    newest = scores.latest(tx, unit_id)
    assert newest is not None
    assert newest.inputs == scored_on(tx, units.get(tx, unit_id), NOW.date()).proof
    assert left_to_score.of_unit(tx, unit_id) is None


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
def test_whoever_writes_of_a_large_unit_reads_none_of_its_reports_and_neither_does_what_stores_its_score(
    on_sqlite: Database,
) -> None:
    unit_id, beside, more = large(on_sqlite), BesidePieces(), True
    with on_sqlite.transaction() as tx, asked(tx) as statements:
        happens(tx, unit_id)
    assert alerts_of(on_sqlite, unit_id) == 0
    while more:
        with on_sqlite.transaction() as tx, asked(tx) as stored:
            more = score_left(tx, NOW, beside)
        statements += stored
        with on_sqlite.reading() as look:
            beside.read(look)
    assert not [one for one in statements if "report.tells" in one]
    assert alerts_of(on_sqlite, unit_id) == 1
    with on_sqlite.transaction() as tx:
        stands(tx, unit_id)


def alerts_of(database: Database, unit_id: UnitId) -> int:
    with database.transaction() as tx:
        return len(alerts.of_unit(tx, unit_id))


@pytest.mark.parametrize("beyond", [0, 1])
def test_a_unit_is_left_where_it_has_had_more_placements_than_are_read_at_once(
    database: Database, beyond: int
) -> None:
    unit_id = large(database, MOST_PLACEMENTS + beyond)
    with database.transaction() as tx:
        happens(tx, unit_id)
        assert (left_to_score.of_unit(tx, unit_id) is not None) == bool(beyond)
    assert alerts_of(database, unit_id) == 1 - beyond


def test_a_unit_with_few_placements_and_much_evidence_is_left_too(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit_id = large(database, 1)
    with database.transaction() as tx:
        assert rescore(tx, unit_id, NOW) is not None
        monkeypatch.setattr(proof, "LONG", 10)
        assert rescore(tx, unit_id, NOW) is None
        assert score_left(tx, NOW)
        newest = scores.latest(tx, unit_id)
        assert newest is not None and newest.inputs.startswith(proof.PACKED)
        # What is packed is long, however few letters are left of it.
        monkeypatch.setattr(proof, "LONG", 1_000_000)
        assert rescore(tx, unit_id, NOW) is None
        assert not list(faults_in_scores(tx))


def test_a_long_proof_that_was_stored_before_is_packed_and_unpacked_again(database: Database) -> None:
    unit_id, texts = large(database, 1), ["{}", "[" + "1," * 60_000 + "1]"]
    with database.transaction() as tx:
        for text in texts:
            stored = rescore(tx, unit_id, NOW)
            assert stored is not None
            tx.connection.execute(update(score).where(score.c.id == stored.id).values(inputs=text))
    config = schema._config()
    packed = [proof.packed(one) for one in texts]
    for step, to, wanted in (
        (command.downgrade, "0066", texts),
        (command.upgrade, "0067", packed),
        (command.downgrade, "0066", texts),
    ):
        with database.engine.begin() as connection:
            config.attributes["connection"] = connection
            step(config, to)
            assert list(connection.scalars(select(score.c.inputs).order_by(score.c.id))) == wanted
    schema.migrate(database)


def test_what_is_written_while_it_is_read_is_read_after_that_and_a_score_is_stored_all_the_same(
    database: Database,
) -> None:
    unit_id, beside = large(database), BesidePieces()
    with database.transaction() as tx:
        happens(tx, unit_id)
    assert read_on(database, beside)
    with database.transaction() as tx:
        happens(tx, unit_id)
    assert read_on(database, beside)
    with database.transaction() as tx:
        newest, left = scores.latest(tx, unit_id), left_to_score.of_unit(tx, unit_id)
        assert newest is not None and left is not None and left.number == 2
    while read_on(database, beside):
        pass
    with database.transaction() as tx:
        stands(tx, unit_id)
    assert alerts_of(database, unit_id) == 2


def test_a_month_is_read_again_where_somebody_wrote_while_it_was_read_since_it_is_stored_once(
    database: Database,
) -> None:
    unit_id, beside = large(database, days=4), BesidePieces()
    with database.transaction() as tx:
        happens(tx, unit_id)
    assert read_on(database, beside)
    with database.transaction() as tx:
        happens(tx, unit_id)
    assert read_on(database, beside)
    with database.transaction() as tx:
        assert scores.latest(tx, unit_id) is None
    while read_on(database, beside):
        pass
    with database.transaction() as tx:
        stands(tx, unit_id)
        assert list(scores.month_ends(tx, unit_id)) == [date(2026, 10, 31)]


def test_the_level_before_an_event_is_that_of_before_it_also_where_its_month_was_over_before_it_was_scored(
    database: Database,
) -> None:
    unit_id, beside = large(database), BesidePieces()
    with database.transaction() as tx:
        happens(tx, unit_id, at("2026-11-30 23:59"))
    while read_on(database, beside, at("2026-12-01 00:01")):
        pass
    with database.transaction() as tx:
        assert [(str(day), one.shown) for day, one in scores.month_ends(tx, unit_id).items()] == [
            ("2026-11-30", "red")
        ]
        [raised] = alerts.of_unit(tx, unit_id)
        assert (raised.band_before, raised.band_after) == ("green", "red")


Deletion = Callable[[Transaction], ChildRows | None]


@pytest.mark.parametrize(
    "of_what",
    [lambda tx: holdings.of_signals(tx, [SignalId(1)]), lambda tx: holdings.find(tx, "AKT-1")],
    ids=["a signal of the unit", "a child"],
)
def test_no_score_is_stored_from_what_was_deleted_after_it_was_read(
    database: Database, of_what: Deletion
) -> None:
    unit_id, beside = large(database), BesidePieces()
    with database.transaction() as tx:
        happens(tx, unit_id)
    assert read_on(database, beside)
    with database.transaction() as tx:
        child = of_what(tx)
        assert child is not None
        purging.purge(tx, child)
        assert ("unit", unit_id) in tx.held
    assert read_on(database, beside)
    with database.transaction() as tx:
        assert scores.latest(tx, unit_id) is None
    while read_on(database, beside):
        pass
    with database.transaction() as tx:
        stands(tx, unit_id)


def test_what_another_replica_has_scored_meanwhile_is_not_scored_from_what_was_read_before(
    database: Database,
) -> None:
    unit_id, mine, other = large(database), BesidePieces(), BesidePieces()
    with database.transaction() as tx:
        happens(tx, unit_id)
    read_on(database, mine)
    while read_on(database, other):
        pass
    with database.transaction() as tx:
        happens(tx, unit_id)
        before = scores.latest(tx, unit_id)
    read_on(database, mine)
    with database.transaction() as tx:
        assert scores.latest(tx, unit_id) == before
    while read_on(database, mine):
        pass
    with database.transaction() as tx:
        stands(tx, unit_id)
    assert alerts_of(database, unit_id) == 2


async def test_two_who_write_and_two_who_score_at_once_miss_no_score_and_double_no_alert(
    database: Database,
) -> None:
    unit_id, told = large(database), list[None]()
    scorers = [LeftScorer(database, lambda: NOW, lambda: told.append(None)) for _ in range(2)]

    async def write_and_score(scorer: LeftScorer) -> None:
        for _ in range(3):
            await database.run(happens, unit_id)
            await scorer.score()

    await asyncio.gather(*map(write_and_score, scorers))
    with database.transaction() as tx:
        stands(tx, unit_id)
        kinds = [one.kind for one in alerts.of_unit(tx, unit_id)]
    # Of each event, and of the level that so many of them make.
    assert sorted(kinds) == ["band", *["event"] * 6]
    assert told


def test_what_a_bot_that_was_ended_has_left_is_scored_by_the_next_wake_though_that_was_begun_the_day_before(
    database: Database,
) -> None:
    unit_id = large(database)
    with database.transaction() as tx:
        tick_piece(tx, NOW - timedelta(days=1), Times(), most=1)
        happens(tx, unit_id)
        tick(tx, NOW, Times())
        stands(tx, unit_id)
    assert alerts_of(database, unit_id) == 1


async def test_the_bot_scores_what_a_turn_has_left_without_waiting_for_the_clock(database: Database) -> None:
    unit_id = large(database)
    async with at_the_edge(database, "2026-11-03 09:00") as edge:
        await database.run(happens, unit_id)
        await edge.post(edge.text("hjälp", key="karin"))
        async with asyncio.timeout(20):
            while await database.read_beside(left_to_score.is_any):
                await asyncio.sleep(0.02)
    assert alerts_of(database, unit_id) == 1


async def test_what_failed_once_is_told_in_the_log_and_begun_when_it_is_asked_for_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked_for, begun = asyncio.Event(), list[None]()

    async def work() -> None:
        begun.append(None)
        if len(begun) == 1:
            raise ValueError

    running = asyncio.create_task(when_asked(asked_for, work, "it failed"))
    for number in (1, 2):
        asked_for.set()
        async with asyncio.timeout(5):
            while len(begun) < number:
                await asyncio.sleep(0)
    running.cancel()
    assert caplog.messages == ["it failed"]
