"""Both databases are tested: a rule says which tests PostgreSQL has too, and none is left out by hand."""

import pytest

from storage.engine.database import Database
from tests.support.either_database import on_postgresql


@pytest.mark.parametrize("_number", [1, 2])
def test_each_case_has_the_database_that_was_asked_for(
    database: Database, request: pytest.FixtureRequest, _number: int
) -> None:
    wanted = "postgresql" if request.config.getoption("--postgresql") else "sqlite"
    assert database.engine.dialect.name == wanted


def test_the_first_case_of_each_is_run_on_postgresql_and_all_where_all_are_asked_for(
    request: pytest.FixtureRequest,
) -> None:
    here = [item for item in request.session.items if item.path == request.path]
    first, rest = on_postgresql(here, "first")
    every, none = on_postgresql(here, "all")
    cases = "test_each_case_has_the_database_that_was_asked_for"
    assert [item.name for item in first if cases in item.name] == [f"{cases}[1]"]
    assert [item.name for item in every if cases in item.name] == [f"{cases}[1]", f"{cases}[2]"]
    # This one has no database, and is left out of both.
    assert request.node in rest
    assert request.node in none
    assert {*first, *rest} == {*every, *none} == {*here}


def test_what_is_about_sqlite_is_left_to_it(on_sqlite: Database, request: pytest.FixtureRequest) -> None:
    assert on_sqlite.engine.dialect.name == "sqlite"
    assert request.node not in on_postgresql([request.node], "all")[0]
