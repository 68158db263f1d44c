"""Actions are reminded of around their day and escalated, once each; the year's dates find their official."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from dialogs.forms.lists import MOST_ROWS
from dialogs.messages.message_replies import say_now
from followup.follow_ups.action import Action, ActionState
from followup.messages.waiting import one_for_all
from followup.times.deadlines import YearDates
from scheduler.jobs import Times
from scheduler.waking import tick
from storage.engine.database import Database, Transaction
from storage.engine.tables import delivery, person
from storage.follow_ups import actions, follow_ups
from storage.messages import ledger, settling
from storage.messages.delivery import Delivery
from storage.messages.written import written
from storage.register import people
from tests.support.builders import Register, at, claim_one
from tests.support.turns import SAY, readable_card

QUIET = Times(year=YearDates((1, 1), (1, 1), (1, 1), (1, 1)))


@pytest.fixture
def planned(tx: Transaction) -> Action:
    """Karin of the quality team has an action that is due on Tuesday 15 December; Maria is her manager."""
    register = Register(tx)
    maria = register.person("maria", "manager")
    karin = register.person("karin", "quality", manager_id=maria)
    opened = follow_ups.open_new(tx, register.unit("SYD", name="Södergården"), karin, at("2026-11-23"))
    assert opened is not None
    acting = replace(opened, step="act", method="visit", held_on=date(2026, 11, 20))
    follow_ups.save(tx, acting, karin, at("2026-11-23"))
    return actions.add(
        tx,
        opened.id,
        what="Begär in planer för Kim.",
        owner_id=karin,
        due_on=date(2026, 12, 15),
        author_id=karin,
        now=at("2026-11-23"),
    )


def wake(tx: Transaction, moment: str) -> list[str]:
    """Wakes twice, and says all that is then sent: to whom, of what kind, and the words."""
    now = at(moment)
    tick(tx, now, QUIET)
    assert tick(tx, now, QUIET) == 0
    return said(tx, moment)


def said(tx: Transaction, moment: str) -> list[str]:
    sent = []
    while (delivery := claim_one(tx, "test", at(moment))) is not None:
        card = say_now(tx, delivery, at(moment))
        settling.settle(tx, delivery.id, "sent" if card else "cancelled", sent_at=at(moment))
        if card is not None and delivery.kind.startswith("action"):
            sent.append(f"{_to(tx, delivery)} {delivery.kind}: {readable_card(card)}")
    return sent


def _to(tx: Transaction, delivery: Delivery) -> str:
    assert delivery.person_id is not None
    return people.everyone(tx)[delivery.person_id].key


def kinds(sent: list[str]) -> list[str]:
    return [one.partition(":")[0] for one in sent]


def test_it_is_reminded_of_before_on_and_after_its_day_and_escalated_a_week_later(
    tx: Transaction, planned: Action
) -> None:
    days = ("2026-12-07", "2026-12-08", "2026-12-14", "2026-12-15", "2026-12-16", "2026-12-21", "2026-12-22")
    sent = {day: wake(tx, day) for day in days}
    assert {day: kinds(one) for day, one in sent.items() if one} == {
        "2026-12-08": ["karin action_due"],
        "2026-12-15": ["karin action_due"],
        "2026-12-16": ["karin action_due"],
        "2026-12-22": ["maria action_late"],
    }
    due = date(2026, 12, 15)
    assert SAY("action_due.coming", n=7, number="Å-1", unit="Södergården", due=due) in sent["2026-12-08"][0]
    assert SAY("action_due.today", number="Å-1", unit="Södergården") in sent["2026-12-15"][0]
    assert SAY("action_due.passed", number="Å-1", unit="Södergården", due=due) in sent["2026-12-16"][0]
    assert "Karin Test" in sent["2026-12-22"][0]
    assert wake(tx, "2027-03-01") == []


def test_no_message_says_what_was_written_or_how_the_unit_was_followed_up(
    tx: Transaction, planned: Action
) -> None:
    days = ("2026-12-08", "2026-12-15", "2026-12-16", "2026-12-22")
    words = " ".join(text for day in days for text in wake(tx, day)).casefold()
    assert words
    for secret in ("planer", "kim.", "oanm", "uf-1", "besök"):
        assert secret not in words


@pytest.mark.parametrize("moment", ["2026-12-08 10:00", "2026-12-22 10:00"])
def test_however_many_are_due_the_card_has_so_many_rows_and_says_how_many_more(
    tx: Transaction, planned: Action, moment: str
) -> None:
    for _ in range(MOST_ROWS + 4):
        told: dict[str, Any] = {
            "owner_id": planned.owner_id,
            "due_on": planned.due_on,
            "author_id": planned.owner_id,
        }
        actions.add(tx, planned.follow_up_id, what="Ring.", **told, now=at("2026-11-23"))
    tick(tx, at(moment), QUIET)
    waiting = [one for one in ledger.listed(tx, ("ready",)) if one.kind.startswith("action_")]
    for kind in {one.kind for one in waiting} - {"action_given"}:
        messages = [one.message for one in waiting if one.kind == kind]
        one = next(one for one in waiting if one.kind == kind)
        assert len(messages) == MOST_ROWS + 5
        settling.settle(tx, one.id, "ready")
        tx.connection.execute(
            update(delivery)
            .where(delivery.c.id == one.id)
            .values(payload=written(one_for_all(messages).message))
        )
        card = say_now(
            tx, next(each for each in ledger.listed(tx, ("ready",)) if each.id == one.id), at(moment)
        )
        assert card is not None
        assert SAY("evidence.more", n=5) in readable_card(card)
        assert len(card.parts) < MOST_ROWS + 5


def test_what_was_missed_is_caught_up_once(tx: Transaction, planned: Action) -> None:
    assert kinds(wake(tx, "2027-01-15")) == ["karin action_due", "maria action_late"]
    assert wake(tx, "2027-01-16") == []


@pytest.mark.parametrize("moment", ["2026-12-15 06:00", "2026-12-14 19:00"])
def test_it_comes_in_working_hours(tx: Transaction, planned: Action, moment: str) -> None:
    assert wake(tx, "2026-12-08") != []
    assert wake(tx, moment) == []
    sent = said(tx, "2026-12-15 08:00")
    assert kinds(sent) == ["karin action_due"]
    assert SAY("action_due.today", number="Å-1", unit="Södergården") in sent[0]


def test_a_day_at_the_weekend_is_told_once_on_monday(tx: Transaction, planned: Action) -> None:
    actions.save(tx, replace(planned, due_on=date(2026, 12, 20)), planned.owner_id, at("2026-12-14"))
    assert [kinds(wake(tx, day)) for day in ("2026-12-18 18:00", "2026-12-19", "2026-12-20")] == [[], [], []]
    assert kinds(wake(tx, "2026-12-21")) == ["karin action_due"]
    assert wake(tx, "2026-12-22") == []


@pytest.mark.parametrize("state", ["done", "cancelled"])
def test_what_is_reported_done_or_cancelled_is_not_reminded_of(
    tx: Transaction, planned: Action, state: ActionState
) -> None:
    actions.save(tx, replace(planned, state=state), planned.owner_id, at("2026-12-01"))
    for day in ("2026-12-08", "2026-12-15", "2026-12-16", "2026-12-22"):
        assert wake(tx, day) == []


def test_a_reminder_that_waits_is_not_said_once_the_action_is_done(tx: Transaction, planned: Action) -> None:
    assert kinds(wake(tx, "2026-12-08")) == ["karin action_due"]
    tick(tx, at("2026-12-14 19:30"), QUIET)
    actions.save(tx, replace(planned, state="done"), planned.owner_id, at("2026-12-14 20:00"))
    assert said(tx, "2026-12-15 08:00") == []


def test_a_new_day_is_reminded_of_anew_and_the_old_one_no_more(tx: Transaction, planned: Action) -> None:
    assert kinds(wake(tx, "2026-12-08")) == ["karin action_due"]
    actions.save(tx, replace(planned, due_on=date(2027, 1, 20)), planned.owner_id, at("2026-12-09"))
    assert [wake(tx, day) for day in ("2026-12-15", "2026-12-16", "2026-12-22")] == [[], [], []]
    assert kinds(wake(tx, "2027-01-13")) == ["karin action_due"]


def test_a_day_that_is_near_when_it_is_set_is_not_reminded_of_the_same_day(
    tx: Transaction, planned: Action
) -> None:
    actions.save(tx, replace(planned, due_on=date(2026, 11, 27)), planned.owner_id, at("2026-11-24"))
    assert wake(tx, "2026-11-25") == []
    assert kinds(wake(tx, "2026-11-27")) == ["karin action_due"]


def test_when_the_owner_has_left_the_whole_team_is_told(tx: Transaction, planned: Action) -> None:
    register = Register(tx)
    register.person("kim", "quality")
    register.person("lo", "quality")
    tx.connection.execute(update(person).where(person.c.key == "karin").values(active=False))
    sent = wake(tx, "2026-12-08")
    assert sorted(kinds(sent)) == ["kim action_due", "lo action_due"]
    assert SAY("action_due.ownerless", name="Karin Test") in sent[0]


@pytest.mark.parametrize("held_on", [None, date(2026, 11, 20)])
def test_an_unannounced_visit_that_goes_on_is_not_hinted_at_to_a_manager(
    tx: Transaction, planned: Action, held_on: date | None
) -> None:
    one = follow_ups.get(tx, planned.follow_up_id)
    assert one is not None
    unannounced = replace(one, step="assess", method="unannounced", held_on=held_on)
    follow_ups.save(tx, unannounced, planned.owner_id, at("2026-12-01"))
    assert kinds(wake(tx, "2026-12-22")) == ["karin action_due"]


def test_an_escalation_on_its_way_stays_when_the_visit_has_become_unannounced(
    tx: Transaction, planned: Action
) -> None:
    tick(tx, at("2026-12-22"), QUIET)
    one = follow_ups.get(tx, planned.follow_up_id)
    assert one is not None
    follow_ups.save(tx, replace(one, method="unannounced"), planned.owner_id, at("2026-12-22"))
    assert kinds(said(tx, "2026-12-22")) == ["karin action_due"]


OFFICIAL = Times(year=YearDates(proposal=(12, 1)), official="maria")


def year_messages(database: Database, moment: str, times: Times) -> list[tuple[str | None, str]]:
    """To whom the dates of the year are said, and the words."""
    found = []
    with database.transaction() as tx:
        tick(tx, at(moment), times)
        assert tick(tx, at(moment), times) == 0
        everyone = people.everyone(tx)
        while (delivery := claim_one(tx, "test", at(moment))) is not None:
            card = say_now(tx, delivery, at(moment))
            settling.settle(tx, delivery.id, "sent", sent_at=at(moment))
            if delivery.kind == "selection" and card is not None:
                key = everyone[delivery.person_id].key if delivery.person_id else None
                found.append((key, readable_card(card)))
    return found


def test_the_official_is_told_by_name_of_the_years_dates(municipality: Database) -> None:
    [(key, words)] = year_messages(municipality, "2026-11-24", OFFICIAL)
    assert key == "maria"
    assert SAY("selection.official", name="Maria") in words
    assert SAY("selection.in_days", n=7, day=date(2026, 12, 1)) in words
    assert year_messages(municipality, "2026-11-25", OFFICIAL) == []


@pytest.mark.parametrize("official", ["", "nobody", "anna"])
def test_without_an_official_who_may_see_the_units_the_quality_team_is_told(
    municipality: Database, official: str
) -> None:
    [(key, words)] = year_messages(municipality, "2026-11-24", replace(OFFICIAL, official=official))
    assert key == "karin"
    assert "årsplanen" not in words


def test_an_official_who_has_left_is_not_told(municipality: Database) -> None:
    with municipality.transaction() as tx:
        tx.connection.execute(update(person).where(person.c.key == "maria").values(active=False))
    [(key, _)] = year_messages(municipality, "2026-11-24", OFFICIAL)
    assert key == "karin"
