"""What every text loses on its way in, so that nothing that is stored can stop a document."""

from io import BytesIO

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from followup.wording.form import clean_text

ANY_TEXT = st.text(
    st.one_of(
        st.characters(), st.sampled_from("\ufffe\uffff\ufdd0\U0001fffe\x00\x0b\x1f\x7f\x85\ud800\u2028")
    )
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Åsa Öst \n", "Åsa Öst"),
        ("rad ett\r\nrad två\rrad tre\n\tindragen", "rad ett\nrad två\nrad tre\n\tindragen"),
        ("a\ufffeb\uffffc\ufdd0d\U0001ffffe", "abcde"),
        ("a\x00b\x0bc\x1fd\x7fe\x85f\ud800g", "abcdefg"),
        ("\u2067نص\u2069 och text", "\u2067نص\u2069 och text"),
        ("\ufeffSignatur", "Signatur"),
        ("A\u030asa", "Åsa"),
        ("مريم\u200f och 👩\u200d👧", "مريم\u200f och 👩\u200d👧"),
        ("\x1b[31mrött\x1b[0m", "[31mrött[0m"),
    ],
)
def test_a_text_loses_what_cannot_be_seen_or_stored_and_nothing_else(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept


@given(ANY_TEXT)
def test_a_clean_text_stays_as_it_is(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


# To begin a document and to open it again takes longer than all that is written in it.
TEN_TEXTS = st.lists(ANY_TEXT, min_size=10, max_size=10)


@given(TEN_TEXTS)
@settings(max_examples=20, deadline=None)
def test_no_clean_text_stops_a_document(texts: list[str]) -> None:
    written = docx.Document()
    for text in texts:
        written.add_paragraph(clean_text(text))
        written.core_properties.title = clean_text(text)[:200]
    read = [one.text.split() for one in reopened_document(written).paragraphs[-10:]]
    assert read == [clean_text(text).split() for text in texts]


@given(TEN_TEXTS)
@settings(max_examples=20, deadline=None)
def test_no_clean_text_stops_a_workbook(texts: list[str]) -> None:
    book, file = Workbook(), BytesIO()
    for row, text in enumerate(texts, 1):
        cell = book.worksheets[0].cell(row, 1)
        cell.value, cell.data_type = clean_text(text), "s"
    book.save(file)
    sheet = load_workbook(file).worksheets[0]
    read = [str(sheet.cell(row, 1).value or "").split() for row in range(1, 11)]
    assert read == [clean_text(text).split() for text in texts]


def reopened_document(document: docx.document.Document) -> docx.document.Document:
    file = BytesIO()
    document.save(file)
    return docx.Document(BytesIO(file.getvalue()))
