"""Nothing outside the table of who may see what ever leaves: not in a text, a card, its data or a message.

`make walk` makes some ten thousand requests, in more towns than the suite.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from followup.access.access import ABOUT, ACCESS, Access, DataKind, Reach
from followup.access.municipality import Municipality
from followup.people import ALLOWED, Conversation, Role
from tests.conftest import open_file
from tests.support.access_town import make_town
from tests.support.access_watch import Sighting, Watch, narrowed, violations, with_reach

pytestmark = [
    pytest.mark.long,
    pytest.mark.sqlite("går genom genererade städer och månader, som bara SQLite har tid med"),
]

TOWNS, REQUESTS = int(os.environ.get("WALK_SHOWN_TOWNS", "4")), 1_680
# Every kind of data that some role is shown in the chat, and that the requests must have brought out.
SHOWN = (
    (Role.WORKER, DataKind.UNIT),
    (Role.WORKER, DataKind.CASE_REFERENCE),
    (Role.WORKER, DataKind.ALIAS),
    (Role.WORKER, DataKind.REPORT_TEXT),
    (Role.WORKER, DataKind.EVIDENCE),
    (Role.WORKER, DataKind.COLLEAGUES),
    (Role.QUALITY, DataKind.UNIT),
    (Role.QUALITY, DataKind.ALERT),
    (Role.QUALITY, DataKind.CASE_REFERENCE),
    (Role.QUALITY, DataKind.EVIDENCE),
    (Role.QUALITY, DataKind.EVENT_DAY),
    (Role.QUALITY, DataKind.SIGNAL_TEXT),
    (Role.QUALITY, DataKind.NOTES),
    (Role.WORKER, DataKind.SIGNAL_TEXT),
    (Role.QUALITY, DataKind.COLLEAGUES),
    (Role.QUALITY, DataKind.FOLLOW_UP),
    (Role.QUALITY, DataKind.FOLLOW_UP_TEXTS),
    (Role.MANAGER, DataKind.FOLLOW_UP),
    (Role.MANAGER, DataKind.FOLLOW_UP_TEXTS),
    (Role.MANAGER, DataKind.UNIT),
    (Role.MANAGER, DataKind.ALERT),
    (Role.MANAGER, DataKind.EVIDENCE),
    (Role.MANAGER, DataKind.COLLEAGUES),
)


@contextmanager
def watching(migrated: Path, directory: Path, seed: int, access: Access = ACCESS) -> Iterator[Watch]:
    path = directory / f"{seed}.db"
    shutil.copy(migrated, path)
    with closing(open_file(path)) as database:
        yield Watch(make_town(database, seed), Municipality(access))


def watched(migrated: Path, directory: Path, seed: int) -> Watch:
    with watching(migrated, directory, seed) as watch:
        return watch.run(REQUESTS)


@pytest.fixture(scope="module")
def watches(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Watch]:
    directory = tmp_path_factory.mktemp("towns")
    return [watched(migrated, directory, seed) for seed in range(TOWNS)]


@pytest.fixture(scope="module")
def seen(watches: list[Watch]) -> "Counter[Sighting]":
    return sum((watch.seen for watch in watches), Counter[Sighting]())


def test_nothing_outside_the_table_leaves_in_thousands_of_requests(watches: list[Watch]) -> None:
    assert sum(watch.requests for watch in watches) >= TOWNS * REQUESTS
    assert sum(watch.cards for watch in watches) > TOWNS * REQUESTS // 5
    leaks = [(one, watch.examples[one]) for watch in watches for one in violations(watch.seen, ACCESS)]
    assert leaks[:1] == []


def test_the_same_requests_reach_the_pages_too_and_find_what_each_role_may_see_there(
    watches: list[Watch],
) -> None:
    """Every page and deed, also by sessions that are forged, over or of a demoted person, and without their token."""
    assert sum(watch.pages for watch in watches) >= TOWNS * 95
    shown = sum((watch.shown_on_pages for watch in watches), Counter[tuple[Role, DataKind]]())
    for role, kind in ((Role.WORKER, DataKind.CASE_REFERENCE), (Role.QUALITY, DataKind.ALERT)):
        assert shown[role, kind] > 0
    assert not any(kind == DataKind.CASE_REFERENCE for role, kind in shown if role != Role.WORKER)


def test_no_case_reference_reaches_the_quality_team_without_a_reason_in_the_log(watches: list[Watch]) -> None:
    assert [word for watch in watches for word in watch.unlogged] == []


@pytest.mark.parametrize(("role", "kind"), SHOWN)
def test_the_check_fails_as_soon_as_one_thing_is_taken_out_of_the_table(
    seen: "Counter[Sighting]", role: Role, kind: DataKind
) -> None:
    assert violations(seen, narrowed(ACCESS, role, kind)) != []


def also(role: Role, *conversations: Conversation) -> Access:
    """With what the conversations are about, which they would not be started without."""
    wider = ACCESS
    for kind in (kind for one in conversations for kind in ABOUT[one]):
        if ACCESS.reach(role, kind) == Reach.NOTHING:
            wider = with_reach(wider, role, kind, Reach.ALL)
    return Access({**ALLOWED, role: ALLOWED[role] | set(conversations)}, wider.sight)


@pytest.mark.parametrize(
    ("role", "too_much"),
    [
        pytest.param(
            Role.WORKER,
            with_reach(ACCESS, Role.WORKER, DataKind.CASE_REFERENCE, Reach.ALL),
            id="a worker sees others' placements",
        ),
        pytest.param(
            Role.MANAGER,
            with_reach(
                also(Role.MANAGER, Conversation.CASE_REFERENCE),
                Role.MANAGER,
                DataKind.CASE_REFERENCE,
                Reach.WITH_REASON,
            ),
            id="a manager sees case references",
        ),
        pytest.param(
            Role.MANAGER,
            with_reach(ACCESS, Role.MANAGER, DataKind.MISSING, Reach.ALL),
            id="a manager sees what is missing in other teams",
        ),
        pytest.param(
            Role.WORKER,
            with_reach(also(Role.WORKER, Conversation.ALERT_DESK), Role.WORKER, DataKind.ALERT, Reach.ALL),
            id="a worker handles alerts",
        ),
        pytest.param(
            Role.MANAGER,
            with_reach(
                also(Role.MANAGER, Conversation.FOLLOW_UPS), Role.MANAGER, DataKind.FOLLOW_UP_TEXTS, Reach.ALL
            ),
            id="a manager sees how a unit is followed up",
        ),
        pytest.param(
            Role.ADMIN,
            also(Role.ADMIN, Conversation.STATUS),
            id="an administrator sees how units are doing",
        ),
    ],
)
def test_the_check_fails_when_the_bot_works_by_a_table_that_allows_more(
    migrated: Path, tmp_path: Path, role: Role, too_much: Access
) -> None:
    with watching(migrated, tmp_path, 1, too_much) as watch:
        # Those who are allowed more ask, so that it is not long before they do.
        watch.town.keys = [key for key in watch.town.keys if key.startswith(role)]
        while not violations(watch.seen, ACCESS) and watch.requests < 8_000:
            watch.run(watch.requests + 1)
    assert violations(watch.seen, ACCESS) != []
