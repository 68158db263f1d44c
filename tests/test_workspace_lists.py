"""A long list in pages: which one is shown, of how many (`page.of`), and never an empty one."""

import pytest

from workspace.frame.listing import ListPage


@pytest.mark.parametrize(
    ("page", "total", "start", "number"),
    [(1, 0, 0, 0), (1, 50, 0, 1), (1, 51, 0, 2), (2, 51, 50, 2), (3, 51, 0, 2), (2, 50, 0, 1), (9, 0, 0, 0)],
)
def test_a_page_of_a_list_begins_where_it_should(page: int, total: int, start: int, number: int) -> None:
    here = ListPage("/mina", page, total)
    assert (here.start, here.number) == (start, number)


def test_the_other_pages_keep_what_is_filtered_by() -> None:
    assert ListPage("/desk", 1, 99, {"slag": "larm"}).at(2) == "/arbete/desk?slag=larm&sida=2"
