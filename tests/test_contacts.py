"""What is overdue of contacts and plans: by the municipality's own routine, told as counts and never of a child."""

from datetime import date

import pytest
from sqlalchemy import update

from bot.settings import WrongSettingsError, read_settings
from followup import PlacementId
from followup.month.contacts import Care, overdue_contacts, overdue_reviews
from followup.times.contact_days import CONTACTS, ContactDays
from followup.times.month import Month
from services.risk.scoring import read_as_of
from storage.engine.database import Database
from storage.engine.tables import placement
from storage.month import care
from storage.register import units
from tests.support.builders import at
from tests.support.told_once import told_once
from tests.support.turns import SAY, Chat, october
from tests.test_dialog_unit import after_a_slap

TODAY = date(2026, 11, 2)
LONG_AGO = date(2020, 1, 1)


@pytest.mark.parametrize(
    ("contact", "day", "overdue"),
    [
        ("visit_on", date(2026, 8, 4), False),
        ("visit_on", date(2026, 8, 3), True),
        ("private_talk_on", date(2026, 8, 4), False),
        ("private_talk_on", date(2026, 8, 3), True),
        ("carer_talk_on", date(2026, 8, 3), True),
        ("guardian_talk_on", date(2026, 8, 3), False),
        ("guardian_talk_on", date(2026, 5, 6), False),
        ("guardian_talk_on", date(2026, 5, 5), True),
        ("visit_on", None, True),
    ],
)
def test_a_contact_is_overdue_after_its_days(contact: str, day: date | None, overdue: bool) -> None:
    contacts = dict.fromkeys(CONTACTS, TODAY) | ({contact: day} if day else {})
    if day is None:
        contacts.pop(contact)
    found = overdue_contacts(Care(PlacementId(1), LONG_AGO, contacts, {}), ContactDays(), TODAY)
    assert found == ([contact] if overdue else [])


def test_nothing_is_overdue_in_a_placement_that_has_just_begun() -> None:
    assert overdue_contacts(Care(PlacementId(1), date(2026, 8, 4), {}, {}), ContactDays(), TODAY) == []
    before = Care(PlacementId(1), date(2026, 10, 1), {"visit_on": date(2026, 2, 1)}, {})
    assert overdue_contacts(before, ContactDays(), TODAY) == []


def test_a_plan_is_overdue_the_day_after_its_review() -> None:
    reviews = {"care_plan": TODAY, "treatment_plan": date(2026, 11, 1)}
    assert overdue_reviews(Care(PlacementId(1), LONG_AGO, {}, reviews), TODAY) == ["treatment_plan"]


def test_the_newest_day_of_each_contact_is_known_and_the_last_reports_review(municipality: Database) -> None:
    after_a_slap(municipality)
    with municipality.transaction() as tx:
        tx.connection.execute(update(placement).values(care_plan_review_on=date(2026, 1, 1)))
        ids = list(tx.connection.scalars(placement.select().with_only_columns(placement.c.id)))
        known = care.known_last(tx, ids, Month(2025, 1), at("2026-12-01"))
        assert [one.placement_id for one in known] == ids
        told = [one for one in known if "private_talk_on" in one.contacts]
        assert told
        assert {one.reviews.get("care_plan") for one in known} >= {date(2026, 1, 1)}
        nothing_known = care.known_last(tx, ids, Month(2025, 1), at("2026-01-01"))
        assert not any(one.contacts for one in nothing_known)


@told_once
def overdue(municipality: Database) -> Chat:
    """All placements began long ago, and no plan has been reviewed in time."""
    chat = october(municipality)
    with municipality.transaction() as tx:
        tx.connection.execute(update(placement).values(starts=LONG_AGO, care_plan_review_on=date(2026, 1, 1)))
    return chat


def test_a_manager_sees_counts_by_her_own_teams_and_nobody_else_does(municipality: Database) -> None:
    chat = overdue(municipality)
    maria, karin = chat.client("maria"), chat.client("karin")
    maria.say("läge")
    assert SAY("overdue.title") in maria.words
    assert "besök på 90 dagar" in maria.words
    assert "AKT-" not in maria.words
    karin.say("läge")
    assert SAY("overdue.title") not in karin.words


def test_a_manager_whose_teams_are_in_time_is_told_so(municipality: Database) -> None:
    chat = october(municipality)
    with municipality.transaction() as tx:
        tx.connection.execute(update(placement).values(starts=date(2026, 10, 1), care_plan_review_on=None))
    maria = chat.client("maria")
    maria.say("läge")
    assert "Inget är försenat för de" in maria.words


def test_it_stands_beside_the_units_evidence_and_counts_in_nothing(municipality: Database) -> None:
    chat = overdue(municipality)
    maria = chat.client("maria")
    maria.say("utförare södergården")
    assert SAY("supplementary.title") in maria.words
    assert "3 av 3 placeringar har inte haft besök på 90 dagar." in maria.words
    maria.say("utförare norrgården")
    assert "dagar." not in maria.words.partition(SAY("supplementary.title"))[2]
    with municipality.transaction() as tx:
        unit = next(one for one in units.all_units(tx) if one.name == "Södergården")
        reading = read_as_of(tx, unit, chat.now.date(), chat.now)
    assert not any("contact" in row.kind for row in reading.score.contributions)


@pytest.mark.parametrize("days", ["90", "90,90,90,0", "90,90,90,180,7"])
def test_four_days_are_asked_for(monkeypatch: pytest.MonkeyPatch, days: str) -> None:
    monkeypatch.setenv("UPPFOLJAREN_LOCAL", "true")
    monkeypatch.setenv("UPPFOLJAREN_CONTACT_DAYS", days)
    with pytest.raises(WrongSettingsError, match="UPPFOLJAREN_CONTACT_DAYS"):
        read_settings()


def test_the_days_reach_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPPFOLJAREN_LOCAL", "true")
    monkeypatch.setenv("UPPFOLJAREN_CONTACT_DAYS", "30,60,90,120")
    assert dict(read_settings().as_municipality.contact_days.days) == dict(
        zip(CONTACTS, (30, 60, 90, 120), strict=True)
    )
