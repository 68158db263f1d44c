"""The public report and the annex, read again and solved together: every small unit keeps at least three values."""

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from documents.report.material import material_of, public_material
from documents.report.words import Words
from documents.report.year_documents import drawn_document
from followup.figures.disclosure import Cell, Known, keeps_small_units
from followup.figures.figure import ALL, Figure
from followup.figures.ladder import LADDERS, first_step
from followup.figures.public_year import public_year
from followup.figures.published import Edition, PublicYear
from followup.figures.year_facts import YearFacts
from tests.support.public_reader import CAME, DUE, PLACEMENTS, SPREAD, Reader, Solver, read_together, tables
from tests.support.public_towns import MADE_AT, Home, any_town, homes_of, town
from tests.support.year_stage import drafted
from texts.catalogue import Texts

FEW = 5
# A longer walk: WALK_TOWNS=200 (make walk).
TOWNS = range(int(os.environ.get("WALK_TOWNS", "8")))
EDGES = {
    "one child in the register": town(Home(1)),
    "nobody": town(Home(0)),
    "two units with one child each": town(Home(1), Home(1)),
    "all in one form": town(Home(1), Home(6), Home(2), Home(4)),
    "own regi in one unit": town(Home(5, ownership="in_house"), Home(6), Home(2), Home(4, "stodboende")),
    "five units with one child each": town(*[Home(1) for _ in range(5)]),
    "two of each form": town(
        *[Home(n, form) for form in ("hvb", "stodboende", "konsulentstott_familjehem") for n in (1, 5)]
    ),
    "a small unit beside one that is alone of its kind": town(
        Home(6, "stodboende"), Home(1, "konsulentstott_jourhem"), Home(6), Home(7), Home(2)
    ),
}


DRAWN: dict[str, list[bytes]] = {}


def small_units(facts: YearFacts) -> set[str]:
    children = defaultdict(set)
    for stay in facts.stays:
        children[stay.unit_id].add(stay.child)
    return {one.name for one in facts.units if 0 < len(children[one.id]) < FEW}


def assert_kept(reader: Reader, facts: YearFacts, *more: YearFacts, before: bool = False) -> None:
    """Three values for each small unit's placements, and of reports due and in where there were any at all."""
    known = {(one.child, one.unit_id) for one in facts.stays}
    due = [one for one in facts.due if (one.child, one.unit_id) in known]
    sums = {PLACEMENTS: len(facts.stays), DUE: len(due), CAME: sum(one.came for one in due)}
    small = set().union(*map(small_units, (facts, *more)))
    edition = reader.before if before else reader
    assert edition is not None
    solver = Solver(reader)
    for place, one in enumerate(edition.units):
        for measure in (measure for measure, total in sums.items() if total and one.name in small):
            lowest, highest = solver.spread(place, measure, before=before)
            assert highest - lowest >= SPREAD, (one.name, measure, lowest, highest)


def read_again(public: PublicYear, facts: YearFacts) -> Reader:
    return read_files(public, files_of(public, facts))


def files_of(public: PublicYear, facts: YearFacts) -> list[bytes]:
    """The public report, the annex and the file for Stratsys; those of one town and edition are drawn once."""
    told = repr((public, facts))
    if told not in DRAWN:
        words = Words(Texts("sv").say)
        material = material_of(facts, public_material(public, "Vikåsa kommun", words))
        DRAWN[told] = [drawn_document(material, name).content for name in ("public", "annex", "stratsys")]
    return DRAWN[told]


def read_files(public: PublicYear, files: list[bytes]) -> Reader:
    return read_together(*files, months_are_kept="response_months" in public.kept)


def solved(facts: YearFacts) -> Reader:
    return read_again(public_year(facts, FEW), facts)


@pytest.mark.parametrize("seed", TOWNS)
def test_solved_together_the_documents_leave_every_small_unit_three_values(seed: int) -> None:
    facts = any_town(seed)
    assert_kept(solved(facts), facts)


@pytest.mark.parametrize("name", EDGES)
def test_so_they_do_in_the_smallest_towns(name: str) -> None:
    assert_kept(solved(EDGES[name]), EDGES[name])


def test_who_knows_that_the_own_regi_has_no_framework_contract_does_not_solve_it() -> None:
    """Of nine placements in own regi at most five are in each form: four and five, or five and four."""
    own = [Home(4, "hvb", "in_house", "Kommunen"), Home(5, "stodboende", "in_house", "Kommunen")]
    private = [Home(6, form, provider=f"P {form}", contract="framework") for form in ("hvb", "stodboende")]
    facts = town(*own, *private, Home(1, provider="Ny", contract="direct_award"))
    assert_kept(solved(facts), facts)


def test_what_contract_a_provider_has_is_known_and_tells_no_small_unit() -> None:
    """Five children at five units without a framework contract would have one each."""
    many = [Home(6, provider=f"U{n}", contract="framework") for n in range(3)]
    bought = [Home(1, provider="Egna", contract="direct_award") for _ in range(5)]
    assert public_year(town(*many, *bought), FEW).tables["contracts"].step == len(LADDERS["contracts"])
    told = public_year(town(*many, *bought, Home(6, contract="direct_award")), FEW).tables["contracts"]
    assert told.step < len(LADDERS["contracts"])


# In the last one the providers' sizes could be told at first, and no longer when more had come.
@pytest.mark.parametrize("seed", sorted({*TOWNS, 88}))
def test_a_correction_beside_its_first_edition_leaves_three_values_of_both(seed: int) -> None:
    """What was registered late only adds, as the reader knows."""
    homes, dice = homes_of(seed), Random(seed)
    first_facts = town(*homes, seed=seed)
    grown = [replace(one, children=one.children + dice.choice([0, 0, 1, 3, 6])) for one in homes]
    second_facts = town(*grown, seed=seed)
    first = published(first_facts)
    second = published(second_facts, first)
    late = read_again(second.public, second_facts)
    late.after = read_again(first.public, first_facts)
    if "forms" in second.public.kept:
        # The note under them says that they are the first edition's.
        late.conditions.clear()
    assert_kept(late, second_facts, first_facts)
    assert_kept(late, first_facts, second_facts, before=True)


def test_the_solver_finds_what_hiding_rows_gave_away() -> None:
    """The other reader is no use unless it solves: with each provider's sum beside the forms' it does."""
    facts = any_town(3)
    reader = solved(facts)
    assert reader.conditions
    for place in range(len(reader.units)):
        reader.learn(PLACEMENTS, [place], 1, 1)
    reader.conditions = reader.conditions[-len(reader.units) :]
    with pytest.raises(AssertionError):
        assert_kept(reader, facts)


def test_with_one_child_in_the_register_nothing_is_counted() -> None:
    material = drafted(EDGES["one child in the register"])
    assert not material.public.year.counts
    told = [
        cell for rows in tables(drawn_document(material, "public").content) for row in rows for cell in row
    ]
    assert not [cell for cell in told if "%" in cell or cell == "Hem 01"]
    counted = {"forms", "ownerships", "ages", "contracts", "units", "signals", "feels_safe", "areas"}
    assert counted <= material.public.year.withheld


def test_five_units_with_one_child_each_are_not_even_summed() -> None:
    """The children are enough, but the list of units beside their sum would tell of each."""
    assert not public_year(EDGES["five units with one child each"], FEW).counts


def test_the_finest_of_the_linked_tables_that_passes_is_taken() -> None:
    """Which try was taken is counted, since no test says how long anything takes."""

    def told(*homes: Home) -> tuple[int, int, int]:
        found = public_year(town(*homes), FEW).tables
        return found["forms"].step, found["ownerships"].step, found["private_providers"].step

    many = [Home(4, form, provider=f"U{n}") for form in ("hvb", "stodboende") for n in range(4)]
    own = [Home(3, form, "in_house", "Kommunen") for form in ("hvb", "stodboende")]
    assert told(*many, *own) == (0, 0, 0)
    assert told(*many, Home(5, "hvb", "in_house", "Kommunen")) == (0, 0, 0)
    only_sum = len(LADDERS["forms"])
    assert told(Home(4), Home(3), Home(5, "stodboende")) == (0, 2, 0)
    assert told(*[Home(1, "konsulentstott_jourhem") for _ in range(5)], *many) == (only_sum, 2, 1)


@pytest.mark.parametrize(
    ("sizes", "step"),
    [
        ({"hvb": 5, "stodboende": 5, "konsulentstott_familjehem": 5, "konsulentstott_jourhem": 5}, 0),
        ({"hvb": 5, "stodboende": 5, "konsulentstott_familjehem": 4, "konsulentstott_jourhem": 1}, 1),
        ({"hvb": 4, "stodboende": 4, "konsulentstott_familjehem": 4, "konsulentstott_jourhem": 4}, 2),
        ({"hvb": 9, "stodboende": 9, "konsulentstott_familjehem": 4}, 3),
        ({"hvb": 9}, 3),
        ({"hvb": 9, "oppenvard": 6}, 0),
        ({"hvb": 9, "oppenvard": 1}, 3),
    ],
)
def test_the_first_step_of_which_all_rows_may_stand_is_taken(sizes: dict[str, int], step: int) -> None:
    behind = {form: frozenset(f"{form}{n}" for n in range(size)) for form, size in sizes.items()}
    assert first_step(LADDERS["forms"], [behind], FEW) == step


def test_twelve_reports_of_one_child_are_one_child() -> None:
    behind = {"yes": frozenset({"a", "b", "c", "d", "e", "f"}), "no": frozenset({"a"})}
    assert first_step(LADDERS["knows_plan"], [behind], FEW) == len(LADDERS["knows_plan"])


def test_a_cell_that_the_sums_give_away_is_found() -> None:
    alone, others = Cell(1, True, (3, 30, 28)), Cell(4, False, (30, 300, 280))
    assert keeps_small_units([alone, others], [Known([0, 1])])
    assert not keeps_small_units([alone, others], [Known([0, 1]), Known([1])])


def test_a_system_that_cannot_be_solved_counts_as_not_kept() -> None:
    more_reports_than_months = Cell(1, True, (1, 40, 40))
    assert not keeps_small_units(
        [more_reports_than_months, Cell(1, False, (9, 9, 9))], [Known([0]), Known([1])]
    )


def figures(year: PublicYear) -> Iterator[tuple[str, Figure]]:
    return ((id_, figure) for id_, one in year.tables.items() for figure in one.figures)


def test_behind_every_count_of_a_town_there_are_enough_children() -> None:
    """Counted by the product, table by table; `test_every_row…` counts some of them anew."""
    for seed in range(6):
        for id_, figure in figures(public_year(any_town(seed), FEW)):
            if figure.unit in ("children", "placements", "reports", "signals") and id_ != "tracks":
                assert figure.children >= FEW or (id_, figure.value) == ("private_providers", 0), figure.name


def test_every_row_of_the_public_tables_counts_distinct_children_rightly() -> None:
    facts = any_town(5)
    found = public_year(facts, FEW).tables
    form_of = {one.id: one.form for one in facts.units}
    for row in found["forms"].rows:
        codes = LADDERS["forms"][found["forms"].step][row.key]
        own = [stay for stay in facts.stays if form_of[stay.unit_id] in codes]
        told = found["forms"].figure(row.key, "placements")
        assert (told.value, told.children) == (len(own), len({stay.child for stay in own}))
    came = [one for one in facts.asked if one.answers]
    for question in ("feels_safe", "knows_plan"):
        for row in found[question].rows:
            own_reports = [one for one in came if one.answers[question] == row.key]
            assert found[question].figure(row.key, "reports").children == len(
                {one.child for one in own_reports}
            )


def test_what_the_public_documents_are_drawn_from_holds_nothing_more() -> None:
    public = drafted(any_town(5)).public
    assert not hasattr(public, "facts")
    assert {figure.children for _, figure in figures(public.year)} == {0}
    assert {id(one) for one in public.tables.values()} == {id(one) for one in public.year.tables.values()}
    held = repr(public.year)
    assert not [name for name in ("YearFacts(", "YearPlacement(", "Asked(", "AKT-") if name in held]
    assert not {"signals_by_unit", "action_list", "selection", "selection_changes"} & set(public.tables)


@pytest.mark.parametrize("few", [5, 9, 20])
def test_a_higher_limit_is_kept_to(few: int) -> None:
    for _, figure in figures(public_year(any_town(2), few)):
        assert not figure.children or figure.children >= few


def published(facts: YearFacts, before: Edition | None = None, last_year: Edition | None = None) -> Edition:
    public = public_year(facts, FEW, before, last_year)
    number = before.number + 1 if before else 1
    return Edition(facts.period.year, number, MADE_AT, "Eva", MADE_AT.date(), public)


MANY = [Home(4, form, provider=f"U{n}") for form in ("hvb", "stodboende") for n in range(4)]


def test_after_a_late_report_the_printed_numbers_stand() -> None:
    """One late report would be a difference of one in every row that it belongs to."""
    facts = town(*MANY)
    first = published(facts)
    late = next(one for one in facts.asked if not one.came)
    answered = replace(late, first_at=MADE_AT + timedelta(days=1), answers=dict(facts.asked[0].answers))
    again = replace(facts, asked=tuple(answered if one is late else one for one in facts.asked))
    second = published(again, first)
    assert public_year(again, FEW).tables["response_months"] != first.public.tables["response_months"]
    for id_ in ("forms", "ownerships", "contracts", "response_months", "feels_safe"):
        assert second.public.tables[id_] == first.public.tables[id_], id_
    assert {"forms", "response_months"} <= second.public.kept


def test_a_placement_that_was_registered_late_changes_no_printed_number() -> None:
    first = published(town(*MANY))
    second = published(town(*MANY[:-1], replace(MANY[-1], children=5)), first)
    assert second.public.tables["forms"] == first.public.tables["forms"]
    assert second.public.tables["private_providers"] == first.public.tables["private_providers"]


def test_a_correction_of_enough_children_is_counted() -> None:
    before, after = town(*MANY), town(*MANY, Home(6, provider="Ny", contract="framework"))
    first = published(before)
    second = published(after, first)
    assert second.number == 2
    assert second.public.tables["forms"] != first.public.tables["forms"]
    assert second.public.tables["forms"].figure(ALL, "children").value == 38
    old = {figure.name: figure for _, figure in figures(first.public)}
    changed = [
        abs(int(new.value) - int(old[new.name].value))
        for _, new in figures(second.public)
        if new.unit in ("children", "placements") and not new.in_percent and new.name in old
    ]
    assert sum(one > 0 for one in changed) > 3
    assert all(one == 0 or one >= FEW for one in changed)


def test_a_correction_is_no_finer_than_what_it_corrects() -> None:
    coarse = town(*MANY, Home(3, "konsulentstott_jourhem"), Home(6, "konsulentstott_familjehem"))
    finer = town(
        *MANY, Home(3, "konsulentstott_jourhem"), Home(6, "konsulentstott_familjehem"),
        Home(6, "konsulentstott_jourhem"),
    )  # fmt: skip
    first = published(coarse)
    assert (first.public.tables["forms"].step, public_year(finer, FEW).tables["forms"].step) == (1, 0)
    assert published(finer, first).public.tables["forms"].step == 1


def test_what_was_withheld_stays_so_in_a_correction() -> None:
    first = published(EDGES["one child in the register"])
    second = published(town(Home(9), Home(8)), first)
    assert not second.public.counts
    assert "forms" in second.public.withheld


def test_last_years_sums_are_those_that_were_printed() -> None:
    last = published(town(*MANY, year=2025))
    now = public_year(town(*MANY, Home(6)), FEW, last_year=last)
    assert now.tables["years"].figure("2025", "children").value == 32
    assert now.tables["years"].figure("2026", "children").value == 38
    assert "years" not in public_year(town(*MANY), FEW).tables
