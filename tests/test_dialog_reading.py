"""Texts about a child are read with a reason: what happened, by those who judge it; what was written about an alert."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import pytest
from sqlalchemy import update

from dialogs.alerts.reading_reason import REASONS
from followup.access.municipality import Municipality
from storage.engine.database import Database
from storage.engine.tables import person
from storage.log import access_log
from tests.support.builders import Register, at
from tests.support.desk import NOT_NOTIFIED, alerted, closed, newest, open_alert, read_notes, slap, unit_id
from tests.support.told_once import told_once
from tests.support.turns import SAY, SLAP, Chat, Client, not_saved, october

NUMBER = "20120229-2387"
WRITTEN = SLAP["text"]


class Read(NamedTuple):
    act: str
    subject: str
    reason: str | None


def logged(chat: Chat, about: str) -> list[Read]:
    with chat.database.transaction() as tx:
        entries = [one.entry for one in access_log.everything(tx)]
    return [
        Read(one.act, str(one.subject), one.reason)
        for one in entries
        if one.subject.what == about and one.act != "write"
    ]


def reads(client: Client, why: str = "assess_signal", words: str = "") -> None:
    client.press(SAY("reading.send"), {"why_read": why, "why_words": words})


def from_the_alert(karin: Client) -> None:
    karin.press(SAY("reading.read"))


def from_the_signal(karin: Client) -> None:
    karin.press(SAY("desk.show_signal"))
    karin.press(SAY("reading.read"))


@pytest.mark.parametrize("way", [from_the_alert, from_the_signal])
def test_what_happened_is_read_with_a_reason_and_one_more_press(
    municipality: Database, way: Callable[[Client], None]
) -> None:
    chat = alerted(municipality)
    karin = open_alert(chat)
    way(karin)
    assert WRITTEN not in karin.words
    reads(karin)
    assert WRITTEN in karin.words
    assert logged(chat, "signal_text") == [Read("read", "signal_text:1", "Bedöma signal")]
    karin.say("signal 1")
    assert WRITTEN not in karin.words


def test_from_the_evidence_it_is_chosen_which(municipality: Database) -> None:
    chat = alerted(municipality)
    karin = open_alert(chat)
    karin.press(SAY("alert.evidence"))
    karin.press(SAY("reading.read"))
    reads(karin)
    assert WRITTEN not in karin.words
    karin.press(SAY("reading.send"), {"why_read": "review_evidence", "item": "A-1"})
    assert WRITTEN in karin.words


@pytest.mark.parametrize(
    ("why", "words", "reason"),
    [
        *((why, "", SAY(f"choice.why_read.{why}")) for why in REASONS[:-1]),
        ("assess_alert", "Larm L-1", f"{SAY('choice.why_read.assess_alert')}: Larm L-1"),
        ("other", "Fråga från IVO", "Annat: Fråga från IVO"),
        ("other", "", None),
        ("other", "  ", None),
        ("", "Nyfiken", None),
        ("curious", "Nyfiken", None),
        ("assess_signal", f"Gäller {NUMBER}", None),
    ],
)
def test_a_reason_is_one_of_the_list_and_another_needs_words(
    municipality: Database, why: str, words: str, reason: str | None
) -> None:
    chat = alerted(municipality)
    karin = open_alert(chat)
    karin.press(SAY("reading.read"))
    reads(karin, why, words)
    assert (WRITTEN in karin.words) == (reason is not None)
    assert [one.reason for one in logged(chat, "signal_text")] == ([reason] if reason else [])


@pytest.mark.parametrize("key", ["anna", "maria", "bilal"])
def test_nobody_else_opens_a_text(municipality: Database, key: str) -> None:
    chat = alerted(municipality)
    for verb in ("signal_text_form", "signal_text"):
        answer = chat.client(key).forge(verb, {"signal": 1}, {"why_read": "assess_signal"})
        assert (answer.card, answer.notice) == (None, not_saved("refused.role"))
    answer = chat.client("karin", channel=True).forge(
        "signal_text", {"signal": 1}, {"why_read": "assess_signal"}
    )
    assert (answer.card, answer.notice) == (None, not_saved("refused.channel"))


def test_the_writer_reads_her_own_and_whoever_else_asks_is_told_nothing(municipality: Database) -> None:
    chat = alerted(municipality)
    for typed in ("signal 1", "signal A-1", "avvikelse a1"):
        chat.client("anna").say(typed)
        assert WRITTEN in chat.client("anna").words
    assert logged(chat, "signal_text") == [Read("read", "signal_text:1", None)] * 3
    bilal = chat.client("bilal")
    for number in (1, 99):
        assert bilal.say(f"signal {number}").text == SAY("reading.not_yours")
    assert logged(chat, "signal_text")[3:] == [
        Read("refused", f"signal_text:{number}", None) for number in (1, 99)
    ]


def test_where_no_free_text_is_taken_it_is_not_asked_for(municipality: Database) -> None:
    chat = october(municipality)
    chat.municipality = Municipality(free_text=False)
    anna = chat.client("anna")
    anna.say("avvikelse")
    assert {"text", "action_taken"} & set(anna.inputs) == set()
    assert SAY("signal.text") not in anna.words


@told_once
def noted(municipality: Database) -> tuple[Chat, Client]:
    """Karin has taken the alert and noted something on it."""
    chat = alerted(municipality)
    karin = open_alert(chat)
    karin.press(SAY("alert.take"))
    karin.press(SAY("desk.add_note"))
    karin.press(SAY("desk.note_send"), {"note": "Ringt mormor."})
    return chat, karin


def test_one_reason_opens_the_alerts_notes_until_midnight(municipality: Database) -> None:
    chat, _ = noted(municipality)
    kim = open_alert(chat, "kim")
    assert "mormor" not in kim.words
    assert SAY("notes.hidden", n=1) in kim.words
    before = len(logged(chat, "alert_notes"))
    read_notes(kim)
    assert "mormor" in kim.words
    chat.now = at("2026-11-02 23:59")
    assert "mormor" in open_alert(chat, "kim").words
    chat.now = at("2026-11-03 00:00")
    assert "mormor" not in open_alert(chat, "kim").words
    reasons = [one.reason for one in logged(chat, "alert_notes")][before:]
    assert reasons == ["Bedöma larm", None, None]


def test_the_one_who_wrote_a_note_reads_it_and_nobody_elses(municipality: Database) -> None:
    chat, karin = noted(municipality)
    assert "mormor" in karin.words
    assert [one.reason for one in logged(chat, "alert_notes")] == [None]
    kim = open_alert(chat, "kim")
    kim.press(SAY("desk.add_note"))
    kim.press(SAY("desk.note_send"), {"note": "Ringt farfar."})
    assert ("farfar" in kim.words, "mormor" in kim.words) == (True, False)
    kim.forge("alert_history", {"alert": newest(chat).id})
    assert ("farfar" in kim.words, "mormor" in kim.words) == (True, False)
    assert SAY("notes.hidden", n=1) in kim.words


def test_the_reason_opens_nothing_for_another_person_another_alert_or_the_channel(
    municipality: Database,
) -> None:
    chat, _ = noted(municipality)
    with municipality.transaction() as tx:
        Register(tx).person("lo", "quality")
    read_notes(open_alert(chat, "kim"))
    assert "mormor" not in open_alert(chat, "lo").words
    channel = chat.client("karin", channel=True)
    channel.forge("show_alert", {"alert": newest(chat).id})
    assert "mormor" not in channel.words
    assert channel.forge("read_notes", {"alert": newest(chat).id}, {"why_read": "assess_alert"}).card is None
    assert "mormor" not in str(channel.forge("alert_history", {"alert": newest(chat).id}).card)


def test_the_whole_history_too_waits_for_a_reason(municipality: Database) -> None:
    chat, _ = noted(municipality)
    kim = chat.client("kim")
    kim.forge("alert_history", {"alert": newest(chat).id})
    assert SAY("desk.noted", at=chat.now, name="Karin Test") in kim.words
    assert "mormor" not in kim.words
    kim.press(SAY("notes.read"))
    kim.press(SAY("reading.send"), {"why_read": ""})
    assert "mormor" not in kim.words
    kim.press(SAY("reading.send"), {"why_read": "plan_follow_up"})
    assert "mormor" in kim.words


def test_no_message_to_a_manager_or_the_channel_holds_a_note(municipality: Database) -> None:
    chat, _ = noted(municipality)
    closed(open_alert(chat), "Klart med mormor.")
    for message in chat.client("maria").shown + chat.client("karin", channel=True).shown:
        assert "mormor" not in message.words


WHY = "Mormor hade fel."
SHOWING = (
    "show_signal",
    "signal_text_form",
    "alert_signal",
    "show_alert",
    "alert_history",
    "change_signal_form",
)


def changed(karin: Client, act: str, **typed: str) -> None:
    karin.press(SAY("desk.show_signal"))
    karin.press(SAY(f"signals.{act}"))
    karin.press(SAY(f"signals.{act}.send"), {"why": WHY, **typed})


def decided(karin: Client) -> None:
    karin.press(SAY("desk.decide"))
    karin.press(SAY("desk.decision_send"), {**NOT_NOTIFIED, "decision_reason": WHY})


# What Karin writes beside what she does, and what she does by it.
DEEDS: Mapping[str, Callable[[Client], None]] = {
    "regraded": lambda karin: changed(karin, "regrade", consequence="3"),
    "its cause marked": lambda karin: changed(karin, "authority"),
    "dismissed": lambda karin: changed(karin, "dismiss"),
    "the decision on its alert": decided,
    "the end of its alert": lambda karin: closed(karin, WHY, decision_reason=WHY),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_why_a_signal_was_changed_is_read_with_a_reason_that_holds_until_midnight(
    municipality: Database, deed: str
) -> None:
    chat = alerted(municipality)
    DEEDS[deed](open_alert(chat))
    before = len(logged(chat, "signal_text"))
    kim = chat.client("kim")
    kim.say("signal 1")
    assert WHY not in kim.words
    assert SAY("signals.reasons_hidden", n=1) in kim.words
    kim.press(SAY("reading.read"))
    reads(kim)
    kim.press(SAY("signals.back"))
    assert SAY("signals.because", reason=WHY) in kim.words
    chat.now = at("2026-11-02 23:59")
    kim.say("signal 1")
    assert WHY in kim.words
    chat.now = at("2026-11-03 00:00")
    kim.say("signal 1")
    assert WHY not in kim.words
    reasons = [one.reason for one in logged(chat, "signal_text")[before:]]
    assert reasons == ["Bedöma signal", None, None]


def test_the_reason_opens_no_other_signal_and_nothing_for_another_person(municipality: Database) -> None:
    chat = alerted(municipality)
    slap(chat, consequence="2", marks="")
    for number in (1, 2):
        karin = chat.client("karin")
        karin.say(f"signal {number}")
        karin.press(SAY("signals.dismiss"))
        karin.press(SAY("signals.dismiss.send"), {"why": WHY})
    kim = chat.client("kim")
    kim.say("signal 1")
    kim.press(SAY("reading.read"))
    reads(kim)
    kim.say("signal 2")
    assert WHY not in kim.words
    with municipality.transaction() as tx:
        Register(tx).person("lo", "quality")
    lo = chat.client("lo")
    lo.say("signal 1")
    assert WHY not in lo.words


def test_until_midnight_the_text_too_is_one_press_away_and_each_read_is_logged(
    municipality: Database,
) -> None:
    chat = alerted(municipality)
    karin = open_alert(chat)
    karin.press(SAY("reading.read"))
    reads(karin)
    karin.say("signal 1")
    karin.press(SAY("reading.read"))
    assert WRITTEN in karin.words
    chat.now = at("2026-11-03 00:00")
    karin.say("signal 1")
    karin.press(SAY("reading.read"))
    assert WRITTEN not in karin.words
    assert [one.reason for one in logged(chat, "signal_text")] == ["Bedöma signal", None]


def test_the_one_who_changed_it_reads_her_own_reason_until_she_leaves_the_team(
    municipality: Database,
) -> None:
    chat = alerted(municipality)
    karin = open_alert(chat)
    changed(karin, "dismiss")
    assert WHY in karin.words
    assert [one.reason for one in logged(chat, "signal_text")] == [None]
    for role in ("manager", "worker", "admin"):
        with municipality.transaction() as tx:
            tx.connection.execute(update(person).where(person.c.key == "karin").values(role=role))
        pressed = [karin.forge(verb, {"signal": 1, "alert": newest(chat).id}) for verb in SHOWING]
        assert not any(WHY in str(answer) for answer in (*pressed, karin.say("signal 1")))


def test_one_of_the_team_who_raised_a_signal_reads_what_she_wrote_without_a_reason(
    municipality: Database,
) -> None:
    chat = alerted(municipality)
    kim = chat.client("kim")
    kim.say("avvikelse")
    kim.press(SAY("signal.hand_in"), {**SLAP, "unit": str(unit_id(chat)), "text": "Kim såg det själv."})
    kim.say("signal 2")
    kim.press(SAY("reading.read"))
    assert "Kim såg det själv." in kim.words
    kim.say("signal 1")
    kim.press(SAY("reading.read"))
    assert WRITTEN not in kim.words
