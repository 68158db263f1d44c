"""A table of texts in a Word document: cells as they are, room for words beside a checksum, repeated headers."""

from pathlib import Path

from docx.oxml.ns import qn
from docx.table import Table

from documents.report.blocks import Listing
from documents.report.docx_drawing import Drawing
from documents.report.docx_styles import new_document
from documents.report.words import Words
from tests.support.builders import at
from texts.catalogue import Texts

DOCUMENTS = Path(__file__).parents[1] / "documents"
HEADERS = ("Ordning", "Enhet", "Lägsta lott", "Sannolikhet")
ROWS = [
    ("1. Dragen", "Ekens träningslägenheter (STB-02)", "7f" * 32, "1/2"),
    ("2. Reserv", "Boken\x0b", "a0" * 32, "0"),
]


def drawn(listing: Listing) -> Table:
    document = new_document("Protokoll", "sv-SE", "Protokoll", at("2026-11-23 12:00"))
    Drawing(document, Words(Texts("sv").say)).add([listing])
    return document.tables[0]


def test_every_cell_is_written_without_the_signs_that_no_document_holds() -> None:
    written = [[cell.text for cell in row.cells] for row in drawn(Listing(HEADERS, ROWS)).rows]
    assert written == [list(HEADERS), list(ROWS[0]), ["2. Reserv", "Boken", "a0" * 32, "0"]]


def test_a_checksum_leaves_each_word_beside_it_its_room() -> None:
    order, unit, ticket, chance = (column.width or 0 for column in drawn(Listing(HEADERS, ROWS)).columns)
    a_letter = (order + unit + ticket + chance) / 106
    assert order > len("Ordning") * a_letter
    assert unit > len("träningslägenheter") * a_letter
    assert chance > len("Sannolikhet") * a_letter


def test_the_headers_are_repeated_and_no_row_is_cut() -> None:
    table = drawn(Listing(HEADERS, ROWS * 40))
    flags = [row._tr.get_or_add_trPr() for row in table.rows]
    assert [one.find(qn("w:tblHeader")) is not None for one in flags] == [True] + [False] * 80
    assert all(one.find(qn("w:cantSplit")) is not None for one in flags)


def test_tables_are_drawn_in_one_room() -> None:
    files = {path.parent.name for path in DOCUMENTS.rglob("*.py") if "add_table(" in path.read_text()}
    assert files == {"report"}
