"""What is due is done in bounded pieces, so that nobody waits long for the database, and all of it once."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain, pairwise, repeat
from typing import Any

import pytest

from followup import AlertId
from followup.messages.alerts import AlertRaised
from scheduler.jobs import JOBS, Times
from scheduler.piece import AIM, LEAST_PIECE, PIECE, PieceSize, next_size
from scheduler.waking import tick_piece, tick_sized
from scheduler.waking import wake as wake_all
from services.risk.reading_beside import LARGE, BesidePieces
from services.risk.scoring import READ_AT_ONCE, READING, catch_up, rescore, scored_on
from storage.engine.database import Database, Transaction
from storage.messages import claiming, ledger, queueing
from storage.messages.claiming import LONGEST_MOMENT
from storage.month import rounds
from storage.register import people, units
from storage.risk import scores
from storage.times import job_looks, wakes
from tests.support.builders import Register, at, without_digests
from tests.test_idle_tick import asked

pytestmark = pytest.mark.sqlite("räknar bitarna av en väckning, som är lika många på båda")
OPENS, LATER, OVER = at("2026-11-02 08:00"), at("2026-12-23 12:00"), at("2026-11-20 08:00")
WORKERS, EACH = 4, 5


@pytest.fixture
def town(on_sqlite: Database) -> Database:
    """Four workers with five placements each, in as many homes as there are workers."""
    with on_sqlite.transaction() as tx:
        register = Register(tx)
        manager = register.person("maria", "manager")
        for number in range(WORKERS):
            worker = register.person(f"w{number}", manager_id=manager)
            unit = register.unit(f"E{number}")
            for one in range(EACH):
                register.placement(worker, unit, case=f"AKT-{number}{one}", starts="2026-08-01")
        without_digests(tx)
    return on_sqlite


def changes(tx: Transaction) -> int:
    """Rows written, without the counts that the database keeps of them itself."""
    driver: Any = tx.connection.connection.driver_connection
    number: int = driver.total_changes
    return number - sum(job_looks.counted(tx).values())


def pieces(database: Database, most: int) -> Iterator[int]:
    """The rows that each piece wrote, until nothing more is due."""
    more = True
    while more:
        with database.transaction() as tx:
            before = changes(tx)
            more = tick_piece(tx, OPENS, Times(), most).more
            written = changes(tx) - before
        yield written


def said(database: Database, kind: str) -> list[int]:
    with database.transaction() as tx:
        return sorted(one.person_id or 0 for one in ledger.listed(tx, ("ready",)) if one.kind == kind)


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
@pytest.mark.parametrize("most", [3, 8, 500])
def test_each_piece_writes_no_more_than_its_share_and_one_person(town: Database, most: int) -> None:
    written = list(pieces(town, most))
    # A person is asked about all of hers at once; the wake is a row, and so is how far each job has come.
    assert max(written) <= most + 1 + EACH + 1 + len(JOBS)
    assert len(said(town, "prompt")) == len(set(said(town, "prompt"))) == WORKERS
    with town.transaction() as tx:
        (round_,) = rounds.asking_rounds(tx, OPENS)
        assert len(rounds.tasks(tx, [round_.id], OPENS.date())) == WORKERS * EACH


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
def test_a_round_that_was_half_opened_when_the_bot_was_ended_is_opened_whole_after_its_time(
    town: Database,
) -> None:
    next(pieces(town, 3))
    with town.transaction() as tx:
        (round_,) = rounds.asking_rounds(tx, OPENS)
        assert len(rounds.tasks(tx, [round_.id], OPENS.date())) == 3
        assert wakes.begin(tx, OVER) == (OPENS, "open")
    wake_all(town, OVER, Times())
    with town.transaction() as tx:
        assert len(rounds.tasks(tx, [round_.id], OVER.date())) == WORKERS * EACH
        assert wakes.begin(tx, OVER) == (OVER, None)
    assert len(said(town, "prompt")) == WORKERS
    assert len(said(town, "escalation")) == 1


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
def test_two_that_wake_at_once_do_between_them_what_one_does(town: Database) -> None:
    first, second = pieces(town, 4), pieces(town, 4)
    for _ in range(20):
        next(first, None)
        next(second, None)
    assert len(said(town, "prompt")) == WORKERS


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
def test_a_month_end_is_read_in_so_many_units_at_a_time(town: Database) -> None:
    wake_all(town, OPENS, Times())
    read: list[int] = []
    more = True
    while more:
        with town.transaction() as tx:
            before = _scores(tx)
            more = tick_piece(tx, LATER, Times(), 2 * READING).more
            read.append(_scores(tx) - before)
    # A month's end and today are what the piece has room for, beside those that it goes through with nothing to read.
    assert [number for number in read if number] == [2] * WORKERS


def test_a_unit_that_is_many_months_behind_is_read_so_many_of_them_in_a_piece_as_it_has_room_for(
    on_sqlite: Database,
) -> None:
    with on_sqlite.transaction() as tx:
        register = Register(tx)
        register.measured("2026-03")
        register.placement(register.person(), register.unit(), starts="2026-03-01")
    read, more = list[int](), True
    while more:
        with on_sqlite.transaction() as tx:
            before = _scores(tx)
            more = tick_piece(tx, OPENS, Times(), 3 * READING).more
            read.append(_scores(tx) - before)
    # March to October, and today.
    assert (sum(read), max(read)) == (9, 3)


def test_what_one_job_has_taken_all_the_time_for_is_gone_on_with_in_the_next_piece(town: Database) -> None:
    asked, more = list[str](), True
    while more:
        with town.transaction() as tx:
            more = tick_piece(tx, OPENS, Times(), is_over=lambda: True).more
            asked += [name for name in [wakes.begin(tx, OPENS)[1]] if name]
    assert list(dict.fromkeys(asked)) == list(JOBS)[1:]
    assert len(said(town, "prompt")) == WORKERS


def _scores(tx: Transaction) -> int:
    number: int = tx.connection.exec_driver_sql("select count(*) from score").scalar_one()
    return number


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
def test_a_piece_asks_none_of_the_jobs_before_the_one_that_it_goes_on_with(town: Database) -> None:
    wake_all(town, OPENS, Times())
    asked: list[int] = []
    more = True
    while more:
        statements: list[str] = []
        with town.transaction() as tx:
            driver: Any = tx.connection.connection.driver_connection
            driver.set_trace_callback(statements.append)
            more = tick_piece(tx, LATER, Times(), 2 * READING).more
            driver.set_trace_callback(None)
        asked.append(sum("ownership" in one and "report_task" in one for one in statements))
    # What is missing is looked up when it is escalated, and nothing of the kind while month ends are read before that.
    looked = [at for at, number in enumerate(asked) if number]
    assert max(later - sooner for sooner, later in pairwise(looked)) >= WORKERS


def test_each_reading_of_a_large_unit_has_a_transaction_to_itself_and_today_is_one_of_them(
    database: Database,
) -> None:
    with database.transaction() as tx:
        register = Register(tx)
        register.measured("2026-09")
        unit_id, worker = register.unit(), register.person()
        for _ in range(READ_AT_ONCE // 2 + 1):
            register.placement(worker, unit_id, starts="2026-09-01")
        unit = units.get(tx, unit_id)
    readings: list[int] = []
    read = 1
    while read:
        with database.transaction() as tx:
            read = catch_up(tx, unit, OPENS)
            readings.append(_scores(tx))
    # September, October and today.
    assert readings == [1, 2, 3, 3]
    with database.transaction() as tx:
        newest = scores.latest(tx, unit_id)
        assert newest is not None
        assert (newest.as_of, newest.month_end) == (OPENS.date(), False)


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
@pytest.mark.parametrize("meanwhile", [False, True])
def test_a_large_units_months_are_read_beside_the_writer_and_only_stored_by_it(
    on_sqlite: Database, meanwhile: bool
) -> None:
    """Where somebody has written of it meanwhile it is read anew there, and not put off for ever."""
    with on_sqlite.transaction() as tx:
        register = Register(tx)
        register.measured("2026-09")
        unit_id, worker = register.unit(), register.person()
        for _ in range(LARGE):
            register.placement(worker, unit_id, starts="2026-09-01")
    times, more, wanted, read_within = Times(beside=BesidePieces()), True, 0, list[bool]()
    assert times.beside is not None
    while more:
        with on_sqlite.transaction() as tx, asked(tx) as statements:
            more = tick_piece(tx, OPENS, times, most=1).more
        read_within.append(any("report.tells" in one for one in statements))
        left_to_read = times.beside.wanted is not None
        wanted += left_to_read
        with on_sqlite.reading() as look:
            times.beside.read(look)
        if meanwhile and left_to_read:
            with on_sqlite.transaction() as tx:
                # The municipality's first month becomes an earlier one, which every reading rests on.
                Register(tx).measured("2026-08")
    assert wanted == 1
    assert any(read_within) == meanwhile
    with on_sqlite.transaction() as tx:
        unit = units.get(tx, unit_id)
        for day in (date(2026, 9, 30), date(2026, 10, 31), OPENS.date()):
            stored = scores.latest(tx, unit_id, day)
            assert stored and (stored.as_of, stored.inputs) == (day, scored_on(tx, unit, day).proof)


def test_where_the_clock_goes_back_a_unit_is_not_read_again_and_again_until_it_has_come_so_far(
    tx: Transaction,
) -> None:
    register = Register(tx)
    register.measured("2026-06")
    unit_id, worker = register.unit(), register.person()
    for _ in range(READ_AT_ONCE // 4 + 1):
        register.placement(worker, unit_id, starts="2026-06-01")
    unit, ahead = units.get(tx, unit_id), OPENS + timedelta(days=33)
    # All months up to November, and that day.
    assert [catch_up(tx, unit, ahead) for _ in range(3)] == [3, 3, 1]
    before, read = _scores(tx), list[int]()
    for minutes in range(3):
        catch_up(tx, unit, OPENS + timedelta(minutes=minutes))
        read.append(_scores(tx) - before)
    assert read == [1, 1, 1]


@pytest.mark.parametrize(("since", "months"), [("2026-10", 1), ("2026-09", 2), ("2026-05", 6)])
def test_whoever_writes_of_a_unit_of_which_several_months_are_to_be_read_waits_for_none_of_them(
    database: Database, since: str, months: int
) -> None:
    """They are read beside the writer, and the wake finds what nobody has read; of one month that is over it is."""
    with database.transaction() as tx:
        register = Register(tx)
        register.measured(since)
        unit_id = register.unit()
        register.placement(register.person(), unit_id, starts=f"{since}-01")
    with database.transaction() as tx:
        left = rescore(tx, unit_id, OPENS) is None
        assert (left, _scores(tx)) == ((False, 2) if months == 1 else (True, 0))
    wake_all(database, OPENS + timedelta(minutes=2), Times())
    with database.transaction() as tx:
        # The months, today after them, and once more as what was left.
        assert (len(scores.month_ends(tx, unit_id)), _scores(tx)) == (months, months + 1 + left)
        newest = scores.latest(tx, unit_id)
        assert newest is not None
        assert (newest.as_of, newest.month_end) == (OPENS.date(), False)


@pytest.mark.parametrize(
    ("size", "seconds", "then"),
    [
        (PIECE, AIM, PIECE),
        (PIECE, 2 * AIM, PIECE // 2),
        (PIECE, 1000 * AIM, LEAST_PIECE),
        (100, AIM / 2, 200),
        (200, 2 * AIM, 100),
        (PIECE, 0, PIECE),
        (LEAST_PIECE, 0, 2 * LEAST_PIECE),
    ],
)
def test_a_piece_is_as_large_as_the_one_before_it_was_quick(size: int, seconds: float, then: int) -> None:
    assert next_size(size, seconds) == then


@pytest.mark.parametrize(("a_row", "smallest"), [(0.0, PIECE // 4), (1.0, LEAST_PIECE)])
def test_a_slow_machine_does_the_same_in_smaller_pieces(town: Database, a_row: float, smallest: int) -> None:
    size, sizes, more = PieceSize(), list[int](), True
    while more:
        sizes.append(size.rows)
        size.passed = chain([0.0], repeat(a_row * size.rows)).__next__
        with town.transaction() as tx:
            more = tick_sized(tx, OPENS, Times(), size).more
    assert min(sizes) == smallest
    assert len(said(town, "prompt")) == WORKERS


def test_managers_are_told_of_what_is_missing_a_few_in_each_piece_and_each_of_them_once(
    on_sqlite: Database,
) -> None:
    with on_sqlite.transaction() as tx:
        register = Register(tx)
        for number in range(7):
            manager = register.person(f"m{number}", "manager")
            worker = register.person(f"w{number}", manager_id=manager)
            register.placement(worker, register.unit(f"E{number}"), case=f"AKT-{number}", starts="2026-08-01")
        without_digests(tx)
    wake_all(on_sqlite, OPENS, Times())
    told, more = list[int](), True
    while more:
        with on_sqlite.transaction() as tx:
            woken = tick_piece(tx, OVER, Times(), 3)
            more = woken.more
        told.append(len(said(on_sqlite, "escalation")))
    assert told[-1] == len(set(said(on_sqlite, "escalation"))) == 7
    assert max(later - sooner for sooner, later in pairwise([0, *told])) <= 3


def test_what_a_moment_has_to_say_waits_until_it_is_through_but_for_what_is_urgent(town: Database) -> None:
    """Else clocks that are looked at after the month's list has gone would be a second message of the same day."""
    with town.transaction() as tx:
        [anybody, *_] = people.everyone(tx)
        queueing.queue(tx, "urgent", AlertRaised(AlertId(1)), OPENS, person_id=anybody, urgent=True)
        while len(ledger.listed(tx, ("ready",))) < 2:
            assert tick_piece(tx, OPENS, Times(), most=1).more
        assert {one.key for one in claiming.due(tx, OPENS, 100)} == {"urgent"}
        assert len(claiming.due(tx, OPENS + LONGEST_MOMENT, 100)) > 1, "one that is stuck holds nothing"
        while tick_piece(tx, OPENS, Times()).more:
            pass
        assert len(claiming.due(tx, OPENS, 100)) > 1
