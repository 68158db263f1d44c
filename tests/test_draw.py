"""Tickets: the adopted method's example, stability when others leave, and equal chances over many seeds."""

from collections import Counter
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.selection.draw import Draw, among, tickets_of
from followup.selection.selection_frame import FrameRow
from tests.support.selection_builders import alike

SEED = "test-seed-2026"


def drawn(rows: tuple[FrameRow, ...], wanted: int = 2, seed: str = SEED, lots: str = "one") -> Draw:
    return Draw("risk", wanted, tickets_of(rows, "risk", wanted, seed, lots))  # type: ignore[arg-type]


def test_the_example_of_the_method() -> None:
    draw = drawn(alike(*"ABCDE"))
    assert (draw.drawn, draw.reserves) == (("D", "A"), ("C", "E", "B"))
    assert [ticket.lowest[:8] for ticket in draw.tickets[:2]] == ["19f3a3a4", "339f4910"]


def test_the_example_without_b_draws_the_same() -> None:
    assert drawn(alike(*"ACDE")).drawn == ("D", "A")


@given(
    st.lists(st.text("ABCDÅÄÖ|1", min_size=1, max_size=4), unique=True, min_size=2, max_size=10),
    st.integers(0, 2),
    st.sampled_from(("one", "placements")),
    st.text(max_size=8),
    st.data(),
)
def test_dropping_a_unit_that_was_not_drawn_moves_no_others_ticket(
    ids: list[str], wanted: int, lots: str, seed: str, data: st.DataObject
) -> None:
    rows = tuple(FrameRow(id_, 1 + len(id_)) for id_ in ids)
    whole = drawn(rows, wanted, seed, lots)
    losers = [ticket.unit for ticket in whole.tickets if ticket.unit not in whole.drawn]
    if not losers:
        return
    gone = data.draw(st.sampled_from(losers))
    without = drawn(tuple(row for row in rows if row.id != gone), wanted, seed, lots)
    assert without.drawn == whole.drawn
    before = {ticket.unit: ticket.lots for ticket in whole.tickets if ticket.unit != gone}
    assert {ticket.unit: ticket.lots for ticket in without.tickets} == before
    assert [one.unit for one in without.tickets] == [one.unit for one in whole.tickets if one.unit != gone]


def test_over_many_seeds_each_equal_chance_candidate_is_drawn_equally_often() -> None:
    """Chi-square with seven degrees of freedom; 24.3 would be passed once in a thousand."""
    seeds, rows = 4000, alike(*"ABCDEFGH")
    times = Counter(unit for number in range(seeds) for unit in drawn(rows, 1, f"frö {number}").drawn)
    expected = seeds / len(rows)
    assert len(times) == len(rows)
    assert sum((count - expected) ** 2 / expected for count in times.values()) < 24.3


def test_over_many_seeds_two_draws_and_lots_by_size_are_as_often_as_the_chance_says() -> None:
    seeds, rows = 3000, (FrameRow("A", 1), FrameRow("B", 2), FrameRow("C", 3), FrameRow("D", 6))
    draws = [drawn(rows, 2, f"frö {number}", "placements") for number in range(seeds)]
    times = Counter(unit for draw in draws for unit in draw.drawn)
    for ticket in draws[0].tickets:
        chance = float(ticket.chance)
        assert abs(times[ticket.unit] - seeds * chance) < 4 * (seeds * chance * (1 - chance)) ** 0.5


def test_a_large_unit_has_a_lot_for_each_placement_and_its_lowest_counts() -> None:
    [ticket] = drawn((FrameRow("A", 3),), 1, lots="placements").tickets
    assert (len(ticket.lots), ticket.lowest) == (3, min(ticket.lots))


@pytest.mark.parametrize("lots", [(1, 1, 1), (1, 2, 3, 4), (5, 1), (7,), (2, 2, 9, 1, 1)])
@pytest.mark.parametrize("wanted", [0, 1, 2])
def test_the_chances_are_those_of_drawing_lots_one_after_the_other(
    lots: tuple[int, ...], wanted: int
) -> None:
    """Counted over every order of the units, each as likely as its lots make it."""
    chances = [Fraction(0)] * len(lots)
    for order in permutations(range(len(lots))):
        left, likely = sum(lots), Fraction(1)
        for place in order:
            likely, left = likely * Fraction(lots[place], left), left - lots[place]
        for place in order[:wanted]:
            chances[place] += likely
    assert among(lots, wanted) == chances


def test_more_than_two_spot_checks_in_a_draw_are_not_foreseen() -> None:
    with pytest.raises(ValueError, match="3"):
        among((1, 1, 1, 1), 3)
