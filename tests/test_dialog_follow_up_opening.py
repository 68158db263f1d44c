"""A follow-up without a selection or an alert: opened by the quality team, from the list or a unit's card."""

from datetime import date

import pytest
from sqlalchemy import update

from followup.follow_ups.follow_up import FollowUp
from storage.engine.database import Database
from storage.engine.tables import person
from storage.follow_ups import follow_ups
from tests.support.builders import at
from tests.support.turns import SAY, Chat, Client, logged
from texts.catalogue import Texts

NOW = "2026-11-23 12:00"


@pytest.fixture
def chat(municipality: Database) -> Chat:
    return Chat(municipality, at(NOW))


def form(chat: Chat, say: Texts = SAY) -> Client:
    karin = chat.client("karin")
    karin.say("uppföljningar")
    karin.press(say("follow_up.new"))
    return karin


def stored(chat: Chat) -> list[FollowUp]:
    with chat.database.transaction() as tx:
        return follow_ups.open_ones(tx)


@pytest.mark.parametrize("typed", ["Södergården", "södergården ", "SYD"])
def test_it_is_opened_by_the_units_name_or_code(chat: Chat, typed: str) -> None:
    karin = form(chat)
    karin.press(SAY("follow_up.open"), {"unit": typed})
    [one] = stored(chat)
    assert (one.unit_id, one.cycle_id, one.alert_id, one.step) == (2, None, None, "analyse")
    assert SAY("follow_up.opened", number=one.number) in karin.words
    assert SAY("follow_up.why.ad_hoc", day=date(2026, 11, 23)) in karin.words
    with chat.database.transaction() as tx:
        assert f"follow_up:{one.id}" in logged(tx, "write")


def test_a_unit_that_is_being_followed_up_shows_that_follow_up(chat: Chat) -> None:
    for _ in range(2):
        karin = form(chat)
        karin.press(SAY("follow_up.open"), {"unit": "SYD"})
    assert len(stored(chat)) == 1
    assert SAY("follow_up.open_already", number="UF-1") in karin.words


@pytest.mark.parametrize("typed", ["", "gården", "Havsro"])
def test_a_name_that_is_no_units_opens_nothing_and_says_which_there_are(chat: Chat, typed: str) -> None:
    karin = form(chat)
    karin.press(SAY("follow_up.open"), {"unit": typed})
    assert stored(chat) == []
    assert karin.inputs == {"unit": typed}
    assert ("Norrgården (NORR)" in karin.words) == bool(typed)


def test_the_units_card_leads_to_it_for_the_quality_team_alone(chat: Chat) -> None:
    karin, maria = chat.client("karin"), chat.client("maria")
    for client in (karin, maria):
        client.say("utförare Södergården")
    assert SAY("follow_up.new") not in maria.buttons
    karin.press(SAY("follow_up.new"))
    assert karin.inputs == {"unit": "Södergården"}


def test_it_is_done_in_english_too(chat: Chat) -> None:
    with chat.database.transaction() as tx:
        tx.connection.execute(update(person).where(person.c.key == "karin").values(language="en"))
    say = Texts("en")
    form(chat, say).press(say("follow_up.open"), {"unit": "SYD"})
    assert say("follow_up.opened", number="UF-1") in chat.client("karin").words
