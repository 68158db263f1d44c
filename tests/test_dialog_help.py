"""What the bot says to a greeting, to what it does not understand, to strangers, and in English."""

from datetime import datetime

import pytest
from sqlalchemy import update

from bot.local.terminal import inputs_of
from dialogs import switchboard
from dialogs.commands.registered import COMMANDS, commands_in
from dialogs.turn import Said
from followup import UnitId
from followup.access.municipality import USUAL_MUNICIPALITY
from services.acting import Refused
from services.signals.raising import raise_signal
from storage.engine.database import Database, Transaction
from storage.engine.tables import person
from tests.support.builders import Register, aad
from tests.support.deeds import acting
from tests.support.logged_acts import acts
from tests.support.told_once import told_once
from tests.support.turns import ANEW, SAY, SERVICE, SLAP, Chat, Client, not_saved, october, readable_card
from texts.catalogue import Texts

EN = Texts("en")
OWN = {
    "anna": [
        "my_tasks",
        "desk",
        "corrections",
        "answers",
        "own_signal",
        "signal_form",
        "snooze_form",
        "leave_form",
        "provider",
        "clocks",
        "settings",
    ],
    "karin": [
        "desk",
        "show_signal",
        "signals",
        "signal_form",
        "status",
        "figures",
        "provider",
        "alerts",
        "selection",
        "threshold",
        "base_levels",
        "reference_form",
        "follow_ups",
        "actions",
        "unit_event",
        "year_report",
        "retention",
        "team_channel",
        "digest",
        "settings",
    ],
    "maria": [
        "desk",
        "status",
        "figures",
        "provider",
        "unanswered",
        "clocks",
        "alerts",
        "own_faults",
        "retention",
        "digest",
        "settings",
    ],
    "adam": ["desk", "retention", "team_channel", "settings"],
}


@told_once
def with_admin(municipality: Database) -> Chat:
    with municipality.transaction() as tx:
        Register(tx).person("adam", "admin")
    return october(municipality)


@told_once
def speaking_english(municipality: Database, key: str, role: str = "worker") -> Client:
    with municipality.transaction() as tx:
        Register(tx).person(key, role, language="en")
    return october(municipality).client(key)


@pytest.mark.parametrize("key", OWN)
def test_help_lists_what_the_role_can_do_and_nothing_else(municipality: Database, key: str) -> None:
    client = with_admin(municipality).client(key)
    client.say("hjälp")
    listed = [one.name for one in COMMANDS if one.listed]
    assert [name for name in listed if SAY(f"command.{name}.does") in client.words] == OWN[key]
    assert (SAY("help.fewer") in client.words) == (key == "anna")


def test_help_begins_with_what_waits_and_leaves_out_what_can_be_done_of_nothing(
    municipality: Database,
) -> None:
    chat = october(municipality)
    anna, karin = chat.client("anna"), chat.client("karin")
    anna.say("hjälp")
    assert SAY("help.now.my_tasks", n=3) in anna.words
    assert anna.words.index(SAY("help.now")) < anna.words.index(SAY("command.corrections.does"))
    karin.say("hjälp")
    assert SAY("help.also") not in karin.words.splitlines()
    anna.say("mina")
    every = {one.id: "true" for one in inputs_of(anna.card) if one.id.startswith("normal")}
    anna.press(SAY("list.send"), every)
    anna.say("hjälp")
    assert SAY("command.my_tasks.does") in anna.words
    assert not {SAY("help.also"), SAY("command.snooze_form.does"), SAY("help.fewer")} & {
        *anna.words.splitlines()
    }
    with acting(municipality, "anna", chat.now) as by:
        assert not isinstance(raise_signal(by, {**SLAP, "unit": "1"}), Refused)
    karin.say("hjälp")
    assert SAY("help.now.alerts", n=1) in karin.words
    channel = chat.client("anna", channel=True)
    channel.say("hjälp")
    assert SAY("help.also") not in channel.words.splitlines()


@pytest.mark.parametrize("word", ["hej", "Hej!", "HELLO", "hi", "help", "hjälp", "hjalp", "?", " hej  du "])
def test_a_greeting_is_always_answered(municipality: Database, word: str) -> None:
    anna = october(municipality).client("anna")
    anna.say(word)
    assert SAY("help.title", name="Anna") in anna.words


@pytest.mark.parametrize("word", ["hej", "hello", "?"])
def test_help_is_in_the_persons_own_language(municipality: Database, word: str) -> None:
    ellen = speaking_english(municipality, "ellen")
    answer = ellen.say(word)
    assert EN("help.title", name="Ellen") in ellen.words
    assert answer.card is not None
    assert answer.card["lang"] == "en"
    assert SAY("help.role.worker") not in ellen.words


@pytest.mark.parametrize(
    ("key", "typed", "nearest"),
    [
        ("anna", "mian", "my_tasks"),
        ("anna", "sinal", "signal_form"),
        ("anna", "rata AKT-1", "corrections"),
        ("anna", "ledigt", "leave_form"),
        ("maria", "lege", "status"),
        ("maria", "obesvaradee", "unanswered"),
        ("karin", "utforar", "provider"),
    ],
)
def test_a_mistyped_word_gives_the_three_nearest_commands(
    municipality: Database, key: str, typed: str, nearest: str
) -> None:
    client = october(municipality).client(key)
    client.say(typed)
    assert SAY("help.not_understood") in client.words
    said = [name for name in OWN[key] if SAY(f"command.{name}.does") in client.words]
    assert len(said) == 3
    assert nearest in said


def one_letter_wrong(word: str) -> set[str]:
    """A letter lost, doubled, replaced, or in the place of its neighbour."""
    found = set()
    for at in range(len(word)):
        before, letter, after = word[:at], word[at], word[at + 1 :]
        found |= {before + after, before + letter + letter + after, f"{before}x{after}"}
        found.add(before + after[:1] + letter + after[1:])
    return found - {word, ""}


@pytest.mark.parametrize("key", ["anna", "karin", "maria"])
def test_every_word_with_one_letter_wrong_leads_to_its_command(municipality: Database, key: str) -> None:
    now = october(municipality).now
    with municipality.transaction() as tx:
        for command in (one for one in COMMANDS if one.name in OWN[key]):
            rest = " 17" if command.followed_by else ""
            wrong = {wrong + rest for word in command.words for wrong in one_letter_wrong(word)}
            for typed in sorted(one for one in wrong if not commands_in(one)):
                answer = answer_to(tx, key, typed, now)
                if SAY("help.not_understood") in answer:
                    assert SAY(f"command.{command.name}.does") in answer, typed
                else:
                    # Read by what it means, as `min` is.
                    meant = answer_to(tx, key, command.words[0] + rest, now)
                    assert answer.splitlines()[0] == meant.splitlines()[0], typed


def answer_to(tx: Transaction, key: str, text: str, now: datetime) -> str:
    """All in one transaction, since a turn of its own for each would be the most of what it takes."""
    said = Said(aad(key), f"a:{key}", text, SERVICE, text=text)
    reply = switchboard.answer(tx, said, now)
    if reply.to_read is not None:
        reply = switchboard.read_after(tx, said, reply.to_read, now, USUAL_MUNICIPALITY)
    return readable_card(reply.card) if reply.card else reply.text


def test_what_is_not_read_is_asked_about_with_the_questions_nearest_in_meaning(
    municipality: Database,
) -> None:
    maria = october(municipality).client("maria")
    maria.say("avtal som inte går ut")
    assert SAY("help.not_understood") in maria.words and SAY("command.contracts.does") in maria.words
    maria.say("hur många klagomål på Bilal i år")
    assert SAY("help.not_understood") in maria.words and SAY("command.figures.does") in maria.words


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [("visa lägen tack", "status"), ("vilka larmare är", "alerts"), ("se urvalen", "selection")],
)
def test_a_whole_sentence_leads_to_the_command_that_one_of_its_words_is_like(
    municipality: Database, typed: str, nearest: str
) -> None:
    karin = october(municipality).client("karin")
    karin.say(typed)
    assert SAY("help.not_understood") in karin.words
    assert SAY(f"command.{nearest}.does") in karin.words


@pytest.mark.parametrize("blank", ["  ", "\u00a0", "\t", "\n"])
def test_what_follows_a_word_is_read_after_any_blank(municipality: Database, blank: str) -> None:
    karin = october(municipality).client("karin")
    karin.say(f"utförare{blank}Norrgården")
    assert SAY("provider.which") not in karin.words
    assert "Norrgården" in karin.words
    karin.say(f"aktreferens{blank}A-3")
    assert karin.inputs["item"] == "A-3"


@pytest.mark.parametrize("text", ["", "   ", "👍", "\ud800", "x" * 20_000, "\x00", "<at>x", "**", "{0}"])
def test_anything_at_all_is_answered(municipality: Database, text: str) -> None:
    anna = october(municipality).client("anna")
    anna.say(text)
    assert SAY("help.not_understood") in anna.words


def test_one_with_few_commands_is_offered_those_whatever_she_writes(municipality: Database) -> None:
    adam = with_admin(municipality).client("adam")
    adam.say("vad kan du?")
    assert SAY("command.retention.does") in adam.words
    assert SAY("command.team_channel.does") in adam.words


def test_the_help_cards_buttons_do_what_they_say(municipality: Database) -> None:
    anna = october(municipality).client("anna")
    anna.say("hjälp")
    anna.press(SAY("help.do"), row=SAY("command.my_tasks"))
    assert "AKT-1" in anna.words


@pytest.mark.parametrize("text", ["mina", "hej", "signal", "läge", "AKT-1", ""])
def test_a_stranger_gets_only_a_polite_refusal_and_it_is_logged(municipality: Database, text: str) -> None:
    chat = october(municipality)
    answer = chat.client("okand").say(text)
    assert (answer.text, answer.card) == (SAY("stranger.refused"), None)
    assert chat.refusals() == ["stranger"]
    with municipality.transaction() as tx:
        assert [stranger for _, stranger, _ in acts(tx, "refused")] == [aad("okand")]


@pytest.mark.parametrize("verb", ["my_tasks", "open_form", "take_alert", "hand_in_report", "x"])
def test_a_stranger_who_presses_gets_the_same(municipality: Database, verb: str) -> None:
    chat = october(municipality)
    task = chat.task("AKT-1").id
    answer = chat.client("okand").forge(verb, {"task": task, "version": 0, "nonce": "d1"}, ANEW)
    assert (answer.text, answer.card) == (not_saved("stranger.refused"), None)
    assert chat.refusals() == ["stranger"]
    assert chat.versions("AKT-1") == []


def test_an_inactive_person_is_a_stranger(municipality: Database) -> None:
    with municipality.transaction() as tx:
        Register(tx).person("gunnar", active=False)
    chat = october(municipality)
    assert chat.client("gunnar").say("mina").text == SAY("stranger.refused")
    assert chat.refusals() == ["stranger"]


def now_is(chat: Chat, key: str, *, role: str, active: bool = True) -> None:
    """The register has another role for the person since the card was sent."""
    with chat.database.transaction() as tx:
        tx.connection.execute(update(person).where(person.c.key == key).values(role=role, active=active))


def test_a_role_that_was_removed_while_a_card_was_open_is_refused(municipality: Database) -> None:
    chat = october(municipality)
    anna = chat.client("anna").look()
    now_is(chat, "anna", role="admin")
    answer = anna.press(SAY("list.send"), dict.fromkeys(anna.inputs, "true"))
    assert (answer.card, answer.notice) == (None, not_saved("refused.role"))
    assert chat.refusals() == ["report"]
    assert chat.versions("AKT-1") == []


@pytest.mark.parametrize(("role", "active"), [("admin", True), ("worker", False)])
def test_an_answer_that_was_given_is_not_given_again_to_one_who_may_no_longer_have_it(
    municipality: Database, role: str, active: bool
) -> None:
    chat = october(municipality)
    anna = chat.client("anna").look()
    found, ticked = anna.button(SAY("list.send")), {f"normal{chat.task('AKT-1').id}": "true"}
    first = anna.send(found, ticked)
    assert "AKT-2" in str(first.card)
    now_is(chat, "anna", role=role, active=active)
    second = anna.send(found, ticked)
    assert second.card is None
    assert SAY("press.not_saved") not in f"{second.notice}{second.text}"
    assert len(chat.refusals()) == 1


def test_an_english_speaking_worker_is_asked_and_answered_in_english(municipality: Database) -> None:
    with municipality.transaction() as tx:
        adding = Register(tx)
        ellen_id = adding.person("ellen", language="en")
        adding.placement(ellen_id, UnitId(1), case="AKT-77", starts="2026-10-01")
    ellen = october(municipality).client("ellen").look()
    assert EN("greeting.prompt", name="Ellen") in ellen.words
    ellen.press(EN("list.open_form"), row="AKT-77")
    assert EN("report.feels_safe") in ellen.words
    ellen.press(EN("report.hand_in"))
    assert EN("form.missing") in ellen.words
    assert not any(sign in ellen.words.replace("Norrgården", "") for sign in "åäö")
    ellen.say("avvikelse")
    assert EN("signal.not_lex_sarah") in ellen.words
    assert ellen.say("läge").text == EN("refused.role")


def test_in_the_channel_nothing_of_a_child_is_answered(municipality: Database) -> None:
    chat = october(municipality)
    anna = chat.client("anna", channel=True)
    for text in ("mina", "rätta", "signal", "ledig"):
        assert anna.say(text).text == SAY("refused.channel")
    answer = anna.forge("open_form", {"task": chat.task("AKT-1").id})
    assert (answer.card, answer.notice) == (None, SAY("refused.channel"))
