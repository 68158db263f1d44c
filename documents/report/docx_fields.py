"""Parts of Word's format that python-docx has no words for: fields, bookmarks, language, repeated headers."""

from typing import Any, Literal

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run


def add_field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    """A field with what it shows until it is next worked out."""
    _add_sign(paragraph.add_run(), "begin")
    code = OxmlElement("w:instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = f" {instruction} "
    paragraph.add_run()._r.append(code)
    _add_sign(paragraph.add_run(), "separate")
    paragraph.add_run(shown)
    _add_sign(paragraph.add_run(), "end")


def begin_field(paragraph: Paragraph, instruction: str) -> None:
    """For a field over several paragraphs; end it with `end_field`."""
    _add_sign(paragraph.add_run(), "begin")
    code = OxmlElement("w:instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = f" {instruction} "
    paragraph.add_run()._r.append(code)
    _add_sign(paragraph.add_run(), "separate")


def end_field(paragraph: Paragraph) -> None:
    _add_sign(paragraph.add_run(), "end")


def _add_sign(run: Run, kind: Literal["begin", "separate", "end"]) -> None:
    sign = OxmlElement("w:fldChar")
    sign.set(qn("w:fldCharType"), kind)
    run._r.append(sign)


def add_bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    """Around the whole paragraph, so that the table of contents can point at it."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    start.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    end.set(qn("w:id"), str(number))
    first = paragraph._p.find(qn("w:r"))
    assert first is not None
    first.addprevious(start)
    paragraph._p.append(end)


def set_language(document: Document, language: str) -> None:
    """Of the text, for spelling and screen readers."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    assert defaults is not None
    for properties in defaults.iter(qn("w:rPr")):
        for old in properties.findall(qn("w:lang")):
            properties.remove(old)
        lang = OxmlElement("w:lang")
        for name in ("val", "eastAsia", "bidi"):
            lang.set(qn(f"w:{name}"), language)
        properties.append(lang)
    document.core_properties.language = language


def update_fields_when_opened(document: Document) -> None:
    """Only a word processor knows the page numbers of the table of contents."""
    element = OxmlElement("w:updateFields")
    element.set(qn("w:val"), "true")
    document.settings.element.append(element)


def repeat_on_each_page(row: _Row) -> None:
    _flag(row._tr.get_or_add_trPr(), "w:tblHeader")


def keep_in_one_piece(row: _Row) -> None:
    _flag(row._tr.get_or_add_trPr(), "w:cantSplit")


def _flag(properties: Any, name: str) -> None:
    properties.append(OxmlElement(name))


def put_style(paragraph: Paragraph, style: str) -> None:
    """By the id that python-docx makes of the name; looking each of a thousand up took most of the drawing's time."""
    paragraph._p.style = style.replace(" ", "")


def shade(cell: _Cell, colour: str) -> None:
    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:color"), "auto")
    shading.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shading)


def describe(picture: Any, title: str, alternative: str) -> None:
    """The alternative text of a picture."""
    properties = picture._inline.docPr
    properties.set("descr", alternative)
    properties.set("title", title)


def rule(table: Table, colour: str) -> None:
    """Thin lines between the rows and none between the columns, and air in the cells."""
    properties = table._tbl.tblPr
    borders, margins = OxmlElement("w:tblBorders"), OxmlElement("w:tblCellMar")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", colour)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    for side, width in (("top", 35), ("left", 70), ("bottom", 35), ("right", 70)):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(width))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties.extend((borders, margins))


def without_borders(style: ParagraphStyle) -> None:
    properties = style.element.get_or_add_pPr()
    for borders in properties.findall(qn("w:pBdr")):
        properties.remove(borders)
