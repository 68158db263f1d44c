"""Clocks in chat: a worker records with day and body what only a committee decides, and her manager sees it."""

import re
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import insert, select, update

from dialogs.clocks.clock_messages import contract_asked_card
from dialogs.forms.lists import MOST_ROWS
from followup.messages.clocks import ContractAsked
from services.acting import Reader
from services.clocks.recording import CHECKLISTS
from storage.clocks import done
from storage.engine.clock_tables import clock_done, clock_seen, plan_check
from storage.engine.database import Database
from storage.engine.tables import contract, ownership, person, placement, unit
from storage.register import people
from tests.support.builders import aad, at
from tests.support.turns import SAY, Chat, logged

MEETING = {"done_on": "2026-10-20", "body": "Sociala utskottet"}
ROW = "AKT-1: övervägande"


@pytest.fixture
def chat(municipality: Database) -> Chat:
    return Chat(municipality, at("2026-11-02"))


def stored(chat: Chat) -> list[tuple[str, date, str | None, bool]]:
    columns = (clock_done.c.clock, clock_done.c.done_on, clock_done.c.body, clock_done.c.withdrawn)
    with chat.database.transaction() as tx:
        return [tuple(row) for row in tx.connection.execute(select(*columns).order_by(clock_done.c.id))]


def set_to(chat: Chat, case: str = "AKT-1", **values: object) -> None:
    with chat.database.transaction() as tx:
        tx.connection.execute(update(placement).where(placement.c.case_reference == case).values(**values))


def test_a_worker_sees_her_own_clocks_with_their_last_days_and_nobody_elses(chat: Chat) -> None:
    anna = chat.client("anna")
    anna.say("frister")
    assert "AKT-1: övervägande" in anna.words and "senast 1 juli 2025" in anna.words
    assert "22 kap. 13 § SoL" in anna.words
    assert "AKT-4" not in anna.words
    with chat.database.transaction() as tx:
        assert [one for one in logged(tx, "read") if one.startswith("clocks:")]


def test_it_is_done_with_the_meetings_day_and_who_decided_and_the_next_time_runs(chat: Chat) -> None:
    anna = chat.client("anna")
    anna.say("frister")
    anna.press(SAY("clock.done"), row=ROW)
    assert "30 kap. 6–7 §§ SoL" in anna.words
    anna.press(SAY("clock.save"), MEETING)
    assert "Sparat: övervägande den 20 oktober 2026." in anna.words
    assert stored(chat) == [("consideration", date(2026, 10, 20), "Sociala utskottet", False)]
    assert ROW not in [button.partition(": ")[2] for button in anna.buttons if button.startswith("Gjort")]
    with chat.database.transaction() as tx:
        assert [one for one in logged(tx, "write") if one.startswith("clock:")]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"done_on": "2026-10-20"}, SAY("form.missing")),
        ({"body": "Sociala utskottet"}, SAY("form.missing")),
        ({"done_on": "2026-11-03", "body": "Utskottet"}, SAY("form.future_date")),
        ({"done_on": "2026-02-30", "body": "Utskottet"}, SAY("form.not_a_date")),
        ({"done_on": "2024-12-01", "body": "Utskottet"}, "räknas inte för den här fristen"),
        ({"done_on": "2026-10-20", "body": "Om 20120229-2387"}, SAY("form.personal_number")),
        ({"done_on": "2026-10-20", "body": "u" * 101}, "högst 100 tecken"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_stored(
    chat: Chat, typed: dict[str, str], said: str
) -> None:
    anna = chat.client("anna")
    anna.say("frister")
    anna.press(SAY("clock.done"), row=ROW)
    anna.press(SAY("clock.save"), typed)
    assert said in anna.words
    assert stored(chat) == []


def test_the_same_form_handed_in_twice_is_one_meeting(chat: Chat) -> None:
    anna = chat.client("anna")
    anna.say("frister")
    anna.press(SAY("clock.done"), row=ROW)
    form = anna.card
    anna.press(SAY("clock.save"), MEETING)
    anna.card = form
    anna.press(SAY("clock.save"), MEETING)
    assert len(stored(chat)) == 1
    anna.card = form
    answer = anna.press(SAY("clock.save"), {**MEETING, "done_on": "2026-10-21"})
    assert len(stored(chat)) == 1 and SAY("clock.unknown") in answer.notice


def test_anothers_child_and_what_no_worker_may_say_are_refused(chat: Chat) -> None:
    bilal, karin = chat.client("bilal"), chat.client("karin")
    with chat.database.transaction() as tx:
        first = tx.connection.scalar(select(placement.c.id).where(placement.c.case_reference == "AKT-1"))
    for person_, code in (
        (bilal, "consideration"),
        (chat.client("anna"), "lvu_2_ends"),
        (karin, "consideration"),
    ):
        person_.forge("clock_done", {"placement": first, "clock": code, "due": "2025-07-01"}, MEETING)
    for bad in ("treatment_plan", "?", ""):
        chat.client("anna").forge("clock_done", {"placement": first, "clock": bad}, MEETING)
    assert stored(chat) == []
    with chat.database.transaction() as tx:
        assert len(logged(tx, "refused")) == 6


def test_what_was_said_by_mistake_is_taken_back_and_stands_in_the_history(chat: Chat) -> None:
    anna = chat.client("anna")
    anna.say("frister")
    anna.press(SAY("clock.done"), row=ROW)
    anna.press(SAY("clock.save"), MEETING)
    anna.press(SAY("clock.withdraw"), row=ROW)
    assert ROW in anna.words
    assert [one[3] for one in stored(chat)] == [False, True]
    bilal = chat.client("bilal")
    bilal.forge("clock_withdraw", {"done": 1})
    assert len(stored(chat)) == 2


def test_a_manager_sees_counts_and_what_her_people_recorded_and_no_child(chat: Chat) -> None:
    anna, maria = chat.client("anna"), chat.client("maria")
    anna.say("frister")
    anna.press(SAY("clock.done"), row=ROW)
    anna.press(SAY("clock.save"), MEETING)
    maria.say("frister")
    assert "Övervägande 4." not in maria.words and "övervägande 4" in maria.words.lower()
    assert "Anna Test" in maria.words and "Sociala utskottet" in maria.words
    assert "AKT-" not in maria.words and "Norrgården" not in maria.words
    assert "31 januari" in maria.words
    maria.press(SAY("clocks.see", n=1))
    assert SAY("clocks.seen_now", n=1) in maria.words and SAY("clocks.unseen") not in maria.words
    with chat.database.transaction() as tx:
        assert tx.connection.execute(select(clock_seen.c.done_id)).all() == [(1,)]
    anna.say("frister")
    assert SAY("clock.seen") in anna.words


def test_a_manager_sees_nothing_recorded_by_another_managers_people(chat: Chat) -> None:
    with chat.database.transaction() as tx:
        other = people.by_key(tx, "maria")
        assert other
        row = {"key": "olle", "name": "Olle Test", "role": "manager", "team": "Unga", "language": "sv"}
        tx.connection.execute(insert(person).values(**row, active=True, teams_id="olle"))
        first = tx.connection.scalar(select(placement.c.id).where(placement.c.case_reference == "AKT-1"))
        anna = people.by_key(tx, "anna")
        assert anna and first
        done.record(tx, first, "consideration", date(2026, 10, 20), "Utskottet", anna.id, at("2026-10-21"))
        tx.connection.execute(update(person).where(person.c.key == "olle").values(teams_id=aad("olle")))
    olle = chat.client("olle")
    olle.say("frister")
    assert "Anna" not in olle.words and SAY("clocks.no_placements") in olle.words
    olle.forge("clocks_seen", {"done": [1]})
    with chat.database.transaction() as tx:
        assert tx.connection.execute(select(clock_seen)).all() == []


def test_quality_and_administrators_are_not_shown_clocks(chat: Chat) -> None:
    karin = chat.client("karin")
    assert SAY("refused.role") in karin.say("frister").text


def test_a_plan_is_read_through_once_and_what_it_lacks_is_said(chat: Chat) -> None:
    set_to(chat, treatment_plan="finns", treatment_plan_on=date(2026, 10, 1))
    anna = chat.client("anna")
    anna.say("frister")
    anna.press(SAY("clock.read_through"), row="AKT-1: genomgång av genomförandeplanen")
    answers = {one.id: "yes" for one in CHECKLISTS["treatment_plan"]} | {"signed": "no"}
    anna.press(SAY("clock.save"), {})
    assert SAY("form.missing") in anna.words
    anna.press(SAY("clock.save"), answers)
    assert "Är planen underskriven?" in anna.words and SAY("clock.read_through") not in str(anna.buttons)
    with chat.database.transaction() as tx:
        assert tx.connection.execute(select(plan_check.c.plan_on)).all() == [(date(2026, 10, 1),)]
    set_to(chat, treatment_plan_on=date(2026, 10, 30))
    anna.say("frister")
    assert "genomgång av genomförandeplanen" in anna.words


def test_a_planned_placement_is_none_of_it(chat: Chat) -> None:
    set_to(chat, starts=date(2026, 12, 1))
    anna = chat.client("anna")
    anna.say("frister")
    assert "AKT-1:" not in anna.words


def test_clocks_hold_for_the_municipalitys_own_foster_homes_too(chat: Chat) -> None:
    with chat.database.transaction() as tx:
        tx.connection.execute(update(unit).where(unit.c.key == "NORR").values(form="kommunens_familjehem"))
    anna = chat.client("anna")
    anna.say("frister")
    assert ROW in anna.words and "AKT-1: avropsavtal" not in anna.words


def test_a_contract_is_on_its_own_persons_list_and_else_on_the_managers(chat: Chat) -> None:
    with chat.database.transaction() as tx:
        north = tx.connection.scalar(select(unit.c.id).where(unit.c.key == "NORR"))
        anna = people.by_key(tx, "anna")
        assert anna
        given = {"form": "framework", "law": "lou", "starts": date(2024, 1, 1)}
        for key, ends, owner in (
            ("A-1", date(2026, 12, 31), anna.id),
            ("A-2", date(2026, 11, 30), None),
            ("A-3", date(2027, 6, 30), None),
        ):
            row = {"key": key, "unit_id": north, "ends": ends, "owner_id": owner}
            tx.connection.execute(insert(contract).values(**given, **row))
    anna_, maria = chat.client("anna"), chat.client("maria")
    anna_.say("frister")
    maria.say("frister")
    assert "A-1" not in anna_.words, "the contract of June goes on"
    with chat.database.transaction() as tx:
        tx.connection.execute(contract.delete().where(contract.c.key == "A-3"))
    anna_.say("frister")
    maria.say("frister")
    assert "Avtal A-1, Norrgården" in anna_.words and "A-2" not in anna_.words
    assert "A-1" not in maria.words
    # More than a card shows, which she has been given at once: each is opened from her list, page by page.
    with chat.database.transaction() as tx:
        for number in range(10, 40):
            for key, owner in ((f"B-{number}", anna.id), (f"C-{number}", None)):
                row = {"key": key, "unit_id": north, "ends": date(2026, 12, 31), "owner_id": owner}
                tx.connection.execute(insert(contract).values(**given, **row))
        ids = tx.connection.scalars(select(contract.c.id).where(contract.c.owner_id == anna.id)).all()
        told = [ContractAsked(one, anna.id, anna.id) for one in ids]
        reader = Reader(tx, anna, chat.now)
        card = contract_asked_card(replace(told[0], others=tuple(told[1:])), reader, SAY)
    assert card is not None
    assert [one.verb for one in card.buttons] == ["clocks"]
    # A-2 goes on in one of the later ones.
    for who, number in ((maria, 30), (anna_, 31)):
        who.say("frister")
        seen = contracts_in(who.words)
        while more := [one for one in who.buttons if one.startswith("Visa ")]:
            who.press(more[0])
            assert not seen & contracts_in(who.words)
            seen |= contracts_in(who.words)
        assert len(seen) == number
    anna_.press(SAY("alerts.open"), row="Avtal B-39, Norrgården")
    assert "Norrgården" in anna_.words


def contracts_in(words: str) -> set[str]:
    found = set(re.findall("Avtal ([ABC]-[0-9]+)", words))
    assert len(found) <= MOST_ROWS
    return found


def test_a_home_with_more_than_three_children_is_told_without_its_name(chat: Chat) -> None:
    with chat.database.transaction() as tx:
        tx.connection.execute(update(placement).values(home="H-SVENSSON"))
    maria = chat.client("maria")
    maria.say("frister")
    assert "5 placerade barn" in maria.words and "SVENSSON" not in maria.words


def test_what_nobody_answers_for_is_on_the_managers_list(chat: Chat) -> None:
    with chat.database.transaction() as tx:
        tx.connection.execute(update(person).where(person.c.key == "bilal").values(active=False))
        assert tx.connection.execute(select(ownership.c.id)).all()
    maria = chat.client("maria")
    maria.say("frister")
    assert SAY("clocks.nobodys", n=2) in maria.words


def test_what_was_due_before_the_register_was_here_is_no_miss_and_the_rest_stands_beside_the_target(
    chat: Chat,
) -> None:
    """One consideration fell in March and none was recorded; the other placements have clocks before the year alone."""
    set_to(chat, last_review_on=date(2025, 9, 1), last_review_body="Sociala utskottet")
    days = {"first": date(2025, 11, 2), "last": date(2026, 11, 1)}
    in_time = SAY("clocks.in_time", done=0, n=1, **days)
    maria = chat.client("maria")
    maria.say("frister")
    assert f"{in_time} {SAY('target.not_reached', target=100)}" in maria.words
    assert SAY("target.untold", n=1) not in maria.words
    maria.say("läge")
    assert SAY("target.clocks", percent=0, part=0, whole=1, **days) in maria.words
    set_to(chat, registered_at=at("2026-03-02"))
    maria.say("frister")
    assert in_time not in maria.words
    assert SAY("clocks.none_due", **days) not in maria.words
    assert SAY("target.untold", n=1) in maria.words
    maria.say("läge")
    assert SAY("target.clocks", percent=0, part=0, whole=1, **days) not in maria.words
    set_to(chat, registered_at=at("2026-03-01"))
    maria.say("frister")
    assert in_time in maria.words
