"""The form of a signal in either language: its kind first, and then only the parts of its kind."""

import pytest
from sqlalchemy import update

from storage.engine.database import Database
from storage.engine.tables import person
from tests.support.turns import SLAP, Client, october
from texts.catalogue import LANGUAGES, Texts

PARTS = {
    "deviation": {"situation", "category"},
    "complaint": {"category"},
    "remark": {"category", "tone"},
    "replacement": {"reasons"},
}


@pytest.fixture(params=LANGUAGES)
def say(request: pytest.FixtureRequest, municipality: Database) -> Texts:
    """Everybody in the municipality speaks the language."""
    with municipality.transaction() as tx:
        tx.connection.execute(update(person).values(language=request.param))
    return Texts(request.param)


def signalling(anna: Client, say: Texts, kind: str) -> Client:
    anna.say("signal")
    assert say("signal.which_kind") in anna.words
    anna.press(say(f"choice.signal_kind.{kind}"))
    return anna


def test_each_kind_asks_only_what_is_its_own(municipality: Database, say: Texts) -> None:
    anna = october(municipality).client("anna")
    for kind, own in PARTS.items():
        signalling(anna, say, kind)
        assert anna.inputs["kind"] == kind
        assert {"situation", "category", "tone", "reasons"} & set(anna.inputs) == own


def test_what_it_can_be_about_is_its_own_too(municipality: Database, say: Texts) -> None:
    anna = october(municipality).client("anna")
    words = {kind: signalling(anna, say, kind).words for kind in ("deviation", "complaint")}
    staff, premises = say("choice.category.staff_acts"), say("choice.category.premises")
    assert (staff in words["deviation"], premises in words["deviation"]) == (True, False)
    assert (staff in words["complaint"], premises in words["complaint"]) == (False, True)


@pytest.mark.parametrize(
    ("typed", "kind", "is_at"),
    [("klagomål på Södergården", "complaint", True), ("ett barn har blivit slaget", "deviation", False)],
)
def test_a_sentence_fills_in_the_kind_and_the_home(
    municipality: Database, say: Texts, typed: str, kind: str, is_at: bool
) -> None:
    anna = october(municipality).client("anna")
    anna.say(typed)
    assert anna.inputs["kind"] == kind
    assert bool(anna.inputs["unit"]) is is_at


def test_another_kind_chosen_in_the_form_is_asked_for_its_own(municipality: Database, say: Texts) -> None:
    anna = signalling(october(municipality).client("anna"), say, "deviation")
    anna.press(say("signal.hand_in"), {**SLAP, "placement": "1", "kind": "remark", "text": "Bra mat."})
    assert say("signal.tone_needed") in anna.words
    assert (anna.inputs["text"], "situation" in anna.inputs) == ("Bra mat.", False)
