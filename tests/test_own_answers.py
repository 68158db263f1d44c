"""What a worker has answered before, as she reads it in either language, and what of it she corrects or takes back."""

from datetime import date

import pytest
from sqlalchemy import update

from followup.times.month import Month, MonthName
from storage.engine.database import Database
from storage.engine.tables import person, placement
from storage.register import people
from tests.support.builders import Register, at
from tests.support.turns import ANEW, Chat, Client, october
from texts.catalogue import LANGUAGES, Texts

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)


@pytest.fixture(params=LANGUAGES)
def say(request: pytest.FixtureRequest, municipality: Database) -> Texts:
    """Everybody in the municipality speaks the language."""
    with municipality.transaction() as tx:
        tx.connection.execute(update(person).values(language=request.param))
    return Texts(request.param)


def anna_with_october(municipality: Database, say: Texts) -> Client:
    """One by a form, one by statement, and the third is left."""
    anna = october(municipality).client("anna").look()
    anna.press(say("list.open_form"), row="AKT-1")
    anna.press(say("report.hand_in"), ANEW)
    anna.press(say("list.send"), {f"normal{anna.chat.task('AKT-2').id}": "true"})
    return anna


def test_her_answers_are_listed_by_month_and_shown_as_they_were_given(
    municipality: Database, say: Texts
) -> None:
    anna = anna_with_october(municipality, say)
    anna.say("svar")
    months = [anna.words.index(say.write(month)) for month in (OCTOBER, SEPTEMBER)]
    assert months == sorted(months)
    assert anna.words.count(say("answers.by_statement")) == 1
    assert "AKT-4" not in anna.words
    anna.say("AKT-3")
    assert say("answers.left", month=OCTOBER, day=date(2026, 11, 13)) in anna.words
    anna.press(say("list.open_form"), row="AKT-3")
    assert "spoken_alone" in anna.inputs
    anna.say("svar")
    anna.press(say("answers.show"), row="AKT-2")
    assert say("answers.by_you", day=date(2026, 11, 2)) in anna.words
    assert say("report.spoken_alone.in_month", month=MonthName(OCTOBER)) in anna.words
    assert anna.inputs == {}
    anna.press(say("correct.open"))
    assert say("correct.which") in anna.words
    # What is handed in as it stood is not said to be corrected; one answer that is changed is.
    one = say("report.health")
    for value, versions in (("ok", 1), ("watch", 2)):
        anna.press(say("correct.change"), row=one)
        anna.press(say("report.hand_in"), {"health": value})
        corrected = say("report.corrected", case="AKT-2", month=OCTOBER, version=2) in anna.words
        assert (len(anna.chat.versions("AKT-2")), corrected) == (versions, versions == 2)
        anna.say("rätta AKT-2")
        anna.press(say("correct.open"))


@pytest.mark.parametrize("typed", ["vad svarade jag i september", "svar september", "answers september"])
def test_a_closed_month_is_read_and_not_corrected(municipality: Database, say: Texts, typed: str) -> None:
    anna = anna_with_october(municipality, say)
    anna.say(typed)
    anna.press(say("answers.show"), row="AKT-3")
    assert say("report.about", unit="Södergården", month=SEPTEMBER) in anna.words
    assert say("answers.closed") in anna.words
    assert anna.buttons == [say("answers.back")]


@pytest.mark.parametrize("typed", ["AKT-1", "akt-1?", "räven", "vad svarade jag om räven", "svar AKT-1"])
def test_a_child_alone_is_asked_about_by_reference_or_own_word(
    municipality: Database, say: Texts, typed: str
) -> None:
    anna = anna_with_october(municipality, say)
    with municipality.transaction() as tx:
        sealed = tx.vault.seal("Räven")
        named = update(placement).where(placement.c.case_reference == "AKT-1")
        tx.connection.execute(named.values(alias=sealed))
    anna.say(typed)
    assert "AKT-1 (Räven)" in anna.words
    assert "AKT-2" not in anna.words


def test_another_who_answers_for_the_child_by_now_reads_who_answered(
    municipality: Database, say: Texts
) -> None:
    anna = anna_with_october(municipality, say)
    anna.say("svar")
    old = Client(anna.chat, "anna", card=anna.card)
    moved(anna.chat, "AKT-1", "bilal")
    assert old.press(say("answers.show"), row="AKT-1").notice == say("report.not_yours")
    bilal = anna.chat.client("bilal")
    bilal.say("AKT-1")
    bilal.press(say("answers.show"), row="AKT-1")
    assert say("answers.by", name="Anna Test", day=date(2026, 11, 2)) in bilal.words


def moved(chat: Chat, case: str, to: str) -> None:
    placement_id = chat.task(case).placement.id
    with chat.database.transaction() as tx:
        one = people.by_key(tx, to)
        assert one is not None
        Register(tx).owner(placement_id, one.id, since="2026-11-01")


def test_what_fits_nothing_and_what_there_is_none_of_are_told_apart(
    municipality: Database, say: Texts
) -> None:
    with municipality.transaction() as tx:
        Register(tx).person("cia", language=say.language)
    chat = october(municipality)
    chat.client("anna").say("svar AKT-99")
    assert say("answers.nothing_fits") in chat.client("anna").words
    chat.client("cia").say("svar")
    assert say("answers.nothing") in chat.client("cia").words


def test_her_leave_and_her_snooze_are_shown_and_taken_back(municipality: Database, say: Texts) -> None:
    chat = october(municipality)
    anna = chat.client("anna")
    anna.say("påminn mig om två veckor")
    assert say("snooze.done", day=say.weekday(date(2026, 11, 13))) in anna.words
    assert say("snooze.last_day", day=date(2026, 11, 16)) in anna.words
    anna.say("påminn")
    anna.press(say("snooze.send"), {"day": "2026-11-06"})
    anna.say("mina")
    assert say("snooze.standing", day=say.weekday(date(2026, 11, 6))) in anna.words
    chat.now = at("2026-11-06 09:00")
    anna.say("svar")
    assert say("snooze.cancel") not in anna.buttons
    chat.now = at("2026-11-02 09:00")
    anna.say("mina")
    anna.press(say("snooze.cancel"))
    assert say("snooze.cancelled") in anna.words
    chat.wake("2026-11-04 08:00")
    assert [one.kind for one in anna.shown] == ["prompt", "reminder"]
    anna.say("ledig")
    with municipality.transaction() as tx:
        bilal = people.by_key(tx, "bilal")
    assert bilal is not None
    anna.press(say("leave.send"), {"starts": "2026-11-04", "ends": "2026-11-05", "substitute": str(bilal.id)})
    chat.now = at("2026-11-04 10:00")
    anna.say("mina")
    assert say("leave.not_answered", name="Bilal Test") in anna.words
    anna.press(say("leave.cancel"))
    anna.say("svar")
    assert say("leave.cancel") not in anna.buttons
    assert say("snooze.cancel") not in anna.buttons
