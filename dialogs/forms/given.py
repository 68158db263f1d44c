"""What somebody has been given by another, told in one message: by itself, or a row each where there are several."""

from collections.abc import Sequence

from dialogs.card import Button, Card, ListRow, Part, Text
from dialogs.forms.lists import MOST_ROWS, at_most
from texts.catalogue import Texts

# What is said of one thing, and what opens it.
GivenRow = tuple[str, Button]
# So many are told of beside those that have a button; more do not fit in a card.
MOST_LINES = 40


def given_card(title: str, rows: Sequence[GivenRow], say: Texts) -> Card | None:
    """None where nothing is left to tell of; else all that a card takes, and how many more there are."""
    if not rows:
        return None
    heading = say(title, n=len(rows))
    if len(rows) == 1:
        [(about, button)] = rows
        return Card(heading, (Text(heading, "title"), Text(about)), (button,))
    with_button: list[Part] = [ListRow(about, button=button) for about, button in rows[:MOST_ROWS]]
    lines: list[Part] = [Text(about) for about, _ in rows[MOST_ROWS:]]
    return Card(heading, (Text(heading, "title"), *with_button, *at_most(MOST_LINES, lines, "", say)))
