"""What the law wants decided and told: on IVO where a licence is needed, and each year of the duty to report."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from followup import AlertId
from followup.access.municipality import USUAL_MUNICIPALITY
from followup.alerts.closing import duty
from followup.follow_ups.board_decision import SANCTIONS, read_decision
from followup.terms import FORMS, OwnTerm, with_own
from scheduler.duty_reminders import times_passed
from services.acting import Reader, Refused
from services.alerts import closing, ownership
from services.alerts.closing import undecided
from services.signals.raising import raise_signal
from storage.alerts import alerts
from storage.engine.database import Database
from storage.register import units
from tests.support.builders import Register, without_digests
from tests.support.deeds import acting
from tests.support.told_once import told_once
from tests.support.turns import SAY, SLAP, Chat, october

DAY = date(2026, 11, 5)
DECISION = {
    "notified": "no",
    "decision_reason": "Inte allvarligt.",
    "decided_on": "2026-11-02",
    "decided_by": "Karin",
}


@pytest.mark.parametrize(
    ("form", "needed"),
    [
        ("hvb", True),
        ("stodboende", True),
        ("konsulentstott_familjehem", True),
        ("konsulentstott_jourhem", True),
        ("oppenvard", False),
        ("kommunens_familjehem", False),
    ],
)
def test_a_decision_on_ivo_is_needed_where_a_licence_is(form: str, needed: bool) -> None:
    licensed = FORMS[form].licensed
    for kind in ("event", "band"):
        assert (duty(kind, DAY, licensed=licensed) is not None) == needed
    assert duty("safety", DAY, licensed=licensed) is None
    assert duty("event", date(2025, 12, 31), licensed=licensed) is None


def test_a_form_that_only_a_municipality_knows_is_taken_to_need_a_licence() -> None:
    own = with_own(
        [OwnTerm("form", "hem_barn_unga", "hem för barn och unga"), OwnTerm("form", "oppenvard", "dagvård")]
    )
    licensed = {code: getattr(form, "licensed", None) for code, form in own["form"].items()}
    assert (licensed["hem_barn_unga"], licensed["oppenvard"]) == (True, False)


@pytest.fixture
def chat(municipality: Database) -> Chat:
    return with_two_in_the_team(municipality)


@told_once
def with_two_in_the_team(municipality: Database) -> Chat:
    """Karin and Kim are the quality team."""
    with municipality.transaction() as tx:
        Register(tx).person("kim", "quality")
        without_digests(tx)
    return october(municipality)


def alerted(chat: Chat) -> AlertId:
    with acting(chat.database, "anna", chat.now) as anna:
        unit = units.by_key(anna.tx, "SYD")
        assert unit is not None
        assert not isinstance(raise_signal(anna, {**SLAP, "unit": str(unit.id)}), Refused)
        [alert] = alerts.open_alerts(anna.tx)
    return alert.id


def due(chat: Chat, moment: str) -> dict[str, list[str]]:
    for key in ("karin", "kim", "anna", "maria"):
        chat.client(key).shown.clear()
    chat.wake(moment)
    found: dict[str, list[str]] = {}
    for key, client in chat.clients.items():
        found[key] = [one.words for one in client.shown if one.kind == "decision_due"]
    return {key: words for key, words in found.items() if words}


def test_it_is_reminded_of_each_fifth_working_day_until_it_is_decided(chat: Chat) -> None:
    """decision_due.about: said while no decision is recorded, and not once one is."""
    number = alerted(chat)
    assert due(chat, "2026-11-06 09:00") == {}
    first = due(chat, "2026-11-09 09:00")
    assert set(first) == {"karin", "kim"}
    assert "27 kap. 7 § SoL" in first["karin"][0]
    assert "Södergården" not in first["karin"][0]
    assert due(chat, "2026-11-10 09:00") == {}
    with acting(chat.database, "kim", chat.now) as kim:
        assert not isinstance(ownership.take(kim, number), Refused)
    assert set(due(chat, "2026-11-16 09:00")) == {"kim"}
    with acting(chat.database, "kim", chat.now) as kim:
        assert not isinstance(closing.decide(kim, number, DECISION), Refused)
    assert due(chat, "2026-11-23 09:00") == {}


def test_what_is_decided_before_the_reminder_is_sent_is_not_reminded_of(chat: Chat) -> None:
    number = alerted(chat)
    with acting(chat.database, "karin", chat.now) as karin:
        assert undecided(karin, alerts.open_alerts(karin.tx)[0]) is not None
        closing.decide(karin, number, DECISION)
    assert due(chat, "2026-11-09 09:00") == {}


def test_of_what_needs_no_licence_nothing_is_to_be_decided_and_nobody_is_reminded(chat: Chat) -> None:
    alerted(chat)
    with chat.database.transaction() as tx:
        tx.connection.execute(text("update unit set form = 'oppenvard' where key = 'SYD'"))
        reader = Reader(tx, None, chat.now, USUAL_MUNICIPALITY)
        assert undecided(reader, alerts.open_alerts(tx)[0]) is None
    assert due(chat, "2026-11-09 09:00") == {}


@pytest.mark.parametrize(
    ("today", "passed"),
    [("2026-11-02", 0), ("2026-11-06", 0), ("2026-11-09", 1), ("2026-11-15", 1), ("2026-11-16", 2)],
)
def test_five_working_days_pass_each_time(today: str, passed: int) -> None:
    assert times_passed(date(2026, 11, 2), date.fromisoformat(today)) == passed


def told(chat: Chat, kind: str, moment: str) -> set[str]:
    for client in chat.clients.values():
        client.shown.clear()
    chat.wake(moment)
    return {key for key, one in chat.clients.items() if any(shown.kind == kind for shown in one.shown)}


def told_of_duty(chat: Chat, moment: str) -> set[str]:
    return told(chat, "duty_to_report", moment)


def test_everybody_who_works_here_is_told_of_the_duty_to_report_once_a_year(chat: Chat) -> None:
    with chat.database.transaction() as tx:
        Register(tx).person("adam", "admin")
    staff = {"anna", "bilal", "karin", "kim", "maria"}
    for key in (*staff, "adam"):
        chat.client(key)
    assert told_of_duty(chat, "2027-02-01 09:00") == set()
    assert told_of_duty(chat, "2027-02-02 09:00") >= staff
    [words] = [one.words for one in chat.client("anna").shown if one.kind == "duty_to_report"]
    assert "27 kap. 2–3 §§ SoL" in words
    assert not [one for one in chat.client("adam").shown if one.kind == "duty_to_report"]
    assert told_of_duty(chat, "2027-02-03 09:00") == set()
    chat.now += timedelta(days=300)
    assert told_of_duty(chat, "2028-02-02 09:00") >= staff


def test_managers_alone_are_told_each_january_of_what_the_board_owes_ivo_by_its_last_day(chat: Chat) -> None:
    for key in ("anna", "karin", "maria"):
        chat.client(key)
    assert told(chat, "yearly_list", "2027-01-04 09:00") == set()
    assert told(chat, "yearly_list", "2027-01-05 09:00") == {"maria"}
    [words] = [one.words for one in chat.client("maria").shown if one.kind == "yearly_list"]
    assert "31 januari" in words
    assert all(cited in words for cited in ("3 kap. 4 § SoF", "16 kap. 2 § SoF", "5 kap. 8 § SoF"))
    assert told(chat, "yearly_list", "2027-01-07 09:00") == set()
    assert told(chat, "yearly_list", "2027-02-02 09:00") == set()
    assert told(chat, "yearly_list", "2028-01-04 09:00") == {"maria"}


@pytest.mark.parametrize("kind", [*SANCTIONS, "böter", ""])
def test_a_board_decision_is_a_warning_a_penalty_a_termination_or_something_else(kind: str) -> None:
    _, problems = read_decision({"kind": kind, "reference": "SN 1", "decided_on": "2026-11-01"}, DAY)
    assert [one.field for one in problems] == ([] if kind in SANCTIONS else ["kind"])
    assert kind not in SANCTIONS or SAY(f"choice.board_decision.{kind}")
