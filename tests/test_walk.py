"""Generated walks: people, roles, kept cards and moments; nothing outside the table leaves, and each read is logged.

`make walk` makes ten times as many requests as the suite.
"""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row

from followup.access.access import ACCESS, DataKind, Reach
from followup.access.municipality import Municipality
from followup.people import Role
from storage.engine.database import Transaction
from tests.conftest import open_file
from tests.support.access_town import make_town
from tests.support.access_walk import MOMENTS, Walk
from tests.support.access_watch import violations, with_reach

pytestmark = [
    pytest.mark.long,
    pytest.mark.sqlite("går genom genererade städer och månader, som bara SQLite har tid med"),
]

REQUESTS = int(os.environ.get("WALK_REQUESTS", "2000"))
TOWNS = 4


def walked(
    migrated: Path, directory: Path, seed: int, number: int, kind: type[Walk] = Walk, **made: Any
) -> Walk:
    path = directory / f"{seed}.db"
    shutil.copy(migrated, path)
    database = open_file(path)
    try:
        return kind(make_town(database, seed), **made).run(number)
    finally:
        database.close()


@pytest.fixture(scope="module")
def walks(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Walk]:
    directory = tmp_path_factory.mktemp("walks")
    return [walked(migrated, directory, 100 + town, REQUESTS // TOWNS) for town in range(TOWNS)]


def test_every_role_is_met_at_every_moment_and_in_the_channel(walks: list[Walk]) -> None:
    assert sum(walk.requests for walk in walks) >= REQUESTS
    assert sum(walk.from_kept for walk in walks) > REQUESTS // 5
    assert sum(walk.shown for walk in walks) > REQUESTS // 4
    for role in Role:
        for moment in MOMENTS:
            assert sum(walk.met[moment, role, False] for walk in walks) > 0, (role, moment)
        assert sum(walk.met[moment, role, True] for walk in walks for moment in MOMENTS) > 0, role


def test_nothing_outside_the_table_leaves_at_any_moment(walks: list[Walk]) -> None:
    leaks = [(one, walk.examples[one]) for walk in walks for one in violations(walk.seen, ACCESS)]
    assert leaks[:1] == []
    assert [word for walk in walks for word in walk.unlogged] == []


def test_every_sight_of_a_childs_data_is_in_the_log(walks: list[Walk]) -> None:
    assert [one for walk in walks for one in walk.missing][:1] == []


class Forgetful(Walk):
    """As if nothing of a kind had been logged."""

    def _new_entries(self, tx: Transaction) -> list[Row[Any]]:
        return [one for one in super()._new_entries(tx) if not one.subject.startswith(("tasks", "evidence"))]


def test_the_walk_tells_when_a_read_is_not_logged(migrated: Path, tmp_path: Path) -> None:
    walk = walked(migrated, tmp_path, 1, 210, Forgetful)
    assert any(str(DataKind.CASE_REFERENCE) in one for one in walk.missing)


def test_the_walk_tells_when_more_is_shown_than_the_table_says(migrated: Path, tmp_path: Path) -> None:
    table = with_reach(ACCESS, Role.WORKER, DataKind.CASE_REFERENCE, Reach.ALL)
    walk = walked(migrated, tmp_path, 1, 630, municipality=Municipality(table))
    assert violations(walk.seen, ACCESS) != []
