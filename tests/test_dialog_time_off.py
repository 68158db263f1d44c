"""Being reminded on a day of one's own choice, and being away with a substitute."""

import pytest

from followup.times.calendar import municipal_day
from storage.engine.database import Database
from storage.month import rounds
from storage.register import people
from tests.support.builders import Register, at
from tests.support.turns import ANEW, SAY, Chat, Client, october


def snoozed_to(chat: Chat, key: str = "anna") -> str | None:
    """The last day that was asked for, in the round about October."""
    round_id = chat.task("AKT-1").round_id
    with chat.database.transaction() as tx:
        person = people.by_key(tx, key)
        assert person is not None
        found = rounds.snoozes(tx, round_id).get(person.id)
    return municipal_day(found[1]).isoformat() if found else None


def number_of(chat: Chat, key: str) -> str:
    with chat.database.transaction() as tx:
        person = people.by_key(tx, key)
    assert person is not None
    return str(person.id)


def away(client: Client, starts: str, ends: str, substitute: str = "bilal") -> None:
    client.say("ledig")
    typed = {"starts": starts, "ends": ends, "substitute": number_of(client.chat, substitute)}
    client.press(SAY("leave.send"), typed)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("påminn mig på torsdag", "2026-11-05"),
        ("Påminn mig på TORSDAG", "2026-11-05"),
        ("påminn mig imorgon", "2026-11-03"),
        ("påminn mig på måndag", "2026-11-09"),
        ("påminn mig på lördag", "2026-11-09"),
        ("påminn mig på söndag", "2026-11-09"),
    ],
)
def test_a_typed_day_is_taken_at_its_word_on_working_days(
    municipality: Database, typed: str, day: str
) -> None:
    anna = october(municipality).client("anna")
    anna.say(typed)
    assert snoozed_to(anna.chat) == day
    assert SAY("snooze.done", day=SAY.weekday(at(day).date())) in anna.words


def test_without_a_day_the_working_days_until_the_deadline_are_offered(municipality: Database) -> None:
    anna = october(municipality).client("anna")
    anna.say("påminn")
    assert snoozed_to(anna.chat) is None
    assert SAY.weekday(at("2026-11-13").date()) in anna.words
    assert SAY.weekday(at("2026-11-07").date()) not in anna.words
    assert SAY.weekday(at("2026-11-16").date()) not in anna.words
    anna.press(SAY("snooze.send"), {"day": "2026-11-06"})
    assert snoozed_to(anna.chat) == "2026-11-06"


@pytest.mark.parametrize("day", ["2027-06-01", "9999-12-31"])
def test_nothing_waits_longer_than_the_last_day_to_answer(municipality: Database, day: str) -> None:
    anna = october(municipality).client("anna")
    anna.forge("snooze", {}, {"day": day})
    assert snoozed_to(anna.chat) == "2026-11-13"
    assert SAY("snooze.done", day=SAY.weekday(at("2026-11-13").date())) in anna.words


@pytest.mark.parametrize("day", ["", "x", "2020-01-01", "2026-02-30"])
def test_a_day_that_will_not_do_is_tomorrow(municipality: Database, day: str) -> None:
    anna = october(municipality).client("anna")
    anna.forge("snooze", {}, {"day": day})
    assert snoozed_to(anna.chat) == "2026-11-03"


@pytest.mark.parametrize("typed", ["påminn", "påminn mig på torsdag"])
def test_after_the_deadline_there_is_no_later_day(municipality: Database, typed: str) -> None:
    anna = october(municipality).client("anna")
    anna.chat.now = at("2026-11-16 09:00")
    anna.say(typed)
    assert SAY("snooze.too_late") in anna.words
    assert snoozed_to(anna.chat) is None


def test_on_the_last_day_tomorrow_is_too_late(municipality: Database) -> None:
    anna = october(municipality).client("anna")
    anna.chat.now = at("2026-11-13 09:00")
    anna.say("påminn mig imorgon")
    assert SAY("snooze.too_late") in anna.words
    assert snoozed_to(anna.chat) is None


def test_who_asked_to_wait_is_not_reminded_before(municipality: Database) -> None:
    chat = october(municipality)
    anna = chat.client("anna")
    anna.say("påminn mig på fredag")
    chat.wake("2026-11-04 08:00")
    assert [one.kind for one in anna.shown] == ["prompt"]
    chat.wake("2026-11-06 08:00")
    assert [one.kind for one in anna.shown] == ["prompt", "snoozed"]


def test_while_away_the_substitute_has_the_tasks_and_then_they_come_back(municipality: Database) -> None:
    chat = october(municipality)
    anna, bilal = chat.client("anna"), chat.client("bilal")
    away(anna, "2026-11-02", "2026-11-04")
    assert "Bilal Test" in anna.words
    anna.say("mina")
    assert SAY("list.nothing") in anna.words
    bilal.say("mina")
    assert "AKT-1" in bilal.words
    bilal.press(SAY("list.open_form"), row="AKT-1")
    bilal.press(SAY("report.hand_in"), ANEW)
    chat.now = at("2026-11-05 00:01")
    bilal.say("mina")
    anna.say("mina")
    assert "AKT-2" not in bilal.words
    assert "AKT-2" in anna.words
    assert len(chat.versions("AKT-1")) == 1


def test_a_form_that_was_open_when_the_substitute_took_over_stores_nothing(municipality: Database) -> None:
    chat = october(municipality)
    anna = chat.client("anna").look()
    anna.press(SAY("list.open_form"), row="AKT-1")
    old = Client(chat, "anna", card=anna.card)
    away(anna, "2026-11-02", "2026-11-04")
    assert old.press(SAY("report.hand_in"), ANEW).notice == SAY("report.not_saved")
    assert chat.versions("AKT-1") == []


def test_coming_back_early_gives_the_tasks_back(municipality: Database) -> None:
    anna = october(municipality).client("anna")
    away(anna, "2026-11-02", "2026-11-20")
    anna.say("ledig")
    anna.press(SAY("leave.cancel"))
    assert SAY("leave.cancelled") in anna.words
    anna.say("mina")
    assert "AKT-1" in anna.words
    anna.say("ledig")
    assert SAY("leave.cancel") not in anna.words


def test_a_span_said_in_words_fills_in_the_first_day_and_the_last(municipality: Database) -> None:
    anna = october(municipality).client("anna")
    for typed, starts, ends in (
        ("jag är ledig hela nästa vecka", "2026-11-09", "2026-11-15"),
        ("jag är ledig 3–7 mars", "2027-03-03", "2027-03-07"),
        ("ledig på fredag till tisdag", "2026-11-06", "2026-11-10"),
        ("I am away next week", "2026-11-09", "2026-11-15"),
    ):
        anna.say(typed)
        assert (anna.inputs["starts"], anna.inputs["ends"]) == (starts, ends), typed


@pytest.mark.parametrize(
    ("starts", "ends", "problem"),
    [
        ("", "2026-11-04", "form.not_a_date"),
        ("2026-11-02", "2026-02-30", "form.not_a_date"),
        ("2026-11-04", "2026-11-03", "leave.ends_first"),
        ("2026-10-01", "2026-10-31", "leave.ends_odd"),
        ("2026-11-02", "2028-01-01", "leave.ends_odd"),
    ],
)
def test_days_that_will_not_do_are_told_and_kept(
    municipality: Database, starts: str, ends: str, problem: str
) -> None:
    anna = october(municipality).client("anna")
    away(anna, starts, ends)
    assert SAY(problem) in anna.words
    assert (anna.inputs["starts"], anna.inputs["ends"]) == (starts, ends)
    anna.say("mina")
    assert "AKT-1" in anna.words


@pytest.mark.parametrize("key", ["anna", "maria", "karin", "gunnar"])
def test_the_substitute_is_an_active_colleague_and_nobody_else(municipality: Database, key: str) -> None:
    with municipality.transaction() as tx:
        Register(tx).person("gunnar", active=False)
    anna = october(municipality).client("anna")
    away(anna, "2026-11-02", "2026-11-04", key)
    assert SAY("form.missing") in anna.words
    assert f"{key.capitalize()} Test" not in anna.words


def test_a_colleague_who_is_away_then_cannot_stand_in(municipality: Database) -> None:
    with municipality.transaction() as tx:
        Register(tx).person("cia")
    chat = october(municipality)
    away(chat.client("bilal"), "2026-11-04", "2026-11-10", "cia")
    anna = chat.client("anna")
    away(anna, "2026-11-02", "2026-11-04")
    assert SAY("leave.substitute_away", name="Bilal Test") in anna.words
    away(anna, "2026-11-02", "2026-11-03")
    assert SAY("leave.back") in anna.words
