"""Another municipality's Word template: its own fonts, logotype, order and sections, on styles as Swedish Word has."""

from io import BytesIO

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from PIL import Image, ImageDraw

FONT, COLOUR = "Times New Roman", RGBColor(0x7A, 0x1F, 0x3D)
OWN_HEADINGS = ("Nämndens inledning", "Vad nämnden gör nu")
# What Swedish versions of Word call their styles by.
SWEDISH = {"Heading 1": "Rubrik1", "Heading 2": "Rubrik2", "Title": "Rubrik", "Subtitle": "Underrubrik"}
# Results first, and no selection.
ORDER = (
    "summary",
    "results",
    "for_children",
    "care",
    "answers",
    "levels",
    "actions",
    "recommendations",
    "method",
    "sources",
)


def other_template() -> bytes:
    document = docx.Document()
    _page(document)
    _styles(document)
    _header_and_footer(document)
    document.add_paragraph("{{ title }}", "Title")
    document.add_paragraph("{{ board }} i {{ municipality }}, {{ first }}–{{ last }}", "Subtitle")
    document.add_paragraph("{{p front }}")
    document.add_paragraph("{{p contents }}")
    document.add_paragraph(OWN_HEADINGS[0], "Heading 1")
    document.add_paragraph("Nämnden ansvarar för alla barn som den placerar. Det här skriver vi själva.")
    for name in ORDER:
        document.add_paragraph(f"{{{{p {name} }}}}")
    document.add_paragraph("{%p if not is_public %}")
    document.add_paragraph(OWN_HEADINGS[1], "Heading 1")
    document.add_paragraph("Skrivs av kvalitetschefen inför nämndens möte.")
    document.add_paragraph("{%p endif %}")
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.8)
    section.top_margin, section.bottom_margin = Cm(2.6), Cm(2.2)


def _styles(document: Document) -> None:
    """Word's own ids, no list, and of what the report is drawn with only what a new file has."""
    for name in ("Normal", *SWEDISH):
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "cs"):
            fonts.set(qn(f"w:{script}"), FONT)
        if name != "Normal":
            style.font.color.rgb = COLOUR
            style.element.set(qn("w:styleId"), SWEDISH[name])
    document.styles["Normal"].font.size = Pt(10)
    for style in list(document.styles):
        if (style.name or "").startswith(("List", "Caption")):
            style.delete()
    lists = [id_ for id_, one in document.part.rels.items() if one.reltype == RELATIONSHIP_TYPE.NUMBERING]
    for one in lists:
        document.part.rels.pop(one)


def _header_and_footer(document: Document) -> None:
    section = document.sections[0]
    head = section.header.paragraphs[0]
    head.add_run().add_picture(BytesIO(logotype()), height=Cm(1.1))
    head.add_run("  Ekdala kommun")
    head.paragraph_format.space_after = Pt(12)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run("{{ kind }}")


def logotype() -> bytes:
    """An oak leaf, more or less."""
    picture = Image.new("RGB", (160, 160), "white")
    pen = ImageDraw.Draw(picture)
    for x, y in ((80, 40), (55, 65), (105, 65), (50, 95), (110, 95), (80, 75)):
        pen.ellipse((x - 28, y - 28, x + 28, y + 28), fill="#7A1F3D")
    pen.rectangle((76, 90, 84, 155), fill="#7A1F3D")
    written = BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
