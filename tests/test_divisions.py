"""A report of each part of the municipality: of its own units alone, and none where what is left is of too few."""

from dataclasses import fields, replace
from io import BytesIO
from pathlib import Path
from random import Random

import docx
import pytest

from documents.imports.divisions import read_divisions, unknown_units
from documents.imports.own_names import WrongNamesError
from documents.report.divisions import divided_material, division_documents, file_names
from documents.report.material import Internal
from followup.figures.divisions import divided, of_units
from followup.figures.recommendations import Recommendations
from followup.figures.year_facts import ClockTime, YearFacts
from followup.wording.secrecy import FEW
from followup.wording.wording import wording
from tests.support.builders import at
from tests.support.public_reader import tables
from tests.support.public_towns import Home, any_town, town
from tests.support.year_stage import drafted
from tests.test_commands import Shell, filled, shell
from texts.catalogue import Texts

__all__ = ["filled", "shell"]
SAY = Texts("sv")
NORTH, SOUTH, THIRD = "Norr", "Söder", "Öppna insatser"


def split(facts: YearFacts, *names: str) -> dict[str, str]:
    """The units in their order, each of the part that is named; of none where it is empty."""
    return {one.key: name for one, name in zip(facts.units, names, strict=True) if name}


@pytest.mark.parametrize(
    ("children", "names", "told", "withheld"),
    [
        ((5, 6), (NORTH, SOUTH), [NORTH, SOUTH], []),
        ((5, 6), (NORTH, NORTH), [NORTH], []),
        # The small one is hidden, and so is the next: else the whole less the others would tell it.
        ((2, 6, 9), (NORTH, SOUTH, THIRD), [THIRD], [NORTH, SOUTH]),
        ((2, 6), (NORTH, SOUTH), [], [NORTH, SOUTH]),
        # Two small ones are enough together.
        ((2, 2, 9), (NORTH, SOUTH, THIRD), [THIRD], [NORTH, SOUTH]),
        # What is of no part is what is left as well.
        ((1, 6, 9), ("", SOUTH, THIRD), [THIRD], [SOUTH]),
        ((3, 6, 9), ("", SOUTH, THIRD), [SOUTH, THIRD], []),
        # Nobody there is nobody to tell of.
        ((0, 6), (NORTH, SOUTH), [SOUTH], [NORTH]),
    ],
)
def test_no_part_is_told_that_leaves_too_few(
    children: tuple[int, ...], names: tuple[str, ...], told: list[str], withheld: list[str]
) -> None:
    facts = town(*map(Home, children))
    found = divided(facts, split(facts, *names))
    assert ([one.name for one in found.told], list(found.withheld)) == (told, withheld)
    assert list(found.without) == [one.name for one, name in zip(facts.units, names, strict=True) if not name]


@pytest.mark.parametrize("seed", range(20))
def test_in_any_town_the_told_and_what_is_left_are_about_enough(seed: int) -> None:
    facts, dice = any_town(seed), Random(seed)
    of = {one.key: name for one in facts.units if (name := dice.choice([NORTH, SOUTH, THIRD, ""]))}
    found = divided(facts, of)
    parts = [{stay.child for stay in one.facts.stays} for one in found.told]
    assert all(len(one) >= FEW for one in parts)
    told = {unit.id for one in found.told for unit in one.facts.units}
    left = {stay.child for stay in facts.stays if stay.unit_id not in told}
    assert not left or len(left) >= FEW or not found.told
    assert sum(len(one.facts.stays) for one in found.told) + sum(
        stay.unit_id not in told for stay in facts.stays
    ) == len(facts.stays)


@pytest.fixture(scope="module")
def demo() -> Internal:
    facts = town(Home(6), Home(7, "stodboende"), Home(5, ownership="in_house", provider="Kommunen"), Home(8))
    whole = replace(
        facts,
        clocks=(ClockTime("x", wording("year.title"), in_time=True),),
        notified=(True,),
        recommendations=Recommendations(2026, 1, "Nya planer.", "Karin Lind", at("2026-10-01 09:00")),
    )
    return drafted(whole, board="Socialnämnden")


def words_of(content: bytes) -> str:
    document = docx.Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_a_parts_report_is_of_its_own_units_alone_and_says_so(demo: Internal) -> None:
    units = demo.facts.units
    _, materials = divided_material(demo, split(demo.facts, NORTH, SOUTH, NORTH, SOUTH))
    north, south = division_documents(materials)
    assert all(tables(one.content) for one in (north, south))
    assert (north.file_name, south.file_name) == (
        "rapport-omrade-norr-2026.docx",
        "rapport-omrade-soder-2026.docx",
    )
    for document, own, others in (
        (north, (units[0], units[2]), (units[1], units[3])),
        (south, (units[1], units[3]), (units[0], units[2])),
    ):
        said = words_of(document.content)
        assert (
            SAY("year.front.division", units=", ".join(one.name for one in own), board="Socialnämnden")
            in said
        )
        assert not any(one.name in said for one in others)
        # What is of the whole municipality is told there, and is not denied here.
        for name in ("selection", "levels", "clocks"):
            assert SAY(f"year.{name}") not in said.splitlines()
        assert not any(SAY(f"year.nothing.{name}") in said for name in ("clocks", "selection", "notified"))
        assert "Nya planer." not in said
        footer = docx.Document(BytesIO(document.content)).sections[0].footer.paragraphs
        assert any("Internt för kvalitetsteamet" in one.text for one in footer)


def test_the_parts_placements_add_up_to_the_wholes(demo: Internal) -> None:
    _, materials = divided_material(demo, split(demo.facts, NORTH, SOUTH, NORTH, SOUTH))
    sums = [one.figure("forms", "all", "placements") for one in (demo, *materials)]
    whole, *parts = [int(one.value) for one in sums if one]
    assert (whole, parts) == (26, [11, 15])


def test_nothing_of_the_whole_is_counted_to_a_part(demo: Internal) -> None:
    """Also of what the year comes to know later: a part with no unit has nothing but its days."""
    empty = of_units(demo.facts, frozenset())
    kept = {"period", "made_at", "small"}
    assert {one.name for one in fields(YearFacts) if getattr(empty, one.name)} - kept <= {"history"}
    assert empty.history == type(empty.history)()


def test_the_command_writes_a_report_of_each_part_and_tells_of_those_without(
    filled: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled.directory / "omraden.csv"
    monkeypatch.setenv("UPPFOLJAREN_LOCAL", "true")
    monkeypatch.setenv("UPPFOLJAREN_DIVISIONS", str(path))
    path.write_text("Enhetskod;Verksamhetsområde\nSAKNAS9;Norr\n", "utf-8")
    refused = filled.run("report", "2026", "--out", "ut", "--no-pdf")
    assert (refused.exit_code, "SAKNAS9 finns inte i registret" in " ".join(refused.stderr.split())) == (
        2,
        True,
    )
    assert not (filled.directory / "ut").exists()
    path.write_text("Enhetskod;Verksamhetsområde\nE-01;Norr\n", "utf-8")
    done = filled.run("report", "2026", "--out", "ut", "--no-pdf")
    assert done.exit_code == 0
    assert SAY("cli.report.division_withheld", names=NORTH, few=FEW) in done.stdout
    assert not list((filled.directory / "ut").glob("rapport-omrade-*"))


def test_names_that_are_written_alike_are_numbered(demo: Internal) -> None:
    _, materials = divided_material(demo, split(demo.facts, "Väst", "Vast", "Väst", "!!"))
    assert sorted(file_names(materials)) == [
        "rapport-omrade-omrade-2026.docx",
        "rapport-omrade-vast-2-2026.docx",
        "rapport-omrade-vast-2026.docx",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Kod;Område\na;b\n", ["kolumnerna Enhetskod och Verksamhetsområde saknas"]),
        (
            f"Enhetskod;Verksamhetsområde\nE1;Norr\nE1;Söder\nE2;\n;Norr\nE3;{'x' * 201}\n;\nE4;SÃ¶der\n",
            [
                "rad 3: enheten E1 har redan",
                "rad 4: Enhetskod eller",
                "rad 5: Enhetskod eller",
                "rad 6: namnet",
                "rad 8: namnets bokstäver",
            ],
        ),
    ],
)
def test_all_that_is_wrong_with_the_file_is_said_at_once(tmp_path: Path, text: str, said: list[str]) -> None:
    path = tmp_path / "omraden.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(WrongNamesError) as wrong:
        read_divisions(path)
    assert all(one in problem for one, problem in zip(said, wrong.value.problems, strict=True))


def test_a_unit_that_the_register_does_not_have_is_named(tmp_path: Path) -> None:
    path = tmp_path / "omraden.csv"
    path.write_text("Verksamhetsområde;Enhetskod\nNorr;E1\nNorr;E9\n", "utf-8")
    found = read_divisions(path)
    assert found == {"E1": NORTH, "E9": NORTH}
    assert unknown_units(path, found, ["E1", "E2"]) == [f"{path}: enheten E9 finns inte i registret"]
