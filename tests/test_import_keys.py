"""Keys that only look like one that is known, and what a file would leave behind in the register."""

import pytest

from storage.engine import tables
from tests.support.builders_register import COLLEAGUE, MANAGER, WORKER, Cells, Register, all_said, example

KEYS: list[tuple[str, Cells, str]] = [
    ("placeringar", {"Aktreferens": "bu-2025-014"}, "Aktreferens"),
    ("placeringar", {"Aktreferens": "BU 2025 014"}, "Aktreferens"),
    ("placeringar", {"Aktreferens": "BU\u20112025\u2011014"}, "Aktreferens"),
    ("placeringar", {"Aktreferens": "BU-2025-014", "Enhetskod": "E 01"}, "Enhetskod"),
    ("placeringar", {"Ansvarig": "AnnBer", "Aktreferens": "BU-2"}, "Ansvarig"),
    ("enheter", {"Enhetskod": "e-01"}, "Enhetskod"),
    ("enheter", {"Enhetskod": "E\u00ad-01"}, "Enhetskod"),
    ("avtal", {"Avtalsnummer": "a-2025-7"}, "Avtalsnummer"),
    ("rapporter", {"Aktreferens": "BU–2025-014"}, "Aktreferens"),
    ("signaler", {"Signalnummer": "s-2025-031"}, "Signalnummer"),
    ("signaler", {"Signalnummer": "S-1", "Samma händelse som": "s-2025-031"}, "Samma händelse som"),
]


@pytest.fixture
def register(register: Register) -> Register:
    register.write_all()
    return register


@pytest.mark.parametrize("stored", [True, False])
@pytest.mark.parametrize(("kind", "changes", "column"), KEYS)
def test_a_key_that_only_looks_like_another_is_refused_in_the_files_and_against_what_is_stored(
    register: Register, kind: str, changes: Cells, column: str, stored: bool
) -> None:
    if stored:
        register.put_in()
        register.write(kind, example(kind, changes))
    else:
        register.write(kind, example(kind), example(kind, changes))
    row = 2 if stored else 3
    found = [problem for problem in register.read().problems if problem.column == column]
    assert all_said(found) == [(f"{kind}.csv", row, column, "import.key.spelling")]
    written, known = found[0].what.values["written"], found[0].what.values["known"]
    assert written != known
    assert str(written).isprintable()
    assert len(register.read().problems) == 1


def test_a_signature_in_other_letters_is_refused_and_makes_no_second_person(register: Register) -> None:
    register.put_in()
    register.write("personer", WORKER | {"Signatur": "ANNBER", "Namn": "Anna Berg"})
    assert all_said(register.read().problems) == [("personer.csv", 2, "Signatur", "import.key.spelling")]


def test_two_keys_that_are_stored_already_are_left_alone(register: Register) -> None:
    register.write("enheter", example("enheter"), example("enheter", {"Enhetskod": "E-1-1"}))
    register.put_in()
    register.write("enheter", example("enheter"), example("enheter", {"Enhetskod": "E-11"}))
    assert [problem.what.id for problem in register.read().problems] == ["import.key.spelling"]
    register.write("enheter", example("enheter"), example("enheter", {"Enhetskod": "E-1-1"}))
    assert not register.read().problems


def test_until_further_notice_is_no_end(register: Register) -> None:
    register.write("placeringar", example("placeringar", {"Till": "9999-12-31"}))
    register.write("avtal", example("avtal", {"Till": "9999-12-31"}))
    register.put_in()
    assert register.rows(tables.placement)[0]["ends"] is None
    assert register.rows(tables.contract)[0]["ends"] is None


def test_an_end_in_the_far_future_is_refused_where_it_stands(register: Register) -> None:
    register.write("placeringar", example("placeringar", {"Till": "2999-12-31", "Avslutsorsak": "ålder"}))
    assert all_said(register.read().problems) == [("placeringar.csv", 2, "Till", "import.cell.too_late")]


def warned(register: Register, what: str) -> list[tuple[str, int | None, str | None]]:
    return [
        (warning.file, warning.row, warning.column)
        for warning in register.read().warnings
        if warning.what.id == what
    ]


@pytest.mark.parametrize(
    ("first_ends", "second_starts", "warns"),
    [
        ("", "2026-11-01", True),
        ("2026-11-01", "2026-11-01", False),
        ("2026-12-31", "2026-11-01", True),
        ("2026-11-30", "2026-12-01", False),
        ("9999-12-31", "2026-12-01", True),
    ],
)
def test_two_open_placements_of_one_child_are_named(
    register: Register, first_ends: str, second_starts: str, warns: bool
) -> None:
    register.put_in()
    register.write(
        "enheter", example("enheter"), example("enheter", {"Enhetskod": "E-02", "Enhet": "Tallen"})
    )
    reason = "omplacering annat" if first_ends and not first_ends.startswith("9") else ""
    moved = {"Enhetskod": "E-02", "Från": second_starts, "Verkställd": "", "Ansvarig från": ""}
    register.write(
        "placeringar",
        example("placeringar", {"Till": first_ends, "Avslutsorsak": reason}),
        example("placeringar", moved),
    )
    places = [("placeringar.csv", row, "Aktreferens") for row in (2, 3)]
    assert warned(register, "import.placement.two_open") == (places if warns else [])
    assert not register.read().problems


def test_a_move_to_another_home_is_warned_about_while_the_stored_placement_is_open(
    register: Register,
) -> None:
    register.put_in()
    register.write(
        "enheter", example("enheter"), example("enheter", {"Enhetskod": "E-02", "Enhet": "Tallen"})
    )
    register.write("placeringar", example("placeringar", {"Enhetskod": "E-02", "Från": "2026-11-01"}))
    assert warned(register, "import.placement.two_open") == [("placeringar.csv", 2, "Aktreferens")]


@pytest.mark.parametrize(("ends", "warns"), [("2025-09-30", True), ("2025-10-31", False)])
def test_an_end_before_a_report_that_is_stored_is_warned_about(
    register: Register, ends: str, warns: bool
) -> None:
    register.put_in()
    register.write("placeringar", example("placeringar", {"Till": ends, "Avslutsorsak": "ålder"}))
    (register.directory / "rapporter.csv").unlink()
    (register.directory / "signaler.csv").unlink()
    places = [("placeringar.csv", 2, "Till")]
    assert warned(register, "import.placement.reported_after") == (places if warns else [])


@pytest.mark.parametrize(
    ("person", "column"),
    [
        (WORKER | {"Aktiv": "nej"}, "Aktiv"),
        (WORKER | {"Roll": "chef"}, "Roll"),
        (COLLEAGUE | {"Aktiv": "nej"}, "Aktiv"),
    ],
)
def test_who_leaves_open_placements_behind_is_warned_about_with_them(
    register: Register, person: Cells, column: str
) -> None:
    register.write("placeringar", example("placeringar", {"Ersättare": "olaste"}))
    register.put_in()
    path = register.write("personer", person)
    (warning,) = [one for one in register.read(path).warnings if "left" in one.what.id]
    assert (warning.row, warning.column) == (2, column)
    placements = warning.what.values["placements"]
    assert isinstance(placements, tuple)
    assert [one.values["case"] for one in placements] == ["BU-2025-014"]


def test_who_hands_over_all_placements_in_the_same_files_leaves_none_behind(register: Register) -> None:
    register.put_in()
    register.write("personer", MANAGER | {"Chef": ""}, WORKER | {"Aktiv": "nej"}, COLLEAGUE)
    register.write("placeringar", example("placeringar", {"Ansvarig": "olaste"}))
    assert not [one for one in register.read().warnings if "left" in one.what.id]
