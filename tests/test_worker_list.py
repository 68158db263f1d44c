"""What a worker reads in her list, in either language: the statement once, each child by name, several months."""

from datetime import date

import pytest
from sqlalchemy import update

from bot.local.terminal import inputs_of
from followup.month.report import STAND_IN_STATEMENT
from followup.people import Leave
from followup.times.month import Month, MonthName
from storage.engine.database import Database
from storage.engine.tables import person
from storage.month import rounds
from storage.register import people
from tests.support.builders import at
from tests.support.turns import Chat, Client, october
from texts.catalogue import LANGUAGES, Texts, capital

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)


@pytest.fixture(params=LANGUAGES)
def say(request: pytest.FixtureRequest, municipality: Database) -> Texts:
    """Everybody in the municipality speaks the language."""
    with municipality.transaction() as tx:
        tx.connection.execute(update(person).values(language=request.param))
    return Texts(request.param)


def labels(client: Client) -> list[str]:
    return [one.label for one in inputs_of(client.card)]


def away(chat: Chat, key: str, substitute: str, starts: str, ends: str) -> None:
    with chat.database.transaction() as tx:
        one, other = people.by_key(tx, key), people.by_key(tx, substitute)
        assert one is not None
        assert other is not None
        leave = Leave(one.id, date.fromisoformat(starts), date.fromisoformat(ends), other.id)
        people.record_leave(tx, leave, chat.now)


def asked_of_november_too(chat: Chat, *cases: str) -> None:
    placed = [chat.task(case).placement.id for case in cases]
    with chat.database.transaction() as tx:
        opened = rounds.open_round(tx, NOVEMBER, chat.now, at("2026-12-14 23:59"), at("2027-01-04"))
        for one in placed:
            rounds.add_task(tx, opened.id, one)


def test_the_statement_stands_once_and_each_tick_box_names_its_child_and_home(
    municipality: Database, say: Texts
) -> None:
    anna = october(municipality).client("anna").look()
    statement = say("list.statement", month=MonthName(OCTOBER))
    assert anna.words.count(statement) == 1
    assert anna.words.index(statement) < anna.words.index("AKT-1")
    assert anna.words.count(say("list.how")) == 1
    assert labels(anna) == ["AKT-1, Norrgården", "AKT-2, Norrgården", "AKT-3, Södergården"]


def test_a_stand_in_states_what_he_knows_and_no_talk_that_he_has_not_had(
    municipality: Database, say: Texts
) -> None:
    chat = october(municipality)
    away(chat, "anna", "bilal", "2026-11-02", "2026-11-13")
    bilal = chat.client("bilal")
    bilal.say("mina")
    own, as_substitute = (
        bilal.words.index(say(f"list.statement{which}", month=MonthName(OCTOBER)))
        for which in ("", "_substitute")
    )
    assert own < bilal.words.index("AKT-4") < as_substitute < bilal.words.index("AKT-1")
    assert labels(bilal)[2] == say("list.for", home="AKT-1, Norrgården", name="Anna Test")
    bilal.press(say("list.send"), dict.fromkeys(bilal.inputs, "true"))
    talked = {case: chat.versions(case)[0].answers["spoken_alone"] for case in ("AKT-1", "AKT-4")}
    assert talked == {"AKT-1": "no", "AKT-4": "yes"}
    assert STAND_IN_STATEMENT.items() <= chat.versions("AKT-1")[0].answers.items()


def test_two_months_in_one_list_have_each_their_heading_last_day_and_count(
    municipality: Database, say: Texts
) -> None:
    chat = october(municipality)
    asked_of_november_too(chat, "AKT-1", "AKT-2")
    anna = chat.client("anna")
    anna.say("mina")
    october_day, november_day = say.weekday(date(2026, 11, 13)), say.weekday(date(2026, 12, 14))
    first = capital(say("list.month", month=OCTOBER, n=3, all=3, day=october_day))
    second = capital(say("list.month", month=NOVEMBER, n=2, all=2, day=november_day))
    assert anna.words.index(first) < anna.words.index("AKT-3") < anna.words.index(second)
    assert labels(anna)[0] == f"AKT-1, Norrgården, {say.write(OCTOBER)}"
    assert say("list.form_needed.gap") in anna.words.split(second)[1]
    anna.press(say("list.send"), dict.fromkeys(anna.inputs, "true"))
    assert say("list.title", month=NOVEMBER) in anna.words
    assert say("list.progress", n=2, all=2, day=november_day) in anna.words


def test_what_is_late_says_until_when_it_can_still_be_handed_in(municipality: Database, say: Texts) -> None:
    anna = october(municipality).client("anna")
    anna.chat.now = at("2026-11-16 09:00")
    anna.say("mina")
    closes = say.weekday(date(2026, 12, 1))
    assert say("list.progress_late", n=3, all=3, day=closes) in anna.words
