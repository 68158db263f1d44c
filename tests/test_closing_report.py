"""What is asked when a placement has ended: in its last month's report, or by itself, once for each end."""

from datetime import date

import pytest
from sqlalchemy import select, update

from followup.access.municipality import Municipality
from followup.month.closing_report import PREFIX, QUESTIONS, named_in_report
from storage.engine.database import Database
from storage.engine.tables import closing_report, placement
from tests.support.municipality import STEADY
from tests.support.told_once import told_once
from tests.support.turns import ANEW, SAY, Chat, Client, october

ENDED = date(2026, 10, 20)
END = {
    "goals_met": "largely",
    "reasons": "planned,age",
    "child_view": "good",
    "child_words": "Det var lugnt.",
    "again": "conditions",
    "to_know": "Långt till skolan.",
}
IN_REPORT = {**ANEW, **named_in_report(END)}
CLOCK = SAY("clock.closing_report")


def ends(database: Database, case: str = "AKT-1", day: date | None = ENDED, reason: str = "of_age") -> None:
    """The register says so now; with no day the placement goes on."""
    with database.transaction() as tx:
        tx.connection.execute(
            update(placement)
            .where(placement.c.case_reference == case)
            .values(ends=day, end_reason=reason if day else None)
        )


def stored(database: Database) -> list[tuple[int, str, str]]:
    """Each version, the end that it is about, and whether goals were met."""
    with database.transaction() as tx:
        rows = tx.connection.execute(select(closing_report).order_by(closing_report.c.id)).all()
    return [(row.version, str(row.ended_on), row.answers["goals_met"]) for row in rows]


def report_of(chat: Chat, case: str = "AKT-1", key: str = "anna") -> Client:
    client = chat.client(key)
    client.say("mina")
    client.press(SAY("list.open_form"), row=case)
    return client


def clocks(chat: Chat, key: str = "anna") -> Client:
    client = chat.client(key)
    client.say("frister")
    return client


def asks_of_end(client: Client) -> bool:
    return any(name.startswith(PREFIX) for name in client.inputs)


@pytest.fixture
def chat(municipality: Database) -> Chat:
    return with_one_ended(municipality)


@told_once
def with_one_ended(municipality: Database) -> Chat:
    """October is asked about, and AKT-1 ended in it."""
    ends(municipality)
    return october(municipality)


def test_the_last_months_report_asks_and_no_tick_will_do(chat: Chat) -> None:
    anna = chat.client("anna")
    anna.say("mina")
    assert SAY("list.form_needed.ended") in anna.words
    anna.press(SAY("list.open_form"), row="AKT-1")
    assert {name.removeprefix(PREFIX) for name in anna.inputs if name.startswith(PREFIX)} == {
        one.id for one in QUESTIONS
    }
    assert SAY("closing.in_report", day=ENDED) in anna.words
    assert not asks_of_end(report_of(chat, "AKT-2"))


def test_both_are_stored_with_one_press_or_neither(chat: Chat) -> None:
    anna = report_of(chat)
    anna.press(SAY("report.hand_in"), {**IN_REPORT, "closing.again": "", "feels_safe": ""})
    assert anna.words.count(SAY("form.missing")) == 2 and SAY("form.problems", n=2) in anna.words
    assert (stored(chat.database), chat.versions("AKT-1")) == ([], [])
    anna.press(SAY("report.hand_in"), IN_REPORT)
    assert stored(chat.database) == [(1, "2026-10-20", "largely")]
    assert [one.version for one in chat.versions("AKT-1")] == [1]
    assert PREFIX + "goals_met" not in chat.versions("AKT-1")[0].answers


def test_what_people_wrote_of_the_end_is_sealed(chat: Chat) -> None:
    report_of(chat).press(SAY("report.hand_in"), IN_REPORT)
    with chat.database.transaction() as tx:
        row = tx.connection.execute(select(closing_report)).one()
        assert "lugnt" not in f"{row.answers}{row.texts}"
        assert "lugnt" in (tx.vault.open_some(row.texts) or "")


def test_a_correction_of_the_report_shows_and_corrects_the_end_too(chat: Chat) -> None:
    anna = report_of(chat)
    anna.press(SAY("report.hand_in"), IN_REPORT)
    anna.say("rätta")
    anna.press(SAY("correct.open"), row="AKT-1")
    assert anna.inputs["closing.child_words"] == "Det var lugnt."
    anna.press(SAY("report.hand_in"), {"health": "watch"})
    assert stored(chat.database) == [(1, "2026-10-20", "largely")]
    anna.say("rätta")
    anna.press(SAY("correct.open"), row="AKT-1")
    anna.press(SAY("report.hand_in"), {"closing.goals_met": "not"})
    assert stored(chat.database) == [(1, "2026-10-20", "largely"), (2, "2026-10-20", "not")]
    assert len(chat.versions("AKT-1")) == 3


def test_a_form_drawn_before_the_end_was_registered_comes_back_with_the_questions(
    municipality: Database,
) -> None:
    chat = october(municipality)
    anna = report_of(chat)
    assert not asks_of_end(anna)
    ends(municipality)
    anna.press(SAY("report.hand_in"), ANEW)
    assert asks_of_end(anna) and (stored(municipality), chat.versions("AKT-1")) == ([], [])
    anna.press(SAY("report.hand_in"), IN_REPORT)
    assert stored(municipality) == [(1, "2026-10-20", "largely")]


def test_a_placement_that_goes_on_after_all_has_no_end_to_tell_of(chat: Chat) -> None:
    anna = report_of(chat)
    ends(chat.database, day=None)
    anna.press(SAY("report.hand_in"), IN_REPORT)
    assert SAY("closing.goes_on") in anna.words and not asks_of_end(anna)
    assert (stored(chat.database), chat.versions("AKT-1")) == ([], [])
    anna.press(SAY("report.hand_in"), ANEW)
    assert (stored(chat.database), len(chat.versions("AKT-1"))) == ([], 1)


def test_an_end_that_is_registered_after_the_report_is_asked_about_by_itself(municipality: Database) -> None:
    chat = october(municipality)
    report_of(chat).press(SAY("report.hand_in"), ANEW)
    assert CLOCK not in clocks(chat).words
    ends(municipality)
    chat.now = chat.now.replace(month=12, day=7)
    anna = clocks(chat)
    assert f"AKT-1: {CLOCK}" in anna.words and "20 december 2026" in anna.words
    anna.press(SAY("closing.open"), row=f"AKT-1: {CLOCK}")
    anna.press(SAY("clock.save"), {**END, "goals_met": ""})
    assert SAY("form.missing") in anna.words and anna.inputs["to_know"] == END["to_know"]
    anna.press(SAY("clock.save"), END)
    assert SAY("closing.saved") in anna.words and f"AKT-1: {CLOCK}" not in anna.words
    assert stored(municipality) == [(1, "2026-10-20", "largely")]


def test_the_same_press_twice_stores_once_and_an_old_form_says_that_it_is_told(chat: Chat) -> None:
    anna = clocks(chat)
    anna.press(SAY("closing.open"), row=f"AKT-1: {CLOCK}")
    button = anna.button(SAY("clock.save"))
    first = anna.send(button, END, activity="1")
    again = anna.send(button, END, activity="2")
    other = anna.send(button, {**END, "goals_met": "not"}, activity="3")
    assert SAY("closing.saved") in anna.words and first.card and again.card
    assert SAY("closing.gone") in other.notice
    assert stored(chat.database) == [(1, "2026-10-20", "largely")]


def test_an_end_on_another_day_is_asked_about_again_with_what_was_said(chat: Chat) -> None:
    report_of(chat).press(SAY("report.hand_in"), IN_REPORT)
    assert CLOCK not in clocks(chat).words
    ends(chat.database, day=None)
    chat.now = chat.now.replace(month=12, day=7)
    assert CLOCK not in clocks(chat).words
    ends(chat.database, day=date(2026, 11, 30))
    anna = clocks(chat)
    anna.press(SAY("closing.open"), row=f"AKT-1: {CLOCK}")
    assert anna.inputs["goals_met"] == "largely"
    anna.press(SAY("clock.save"), {"goals_met": "reached"})
    assert stored(chat.database)[1:] == [(2, "2026-11-30", "reached")]


def test_what_ended_before_the_first_month_that_was_asked_about_is_history(municipality: Database) -> None:
    ends(municipality, day=date(2026, 8, 31))
    assert CLOCK not in clocks(october(municipality)).words


def test_nobody_but_who_answers_for_the_placement_tells_of_its_end(chat: Chat) -> None:
    anna = clocks(chat)
    anna.press(SAY("closing.open"), row=f"AKT-1: {CLOCK}")
    button = anna.button(SAY("clock.save"))
    for key in ("bilal", "maria", "karin"):
        answer = chat.client(key).send(button, END)
        assert SAY("closing.saved") not in f"{answer.notice}{chat.client(key).words}"
    assert stored(chat.database) == []


def test_without_free_text_the_end_is_told_in_choices_alone(municipality: Database) -> None:
    ends(municipality)
    chat = october(municipality)
    with_text = report_of(chat).button(SAY("report.hand_in"))
    chat.municipality = Municipality(free_text=False)
    anna = report_of(chat)
    assert {"closing.child_words", "closing.to_know"} & anna.inputs.keys() == set()
    anna.send(with_text, {**STEADY, **IN_REPORT})
    assert SAY("minimal.refused") in anna.words and stored(municipality) == []
    anna.press(SAY("report.hand_in"), {name: IN_REPORT[name] for name in IN_REPORT if name in anna.inputs})
    assert stored(municipality) == [(1, "2026-10-20", "largely")]


def test_the_reasons_of_a_move_are_told_as_a_signal_of_that_child_and_day(municipality: Database) -> None:
    ends(municipality, reason="moved_for_quality")
    chat = october(municipality)
    word = SAY("clock.move_reasons")
    anna = clocks(chat)
    anna.press(SAY("closing.tell_move"), row=f"AKT-1: {word}")
    assert (anna.inputs["kind"], anna.inputs["event_on"]) == ("replacement", "2026-10-20")
    assert anna.inputs["placement"] == str(chat.task("AKT-1").placement.id)
    told = {"consequence": "2", "occurred": "happened", "cause": "provider", "source": "child"}
    anna.press(SAY("signal.hand_in"), {**told, "reasons": "quality,dissatisfaction", "text": "Två byten."})
    assert word not in clocks(chat).words


@pytest.mark.parametrize(("reasons", "asked_still"), [("planned,other", False), ("other,quality", True)])
def test_a_closing_report_that_blames_nobody_has_told_the_reasons_of_the_move(
    municipality: Database, reasons: str, *, asked_still: bool
) -> None:
    ends(municipality, reason="moved_otherwise")
    chat = october(municipality)
    report_of(chat).press(SAY("report.hand_in"), {**IN_REPORT, "closing.reasons": reasons})
    assert (SAY("clock.move_reasons") in clocks(chat).words) == asked_still
