"""What people type in their own words is answered by the command that they mean, or asked about with what is near."""

from datetime import date

import pytest
from sqlalchemy import text, update

from followup.questions.weeks import NoSuchWeek
from followup.times.month import Month, MonthName
from services.month.missing_reports import NOBODY
from storage.engine.database import Database
from storage.engine.tables import unit
from tests.support.builders import at
from tests.support.desk import alerted, open_alert, person_id
from tests.support.logged_acts import acts
from tests.support.turns import SAY, Client, october
from texts.named_spans import said_of


@pytest.mark.parametrize(
    ("key", "typed", "command"),
    [
        ("maria", "Hur går det för Norrgården?", "utförare Norrgården"),
        ("maria", "norrgården", "utförare Norrgården"),
        ("anna", "hur går det för Norrgården", "utförare Norrgården"),
        ("maria", "varför är Norrgården röd", "utförare Norrgården"),
        ("maria", "vilka har inte svarat", "obesvarade"),
        ("karin", "finns det några larm", "larm"),
        ("anna", "vad har jag kvar?", "mina"),
        ("anna", "jag är sjuk", "ledig"),
        ("anna", "vad kan du göra", "hjälp"),
    ],
)
def test_it_is_answered_as_the_command_is(municipality: Database, key: str, typed: str, command: str) -> None:
    client = october(municipality).client(key)
    client.say(command)
    as_command = client.words
    client.say(typed)
    assert client.words == as_command


def test_who_asks_how_it_was_is_told_that_what_is_shown_is_of_today(municipality: Database) -> None:
    maria = october(municipality).client("maria")
    maria.say("läge november")
    today = maria.chat.now.date()
    note = SAY("help.as_of_now", first=date(2026, 11, 1), last=today, day=today)
    assert note in maria.words
    assert SAY("status.as_of", day=today) in maria.words
    maria.say("läge")
    assert note not in maria.words


@pytest.mark.parametrize(
    "typed",
    [
        "obesvarade.",
        "”obesvarade”",
        '"Obesvarade"',
        "**obesvarade**",
        "ob\u200besvarade",
        "\ufeffobesvarade!",
        "<at>Uppföljaren</at> obesvarade",
        "@Uppföljaren obesvarade",
        "> vilka är kvar?\nobesvarade",
        "<blockquote>läge</blockquote>obesvarade",
        "/obesvarade",
    ],
)
def test_a_command_is_heard_through_what_clients_put_around_it(municipality: Database, typed: str) -> None:
    maria = october(municipality).client("maria")
    maria.say("obesvarade")
    as_command = maria.words
    maria.say("hjälp")
    maria.say(typed)
    assert maria.words == as_command


@pytest.mark.parametrize(
    ("key", "command", "typed"),
    [
        ("maria", "hjälp", "?"),
        ("maria", "läge", "la\u0308ge"),
        ("anna", "ledig", "“ledig”."),
        ("karin", "tröskel", "tro\u0308skel…"),
    ],
)
def test_letters_of_two_signs_are_heard_at_the_commands_start(
    municipality: Database, key: str, command: str, typed: str
) -> None:
    client = october(municipality).client(key)
    client.say(command)
    as_command = client.words
    client.say("hjälp")
    client.say(typed)
    assert client.words == as_command


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("påminn mig på torsdag", "2026-11-05"),
        ("påminn mig i övermorgon", "2026-11-04"),
        ("påminn mig 10/11", "2026-11-10"),
        ("kan du påminna mig den 10 november", "2026-11-10"),
        ("påminn mig nästa måndag", "2026-11-09"),
        ("remind me in two days", "2026-11-04"),
    ],
)
def test_a_reminder_comes_on_the_day_that_was_named(municipality: Database, typed: str, day: str) -> None:
    anna = october(municipality).client("anna")
    anna.say(typed)
    assert SAY("snooze.done", day=SAY.weekday(date.fromisoformat(day))) in anna.words


def test_a_leave_begins_and_ends_on_the_days_that_were_named(municipality: Database) -> None:
    anna = october(municipality).client("anna")
    anna.say("ledig från 10/12 till 4 januari")
    assert (anna.inputs["starts"], anna.inputs["ends"]) == ("2026-12-10", "2027-01-04")
    anna.say("jag är borta nästa fredag")
    assert anna.inputs["starts"] == "2026-11-13"


@pytest.mark.parametrize(
    ("key", "command", "typed"),
    [("maria", "obesvarade", "obesvarade i oktober"), ("karin", "larm", "larm i oktober")],
)
def test_a_word_of_a_command_with_a_month_beside_it_says_that_it_shows_today(
    municipality: Database, key: str, command: str, typed: str
) -> None:
    client = october(municipality).client(key)
    client.say(command)
    alone, today = client.words, client.chat.now.date()
    client.say(typed)
    now = SAY("help.shown_now", day=today)
    note = f"{SAY('help.as_of_now', first=date(2026, 10, 1), last=date(2026, 10, 31))} {now}"
    assert client.words.replace(f"{note}\n", "") == alone != client.words
    client.say(f"{typed} och mars 2025")
    note = f"{SAY('help.only_now')} {now}"
    assert client.words.replace(f"{note}\n", "") == alone != client.words
    client.say(f"{command} vecka 53 2027")
    note = f"{said_of(NoSuchWeek(2027, 53), SAY)} {now}"
    assert client.words.replace(f"{note}\n", "") == alone != client.words


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("maria", "avvikelser vecka 53 2027", "År 2027 har ingen vecka 53. Årets sista vecka är vecka 52, "),
        (
            "anna",
            "jag är ledig vecka 52–53 2027",
            "sista vecka är vecka 52, 27 december 2027–2 januari 2028.",
        ),
        ("anna", "ledig vecka 60", "År 2026 har ingen vecka 60. Årets sista vecka är vecka 53, "),
        ("anna", "påminn mig vecka 0", "År 2026 har ingen vecka 0."),
        ("anna", "påminn mig vecka 46", SAY("snooze.done", day=SAY.weekday(date(2026, 11, 9)))),
        ("maria", "klagomål nästa halvår", "1 januari 2027–30 juni 2027. Den tiden har inte börjat än."),
        # Known by the end of a month alone.
        ("maria", "läge vecka 10", SAY("help.as_of_now", first=date(2026, 3, 2), last=date(2026, 3, 8))),
        ("karin", "larm utan ansvarig", SAY("narrowed.untaken")),
        ("karin", "vilka signaler är försenade", SAY("signals.list.title_of", words="försenade")),
    ],
)
def test_what_is_asked_for_otherwise_than_it_can_be_shown_is_said_with_what_is_shown(
    municipality: Database, key: str, typed: str, said: str
) -> None:
    client = october(municipality).client(key)
    client.say(typed)
    assert said in client.words


@pytest.mark.parametrize(
    ("key", "typed", "whole"),
    [
        ("karin", "underlag Södergården", True),
        ("karin", "varför är Södergården röd", True),
        # It has no open alert.
        ("karin", "underlag Norrgården", True),
        ("maria", "underlag Södergården", False),
        ("maria", "underlag Norrgården", False),
        ("anna", "underlag Norrgården", False),
    ],
)
def test_the_team_alone_reads_the_whole_evidence_of_a_unit(
    municipality: Database, key: str, typed: str, whole: bool
) -> None:
    client = alerted(municipality).client(key)
    client.say(typed)
    home, code = ("Norrgården", "NORR") if "Norrgården" in typed else ("Södergården", "SYD")
    assert (SAY("evidence.title", unit=home) in client.words) is whole
    with municipality.transaction() as tx:
        read = {subject for _, _, subject in acts(tx, "read")}
    assert (f"evidence:unit:{code}" in read) is whole
    if key == "karin":
        client.forge("unit_evidence", {"unit": 999})
        assert SAY("provider.unknown") in client.words
    assert SAY("help.not_understood") not in client.words


@pytest.mark.parametrize("typed", ["vad betyder intygande", "intygande", "what does the statement mean"])
def test_what_a_statement_is_is_explained_in_its_own_words(municipality: Database, typed: str) -> None:
    anna = october(municipality).client("anna")
    anna.say(typed)
    assert SAY("list.statement", month=MonthName(Month(2026, 10))) in anna.words
    assert SAY("list.explained.form") in anna.words
    # Each of the reasons for which a row asks for the form.
    reasons = ("första månaden", "utan rapport", "med oro", "i rad", "placeringen har avslutats")
    assert all(one in SAY("list.explained.form") for one in reasons)
    anna.press(SAY("command.my_tasks"))
    assert SAY("list.send") in anna.buttons


@pytest.mark.parametrize("typed", ["norrgården", "hur går det för norra", "norra?", "norras"])
def test_a_home_is_known_by_what_its_name_begins_with_where_no_other_providers_does(
    municipality: Database, typed: str
) -> None:
    with municipality.transaction() as tx:
        tx.connection.execute(update(unit).where(unit.c.key == "SYD").values(name="Norra Ängen"))
    maria = october(municipality).client("maria")
    maria.say(typed)
    assert ("Norrgården" if "gården" in typed else "Norra Ängen") in maria.words
    assert SAY("help.not_understood") not in maria.words


def test_a_figure_that_is_not_counted_here_is_said_to_be_so_with_what_is_near(municipality: Database) -> None:
    maria = october(municipality).client("maria")
    maria.say("hur många barn under 16")
    assert SAY("help.not_here", asked=SAY("help.asked.child_count")) in maria.words
    assert SAY("command.figures.does") in maria.words


@pytest.mark.parametrize(
    ("key", "typed", "near", "question"),
    [
        ("maria", "kan du påminna Kerstin", "remind_worker", "påminn NAMN"),
        (
            "maria",
            "hur många orosanmälningar har kommit in i höst",
            "figures",
            "hur många har svarat i oktober?",
        ),
        ("karin", "vilka larm gäller ekonomin", "alerts", "finns det några larm?"),
        ("anna", "får jag semester utomlands", "leave_form", "jag är ledig"),
    ],
)
def test_what_is_not_understood_is_asked_about_with_questions_by_what_its_words_mean(
    municipality: Database, key: str, typed: str, near: str, question: str
) -> None:
    client = october(municipality).client(key)
    client.say(typed)
    assert SAY("help.not_understood") in client.words
    assert SAY(f"command.{near}.does") in client.words
    assert SAY("help.question", asked=question) in client.words


def test_a_worker_who_asks_what_managers_ask_is_answered_of_her_own_or_asked_what_she_meant(
    municipality: Database,
) -> None:
    anna = october(municipality).client("anna")
    anna.say("mina")
    own = anna.words
    for typed in ("vilka har inte svarat", "läge oktober", "hur många avvikelser i år", "visa öppna larm"):
        anna.say(typed)
        is_asked = SAY("help.not_understood") in anna.words
        assert is_asked or SAY("refused.role") in anna.words or own in anna.words, typed


def test_thanks_are_answered_with_a_word_and_nothing_else(municipality: Database) -> None:
    anna = october(municipality).client("anna")
    assert anna.say("tack!").text == SAY("help.thanks")
    assert anna.say("tack så mycket").text == SAY("help.thanks")


def test_a_list_is_narrowed_to_what_is_asked_for_and_denies_nothing_else(municipality: Database) -> None:
    """`narrowed.`: of the open alerts those of a home, her own, those that nobody has, and those taken too late."""
    chat = alerted(municipality)
    karin, maria = chat.client("karin"), chat.client("maria")
    shown, not_one = "Larm L-1", SAY("narrowed.none", n=1)

    def asked(client: Client, typed: str) -> tuple[bool, bool]:
        client.say(typed)
        return shown in client.words, not_one in client.words

    for client in (karin, maria):
        assert asked(client, "larm för Södergården") == (True, False)
        assert asked(client, "har Norrgården några öppna larm?") == (False, True)
        assert SAY("narrowed.shows", what="Norrgården") in client.words
        # Of two homes both are shown, and that is said.
        assert asked(client, "larm för Norrgården och Södergården") == (True, False)
        assert SAY("narrowed.shows", what="Norrgården, Södergården") in client.words
        assert SAY("alerts.none") not in client.words
    assert asked(karin, "mina larm") == (False, True)
    assert asked(karin, "vilka larm är inte tagna") == (True, False)
    assert asked(karin, "larm som är försenade") == (False, True)
    chat.now = at("2026-11-10 09:00")
    assert asked(karin, "sena larm") == (True, False)
    open_alert(chat).press(SAY("alert.take"))
    assert asked(karin, "mina larm") == (True, False)
    assert asked(karin, "vilka larm är inte tagna") == (False, True)
    assert asked(chat.client("kim"), "mina larm") == (False, True)
    for typed, none in (("mina åtgärder", "actions.none"), ("försenade uppföljningar", "follow_ups.none")):
        karin.say(typed)
        assert SAY(none) in karin.words
        assert not_one not in karin.words


def test_late_and_own_actions_and_follow_ups_are_those_of_the_list(municipality: Database) -> None:
    chat = alerted(municipality)
    karin = chat.client("karin")
    open_alert(chat).press(SAY("follow_up.open"))
    karin.say("mina uppföljningar")
    mine = "UF-1" in karin.words
    karin.say("försenade uppföljningar")
    assert ("UF-1" in karin.words, SAY("narrowed.none", n=1) in karin.words) == (False, True)
    kim = chat.client("kim")
    kim.say("mina uppföljningar")
    assert (mine, "UF-1" in kim.words) in ((True, False), (False, True))


@pytest.mark.parametrize("ownerless", [True, False])
def test_who_asks_what_nobody_answers_for_is_led_to_where_it_is_handed_over(
    municipality: Database, *, ownerless: bool
) -> None:
    chat = october(municipality)
    if ownerless:
        with municipality.transaction() as tx:
            tx.connection.execute(text("update person set active = false where key = 'bilal'"))
    maria = chat.client("maria")
    maria.say("vilka placeringar saknar handläggare")
    assert (SAY("hand_over.none_ownerless") in maria.words) is not ownerless
    assert (SAY("hand_over.about") in maria.words) is ownerless
    if ownerless:
        assert maria.inputs["from"] == NOBODY
        maria.press(SAY("hand_over.send"), {"to": str(person_id(chat, "anna"))})
        assert SAY("hand_over.nobody") not in maria.words
        maria.say("vilka placeringar saknar handläggare")
        assert SAY("hand_over.none_ownerless") in maria.words
