"""Draws blocks as a Word document: headings, numbered captions, pictures.

Older texts were stored with signs that no document can hold, so what is drawn is cleaned here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Literal

from docx.document import Document
from docx.enum.text import WD_BREAK
from docx.shared import Cm, Emu, Pt
from docx.text.paragraph import Paragraph as DocxParagraph

from documents.report.blocks import (
    Block,
    Bullets,
    FigureTable,
    Heading,
    Listing,
    NamedValues,
    NewPage,
    Paragraph,
    Picture,
)
from documents.report.docx_fields import (
    add_field,
    describe,
    keep_in_one_piece,
    put_style,
    rule,
)
from documents.report.docx_styles import NOTE, RULE, TABLE_TEXT, text_width
from documents.report.docx_tables import draw_lines, draw_table, set_widths
from documents.report.words import Words
from followup.wording.form import clean_text

NAMES, AIR = Cm(4.6), Pt(10)

Numbered = Literal["table", "figure"]
Numbers = dict[Numbered, int]


@dataclass
class Drawing:
    """A document while it is drawn; counts its tables and pictures."""

    document: Document
    words: Words
    numbers: Numbers = field(default_factory=dict)

    def add(self, blocks: Sequence[Block]) -> None:
        for block in blocks:
            self._add(block)

    def _add(self, block: Block) -> None:
        match block:
            case Heading():
                self._paragraph(clean_text(block.text), f"Heading {block.level}")
            case Paragraph():
                self._paragraph(clean_text(block.text), NOTE if block.note else block.style)
            case Bullets():
                for item in block.items:
                    self._paragraph(clean_text(item), "List Bullet")
            case FigureTable():
                self._grid(block)
            case Listing():
                self._listing(block)
            case NamedValues():
                self._facts(block)
            case Picture():
                self._picture(block)
            case NewPage():
                self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def _paragraph(self, text: str, style: str | None) -> DocxParagraph:
        paragraph = self.document.add_paragraph(text)
        if style is not None:
            put_style(paragraph, style)
        return paragraph

    def _next(self, kind: Numbered) -> int:
        self.numbers[kind] = self.numbers.get(kind, 0) + 1
        return self.numbers[kind]

    def _caption(self, kind: Numbered, text: str) -> DocxParagraph:
        paragraph = self._paragraph("", "Caption")
        word = self.words(f"year.caption.{kind}")
        paragraph.add_run(f"{word} ")
        add_field(paragraph, f"SEQ {word} \\* ARABIC", str(self._next(kind)))
        paragraph.add_run(f". {clean_text(text)}")
        return paragraph

    def _grid(self, block: FigureTable) -> None:
        self._caption("table", block.caption)
        draw_table(self.document, block.table, self.words)
        self._paragraph(clean_text(" ".join(block.notes)), NOTE)

    def _listing(self, block: Listing) -> None:
        rows = [[clean_text(text) for text in row] for row in block.rows]
        draw_lines(self.document, [block.headers, *rows], [False] * len(block.headers))
        self._end_of_table()

    def _facts(self, block: NamedValues) -> None:
        drawn = self.document.add_table(rows=0, cols=2)
        drawn.autofit = False
        rule(drawn, RULE)
        for name, value in block.rows:
            row = drawn.add_row()
            keep_in_one_piece(row)
            for cell, text, bold in zip(row.cells, (name, value), (True, False), strict=True):
                put_style(cell.paragraphs[0], TABLE_TEXT)
                cell.paragraphs[0].add_run(clean_text(text)).bold = bold
        set_widths(drawn, (NAMES, Emu(text_width(self.document) - NAMES)))
        self._end_of_table()

    def _end_of_table(self) -> None:
        """No document ends in a table; as low as it can be, so that it is no page of its own."""
        spacing = self._paragraph("", NOTE).paragraph_format
        spacing.space_before, spacing.line_spacing, spacing.space_after = Pt(0), Pt(1), AIR

    def _picture(self, block: Picture) -> None:
        self._caption("figure", block.caption)
        paragraph = self.document.add_paragraph()
        picture = paragraph.add_run().add_picture(BytesIO(block.png), width=text_width(self.document))
        describe(picture, clean_text(block.caption), clean_text(block.alternative))
