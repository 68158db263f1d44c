"""Several messages to one person as one card: each with its own title and buttons, and answered in a message beside."""

from collections.abc import Sequence
from dataclasses import replace

from dialogs.card import Button, Card, Deeds, Field, ListRow, Part
from dialogs.turn import Press

# What a button of such a card carries, so that its answer takes the place of none of the others.
_OF_LETTER = "letter"


def letter(cards: Sequence[Card]) -> Card:
    """The first says where the same stands in the workspace."""
    if len(cards) == 1:
        return cards[0]
    parts = [part for card in cards for part in _with_its_buttons(card)]
    return Card(" · ".join(dict.fromkeys(card.summary for card in cards)), tuple(parts), page=cards[0].page)


def may_stand_in_one(cards: Sequence[Card]) -> bool:
    """Whether at most one of them asks for something: what is typed in another would go with its buttons too."""
    return sum(any(map(_is_asked, card.parts)) for card in cards) <= 1


def _is_asked(part: Part) -> bool:
    return isinstance(part, Field) or (isinstance(part, ListRow) and part.toggle is not None)


def _with_its_buttons(card: Card) -> list[Part]:
    parts = [_carrying(part, card) for part in card.parts]
    buttons = tuple(_of_letter(one, card) for one in card.buttons)
    return [*parts, Deeds(buttons)] if buttons else parts


def _carrying(part: Part, card: Card) -> Part:
    if isinstance(part, ListRow) and part.button is not None:
        return replace(part, button=_of_letter(part.button, card))
    return part


def _of_letter(button: Button, card: Card) -> Button:
    return replace(button, data={**card.data, **button.data, _OF_LETTER: True})


def stands_in_letter(press: Press) -> bool:
    return press.data.get(_OF_LETTER) is True
