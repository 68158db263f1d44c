"""What the register says of papers is stored in English; older rows are recoded once, and no hash covers them."""

from datetime import date
from pathlib import Path

from alembic import command
from sqlalchemy import select, text

from documents.imports.cells import ChoiceCell
from documents.imports.register_columns import PLACEMENTS
from followup import PlacementId
from followup.figures.placements import MISSING, ON_FILE, PAPERS
from followup.month.plans import PLANS
from followup.times.month import Month
from storage.engine import schema
from storage.engine.database import Database
from storage.engine.tables import placement
from storage.engine.vault import Vault, new_key
from storage.month import plans
from tests.support.builders import at

BEFORE = "0025"
OLD = {
    "care_plan": "finns",
    "treatment_plan": "saknas",
    "call_off_contract": "ej_aktuellt",
    "individual_contract": None,
    "deviation_documented": "ja",
    "after_care": "nej",
}
NEW = {
    **OLD,
    "care_plan": "on_file",
    "treatment_plan": "missing",
    "call_off_contract": "not_applicable",
    "deviation_documented": "yes",
    "after_care": "no",
}
PUT_IN = (
    "insert into provider (id, org_number, name) values (1, '1', 'U')",
    "insert into unit (id, key, provider_id, name, form, ownership) values (1, 'E1', 1, 'E', 'hvb', 'privat')",
)
ROW = (
    f"insert into placement (id, case_reference, unit_id, starts, legal_ground, registered_at, {', '.join(OLD)})"
    " values (1, 'saknas', 1, '2026-01-01', 'sol', '2026-01-01 00:00:00.000000',"
    f" {', '.join(':' + name for name in OLD)})"
)


def test_rows_from_before_are_recoded_and_what_was_not_said_stays_unsaid(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.db'}", Vault([new_key()]))
    config = schema._config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
        for statement in PUT_IN:
            connection.exec_driver_sql(statement)
        connection.execute(text(ROW), OLD)
    schema.migrate(database)
    assert schema.drift(database) == []
    with database.transaction() as tx:
        row = tx.connection.execute(select(placement)).one()
        known = plans.states(tx, [PlacementId(1)], Month(2026, 11), at("2026-11-28"))[PlacementId(1)]
    database.close()
    assert {name: getattr(row, name) for name in OLD} == NEW
    assert row.case_reference == "saknas"
    assert known == {"care_plan": "on_file", "treatment_plan": "missing"}


def test_the_files_words_stay_swedish_and_each_stands_for_a_code_that_the_figures_know() -> None:
    columns = {one.name: one.kind for one in PLACEMENTS.columns}
    for name in (*PAPERS, "after_care"):
        cell = columns[name]
        assert isinstance(cell, ChoiceCell)
        codes = {str(cell.read(word, date(2026, 11, 3))) for word in ("finns", "saknas", "ja", "nej")}
        assert codes & ON_FILE and codes & MISSING, name
        assert all(code.isascii() and code not in cell.codes for code in map(str, cell.codes.values()))
    assert set(PLANS) < set(PAPERS)
