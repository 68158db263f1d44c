"""Where free text is written that this chat does not ask for: on the page, or in the municipality's own case file."""

from typing import Literal

from dialogs.turn import Turn


def where_to_write(
    turn: Turn, about: Literal["report", "signal", "change", "closing", "note"], **values: object
) -> str:
    """The card's own link leads to the page."""
    if turn.municipality.texts_on_page:
        return turn.say("on_page.text")
    return turn.say(f"minimal.{about}", **values)
