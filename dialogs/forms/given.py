"""What somebody has been given by another, told in one message: by itself, or a row each where there are several."""

from collections.abc import Sequence

from dialogs.card import Button, Card, ListRow, Part, Text
from texts.catalogue import Texts

# What is said of one thing, and what opens it.
GivenRow = tuple[str, Button]


def given_card(title: str, rows: Sequence[GivenRow], say: Texts) -> Card | None:
    """None where nothing is left to tell of; all of them, since nowhere else it is said that they were given."""
    if not rows:
        return None
    heading = say(title, n=len(rows))
    if len(rows) == 1:
        [(about, button)] = rows
        return Card(heading, (Text(heading, "title"), Text(about)), (button,))
    listed: list[Part] = [ListRow(about, button=button) for about, button in rows]
    return Card(heading, (Text(heading, "title"), *listed))
