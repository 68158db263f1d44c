"""The quality team tries a threshold, sees what it would do, and adopts it; nobody else does."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from bot.cards import BUDGET_BYTES
from followup.risk.risk_config import FIRST_CONFIG
from followup.risk.risk_parameters import PARAMETERS
from followup.wording.wording import Wording, wording
from storage.engine.database import Database
from storage.risk import risk_configs
from tests.support.builders import Register
from tests.support.desk import shown_band, slap
from tests.support.told_once import told_once
from tests.support.turns import SAY, Chat, Client, logged, not_saved, october, size
from texts.catalogue import Texts

NUMBER = "20120229-2387"


def versions(chat: Chat) -> list[str]:
    with chat.database.transaction() as tx:
        return [one.id for one in risk_configs.adopted(tx)]


@told_once
def worried(municipality: Database) -> Chat:
    """Södergården has three moderate deviations."""
    with municipality.transaction() as tx:
        Register(tx).measured()
    chat = october(municipality)
    for _ in range(3):
        slap(chat, consequence="2", marks="")
    return chat


def tried(chat: Chat, words: str = "tröskel yellow_p 0,1 leave_yellow_p 0,1 yellow_pt 0,3") -> Client:
    karin = chat.client("karin")
    karin.say(words)
    return karin


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_threshold_is_listed_tried_and_adopted(municipality: Database, language: str) -> None:
    """The whole conversation, in the language of the one who has it."""
    say = Texts(language)
    with municipality.transaction() as tx:
        Register(tx).person("quinn", "quality", language=language)
    chat = worried(municipality)
    quinn = chat.client("quinn")
    quinn.say("tröskel" if language == "sv" else "threshold")
    for name in PARAMETERS:
        assert (
            f"{say.write(getattr(FIRST_CONFIG, name))}\n{say(f'threshold.parameter.{name}')}. "
            f"{say(f'threshold.effect.{name}')}" in quinn.words
        )
    assert size(quinn.card) < BUDGET_BYTES
    before = shown_band(chat)
    quinn.press(say("threshold.choose"), {"name": "yellow_pt"})
    for value, key, yellow in (("0.38", "reached", 1), ("0.5", "reached_held", 0), ("0.62", "reached", 0)):
        said = say(f"threshold.{key}", value=Decimal(value), red=0, yellow=yellow)
        same = f" {say('threshold.reached_same')}" if key == "reached" else ""
        assert f"{said}{same}" in quinn.words, quinn.words
    quinn.press(say("threshold.preview"), {"value": "0.3"})
    changed = f"Södergården: {say('band.mark.green')} → {say('band.mark.yellow')}"
    assert changed in quinn.words
    assert say("threshold.counts_today", red_before=0, red=0, yellow_before=0, yellow=1) in quinn.words
    assert say("threshold.none_past", n=22) in quinn.words
    assert (shown_band(chat), versions(chat)) == (before, ["risk-2"])
    assert quinn.inputs["valid_from"] == "2026-11-02"
    quinn.press(say("threshold.adopt"), {"why": "Fler ska följas upp."})
    adopted = say("threshold.adopted", version="risk-3", day=date(2026, 11, 2), who="Quinn Test")
    assert adopted in quinn.words
    assert (versions(chat), shown_band(chat)) == (["risk-2", "risk-3"], "yellow")
    quinn.press(say("threshold.back"))
    assert say("threshold.in_force", version="risk-3", day=date(2026, 11, 2), who="Quinn Test") in quinn.words
    assert quinn.card["lang"] == language


def test_a_typed_change_goes_straight_to_what_it_would_do(municipality: Database) -> None:
    karin = tried(worried(municipality))
    meaning = SAY("threshold.parameter.yellow_p")
    before, after = FIRST_CONFIG.yellow_p, Decimal("0.1")
    assert SAY("threshold.change", before=before, after=after, meaning=meaning) in karin.words
    assert SAY("threshold.today") in karin.words


def test_a_change_that_changes_nobody_says_so(municipality: Database) -> None:
    karin = tried(worried(municipality), "tröskel base_level_prior_months 100")
    assert SAY("threshold.none_today", n=2) in karin.words


def parameter(name: str) -> Wording:
    return wording(f"threshold.parameter.{name}")


def change(name: str, value: str) -> str:
    return SAY(
        "threshold.change", meaning=parameter(name), before=getattr(FIRST_CONFIG, name), after=Decimal(value)
    )


def set_to(client: Client, name: str, value: str) -> str:
    """Chosen in the list, with another value: what is read in the card that comes."""
    client.press(SAY("threshold.choose"), {"name": name})
    client.press(SAY("threshold.preview"), {"value": value})
    return client.words


@pytest.mark.parametrize("words", ["tröskel röd 0,4", "tröskel red_p", "tröskel red_p 7 yellow_p x"])
def test_a_mistyped_change_is_explained_and_can_be_chosen(municipality: Database, words: str) -> None:
    karin = tried(worried(municipality), words)
    assert SAY("form.problems", n=1) in karin.words
    assert karin.inputs["name"] == ("red_p" if "red_p" in words else "")
    karin.press(SAY("threshold.choose"), {"name": "red_p"})
    karin.press(SAY("threshold.preview"), {"value": "0,45"})
    assert SAY("threshold.preview_title") in karin.words


def test_each_number_is_met_with_its_value_limits_and_what_it_does(municipality: Database) -> None:
    karin = tried(worried(municipality), "tröskel")
    listed = karin.card
    for name, one in PARAMETERS.items():
        karin.card = listed
        karin.press(SAY("threshold.choose"), {"name": name})
        kind = "threshold.between_whole" if one.whole else "threshold.between"
        held = getattr(FIRST_CONFIG, name)
        for said in (
            SAY(f"threshold.parameter.{name}"),
            SAY("threshold.holds", value=held),
            SAY(f"threshold.effect.{name}"),
            SAY(kind, lowest=one.lowest, highest=one.highest),
        ):
            assert said in karin.words, name
        assert karin.inputs["value"] == SAY.write(held)


def test_several_changes_are_shown_at_once_and_one_set_back_is_none(municipality: Database) -> None:
    chat = worried(municipality)
    karin = tried(chat, "tröskel")
    set_to(karin, "leave_yellow_p", "0,1")
    karin.press(SAY("threshold.another"))
    assert change("leave_yellow_p", "0.1") in karin.words
    assert SAY("threshold.collected") in karin.words
    both = set_to(karin, "yellow_p", "10 %")
    assert change("leave_yellow_p", "0.1") in both
    assert change("yellow_p", "0.1") in both
    karin.press(SAY("threshold.another"))
    karin.press(SAY("threshold.choose"), {"name": "yellow_p"})
    assert karin.inputs["value"] == "0,1"
    karin.press(SAY("threshold.another"))
    assert change("yellow_p", "0.1") in karin.words
    again = set_to(karin, "yellow_p", SAY.write(FIRST_CONFIG.yellow_p))
    assert change("leave_yellow_p", "0.1") in again
    assert SAY("threshold.parameter.yellow_p") not in again.splitlines()
    assert change("yellow_p", "0.1") not in again
    karin.press(SAY("threshold.adopt"), {"why": "Skälet."})
    with municipality.transaction() as tx:
        newest = risk_configs.adopted(tx)[-1]
    assert (newest.leave_yellow_p, newest.yellow_p) == (Decimal("0.1"), FIRST_CONFIG.yellow_p)
    karin.press(SAY("threshold.back"))
    assert SAY("threshold.collected") not in karin.words


def test_what_was_changed_can_be_shown_again_or_left(municipality: Database) -> None:
    karin = tried(worried(municipality), "tröskel red_p 0,45")
    karin.press(SAY("threshold.another"))
    karin.press(SAY("threshold.preview"))
    assert change("red_p", "0.45") in karin.words
    karin.press(SAY("threshold.another"))
    karin.press(SAY("threshold.restart"))
    assert SAY("threshold.collected") not in karin.words
    assert SAY("threshold.preview") not in karin.buttons


@pytest.mark.parametrize(
    ("name", "value", "why", "values"),
    [
        ("red_p", "", "no_value", {}),
        ("red_p", "hög", "not_a_number", {"typed": "hög"}),
        ("red_p", "7", "range", {"lowest": Decimal("0.01"), "highest": 1}),
        ("red_items", "2,5", "whole_range", {"lowest": 1, "highest": 50}),
        ("red_p", "0,5", "same", {"value": FIRST_CONFIG.red_p}),
    ],
)
def test_a_wrong_value_is_told_in_words_beside_what_was_typed(
    municipality: Database, name: str, value: str, why: str, values: Mapping[str, object]
) -> None:
    karin = tried(worried(municipality), "tröskel")
    said = set_to(karin, name, value)
    assert SAY(f"threshold.{why}", name=parameter(name), **values) in said
    assert karin.inputs["value"] == (value or SAY.write(getattr(FIRST_CONFIG, name)))
    assert name not in said
    karin.press(SAY("threshold.preview"), {"value": "0,55" if name == "red_p" else "4"})
    assert SAY("threshold.preview_title") in karin.words


def test_limits_in_the_wrong_order_are_told_and_the_first_change_is_kept(municipality: Database) -> None:
    karin = tried(worried(municipality), "tröskel base_level_prior_months 100")
    karin.press(SAY("threshold.another"))
    said = set_to(karin, "yellow_p", "0,9")
    order = {"lower": parameter("yellow_p"), "low": Decimal("0.9"), "higher": parameter("red_p")}
    assert SAY("threshold.order", **order, high=FIRST_CONFIG.red_p) in said
    assert change("base_level_prior_months", "100") in said
    karin.press(SAY("threshold.another"))
    assert change("base_level_prior_months", "100") in karin.words
    assert change("yellow_p", "0.9") not in karin.words


def test_no_card_asks_for_a_name_of_the_configuration(municipality: Database) -> None:
    karin = tried(worried(municipality), "tröskel")
    cards = [karin.words]
    cards.append(set_to(karin, "yellow_p", "9"))
    karin.press(SAY("threshold.preview"), {"value": "0,3"})
    cards.append(karin.words)
    # Those of one word are Swedish or English words too; a choice carries its name alone, which nobody reads.
    names = [one for one in PARAMETERS if "_" in one]
    read = [line for card in cards for line in card.splitlines() if line not in PARAMETERS]
    assert [line for line in read if any(one in line for one in names)] == []


def test_nothing_chosen_is_explained(municipality: Database) -> None:
    karin = tried(worried(municipality), "tröskel")
    karin.press(SAY("threshold.choose"))
    assert SAY("form.missing") in karin.words
    assert karin.forge("preview_threshold", {}).card is not None
    assert SAY("threshold.nothing") in karin.words


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"why": ""}, SAY("form.missing")),
        ({"why": NUMBER}, SAY("form.personal_number")),
        ({"valid_from": ""}, SAY("form.missing")),
        ({"valid_from": "2026-11-31"}, SAY("form.not_a_date")),
        ({"valid_from": "2026-11-01"}, SAY("threshold.too_early", earliest=date(2026, 11, 2))),
        ({"valid_from": "2029-01-01"}, SAY("threshold.too_late", latest=date(2027, 11, 3))),
    ],
)
def test_what_is_wrong_with_an_adoption_is_said_and_what_was_typed_is_kept(
    municipality: Database, wrong: Mapping[str, str], said: str
) -> None:
    chat = worried(municipality)
    karin = tried(chat)
    karin.press(SAY("threshold.adopt"), {"why": "Skälet.", **wrong})
    assert said in karin.words
    assert all(karin.inputs[name] == typed for name, typed in wrong.items() if typed)
    assert versions(chat) == ["risk-2"]


def test_all_that_is_wrong_is_said_at_once(municipality: Database) -> None:
    karin = tried(worried(municipality))
    karin.press(SAY("threshold.adopt"), {"valid_from": "2026-11-01"})
    assert SAY("form.problems", n=2) in karin.words


def test_adopting_twice_with_one_press_adopts_once(municipality: Database) -> None:
    chat = worried(municipality)
    karin = tried(chat)
    form = karin.card
    karin.press(SAY("threshold.adopt"), {"why": "Skälet."})
    karin.card = form
    assert karin.press(SAY("threshold.adopt"), {"why": "Skälet."}).again
    assert SAY("threshold.adopted_title") in karin.words
    assert versions(chat) == ["risk-2", "risk-3"]
    with municipality.transaction() as tx:
        assert logged(tx, "write").count("risk_config:risk-3") == 1


def test_what_was_previewed_before_anothers_change_is_previewed_anew(municipality: Database) -> None:
    with municipality.transaction() as tx:
        Register(tx).person("kim", "quality")
    chat = worried(municipality)
    kim = chat.client("kim")
    kim.say("tröskel red_p 0,45")
    tried(chat).press(SAY("threshold.adopt"), {"why": "Skälet."})
    kim.press(SAY("threshold.adopt"), {"why": "Mitt skäl."})
    assert SAY("threshold.other_adopted", version="risk-3") in kim.words
    assert versions(chat) == ["risk-2", "risk-3"]
    kim.press(SAY("threshold.adopt"), {"valid_from": "2026-11-03"})
    assert versions(chat) == ["risk-2", "risk-3", "risk-4"]


@pytest.mark.parametrize(
    "carried",
    [
        {},
        {"changes": None, "base": 1},
        {"changes": [["red_p", "99"]], "base": 1},
        {"changes": [["okänd", "1"]], "base": 1},
        {"changes": [[["x"]], 3, {}], "base": 1},
        {"changes": [["red_p", "0.45"]], "base": "1"},
    ],
)
def test_a_forged_adoption_adopts_nothing(municipality: Database, carried: Mapping[str, object]) -> None:
    chat = worried(municipality)
    karin = chat.client("karin")
    answer = karin.forge("adopt_threshold", carried, {"why": "x", "valid_from": "2026-11-02"})
    assert versions(chat) == ["risk-2"]
    # What it would do is shown first, or it is said that what was typed is not saved.
    assert answer.card is not None or SAY("press.not_saved") in answer.notice


@pytest.mark.parametrize("key", ["anna", "maria"])
def test_only_the_quality_team_sees_and_changes_thresholds(municipality: Database, key: str) -> None:
    chat = worried(municipality)
    client = chat.client(key)
    assert client.say("tröskel red_p 0,45").text == SAY("refused.role")
    for verb in ("threshold", "choose_threshold", "preview_threshold", "adopt_threshold"):
        forged = {"changes": [["red_p", "0.45"]], "base": 1}
        answer = client.forge(verb, forged, {"why": "x", "valid_from": "2026-11-02"})
        assert (answer.card, answer.notice) == (None, not_saved("refused.role"))
    assert versions(chat) == ["risk-2"]
