"""Why a placement ended and care under an immediate order are stored in English; older rows are recoded once."""

from datetime import date
from pathlib import Path

from alembic import command
from sqlalchemy import select

from documents.imports.cells import ChoiceCell
from documents.imports.register_columns import PLACEMENTS
from followup.terms import END_REASONS, LEFT_REGISTER, LEGAL_GROUNDS
from storage.engine import schema
from storage.engine.database import Database
from storage.engine.tables import clock_term, placement, term
from storage.engine.vault import Vault, new_key

BEFORE = "0035"
END = {
    "planerad_avslutning": "planned_end",
    "hemflytt": "moved_home",
    "alder": "of_age",
    "omplacering_kvalitet": "moved_for_quality",
    "omplacering_annat": "moved_otherwise",
    "borttagen_ur_register": "left_register",
    "en_egen": "en_egen",
}
GROUND = {"omedelbart_omhandertagande": "immediate_custody", "lvu_2": "lvu_2", "sol": "sol"}


def put_in(database: Database) -> None:
    """A placement and a term of each, with the case reference and the word that a code must not be taken for."""
    config = schema._config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
        put = connection.exec_driver_sql
        put("insert into provider (id, org_number, name) values (1, '1', 'U')")
        put(
            "insert into unit (id, key, provider_id, name, form, ownership)"
            " values (1, 'E1', 1, 'E', 'hvb', 'private')"
        )
        row = (
            "insert into placement (id, case_reference, unit_id, starts, ends, end_reason, legal_ground, registered_at)"
            " values (?, ?, 1, '2026-01-01', ?, ?, ?, '2026-01-01 00:00:00.000000')"
        )
        for number, code in enumerate(END, start=1):
            put(row, (number, f"hemflytt-{number}", "2026-03-01", code, "sol"))
        for number, code in enumerate(GROUND, start=50):
            put(row, (number, f"AKT-{number}", None, None, code))
        own = "insert into term (kind, code, word, corresponds) values (?, ?, 'alder', ?)"
        put(own, ("end_reason", "alder", None))
        put(own, ("form", "alder", None))
        put(own, ("legal_ground", "lvu_ny", "omedelbart_omhandertagande"))
        put(
            "insert into clock_term (code, word, ground) values ('prov', 'Prov', 'omedelbart_omhandertagande')"
        )
    schema.migrate(database)


def test_rows_from_before_are_recoded_and_nothing_else_is(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.db'}", Vault([new_key()]))
    put_in(database)
    assert schema.drift(database) == []
    with database.transaction() as tx:
        read = tx.connection.execute
        ended = read(
            select(placement.c.end_reason, placement.c.case_reference).where(placement.c.id < 50)
        ).all()
        grounds = list(read(select(placement.c.legal_ground).where(placement.c.id >= 50)).scalars())
        terms = {
            tuple(row) for row in read(select(term.c.kind, term.c.code, term.c.word, term.c.corresponds))
        }
        clocks = list(read(select(clock_term.c.ground)).scalars())
    database.close()
    assert ended == [(code, f"hemflytt-{n}") for n, code in enumerate(END.values(), start=1)]
    assert grounds == list(GROUND.values())
    assert terms == {
        ("end_reason", "of_age", "alder", None),
        ("form", "alder", "alder", None),
        ("legal_ground", "lvu_ny", "alder", "immediate_custody"),
    }
    assert clocks == ["immediate_custody"]


def test_the_files_words_stay_swedish_and_each_stands_for_a_code_that_the_rules_know() -> None:
    known = {"end_reason": END_REASONS, "legal_ground": LEGAL_GROUNDS}
    for name, terms in known.items():
        [cell] = [one.kind for one in PLACEMENTS.columns if one.name == name]
        assert isinstance(cell, ChoiceCell)
        assert {str(cell.read(word, date(2026, 11, 3))) for word in cell.codes} == set(terms)
        assert not set(cell.codes) & set(terms)
    assert {*END_REASONS, LEFT_REGISTER, "en_egen"} == set(END.values())
