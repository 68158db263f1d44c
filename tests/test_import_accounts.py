"""Whose account is whose: ids of Entra in one form, a person's tenant, and what a changed account takes with it."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from bot.registering import clear_leftover, import_files
from documents.imports.register import read_register, stage_register
from followup import PersonId
from storage.engine import schema, tables
from storage.imports import imports
from storage.imports.register import make_valid
from storage.imports.staging import Staging
from storage.messages import conversations
from storage.messages.conversations import Address
from storage.register import people
from tests.conftest import open_file
from tests.support.builders_register import COLLEAGUE, MANAGER, NOW, TODAY, WORKER, Cells, Register, all_said

BEFORE = "0005"
ENTRA = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
OTHER = "6fa459ea-ee8a-4ca4-894e-db77e160355e"


@pytest.fixture
def register(register: Register) -> Register:
    register.write("personer", MANAGER | {"Chef": ""}, WORKER, COLLEAGUE)
    register.put_in()
    return register


@pytest.mark.parametrize("written", [ENTRA.upper(), f"{{{ENTRA}}}", f" {{{ENTRA.upper()}}} "])
def test_an_id_is_stored_in_one_form_however_it_is_written(register: Register, written: str) -> None:
    register.write("personer", WORKER | {"Teams-id": written, "Tenant": written})
    register.put_in()
    (anna,) = [row for row in register.rows(tables.person) if row["key"] == "annber"]
    assert (anna["teams_id"], anna["tenant"]) == (ENTRA, ENTRA)
    register.write("personer", COLLEAGUE | {"Teams-id": ENTRA})
    assert [problem[3] for problem in all_said(register.read().problems)] == ["import.person.teams_id_taken"]


@pytest.mark.parametrize("header", ["Teams-id", "Tenant"])
@pytest.mark.parametrize(
    "written",
    [
        "anna@vikasa.se",
        "29:1abc",
        "demo-anna",
        ENTRA[:-1],
        f"{{{ENTRA}",
        "0" * 8 + "-0000" * 3 + "-" + "0" * 12,
    ],
)
def test_what_is_no_id_of_entra_is_refused_outside_local_mode(
    register: Register, header: str, written: str
) -> None:
    path = register.write("personer", WORKER | {header: written, "Chef": ""})
    assert all_said(register.read().problems) == [
        ("personer.csv", 2, header, "import.cell.not_a_directory_id")
    ]
    with register.database.transaction() as tx:
        assert read_register(tx, [path], TODAY, local=True).problems == ()


@pytest.mark.parametrize(
    ("tenant", "warned"),
    [
        ("", False),
        (ENTRA.upper(), False),
        (f"{{{OTHER}}}", False),
        ("00000000-0000-0000-0000-00000000000f", True),
    ],
)
def test_a_person_of_a_tenant_that_is_not_let_in_is_warned_about(
    register: Register, tenant: str, warned: bool
) -> None:
    path = register.write("personer", MANAGER | {"Chef": "", "Tenant": tenant})
    result = import_files(register.database, [path], NOW, tenants={ENTRA, OTHER.upper()})
    assert result.imported is not None
    expected = [(path.name, 2, "Tenant", "import.person.strange_tenant")]
    assert all_said(result.reading.warnings) == (expected if warned else [])


def test_an_id_of_entra_is_never_taken_for_a_personal_number(register: Register) -> None:
    register.write("personer", WORKER | {"Teams-id": "20120229-2387-4abc-8abc-121212121212", "Chef": ""})
    assert register.read().problems == ()


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({}, True),
        ({"Teams-id": ""}, True),
        ({"Teams-id": ENTRA.upper()}, True),
        ({"Namn": "Anna Bergman"}, True),
        ({"Teams-id": OTHER}, False),
        ({"Tenant": OTHER}, False),
    ],
)
def test_a_changed_account_drops_the_stored_conversation_in_the_same_transaction(
    register: Register, changes: Cells, kept: bool
) -> None:
    register.write("personer", MANAGER | {"Chef": ""}, WORKER | {"Teams-id": ENTRA, "Tenant": ""})
    register.put_in()
    with register.database.transaction() as tx:
        anna, marek = people.by_key(tx, "annber"), people.by_key(tx, "marek")
        assert anna
        assert marek
        for person in (anna, marek):
            conversations.remember(tx, Address(f"a:{person.key}", "https://x"), NOW, person_id=person.id)
    register.write("personer", {**WORKER, "Teams-id": ENTRA, "Tenant": "", **changes})
    reading = register.read()
    with register.database.transaction() as tx:
        number = imports.begin(tx, NOW)
    with register.database.looking() as look:
        staging = Staging(register.database, number, look)
        stage_register(staging, reading, NOW)
    assert stored_for(register, anna.id, marek.id) == [True, True]
    with pytest.raises(RuntimeError), register.database.transaction() as tx:
        make_valid(staging, tx, NOW)
        raise RuntimeError
    clear_leftover(register.database)
    assert stored_for(register, anna.id, marek.id) == [True, True]
    register.put_in(reading)
    assert stored_for(register, anna.id, marek.id) == [kept, True]


def test_what_an_import_puts_in_is_whole_before_all_becomes_valid(register: Register) -> None:
    """Who names a manager that the same files bring is not written again in the moment that everybody waits for."""
    chief, worker = {**MANAGER, "Signatur": "nyek"}, {**WORKER, "Signatur": "nyberg", "Chef": "nyek"}
    register.write("personer", worker, chief | {"Chef": ""})
    reading = register.read()
    with register.database.transaction() as tx:
        number = imports.begin(tx, NOW)
    with register.database.looking() as look:
        staging = Staging(register.database, number, look)
        stage_register(staging, reading, NOW)
    assert not staging.changes
    with register.database.transaction() as tx:
        assert people.by_key(tx, "nyberg") is None
        make_valid(staging, tx, NOW)
        berg, ek = people.by_key(tx, "nyberg"), people.by_key(tx, "nyek")
    assert berg
    assert ek
    assert berg.manager_id == ek.id


def test_of_those_that_are_there_only_who_is_written_otherwise_is_changed_then(register: Register) -> None:
    register.write("personer", MANAGER | {"Chef": ""}, WORKER)
    register.put_in()
    register.write("personer", MANAGER | {"Chef": ""}, {**WORKER, "Namn": "Anna Bergman"})
    reading = register.read()
    with register.database.transaction() as tx:
        number, anna = imports.begin(tx, NOW), people.by_key(tx, "annber")
    with register.database.looking() as look:
        staging = Staging(register.database, number, look)
        stage_register(staging, reading, NOW)
    assert anna
    assert staging.changed_ids(tables.person) == [anna.id]


def stored_for(register: Register, *person_ids: int) -> list[bool]:
    with register.database.transaction() as tx:
        return [conversations.address_of(tx, person_id=PersonId(one)) is not None for one in person_ids]


def test_ids_from_before_are_written_in_one_form_and_nobody_gets_anothers(tmp_path: Path) -> None:
    stored = [f"{{{ENTRA.upper()}}}", OTHER, OTHER.upper(), "demo-anna", None]
    database = open_file(tmp_path / "old.db")
    with database.engine.begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
        for number, teams_id in enumerate(stored):
            row = {"key": f"p{number}", "teams_id": teams_id}
            into = "insert into person (key, name, role, active, teams_id)"
            connection.execute(text(f"{into} values (:key, 'N', 'worker', true, :teams_id)"), row)
    schema.migrate(database)
    with database.transaction() as tx:
        kept = [
            (one.teams_id, one.tenant) for one in sorted(people.everyone(tx).values(), key=lambda one: one.id)
        ]
        first, second = (people.by_teams_id(tx, one, ("",)) for one in (ENTRA, OTHER))
    database.close()
    assert kept == [(one, "") for one in (ENTRA, OTHER, OTHER.upper(), "demo-anna", None)]
    assert (first and first.key, second and second.key) == ("p0", "p1")
