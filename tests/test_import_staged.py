"""An import beside people at work: unseen until it is valid, in short transactions, and finished if it was ended."""

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Table, event, func, select, true

from bot.app import assembled
from bot.clock import ManualClock
from bot.registering import RegisterInUseError, Result, clear_leftover, import_files, score_imported
from bot.settings import Settings
from followup import PersonId, PlacementId, SignalId, TaskId, UnitId
from followup.times.month import Month
from scheduler.jobs import Times
from scheduler.waking import tick
from services.risk.scoring import READ_AT_ONCE
from storage.engine import tables
from storage.engine.columns import Sealed
from storage.engine.database import Database, StorageError, Transaction
from storage.engine.faults import is_busy
from storage.engine.imported import Imported, with_staged
from storage.engine.prepared import Prepared
from storage.engine.standing_tables import answer_count
from storage.imports import imports, ownership
from storage.imports.imports import PIECE, ImportUnderWayError, importing_alone
from storage.month import reports, rounds
from storage.overview import answer_counts
from storage.risk import evidence
from storage.signals import signals
from tests.support.builders_register import NOW, TODAY, Register, example
from tests.support.query_plans import plans
from tests.test_import_closings import END_IN_FILE

TEAM = {"Signatur": "karin", "Namn": "Karin Sjöberg", "Roll": "kvalitetsteam"}
SERIOUS = {"Märkning": "våld", "Konsekvens": "4", "Beslutad": "nej"}


# What a test has opened, to be closed after it.
OPENED: list[Database] = []
NUMBERS = itertools.count()


class KilledError(BaseException):
    """Nothing runs after it, as when the process is ended."""


@dataclass
class Watched(Database):
    """Counts the rows that each transaction writes; killed when it has made so many of them, or made it so."""

    url: str
    vault: Any
    lives: int = 1_000_000
    made_so: Callable[[Transaction], bool] = lambda _: False
    written: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.url, self.vault)
        OPENED.append(self)

    @contextmanager
    def piece(self) -> Iterator[Transaction]:
        with self.transaction() as tx:
            yield tx

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        if len(self.written) >= self.lives:
            raise KilledError
        with super().transaction() as tx:
            if self.made_so(tx):
                raise KilledError
            driver: Any = tx.connection.connection.driver_connection
            before = driver.total_changes
            yield tx
            self.written.append(driver.total_changes - before)


@pytest.fixture
def register(database: Database, tmp_path: Path) -> Iterator[Register]:
    """The example register, with one who is told of alerts and a signal that is to be one."""
    files = tmp_path / "files"
    files.mkdir()
    register = Register(database, files)
    register.write_all()
    register.write("personer", *(example("personer", one) for one in (TEAM, {"Signatur": "annber"}, MANAGER)))
    register.write("signaler", example("signaler", SERIOUS))
    yield register
    while OPENED:
        OPENED.pop().close()


MANAGER = {"Signatur": "marek", "Namn": "Maria Ek", "Roll": "chef", "Chef": ""}


def read_in(register: Register, database: Database | None = None, **given: Any) -> Result:
    return import_files(database or register.database, [register.directory], NOW, **given)


def stored(database: Database, *, all_rows: bool = False) -> dict[str, list[dict[str, object]]]:
    """Everything that can be read, but for what is sealed, which is never sealed alike twice.

    How many changes there have been says only where to look again, and counts staged rows too.
    """
    with database.transaction() as tx:
        return {
            name: [row._asdict() for row in _reading(table, all_rows=all_rows).all(tx.connection, {})]
            for name, table in tables.metadata.tables.items()
            if table not in (tables.change_count, tables.uncounted_change)
        }


@cache
def _reading(table: Table, *, all_rows: bool) -> Prepared:
    there = with_staged(table) if all_rows else table
    open_ = [column for column in there.columns if not isinstance(column.type, Sealed)]
    seen = _seen(there, all_rows=all_rows)
    return Prepared(select(*open_).where(seen).order_by(*there.primary_key.columns))


def _seen(table: Table, *, all_rows: bool) -> ColumnElement[bool]:
    """What staged rows ask and answer is counted apart from what everybody sees."""
    return true() if all_rows or table is not answer_count else answer_counts.valid(table)


def valid_imports(database: Database) -> int:
    with database.transaction() as tx:
        return valid_in(tx)


def valid_in(tx: Transaction) -> int:
    of = select(func.count()).where(tables.register_import.c.state == "valid")
    return tx.connection.execute(of).scalar_one()


def copied(file: Path, to: Path) -> Path:
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
    return to


def is_valid(tx: Transaction) -> bool:
    return valid_in(tx) > 0


def has_reports(tx: Transaction) -> bool:
    return tx.connection.execute(select(with_staged(tables.report).c.id).limit(1)).first() is not None


def kept_as_it_is(register: Register) -> Path:
    file = Path(str(register.database.engine.url.database))
    return copied(file, file.with_name("kept.db"))


def died(
    register: Register,
    kept: Path,
    lives: int = 1_000_000,
    made_so: Callable[[Transaction], bool] = lambda _: False,
) -> Watched | None:
    """The database as the import has left it that ended after so many transactions, or when it had made it so."""
    path = copied(kept, kept.with_name(f"killed{next(NUMBERS)}.db"))
    killed = Watched(f"sqlite:///{path}", register.database.vault, lives, made_so)
    try:
        read_in(register, killed)
    except KilledError:
        killed.lives, killed.made_so = 1_000_000, lambda _: False
        return killed
    return None


def deaths(register: Register) -> Iterator[tuple[Database, dict[str, list[dict[str, object]]]]]:
    """The database as it is left when the process ends after each of the import's transactions, and what it was."""
    before, kept = stored(register.database), kept_as_it_is(register)
    for lives in itertools.count(1):
        killed = died(register, kept, lives)
        if killed is None:
            return
        yield killed, before


@pytest.mark.sqlite("dödar en import och prövar på kopior av databasens fil")
def test_an_import_that_is_killed_shows_nothing_or_all_of_it_and_is_finished_as_if_it_had_not_been(
    register: Register,
) -> None:
    read_in(register)
    register.write("enheter", example("enheter"), example("enheter", {"Enhetskod": "E-2"}))
    register.write("placeringar", example("placeringar", {"Alias": "Räven"}), child("BU-2"))
    register.write("rapporter", report(Trygg="nej"), report(Månad="2025-09", Inkommen=""))
    register.write("signaler", example("signaler", {"Konsekvens": "4"}), signal_of("S-2"))
    left: list[tuple[bool, Any]] = []
    for killed, before in deaths(register):
        seen = stored(killed)
        is_valid = valid_imports(killed) == 2
        if is_valid:
            assert len(seen["report"]) == 3
        else:
            assert {
                name: rows for name, rows in seen.items() if name not in ("register_import", "import_unit")
            } == {
                name: rows for name, rows in before.items() if name not in ("register_import", "import_unit")
            }
        score_imported(killed, NOW)
        if not is_valid:
            read_in(register, killed)
        left.append((is_valid, stored(killed, all_rows=True)))
    read_in(register)
    whole = stored(register.database, all_rows=True)
    assert {is_valid for is_valid, _ in left} == {False, True}
    assert len(left) > 10
    assert all(found == whole for _, found in left)
    assert whole["alert"] and whole["delivery"]


def child(case: str, unit: str = "E-01") -> dict[str, str]:
    return example("placeringar", {"Aktreferens": case, "Enhetskod": unit})


def report(**changes: str) -> dict[str, str]:
    return example("rapporter", changes)


def signal_of(number: str) -> dict[str, str]:
    return example("signaler", {**SERIOUS, "Signalnummer": number})


@pytest.mark.sqlite("dödar en import och prövar på kopior av databasens fil")
def test_what_a_killed_import_left_is_taken_away_by_the_next_one_and_nothing_else(register: Register) -> None:
    untouched = stored(register.database)
    for killed, _ in deaths(register):
        if not valid_imports(killed):
            clear_leftover(killed)
            assert stored(killed, all_rows=True) == untouched


def many(register: Register, placements: int, months: int) -> None:
    cases = ["BU-2025-014", *(f"BU-{number}" for number in range(1, placements))]
    register.write("placeringar", *(child(case) for case in cases))
    of_months = [str(Month(2026, number)) for number in range(1, months + 1)]
    register.write(
        "rapporter",
        *(report(Aktreferens=case, Månad=month, Inkommen="") for month in of_months for case in cases),
    )


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
def test_no_transaction_writes_more_than_a_piece_nor_reads_more_history_than_its_share(
    register: Register,
) -> None:
    many(register, PIECE + 100, 1)
    watched = Watched(register.database.url, register.database.vault)
    told: list[tuple[int, int]] = []
    read_in(register, watched, staged=lambda done, total: told.append((done, total)))
    # A task and a report change a count each.
    assert max(watched.written) == 2 * PIECE
    # Placements and owners, tasks and reports, each in two pieces.
    assert watched.written.count(PIECE) == watched.written.count(100) == 2
    assert watched.written.count(2 * PIECE) == watched.written.count(200) == 2
    # A home with so many children is read one month at a time: a reading, how it stands, and where to go on.
    assert PIECE > READ_AT_ONCE
    readings = len(register.rows(tables.score)) - 1
    assert set(watched.written[-readings:-1]) == {3}
    assert told[-1] == (told[-1][1], 2 * (PIECE + 100) + 11)
    assert sorted(told) == told


def test_a_second_import_at_the_same_time_is_refused(register: Register) -> None:
    with importing_alone(register.database), pytest.raises(ImportUnderWayError):
        read_in(register)
    assert not register.rows(tables.person)
    read_in(register)
    assert register.rows(tables.person)


def while_staged(deed: Callable[[Transaction], object], database: Database) -> Callable[[int, int], None]:
    """Somebody does it each time that the import has put its first rows in."""
    first: list[int] = []

    def staged(done: int, _: int) -> None:
        first.append(done)
        if done == first[0]:
            with database.transaction() as tx:
                deed(tx)

    return staged


def hand_in(tx: Transaction) -> object:
    return reports.save(
        tx, TaskId(1), {"feels_safe": "partly"}, by_statement=False, author_id=PersonId(1), now=NOW
    )


def test_a_report_that_is_corrected_meanwhile_is_kept_and_the_files_are_checked_anew(
    register: Register,
) -> None:
    read_in(register)
    register.write("rapporter", report(Trygg="nej"))
    result = read_in(register, staged=while_staged(hand_in, register.database))
    assert [problem.what.id for problem in result.reading.problems] == ["import.report.exists"]
    kept = [(row["version"], row["feels_safe"]) for row in register.rows(tables.report)]
    assert [answer for _, answer in kept] == ["yes", "partly"]
    assert len(stored(register.database, all_rows=True)["report"]) == 2


def test_a_signal_that_is_decided_meanwhile_is_kept_and_the_files_are_checked_anew(
    register: Register,
) -> None:
    read_in(register)
    register.write("signaler", signal_of("S-2025-031") | {"Konsekvens": "1"})

    def dismiss(tx: Transaction) -> object:
        return signals.revise(
            tx, SignalId(1), {"dismissed": True}, reason="Dubblett.", author_id=PersonId(1), now=NOW
        )

    result = read_in(register, staged=while_staged(dismiss, register.database))
    assert [problem.what.id for problem in result.reading.problems] == ["import.signal.exists"]
    assert [row["dismissed"] for row in register.rows(tables.signal_version)] == [False, True]


def test_what_people_write_about_other_things_is_in_nobodys_way(register: Register) -> None:
    read_in(register)
    register.write("rapporter", report(Månad="2025-09", Inkommen=""))
    result = read_in(register, staged=while_staged(hand_in, register.database))
    assert result.imported is not None
    assert [row["version"] for row in register.rows(tables.report)] == [1, 2, 1]


def test_an_import_that_is_never_let_through_says_so_and_leaves_nothing(register: Register) -> None:
    read_in(register)
    before = stored(register.database)
    register.write("placeringar", example("placeringar"), child("BU-2"))
    days = iter(range(1, 30))

    def hand_over(tx: Transaction) -> None:
        ownership.hand_over(tx, [PlacementId(1)], PersonId(2), TODAY + timedelta(days=next(days)), NOW)

    with pytest.raises(RegisterInUseError):
        read_in(register, staged=while_staged(hand_over, register.database))
    after = stored(register.database, all_rows=True)
    assert {name for name in before if after[name] != before[name]} == {"ownership"}


def test_a_round_that_opens_meanwhile_is_the_same_round(register: Register) -> None:
    read_in(register)
    register.write("rapporter", report(Månad="2025-09", Inkommen=""))
    month, at = Month(2025, 9), NOW + timedelta(days=30)

    def open_round(tx: Transaction) -> None:
        round_ = rounds.open_round(tx, month, NOW, at, at)
        rounds.add_task(tx, round_.id, PlacementId(1))

    read_in(register, staged=while_staged(open_round, register.database))
    (opened,) = [row for row in register.rows(tables.round_) if row["month"] == month]
    assert opened["asks"]
    assert len([row for row in register.rows(tables.report_task) if row["round_id"] == opened["id"]]) == 1


@pytest.mark.sqlite("dödar en import och prövar på kopior av databasens fil")
def test_the_clock_leaves_what_an_import_has_to_score_to_it(register: Register) -> None:
    killed = died(register, kept_as_it_is(register), made_so=is_valid)
    assert killed
    with killed.transaction() as tx:
        tick(tx, NOW, Times())
    assert not stored(killed)["score"]
    score_imported(killed, NOW)
    assert stored(killed)["score"][-1]["as_of"] == TODAY


@pytest.mark.sqlite("dödar en import och prövar på kopior av databasens fil")
async def test_the_bot_finishes_what_an_import_has_left(register: Register, tmp_path: Path) -> None:
    kept = kept_as_it_is(register)
    half, unscored = died(register, kept, made_so=has_reports), died(register, kept, made_so=is_valid)
    assert half and unscored and not valid_imports(half)
    settings = Settings(local=True, port=1, var=tmp_path)
    for killed in (half, unscored):
        with closing(Database(killed.url, killed.vault)) as database:
            async with assembled(settings, database, ManualClock(NOW)) as (bot, _):
                await bot.finish_imports()
            with database.transaction() as tx:
                assert not imports.is_unfinished(tx)
    assert not stored(half, all_rows=True)["person"]
    assert stored(unscored)["score"]


@pytest.mark.sqlite("dödar en import och prövar på kopior av databasens fil")
def test_every_table_that_an_import_fills_is_one_whose_staged_rows_are_not_read(register: Register) -> None:
    register.write("placeringar", example("placeringar", {"Till": "2025-10-31", "Avslutsorsak": "ålder"}))
    register.write("rapporter", example("rapporter", END_IN_FILE))
    kept = kept_as_it_is(register)
    valid = died(register, kept, made_so=is_valid)
    killed = valid and died(register, kept, len(valid.written) - 1)
    assert killed and not valid_imports(killed)
    seen = stored(killed)
    hidden = {name for name, rows in stored(killed, all_rows=True).items() if rows != seen[name]}
    imported = {table.name for table in tables.metadata.sorted_tables if isinstance(table, Imported)}
    assert hidden == {*imported, "answer_count"}


@contextmanager
def kept_from(register: Register) -> Iterator[tuple[Database, sqlite3.Connection]]:
    """The database as an import sees it that waits for nobody, and another that can keep it."""
    register.write("enheter", example("enheter"), example("enheter", {"Enhetskod": "E-2"}))
    register.write("placeringar", example("placeringar"), child("BU-2", "E-2"))
    other = sqlite3.connect(str(register.database.engine.url.database), isolation_level=None)
    impatient = Database(register.database.url, register.database.vault)
    event.listen(
        impatient.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=0")
    )
    with closing(other), closing(impatient):
        yield impatient, other


@pytest.mark.sqlite("dödar en import och prövar på kopior av databasens fil")
def test_an_import_that_the_database_is_kept_from_has_changed_nothing_and_is_done_by_running_it_again(
    register: Register,
) -> None:
    untouched = stored(register.database)
    with kept_from(register) as (impatient, other):
        with pytest.raises(StorageError) as raised:
            read_in(
                register,
                impatient,
                staged=lambda *_: other.in_transaction or other.execute("BEGIN IMMEDIATE"),
            )
        assert is_busy(raised.value)
        other.execute("ROLLBACK")
        assert (valid_imports(register.database), stored(register.database)["person"]) == (
            0,
            untouched["person"],
        )
        assert read_in(register, impatient).unscored == 0
    assert valid_imports(register.database) == 1


@pytest.mark.sqlite("dödar en import och prövar på kopior av databasens fil")
def test_an_import_whose_units_could_not_be_scored_is_done_and_says_how_many_are_left(
    register: Register,
) -> None:
    with kept_from(register) as (impatient, other):
        result = read_in(
            register,
            impatient,
            scored=lambda *_: other.in_transaction or other.execute("BEGIN IMMEDIATE"),
        )
        other.execute("ROLLBACK")
        with register.database.transaction() as tx:
            left = len(imports.unscored(tx))
    assert result.imported is not None
    assert 0 < result.unscored == left
    assert valid_imports(register.database) == 1
    score_imported(register.database, NOW)
    with register.database.transaction() as tx:
        assert not imports.is_unfinished(tx)


@pytest.mark.sqlite("läser SQLites frågeplan")
def test_the_newest_valid_version_of_anything_is_found_in_an_index_alone(register: Register) -> None:
    read_in(register)
    with register.database.transaction() as tx:
        list_of_one = plans(tx, lambda: rounds.tasks_that_may_be_of(tx, PersonId(1), NOW, TODAY))
        evidence_of_a_unit = plans(tx, lambda: evidence.report_facts(tx, UnitId(1), Month(2026, 9), NOW))
    looked_up = [
        found
        for plan in (list_of_one, evidence_of_a_unit)
        for before, found in itertools.pairwise(plan)
        if before.startswith("CORRELATED")
    ]
    assert len(looked_up) == 3
    assert all("COVERING INDEX" in one for one in looked_up), looked_up
