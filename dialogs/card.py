"""A card as a value: what it says and asks, with no word about how a client draws it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from followup import at_once
from followup.messages.message import LinkKind
from followup.risk.chart import Chart

Tone = Literal["title", "heading", "folded", "normal", "subtle", "problem", "good", "warning"]


@at_once
@dataclass(frozen=True)
class Text:
    """A `folded` one is pressed to see what stands after it, up to the next heading."""

    text: str
    tone: Tone = "normal"


@dataclass(frozen=True)
class Facts:
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Grid:
    """A small table; the first column is the widest."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@at_once
@dataclass(frozen=True)
class Button:
    """`takes_inputs` sends the card's fields along; without it a button leaves them alone."""

    title: str
    verb: str
    data: Mapping[str, object] = field(default_factory=dict)
    takes_inputs: bool = False


@dataclass(frozen=True)
class Deeds:
    """Buttons that stand in the card, after what they are about, and not below it."""

    buttons: tuple[Button, ...]


@at_once
@dataclass(frozen=True)
class Toggle:
    id: str
    title: str
    on: bool = False


@at_once
@dataclass(frozen=True)
class ListRow:
    """One row of a list: what it is, perhaps a toggle, perhaps a button of its own.

    A toggle's title says what the row is too, and stands in the place of `title` and `subtitle`.
    """

    title: str
    subtitle: str = ""
    toggle: Toggle | None = None
    button: Button | None = None
    note: str = ""


@dataclass(frozen=True)
class Choice:
    value: str
    title: str


@dataclass(frozen=True)
class Field:
    """An input with its label, what was typed, and what is wrong with it; `been` asks for a day that is not to come."""

    id: str
    kind: Literal["choice", "choices", "date", "text", "line"]
    label: str
    value: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool = False
    problem: str = ""
    compact: bool = False
    hint: str = ""
    been: bool = False


@dataclass(frozen=True)
class Download:
    """A file behind a link that is made when the card is drawn; `otherwise` is said where no link can be."""

    title: str
    about: str
    fetch: str
    otherwise: str
    kind: LinkKind
    subject: Mapping[str, object]


Shown = Text | Facts | Grid | ListRow | Field | Chart | Deeds
Part = Shown | Download


@dataclass(frozen=True)
class Card:
    """`summary` is what a notification shows, so it says nothing about a child; `data` goes with every button.

    `page` is where the same stands in the workspace, by its kind and number alone; empty where it stands nowhere.
    """

    summary: str
    parts: tuple[Part, ...]
    buttons: tuple[Button, ...] = ()
    data: Mapping[str, object] = field(default_factory=dict)
    page: str = ""
