"""What people typed is shown as they typed it, though Teams reads a card's text as Markdown."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.as_written import as_written
from bot.cards import draw
from dialogs.card import Card, Facts, Field, Grid, ListRow, Text
from tests.support.turns import readable

# What Teams knows of Markdown, but for lists, which say the same as a list.
TEAMS = MarkdownIt("zero").enable(["emphasis", "link", "reference", "escape", "balance_pairs"])
SIGNS = st.text(st.sampled_from("ab1 åÅ*_[]()\\:#-.!<>&`~"), max_size=30)


def drawn(text: str) -> list[tuple[str, str]]:
    """What Teams would make of it: the kind of each piece, and its words."""
    pieces = [piece for block in TEAMS.parse(text) for piece in block.children or []]
    return [(piece.type, piece.content) for piece in pieces]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Villa *Sol*", "Villa ∗Sol∗"),
        ("**Ring** __genast__ _i dag_", "∗∗Ring∗∗ ˍˍgenastˍˍ ˍi dagˍ"),
        ("BU_2025_014 och red_p", "BU_2025_014 och red_p"),
        ("Två rader\nblir två", "Två rader\n\nblir två"),
        ("Anna-Karin (vik.) & 3 < 4", "Anna-Karin (vik.) & 3 < 4"),
    ],
)
def test_signs_that_would_format_stand_as_signs(typed: str, shown: str) -> None:
    assert as_written(typed) == shown


@pytest.mark.parametrize("typed", ["[Läs mer](http://x.example)", "[a]: http://x.example", r"\[a\](b) C:\*"])
def test_no_link_and_no_lost_backslash_comes_of_it(typed: str) -> None:
    assert drawn(typed) != [("text", typed)]
    assert [kind for kind, _ in drawn(as_written(typed))] == ["text"]


@given(SIGNS)
def test_whatever_is_typed_is_one_text_with_all_its_signs(typed: str) -> None:
    pieces = drawn(as_written(typed))
    assert {kind for kind, _ in pieces} <= {"text"}
    seen = "".join(words for _, words in pieces).translate(str.maketrans("∗ˍ", "*_", "\u2060"))
    assert seen.split() == typed.split()


def test_every_text_of_a_card_is_shown_as_written() -> None:
    """Teams reads Markdown in text blocks and facts, and not in what is typed into."""
    starred = "*a*"
    parts = (
        Text(starred, "title"),
        Text(starred, "warning"),
        Facts(((starred, starred),)),
        Grid((starred,), ((starred,),)),
        ListRow(starred, starred, note=starred),
        Field("x", "text", "Text", starred, hint=starred, problem=starred),
    )
    seen = readable(draw(Card("Kort", parts), "n")["body"])
    assert re.findall(r".*\*.*", seen) == [starred]
