"""The report's figures: each equal to an independent count of the stored rows, and each with unit and source."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import text

from followup.clocks.due import ClockDue, due_between, times_of
from followup.figures.period import period_of
from followup.figures.year import year_tables
from followup.wording.share import percent
from storage.clocks import owners, stays
from storage.clocks.own import clocks
from storage.engine.database import Database
from tests.conftest import Another
from tests.support.as_file import rows_of
from tests.support.builders import Register
from tests.support.demo_year import MADE_AT
from tests.support.independent_backtest import count_backtest
from tests.support.independent_clocks import count_clocks
from tests.support.independent_count import Counted, Stored, count
from tests.support.independent_year import count_year
from tests.support.year_stage import demo_municipality, facts_of, period
from texts.catalogue import messages


@pytest.fixture(scope="module")
def demo(another: Another, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The demo municipality and its year, played once for the module."""
    with demo_municipality(another, tmp_path_factory.mktemp("demo"), played=True) as database:
        # Some of the year's clocks were due before the placements were in the register here, and some after.
        with database.transaction() as tx:
            in_march = {"moment": "2026-03-01 09:00:00.000000"}
            tx.connection.execute(text("update placement set registered_at = :moment"), in_march)
        yield database


def counted_again(database: Database, year: int = 2026) -> Counted:
    stored = stored_rows(database, year)
    return {**count(stored), **count_year(stored), **count_backtest(stored), **count_clocks(stored)}


def stored_rows(database: Database, year: int = 2026) -> Stored:
    of_year = period(year)
    path = rows_of(database)
    return Stored(path, database.vault, year, of_year.starts, of_year.until, MADE_AT)


def figures(database: Database, year: int = 2026) -> dict[str, tuple[object, int | None]]:
    tables = year_tables(facts_of(database, year))
    return {figure.name: (figure.value, figure.of) for one in tables.values() for figure in one.figures}


def test_every_figure_of_the_demo_year_equals_an_independent_count(demo: Database) -> None:
    found = figures(demo)
    assert len(found) > 300
    assert found == counted_again(demo)


def test_a_clock_that_was_due_before_the_placement_was_known_here_is_not_told_as_missed(
    demo: Database,
) -> None:
    """In the demo as it is read in, in October, no clock of the year is told of; from March on some are."""
    due = figures(demo)["clocks.all.due"][0]
    assert isinstance(due, int)
    assert 0 < due < len(everything_due(demo))


def everything_due(database: Database) -> list[ClockDue]:
    of_year = period()
    with database.transaction() as tx:
        ids = [one.id for one in owners.of_everybody(tx, of_year.until, of_year.starts - owners.AFTER_CARE)]
        facts, rows = stays.known(tx, ids, MADE_AT), clocks(tx)
    return [one for each in facts for one in due_between(times_of(each, rows), of_year.starts, of_year.until)]


def test_every_figure_of_the_year_before_does_too(demo: Database) -> None:
    assert figures(demo, 2025) == counted_again(demo, 2025)


def test_a_year_without_data_has_no_figure_but_zeros(demo: Database) -> None:
    found = figures(demo, 2019)
    assert found == counted_again(demo, 2019)
    assert {value for value, _ in found.values()} == {0}


def test_every_figure_has_a_unit_and_a_source_that_say_what_it_is(demo: Database) -> None:
    texts = messages("sv")
    for one in year_tables(facts_of(demo)).values():
        for figure in one.figures:
            assert f"year.unit.{figure.unit}" in texts, figure.name
            assert f"year.source.{figure.source}" in texts, figure.name


def test_no_figure_has_the_name_of_another(demo: Database) -> None:
    names = [figure.name for one in year_tables(facts_of(demo)).values() for figure in one.figures]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (5, 96, 5),
        (41, 96, 43),
        (82, 207, 40),
        (13, 50, 26),
        (1, 8, 13),
        (0, 7, 0),
        (7, 7, 100),
        (0, 0, None),
    ],
)
def test_percent_is_whole_and_a_half_goes_up(part: int, whole: int, expected: int | None) -> None:
    assert percent(part, whole) == expected


@pytest.mark.parametrize(
    ("draft", "today", "first", "until", "is_over"),
    [
        (date(2026, 9, 15), date(2026, 11, 2), "2025-09-01", "2026-08-31", True),
        (date(2026, 9, 15), date(2026, 9, 1), "2025-09-01", "2026-08-31", True),
        (date(2026, 9, 15), date(2026, 3, 10), "2025-09-01", "2026-03-10", False),
        (date(2026, 10, 1), date(2026, 10, 1), "2025-10-01", "2026-09-30", True),
        (date(2027, 9, 15), date(2026, 1, 1), "2026-09-01", "2026-09-01", False),
    ],
)
def test_the_period_is_the_last_twelve_whole_months_before_the_draft(
    draft: date, today: date, first: str, until: str, is_over: bool
) -> None:
    found = period_of(draft.year, draft, today)
    assert (str(found.starts), str(found.until), found.is_over) == (first, until, is_over)


def test_the_own_foster_homes_are_in_no_figure(database: Database) -> None:
    with database.transaction() as tx:
        register = Register(tx)
        anna = register.person()
        register.placement(anna, register.unit("KFH", form="kommunens_familjehem"))
    assert {value for value, _ in figures(database).values()} == {0}
