"""The register's import: what is stored, what is refused, and that the same files change nothing."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from storage.engine import tables
from storage.imports.upsert import Counts
from tests.support.builders_register import (
    COLLEAGUE,
    MANAGER,
    NOW,
    WORKER,
    Cells,
    Register,
    all_said,
    example,
    said,
)

ENTRA = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
LATER = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def register(register: Register) -> Register:
    register.write_all()
    return register


def test_every_file_is_put_in_with_its_references(register: Register) -> None:
    imported = register.put_in()
    assert {kind: counts.created for kind, counts in imported.counts.items()} == {
        "terms": 1,
        "clocks": 1,
        "people": 3,
        "providers": 1,
        "units": 1,
        "contracts": 1,
        "placements": 1,
        "reports": 1,
        "signals": 1,
        "ivo_decisions": 1,
        "events": 1,
    }
    (unit,) = register.rows(tables.unit)
    assert imported.unit_ids == {unit["id"]}
    (placement,) = register.rows(tables.placement)
    assert placement["unit_id"] == unit["id"]
    assert (placement["legal_ground"], placement["contract_form"]) == ("lvu_2", "framework")
    assert (placement["care_plan"], placement["treatment_plan_review_on"]) == ("on_file", date(2027, 2, 10))
    manager, worker, _ = register.rows(tables.person)
    assert worker["manager_id"] == manager["id"]


def test_birth_date_and_alias_are_sealed(register: Register) -> None:
    register.put_in()
    (placement,) = register.rows(tables.placement)
    assert register.opened(placement["born"]) == "2012-05-17"
    assert register.opened(placement["alias"]) == "Blåsippan"
    content = b"".join(path.read_bytes() for path in register.directory.parent.glob("test.db*"))
    assert b"2012-05-17" not in content
    assert "Blåsippan".encode() not in content


def test_the_same_files_change_nothing(register: Register) -> None:
    register.put_in()
    before = register.sizes()
    again = register.put_in(now=LATER, complete=True)
    assert all(counts == Counts(unchanged=counts.unchanged) for counts in again.counts.values())
    assert register.sizes() == before | {"access_log": before["access_log"] + 1}
    assert not again.unit_ids


def test_files_may_come_in_any_order_and_one_at_a_time(register: Register) -> None:
    for name in ("personer", "utförare", "enheter", "placeringar"):
        register.put_in(register.read(register.directory / f"{name}.csv"))
    assert len(register.rows(tables.ownership)) == 1


def test_only_what_differs_is_changed_and_what_the_file_is_silent_about_stays(register: Register) -> None:
    register.put_in()
    row = example("enheter", {"Enhet": "Nya Björkbacken", "Senaste uppföljning": ""})
    del row["Föreståndare"]
    register.write("enheter", row)
    imported = register.put_in()
    assert imported.counts["units"] == Counts(changed=1)
    (unit,) = register.rows(tables.unit)
    assert unit["name"] == "Nya Björkbacken"
    assert unit["director"] == "Lars Holm"
    assert unit["last_follow_up"] == date(2025, 9, 15)


def test_of_a_row_that_is_given_again_only_the_columns_that_are_another_are_written(
    register: Register,
) -> None:
    register.put_in()
    written: list[str] = []
    event.listen(
        register.database.engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: written.extend(
            re.findall(r"(\w+)=", statement) if statement.startswith("UPDATE placement ") else ()
        ),
    )
    # An empty cell, a day, what was there before, and the same text in letters that are made of two signs.
    for cells, columns in (
        ({"Vårdplan nästa": ""}, ["care_plan_review_on"]),
        ({"Vårdplan datum": "2025-03-01"}, ["care_plan_on", "care_plan_review_on"]),
        ({}, ["care_plan_on"]),
        ({"Alias": unicodedata.normalize("NFD", "Blåsippan")}, []),
        ({"Alias": "Vitsippan", "Hem": ""}, ["alias", "home"]),
    ):
        written.clear()
        register.write("placeringar", example("placeringar", cells))
        register.put_in(register.read())
        assert sorted(written) == columns


def test_an_empty_cell_clears_what_was_stored(register: Register) -> None:
    register.put_in()
    register.write("placeringar", example("placeringar", {"Alias": "", "Vårdplan nästa": ""}))
    register.put_in()
    (placement,) = register.rows(tables.placement)
    assert (placement["alias"], placement["care_plan_review_on"]) == (None, None)


def test_a_row_that_ends_early_clears_what_an_empty_cell_would(register: Register) -> None:
    register.put_in()
    path = register.write("placeringar", example("placeringar"))
    header, row = path.read_text("utf-8-sig").splitlines()
    until_owner = row.split(";")[: header.split(";").index("Ansvarig") + 1]
    path.write_text(f"{header}\n{';'.join(until_owner)}\n", "utf-8-sig")
    register.put_in()
    (placement,) = register.rows(tables.placement)
    assert (placement["alias"], placement["born"], placement["care_plan_review_on"]) == (None, None, None)


def test_a_new_owner_is_a_new_row_and_the_old_one_is_kept(register: Register) -> None:
    register.put_in()
    register.write("placeringar", example("placeringar", {"Ansvarig": "olaste"}))
    imported = register.put_in()
    assert imported.counts["placements"] == Counts(changed=1)
    assert [row["since"] for row in register.rows(tables.ownership)] == [
        date(2025, 2, 1),
        date(2026, 11, 23),
    ]
    register.put_in(now=LATER)
    assert len(register.rows(tables.ownership)) == 2


@pytest.mark.parametrize(
    ("given", "since"), [("2026-12-01", date(2026, 12, 1)), ("2024-01-01", date(2026, 11, 23))]
)
def test_a_new_owner_counts_from_the_day_given_but_never_from_before_the_old_one(
    register: Register, given: str, since: date
) -> None:
    register.put_in()
    register.write("placeringar", example("placeringar", {"Ansvarig": "olaste", "Ansvarig från": given}))
    register.put_in()
    assert register.rows(tables.ownership)[-1]["since"] == since


def test_owners_who_change_to_and_fro_in_a_day_all_leave_a_row(register: Register) -> None:
    register.put_in()
    changes = (("olaste", "annber"), ("annber", "olaste"), ("olaste", "annber"))
    for hour, (owner, substitute) in enumerate(changes, 1):
        register.write("placeringar", example("placeringar", {"Ansvarig": owner, "Ersättare": substitute}))
        register.put_in(now=NOW + timedelta(hours=hour))
    assert len(register.rows(tables.ownership)) == 4


def test_a_placement_gone_from_the_whole_register_is_ended_with_a_reason(register: Register) -> None:
    register.write("placeringar", example("placeringar"), example("placeringar", {"Aktreferens": "BU-2"}))
    register.put_in()
    register.write("placeringar", example("placeringar"))
    assert register.put_in().missing == 1
    imported = register.put_in(complete=True)
    assert (imported.counts["placements"].ended, imported.missing) == (1, 0)
    gone = register.rows(tables.placement)[1]
    assert (gone["ends"], gone["end_reason"]) == (date(2026, 11, 23), "left_register")


def test_a_placement_that_comes_back_is_open_again(register: Register) -> None:
    both = (example("placeringar"), example("placeringar", {"Aktreferens": "BU-2"}))
    register.write("placeringar", *both)
    register.put_in()
    register.write("placeringar", both[0])
    register.put_in(complete=True)
    register.write("placeringar", *both)
    register.put_in(complete=True)
    assert [row["ends"] for row in register.rows(tables.placement)] == [None, None]


def test_nothing_is_ended_when_a_placement_row_was_rejected_or_there_are_none(register: Register) -> None:
    register.put_in()
    register.write("placeringar", example("placeringar", {"Lagrum": "BrB"}))
    assert register.put_in(register.read().without_bad(), complete=True).counts["placements"].ended == 0
    people = register.read(register.directory / "personer.csv")
    assert register.put_in(people, complete=True).counts["placements"].ended == 0
    assert register.rows(tables.placement)[0]["ends"] is None


WRONG: list[tuple[str, Cells, str, str]] = [
    ("personer", {"Roll": "rektor"}, "Roll", "import.cell.not_a_choice"),
    ("personer", {"Namn": ""}, "Namn", "import.cell.missing"),
    ("personer", {"Namn": "Anna 121212-1212"}, "Namn", "import.cell.personal_number"),
    ("personer", {"Chef": "nils"}, "Chef", "import.unknown.people"),
    ("personer", {"Chef": "olaste"}, "Chef", "import.not_a.manager"),
    ("personer", {"Roll": "chef", "Chef": "annber"}, "Chef", "import.person.own_manager"),
    ("enheter", {"Organisationsnummer": "212000-0167"}, "Organisationsnummer", "import.unknown.providers"),
    ("enheter", {"Form": "internat"}, "Form", "import.cell.not_a_choice"),
    ("avtal", {"Till": "2024-12-31"}, "Till", "import.ends_before_starts"),
    ("avtal", {"Enhetskod": "E-99"}, "Enhetskod", "import.unknown.units"),
    ("placeringar", {"Aktreferens": "20121212-1212"}, "Aktreferens", "import.cell.personal_number"),
    ("placeringar", {"Alias": "7010632391"}, "Alias", "import.cell.personal_number"),
    ("placeringar", {"Alias": "805122389"}, "Alias", "import.cell.personal_number"),
    ("placeringar", {"Alias": "20120229-TF12"}, "Alias", "import.cell.personal_number"),
    ("placeringar", {"Alias": "Ett alldeles för långt"}, "Alias", "import.cell.too_long"),
    ("placeringar", {"Personnummer": "121212 1212"}, "Personnummer", "import.cell.personal_number"),
    ("placeringar", {"Från": "2018-04-31"}, "Från", "import.cell.no_such_day"),
    ("placeringar", {"Till": "2026-01-31"}, "Avslutsorsak", "import.placement.reason_needed"),
    ("placeringar", {"Avslutsorsak": "ålder"}, "Till", "import.placement.end_needed"),
    ("placeringar", {"Till": "2025-01-31", "Avslutsorsak": "ålder"}, "Till", "import.ends_before_starts"),
    ("placeringar", {"Ansvarig": "marek"}, "Ansvarig", "import.not_a.worker"),
    ("placeringar", {"Ansvarig": ""}, "Ansvarig", "import.cell.missing"),
    ("placeringar", {"Ersättare": "annber"}, "Ersättare", "import.placement.own_substitute"),
    ("placeringar", {"Födelsedatum": "2027-01-01"}, "Födelsedatum", "import.cell.future_day"),
]


@pytest.mark.parametrize(("kind", "changes", "column", "wrong"), WRONG)
def test_a_wrong_row_is_told_by_file_row_and_column(
    register: Register, kind: str, changes: Cells, column: str, wrong: str
) -> None:
    if kind == "personer":
        register.write(kind, MANAGER | {"Chef": ""}, COLLEAGUE, {**WORKER, **changes})
    else:
        register.write(kind, example(kind, changes))
    row = 4 if kind == "personer" else 2
    assert (f"{kind}.csv", row, column, wrong) in all_said(register.read().problems)


def test_all_problems_of_all_files_are_told_at_once_and_never_repeat_the_cell(register: Register) -> None:
    register.write("utförare", example("utförare", {"Organisationsnummer": "559999-0017"}))
    register.write("placeringar", example("placeringar", {"Födelsedatum": "2012-02-30", "Lagrum": ""}))
    reading = register.read()
    assert sorted(all_said(reading.problems)) == [
        ("enheter.csv", 2, "Organisationsnummer", "import.unknown.providers"),
        ("placeringar.csv", 2, "Födelsedatum", "import.cell.no_such_day"),
        ("placeringar.csv", 2, "Lagrum", "import.cell.missing"),
        ("utförare.csv", 2, "Organisationsnummer", "import.cell.not_an_org_number"),
    ]
    assert "2012-02-30" not in str([(problem.what, problem.allowed) for problem in reading.problems])


def test_a_row_given_twice_is_told_with_the_place_of_the_first(register: Register) -> None:
    register.write("utförare", example("utförare"), example("utförare", {"Utförare": "En annan"}))
    (problem,) = register.read().problems
    assert said(problem) == ("utförare.csv", 3, "Organisationsnummer", "import.row.twice")
    assert problem.what.values == {"file": "utförare.csv", "row": 2}


def test_one_account_is_never_two_people(register: Register) -> None:
    register.put_in()
    register.write("personer", WORKER | {"Teams-id": ENTRA})
    register.put_in()
    register.write("personer", WORKER | {"Teams-id": ""}, COLLEAGUE | {"Teams-id": ENTRA})
    assert all_said(register.read().problems) == [
        ("personer.csv", 3, "Teams-id", "import.person.teams_id_taken")
    ]
    assert [row["teams_id"] for row in register.rows(tables.person)] == [None, ENTRA, None]


def test_a_sole_trader_may_have_a_personal_number_as_organisation_number(register: Register) -> None:
    number = {"Organisationsnummer": "121212-1212"}
    register.write("utförare", example("utförare", number))
    register.write("enheter", example("enheter", number))
    register.put_in()
    assert register.rows(tables.provider)[0]["org_number"] == "121212-1212"


ODD: list[tuple[str, Cells, str, str]] = [
    ("personer", WORKER | {"Chef": ""}, "Chef", "import.person.no_manager"),
    ("enheter", {"Inriktning": "ridläger"}, "Inriktning", "import.unit.unusual_subtype"),
    ("placeringar", {"Födelsedatum": "2005-11-23"}, "Födelsedatum", "import.placement.too_old"),
    ("placeringar", {"Födelsedatum": "2025-03-01"}, "Födelsedatum", "import.placement.born_later"),
    ("placeringar", {"Från": "2024-02-01"}, "Från", "import.placement.overlaps"),
]


@pytest.mark.parametrize(("kind", "changes", "column", "odd"), ODD)
def test_what_is_odd_is_a_warning_and_is_put_in(
    register: Register, kind: str, changes: Cells, column: str, odd: str
) -> None:
    register.put_in()
    register.write(kind, example(kind, changes))
    reading = register.read()
    assert (f"{kind}.csv", 2, column, odd) in all_said(reading.warnings)
    assert not reading.problems


@pytest.mark.parametrize(("born", "young"), [("2009-02-02", True), ("2009-02-01", False)])
def test_a_child_under_sixteen_in_stodboende_is_warned_about(
    register: Register, born: str, young: bool
) -> None:
    register.write("enheter", example("enheter", {"Form": "stödboende", "Inriktning": ""}))
    register.write("placeringar", example("placeringar", {"Födelsedatum": born}))
    warned = [warning.what.id for warning in register.read().warnings]
    assert ("import.placement.too_young" in warned) is young


def test_an_owner_who_has_left_is_warned_about(register: Register) -> None:
    register.write("personer", MANAGER | {"Chef": ""}, WORKER | {"Aktiv": "nej"})
    assert [warning.what.id for warning in register.read().warnings] == ["import.placement.owner_inactive"]


def test_a_row_that_depends_on_a_wrong_one_is_left_out_with_it(register: Register) -> None:
    register.write(
        "enheter", example("enheter", {"Form": "internat"}), example("enheter", {"Enhetskod": "E-2"})
    )
    reading = register.read()
    assert all_said(reading.problems) == [("enheter.csv", 2, "Form", "import.cell.not_a_choice")]
    assert sorted(said(problem)[0] for problem in reading.dependents) == [
        "avtal.csv",
        "händelser.csv",
        "ivo-beslut.csv",
        "placeringar.csv",
        "rapporter.csv",
        "signaler.csv",
    ]
    imported = register.put_in(reading.without_bad())
    assert imported.counts["units"].created == 1
    assert not register.rows(tables.placement)


def test_a_wrong_row_about_what_is_stored_already_leaves_out_only_itself(register: Register) -> None:
    register.put_in()
    register.write("enheter", example("enheter", {"Form": "internat"}))
    assert not register.read().dependents
