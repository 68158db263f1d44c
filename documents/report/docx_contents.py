"""A table of contents that is there before any word processor has made one, of all headings that the document has."""

import re
from io import BytesIO

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Cm

from documents.report.blocks import Block, Paragraph
from documents.report.docx_fields import (
    add_bookmark,
    add_field,
    begin_field,
    end_field,
    update_fields_when_opened,
)
from documents.report.docx_styles import CONTENTS

DEEPEST = 2
# How many runs a field has before what it shows.
FIELD_BEGINS = 3
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)


def kept_for_contents(title: str) -> list[Block]:
    return [Paragraph(title, style="Subtitle"), Paragraph("", style=CONTENTS)]


def add_contents(document: Document) -> None:
    """In place of the paragraph that is kept for it; the template's own headings are among them, where they stand.

    Only a word processor knows the page numbers, and fills them in when it opens the document.
    """
    # Asking each of a thousand paragraphs for its style takes a second.
    names = {one.style_id: one.name or "" for one in document.styles}
    styled = [(names.get(one._p.style or "", ""), one) for one in document.paragraphs]
    place = next((one for name, one in styled if name == CONTENTS and not one.text), None)
    if place is None:
        return
    headings = [(level, one) for name, one in styled if (level := _level(name)) and one.text.strip()]
    for number, (level, heading) in enumerate(headings, 1):
        add_bookmark(heading, _bookmark(number), number)
        line = place.insert_paragraph_before("", place.style)
        if number == 1:
            begin_field(line, f'TOC \\o "1-{DEEPEST}" \\h \\z \\u')
        line.paragraph_format.left_indent = Cm(0.6 * (level - 1))
        line.add_run(f"{heading.text}\t")
        add_field(line, f"PAGEREF {_bookmark(number)} \\h", "")
        if number == len(headings):
            end_field(line)
    place._p.getparent().remove(place._p)
    update_fields_when_opened(document)


def without_field(content: bytes) -> bytes:
    """With each line of the contents on its own, so that whatever lays out the pages works out its number."""
    document = docx.Document(BytesIO(content))
    lines = [one for one in document.paragraphs if one.style is not None and one.style.name == CONTENTS]
    if lines:
        runs = [one._p.findall(qn("w:r")) for one in (lines[0], lines[-1])]
        for run in (*runs[0][:FIELD_BEGINS], runs[1][-1]):
            run.getparent().remove(run)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _level(style: str) -> int:
    """0 for what is no heading that is listed."""
    found = _HEADING.fullmatch(style)
    level = int(found[1]) if found else 0
    return level if level <= DEEPEST else 0


def _bookmark(number: int) -> str:
    return f"_Toc{9_000_000 + number}"
