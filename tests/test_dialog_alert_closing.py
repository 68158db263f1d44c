"""Handing an alert over, noting, deciding on IVO and closing: the whole way of an alert, in both languages."""

from collections.abc import Mapping

import pytest

from dialogs.alerts.alert_card import alert_card
from followup import AlertId
from followup.alerts.alert import AlertDecision
from services.acting import Reader
from services.views.alerts import AlertView
from services.views.alerts import alert as alert_view
from storage.alerts import alert_decisions, alert_notes, alerts
from storage.engine.database import Database
from storage.messages import ledger
from storage.register import people
from tests.support.builders import Register, at
from tests.support.desk import (
    NOT_NOTIFIED,
    alerted,
    closed,
    floor,
    in_channel,
    newest,
    open_alert,
    person_id,
    read_notes,
    shown_band,
    signal_of,
    slap,
    unit_id,
)
from tests.support.logged_acts import acts
from tests.support.municipality import CASES
from tests.support.told_once import told_once
from tests.support.turns import ANEW, CHANNEL, SAY, Chat, Client, logged, october
from texts.catalogue import Texts

NUMBER = "20120229-2387"
EN = Texts("en")
PARAGRAPH = "27 kap. 7 § SoL"


def decision(chat: Chat) -> AlertDecision | None:
    number = newest(chat).id
    with chat.database.transaction() as tx:
        return alert_decisions.of_alert(tx, number)


def hand_over(chat: Chat, client: Client, to: str, message: str = "") -> None:
    client.press(SAY("desk.hand_over"))
    client.press(SAY("desk.hand_over_send"), {"colleague": str(person_id(chat, to)), "message": message})


@told_once
def taken(municipality: Database) -> tuple[Chat, Client]:
    chat = alerted(municipality)
    karin = open_alert(chat)
    karin.press(SAY("alert.take"))
    return chat, karin


@pytest.mark.parametrize("language", ["sv", "en"])
def test_an_alert_is_taken_noted_on_decided_closed_and_remembers_it_all(
    municipality: Database, language: str
) -> None:
    """The whole conversation, as it is read in the language of the one who has it."""
    say = Texts(language)
    with municipality.transaction() as tx:
        for key in ("quinn", "robin"):
            Register(tx).person(key, "quality", language=language)
    chat = alerted(municipality)
    quinn = chat.client("quinn")
    quinn.say("larm" if language == "sv" else "alerts")
    quinn.press(say("alerts.open"))
    assert say("alert.nobody") in quinn.words
    assert say("desk.duty", paragraph=PARAGRAPH) in quinn.words
    assert say("desk.no_decision") in quinn.words
    quinn.press(say("alert.take"))
    assert say("alert.owned", name="Quinn Test") in quinn.words
    quinn.press(say("desk.add_note"))
    assert say("desk.note_means") in quinn.words
    quinn.press(say("desk.note_send"), {"note": "Ringt föreståndaren."})
    quinn.press(say("desk.decide"))
    assert quinn.inputs["decided_by"] == "Quinn Test"
    quinn.press(say("desk.decision_send"), NOT_NOTIFIED)
    assert say("desk.decision_made") in quinn.words
    quinn.press(say("desk.close"))
    assert "notified" not in quinn.inputs
    quinn.press(say("desk.close_send"), {"reason": "Följs upp i april."})
    assert say("alert.closed", name="Quinn Test", day=chat.now.date()) in quinn.words
    for event in ("desk.took", "desk.noted", "desk.recorded", "desk.closed"):
        assert say(event, at=chat.now, name="Quinn Test") in quinn.words
    notes = ("Ringt föreståndaren.", "Bristen är avhjälpt.", "Enhetschef Siv Ek", "Följs upp i april.")
    assert all(written in quinn.words for written in notes)
    robin = chat.client("robin")
    robin.forge("show_alert", {"alert": newest(chat).id})
    assert not any(written in robin.words for written in notes)
    read_notes(robin, say)
    assert all(written in robin.words for written in notes)
    robin.press(say("alert.back"))
    assert all(written in robin.words for written in notes)
    assert robin.buttons[-2:] == [say("alert.evidence"), say("desk.show_signal")]
    assert robin.card["lang"] == language


def test_a_serious_alert_is_not_closed_without_its_decision(municipality: Database) -> None:
    chat, karin = taken(municipality)
    karin.press(SAY("desk.close"))
    assert SAY("desk.close_needs", paragraph=PARAGRAPH) in karin.words
    karin.press(SAY("desk.close_send"), {"reason": "Klart.", "decided_by": "", "decided_on": ""})
    assert karin.words.count(SAY("form.missing")) == 4
    assert SAY("form.problems", n=4) in karin.words
    assert karin.inputs["reason"] == "Klart."
    assert newest(chat).closed_at is None
    assert decision(chat) is None
    assert not signal_of(chat).decided


def test_nobody_gets_round_the_decision_by_sending_only_a_reason(municipality: Database) -> None:
    chat, karin = taken(municipality)
    karin.forge("close_alert", {"alert": newest(chat).id, "nonce": "abc"}, {"reason": "Klart."})
    assert newest(chat).closed_at is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"notified": "kanske"}, SAY("form.not_a_choice")),
        ({"decision_reason": f"Gäller {NUMBER}"}, SAY("form.personal_number")),
        ({"decided_on": "2026-11-03"}, SAY("form.future_date")),
        ({"decided_on": "2018-04-31"}, SAY("form.not_a_date")),
        ({"decided_by": "x" * 201}, SAY("form.too_long", length=201, longest=200)),
        ({"decided_by": NUMBER}, SAY("form.personal_number")),
        ({"reason": NUMBER}, SAY("form.personal_number")),
    ],
)
def test_what_is_wrong_with_a_decision_is_said_and_what_was_typed_is_kept(
    municipality: Database, wrong: Mapping[str, str], said: str
) -> None:
    chat, karin = taken(municipality)
    closed(karin, **{"reason": "Klart.", **wrong})
    assert said in karin.words
    assert all(karin.inputs[name] == typed for name, typed in wrong.items())
    assert newest(chat).closed_at is None
    assert decision(chat) is None


def test_every_mistake_is_told_at_once(municipality: Database) -> None:
    _, karin = taken(municipality)
    closed(karin, NUMBER, notified="", decided_on="2030-01-01", decided_by="y" * 300)
    for said in (SAY("form.missing"), SAY("form.future_date"), SAY("form.personal_number")):
        assert said in karin.words
    assert SAY("form.problems", n=4) in karin.words


def test_the_decision_says_who_when_and_why_and_is_sealed(municipality: Database) -> None:
    chat, karin = taken(municipality)
    closed(karin, "Klart.", notified="yes")
    found = decision(chat)
    assert found is not None
    assert (found.notified, found.reason) == (True, "Bristen är avhjälpt.")
    assert (str(found.decided_on), found.decided_by) == ("2026-11-02", "Enhetschef Siv Ek")
    assert (found.recorded_by, found.recorded_at) == (person_id(chat, "karin"), chat.now)
    assert SAY("desk.decided.yes", day=found.decided_on) in karin.words
    with municipality.transaction() as tx:
        raw = tx.connection.exec_driver_sql("select reason from alert_decision").scalar_one()
        assert b"avhj" not in raw
        assert "alert:1:decision" in logged(tx, "write")


def test_a_decision_lifts_the_floor_of_an_old_event_at_once(municipality: Database) -> None:
    chat = alerted(municipality)
    chat.wake("2027-01-07 08:00")
    slap(chat, consequence="1", marks="", event_on="2027-01-05")
    assert floor(chat) == "red"
    karin = open_alert(chat)
    karin.press(SAY("desk.decide"))
    karin.press(SAY("desk.decision_send"), NOT_NOTIFIED)
    assert floor(chat) is None
    assert signal_of(chat).decided
    assert newest(chat).closed_at is None


def test_a_second_decision_changes_nothing(municipality: Database) -> None:
    chat, karin = taken(municipality)
    kim = open_alert(chat, "kim")
    kim.press(SAY("desk.decide"))
    closed(karin, "Klart.")
    answer = kim.press(SAY("desk.decision_send"), {**NOT_NOTIFIED, "notified": "yes"})
    assert (answer.card, "av Karin Test" in answer.notice) == (None, True)
    found = decision(chat)
    assert found is not None
    assert not found.notified


@pytest.mark.parametrize(
    ("verb", "title", "typed"),
    [
        ("desk.add_note", "desk.note_send", {"note": "Ringt."}),
        ("desk.decide", "desk.decision_send", NOT_NOTIFIED),
        ("desk.close", "desk.close_send", {**NOT_NOTIFIED, "reason": "Klart."}),
    ],
)
def test_the_same_press_again_has_the_same_answer_and_does_nothing(
    municipality: Database, verb: str, title: str, typed: Mapping[str, str]
) -> None:
    chat, karin = taken(municipality)
    karin.press(SAY(verb))
    form = karin.card
    karin.press(SAY(title), typed)
    said, versions = karin.words, signal_of(chat).version
    karin.card = form
    assert karin.press(SAY(title), typed).again
    assert karin.words == said
    assert signal_of(chat).version == versions
    with municipality.transaction() as tx:
        assert len(alert_notes.of_alert(tx, AlertId(1))) == 1 + (verb == "desk.add_note")


def test_a_band_that_has_become_red_needs_the_decision_too(municipality: Database) -> None:
    chat = october(municipality)
    for _ in range(8):
        slap(chat, consequence="3", marks="")
    assert newest(chat).kind == "band"
    karin = open_alert(chat)
    karin.press(SAY("desk.close"))
    karin.press(SAY("desk.close_send"), {"reason": "Följs upp."})
    assert newest(chat).closed_at is None
    closed(open_alert(chat), "Följs upp.")
    assert newest(chat).closed_at is not None
    assert not signal_of(chat).decided


def test_before_the_duty_was_law_an_alert_closes_with_its_reason_alone(municipality: Database) -> None:
    chat = october(municipality)
    chat.now = at("2025-12-31 12:00")
    slap(chat, event_on="2025-12-30")
    karin = open_alert(chat)
    assert PARAGRAPH not in karin.words
    karin.press(SAY("desk.close"))
    karin.press(SAY("desk.close_send"), {"reason": "Utredd."})
    assert newest(chat).closed_at is not None
    assert signal_of(chat).decided


def test_a_colleague_is_handed_the_alert_and_told_without_a_word_about_it(municipality: Database) -> None:
    chat, karin = taken(municipality)
    hand_over(chat, karin, "kim", "Föreståndaren ringer i morgon.")
    assert SAY("alert.owned", name="Kim Test") in karin.words
    assert SAY("desk.handed", at=chat.now, name="Karin Test", to="Kim Test") in karin.words
    chat.deliver()
    [told] = [one for one in chat.client("kim").shown if one.kind == "handed_over"]
    assert SAY("desk.handed_about", name="Karin Test", number=newest(chat).number) in told.words
    for secret in (*CASES, "Södergården", "slag", "Föreståndaren", "katastrofal"):
        assert secret not in told.words
    kim = chat.client("kim").look()
    kim.press(SAY("desk.open_alert"))
    assert "Föreståndaren ringer i morgon." not in kim.words
    read_notes(kim)
    assert "Föreståndaren ringer i morgon." in kim.words


def test_handing_over_in_english(municipality: Database) -> None:
    with municipality.transaction() as tx:
        register = Register(tx)
        register.person("quinn", "quality", language="en")
        register.person("rose", "quality", language="en")
    chat = alerted(municipality)
    quinn = chat.client("quinn")
    quinn.say("alerts")
    quinn.press(EN("alerts.open"))
    quinn.press(EN("alert.take"))
    quinn.press(EN("desk.hand_over"))
    for said in ("desk.hand_over_means", "desk.colleague", "desk.message"):
        assert EN(said) in quinn.words
    quinn.press(EN("desk.hand_over_send"), {"message": "Call first."})
    assert EN("form.problems", n=1) in quinn.words
    assert quinn.inputs["message"] == "Call first."
    quinn.press(EN("desk.hand_over_send"), {"colleague": str(person_id(chat, "rose"))})
    assert EN("alert.owned", name="Rose Test") in quinn.words
    quinn.say("alerts")
    assert "Came on 2 November 2026 · responsible: Rose Test" in quinn.words
    chat.deliver()
    [told] = [one for one in chat.client("rose").shown if one.kind == "handed_over"]
    assert EN("desk.handed_about", name="Quinn Test", number=newest(chat).number) in told.words
    assert told.summary == EN("desk.handed_title", n=1)


def test_handing_over_twice_with_one_press_tells_once(municipality: Database) -> None:
    chat, karin = taken(municipality)
    karin.press(SAY("desk.hand_over"))
    form = karin.card
    for _ in range(2):
        karin.card = form
        karin.press(SAY("desk.hand_over_send"), {"colleague": str(person_id(chat, "kim"))})
    chat.deliver()
    assert len([one for one in chat.client("kim").shown if one.kind == "handed_over"]) == 1


def test_one_who_has_handed_on_is_not_told_of_it_any_more(municipality: Database) -> None:
    chat, karin = taken(municipality)
    chat.now = at("2026-11-02 20:00")
    hand_over(chat, karin, "kim")
    hand_over(chat, karin, "karin")
    chat.now = at("2026-11-03 08:00")
    chat.deliver()
    assert not any(one.kind == "handed_over" for one in chat.client("kim").shown)


@pytest.mark.parametrize("to", ["karin", "anna", "gone", "999", ""])
def test_an_alert_is_handed_only_to_another_active_one_of_the_team(municipality: Database, to: str) -> None:
    chat, karin = taken(municipality)
    with municipality.transaction() as tx:
        Register(tx).person("gone", "quality", active=False)
    number = to if to in ("999", "") else str(person_id(chat, to))
    karin.press(SAY("desk.hand_over"))
    karin.press(SAY("desk.hand_over_send"), {"colleague": number})
    assert newest(chat).owner_id == person_id(chat, "karin")
    assert SAY("desk.colleague") in karin.words


def test_someone_alone_in_the_team_is_told_that_there_is_nobody(municipality: Database) -> None:
    chat = october(municipality)
    slap(chat)
    karin = open_alert(chat)
    karin.press(SAY("alert.take"))
    assert karin.press(SAY("desk.hand_over")).notice == SAY("desk.no_colleague")


def test_the_channel_reads_that_something_was_noted_and_not_what(municipality: Database) -> None:
    chat = alerted(municipality)
    karin = in_channel(chat)
    karin.press(SAY("alert.take"))
    karin.press(SAY("desk.add_note"))
    karin.press(SAY("desk.note_send"), {"note": "Barnets mamma är arg."})
    assert SAY("desk.noted", at=chat.now, name="Karin Test") in karin.words
    closed(karin, "Mamman är nöjd.")
    for secret in ("mamma", "Mamman", "avhjälpt", "Siv Ek"):
        assert secret not in karin.words
    assert karin.forge("alert_history", {"alert": newest(chat).id}).notice == SAY("refused.channel")


def test_a_note_with_a_personal_number_is_refused_and_kept_only_in_ones_own_chat(
    municipality: Database,
) -> None:
    chat, karin = taken(municipality)
    channel = in_channel(chat)
    channel.press(SAY("alert.take"))
    for client in (karin, channel):
        client.press(SAY("desk.add_note"))
        answer = client.press(SAY("desk.note_send"), {"note": f"Pnr {NUMBER}"})
        assert SAY("form.personal_number") in (answer.notice if client.channel else client.words)
        assert (answer.card is None, NUMBER in str(answer)) == (client.channel, not client.channel)
        assert (SAY("press.not_saved") in answer.notice) == client.channel
    with municipality.transaction() as tx:
        assert [one.text for one in alert_notes.of_alert(tx, AlertId(1))] == [None]


def test_a_long_history_is_cut_on_the_card_and_whole_when_asked_for(municipality: Database) -> None:
    chat, karin = taken(municipality)
    for number in range(7):
        karin.press(SAY("desk.add_note"))
        karin.press(SAY("desk.note_send"), {"note": f"Anteckning {number} " + "å" * 3000})
    kim = open_alert(chat, "kim")
    read_notes(kim)
    kim.press(SAY("alert.back"))
    assert "å" * 500 not in kim.words
    kim.press(SAY("desk.whole_history"))
    seen = kim.words
    kim.press(SAY("list.more", n=3))
    seen += kim.words
    assert all(f"Anteckning {number} " in seen for number in range(7))
    assert seen.count("å" * 3000) == 7
    kim.press(SAY("alert.back"))
    assert SAY("alert.owned", name="Karin Test") in kim.words


def test_the_worker_is_told_what_her_signal_led_to_and_nothing_of_the_child(municipality: Database) -> None:
    chat, karin = taken(municipality)
    closed(karin, "Klart.", notified="yes")
    chat.deliver()
    [told] = [one for one in chat.client("anna").shown if one.kind == "led_to"]
    assert told.summary == SAY("led_to.summary")
    assert SAY("led_to.about", numbers="A-1", unit="Södergården", n=1) in told.words
    assert SAY("led_to.closed") in told.words
    assert SAY("desk.decided.yes", day=at("2026-11-02").date()) in told.words
    for secret in (*CASES, "slag", "avhjälpt", "Klart.", "Karin"):
        assert secret not in told.words


def test_an_answer_to_a_worker_waits_for_the_morning(municipality: Database) -> None:
    chat, karin = taken(municipality)
    chat.now = at("2026-11-02 21:00")
    closed(karin, "Klart.")
    chat.deliver()
    assert not any(one.kind == "led_to" for one in chat.client("anna").shown)
    chat.now = at("2026-11-03 08:00")
    chat.deliver()
    assert [one.kind for one in chat.client("anna").shown].count("led_to") == 1
    with municipality.transaction() as tx:
        assert len(ledger.keys_starting(tx, "led-to:")) == 1


@pytest.mark.parametrize("key", ["anna", "maria"])
def test_only_the_quality_team_reads_a_note(municipality: Database, key: str) -> None:
    chat, karin = taken(municipality)
    karin.press(SAY("desk.add_note"))
    karin.press(SAY("desk.note_send"), {"note": "Hemligt."})
    client = chat.client(key)
    for verb in ("show_alert", "alert_history", "alert_signal"):
        answer = client.forge(verb, {"alert": newest(chat).id})
        assert (answer.card, answer.notice) == (None, SAY("refused.role"))
    client.say("larm")
    assert "Hemligt." not in client.words


def test_a_manager_who_is_told_of_an_untaken_alert_sees_no_history_and_no_button(
    municipality: Database,
) -> None:
    chat = alerted(municipality)
    chat.wake("2026-11-05 08:00")
    [again] = [one for one in chat.client("maria").shown if one.kind == "alert_again"]
    assert SAY("desk.duty", paragraph=PARAGRAPH) in again.words
    assert SAY("desk.history") not in again.words
    maria = chat.client("maria").look()
    assert maria.buttons == []


def test_everything_done_with_an_alert_is_logged(municipality: Database) -> None:
    chat, karin = taken(municipality)
    hand_over(chat, karin, "kim")
    closed(karin, "Klart.")
    with municipality.transaction() as tx:
        writes = [subject for _, _, subject in acts(tx, "write")]
    assert writes.count(f"alert:{newest(chat).id}") == 3
    assert CHANNEL not in str(writes)
    with municipality.transaction() as tx:
        assert alerts.open_alerts(tx) == []


def test_a_safety_notice_is_closed_with_what_was_done_and_is_nothing_to_notify_ivo_of(
    municipality: Database,
) -> None:
    chat = october(municipality)
    anna = chat.client("anna")
    anna.say("mina uppgifter")
    anna.press(SAY("list.open_form"), row="AKT-3")
    anna.press(SAY("report.hand_in"), {**ANEW, "feels_safe": "no", "private_talk_on": "2026-10-30"})
    chat.deliver()
    assert (newest(chat).kind, shown_band(chat)) == ("safety", "yellow")
    karin = open_alert(chat)
    assert PARAGRAPH not in karin.words
    karin.press(SAY("desk.close"))
    assert SAY("desk.close_means.safety") in karin.words
    karin.press(SAY("desk.close_send"))
    assert (newest(chat).closed_at, shown_band(chat)) == (None, "yellow")
    karin.press(SAY("desk.close_send"), {"done": "Talat med barnet och boendet."})
    assert SAY("alert.closed", name="Karin Test", day=chat.now.date()) in karin.words
    assert shown_band(chat) == "green"


def test_an_open_alert_about_silence_is_closed_with_the_change_of_the_method(municipality: Database) -> None:
    chat = october(municipality)
    slap(chat)
    number = unit_id(chat)
    with municipality.transaction() as tx:
        tx.connection.exec_driver_sql("update alert set kind = 'silence', signal_id = null")
        alerts.close_of_kind(tx, "silence", SAY("alert.method_changed"), chat.now)
        assert alerts.open_alerts(tx) == []
        karin = people.by_key(tx, "karin")
        [closed_one] = alerts.of_unit(tx, number)[:1]
        seen = alert_view(Reader(tx, karin, chat.now), closed_one.id)
        assert isinstance(seen, AlertView)
        card = alert_card(seen, SAY)
    assert closed_one.close_reason == SAY("alert.method_changed")
    assert SAY("alert.closed_by_method", day=chat.now.date()) in str(card)
