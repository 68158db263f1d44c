"""What the clocks are worked out from in the database: the register, reports, and what was recorded."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from followup import PlacementId
from followup.clocks.agreements import AGREEMENTS, Agreements
from followup.clocks.clock import Relief
from followup.clocks.due import times_of
from storage.clocks import done, own, owners, stays
from storage.engine.database import Database, Transaction
from storage.engine.tables import clock_term, person, placement, unit
from tests.support.builders import Register, at
from tests.support.builders_register import Cells, all_said, example
from tests.test_own_terms import GROUND, HOME, STAY, UNIT, brought

NOW = at("2026-11-02")


@pytest.fixture
def town(database: Database) -> Database:
    with database.transaction() as tx:
        register = Register(tx)
        anna, north = register.person("anna"), register.unit("NORR")
        register.unit("SYD")
        register.placement(anna, north, case="AKT-1", starts="2026-01-15")
    return database


def only(tx: Transaction) -> PlacementId:
    return PlacementId(tx.connection.scalars(select(placement.c.id)).one())


def last_days(tx: Transaction, placement_id: PlacementId, moment: str = "2026-11-02") -> dict[str, str]:
    """The last day of what is not done, by clock."""
    [facts] = stays.known(tx, [placement_id], at(moment))
    return {one.clock.code: str(one.due) for one in times_of(facts, own.clocks(tx)) if one.done is None}


def set_to(tx: Transaction, **values: object) -> None:
    tx.connection.execute(update(placement).values(**values))


def test_the_registers_facts_start_and_end_the_clocks(town: Database) -> None:
    with town.transaction() as tx:
        set_to(tx, legal_ground="lvu_3", executed_on=date(2026, 2, 1), born=tx.vault.seal("2012-05-17"))
        set_to(tx, treatment_plan="on_file", treatment_plan_on=date(2026, 2, 10), special_reasons_on=None)
        found = last_days(tx, only(tx))
        assert found["reconsideration"] == "2026-08-01"
        assert found["treatment_plan_follow_up"] == "2026-05-10"
        assert found["lvu_3_ends"] == "2033-05-17"
        assert found["care_plan_revision"] == "2028-01-15"
        assert "consideration" not in found and "treatment_plan" not in found


def test_the_registers_last_review_counts_by_the_legal_ground_that_it_was_of(town: Database) -> None:
    with town.transaction() as tx:
        set_to(tx, last_review_on=date(2026, 6, 30), last_review_body="Sociala utskottet")
        assert last_days(tx, only(tx))["consideration"] == "2026-12-30"
        set_to(tx, last_review_body=None)
        assert last_days(tx, only(tx))["consideration"] == "2026-07-15"


def test_what_was_recorded_counts_from_when_it_was_known_until_it_is_taken_back(town: Database) -> None:
    with town.transaction() as tx:
        id_, anna = only(tx), tx.connection.scalars(select(person.c.id)).one()
        done.record(tx, id_, "consideration", date(2026, 7, 1), "Utskottet", anna, at("2026-07-03"))
        assert last_days(tx, id_, "2026-07-02")["consideration"] == "2026-07-15"
        assert last_days(tx, id_, "2026-07-04")["consideration"] == "2027-01-01"
        [stored] = done.of_cases(tx, ["AKT-1"])
        done.withdraw(tx, stored, anna, at("2026-07-05"))
        assert last_days(tx, id_, "2026-07-04")["consideration"] == "2027-01-01"
        assert last_days(tx, id_, "2026-07-06")["consideration"] == "2026-07-15"
        assert done.newest_of(tx, stored).withdrawn


def test_a_meeting_of_the_child_counts_in_its_next_placement(town: Database) -> None:
    with town.transaction() as tx:
        id_, anna = only(tx), tx.connection.scalars(select(person.c.id)).one()
        set_to(tx, ends=date(2026, 8, 31), end_reason="moved_otherwise")
        south = tx.connection.scalars(select(unit.c.id).where(unit.c.key == "SYD")).one()
        moved = Register(tx).placement(anna, south, case="AKT-1", starts="2026-09-01")
        done.record(tx, id_, "consideration", date(2026, 7, 1), "Utskottet", anna, at("2026-07-03"))
        assert last_days(tx, moved)["consideration"] == "2027-01-01"


def test_a_plan_that_was_read_through_is_asked_about_again_when_it_is_another(town: Database) -> None:
    with town.transaction() as tx:
        id_, anna = only(tx), tx.connection.scalars(select(person.c.id)).one()
        set_to(tx, care_plan_on=date(2026, 2, 10))
        done.record_check(tx, id_, "care_plan", date(2026, 2, 10), {}, anna, at("2026-03-01"))
        assert "care_plan_check" not in last_days(tx, id_)
        set_to(tx, care_plan_on=date(2026, 10, 1))
        assert last_days(tx, id_)["care_plan_check"] == "2026-11-01"


@pytest.mark.parametrize(
    ("said", "there"),
    [
        (Agreements(followed=True, contracted=None), {"call_off"}),
        (Agreements(followed=True, contracted="framework"), {"deviation"}),
        (Agreements(followed=True, contracted="framework", call_off="on_file"), {"call_off", "deviation"}),
        (Agreements(followed=True, contracted="framework", call_off="missing"), {"deviation"}),
        (
            Agreements(followed=True, contracted="direct_award", individual="on_file"),
            {"call_off", "individual"},
        ),
        (Agreements(followed=True, contracted="direct_award", deviation="yes"), {"call_off"}),
        (
            Agreements(followed=True, contracted="direct_award", deviation="yes", reason="Syskon bor där"),
            {"call_off", "deviation"},
        ),
        (
            Agreements(followed=True, contracted="agreement", deviation="not_applicable"),
            {"call_off", "deviation"},
        ),
        (Agreements(followed=True, contracted="in_house"), AGREEMENTS),
        (Agreements(followed=False, contracted=None), AGREEMENTS),
    ],
)
def test_agreements_are_there_when_somebody_has_said_so(said: Agreements, there: set[Relief]) -> None:
    assert said.there == there


EVERY_THREE: Cells = {
    "Kod": "trygghetsprovning",
    "Frist": "Trygghetsprövning",
    "Engelska": "Safety review",
    "Gäller från": "2027-01-01",
    "Räknas från": "placeringens början",
    "Månader": "3",
    "Därefter månader": "3",
    "Form": "Hem för barn och unga",
    "Beslutas vid möte": "ja",
}


def read_in(database: Database, folder: Path, ground: Cells, clocks: Sequence[Cells] = ()) -> list[object]:
    files: dict[str, Sequence[Cells]] = {
        "termer": [HOME, ground],
        "utförare": [example("utförare")],
        "enheter": [UNIT],
        "placeringar": [STAY],
        **({"frister": clocks} if clocks else {}),
    }
    result = brought(database, folder, files)
    return [*all_said(result.reading.problems), *all_said(result.reading.warnings)]


def test_an_administrators_file_gives_a_new_ground_the_clocks_of_an_old_one_and_a_form_its_own(
    municipality: Database, tmp_path: Path
) -> None:
    said = read_in(municipality, tmp_path / "files", GROUND | {"Motsvarar": "LVU 3 §"}, [EVERY_THREE])
    assert not [one for one in said if "import.term" in str(one) or "import.clock" in str(one)]
    with municipality.transaction() as tx:
        assert tx.connection.execute(select(clock_term.c.months)).scalar_one() == 3
        placed = tx.connection.scalars(
            select(placement.c.id).where(placement.c.case_reference == "AKT-2027-1")
        )
        found = last_days(tx, placed.one(), "2027-02-01")
    assert found["reconsideration"] == "2027-07-15"
    assert found["trygghetsprovning"] == "2027-04-15"


def test_a_new_ground_without_any_clock_is_warned_of(municipality: Database, tmp_path: Path) -> None:
    said = read_in(municipality, tmp_path / "files", GROUND)
    assert ("termer.csv", 3, "Motsvarar", "import.term.no_clock") in said


@pytest.mark.parametrize(
    ("ground", "clock", "column", "what"),
    [
        ({"Motsvarar": "HVB"}, {}, "Motsvarar", "import.term.other_kind"),
        ({}, {"Månader": ""}, "Månader", "import.clock.needed"),
        ({}, {"Räknas från": ""}, "Räknas från", "import.clock.needed"),
        ({}, {"Månader": "2,5"}, "Månader", "import.cell.not_a_number"),
        ({}, {"Gäller till": "2026-12-31"}, "Gäller till", "import.ends_before_starts"),
    ],
)
def test_what_is_wrong_with_a_clock_is_told_and_nothing_of_it_is_taken(
    municipality: Database, tmp_path: Path, ground: Cells, clock: Cells, column: str, what: str
) -> None:
    said = read_in(municipality, tmp_path / "files", {**GROUND, **ground}, [{**EVERY_THREE, **clock}])
    assert (column, what) in [(one[2], one[3]) for one in said if isinstance(one, tuple)]
    with municipality.transaction() as tx:
        assert tx.connection.execute(select(clock_term.c.id)).all() == []


def test_a_clock_that_stands_in_the_bot_gets_other_times_from_a_day(town: Database) -> None:
    with town.transaction() as tx:
        longer = {"code": "consideration", "word": "övervägande", "valid_from": date(2026, 3, 1), "months": 3}
        tx.connection.execute(insert(clock_term).values(**longer, then_months=3))
        assert last_days(tx, only(tx))["consideration"] == "2026-07-15"
        set_to(tx, starts=date(2026, 3, 1))
        assert last_days(tx, only(tx))["consideration"] == "2026-06-01"


def test_a_managers_placements_are_those_of_her_people_on_the_day_and_those_of_nobody(town: Database) -> None:
    with town.transaction() as tx:
        register = Register(tx)
        bilal, cilla = register.person("bilal"), register.person("cilla")
        north = tx.connection.scalars(select(unit.c.id).where(unit.c.key == "NORR")).one()
        moved = register.placement(bilal, north, case="AKT-2", starts="2026-02-01")
        register.owner(moved, cilla, since="2026-10-01")
        later = register.placement(cilla, north, case="AKT-3", starts="2026-02-01")
        register.owner(later, bilal, since="2026-12-01")
        register.placement(None, north, case="AKT-4")
        register.placement(bilal, north, case="AKT-5", starts="2025-01-01", ends="2025-02-01")
        day, since = date(2026, 11, 2), date(2025, 10, 1)
        everybody = owners.of_everybody(tx, day, since)
        for people in ([bilal], [cilla], [bilal, cilla], []):
            found = owners.of_people(tx, people, day, since, nobodys=True)
            assert found == [one for one in everybody if one.owner_id in {*people, None}]
