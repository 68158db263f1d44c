"""The house stays laid by subject: few rooms in each package, few arrows between them, and no circle."""

import grimp
import pytest

from tests.support.rooms import packages, plan


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*packages(), cache_dir=None)


@pytest.mark.parametrize(
    ("package", "rooms", "arrows"),
    [("dialogs", 15, 70), ("followup", 20, 40), ("storage", 19, 30), ("documents", 6, 6)],
)
def test_a_package_has_few_rooms_and_few_arrows_between_them(
    graph: grimp.ImportGraph, package: str, rooms: int, arrows: int
) -> None:
    counted = plan(graph, package)
    assert (len(counted.rooms) <= rooms, counted.arrows <= arrows) == (True, True), counted


@pytest.mark.parametrize("package", packages())
def test_no_two_rooms_need_each_other(graph: grimp.ImportGraph, package: str) -> None:
    assert set(plan(graph, package).from_below()) == set(plan(graph, package).rooms)
