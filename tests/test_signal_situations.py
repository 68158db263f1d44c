"""The five situations that are called lex Sarah, and what a signal is about: what follows from each answer."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from documents.imports.history_columns import SIGNALS
from followup.risk.risk_config import FIRST_CONFIG
from followup.signals.signal import (
    CATEGORIES,
    MARKS,
    MARKS_ASKED,
    Signal,
    floor_of,
    points,
    read_signal,
    situation,
)
from followup.signals.situations import SITUATIONS, situation_of
from followup.terms import SIGNAL_KINDS
from followup.wording.law import paragraph
from services.acting import Refused
from services.signals.raising import raise_signal
from storage.alerts import alerts
from storage.engine.database import Database
from storage.register import units
from storage.signals import progress
from tests.support.deeds import acting
from tests.support.turns import SAY, SLAP, Chat, october

TODAY = date(2026, 11, 5)
MILD = {**SLAP, "consequence": "2", "marks": ""}


@pytest.fixture
def chat(municipality: Database) -> Chat:
    return october(municipality)


def raised(chat: Chat, **typed: str) -> Signal | Refused:
    with acting(chat.database, "anna", chat.now) as anna:
        unit = units.by_key(anna.tx, "SYD")
        assert unit is not None
        return raise_signal(anna, {**MILD, "unit": str(unit.id), **typed})


# What each gives: marks, points graded 2 and as ungraded, floor, at whose desk, whether an alert goes, the paragraph.
FOLLOWS: dict[str, tuple[set[str], int, str, str | None, str, int, str | None]] = {
    "report_at_provider": ({"lex_sarah"}, 2, "3", "yellow", "quality", 1, "27 kap. 4 § SoL"),
    "notified_by_provider": ({"ivo"}, 2, "4", "yellow", "quality", 1, "27 kap. 6 § SoL"),
    "own_activity": (set(), 0, "0", None, "managers", 0, "27 kap. 5–6 §§ SoL"),
    "serious_deficit": ({"serious_wrong"}, 2, "4", "yellow", "quality", 1, "27 kap. 7 § SoL"),
    "other_deviation": (set(), 2, "1", None, "quality", 0, None),
}


@pytest.mark.parametrize("code", SITUATIONS)
def test_marks_points_floor_desk_alert_and_paragraph_follow_from_the_situation(chat: Chat, code: str) -> None:
    marks, graded, ungraded, floor, desk, alerted, cited = FOLLOWS[code]
    cause = "authority" if SITUATIONS[code].ours else "provider"
    stored = raised(chat, situation=code, cause=cause)
    assert isinstance(stored, Signal), stored
    assert (stored.situation, stored.marks) == (code, frozenset(marks))
    assert points(stored, FIRST_CONFIG) == graded
    assert floor_of(stored) == floor
    without = Signal(**{**vars(stored), "consequence": None})
    assert points(without, FIRST_CONFIG) == Decimal(ungraded)
    with chat.database.transaction() as tx:
        here = progress.of_signal(tx, stored.id)
        assert here is not None
        assert (here.desk, len(alerts.open_alerts(tx))) == (desk, alerted)
    rule = SITUATIONS[code].rule
    assert (paragraph(rule, TODAY) if rule else None) == cited
    karin = chat.client("karin")
    karin.say(f"signal {stored.id}")
    assert SAY(f"choice.situation.{code}") in karin.words
    if cited:
        assert SAY(f"signals.next.{code}") in karin.words
        assert cited in karin.words
    else:
        assert not any(
            SAY(f"signals.next.{one}") in karin.words for one in SITUATIONS if SITUATIONS[one].rule
        )


def test_whoever_raises_it_is_told_who_has_it(chat: Chat) -> None:
    """signal.manager_has where the cause is our own, and the team where it is not."""
    anna = chat.client("anna")
    for cause, said in (("authority", "signal.manager_has"), ("provider", "signal.quality_has")):
        anna.say("avvikelse")
        anna.press(SAY("signal.hand_in"), {**MILD, "unit": "1", "cause": cause})
        others = {"signal.manager_has", "signal.quality_has", "signal.quality_told"} - {said}
        assert SAY(said) in anna.words
        assert not any(SAY(one) in anna.words for one in others)


def test_each_has_a_next_step_of_its_own_and_no_text_names_a_paragraph() -> None:
    said = [SAY(f"signals.next.{code}") for code, one in SITUATIONS.items() if one.rule]
    assert len(set(said)) == 4
    assert not any("kap." in one or "§" in one for one in said)


@pytest.mark.parametrize(
    ("typed", "wrong", "kept"),
    [
        ({}, {}, "other_deviation"),
        ({"situation": "-"}, {}, "other_deviation"),
        ({"situation": "own_activity"}, {"cause": "signal.own_activity_is_ours"}, "own_activity"),
        ({"situation": "lex_sarah"}, {"situation": "form.not_a_choice"}, None),
        # Only a deviation is one of them.
        ({"situation": "serious_deficit", "kind": "complaint"}, {}, None),
    ],
)
def test_a_deviation_is_one_of_the_five(
    typed: dict[str, str], wrong: dict[str, str], kept: str | None
) -> None:
    answers, problems = read_signal({**MILD, **typed}, TODAY)
    assert {one.field: one.what.id for one in problems} == wrong
    if not wrong or kept:
        assert answers.get("situation") == kept
    if typed.get("kind") == "complaint":
        assert "serious_wrong" not in answers.get("marks", "")


def test_what_was_marked_stays_beside_what_the_situation_gives() -> None:
    answers, problems = read_signal({**MILD, "marks": "violence", "situation": "report_at_provider"}, TODAY)
    assert (answers["marks"], problems) == ("violence,lex_sarah", [])
    assert set(MARKS) - set(MARKS_ASKED) == {"lex_sarah", "ivo"}


@pytest.mark.parametrize(
    ("marks", "ours", "code"),
    [
        ({"lex_sarah"}, False, "report_at_provider"),
        ({"lex_sarah", "ivo", "serious_wrong"}, False, "notified_by_provider"),
        ({"serious_wrong", "lex_sarah"}, False, "serious_deficit"),
        ({"violence"}, False, "other_deviation"),
        (set(), True, "other_deviation"),
        ({"lex_sarah"}, True, "own_activity"),
    ],
)
def test_what_was_raised_before_there_were_situations_is_told_by_its_marks(
    marks: set[str], ours: bool, code: str
) -> None:
    assert situation_of(None, frozenset(marks), ours=ours).code == code
    one: dict[str, Any] = {
        "occurred": "happened",
        "cause": "authority" if ours else "provider",
        "source": "child",
    }
    old = Signal(1, 1, 1, None, "deviation", TODAY, 2, **one, marks=frozenset(marks))  # type: ignore[arg-type]
    assert situation(old) == SITUATIONS[code]
    assert situation(Signal(**{**vars(old), "kind": "complaint"})) is None


def test_six_topics_of_complaints_three_causes_and_cooperation_each_with_its_kind() -> None:
    complaint, deviation = SIGNAL_KINDS["complaint"].categories, SIGNAL_KINDS["deviation"].categories
    assert (len(complaint), complaint[-1]) == (7, "cooperation")
    assert {"staff_acts", "communication", "abuse_in_home", "cooperation"} <= set(deviation)
    for kind in ("deviation", "complaint", "remark"):
        for category in CATEGORIES:
            typed = {**MILD, "kind": kind, "tone": "criticism", "category": category}
            _, problems = read_signal(typed, TODAY)
            fits = category in SIGNAL_KINDS[kind].categories
            said = [one.what.id for one in problems if one.field == "category"]
            assert said == ([] if fits else ["signal.category_of_another_kind"]), (kind, category)


def test_topic_areas_and_channel_are_stored_shown_and_asked_for_by_their_words(chat: Chat) -> None:
    about = {
        "kind": "complaint",
        "category": "treatment",
        "areas": "safety,integrity",
        "channel": "to_provider",
    }
    stored, other = raised(chat, **about), raised(chat, kind="complaint", category="rules", areas="safety")
    assert isinstance(stored, Signal) and isinstance(other, Signal)
    assert (stored.category, stored.areas, stored.channel) == (
        "treatment",
        frozenset({"safety", "integrity"}),
        "to_provider",
    )
    karin = chat.client("karin")
    karin.say(f"signal {stored.id}")
    for said in ("choice.category.treatment", "choice.area.safety", "choice.channel.to_provider"):
        assert SAY(said) in karin.words
    for words, both in (("bemötande", False), ("trygghet och säkerhet", True), ("brister i lokalerna", None)):
        karin.say(f"signaler {words}")
        assert (stored.number in karin.words, other.number in karin.words) == (both is not None, bool(both))


def test_files_say_all_of_it_in_words_of_their_own() -> None:
    columns = {one.name: one for one in SIGNALS.columns}
    assert {columns[name].header for name in ("situation", "category", "areas", "channel")} == {
        "Situation",
        "Kategori",
        "Kvalitetsområden",
        "Kanal",
    }
    assert columns["situation"].kind.read("Lex Sarah i egen verksamhet", TODAY) == "own_activity"
    assert columns["areas"].kind.read("effektivitet, tillgänglighet", TODAY) == ("availability", "efficiency")
    assert not any(columns[name].required for name in ("situation", "category", "areas", "channel"))
