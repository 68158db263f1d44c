"""Long lists cut to what a card holds, with how many more there are and how to see them."""

from collections.abc import Sequence

from dialogs.card import Part, Text
from dialogs.texts import Texts

MOST_ROWS = 20


def at_most(most: int, rows: Sequence[Part], how_to_see_more: str, say: Texts) -> list[Part]:
    """The first rows; after them how many were left out and what to do to see them."""
    rest = len(rows) - most
    if rest <= 0:
        return list(rows)
    return [*rows[:most], Text(f"{say('evidence.more', n=rest)} {how_to_see_more}".strip(), "subtle")]
