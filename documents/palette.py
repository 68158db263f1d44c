"""The colours of every picture, readable in grey: what differs in colour differs in pattern and in darkness too."""

from collections.abc import Mapping
from typing import NamedTuple

INK, FAINT, PAPER, LINE, RULER = "#1f2a37", "#5b6672", "#ffffff", "#2c4a6e", "#e3e6ea"
PLAIN, REST = "#8aa4c2", "#eef1f4"


class Fill(NamedTuple):
    """`ink` is what is written upon it."""

    colour: str
    hatch: str
    ink: str


# Red is the darkest and crossed, green the lightest and plain.
FILLS: Mapping[str, Fill] = {
    "red": Fill("#a32a20", "xx", PAPER),
    "yellow": Fill("#e0a526", "//", INK),
    "green": Fill("#bfe0c1", "", INK),
    "insufficient": Fill(PAPER, "..", INK),
    "plain": Fill(PLAIN, "", INK),
}
