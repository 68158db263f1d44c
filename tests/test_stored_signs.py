"""Texts that were stored before they were cleaned on their way in: no document is stopped by a sign in one of them."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
import pytest
from openpyxl import load_workbook
from sqlalchemy import Column, select, update

from documents.report.material import Internal
from documents.report.packing import DOCX
from documents.report.year_documents import drawn_document
from documents.selection.selection_files import selection_file
from documents.selection.selection_protocol import protocol_of
from services.selection.selection_state import state_of
from services.selection.year import DOCUMENTS as NAMES
from storage.engine import tables
from storage.engine.columns import Sealed
from storage.engine.database import Database, Transaction
from storage.selection import selections
from tests.conftest import Another
from tests.support.demo_year import MADE_AT
from tests.support.year_stage import demo_municipality, material
from texts.catalogue import Texts

# Each of them stops lxml or openpyxl, or makes a file that no office program opens.
STOPPING = "\ufffe\uffff\ufdd0\x0b\x1f"
NAMES_OF = ("person.name", "provider.name", "unit.name", "unit.director", "unit.subtype")
# Days, codes, and what is read by machines alone.
NO_TEXTS = {"born", "participants", "sealed"}


def is_text(column: Column[Any]) -> bool:
    sealed = isinstance(column.type, Sealed) and "id" in column.table.c and column.name not in NO_TEXTS
    return str(column) in NAMES_OF or (sealed and column.table is not tables.access_log)


def spoil(tx: Transaction, column: Column[Any]) -> int:
    """Every text in the column ends in the signs from now on, but for JSON; how many there are."""
    vault, table = tx.vault, column.table
    rows = tx.connection.execute(select(table.c.id, column).where(column.is_not(None))).all()
    for id_, was in rows:
        text = (vault.open_some(was) or "" if isinstance(was, bytes) else was) + STOPPING
        if text.startswith(("{", "[")):
            continue
        to = vault.seal(text) if isinstance(was, bytes) else text
        tx.connection.execute(update(table).where(table.c.id == id_).values({column.name: to}))
    return len(rows)


@pytest.fixture(scope="module")
def spoilt(another: Another, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The demo's year with every name and every text that somebody typed ending in such signs."""
    with demo_municipality(another, tmp_path_factory.mktemp("demo"), played=True) as database:
        with database.transaction() as tx:
            columns = [one for table in tables.metadata.tables.values() for one in table.columns]
            assert sum(spoil(tx, column) for column in columns if is_text(column)) > 100
        yield database


@pytest.fixture(scope="module")
def of(spoilt: Database) -> Internal:
    return material(spoilt)


@pytest.mark.parametrize("name", NAMES)
def test_every_document_of_the_year_is_made_and_can_be_opened(of: Internal, name: str) -> None:
    made = drawn_document(of, name)
    if made.content_type == DOCX:
        assert docx.Document(BytesIO(made.content)).paragraphs
    else:
        book = load_workbook(BytesIO(made.content))
        said = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
        assert not [text for text in said if isinstance(text, str) and set(text) & set(STOPPING)]


def test_the_protocols_of_the_selections_are_made_and_can_be_opened(spoilt: Database) -> None:
    with spoilt.transaction() as tx:
        cycles = selections.every(tx)
        assert cycles
        for cycle in cycles:
            protocol = protocol_of(tx, state_of(tx, cycle), MADE_AT, person_id=None)
            made = selection_file(protocol, "document", Texts("sv").say, MADE_AT)
            assert docx.Document(BytesIO(made.content)).tables
