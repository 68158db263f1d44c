"""A municipality's own file of terms: what it adds is taken by import, asked about, scored and told in its words."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.registering import Result, import_files
from followup.figures.figure import Figure
from followup.figures.period import period_of
from followup.figures.placement_steps import YearCounts
from followup.figures.year import year_tables
from followup.risk.proof import read_inputs
from followup.terms import FORMS, LEGAL_GROUNDS, OwnTerm, with_own
from followup.times.month import Month
from followup.wording.wording import Wording
from storage.engine.database import Database
from storage.engine.tables import term
from storage.overview import year_figures
from storage.register import units
from storage.risk import scores
from tests.support.builders import at
from tests.support.builders_register import Cells, Register, all_said, example, write_csv
from tests.support.municipality import STEADY
from tests.support.turns import ANEW, SAY, Chat
from texts.catalogue import Texts

NEW_YEAR = date(2027, 1, 1)
IN_JANUARY = {**STEADY, **ANEW, "private_talk_on": "2027-01-20", "provider_report_on": "2027-02-01"}
HOME = {
    "Slag": "form",
    "Kod": "hem_barn_unga",
    "Ord": "Hem för barn och unga",
    "Engelska": "Home for children and young people",
    "Gäller från": "2027-01-01",
    "Gäller till": "",
    "Bastal": "0,3",
}
GROUND = {
    "Slag": "lagrum",
    "Kod": "lvu_2027",
    "Ord": "LVU 2027 2 §",
    "Engelska": "The Act of 2027, section 2",
    "Gäller från": "2027-01-01",
}
UNIT = example(
    "enheter", {"Enhetskod": "TALLEN", "Enhet": "Tallen", "Form": "hem för barn och unga", "Inriktning": ""}
)
STAY = example(
    "placeringar",
    {
        "Aktreferens": "AKT-2027-1",
        "Enhetskod": "TALLEN",
        "Från": "2027-01-15",
        "Lagrum": "LVU 2027 2 §",
        "Ansvarig": "anna",
        "Ansvarig från": "2027-01-15",
        "Verkställd": "2027-01-15",
    },
)


def brought(
    database: Database, directory: Path, files: Mapping[str, Sequence[Cells]], now: str = "2027-01-20"
) -> Result:
    directory.mkdir(exist_ok=True)
    for name, rows in files.items():
        write_csv(directory / f"{name}.csv", rows)
    return import_files(database, [directory], at(now), local=True)


@pytest.fixture
def with_a_home(municipality: Database, tmp_path: Path) -> Database:
    """Read in with all else in one go, in files whose names say nothing of which must be read first."""
    files = {
        "termer": [HOME, GROUND],
        "utförare": [example("utförare")],
        "enheter": [UNIT],
        "placeringar": [STAY],
    }
    result = brought(municipality, tmp_path / "files", files)
    assert result.imported, result.reading.problems
    return municipality


def test_a_placement_under_a_new_form_and_ground_is_asked_about_and_its_answers_are_scored(
    with_a_home: Database,
) -> None:
    chat = Chat(with_a_home, at("2027-02-01"))
    chat.wake("2027-02-01 08:00")
    anna = chat.client("anna").look()
    anna.press(SAY("list.open_form"), row="AKT-2027-1")
    anna.press(SAY("report.hand_in"), IN_JANUARY)
    assert chat.versions("AKT-2027-1", Month(2027, 1)), anna.words
    with with_a_home.transaction() as tx:
        home = units.by_key(tx, "TALLEN")
        assert home
        stored = scores.latest(tx, home.id)
    assert stored
    inputs = read_inputs(stored.inputs)
    assert (inputs.segment, inputs.base_levels.levels["hem_barn_unga"]) == ("hem_barn_unga", Decimal("0.3"))
    assert inputs.exposure[-2].expected == 1


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_card_of_its_unit_and_the_report_say_the_files_own_words(
    with_a_home: Database, language: str
) -> None:
    say, place = Texts(language), 0 if language == "sv" else 1
    form, ground = [(row["Ord"], row["Engelska"])[place] for row in (HOME, GROUND)]
    karin = Chat(with_a_home, at("2027-02-01")).client("karin")
    karin.say("utförare tallen")
    assert HOME["Ord"] in karin.words
    with with_a_home.transaction() as tx:
        period = period_of(2027, date(2027, 9, 15), date(2027, 2, 1))
        facts = year_figures.facts(tx, period, at("2027-02-01"))
    tables = year_tables(facts)
    told = {
        name: {row.key: (said(say, row.label), row.cells[column]) for row in tables[name].rows}
        for name, column in (("forms", 1), ("grounds", 0))
    }
    one = told["forms"]["hem_barn_unga"]
    assert one[0] == form and isinstance(one[1], Figure) and one[1].value == 1
    one = told["grounds"]["lvu_2027"]
    assert one[0] == ground and isinstance(one[1], Figure) and (one[1].value, one[1].of) == (1, 6)
    [listed] = [row for row in tables["units"].rows if row.key == "TALLEN"]
    assert said(say, listed.cells[1]) == form
    # In public every form that only the file names is one, so that a single home is not told of by its form's count.
    assert "own_form" in YearCounts(facts).behind("forms")


def said(say: Texts, label: object) -> str:
    assert isinstance(label, str | Wording)
    return label if isinstance(label, str) else say.say(label)


def test_the_same_file_again_changes_nothing_and_another_word_or_day_changes_the_one_row(
    register: Register,
) -> None:
    register.write("termer", HOME)
    assert register.put_in().counts["terms"].created == 1
    assert register.put_in().counts["terms"].unchanged == 1
    register.write("termer", HOME | {"Ord": "Barnhem", "Gäller till": "2030-12-31"})
    assert register.put_in().counts["terms"].changed == 1
    [row] = register.rows(term)
    assert (row["word"], row["valid_to"], row["level"]) == ("Barnhem", date(2030, 12, 31), "0.3")


def test_a_file_of_terms_in_a_workbook_is_read_whatever_sheet_it_stands_in(register: Register) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in (("A enheter", [UNIT]), ("Utförare", [example("utförare")]), ("Ö termer", [HOME])):
        sheet = book.create_sheet(title)
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append(list(row.values()))
    book.save(register.directory / "allt.xlsx")
    assert register.put_in().counts["units"].created == 1


@pytest.mark.parametrize(
    ("change", "column", "wrong"),
    [
        ({"Slag": "signal"}, "Slag", "import.cell.not_a_choice"),
        ({"Kod": "Hem för barn"}, "Kod", "import.cell.not_a_code"),
        ({"Kod": "jourhem"}, "Kod", "import.term.code_taken"),
        ({"Kod": "own_form"}, "Kod", "import.term.code_taken"),
        (
            {"Slag": "avslutsorsak", "Kod": "left_register", "Bastal": ""},
            "Kod",
            "import.term.code_taken",
        ),
        ({"Ord": "H V B"}, "Ord", "import.term.word_taken"),
        ({"Engelska": ""}, "Engelska", "import.term.english_needed"),
        ({"Gäller till": "2026-12-31"}, "Gäller till", "import.ends_before_starts"),
        ({"Bastal": "0"}, "Bastal", "import.cell.not_a_number"),
        ({"Bastal": "2,5"}, "Bastal", "import.cell.not_a_number"),
        ({"Bastal": "lite"}, "Bastal", "import.cell.not_a_number"),
        ({"Slag": "lagrum"}, "Bastal", "import.term.level_of_form"),
        ({"Kod": "hvb", "Ord": "HVB"}, "Bastal", "import.term.level_in_method"),
        ({"Engelska": "20120229-2387"}, "Engelska", "import.cell.personal_number"),
    ],
)
def test_a_term_that_cannot_be_is_told_by_file_row_and_column(
    register: Register, change: Cells, column: str, wrong: str
) -> None:
    register.write("termer", {**HOME, **change})
    assert all_said(register.read().problems) == [("termer.csv", 2, column, wrong)]


def test_a_new_form_needs_a_level_before_a_unit_can_have_it(register: Register) -> None:
    register.write("termer", HOME | {"Bastal": ""})
    register.write("utförare")
    assert all_said(register.read().warnings) == [("termer.csv", 2, "Bastal", "import.term.no_level")]
    register.put_in()
    register.write("enheter", UNIT)
    assert all_said(register.read().problems) == [
        ("enheter.csv", 2, "Form", "import.unit.form_without_level")
    ]
    register.write("termer", HOME)
    assert register.put_in().counts["units"].created == 1
    register.write("termer", HOME | {"Bastal": "0,4"})
    assert all_said(register.read().problems) == [("termer.csv", 2, "Bastal", "import.term.level_stands")]


def test_a_unit_whose_forms_row_is_wrong_is_left_out_with_it(register: Register) -> None:
    register.write("termer", HOME | {"Engelska": ""})
    register.write("utförare")
    register.write("enheter", UNIT)
    reading = register.read()
    assert all_said(reading.dependents) == [("enheter.csv", 2, "Form", "import.row.depends")]
    assert [entry.kind.id for entry in reading.rows] == ["providers"]


@pytest.mark.parametrize(
    ("starts", "ends", "ground", "taken"),
    [
        ("2026-10-01", "", "LVU 2027 2 §", False),
        ("2027-02-01", "", "LVU 2027 2 §", True),
        ("2026-10-01", "2027-01-01", "LVU 2027 2 §", True),
        ("2026-10-01", "2026-12-31", "LVU 2027 2 §", False),
        ("2026-10-01", "", "LVU 2 §", True),
        ("2027-01-01", "", "LVU 2 §", False),
    ],
)
def test_a_placement_may_stand_under_a_ground_that_held_while_it_lasted(
    register: Register, starts: str, ends: str, ground: str, taken: bool
) -> None:
    """Today it is November 2026; the old ground is given its last day by the file."""
    register.write_all()
    old = {"Slag": "lagrum", "Kod": "lvu_2", "Ord": "LVU 2 §", "Gäller till": "2026-12-31"}
    register.write("termer", GROUND | {"Gäller till": ""}, old)
    placement = {"Från": starts, "Till": ends, "Lagrum": ground, "Avslutsorsak": "ålder" if ends else ""}
    register.write("placeringar", example("placeringar", placement | {"Verkställd": "", "Ansvarig från": ""}))
    wrong = [what for file, _, _, what in all_said(register.read().problems) if file == "placeringar.csv"]
    assert wrong == ([] if taken else ["import.term.not_valid"])


def test_a_file_says_other_words_of_what_stands_already_and_the_catalogue_the_rest() -> None:
    plain, renamed = Texts("sv"), Texts("en")
    terms = with_own(
        [OwnTerm("form", "hvb", "HVB", valid_to=NEW_YEAR), OwnTerm("legal_ground", "sol", "SoL 2025")]
    )
    hvb, sol = terms["form"]["hvb"], terms["legal_ground"]["sol"]
    assert (hvb.valid_to, hvb.said("form_of_care")) == (NEW_YEAR, FORMS["hvb"].said("form_of_care"))
    assert plain.say(sol.said("legal_ground")) == "SoL 2025"
    assert renamed.say(sol.said("legal_ground")) == renamed("legal_ground.sol")
    assert sol.older_words == (LEGAL_GROUNDS["sol"].word,)
