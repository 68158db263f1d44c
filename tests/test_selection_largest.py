"""How the largest units are told: what a person types, what the frame writes of it, and how it is said again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.selection.largest import COVERAGE, LARGEST, WAYS, Way, in_words, written
from followup.selection.selection_frame import Parameters, canonical_frame, frame_hash, read_frame
from storage.engine.database import Database
from storage.selection import selections
from tests.support.builders import at
from tests.support.selection_builders import EXAMPLE, EXAMPLE_HASH, fill_town, frame
from tests.support.told_once import told_once
from tests.support.turns import SAY, Chat, Client
from texts.catalogue import Texts

USUAL = Parameters().share


@pytest.mark.parametrize(
    ("way", "typed", "frames", "said"),
    [
        (COVERAGE, "50 %", ("coverage", "0.50"), "de största, tills de täcker 50 % av placeringarna"),
        (COVERAGE, "62,5", ("coverage", "0.6250"), "de största, tills de täcker 62,5 % av placeringarna"),
        (COVERAGE, "100", ("coverage", "1.00"), "de största, tills de täcker 100 % av placeringarna"),
        ("top", "1", ("top:1", "0.50"), "den största"),
        ("top", "5", ("top:5", "0.50"), "de 5 största"),
        ("share", "10%", ("share:0.10", "0.50"), "var och en med minst 10 % av placeringarna"),
        ("share", "0.25", ("share:0.0025", "0.50"), "var och en med minst 0,25 % av placeringarna"),
    ],
)
def test_what_is_typed_is_what_the_frame_writes_and_what_is_said(
    way: Way, typed: str, frames: tuple[str, str], said: str
) -> None:
    assert written(way, typed, USUAL) == frames
    assert SAY.say(in_words(*frames)) == said


@pytest.mark.parametrize(
    ("way", "typed"),
    [
        *(
            (way, typed)
            for way in WAYS
            for typed in ("", "hälften", "0", "-3", "NaN", "Infinity", "1e9", "1e999999999")
        ),
        *(("top", typed) for typed in ("2,5", "10 %", "10000")),
        *((way, typed) for way in (COVERAGE, "share") for typed in ("101", "33,333", "0,001")),
    ],
)
def test_what_is_no_such_number_is_refused(way: Way, typed: str) -> None:
    assert written(way, typed, USUAL) is None


@given(st.sampled_from(WAYS), st.integers(1, 10_000))
def test_every_number_that_is_taken_gives_a_frame_that_can_be_read_again(way: Way, hundredths: int) -> None:
    typed = str(hundredths) if way == "top" else f"{hundredths / 100:.2f}"
    found = written(way, typed, USUAL)
    if found is None:
        assert (way, hundredths) == ("top", 10_000)
        return
    largest, share = found
    assert LARGEST.fullmatch(largest)
    made = frame(*EXAMPLE.rows, largest=largest, share=share)
    assert read_frame(canonical_frame(made)) == made
    assert Texts("en").say(in_words(largest, share))


def test_the_usual_way_leaves_the_frames_hash_as_it_was() -> None:
    found = written(COVERAGE, "50 %", "0.90")
    assert found is not None
    assert frame_hash(frame(*EXAMPLE.rows, largest=found[0], share=found[1])) == EXAMPLE_HASH


@pytest.fixture
def chat(database: Database) -> Chat:
    return town_chat(database)


@told_once
def town_chat(database: Database) -> Chat:
    with database.transaction() as tx:
        fill_town(tx)
    return Chat(database, at("2026-11-23 12:00"))


def freezing(chat: Chat, typed: dict[str, str]) -> Client:
    karin = chat.client("karin")
    karin.say("urval")
    karin.press(SAY("selection.freeze"))
    karin.press(SAY("selection.freeze.send"), {"public_value_name": "Lotto", **typed})
    return karin


@pytest.mark.parametrize(
    ("typed", "in_frame", "said"),
    [
        ({}, '"share":"0.50"}', "de största, tills de täcker 50 % av placeringarna"),
        ({"largest_number": "75"}, '"share":"0.75"}', "de största, tills de täcker 75 % av placeringarna"),
        ({"largest": "top", "largest_number": "2"}, '"largest":"top:2"', "de 2 största"),
        (
            {"largest": "share", "largest_number": "7,5"},
            '"largest":"share:0.0750"',
            "var och en med minst 7,5 % av placeringarna",
        ),
    ],
)
def test_in_chat_the_largest_are_told_in_three_ways_and_the_selection_says_which(
    chat: Chat, typed: dict[str, str], in_frame: str, said: str
) -> None:
    karin = freezing(chat, typed)
    with chat.database.transaction() as tx:
        found = selections.named(tx, 2026)
    assert found is not None
    assert in_frame in found.frame
    assert f"Största enheterna: {said}." in karin.words


def test_in_chat_a_number_that_does_not_fit_is_refused_and_what_was_typed_stays(chat: Chat) -> None:
    karin = freezing(chat, {"largest": "top", "largest_number": "en tredjedel"})
    assert SAY("selection.refused.largest_number") in karin.words
    assert karin.inputs["largest_number"] == "en tredjedel"
    with chat.database.transaction() as tx:
        assert selections.named(tx, 2026) is None
