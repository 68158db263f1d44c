"""Long lists cut to what a card holds, or shown a page at a time."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from dialogs.card import Button, Part, Text
from dialogs.turn import Turn
from followup.questions.narrowed import ALL, NarrowedQuestion
from texts.catalogue import Texts

MOST_ROWS = 20
T = TypeVar("T")


def at_most(
    most: int, rows: Sequence[Part], how_to_see_more: str, say: Texts, *, of: int | None = None
) -> list[Part]:
    """The first rows; after them how many were left out and what to do to see them.

    `of` is how many there are, where not all of them were read.
    """
    rest = (len(rows) if of is None else of) - min(most, len(rows))
    if rest <= 0:
        return list(rows)
    return [*rows[:most], Text(f"{say('evidence.more', n=rest)} {how_to_see_more}".strip(), "subtle")]


def page_of(
    turn: Turn,
    rows: Sequence[T],
    verb: str,
    about: Mapping[str, object] | None = None,
    *,
    size: int = MOST_ROWS,
) -> tuple[Sequence[T], tuple[Button, ...]]:
    """The rows from where the press says, and the button for those after them, if there are any.

    An old card may say where there are none any more: then from the first, since an empty page would deny them all.
    """
    start = turn.said.press.number("start") or 0 if turn.said.press else 0
    start = start if start < len(rows) else 0
    rest = len(rows) - start - size
    following = {**(about or {}), "start": start + size}
    more = (Button(turn.say("list.more", n=rest), verb, following),) if rest > 0 else ()
    return rows[start : start + size], more


def narrowed_in(turn: Turn, only: NarrowedQuestion | None) -> NarrowedQuestion:
    """As asked for in words or, where the list goes on, as the button of the rows before it says."""
    return only or NarrowedQuestion.read(turn.said.press.data if turn.said.press else {})


def narrowed_parts(only: NarrowedQuestion, say: Texts) -> list[Part]:
    """Which of them the list shows, where it is not all."""
    said = [say(f"narrowed.{name}") for name in ("own", "late", "untaken") if getattr(only, name)]
    told = [*said, *only.homes]
    return [Text(say("narrowed.shows", what=", ".join(told)), "subtle")] if told else []


def still_counting(counting: bool, say: Texts) -> list[Text]:
    """Beside what denies or counts, where more may follow of what is stored already."""
    return [Text(say("risk.counting"), "subtle")] if counting else []


def none_of(only: NarrowedQuestion, number: int, none: str, say: Texts) -> Text:
    """That none is shown: of those that were asked for, where there are `number` in all, else that there are none."""
    return Text(say("narrowed.none", n=number) if number and only != ALL else none, "good")
