"""Draws a document as PDF/A-2a: searchable, tagged for those who listen to it, its font in it, to be kept for long."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path

import matplotlib
import typst
from matplotlib.ft2font import FT2Font

from followup.times.calendar import municipal

_TEMPLATE = Path(__file__).with_name("pdf.typ")
# The font that matplotlib brings has more letters than any that the drawing library has.
_FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
# As JSON writes what no document can hold, and texts from earlier days may.
_CONTROL = re.compile(r"\\u00[0-9a-f]{2}|\\[bf]")


@dataclass(frozen=True)
class Entry:
    """One thing, and what is said of it, a label beside each value."""

    title: str
    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Section:
    """Entries, or a table whose columns are as wide as `widths` say of each other."""

    heading: str
    note: str = ""
    entries: Sequence[Entry] = ()
    columns: Sequence[str] = ()
    widths: Sequence[int] = ()
    rows: Sequence[Sequence[str]] = ()


@dataclass(frozen=True)
class Document:
    title: str
    header: str
    secrecy: str
    lines: Sequence[str] = ()
    sections: Sequence[Section] = field(default_factory=tuple)
    author: str = "Uppföljaren"
    language: str = "sv"


def pdf(document: Document, made_at: datetime) -> bytes:
    """The same document made at the same moment is the same file."""
    day: date = municipal(made_at).date()
    data = {**asdict(document), "day": [day.year, day.month, day.day]}
    drawn: bytes = typst.compile(
        _TEMPLATE,
        root=_TEMPLATE.parent,
        format="pdf",
        font_paths=[_FONTS],
        ignore_system_fonts=True,
        sys_inputs={"data": drawable(_CONTROL.sub("", json.dumps(data, ensure_ascii=False)))},
        pdf_standards="a-2a",
        # It takes whole seconds alone.
        timestamp=made_at.replace(microsecond=0),
    )
    return drawn


def drawable(text: str) -> str:
    """With the number of each sign that the font has not, in its place: nothing is left out unsaid."""
    if text.isascii():
        return text
    return "".join(sign if _is_drawn(sign) else f"[U+{ord(sign):04X}]" for sign in text)


def _is_drawn(sign: str) -> bool:
    return sign.isascii() or (ord(sign) in _letters() and sign.isprintable())


@cache
def _letters() -> frozenset[int]:
    return frozenset(FT2Font(str(_FONTS / "DejaVuSans.ttf")).get_charmap())
