"""The quality team opens a child's case reference: one item at a time, with a reason, and the log says so."""

import pytest

from followup import PlacementId, SignalId
from followup.log.subject import What
from followup.times.month import Month
from storage.engine.database import Database
from storage.log import access_log
from storage.register import placements
from storage.signals import signals
from tests.support.builders import Register, at
from tests.support.municipality import CASES
from tests.support.told_once import told_once
from tests.support.turns import ANEW, SAY, SLAP, Chat, Client, not_saved, october
from texts.catalogue import Texts

REASON = "Ska tala med den som ansvarar för barnet."
NUMBER = "20120229-2387"


@told_once
def alerted(municipality: Database, *, language: str = "sv") -> tuple[Chat, Client]:
    """Anna has told of violence that AKT-3 met at Södergården; Kim of the quality team has the evidence open."""
    with municipality.transaction() as tx:
        Register(tx).person("kim", "quality", language=language)
    chat, say = october(municipality), Texts(language)
    anna, kim = chat.client("anna"), chat.client("kim")
    anna.say("avvikelse")
    anna.press(SAY("signal.hand_in"), {**SLAP, "placement": str(chat.task("AKT-3").placement.id)})
    kim.say(say("command.alerts"))
    kim.press(say("alerts.open"))
    kim.press(say("alert.evidence"))
    return chat, kim


def opened(chat: Chat) -> list[tuple[str, str | None, int]]:
    """What the log has of case references: the subject, the reason and how many."""
    with chat.database.transaction() as tx:
        entries = [one.entry for one in access_log.everything(tx)]
    return [
        (str(one.subject), one.reason, one.records)
        for one in entries
        if (one.act, one.subject.what) == ("read", What.CASE_REFERENCE)
    ]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_reference_of_one_item_is_shown_after_a_reason_and_logged(
    municipality: Database, language: str
) -> None:
    say = Texts(language)
    chat, kim = alerted(municipality, language=language)
    assert not any(case in kim.words for case in CASES)
    kim.press(say("reference.open"))
    assert say("reference.title") in kim.words
    assert not any(case in kim.words for case in CASES)
    answer = kim.press(say("reference.send"), {"item": "A-1", "reason": REASON})
    assert [case for case in CASES if case in kim.words] == ["AKT-3"]
    assert "Anna Test" in kim.words
    assert say("reference.logged") in kim.words
    assert answer.summary == say("reference.summary")
    assert opened(chat) == [("case_reference:A-1", REASON, 1)]
    kim.press(say("alert.evidence"))
    assert "A-1" in kim.words


def test_each_time_it_is_shown_is_a_line_in_the_log(municipality: Database) -> None:
    chat, kim = alerted(municipality)
    kim.press(SAY("reference.open"))
    button, inputs = kim.button(SAY("reference.send")), {"item": "A-1", "reason": REASON}
    kim.send(button, inputs)
    kim.send(button, inputs)
    assert len(opened(chat)) == 2


@pytest.mark.parametrize("reason", ["", "   ", NUMBER, f"Gäller {NUMBER}", "x" * 4001])
def test_without_a_proper_reason_nothing_is_shown_and_what_was_typed_stays(
    municipality: Database, reason: str
) -> None:
    chat, kim = alerted(municipality)
    kim.press(SAY("reference.open"))
    kim.press(SAY("reference.send"), {"item": "A-1", "reason": reason})
    assert not any(case in kim.words for case in CASES)
    assert kim.inputs["reason"] == reason
    assert kim.inputs["item"] == "A-1"
    assert opened(chat) == []


@pytest.mark.parametrize(
    "item", ["", "A-99", "K-1", "M-2026-09", "AKT-3", "a", "-1", "A-1'", "A-99999999999"]
)
def test_a_number_that_does_not_exist_is_told_so_and_can_be_written_again(
    municipality: Database, item: str
) -> None:
    chat, kim = alerted(municipality)
    kim.say(f"aktreferens {item}")
    kim.press(SAY("reference.send"), {"item": item, "reason": REASON})
    assert SAY("reference.unknown") in kim.words
    assert opened(chat) == []
    kim.press(SAY("reference.send"), {"item": " a-1 ", "reason": REASON})
    assert "AKT-3" in kim.words


@pytest.mark.parametrize(
    "typed", ["aktreferens A-1", "Aktreferens a-1", "akt A-1", "reference A-1", "akt a1", "akt A–01."]
)
def test_the_command_does_what_the_button_does(municipality: Database, typed: str) -> None:
    chat, kim = alerted(municipality)
    kim.say(typed)
    assert kim.inputs["item"] == typed.split()[1]
    kim.press(SAY("reference.send"), {"reason": REASON})
    assert "AKT-3" in kim.words
    assert opened(chat) == [("case_reference:A-1", REASON, 1)]


@pytest.mark.parametrize("typed", ["aktreferens", "akt", "reference", "aktreferans", "aktrefrens A-1"])
def test_a_word_alone_or_mistyped_is_never_a_dead_end(municipality: Database, typed: str) -> None:
    _, kim = alerted(municipality)
    kim.say(typed)
    assert SAY("reference.title") in kim.words or SAY("command.reference_form.does") in kim.words


def test_a_report_with_a_concern_has_its_reference_too(municipality: Database) -> None:
    chat, kim = alerted(municipality)
    anna = chat.client("anna").look()
    anna.press(SAY("list.open_form"), row="AKT-3")
    anna.press(SAY("report.hand_in"), {**ANEW, "health": "concern"})
    kim.say(f"aktreferens R-{chat.task('AKT-3').id}")
    kim.press(SAY("reference.send"), {"reason": REASON})
    assert [case for case in CASES if case in kim.words] == ["AKT-3"]
    assert "oktober 2026" in kim.words


def test_a_report_that_was_never_handed_in_has_none(municipality: Database) -> None:
    chat, kim = alerted(municipality)
    kim.say(f"aktreferens R-{chat.task('AKT-4').id}")
    kim.press(SAY("reference.send"), {"reason": REASON})
    assert SAY("reference.unknown") in kim.words


def test_a_signal_about_a_unit_has_no_child_and_says_so(municipality: Database) -> None:
    chat, kim = alerted(municipality)
    kim.say("avvikelse")
    with chat.database.transaction() as tx:
        first = placements.get(tx, PlacementId(1), at("2026-11-02").date())
        assert first is not None
    kim.press(SAY("signal.hand_in"), {**SLAP, "unit": str(first.unit_id)})
    kim.say("aktreferens A-2")
    kim.press(SAY("reference.send"), {"reason": REASON})
    assert SAY("reference.no_child") in kim.words
    assert opened(chat) == [("case_reference:A-2", REASON, 0)]


@pytest.mark.parametrize("key", ["anna", "maria", "adam"])
def test_nobody_else_opens_a_reference(municipality: Database, key: str) -> None:
    with municipality.transaction() as tx:
        Register(tx).person("adam", "admin")
    chat, _ = alerted(municipality)
    client = chat.client(key)
    for verb in ("reference_form", "show_reference"):
        answer = client.forge(verb, {"item": "A-1"}, {"item": "A-1", "reason": REASON})
        assert (answer.card, answer.notice) == (None, not_saved("refused.role"))
    assert client.say("aktreferens A-1").text == SAY("refused.role")
    assert opened(chat) == []


def test_the_reference_never_comes_in_a_channel(municipality: Database) -> None:
    chat, kim = alerted(municipality)
    kim.press(SAY("reference.open"))
    carried = kim.button(SAY("reference.send")).action["data"]["card"]
    answer = chat.client("kim", channel=True).forge(
        "show_reference", carried, {"item": "A-1", "reason": REASON}
    )
    assert (answer.card, answer.notice) == (None, not_saved("refused.channel"))
    assert opened(chat) == []


@pytest.mark.parametrize("placements_there", [1, 2, 3])
def test_the_quality_team_reads_days_in_its_own_chat_however_few_are_placed(
    database: Database, placements_there: int
) -> None:
    with database.transaction() as tx:
        register = Register(tx)
        register.person("karin", "quality")
        anna, home = register.person("anna"), register.unit("NORR", name="Norrgården")
        for _ in range(placements_there):
            register.placement(anna, home)
    chat = october(database)
    karin = chat.client("karin")
    karin.say("avvikelse")
    karin.press(SAY("signal.hand_in"), {**SLAP, "unit": str(home)})
    karin.say("larm")
    assert SAY("raised.month", month=Month.of(chat.now.date())) not in karin.words
    karin.press(SAY("alerts.open"))
    karin.press(SAY("alert.evidence"))
    assert "A-1" in karin.words
    assert "2026-10-30" in karin.words
    with database.transaction() as tx:
        assert signals.get(tx, SignalId(1)).event_on.isoformat() == "2026-10-30"
