"""What a document is made of, as values: headings, paragraphs, lists, tables of figures or texts, pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

from followup.figures.figure import Table


@dataclass(frozen=True)
class Heading:
    """Level 1 to 3."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """`note` is set smaller, under what it explains; another `style` is named."""

    text: str
    note: bool = False
    style: str | None = None


@dataclass(frozen=True)
class Bullets:
    items: Sequence[str]


@dataclass(frozen=True)
class FigureTable:
    """A table of figures under its caption, and what is said below it."""

    table: Table
    caption: str
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Listing:
    """A table of texts under its headers, told of by the heading that it stands under."""

    headers: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class NamedValues:
    """Names with their values, as a form has them."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Picture:
    """A plot as PNG; the alternative text says what one sees, for those who do not."""

    png: bytes
    caption: str
    alternative: str


@dataclass(frozen=True)
class NewPage:
    pass


Block = Heading | Paragraph | Bullets | FigureTable | Listing | NamedValues | Picture | NewPage
