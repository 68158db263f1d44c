"""The month's form in either language: the month by name, the usual folded, and one answer corrected alone."""

import pytest
from sqlalchemy import update

from bot.cards import FOLD
from followup.month.report import with_implied
from followup.times.month import Month, MonthName
from storage.engine.database import Database
from storage.engine.tables import person
from tests.support.turns import ANEW, Client, Json, october
from texts.catalogue import LANGUAGES, Texts

OCTOBER = Month(2026, 10)


@pytest.fixture(params=LANGUAGES)
def say(request: pytest.FixtureRequest, municipality: Database) -> Texts:
    """Everybody in the municipality speaks the language."""
    with municipality.transaction() as tx:
        tx.connection.execute(update(person).values(language=request.param))
    return Texts(request.param)


def form_of(municipality: Database, say: Texts, case: str = "AKT-1") -> Client:
    anna = october(municipality).client("anna").look()
    anna.press(say("list.open_form"), row=case)
    return anna


def ticked(municipality: Database, say: Texts) -> Client:
    """Anna has stated October of the first child, and corrects it."""
    anna = october(municipality).client("anna").look()
    anna.press(say("list.send"), {f"normal{anna.chat.task('AKT-1').id}": "true"})
    anna.say("rätta")
    anna.press(say("correct.open"), row="AKT-1")
    return anna


def folded(card: Json) -> list[Json]:
    return [one for one in card["body"] if str(one.get("id", "")).startswith(FOLD)]


def asked_in(part: Json) -> set[str]:
    inside = [one for item in part["items"] for one in (item, *item.get("items", []))]
    return {one["id"] for one in inside if str(one["type"]).startswith("Input.")}


def test_the_month_is_named_and_what_is_as_usual_is_folded_at_the_end(
    municipality: Database, say: Texts
) -> None:
    anna = form_of(municipality, say)
    for question in ("report.spoken_alone", "report.provider_report", "report.signals"):
        assert say(f"{question}.in_month", month=MonthName(OCTOBER)) in anna.words
    sections = [asked_in(one) for one in folded(anna.card)]
    assert [("health" in one, "care_plan" in one) for one in sections] == [(False, True)]
    assert "health" in anna.inputs
    assert anna.card["body"][-1] == folded(anna.card)[-1]
    assert say("report.as_usual", section=say("section.plans")) in anna.words
    titles = [one["actions"][0]["type"] for one in anna.card["body"] if one["type"] == "ActionSet"]
    assert titles == ["Action.ToggleVisibility"]


def test_what_is_unusual_or_wrong_stands_open(municipality: Database, say: Texts) -> None:
    anna = form_of(municipality, say)
    anna.press(say("report.hand_in"), {"health": "watch", "care_plan": "missing"})
    assert folded(anna.card) == []
    anna.press(say("report.hand_in"), ANEW)
    assert anna.chat.versions("AKT-1")[0].answers["health"] == "watch"


def test_the_form_is_sent_from_its_middle_where_the_rest_stands_there_already(
    municipality: Database, say: Texts
) -> None:
    anna = form_of(municipality, say)
    nearby = anna.button(say("report.hand_in"), say("report.rest_as_it_was"))
    assert nearby.action["data"] == anna.button(say("report.hand_in")).action["data"]
    bodies = [str(one) for one in anna.card["body"]]
    [at] = [number for number, one in enumerate(bodies) if say("report.rest_as_it_was") in one]
    shown = [number for number, one in enumerate(anna.card["body"]) if one.get("isVisible", True)]
    assert len(shown) / 4 < at < len(shown) * 3 / 4
    anna.press(say("report.hand_in"), {**ANEW, "goal_progress": "-"}, row=say("report.rest_as_it_was"))
    assert say("form.missing") in anna.words
    assert say("report.rest_as_it_was") not in anna.words
    anna.press(say("report.hand_in"), {"goal_progress": "partly"})
    assert anna.chat.versions("AKT-1")[0].answers["goal_progress"] == "partly"


def test_one_answer_of_a_ticked_report_is_corrected_alone(municipality: Database, say: Texts) -> None:
    anna = ticked(municipality, say)
    assert say("correct.which") in anna.words
    anna.press(say("correct.change"), row=say("report.health"))
    assert set(anna.inputs) == {"health", "about_care"}
    anna.press(say("report.hand_in"), {"health": "concern"})
    assert say("form.missing") in anna.words
    anna.press(say("report.hand_in"), {"health": "concern", "about_care": "no"})
    stated, corrected = anna.chat.versions("AKT-1")
    assert corrected.answers == {**stated.answers, "health": "concern", "about_care": "no"}


def test_a_talk_that_was_not_had_is_corrected_without_a_day_and_one_that_was_with_it(
    municipality: Database, say: Texts
) -> None:
    anna = ticked(municipality, say)
    anna.press(say("correct.change"), row=say("report.spoken_alone.in_month", month=MonthName(OCTOBER)))
    assert set(anna.inputs) == {"spoken_alone", "private_talk_on"}
    anna.press(say("report.hand_in"), {"spoken_alone": "yes"})
    assert say("report.talk_day_needed", month=OCTOBER) in anna.words
    anna.press(say("report.hand_in"), {"spoken_alone": "no"})
    assert [one.answers["spoken_alone"] for one in anna.chat.versions("AKT-1")] == ["yes", "no"]


def test_signals_of_a_ticked_report_are_told_of_alone(municipality: Database, say: Texts) -> None:
    anna = ticked(municipality, say)
    anna.press(say("correct.change"), row=say("report.signals.in_month", month=MonthName(OCTOBER)))
    anna.press(say("report.hand_in"), {"signals": "some"})
    assert say("report.signal_needed") in anna.words
    anna.press(say("report.add_signal"), row=say("choice.signal_kind.remark"))
    assert {"s1.kind", "s1.tone"} <= set(anna.inputs)


def test_the_whole_form_is_there_too_and_a_form_is_corrected_whole(
    municipality: Database, say: Texts
) -> None:
    anna = ticked(municipality, say)
    anna.press(say("correct.whole"))
    assert {"health", "feels_safe", "goal_progress"} <= set(anna.inputs)
    anna.press(say("report.hand_in"), ANEW)
    anna.say("rätta")
    anna.press(say("correct.open"), row="AKT-1")
    assert say("correct.which") not in anna.words


@pytest.mark.parametrize(
    ("typed", "before", "implied"),
    [
        ({"private_talk_on": "2026-10-14"}, {}, {"spoken_alone": "yes"}),
        ({"private_talk_on": "2026-11-02"}, {}, {"spoken_alone": "yes"}),
        ({"private_talk_on": "2026-09-30"}, {}, {}),
        ({"private_talk_on": "2026-10-02"}, {"private_talk_on": "2026-10-02"}, {}),
        ({"private_talk_on": "2026-10-14", "spoken_alone": "no"}, {}, {"spoken_alone": "no"}),
        ({"provider_report_on": "2026-11-02"}, {}, {"provider_report": "arrived"}),
        (
            {"provider_report_on": "2026-11-02", "provider_report": "not_arrived"},
            {},
            {"provider_report": "not_arrived"},
        ),
        ({"provider_report_on": "i går"}, {}, {}),
        ({}, {}, {}),
    ],
)
def test_a_day_that_was_written_answers_whether_it_was(
    typed: dict[str, str], before: dict[str, str], implied: dict[str, str]
) -> None:
    assert with_implied(typed, lambda: before, OCTOBER) == {**typed, **implied}


def test_what_the_form_began_with_is_not_looked_for_where_all_is_answered() -> None:
    typed = {"private_talk_on": "2026-10-14", "spoken_alone": "yes"}
    assert with_implied(typed, lambda: pytest.fail("nobody asked"), OCTOBER) == typed


def test_a_form_is_handed_in_with_the_days_alone(municipality: Database, say: Texts) -> None:
    anna = form_of(municipality, say)
    days = {"private_talk_on": "2026-10-14", "provider_report_on": "2026-11-02"}
    quick = {"feels_safe": "yes", "signals": "none", "provider_report_quality": "good", **days}
    anna.press(say("report.hand_in"), quick)
    [report] = anna.chat.versions("AKT-1")
    assert (report.answers["spoken_alone"], report.answers["provider_report"]) == ("yes", "arrived")
