"""The year's documents where each half has its selection: what is said of one names it, inside and in public."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from documents.report.annex import annex
from documents.report.blocks import Block, Bullets, FigureTable, NamedValues, Paragraph
from documents.report.material import Internal
from documents.report.selection import selection
from documents.report.summary import summary
from followup.figures.counting import in_order
from followup.figures.public_year import corrected, public_year
from followup.figures.published import Edition, OfHalf
from storage.engine.database import Database
from storage.overview import editions
from tests.conftest import Another
from tests.support.as_file import rows_of
from tests.support.deeds import trial
from tests.support.demo_year import MADE_AT, play
from tests.support.year_rows import Rows
from tests.support.year_stage import blocks_of, demo_municipality, facts_of, material
from tests.test_year_figures import counted_again, figures

HALVES = ("half-1", "half-2")
NAMED = {"half-1": "första halvåret 2026", "half-2": "andra halvåret 2026"}


def played(another: Another, directory: Path, names: tuple[str, ...]) -> Iterator[Database]:
    with demo_municipality(another, directory, played=False) as database:
        play(database, names)
        yield database


@pytest.fixture(scope="module")
def both(another: Another, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    yield from played(another, tmp_path_factory.mktemp("both"), HALVES)


@pytest.fixture(scope="module")
def first_alone(another: Another, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    yield from played(another, tmp_path_factory.mktemp("first"), HALVES[:1])


@pytest.fixture(scope="module")
def made(both: Database) -> Internal:
    return material(both)


def said(blocks: list[Block]) -> str:
    texts = [one.text for one in blocks if isinstance(one, Paragraph)]
    texts += [item for one in blocks if isinstance(one, Bullets) for item in one.items]
    texts += [text for one in blocks if isinstance(one, NamedValues) for _, text in one.rows]
    return " ".join(" ".join(texts).split())


def chosen(database: Database, name: str) -> set[str]:
    """By the name of the unit: what is followed up because of the selection, which opens one for each."""
    rows = Rows(rows_of(database)).all(
        "select u.name from follow_up f join selection_cycle c on c.id = f.cycle_id join unit u on u.id = f.unit_id "
        "where c.name = :name and c.year = 2026",
        name=name,
    )
    return {one["name"] for one in rows}


def test_every_figure_of_a_year_with_two_selections_equals_an_independent_count(both: Database) -> None:
    assert figures(both) == counted_again(both)


def test_every_figure_while_the_second_is_not_drawn_does_too(first_alone: Database) -> None:
    assert figures(first_alone) == counted_again(first_alone)


@pytest.mark.parametrize("public", [False, True])
def test_the_coverage_names_the_half_it_is_of_and_is_that_halfs(
    both: Database, made: Internal, *, public: bool
) -> None:
    document = made.public if public else made
    part, whole = counted_again(both)["selection.all.covered"]
    assert whole
    share = f"{(200 * part + whole) // (2 * whole)} %" + ("" if public else f" ({part} av {whole})")
    assert f"Placeringar som urvalet för andra halvåret 2026 täcker: {share}." in said(summary(document))
    told = said(selection(document))
    assert "nedan gäller urvalet för andra halvåret 2026. Listan över valda enheter har båda." in told
    assert f"täcker {share} av placeringarna" in told


@pytest.mark.parametrize("public", [False, True])
def test_no_document_speaks_of_the_years_selection_as_one_or_of_another_year(
    made: Internal, *, public: bool
) -> None:
    told = said(blocks_of(made.public if public else made))
    for false in ("årets urval täcker", "förra årets urval", "året före", "förra året"):
        assert false not in told


@pytest.mark.parametrize("public", [False, True])
def test_the_list_says_in_which_half_each_unit_was_chosen(
    both: Database, made: Internal, *, public: bool
) -> None:
    document = made.public if public else made
    [listed] = [one for one in document.grid("selected") if isinstance(one, FigureTable)]
    place = [column.id for column in listed.table.columns].index("selection")
    found = {(str(row.label), document.words.cell(row.cells[place])) for row in listed.table.rows}
    assert found == {(unit, f"urvalet för {NAMED[name]}") for name in HALVES for unit in chosen(both, name)}
    labels = [document.words.label(row.label) for row in listed.table.rows]
    assert labels == sorted(labels, key=in_order)
    assert listed.table.total is None


def test_what_has_changed_is_since_the_first_half(both: Database, made: Internal) -> None:
    told = said(selection(made))
    assert "Här jämförs med urvalet för första halvåret 2026." in told
    before, after = chosen(both, "half-1"), chosen(both, "half-2")
    rows = made.tables["selection_changes"].rows
    assert {str(one.label) for one in rows} == before ^ after
    assert ("Samma enheter valdes i förra urvalet." in told) is (before == after)


@pytest.mark.parametrize("public", [False, True])
def test_the_draw_that_can_be_repeated_is_that_halfs(both: Database, made: Internal, *, public: bool) -> None:
    document = made.public if public else made
    [cycle] = Rows(rows_of(both)).all("select * from selection_cycle where name = 'half-2'")
    assert cycle["frame_hash"] in said(selection(document))


@pytest.mark.parametrize("public", [False, True])
def test_while_only_the_first_is_drawn_the_second_is_said_to_be_to_come(
    first_alone: Database, *, public: bool
) -> None:
    whole = material(first_alone)
    document = whole.public if public else whole
    told = said(selection(document))
    assert "Här redovisas urvalet för första halvåret 2026." in told
    assert "Urvalet för andra halvåret 2026 är inte draget." in told
    assert "Placeringar som urvalet för första halvåret 2026 täcker" in said(summary(document))
    assert "har båda" not in told
    if not public:
        assert "Det finns inget låst urval för andra halvåret 2025 att jämföra med." in told


def test_the_annex_counts_the_follow_ups_of_both_halves(both: Database, made: Internal) -> None:
    counted = counted_again(both)["private_providers.all.followed_up"][0]
    rows = Rows(rows_of(both)).all(
        "select distinct f.id from follow_up f join follow_up_version v on v.follow_up_id = f.id "
        "join unit u on u.id = f.unit_id where v.verdict is not null and u.ownership = 'private'"
    )
    assert counted == len(rows)
    assert f"Antal uppföljningar med bedömning: {counted}." in said(annex(made.public))


def test_an_edition_is_read_back_with_the_half_that_it_is_of(both: Database, made: Internal) -> None:
    words = made.words.say
    printed = made.public.year.printed(words)
    with trial(both) as tx:
        editions.add(tx, Edition(2026, 1, MADE_AT, "Jurist", MADE_AT.date(), printed), "prov")
        again = editions.newest(tx, 2026)
    assert again is not None
    assert again.public.of_half == made.of_half == OfHalf(2, both=True)


def test_a_correction_names_the_half_that_its_table_is_of(first_alone: Database, both: Database) -> None:
    """One child more since the edition: its counts of placements stay as they were printed, the selection's too."""
    then, now = facts_of(first_alone), public_year(facts_of(both), 5)
    first = public_year(then, 5)
    changed = corrected(first, now)
    assert (changed.of_half, changed.proof) == (now.of_half, now.proof)
    one_less = public_year(replace(then, stays=then.stays[1:]), 5)
    stays = corrected(one_less, now)
    assert "forms" in stays.kept
    assert (stays.of_half, stays.proof) == (first.of_half, first.proof)
