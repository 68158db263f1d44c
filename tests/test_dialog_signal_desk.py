"""A signal in the quality team's hands: each change is a new version with a reason, scored at once and told of."""

from collections.abc import Mapping
from datetime import date

import pytest

from dialogs.signals.signal_desk import ACTS_AS_NUMBERED
from dialogs.turn import Press
from followup import SignalId
from followup.risk.proof import read_inputs
from followup.risk.risk import score
from followup.risk.stored_score import StoredScore
from followup.signals.signal import Signal
from services.signals.judging import SIGNAL_CHANGES
from services.signals.progress import end
from storage.alerts import alerts
from storage.engine.database import Database
from storage.register import units
from storage.risk import scores
from storage.signals import signal_versions
from tests.support.builders import Register, at
from tests.support.deeds import acting
from tests.support.desk import (
    alerted,
    closed,
    in_channel,
    newest,
    open_alert,
    shown_band,
    signal_of,
    slap,
    unit_id,
)
from tests.support.logged_acts import acts
from tests.support.municipality import CASES
from tests.support.told_once import told_once
from tests.support.turns import SAY, SLAP, Chat, Client, logged, not_saved, october, size
from texts.catalogue import Texts

NUMBER = "20120229-2387"
SECRETS = (*CASES, "slag", "Anna")
MILD = {"consequence": "2", "marks": ""}


def told(chat: Chat, key: str, kind: str = "led_to") -> list[str]:
    chat.deliver()
    return [one.words for one in chat.client(key).shown if one.kind == kind]


def karin_at(chat: Chat, words: str) -> Client:
    karin = chat.client("karin")
    karin.say(words)
    return karin


def change(client: Client, act: str, say: Texts = SAY, **typed: str) -> None:
    client.press(say(f"signals.{act}"))
    client.press(say(f"signals.{act}.send"), {"why": "Efter samtal med föreståndaren.", **typed})


def points(chat: Chat, number: str, key: str = "SYD") -> float:
    """What the signal weighs in the newest score, read from what was stored with it."""
    number_of_unit = unit_id(chat, key)
    with chat.database.transaction() as tx:
        stored = scores.latest(tx, number_of_unit)
    assert stored is not None
    rows = score(read_inputs(stored.inputs)).contributions
    return sum(float(row.weight) for row in rows if number in row.ids)


def event_alerts(chat: Chat) -> list[str]:
    number = unit_id(chat)
    with chat.database.transaction() as tx:
        return [one.episode for one in alerts.of_unit(tx, number) if one.kind == "event"]


@told_once
def mild(municipality: Database, times: int = 1) -> Chat:
    """Anna has told of a moderate deviation, or of several."""
    chat = october(municipality)
    for _ in range(times):
        slap(chat, **MILD)
    return chat


def from_bilal(chat: Chat, **typed: str) -> None:
    bilal = chat.client("bilal")
    bilal.say("avvikelse")
    bilal.press(SAY("signal.hand_in"), {**SLAP, **MILD, "unit": str(unit_id(chat)), **typed})


@pytest.mark.parametrize(
    "words",
    [
        "signal 1",
        "signal A-1",
        "Signal a-1",
        "avvikelse 1",
        "signal A1",
        "signal a 1.",
        "signal #1",
        "signal A–1",
    ],
)
def test_a_signal_is_shown_by_its_number(municipality: Database, words: str) -> None:
    karin = karin_at(mild(municipality), words)
    assert SAY("signals.title", number="A-1", unit="Södergården") in karin.words
    assert SAY("choice.cause.provider") in karin.words
    for secret in SECRETS:
        assert secret not in karin.words


@pytest.mark.parametrize("words", ["signal 99", "signal A-99", "signal 0"])
def test_a_signal_that_does_not_exist_is_told_so(municipality: Database, words: str) -> None:
    assert mild(municipality).client("karin").say(words).text == SAY("signals.unknown")


def test_the_word_alone_opens_the_form_and_a_workers_number_her_own_signal(municipality: Database) -> None:
    chat = mild(municipality)
    assert SAY("signal.title") in karin_at(chat, "signal").words
    assert SAY("signal.title") in karin_at(chat, "signal om ett slag").words
    anna = chat.client("anna")
    anna.say("avvikelse")
    assert SAY("signal.title") in anna.words
    anna.say("signal 1")
    assert SAY("reading.title_of", number="A-1") in anna.words


def test_a_manager_sees_no_signal(municipality: Database) -> None:
    chat = mild(municipality)
    maria = chat.client("maria")
    assert maria.say("signal 1").text == SAY("refused.role")
    for verb in ("show_signal", "change_signal_form", "change_signal"):
        answer = maria.forge(verb, {"signal": 1, "act": 0, "version": 1}, {"why": "x", "consequence": "4"})
        assert (answer.card, answer.notice) == (None, not_saved("refused.role"))
    assert signal_of(chat).version == 1


def test_a_signal_is_never_shown_in_the_channel(municipality: Database) -> None:
    chat = alerted(municipality)
    karin = in_channel(chat)
    assert karin.say("signal 1").text == SAY("refused.channel")
    answer = karin.press(SAY("desk.show_signal"))
    assert (answer.card, answer.notice) == (None, SAY("signals.sent"))
    chat.deliver()
    [own] = [one for one in chat.client("karin").shown if one.kind == "signal"]
    assert SAY("signals.title", number="A-1", unit="Södergården") in own.words
    assert own.summary == SAY("signals.summary")
    chat.client("karin").look().press(SAY("alert.back"))
    assert SAY("alert.nobody") in chat.client("karin").words


def test_the_evidence_opens_its_signals_and_the_way_back_leads_to_the_alert(municipality: Database) -> None:
    karin = open_alert(alerted(municipality))
    karin.press(SAY("alert.evidence"))
    karin.press(SAY("signals.show"), row="A-1")
    assert SAY("signals.title", number="A-1", unit="Södergården") in karin.words
    change(karin, "regrade", consequence="3")
    karin.press(SAY("alert.back"))
    assert SAY("alert.nobody") in karin.words


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_whole_conversation_about_a_signal(municipality: Database, language: str) -> None:
    """Every act, as it is read in the language of the one who does it, and the versions that come of it."""
    say = Texts(language)
    with municipality.transaction() as tx:
        Register(tx).person("quinn", "quality", language=language)
    chat = mild(municipality, times=2)
    quinn = chat.client("quinn")
    quinn.say("signal 1")
    assert quinn.card["lang"] == language
    for act in ("regrade", "link", "authority", "clear", "dismiss", "restore"):
        quinn.press(say(f"signals.{act}"))
        assert say(f"signals.{act}.title", number="A-1", unit="Södergården") in quinn.words
        assert say(f"signals.{act}.means") in quinn.words
        typed = {"consequence": "3", "same_as": "2", "why": "Skälet."}
        quinn.press(say(f"signals.{act}.send"), {name: typed[name] for name in typed if name in quinn.inputs})
        assert say("signals.because", reason="Skälet.") in quinn.words
    quinn.press(say("list.more", n=2))
    assert say("signals.first") in quinn.words
    assert say("role.worker") in quinn.words
    assert signal_of(chat).version == 7


def test_every_version_says_who_by_role_when_what_and_why(municipality: Database) -> None:
    chat = mild(municipality)
    karin = karin_at(chat, "signal 1")
    chat.now = at("2026-11-05 10:30")
    change(karin, "regrade", consequence="3")
    what = SAY(
        "signals.change.consequence", before=SAY("risk.consequence.2"), after=SAY("risk.consequence.3")
    )
    line = SAY("signals.version", version=2, who=SAY("role.quality"), at=chat.now, what=what)
    assert f"{line} {SAY('signals.because', reason='Efter samtal med föreståndaren.')}" in karin.words
    assert not any("Karin" in one for one in karin.words.splitlines() if line[:9] in one)
    with municipality.transaction() as tx:
        first, second = signal_versions.history(tx, SignalId(1))
    assert (first.signal.consequence, second.signal.consequence) == (2, 3)
    assert (first.reason, second.reason) == (None, "Efter samtal med föreståndaren.")


def test_a_reason_is_needed_sealed_and_without_a_personal_number(municipality: Database) -> None:
    chat = mild(municipality)
    karin = karin_at(chat, "signal 1")
    karin.press(SAY("signals.regrade"))
    karin.press(SAY("signals.regrade.send"), {"why": f"Gäller {NUMBER}"})
    assert SAY("form.problems", n=2) in karin.words
    assert karin.inputs["why"] == f"Gäller {NUMBER}"
    karin.press(SAY("signals.regrade.send"), {"why": "Hemligt skäl.", "consequence": "1"})
    assert signal_of(chat).consequence == 1
    with municipality.transaction() as tx:
        reasons = tx.connection.exec_driver_sql("select reason from signal_version").scalars().all()
    assert b"Hemligt" not in b"".join(reason or b"" for reason in reasons)


def test_the_same_grade_again_is_no_change(municipality: Database) -> None:
    chat = mild(municipality)
    karin = karin_at(chat, "signal 1")
    change(karin, "regrade", consequence="2")
    assert SAY("signals.same_grade") in karin.words
    assert signal_of(chat).version == 1


def test_regrading_up_to_catastrophic_raises_one_event_alert(municipality: Database) -> None:
    chat = mild(municipality)
    assert event_alerts(chat) == []
    karin = karin_at(chat, "signal 1")
    change(karin, "regrade", consequence="4")
    assert event_alerts(chat) == ["event-A-1"]
    assert shown_band(chat) == "red"
    assert SAY("signals.done", before=SAY("risk.band.green"), after=SAY("risk.band.red")) in karin.words
    change(karin, "regrade", consequence="3")
    change(karin, "regrade", consequence="4")
    assert event_alerts(chat) == ["event-A-1"]
    chat.deliver()
    channel = chat.client("karin", channel=True).shown
    assert len([one for one in channel if one.kind == "alert"]) == 1


def test_a_decision_on_a_milder_event_does_not_cover_a_graver_one(municipality: Database) -> None:
    chat = october(municipality)
    slap(chat, consequence="2", marks="", situation="report_at_provider")
    closed(open_alert(chat), "Utredd.")
    karin = karin_at(chat, "signal 1")
    change(karin, "regrade", consequence="4")
    assert not signal_of(chat).decided
    assert SAY("signals.change.undecided") in karin.words
    assert event_alerts(chat) == ["event-A-1", "event-A-1-3"]
    assert newest(chat).closed_at is None
    change(karin, "regrade", consequence="3")
    change(karin, "regrade", consequence="4")
    assert len(event_alerts(chat)) == 2


def test_regrading_down_lowers_the_score_at_once(municipality: Database) -> None:
    chat = mild(municipality)
    assert points(chat, "A-1") == 2
    change(karin_at(chat, "signal 1"), "regrade", consequence="1")
    assert points(chat, "A-1") == 1


def test_a_dismissed_signal_gives_nothing_at_once_and_stays_visible(municipality: Database) -> None:
    chat = alerted(municipality)
    karin = karin_at(chat, "signal 1")
    assert shown_band(chat) == "red"
    change(karin, "dismiss")
    assert (points(chat, "A-1"), shown_band(chat)) == (0, "green")
    karin.say("signal 1")
    assert SAY("signals.state.dismissed") in karin.words
    assert SAY("risk.zero.dismissed") in karin.words
    assert [one for one in karin.buttons if "Läs" not in one] == [SAY("signals.restore")]
    change(karin, "restore")
    assert (points(chat, "A-1"), shown_band(chat)) == (4, "red")


def test_a_decision_does_not_bring_back_what_was_dismissed(municipality: Database) -> None:
    chat = alerted(municipality)
    change(karin_at(chat, "signal 1"), "dismiss")
    closed(open_alert(chat), "Det hade inte hänt.")
    assert (signal_of(chat).dismissed, signal_of(chat).decided) == (True, True)
    assert shown_band(chat) == "green"


def test_the_cause_with_the_authority_gives_the_unit_nothing_and_goes_to_the_managers_list(
    municipality: Database,
) -> None:
    chat = mild(municipality)
    maria = chat.client("maria")
    maria.say("brister")
    assert SAY("own_faults.none") in maria.words
    karin = karin_at(chat, "signal 1")
    change(karin, "authority")
    assert points(chat, "A-1") == 0
    [message] = told(chat, "maria", "own_fault")
    assert SAY("own_fault.about", number="A-1", unit="Södergården") in message
    maria.look().press(SAY("own_fault.list"))
    assert "A-1 · Södergården" in maria.words
    for secret in (*SECRETS, "30 oktober", "2026-10-30", "Efter samtal"):
        assert secret not in maria.words
    change(karin, "clear")
    maria.say("brister")
    assert SAY("own_faults.none") in maria.words
    assert points(chat, "A-1") == 2


def test_a_manager_reads_her_list_in_english(municipality: Database) -> None:
    with municipality.transaction() as tx:
        register = Register(tx)
        boss = register.person("max", "manager", language="en", team="Unga")
        register.person("ellen", manager_id=boss)
    chat, say = october(municipality), Texts("en")
    ellen = chat.client("ellen")
    ellen.say("avvikelse")
    ellen.press(SAY("signal.hand_in"), {**SLAP, "cause": "authority", "unit": str(unit_id(chat))})
    [message] = told(chat, "max", "own_fault")
    assert say("own_fault.about", number="A-1", unit="Södergården") in message
    client = chat.client("max")
    client.say("faults")
    assert say("own_faults.about") in client.words
    assert f"A-1 · Södergården\n{say('risk.kind.deviation')}" in client.words


def test_a_managers_list_has_only_what_her_own_people_raised(municipality: Database) -> None:
    with municipality.transaction() as tx:
        register = Register(tx)
        other = register.person("olle", "manager", team="Unga")
        register.person("ulla", manager_id=other)
    chat = mild(municipality)
    ulla = chat.client("ulla")
    ulla.say("avvikelse")
    ulla.press(SAY("signal.hand_in"), {**SLAP, "cause": "authority", "unit": str(unit_id(chat))})
    change(karin_at(chat, "signal 1"), "authority")
    for key, own, others in (("maria", "A-1", "A-2"), ("olle", "A-2", "A-1")):
        client = chat.client(key)
        client.say("brister")
        assert own in client.words
        assert others not in client.words


def test_two_reports_of_one_event_count_once_at_the_highest(municipality: Database) -> None:
    chat = mild(municipality)
    from_bilal(chat, consequence="3")
    assert points(chat, "A-1") + points(chat, "A-2") == 5
    karin = karin_at(chat, "signal 1")
    change(karin, "link", same_as="2")
    assert (points(chat, "A-1"), points(chat, "A-2")) == (0, 3)
    assert SAY("risk.zero.linked") in karin.words
    assert signal_of(chat, 1).event == signal_of(chat, 2).event == "signal:2"
    karin.say("signal 2")
    assert f"{SAY('signals.same_event')}\nA-1" in karin.words.replace("value", "")


def test_linking_two_alerted_events_raises_no_third_alert(municipality: Database) -> None:
    chat = alerted(municipality)
    slap(chat)
    before = event_alerts(chat)
    assert before == ["event-A-1", "event-A-2"]
    change(karin_at(chat, "signal 1"), "link", same_as="2")
    assert event_alerts(chat) == before


def test_linking_a_serious_signal_to_a_mild_one_raises_no_new_alert(municipality: Database) -> None:
    chat = alerted(municipality)
    slap(chat, **MILD)
    for words, other in (("signal 1", "2"), ("signal 2", "alone")):
        change(karin_at(chat, words), "link", same_as=other)
        assert event_alerts(chat) == ["event-A-1"]


def test_events_that_are_linked_become_one_with_all_their_reports(municipality: Database) -> None:
    chat = mild(municipality, times=4)
    change(karin_at(chat, "signal 1"), "link", same_as="2")
    change(karin_at(chat, "signal 3"), "link", same_as="4")
    change(karin_at(chat, "signal 1"), "link", same_as="3")
    assert len({signal_of(chat, number).event for number in (1, 2, 3, 4)}) == 1
    assert sum(points(chat, f"A-{number}") for number in (1, 2, 3, 4)) == 2


def test_a_signal_is_linked_only_within_its_unit(municipality: Database) -> None:
    chat = mild(municipality)
    karin = chat.client("karin")
    karin.say("avvikelse")
    karin.press(SAY("signal.hand_in"), {**SLAP, "unit": str(unit_id(chat, "NORR"))})
    karin.say("signal 1")
    assert SAY("signals.link") not in karin.buttons
    forged = {"signal": 1, "act": "link", "version": 1}
    karin.forge("change_signal", forged, {"same_as": "2", "why": "x"})
    assert signal_of(chat).event is None


def test_the_one_who_raised_it_is_told_what_it_led_to_once_it_is_decided(municipality: Database) -> None:
    chat = mild(municipality, times=2)
    change(karin_at(chat, "signal 1"), "regrade", consequence="3")
    change(karin_at(chat, "signal 1"), "link", same_as="2")
    change(karin_at(chat, "signal 1"), "authority")
    assert told(chat, "anna") == []
    change(karin_at(chat, "signal 1"), "dismiss")
    [words] = told(chat, "anna")
    assert SAY("led_to.about", numbers="A-1", unit="Södergården", n=1) in words
    assert SAY("led_to.dismiss") in words
    for secret in (*CASES, "slag", "Efter samtal", "Karin"):
        assert secret not in words
    [shown] = [one for one in chat.client("anna").shown if one.kind == "led_to"]
    assert shown.summary == SAY("led_to.summary")
    change(karin_at(chat, "signal 1"), "restore")
    assert [SAY("led_to.restore") in one for one in told(chat, "anna")] == [False, True]


def test_each_worker_is_told_once_how_linked_signals_ended(municipality: Database) -> None:
    chat = mild(municipality, times=2)
    from_bilal(chat)
    change(karin_at(chat, "signal 1"), "link", same_as="2")
    change(karin_at(chat, "signal 1"), "link", same_as="3")
    with acting(chat.database, "karin", chat.now) as karin:
        assert isinstance(
            end(karin, SignalId(1), {"how": "remedied", "end_reason": "Hemmet har ändrat."}), Signal
        )
    assert (len(told(chat, "anna")), len(told(chat, "bilal"))) == (1, 1)
    assert SAY("led_to.about", numbers="A-1 och A-2", unit="Södergården", n=2) in told(chat, "anna")[0]


def test_an_english_worker_is_told_in_english(municipality: Database) -> None:
    with municipality.transaction() as tx:
        Register(tx).person("ellen", language="en")
    chat = october(municipality)
    say, ellen = Texts("en"), chat.client("ellen")
    ellen.say("avvikelse")
    ellen.press(say("signal.hand_in"), {**SLAP, **MILD, "unit": str(unit_id(chat))})
    change(karin_at(chat, "signal 1"), "dismiss")
    [words] = told(chat, "ellen")
    assert say("led_to.dismiss") in words


def test_one_who_changes_her_own_signal_is_not_told_what_she_did(municipality: Database) -> None:
    chat = october(municipality)
    karin = chat.client("karin")
    karin.say("avvikelse")
    karin.press(SAY("signal.hand_in"), {**SLAP, **MILD, "unit": str(unit_id(chat))})
    change(karin_at(chat, "signal 1"), "dismiss")
    assert told(chat, "karin") == []


@pytest.mark.parametrize("act", ["regrade", "authority", "dismiss", "link"])
def test_the_same_press_again_has_the_same_answer_and_no_version(municipality: Database, act: str) -> None:
    chat = mild(municipality, times=2)
    karin = karin_at(chat, "signal 1")
    karin.press(SAY(f"signals.{act}"))
    form, typed = karin.card, {"why": "Skälet.", "consequence": "3", "same_as": "2"}
    karin.press(SAY(f"signals.{act}.send"), typed)
    karin.card = form
    assert karin.press(SAY(f"signals.{act}.send"), typed).again
    assert SAY("receipt.saved") in karin.words
    assert signal_of(chat).version == 2
    assert len(told(chat, "anna")) == (act == "dismiss")


def test_a_form_opened_before_someone_elses_change_is_not_carried_out_unseen(municipality: Database) -> None:
    with municipality.transaction() as tx:
        Register(tx).person("kim", "quality")
    chat = mild(municipality)
    kim = chat.client("kim")
    kim.say("signal 1")
    kim.press(SAY("signals.regrade"))
    change(karin_at(chat, "signal 1"), "regrade", consequence="3")
    kim.press(SAY("signals.regrade.send"), {"consequence": "1", "why": "Lindrigt."})
    assert SAY("signals.changed_meanwhile", number="A-1") in kim.words
    assert (kim.inputs["why"], signal_of(chat).consequence) == ("Lindrigt.", 3)
    kim.press(SAY("signals.regrade.send"))
    assert signal_of(chat).consequence == 1


@pytest.mark.parametrize(
    "forged",
    [{}, {"signal": 99}, {"signal": "1"}, {"signal": -1}, {"signal": 10**30}, {"signal": [1]}],
)
def test_a_press_about_no_signal_is_told_so(municipality: Database, forged: Mapping[str, object]) -> None:
    karin = mild(municipality).client("karin")
    for verb in ("show_signal", "change_signal_form", "change_signal"):
        assert karin.forge(verb, forged, {"why": "x"}).notice == not_saved("signals.unknown")


@pytest.mark.parametrize(("number", "act"), [*enumerate(ACTS_AS_NUMBERED)])
def test_a_card_that_was_drawn_with_numbers_for_words_does_what_its_button_says(
    number: int, act: str
) -> None:
    assert ACTS_AS_NUMBERED == ("regrade", "link", "authority", "clear", "dismiss", "restore")
    drawn = Press("change_signal", {"signal": 1, "act": number, "version": 1})
    assert drawn.word("act", ["anew", *SIGNAL_CHANGES], before=ACTS_AS_NUMBERED) == act
    assert drawn.word("act", [one for one in SIGNAL_CHANGES if one != act], before=ACTS_AS_NUMBERED) is None


def test_such_a_card_still_dismisses_and_restores(municipality: Database) -> None:
    chat = mild(municipality)
    karin = chat.client("karin")
    karin.forge("change_signal", {"signal": 1, "act": 4, "version": 1}, {"why": "x"})
    assert signal_of(chat).dismissed
    karin.forge("change_signal", {"signal": 1, "act": 5, "version": 2}, {"why": "x"})
    assert not signal_of(chat).dismissed


def test_the_buttons_carry_words(municipality: Database) -> None:
    karin = karin_at(mild(municipality), "signal 1")
    carried = karin.button(SAY("signals.dismiss")).action["data"]["card"]
    assert carried["act"] == "dismiss"


@pytest.mark.parametrize(
    "act", [None, 99, -1, "0", "", "REGRADE", "restore", "clear", 5, 3, True, ["regrade"]]
)
def test_what_is_not_offered_is_not_done(municipality: Database, act: object) -> None:
    chat = mild(municipality)
    karin = chat.client("karin")
    for verb in ("change_signal_form", "change_signal"):
        karin.forge(verb, {"signal": 1, "act": act, "version": 1}, {"why": "x"})
        assert SAY("signals.title", number="A-1", unit="Södergården") in karin.words
    assert signal_of(chat).version == 1


def test_reading_and_changing_a_signal_is_logged(municipality: Database) -> None:
    chat = mild(municipality)
    change(karin_at(chat, "signal 1"), "dismiss")
    with municipality.transaction() as tx:
        assert "signal:1" in logged(tx, "read")
        assert logged(tx, "write").count("signal:1") == 2
        assert acts(tx, "refused") == []


def test_a_month_end_that_is_stored_is_not_changed_by_a_later_grade(municipality: Database) -> None:
    chat = mild(municipality)
    chat.wake("2026-12-01 08:00")
    number = unit_id(chat)

    def november() -> StoredScore:
        with chat.database.transaction() as tx:
            return scores.month_ends(tx, number)[date(2026, 11, 30)]

    before = november()
    change(karin_at(chat, "signal 1"), "regrade", consequence="4")
    assert november() == before
    with municipality.transaction() as tx:
        assert scores.latest(tx, units.get(tx, number).id) != before


def test_a_signal_with_long_reasons_fits_a_card(municipality: Database) -> None:
    chat = mild(municipality)
    karin = karin_at(chat, "signal 1")
    for number in range(6):
        change(karin, "regrade", consequence="13"[number % 2], why="å" * 4000)
    assert size(karin.card) < 80_000
