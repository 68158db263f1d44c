"""Files that once were read wrongly: all of tests/inputs, each with what is right for it."""

from datetime import date
from pathlib import Path

import pytest

from storage.engine import tables
from tests.support.builders_register import COLLEAGUE, MANAGER, WORKER, Register, all_said, example
from tests.support.xlsx_builders import Cell, write_xlsx

INPUTS = Path(__file__).parent / "inputs"
PLACEMENTS = (
    example("placeringar"),
    example("placeringar", {"Aktreferens": "BU-2025-015", "Från": "2025-03-01", "Ansvarig från": ""}),
    example(
        "placeringar",
        {"Aktreferens": "BU-2025-016", "Från": "2025-04-01", "Enhetskod": "E-02", "Ansvarig från": ""},
    ),
)


@pytest.fixture
def register(register: Register) -> Register:
    """Three placements in two homes, all answered for by one worker."""
    register.write("personer", MANAGER | {"Chef": ""}, WORKER, COLLEAGUE)
    register.write("utförare")
    register.write(
        "enheter", example("enheter"), example("enheter", {"Enhetskod": "E-02", "Enhet": "Tallen"})
    )
    register.write("placeringar", *PLACEMENTS)
    register.put_in()
    return register


def test_every_row_that_ends_early_is_told_of_each_value_that_it_lacks(register: Register) -> None:
    found = all_said(register.read(INPUTS / "placeringar-kort-rad.csv").problems)
    name = "placeringar-kort-rad.csv"
    assert found == [(name, 2, column, "import.cell.missing") for column in ("Lagrum", "Ansvarig")]


def test_a_signal_that_ends_early_is_told_and_does_not_vanish(register: Register) -> None:
    found = all_said(register.read(INPUTS / "signaler-kort-rad.csv").problems)
    assert found == [("signaler-kort-rad.csv", 2, "Händelsedatum", "import.cell.missing")]


def test_all_rows_are_read_of_a_sheet_that_says_that_it_has_fewer(register: Register) -> None:
    result = register.end([INPUTS / "dimension-for-kort.xlsx"])
    assert result.imported is not None
    assert [entry.row.number for entry in result.reading.rows] == [2, 3, 4]
    assert result.imported.counts["placements"].ended == 0
    assert [row["ends"] for row in register.rows(tables.placement)] == [None] * 3


def test_nothing_is_ended_by_a_workbook_of_which_a_sheet_was_not_known(register: Register) -> None:
    result = register.end([INPUTS / "tva-blad-ett-okant.xlsx"], 2)
    assert result.imported is None
    name = "tva-blad-ett-okant.xlsx"
    (unread,) = {file for file, *_ in all_said(result.reading.warnings)}
    assert unread.startswith(name)
    assert all_said(result.reading.problems) == [(unread, None, None, "import.complete.unread")]
    assert [row["ends"] for row in register.rows(tables.placement)] == [None] * 3


@pytest.mark.parametrize(
    ("name", "column", "wrong"),
    [
        ("pnr-som-tal.xlsx", ["Aktreferens"], "import.cell.personal_number"),
        ("aktref-blev-datum.xlsx", ["Aktreferens"], "import.cell.became_a_day"),
        ("formel-utan-varde.xlsx", ["Födelsedatum", "Alias"], "import.cell.uncalculated"),
    ],
)
def test_what_a_spreadsheet_made_of_a_value_is_refused_where_it_stands(
    register: Register, name: str, column: list[str], wrong: str
) -> None:
    assert all_said(register.read(INPUTS / name).problems) == [(name, 2, one, wrong) for one in column]


HEADERS = ("Aktreferens", "Enhetskod", "Från", "Lagrum", "Ansvarig", "Alias")


def numbered(*references: int, alias: int | None = None) -> dict[str, list[tuple[Cell, ...]]]:
    rows: list[tuple[Cell, ...]] = [
        (reference, "E-01", date(2025, 2, 1), "SoL", "annber", alias) for reference in references
    ]
    return {"Placeringar": [HEADERS, *rows]}


def test_case_references_that_are_a_series_of_numbers_are_never_refused_by_chance(
    register: Register, tmp_path: Path
) -> None:
    path = write_xlsx(tmp_path / "x.xlsx", numbered(*range(2025000, 2025100)))
    reading = register.read(path)
    assert (len(reading.rows), all_said(reading.problems)) == (100, [])


@pytest.mark.parametrize(
    ("sheet", "column"),
    [
        (numbered(2025000, 2025001, 2025002, 805122389), "Aktreferens"),
        (numbered(2025000, 2025001, 2025002, 11012382), "Aktreferens"),
        (numbered(1012384, 1022383), "Aktreferens"),
    ],
)
def test_among_them_a_personnummer_without_its_zeros_is_refused(
    register: Register, tmp_path: Path, sheet: dict[str, list[tuple[Cell, ...]]], column: str
) -> None:
    found = all_said(register.read(write_xlsx(tmp_path / "x.xlsx", sheet)).problems)
    assert {(where, wrong) for _, _, where, wrong in found} == {(column, "import.cell.personal_number")}


def test_in_a_column_of_other_texts_no_number_is_a_series(register: Register, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "x.xlsx", numbered(2025000, 2025001, alias=1012384))
    assert {where for _, _, where, _ in all_said(register.read(path).problems)} == {"Alias"}


def test_a_formula_without_a_value_erases_nothing(register: Register) -> None:
    result = register.end([INPUTS / "formel-utan-varde.xlsx"])
    assert result.imported is None
    first = register.rows(tables.placement)[0]
    assert register.opened(first["born"]) == "2012-05-17"
    assert first["starts"] == date(2025, 2, 1)


def test_a_workbook_that_breaks_the_format_is_told_with_the_reason(register: Register) -> None:
    (problem,) = register.read(INPUTS / "tom-fill.xlsx").problems
    assert problem.what.id == "import.file.unreadable"
    why = problem.what.values["why"]
    assert getattr(why, "id", None) == "import.unreadable.malformed"


def test_a_file_from_another_machine_is_refused_with_the_reason(register: Register) -> None:
    (problem,) = register.read(INPUTS / "mac.csv").problems
    assert problem.what.id == "import.file.spoilt"
    assert getattr(problem.what.values["how"], "id", None) == "import.spoilt.mac"
    assert register.rows(tables.person)[1]["name"] == "Anna Berg"
