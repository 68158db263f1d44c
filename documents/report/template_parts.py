"""A part of the report, drawn where the template has its tag when the template comes to it."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.document import CT_Document
from docx.oxml.ns import nsdecls, qn
from lxml import etree

from documents.report.blocks import Block
from documents.report.docx_drawing import Drawing, Numbers
from documents.report.words import Words

Blocks = Callable[[], Sequence[Block]]


@dataclass(frozen=True)
class TemplatePart:
    """`numbers` are common to the parts; `ids` are what the template calls the styles, by what the drawing does."""

    document: Document
    blocks: Blocks
    words: Words
    numbers: Numbers
    ids: Mapping[str, str]

    def __html__(self) -> str:
        """As the template's library puts it in, in place of the tag's paragraph."""
        page = self._page()
        Drawing(page, self.words, self.numbers).add(self.blocks())
        for style in page.element.body.iter(qn("w:pStyle")):
            name = style.get(qn("w:val"), "")
            style.set(qn("w:val"), self.ids.get(name, name))
        drawn = [one for one in page.element.body if one.tag != qn("w:sectPr")]
        return "".join(etree.tostring(one, encoding="unicode") for one in drawn)

    def _page(self) -> Document:
        """Empty, as wide as the template's, with its pictures among the template's own."""
        empty = parse_xml(f"<w:document {nsdecls('w')}><w:body/></w:document>")
        assert isinstance(empty, CT_Document)
        empty.body.append(deepcopy(self.document.sections[-1]._sectPr))
        return Document(empty, self.document.part)
