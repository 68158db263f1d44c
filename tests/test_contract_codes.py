"""Who runs a unit and how its care is contracted is stored in English: rows are recoded, editions read as they were."""

from datetime import date
from pathlib import Path
from typing import Any

import orjson
from alembic import command
from sqlalchemy import select, update

from documents.imports.cells import ChoiceCell
from documents.imports.register_columns import CONTRACTS, PLACEMENTS, UNITS
from followup.figures.counting import OWNERSHIPS
from followup.figures.placements import CONTRACT_FORMS
from followup.figures.public_year import public_year
from followup.figures.published import Edition
from storage.engine import schema
from storage.engine.database import Database, Transaction
from storage.engine.tables import contract, placement, unit
from storage.engine.vault import Vault, new_key
from storage.engine.year_tables import edition
from storage.overview import editions
from tests.support.public_towns import MADE_AT, Home, town
from texts.catalogue import Texts

BEFORE = "0031"
OWNED = {"privat": "private", "egen_regi": "in_house", "annan_offentlig": "other_public"}
CONTRACTED = {
    "ramavtal": "framework",
    "overenskommelse": "agreement",
    "direktupphandling": "direct_award",
    "egen_regi": "in_house",
    None: None,
}
OLD_KEYS = {
    "ownerships": {"private": "privat", "in_house": "egen_regi", "public": "offentlig"},
    "contracts": {"framework": "ramavtal", "not_framework": "not_ramavtal", "in_house": "egen_regi"},
}


def put_in(connection: Any) -> None:
    """A unit of each, and at the first one a contract and a placement of each form."""
    put = connection.exec_driver_sql
    put("insert into provider (id, org_number, name) values (1, '1', 'privat')")
    for number, owned in enumerate(OWNED, start=1):
        values = (number, f"E{number}", 1, "privat", "hvb", owned)
        put(
            "insert into unit (id, key, provider_id, name, form, ownership) values (?, ?, ?, ?, ?, ?)", values
        )
    for number, form in enumerate(CONTRACTED, start=1):
        agreed = (number, f"A-{number}", 1, form or "ramavtal", "egen_regi" if number == 1 else "lou")
        put(
            "insert into contract (id, key, unit_id, form, law, starts) values (?, ?, ?, ?, ?, '2026-01-01')",
            agreed,
        )
        put(
            "insert into placement (id, case_reference, unit_id, starts, legal_ground, registered_at, contract_form)"
            " values (?, ?, 1, '2026-01-01', 'sol', '2026-01-01 00:00:00.000000', ?)",
            (number, f"AKT-{number}", form),
        )


def test_rows_from_before_are_recoded_and_nothing_else_is(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.db'}", Vault([new_key()]))
    config = schema._config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
        put_in(connection)
    schema.migrate(database)
    with database.transaction() as tx:
        read = tx.connection.execute
        owned = list(read(select(unit.c.ownership).order_by(unit.c.id)).scalars())
        forms = list(read(select(placement.c.contract_form).order_by(placement.c.id)).scalars())
        contracts = list(read(select(contract.c.form).order_by(contract.c.id)).scalars())
        laws = set(read(select(contract.c.law)).scalars())
        names = set(read(select(unit.c.name)).scalars())
    database.close()
    assert owned == list(OWNED.values())
    assert forms == list(CONTRACTED.values())
    assert contracts == [new or "framework" for new in CONTRACTED.values()]
    assert (laws, names) == ({"in_house", "lou"}, {"privat"})


def test_the_files_words_stay_swedish_and_each_stands_for_a_code_that_the_figures_know() -> None:
    for file, column, known in (
        (UNITS, "ownership", OWNERSHIPS),
        (CONTRACTS, "form", CONTRACT_FORMS),
        (PLACEMENTS, "contract_form", CONTRACT_FORMS),
    ):
        [cell] = [one.kind for one in file.columns if one.name == column]
        assert isinstance(cell, ChoiceCell)
        codes = [str(cell.read(word, date(2026, 11, 3))) for word in cell.codes]
        assert set(codes) <= set(known) and not {*codes} & {*cell.codes}, column


def test_an_edition_with_the_codes_of_its_time_is_read_as_it_was_published(tx: Transaction) -> None:
    homes = [Home(5, ownership="in_house"), Home(6), Home(4, "stodboende", contract="direct_award"), Home(7)]
    printed = public_year(town(*homes), 3).printed(Texts("sv").say)
    editions.add(tx, Edition(2026, 1, MADE_AT, "Jurist", MADE_AT.date(), printed), "prov")
    content = tx.connection.execute(select(edition.c.content)).scalar_one()
    older = 0
    for table in content["tables"]:
        old = OLD_KEYS.get(table["id"], {})
        for row in table["rows"]:
            older += row["key"] in old
            row["key"] = old.get(row["key"], row["key"])
    assert older > 1
    tx.connection.execute(update(edition).values(content=orjson.loads(orjson.dumps(content))))

    again = editions.newest(tx, 2026)

    assert again is not None
    assert again.public.tables == printed.tables
    assert tx.connection.execute(select(edition.c.content)).scalar_one() == content
