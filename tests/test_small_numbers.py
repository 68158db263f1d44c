"""The public version: what is hidden of small numbers, and that nobody can work it out from what is left."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import product

import pytest

from followup.figures.figure import Column, Table, table
from followup.figures.small_numbers import public, suppressed

COLUMNS = (Column("placements", "placements", "stays"), Column("complaints", "signals", "signals"))
HIDDEN = "fåtal"


def of_sizes(*sizes: int, with_total: bool = True, few: Sequence[bool] = ()) -> Table:
    """A row of each size, with twice as many complaints."""
    lines = [(str(place), f"Enhet {place}", [size, 2 * size]) for place, size in enumerate(sizes)]
    total = [sum(sizes), 2 * sum(sizes)] if with_total else None
    marked = {str(place): is_few for place, is_few in enumerate(few)}
    return table("t", COLUMNS, lines, total=total, basis="placements", few=marked)


def seen(one: Table) -> tuple[str, ...]:
    """What a reader of the public version sees of the first column, the sum last."""
    after = suppressed(one)
    return tuple(
        HIDDEN if figure.suppressed else str(figure.value)
        for row in after.all_rows
        for figure in list(row.figures)[:1]
    )


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ((5, 4), "5 4 9"),
        ((1, 4, 9), "fåtal fåtal 9 14"),
        ((2, 4, 4, 9), "fåtal fåtal fåtal 9 19"),
        ((1, 2, 7), "fåtal fåtal fåtal 10"),
        ((0, 5), "0 5 5"),
        ((1,), "fåtal fåtal"),
        ((1, 2), "fåtal fåtal fåtal"),
        ((0, 2), "0 fåtal fåtal"),
        ((), "0"),
    ],
)
def test_a_small_row_takes_the_smallest_other_with_it_or_else_the_sum(
    sizes: tuple[int, ...], expected: str
) -> None:
    assert " ".join(seen(of_sizes(*sizes))) == expected


def test_a_row_about_few_children_is_hidden_whatever_its_count() -> None:
    assert seen(of_sizes(4, 6, 9, few=[True, False, False])) == (HIDDEN, HIDDEN, "9", "19")


def test_without_a_sum_nothing_else_needs_to_be_hidden() -> None:
    assert seen(of_sizes(1, 4, with_total=False)) == (HIDDEN, "4")


def test_all_figures_of_a_hidden_row_are_hidden() -> None:
    row = suppressed(of_sizes(2, 5, 8)).rows[0]
    assert [figure.suppressed for figure in row.figures] == [True, True]


def test_internal_tables_are_left_out() -> None:
    inside = table("inside", COLUMNS, [], internal=True)
    assert set(public({"inside": inside, "t": of_sizes(4)})) == {"t"}


@pytest.mark.parametrize("rows", [1, 2, 3, 4])
def test_what_is_hidden_cannot_be_worked_out_even_by_who_knows_the_rule(rows: int) -> None:
    """Of all tables that look the same, every hidden row is at least two numbers; sizes 0 to 8 are tried."""
    alike: defaultdict[tuple[str, ...], list[tuple[int, ...]]] = defaultdict(list)
    for sizes in product(range(9), repeat=rows):
        alike[seen(of_sizes(*sizes))].append(sizes)
    for shown, tables in alike.items():
        small_enough = any(max(sizes) < 7 for sizes in tables)
        for place, mark in enumerate(shown[:-1]):
            if mark == HIDDEN and small_enough:
                assert len({sizes[place] for sizes in tables}) > 1, (shown, tables)
