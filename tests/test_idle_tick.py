"""A wake with nothing due finds that in a few rows, however large the register is; and what changes is looked at."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from bench.scale_register import Size, fill
from followup import PersonId, PlacementId, UnitId
from followup.people import Leave
from followup.signals.progress import SignalProgress
from scheduler.asking import MANY
from scheduler.jobs import DIGEST, JOBS, Times
from scheduler.piece import PIECE
from scheduler.signals import tell_of_signals
from scheduler.waking import tick, tick_piece
from services.risk.scoring import due_from
from storage.engine.database import Database, Transaction
from storage.log import log_chain
from storage.messages import ledger, settling
from storage.month import rounds
from storage.register import people, units
from storage.risk import standings
from storage.signals import progress, signals
from storage.times import job_looks
from tests.support.builders import Register, at, without_digests
from tests.support.deeds import trial
from tests.support.query_plans import plans
from tests.test_threshold import COMPLAINT as KIND

OPENS = at("2026-11-02 08:00")
SMALL, LARGE = Size(45), Size(450)
COMPLAINT = {**KIND, "event_on": OPENS.date().isoformat(), "consequence": "2"}


@contextmanager
def asked(tx: Transaction) -> Iterator[list[str]]:
    """The statements that are run, with the values in them; one whose triggers run is told again for each row."""
    driver: Any = tx.connection.connection.driver_connection
    statements: list[str] = []

    def told(one: str) -> None:
        if not (one.startswith("INSERT") and statements[-1:] == [one]):
            statements.append(one)

    driver.set_trace_callback(told)
    yield statements
    driver.set_trace_callback(None)


def settle(tx: Transaction, size: Size) -> None:
    """A town whose October has been opened and asked about, so that nothing is due until something happens."""
    fill(tx, size)
    without_digests(tx)
    tick(tx, OPENS, Times())
    # What the wake did itself is looked through once, as anything is that happens.
    tick(tx, OPENS, Times())


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
@pytest.mark.parametrize("minutes", [1, 60])
def test_a_wake_with_nothing_due_asks_the_same_few_things_of_a_small_town_and_a_large_one(
    on_sqlite: Database, minutes: int
) -> None:
    numbers = []
    for size in (SMALL, LARGE):
        with trial(on_sqlite) as tx:
            settle(tx, size)
            with asked(tx) as statements:
                woken = tick_piece(tx, OPENS + timedelta(minutes=minutes), Times())
            assert (woken.queued, woken.more) == (0, False)
            numbers.append(len(statements))
    assert numbers[0] == numbers[1] < 30


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
def test_a_wake_with_nothing_due_walks_through_nothing(on_sqlite: Database) -> None:
    with on_sqlite.transaction() as tx:
        settle(tx, SMALL)
        later = OPENS + timedelta(minutes=1)
        found = plans(tx, lambda: tick_piece(tx, later, Times()))
    # A round a month, a row a job and a row a topic are read whole, and large units that wait for seconds.
    walked = {one.split()[1] for one in found if one.startswith("SCAN")}
    short = {"round", "job_look", "change_count", "wake", "risk_config", "base_levels", "left_to_score"}
    assert walked <= short


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
def test_no_piece_of_an_opening_asks_more_than_its_share(on_sqlite: Database, size: Size) -> None:
    """Counted in statements, which nothing but the size of the pieces may decide."""
    numbers, more = [], True
    with on_sqlite.transaction() as tx:
        fill(tx, size)
        without_digests(tx)
    while more:
        with on_sqlite.transaction() as tx, asked(tx) as statements:
            more = tick_piece(tx, OPENS, Times(), 100).more
        numbers.append(len(statements))
    assert max(numbers) < 250


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
def test_units_whose_months_have_been_read_are_found_together_and_not_asked_one_by_one(
    on_sqlite: Database, size: Size
) -> None:
    with on_sqlite.transaction() as tx:
        settle(tx, size)
        with asked(tx) as statements:
            done = JOBS["read_month_ends"].work(tx, OPENS, Times(), PIECE, None)
    assert (done.place, len(statements)) == (None, 4)


def test_what_is_found_to_be_read_is_what_each_unit_would_say_of_itself(database: Database) -> None:
    with database.transaction() as tx:
        settle(tx, SMALL)
        every = units.units_after(tx, UnitId(0), 9)
        for day in ("2026-10-31", "2026-11-02", "2026-11-30", "2026-12-01"):
            moment = at(day)
            found = standings.up_to_date(tx, UnitId(0), every[-1].id, moment.date())
            assert found == {one.id for one in every if due_from(tx, one, moment) is None}, day


def test_a_digest_takes_as_many_rows_of_a_piece_as_it_asks_things(database: Database) -> None:
    with database.transaction() as tx:
        fill(tx, LARGE)
        tick(tx, OPENS - timedelta(days=3), Times())
        done = JOBS["tell_of_the_week"].work(tx, OPENS, Times(), 2 * DIGEST, None)
    assert (done.queued, done.rows) == (2, 2 * DIGEST)


def test_postgresql_has_seen_what_a_round_asks_of_before_anybody_is_asked_about_it(
    on_postgresql: Database,
) -> None:
    """Else it plans as if the round had no task, and looks through all of them for each person and each unit."""
    with on_postgresql.transaction() as tx:
        fill(tx, Size(2 * MANY))
        without_digests(tx)
    with on_postgresql.transaction() as tx:
        assert tick_piece(tx, OPENS, Times(), most=MANY).more
    with on_postgresql.transaction() as tx:
        assert job_looks.all_looks(tx)["open"].until is None
        assert len(seen_rounds(tx)) == 2, "the first hundred"


def seen_rounds(tx: Transaction) -> list[str]:
    of_rounds = "tablename = 'report_task' and attname = 'round_id'"
    asked = f"select unnest(most_common_vals::text::text[]) from pg_stats where {of_rounds}"
    return list(tx.connection.exec_driver_sql(asked).scalars())


# What is as long as there are months, jobs, versions and words, and not as the register is large.
SHORT = {
    *("round", "job_look", "change_count", "wake", "risk_config", "base_levels", "clock_term", "term"),
    *("register_import", "digest_choice", "CONSTANT", "left_to_score"),
}
# In the plan, and not walked: an insert's foreign keys, looked up where one is broken; along the index of days, to the
# first that an import gave and only where there is one; and what a manager is told of units' contracts, once a piece.
ALL_THE_SAME = {"alert", "signal_version", "contract"}


@pytest.mark.sqlite("läser SQLites frågeplaner")
def test_no_piece_of_a_month_walks_through_a_register(on_sqlite: Database) -> None:
    """An opening, its reminders, its end and the law's clocks, with somebody away: each thing is found by index."""
    with on_sqlite.transaction() as tx:
        fill(tx, SMALL)
        log_chain.begin(tx, OPENS)
        away(tx)
    walked = set[str]()
    for moment in ("2026-11-02 08:00", "2026-11-09 08:00", "2026-11-16 08:00", "2027-01-05 09:00"):
        for found in plans_of_pieces(on_sqlite, at(moment)):
            walked |= {one.split()[1] for one in found if one.startswith("SCAN")}
    assert {re.sub(r"_\d$", "", one) for one in walked if not one.startswith("(")} <= SHORT | ALL_THE_SAME


def plans_of_pieces(database: Database, now: datetime) -> Iterator[list[str]]:
    more = [True]
    while more[-1]:
        with database.transaction() as tx:
            yield plans(tx, lambda: more.append(tick_piece(tx, now, Times(clocks=True)).more))


def away(tx: Transaction) -> None:
    (worker, other) = people.active_after(tx, PersonId(SMALL.managers), 2)
    people.record_leave(tx, Leave(worker.id, OPENS.date(), OPENS.date(), other.id), OPENS)


def reassigned(tx: Transaction) -> None:
    owners = tx.connection.exec_driver_sql("select owner_id from ownership where placement_id = 1").scalars()
    taken = set(owners)
    other = next(one for one in people.active_after(tx, PersonId(SMALL.managers), 3) if one.id not in taken)
    Register(tx).owner(PlacementId(1), other.id, since="2026-11-01")


def unreached(tx: Transaction) -> None:
    prompt = next(one for one in ledger.listed(tx, ("ready",)) if one.kind == "prompt")
    settling.settle(tx, prompt.id, "cancelled", reason="nothing left to say")


def placed(tx: Transaction) -> None:
    worker = people.active_after(tx, PersonId(SMALL.managers), 1)[0]
    Register(tx).placement(worker.id, UnitId(1), case="AKT-NEW", starts="2026-10-01")


def ownerless(tx: Transaction) -> None:
    Register(tx).placement(None, UnitId(1), case="AKT-NOBODYS", starts="2026-10-01")


@pytest.mark.parametrize("changed", [away, reassigned, unreached, placed, ownerless])
def test_what_changes_is_looked_at_by_the_next_wake(database: Database, changed: Any) -> None:
    with database.transaction() as tx:
        settle(tx, SMALL)
        if changed is not unreached:
            tx.connection.exec_driver_sql("update delivery set state = 'sent'")
        changed(tx)
        assert tick(tx, OPENS + timedelta(minutes=1), Times()) >= 1
        assert tick(tx, OPENS + timedelta(minutes=2), Times()) == 0


def test_a_wake_that_trusts_what_it_has_looked_through_misses_nothing(database: Database) -> None:
    """The same moment once more with everything looked at anew finds nothing, whatever has happened between."""
    with database.transaction() as tx:
        settle(tx, SMALL)
        for number, change in enumerate((away, placed, reassigned, ownerless, unreached, away)):
            change(tx)
            for later in (timedelta(hours=1), timedelta(days=1)):
                moment = OPENS + timedelta(days=2 * number) + later
                tick(tx, moment, Times())
                job_looks.forget_all(tx)
                assert tick(tx, moment, Times()) == 0


# By topic something that changes each of its tables.
TABLES = {
    "register": ("placement", "ownership", "unit", "person", "provider"),
    "absence": ("leave", "snooze"),
    "alert": ("alert",),
    "method": ("risk_config", "base_levels"),
    "duty": ("digest_choice", "log_review", "selection_cycle", "follow_up_version", "action_version"),
}


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
def test_the_database_counts_the_changes_of_every_topic_that_a_job_waits_for(on_sqlite: Database) -> None:
    with on_sqlite.transaction() as tx:
        triggers = tx.connection.exec_driver_sql("select name from sqlite_master where type = 'trigger'")
        named = set(triggers.scalars())
    assert {one.split("_")[1] for one in named if one.startswith("count_")} == {
        topic for job in JOBS.values() for topic in job.topics
    }
    # A table that is rebuilt by a migration loses its triggers without a word.
    for topic, tables in TABLES.items():
        for table in tables:
            assert {f"count_{topic}_{table}_{event}" for event in ("insert", "update", "delete")} <= named
    assert {
        "count_round_round_insert",
        "count_task_report_task_insert",
        "count_task_delivery_update",
    } <= named


def test_what_an_import_is_putting_in_counts_when_it_is_valid_and_not_before(database: Database) -> None:
    with database.transaction() as tx:
        settle(tx, SMALL)
        before = job_looks.counted(tx)
        run = tx.connection.exec_driver_sql
        run(
            "insert into register_import (id, state, started_at, marks) values (1, 'staging', '2026-11-02', '{}')"
        )
        run("insert into provider (org_number, name, import_id) values ('556000-0000', 'Ny', 1)")
        assert job_looks.counted(tx) == before
        run("update register_import set state = 'valid', valid_at = '2026-11-02' where id = 1")
        assert job_looks.counted(tx)["register"] == before["register"] + 1
        assert rounds.asking_rounds(tx, OPENS)


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
def test_the_wake_reads_no_more_signals_than_tell_it_that_one_came(on_sqlite: Database) -> None:
    numbers = []
    for came in (1, 7):
        with trial(on_sqlite) as tx:
            register = Register(tx)
            register.person("karin", "quality")
            unit_id, worker = register.unit(), register.person()
            for _ in range(came):
                new = signals.save(
                    tx,
                    COMPLAINT,
                    unit_id=unit_id,
                    placement_id=None,
                    task_id=None,
                    author_id=worker,
                    now=OPENS,
                )
                begun = SignalProgress(new.id, "quality", "received", None, OPENS)
                progress.begin(tx, begun, None, OPENS)
            with asked(tx) as statements:
                assert tell_of_signals(tx, OPENS + timedelta(days=1), 10) == 1
            numbers.append(len(statements))
    assert numbers[0] == numbers[1]
