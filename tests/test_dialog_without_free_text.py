"""Where the municipality keeps free text in its case files only, the cards take none and say where to write."""

from dataclasses import replace
from typing import Any

import pytest

from bot.settings import Settings
from followup import SignalId
from followup.access.municipality import Municipality
from storage.alerts import alert_notes, alerts
from storage.engine.database import Database
from storage.signals import signal_versions, signals
from tests.support.builders import Register
from tests.support.desk import NOT_NOTIFIED, alerted, newest, open_alert, person_id, slap
from tests.support.turns import ANEW, SAY, SLAP, Chat, Client, not_saved, october
from texts.catalogue import Texts

CLOSED = Municipality(free_text=False)
ON_PAGE = Municipality(free_text=False, texts_on_page=True)
WITHOUT_TEXT = {name: value for name, value in SLAP.items() if name != "text"}
SECRET = "Den unge heter Pelle."


def closed(municipality: Database) -> Chat:
    chat = october(municipality)
    chat.municipality = CLOSED
    return chat


def text_fields(value: Any) -> list[str]:
    """The ids of every input for text in the card."""
    if isinstance(value, list):
        return [found for one in value for found in text_fields(one)]
    if not isinstance(value, dict):
        return []
    own = [str(value["id"])] if value.get("type") == "Input.Text" else []
    return own + [found for inner in value.values() for found in text_fields(inner)]


def form(chat: Chat, case: str = "AKT-3", key: str = "anna") -> Client:
    client = chat.client(key)
    client.say(Texts("sv")("command.my_tasks"))
    client.press(SAY("list.open_form"), row=case)
    return client


def test_the_monthly_report_has_no_free_text_and_names_the_case_file(municipality: Database) -> None:
    anna = form(closed(municipality))
    assert text_fields(anna.card) == []
    assert SAY("minimal.report", case="AKT-3") in anna.words
    anna.press(SAY("report.add_signal"))
    assert text_fields(anna.card) == []


def test_a_report_and_its_signal_are_handed_in_without_a_word_of_text(municipality: Database) -> None:
    chat = closed(municipality)
    anna = form(chat)
    anna.press(SAY("report.add_signal"), ANEW)
    anna.press(SAY("report.hand_in"), {f"s1.{name}": value for name, value in WITHOUT_TEXT.items()})
    assert "AKT-3" in anna.words
    [report] = chat.versions("AKT-3")
    assert "free_text" not in report.answers
    with municipality.transaction() as tx:
        assert signals.texts(tx, SignalId(1)) == ("", "")


def test_a_signal_is_handed_in_without_text_and_the_card_says_where_to_write(municipality: Database) -> None:
    chat = closed(municipality)
    anna = chat.client("anna")
    anna.say("avvikelse")
    assert text_fields(anna.card) == []
    assert SAY("minimal.signal") in anna.words
    anna.press(SAY("signal.hand_in"), {**WITHOUT_TEXT, "placement": str(chat.task("AKT-3").placement.id)})
    assert SAY("signal.received_title") in anna.words


def test_it_is_said_in_english_too(municipality: Database) -> None:
    with municipality.transaction() as tx:
        Register(tx).person("kim", "quality", language="en")
    kim = closed(municipality).client("kim")
    kim.say("avvikelse")
    assert Texts("en")("minimal.signal") in kim.words


@pytest.mark.parametrize("field", ["free_text", "s1.text", "s1.action_taken"])
def test_text_from_a_card_that_was_drawn_before_is_not_kept_and_not_dropped_in_silence(
    municipality: Database, field: str
) -> None:
    chat = october(municipality)
    anna = form(chat)
    anna.press(SAY("report.add_signal"), ANEW)
    button = anna.button(SAY("report.hand_in"))
    chat.municipality = CLOSED
    signal = {f"s1.{name}": value for name, value in WITHOUT_TEXT.items()}
    anna.send(button, {**anna.inputs, **ANEW, "signals": "some", **signal, field: SECRET})
    assert SAY("minimal.refused") in anna.words
    assert SECRET not in anna.words
    assert chat.versions("AKT-3") == []
    anna.press(SAY("report.hand_in"), signal)
    assert len(chat.versions("AKT-3")) == 1


def test_text_in_a_signal_from_before_is_refused_too(municipality: Database) -> None:
    chat = october(municipality)
    anna = chat.client("anna")
    anna.say("avvikelse")
    button = anna.button(SAY("signal.hand_in"))
    chat.municipality = CLOSED
    anna.send(button, {**SLAP, "placement": str(chat.task("AKT-3").placement.id)})
    assert SAY("minimal.refused") in anna.words
    assert SLAP["text"] not in anna.words


def test_the_reasons_that_the_law_asks_for_are_still_written(municipality: Database) -> None:
    chat = closed(municipality)
    anna, karin = chat.client("anna"), chat.client("karin")
    anna.say("avvikelse")
    anna.press(SAY("signal.hand_in"), {**WITHOUT_TEXT, "placement": str(chat.task("AKT-3").placement.id)})
    karin.say("larm")
    karin.press(SAY("alerts.open"))
    karin.press(SAY("desk.close"))
    karin.press(SAY("desk.close_send"), {"reason": "Utredd.", **NOT_NOTIFIED})
    with municipality.transaction() as tx:
        assert alerts.open_alerts(tx) == []


def test_a_signal_is_changed_without_a_word_and_the_card_says_where_to_write_why(
    municipality: Database,
) -> None:
    chat = closed(municipality)
    slap(chat, text="", consequence="2", marks="")
    karin = chat.client("karin")
    for number, (act, typed) in enumerate(
        {"regrade": {"consequence": "3"}, "authority": {}, "dismiss": {}}.items(), 2
    ):
        karin.say("signal 1")
        karin.press(SAY(f"signals.{act}"))
        assert text_fields(karin.card) == []
        assert SAY("minimal.change") in karin.words
        karin.press(SAY(f"signals.{act}.send"), typed)
        with municipality.transaction() as tx:
            newest = signal_versions.history(tx, SignalId(1))[-1]
        assert (newest.signal.version, newest.reason) == (number, None)


def test_why_a_signal_is_changed_from_a_card_drawn_before_is_not_kept_and_not_dropped_in_silence(
    municipality: Database,
) -> None:
    chat = october(municipality)
    slap(chat, consequence="2", marks="")
    karin = chat.client("karin")
    karin.say("signal 1")
    karin.press(SAY("signals.dismiss"))
    button = karin.button(SAY("signals.dismiss.send"))
    chat.municipality = CLOSED
    karin.send(button, {"why": SECRET})
    assert SAY("minimal.refused") in karin.words
    assert SECRET not in karin.words
    with municipality.transaction() as tx:
        assert len(signal_versions.history(tx, SignalId(1))) == 1


def test_no_note_and_no_message_is_written_about_an_alert(municipality: Database) -> None:
    chat = alerted(municipality)
    karin = open_alert(chat)
    karin.press(SAY("alert.take"))
    note, hand_over = karin.button(SAY("desk.add_note")), karin.button(SAY("desk.hand_over"))
    karin.send(note, {})
    send_note = karin.button(SAY("desk.note_send"))
    karin.send(hand_over, {})
    send_message, colleague = karin.button(SAY("desk.hand_over_send")), karin.inputs["colleague"]
    chat.municipality = CLOSED
    assert karin.send(note, {}).notice == SAY("minimal.note")
    assert karin.send(send_note, {"note": SECRET}).notice == not_saved("minimal.note")
    karin.send(hand_over, {})
    assert text_fields(karin.card) == []
    kim = str(person_id(chat, "kim"))
    karin.send(send_message, {"colleague": kim, "message": SECRET})
    assert SAY("minimal.refused") in karin.words
    assert newest(chat).owner_id == person_id(chat, "karin"), colleague
    karin.press(SAY("desk.hand_over_send"), {"colleague": kim})
    assert newest(chat).owner_id == person_id(chat, "kim")
    assert SAY("desk.add_note") not in karin.buttons
    number = newest(chat).id
    with municipality.transaction() as tx:
        assert not any(one.text for one in alert_notes.of_alert(tx, number))


def test_the_setting_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    # The quality team's channel is the local page's own.
    assert Settings(local=True).as_municipality == Municipality(fixed_channel=True)
    monkeypatch.setenv("UPPFOLJAREN_FREE_TEXT", "false")
    assert Settings(local=True).as_municipality == replace(CLOSED, fixed_channel=True)
    monkeypatch.setenv("UPPFOLJAREN_FREE_TEXT", "page")
    assert Settings(local=True).as_municipality == replace(ON_PAGE, fixed_channel=True)
    assert Settings(local=True).as_municipality.on_page.free_text


def test_where_only_the_page_asks_for_text_the_chat_says_so_and_refuses_what_is_typed_all_the_same(
    municipality: Database,
) -> None:
    chat = october(municipality)
    anna = form(chat)
    button = anna.button(SAY("report.hand_in"))
    chat.municipality = ON_PAGE
    anna.send(button, {**anna.inputs, **ANEW, "free_text": SECRET})
    assert SAY("on_page.refused") in anna.words
    assert (SECRET in anna.words, chat.versions("AKT-3")) == (False, [])
    assert (text_fields(anna.card), SAY("on_page.text") in anna.words) == ([], True)
    anna.say("avvikelse")
    assert (text_fields(anna.card), SAY("on_page.text") in anna.words) == ([], True)


def test_a_text_that_was_written_on_the_page_stands_when_the_chat_corrects_the_rest(
    municipality: Database,
) -> None:
    chat = october(municipality)
    chat.municipality = ON_PAGE.on_page
    anna = form(chat)
    anna.press(SAY("report.hand_in"), {**ANEW, "free_text": "Trivs bättre."})
    chat.municipality = ON_PAGE
    anna.say("rätta")
    anna.press(SAY("correct.open"), row="AKT-3")
    anna.press(SAY("report.hand_in"), {**ANEW, "goal_progress": "largely"})
    newest = chat.versions("AKT-3")[-1]
    assert (newest.version, newest.answers["goal_progress"]) == (2, "largely")
    assert newest.answers["free_text"] == "Trivs bättre."
