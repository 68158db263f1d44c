"""A new document with the report's styles: fonts, headings, captions, notes, margins, page numbers."""

from datetime import datetime

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Length, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from documents.report.docx_fields import add_field, set_language, without_borders

FONT = "Arial"
INK = RGBColor(0x1F, 0x2A, 0x37)
PALE, RULE = "E8ECF0", "9AA5B1"
WIDTH = Cm(16.5)
NOTE, CONTENTS = "Note", "Contents"
TABLE_TEXT, SMALL_TEXT = "Table Text", "Small Table Text"
_HEADINGS = ((1, 17, 20, 8), (2, 13, 16, 6), (3, 11, 12, 4))


# Every style that blocks are drawn with; a template that lacks one is given it.
DRAWN_WITH = (
    "Title",
    "Subtitle",
    *(f"Heading {level}" for level, *_ in _HEADINGS),
    "Caption",
    "List Bullet",
    NOTE,
    CONTENTS,
    TABLE_TEXT,
    SMALL_TEXT,
)


def new_document(title: str, language: str, footer: str, made_at: datetime) -> Document:
    document = styled_document(language, footer)
    set_properties(document, title, made_at)
    return document


def styled_document(language: str, footer: str) -> Document:
    document = docx.Document()
    _set_page(document)
    _set_styles(document)
    set_language(document, language)
    _add_footer(document, footer)
    return document


def text_width(document: Document) -> Length:
    """Between the margins of its last section."""
    section = document.sections[-1]
    page, left, right = section.page_width, section.left_margin, section.right_margin
    return WIDTH if page is None or left is None or right is None else Emu(page - left - right)


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.5), Cm(2.0)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2.0)


def _set_styles(document: Document) -> None:
    _style(document, "Normal", 10.5, after=6)
    without_borders(_style(document, "Title", 24, before=12, after=4, bold=True))
    _style(document, "Subtitle", 13, after=12)
    for level, size, before, after in _HEADINGS:
        heading = _style(document, f"Heading {level}", size, before=before, after=after, bold=True)
        heading.paragraph_format.keep_with_next = True
    caption = _style(document, "Caption", 9.5, before=10, after=4, bold=True)
    caption.paragraph_format.keep_with_next = True
    _style(document, "List Bullet", 10.5, after=3)
    _style(document, NOTE, 8.5, before=3, after=8, new=True)
    _style(document, TABLE_TEXT, 8.5, new=True)
    _style(document, SMALL_TEXT, 7.5, new=True)
    contents = _style(document, CONTENTS, 9.5, after=1, new=True)
    contents.paragraph_format.tab_stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def _style(
    document: Document,
    name: str,
    size: float,
    *,
    before: float = 0,
    after: float = 0,
    bold: bool = False,
    new: bool = False,
) -> ParagraphStyle:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH) if new else document.styles[name]
    assert isinstance(style, ParagraphStyle)
    if new:
        style.base_style = document.styles["Normal"]
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = INK
    _set_font(style)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    return style


def _set_font(style: ParagraphStyle) -> None:
    """In every script, since the template's theme would win otherwise."""
    style.font.name = FONT
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)


def set_properties(document: Document, title: str, made_at: datetime) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "Uppföljaren", ""
    properties.created = properties.modified = made_at
    properties.last_modified_by = "Uppföljaren"


def _add_footer(document: Document, text: str) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.style = document.styles[NOTE]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    paragraph.paragraph_format.tab_stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"{text}\t")
    add_field(paragraph, "PAGE", "1")
    paragraph.add_run(" (")
    add_field(paragraph, "NUMPAGES", "1")
    paragraph.add_run(")")
