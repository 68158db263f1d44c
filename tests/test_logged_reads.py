"""Every button, command and message is logged as read, or said in docs/access-log.md why it need not be."""

import re
from pathlib import Path

import pytest

from dialogs.commands.logged_reads import MESSAGES, READS, ByItself, NoChild, Read
from dialogs.commands.registered import COMMANDS, VERBS
from followup.log.subject import Act, What
from followup.messages.every import KINDS
from followup.people import Conversation
from storage.engine.database import Database
from storage.log import access_log
from storage.register import people, units
from tests.support.desk import alerted, newest
from tests.support.logged_acts import acts
from tests.support.turns import SAY, SLAP, Chat

DOCS = Path("docs/access-log.md").read_text(encoding="utf-8")


def rows(heading: str) -> dict[str, str]:
    """The table below the heading, from its first column to its second."""
    section = DOCS.split(f"## {heading}\n")[1].split("\n## ")[0]
    found = re.findall(r"^\| (.+?) \| (.+?) \|", section, re.MULTILINE)
    return {name: how for names, how in found for name in re.findall(r"`([^`]+)`", names)}


def said_of(read: Read | ByItself | NoChild) -> str:
    if isinstance(read, NoChild):
        return f"nej: {read.because}"
    return "själv" if isinstance(read, ByItself) else f"`{read.what}`"


def test_every_button_and_command_has_a_row() -> None:
    assert READS.keys() == VERBS.keys() | {one.name for one in COMMANDS}
    assert MESSAGES.keys() == KINDS.keys()


@pytest.mark.parametrize(("heading", "reads"), [("Knappar och kommandon", READS), ("Meddelanden", MESSAGES)])
def test_the_document_says_the_same(heading: str, reads: dict[str, Read | ByItself | NoChild]) -> None:
    assert rows(heading) == {name: said_of(read) for name, read in reads.items()}


def test_every_reason_for_not_logging_is_explained() -> None:
    reasons = {one.because for one in (*READS.values(), *MESSAGES.values()) if isinstance(one, NoChild)}
    assert rows("Varför inte") == {reason: rows("Varför inte")[reason] for reason in reasons}


def test_no_desk_is_among_what_shows_no_child() -> None:
    """Where alerts, signals and follow-ups are handled, every card is about somebody."""
    of_children = {
        Conversation.ALERT_DESK,
        Conversation.SIGNAL_DESK,
        Conversation.FOLLOW_UPS,
        Conversation.CASE_REFERENCE,
        Conversation.REPORT,
    }
    silent = {name for name, read in READS.items() if isinstance(read, NoChild)}
    assert [name for name in silent & VERBS.keys() if VERBS[name].conversation in of_children] == []


@pytest.fixture
def chat(municipality: Database) -> Chat:
    return alerted(municipality)


def said_in_log(chat: Chat, act: Act, key: str) -> list[str]:
    """What the person has done of the kind."""
    with chat.database.transaction() as tx:
        person = people.by_key(tx, key)
        assert person is not None
        return [subject for id_, _, subject in acts(tx, act) if id_ == person.id]


def test_an_alert_its_history_and_its_forms_are_logged_as_read(chat: Chat) -> None:
    number, karin = newest(chat).id, chat.client("karin")
    karin.say(SAY("command.alerts"))
    karin.press(SAY("alerts.open"))
    karin.forge("alert_history", {"alert": number})
    karin.forge("note_form", {"alert": number})
    assert said_in_log(chat, "read", "karin")[-4:] == [
        "alerts",
        f"alert:{number}",
        f"alert_history:{number}",
        f"alert:{number}",
    ]


def test_an_alert_that_is_none_is_refused_and_not_read(chat: Chat) -> None:
    for verb in ("show_alert", "alert_history", "close_alert"):
        chat.client("karin").forge(verb, {"alert": 99})
    assert not [one for one in said_in_log(chat, "read", "karin") if one.endswith(":99")]
    assert said_in_log(chat, "refused", "karin") == ["alert:99", "alert_history:99", "alert:99"]


def test_a_notice_about_what_there_is_is_read(chat: Chat) -> None:
    chat.client("karin").forge("change_signal", {"signal": 1, "act": 99, "version": 1})
    assert said_in_log(chat, "read", "karin")[-1] == "signal:1"


@pytest.mark.parametrize(
    ("key", "word", "subject"),
    [
        ("maria", "läge", "status"),
        ("maria", "brister", "own_faults"),
        ("maria", "obesvarade", "unanswered"),
        ("karin", "läge", "status"),
        ("karin", "uppföljningar", "follow_ups"),
        ("karin", "åtgärder", "actions"),
        ("karin", "urval", "selection"),
    ],
)
def test_what_is_read_by_a_word_is_logged(chat: Chat, key: str, word: str, subject: str) -> None:
    chat.client(key).say(word)
    assert subject in said_in_log(chat, "read", key)


@pytest.mark.parametrize(
    ("verb", "subject"),
    [("digest_now", "digest"), ("reassign_form", "hand_over"), ("own_faults", "own_faults")],
)
def test_what_a_manager_reads_by_a_button_is_logged(chat: Chat, verb: str, subject: str) -> None:
    chat.client("maria").forge(verb, {})
    assert said_in_log(chat, "read", "maria")[-1] == subject


def test_a_providers_card_is_logged_with_each_of_its_units(chat: Chat) -> None:
    with chat.database.transaction() as tx:
        provider = units.followed_units(tx)[0].provider_id
        of_it = {str(one.id) for one in units.followed_units(tx) if one.provider_id == provider}
    chat.client("karin").forge("show_provider", {"provider": provider})
    with chat.database.transaction() as tx:
        entry = list(access_log.everything(tx))[-1].entry
    assert entry.subject == What.PROVIDER.of(provider)
    assert {one.id for one in entry.seen} == of_it


def test_a_digest_that_comes_unasked_is_logged_as_read_by_whom_it_is_sent_to(chat: Chat) -> None:
    chat.wake("2026-11-09 08:00")
    assert any(one.startswith("message:digest:") for one in said_in_log(chat, "read", "karin"))


def test_anothers_task_is_a_refusal(chat: Chat) -> None:
    others = chat.task("AKT-3").id
    bilal = chat.client("bilal")
    for verb in ("open_form", "hand_in_report", "add_signal"):
        bilal.forge(verb, {"task": others, "version": 0})
        assert said_in_log(chat, "refused", "bilal")[-1] == f"task:{others}"
    bilal.forge("hand_in_statements", {}, {f"normal{others}": "true"})
    with chat.database.transaction() as tx:
        refused = [one.entry for one in access_log.everything(tx) if one.entry.act == "refused"][-1]
    assert (refused.subject, refused.seen, refused.records) == (What.TASKS.of(1), (What.TASK.of(others),), 0)


def test_a_signal_about_anothers_placement_is_a_refusal(chat: Chat) -> None:
    placement = chat.task("AKT-3").placement.id
    chat.client("bilal").forge("hand_in_signal", {}, {**SLAP, "placement": str(placement)})
    assert said_in_log(chat, "refused", "bilal")[-1] == f"placement:{placement}"


@pytest.mark.parametrize(("typed", "subject"), [("A-999", "A-999"), ("a-999", "A-999"), ("Kalle", "?")])
def test_a_reference_asked_for_in_vain_is_a_refusal_without_what_else_was_typed(
    chat: Chat, typed: str, subject: str
) -> None:
    chat.client("karin").forge("show_reference", {}, {"item": typed, "reason": "Ska tala med någon."})
    assert said_in_log(chat, "refused", "karin")[-1] == f"case_reference:{subject}"
    chat.client("karin").forge("show_signal", {"signal": 999})
    assert said_in_log(chat, "refused", "karin")[-1] == "signal:999"


@pytest.mark.parametrize(
    ("verb", "subject"), [("show_all", "show_all"), ("20120229-2387", "?"), ("x" * 90, "?")]
)
def test_a_button_that_is_none_of_ours_is_a_refusal(chat: Chat, verb: str, subject: str) -> None:
    chat.client("anna").forge(verb, {})
    assert said_in_log(chat, "refused", "anna")[-1] == f"verb:{subject}"
