"""Editions beside each other: last year's and this year's, and one year's documents made at two moments."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from random import Random

import pytest
from openpyxl import load_workbook

from documents.report.material import Internal, material_of, public_material
from documents.report.words import Words
from documents.report.year_documents import drawn_document
from followup.figures.public_year import public_year
from followup.figures.published import Edition, PublicYear
from followup.figures.year_facts import YearFacts
from tests.support.public_reader import PLACEMENTS, Reader, learn_of_last_year, tables
from tests.support.public_towns import MADE_AT, Home, homes_of, town
from tests.test_public_year import (
    FEW,
    MANY,
    TOWNS,
    assert_kept,
    files_of,
    published,
    read_again,
    read_files,
)
from texts.catalogue import Texts

# What leaves the quality team as files: to the board, to the public, and to a system that others read.
FILES = ("public", "annex", "stratsys")
EDGES = {
    "one child moves in": ([Home(1), Home(6), Home(7)], [1, 0, 0]),
    "one child moves out": ([Home(2), Home(6), Home(7)], [-1, 0, 0]),
    "all that stays but one home": ([Home(1), Home(5), Home(1), Home(5)], [0, 0, 3, 0]),
    "the only home of its form grows": ([Home(4, "stodboende"), Home(6), Home(9)], [1, 0, 0]),
    "own regi of two units, one grows": (
        [Home(3, "hvb", "in_house", "K"), Home(4, "stodboende", "in_house", "K"), Home(6), Home(9)],
        [1, 0, 0, 0],
    ),
}


def drawn(public: PublicYear, facts: YearFacts) -> Internal:
    return material_of(facts, public_material(public, "Vikåsa kommun", Words(Texts("sv").say)))


def both_years(before: list[Home], now: list[Home], seed: int = 0) -> tuple[Reader, YearFacts, YearFacts]:
    """Who reads this year's documents beside last year's, and the facts of this year and of that."""
    theirs, mine = town(*before, seed=seed, year=2025), town(*now, seed=seed)
    last = published(theirs)
    public = public_year(mine, FEW, last_year=last)
    files = files_of(public, mine)
    reader = read_files(public, files)
    reader.last_year = read_again(last.public, theirs)
    learn_of_last_year(reader, files[0])
    return reader, mine, theirs


def changed(homes: list[Home], by: list[int]) -> list[Home]:
    return [replace(one, children=max(0, one.children + more)) for one, more in zip(homes, by, strict=True)]


@pytest.mark.parametrize("seed", TOWNS)
def test_last_years_documents_beside_this_years_leave_three_values_of_both(seed: int) -> None:
    homes, dice = homes_of(seed), Random(seed)
    by = [dice.choice([0, 0, 0, 1, -1, 3]) for _ in homes]
    reader, mine, theirs = both_years(homes, changed(homes, by), seed)
    assert_kept(reader, mine)
    assert_kept(reader, theirs, before=True)


@pytest.mark.parametrize("name", EDGES)
def test_so_they_do_where_one_child_is_all_the_change(name: str) -> None:
    homes, by = EDGES[name]
    reader, mine, theirs = both_years(homes, changed(homes, by))
    assert_kept(reader, mine)
    assert_kept(reader, theirs, before=True)


def test_the_reader_of_both_years_solves_what_is_given_away() -> None:
    """Last year's sums are among what this year's report says, and would be found if it said more."""
    reader, _, theirs = both_years(MANY, [*MANY, Home(6)])
    before = reader.last_year
    assert before is not None
    assert (
        sum(low == high for _, low, high in before.conditions)
        > len(read_again(published(theirs).public, theirs).conditions) // 2
    )
    before.learn(PLACEMENTS, [0], 4, 4)
    with pytest.raises(AssertionError):
        assert_kept(reader, theirs, before=True)


def cells(material: Internal) -> Iterator[tuple[str, object]]:
    """All that stands in tables and sheets of the files that others read."""
    for name in FILES:
        content = drawn_document(material, name).content
        if name == "stratsys":
            for sheet in load_workbook(BytesIO(content)):
                yield from (
                    (f"{name} {sheet.title} {one.coordinate}", one.value) for row in sheet for one in row
                )
        else:
            for number, rows in enumerate(tables(content)):
                yield from ((f"{name} {number}", tuple(row)) for row in rows)


def made(facts: YearFacts, before: Edition | None = None) -> list[tuple[str, object]]:
    return [*cells(drawn(public_year(facts, FEW, before), facts))]


def test_the_same_year_made_a_week_later_says_the_same_when_nothing_has_come() -> None:
    later = town(*MANY, made_at=MADE_AT + timedelta(days=7))
    assert _counts(made(later)) == _counts(made(town(*MANY)))


@pytest.mark.parametrize("came", ["a report", "a placement"])
def test_what_came_after_the_edition_changes_no_count_in_any_file(came: str) -> None:
    """Made again, by whoever makes it: a difference of one would be that child's."""
    facts = town(*MANY)
    edition = published(facts)
    first = made(facts, edition)
    assert _counts(made(_with_more(facts, came), edition)) == _counts(first)
    assert _counts(made(_with_more(facts, came))) != _counts(first)


def test_a_table_that_stands_as_before_is_not_told_by_its_place() -> None:
    edition = published(town(*MANY))
    again = public_year(_with_more(town(*MANY), "a placement"), FEW, edition)
    assert again.kept
    assert [*again.tables] == [*edition.public.tables]


def _with_more(facts: YearFacts, came: str) -> YearFacts:
    if came == "a placement":
        return town(*MANY[:-1], replace(MANY[-1], children=5))
    late = next(one for one in facts.asked if not one.came)
    answered = replace(late, first_at=MADE_AT + timedelta(days=1), answers=dict(facts.asked[0].answers))
    return replace(facts, asked=tuple(answered if one is late else one for one in facts.asked))


def _counts(said: list[tuple[str, object]]) -> list[tuple[str, object]]:
    """Without when it was made, which is no count."""
    return [one for one in said if "2026-10-" not in str(one[1]) and "oktober 2026" not in str(one[1])]
