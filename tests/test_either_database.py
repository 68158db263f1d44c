"""Both databases are tested: a rule says which tests PostgreSQL has too, and what is left out says why."""

from collections import Counter

import pytest

from storage.engine.database import Database
from tests.support import either_database
from tests.support.builders import Register, sizes
from tests.support.either_database import Case, chosen, engine_of, engines, reason_of, told
from tests.support.statements import Sent, drawn, fewest, on_either, told_apart
from tests.support.told_once import copied, fill, told_once


@pytest.mark.parametrize("_number", [1, 2])
def test_each_case_has_the_database_that_was_asked_for(
    database: Database, engine: str, request: pytest.FixtureRequest, _number: int
) -> None:
    assert database.engine.dialect.name == engine == engine_of(request.node)


@pytest.mark.parametrize(
    ("way", "about_sqlite", "expected"),
    [
        (None, False, ["sqlite"]),
        ("beside", False, ["sqlite", "postgresql"]),
        ("beside", True, ["sqlite"]),
        ("first", False, ["postgresql"]),
        ("noted", False, ["postgresql"]),
        ("all", False, ["postgresql"]),
        ("all", True, ["sqlite"]),
    ],
)
def test_a_test_with_a_database_has_what_was_asked_for_unless_it_is_about_sqlite(
    way: str | None, about_sqlite: bool, expected: list[str]
) -> None:
    assert engines(way, about_sqlite=about_sqlite) == expected


def test_what_begins_alike_is_told_once_whichever_transaction_it_began_with(on_postgresql: Database) -> None:
    empty = copied(on_postgresql)
    told: list[str] = []
    story = told_once(lambda _: told.append("told"))
    for _ in range(2):
        fill(on_postgresql, empty)
        with on_postgresql.transaction() as tx:
            Register(tx).person("karin", "quality")
            assert sizes(tx)["uncounted_change"] > 0
        story(on_postgresql)
    assert told == ["told"]


CASES = [
    Case("a rule", "1", None),
    *(Case("a deed", number, engine) for engine in either_database.ENGINES for number in ("1", "2")),
    Case("another", "1", "postgresql"),
]


@pytest.mark.parametrize(
    ("way", "run"),
    [
        ("beside", [True, True, True, True, False, True]),
        ("first", [False, False, False, True, False, True]),
        ("all", [False, False, False, True, True, True]),
        ("noted", [False, False, False, True, True, True]),
    ],
)
def test_the_first_case_of_each_is_run_on_postgresql_and_all_where_all_are_asked_for(
    way: str, run: list[bool]
) -> None:
    assert chosen(CASES, way) == run


def sent(test: str, statements: str, number: int = 1) -> Sent:
    return Sent(test, frozenset(statements), number)


@pytest.mark.parametrize(
    ("noted", "chosen"),
    [
        ([], set()),
        ([sent("what sends nothing", "")], set()),
        ([sent("one", "a"), sent("all of it", "ab")], {"all of it"}),
        ([sent("one", "ab"), sent("another", "bc"), sent("no more", "b")], {"one", "another"}),
        ([sent("often", "ab", 1000), sent("one", "a"), sent("another", "b")], {"one", "another"}),
        ([sent("often", "abc", 1000), sent("one", "a"), sent("another", "b")], {"often", "one", "another"}),
    ],
)
def test_the_fewest_tests_are_chosen_that_send_all_that_was_noted(
    noted: list[Sent], chosen: set[str]
) -> None:
    assert fewest(noted) == chosen


def test_each_version_draws_another_twentieth_and_the_same_each_time() -> None:
    tests = [f"test {number}" for number in range(2000)]
    first, second = (drawn(tests, version) for version in ("one", "another"))
    assert drawn(reversed(tests), "one") == first != second
    assert 50 < len(first) < 150 and 50 < len(second) < 150


def test_a_statement_is_the_same_however_long_its_lists_are_and_another_with_other_words() -> None:
    inserts = [f"insert into unit values {rows}" for rows in ("(?, ?)", "(?, ?), (?, ?)", "(?)")]
    assert len({told_apart(one) for one in inserts}) == 1
    assert told_apart("select 1 where id in (?)") != told_apart("select 2 where id in (?)")


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("a.py::test[postgresql]", "a.py::test"),
        ("a.py::test[postgresql-karin]", "a.py::test[karin]"),
        ("a.py::test[08:00-postgresql]", "a.py::test[08:00]"),
        ("a.py::test[08:00-postgresql-karin]", "a.py::test[08:00-karin]"),
        ("a.py::test_postgresql[postgresql-postgresql]", "a.py::test_postgresql[postgresql]"),
    ],
)
def test_a_case_has_one_name_on_either_database(named: str, expected: str) -> None:
    assert on_either(named) == expected


def test_what_has_sqlites_file_says_why(request: pytest.FixtureRequest) -> None:
    """Of all the tests of this run."""
    for item in request.session.items:
        names = {*getattr(item, "fixturenames", ())}
        has_file = names & {"on_sqlite", "migrated", "schema_file"}
        assert not has_file or reason_of(item), f"{item.nodeid} has {has_file}, and no mark says why"


def test_what_was_run_is_said_and_what_was_not_and_why() -> None:
    found = Counter({"postgresql": 1300, "om filer": 2, "om PRAGMA": 3})
    assert told(found, "beside", is_here=True) == [
        "1300 tester är körda på PostgreSQL. 5 handlar om SQLite självt och är inte det:",
        "  3 om PRAGMA",
        "  2 om filer",
    ]
    [nothing] = told(Counter(), "beside", is_here=False)
    assert "PostgreSQL finns inte här" in nothing
    assert told(Counter(), None, is_here=True) == []
