"""Puts into a template the styles that it lacks of those that a report is drawn with; its own stay as they are."""

from collections.abc import Iterable
from copy import deepcopy
from functools import cache

from docx.document import Document
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.ns import qn
from docx.parts.numbering import NumberingPart
from docx.shared import Pt
from docx.styles.style import ParagraphStyle
from docx.text.tabstops import TabStops
from lxml.etree import _Element

from documents.report.docx_styles import (
    CONTENTS,
    DRAWN_WITH,
    SMALL_TEXT,
    TABLE_TEXT,
    WIDTH,
    styled_document,
    text_width,
)

_BULLETS = "List Bullet"
# Above what a word processor gives by itself, so that no list of the template's own is changed.
_OWN_LIST = 9001


def complete_styles(document: Document) -> dict[str, str]:
    """What the template calls each of the styles, by what the drawing calls it."""
    there = {style.name for style in document.styles}
    for name in DRAWN_WITH:
        if name not in there:
            _add(document, name)
    return {name.replace(" ", ""): str(document.styles[name].style_id) for name in DRAWN_WITH}


def _add(document: Document, name: str) -> None:
    style = deepcopy(_ours().styles[name].element)
    taken = {one.style_id for one in document.styles}
    if style.get(qn("w:styleId")) in taken:
        style.set(qn("w:styleId"), f"Uppfoljaren{style.get(qn('w:styleId'))}")
    _remove(style, ("w:link", "w:next"))
    for properties in style.iter(qn("w:rPr")):
        # The template's own font and colour, which stand in its Normal.
        _remove(properties, ("w:rFonts", "w:color"))
    document.styles.element.append(style)
    if name in (TABLE_TEXT, SMALL_TEXT):
        _narrow(document, name)
    if name == _BULLETS:
        _give_bullets(document, style)
    if name == CONTENTS:
        _set_tab(document)


@cache
def _ours() -> Document:
    return styled_document("sv-SE", "")


def _remove(element: _Element, names: Iterable[str]) -> None:
    for name in names:
        for one in element.findall(qn(name)):
            element.remove(one)


def _narrow(document: Document, name: str) -> None:
    """On narrow pages a table has smaller letters, so that its widest words are not broken."""
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)
    assert style.font.size is not None
    style.font.size = Pt(round(2 * style.font.size.pt * min(1, text_width(document) / WIDTH)) / 2)


def _set_tab(document: Document) -> None:
    style = document.styles[CONTENTS]
    assert isinstance(style, ParagraphStyle)
    stops: TabStops = style.paragraph_format.tab_stops
    stops.clear_all()  # type: ignore[no-untyped-call]
    stops.add_tab_stop(  # type: ignore[no-untyped-call]
        text_width(document), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
    )


def _give_bullets(document: Document, style: _Element) -> None:
    """A list of its own for the style; a new Word file has none at all."""
    lists = _lists(document).element
    for old in style.iter(qn("w:numId")):
        [pattern] = [
            one for one in _lists(_ours()).element.num_lst if one.numId == int(old.get(qn("w:val"), 0))
        ]
        shape = next(
            one
            for one in _lists(_ours()).element.findall(qn("w:abstractNum"))
            if one.get(qn("w:abstractNumId")) == str(pattern.abstractNumId.val)
        )
        shape, number = deepcopy(shape), deepcopy(pattern)
        shape.set(qn("w:abstractNumId"), str(_OWN_LIST))
        number.abstractNumId.val, number.numId = _OWN_LIST, _OWN_LIST
        # Shapes come before the lists that use them.
        lists.insert(0, shape)
        lists.append(number)
        old.set(qn("w:val"), str(_OWN_LIST))


def _lists(document: Document) -> NumberingPart:
    try:
        return document.part.numbering_part
    except NotImplementedError:
        empty = deepcopy(_ours().part.numbering_part.element)
        _remove(empty, ("w:num", "w:abstractNum"))
        part = NumberingPart(
            PackURI("/word/numbering.xml"), CONTENT_TYPE.WML_NUMBERING, empty, document.part.package
        )
        document.part.relate_to(part, RELATIONSHIP_TYPE.NUMBERING)
        return part
