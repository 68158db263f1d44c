"""Sentences that deny something or count something: true of all that is stored, whoever is asked and whenever."""

import re
from datetime import date
from itertools import count

import pytest
from sqlalchemy import update

from followup import PersonId, UnitId
from followup.access.access import ACCESS, DataKind
from followup.access.municipality import Municipality
from followup.people import Role
from followup.times.month import Month
from services.acting import Reader
from services.risk.scoring import read_again
from services.views.changes import changes_since_moment
from storage.engine.database import Database
from storage.engine.tables import placement, round_, signal_version
from storage.follow_ups import actions, follow_ups
from storage.month import rounds
from storage.register import people, units
from storage.risk import scores
from tests.support.access_watch import narrowed
from tests.support.builders import Register, at
from tests.support.desk import alerted, slap
from tests.support.municipality import CASES
from tests.support.told_once import told_once
from tests.support.turns import SAY, Client, october
from tests.test_dialog_time_off import away
from tests.test_dialog_unit import after_a_slap
from texts.catalogue import LANGUAGES, capital, messages


@told_once
def all_ticked(municipality: Database) -> Client:
    anna = october(municipality).client("anna").look()
    anna.press(SAY("list.send"), dict.fromkeys(anna.inputs, "true"))
    return anna


def with_alias(municipality: Database, case: str, alias: str) -> None:
    with municipality.transaction() as tx:
        one = placement.c.case_reference == case
        tx.connection.execute(update(placement).where(one).values(alias=tx.vault.seal(alias)))


@pytest.mark.parametrize("typed", ["rätta räven", "rätta RÄVEN", "rätta räv"])
def test_a_report_to_correct_is_found_by_the_owners_own_word(municipality: Database, typed: str) -> None:
    with_alias(municipality, "AKT-2", "Räven")
    anna = all_ticked(municipality)
    anna.say(typed)
    assert [case in anna.words for case in CASES[:3]] == [False, True, False]


@pytest.mark.parametrize(("typed", "fits"), [("rätta oktober", True), ("rätta augusti", False)])
def test_a_report_to_correct_is_found_by_its_month(municipality: Database, typed: str, fits: bool) -> None:
    anna = all_ticked(municipality)
    anna.say(typed)
    assert (SAY("correct.no_such") in anna.words) is not fits
    assert CASES[0] in anna.words
    assert SAY("correct.none") not in anna.words


def test_on_leave_it_is_said_why_nothing_can_be_corrected(municipality: Database) -> None:
    anna = all_ticked(municipality)
    away(anna, "2026-11-02", "2026-11-09")
    anna.say("rätta")
    assert SAY("correct.none") in anna.words
    assert SAY("correct.away", day=date(2026, 11, 9)) in anna.words


def test_when_all_is_answered_there_is_nothing_to_be_reminded_of(municipality: Database) -> None:
    anna = all_ticked(municipality)
    anna.say("påminn")
    assert SAY("snooze.nothing_left") in anna.words
    assert SAY("snooze.too_late") not in anna.words


def test_a_reminder_says_as_many_as_the_list_that_follows(municipality: Database) -> None:
    """September goes on beside October, and the list has both."""
    with municipality.transaction() as tx:
        register, september = Register(tx), rounds.by_month(tx, Month(2026, 9))
        assert september is not None
        longer = update(round_).where(round_.c.id == september.id).values(closes_at=at("2026-12-01"))
        tx.connection.execute(longer)
        late = register.placement(PersonId(3), UnitId(1), case="AKT-9")
        rounds.add_task(tx, september.id, late)
    chat = october(municipality)
    chat.wake("2026-11-05 08:00")
    anna = chat.client("anna").look()
    assert SAY("greeting.reminder", name="Anna", n=5) in anna.words
    last, closes = (SAY.weekday(date(2026, *day)) for day in ((11, 13), (12, 1)))
    assert capital(SAY("list.month_late", month=Month(2026, 9), n=1, all=4, day=closes)) in anna.words
    assert capital(SAY("list.month", month=Month(2026, 10), n=4, all=4, day=last)) in anna.words


def test_what_is_asked_about_after_its_last_day_says_so(municipality: Database) -> None:
    chat, last = october(municipality), date(2026, 11, 13)
    with municipality.transaction() as tx:
        register, asked = Register(tx), rounds.by_month(tx, Month(2026, 10))
        assert asked is not None
        rounds.add_task(tx, asked.id, register.placement(register.person("nora"), UnitId(1), case="AKT-10"))
    chat.wake("2026-11-20 08:00")
    nora = chat.client("nora").look()
    assert SAY("greeting.late", name="Nora", n=1, day=last) in nora.words
    assert SAY("list.progress_late", n=1, all=1, day=SAY.weekday(date(2026, 12, 1))) in nora.words
    assert "Sista dag att svara:" not in nora.words


def test_only_closed_months_are_compared_on_the_first_morning_of_a_round(municipality: Database) -> None:
    maria = october(municipality).client("maria")
    maria.say("läge")
    assert "Oktober 2026: 0\u00a0% (0 av 5) hittills. Sista svarsdag 13 november 2026." in maria.words
    assert "September 2026: 100\u00a0% (5 av 5)." in maria.words
    assert "mindre än för" not in maria.words


def test_what_history_read_in_has_raised_is_told_in_the_digest(municipality: Database) -> None:
    """The month ends that are read anew are as of days gone by, and nobody was told of them then."""
    chat = after_a_slap(municipality)
    with municipality.transaction() as tx:
        home = units.get(tx, UnitId(2))
        tx.connection.execute(update(signal_version).values(event_on=date(2026, 10, 10)))
        read_again(tx, home.id, Month(2026, 10), chat.now)
        reader = Reader(tx, people.by_key(tx, "karin"), chat.now)
        raised = changes_since_moment(reader, at("2026-11-01 12:00"))
        assert [(one.unit.name, one.before, one.after) for one in raised] == [("Södergården", "green", "red")]


def test_a_home_that_was_red_at_the_months_end_has_not_turned_red_since(municipality: Database) -> None:
    """Its reading of the month's last day is stored the morning after."""
    chat = after_a_slap(municipality)
    with municipality.transaction() as tx:
        before = scores.latest(tx, UnitId(2), date(2026, 11, 30))
        assert before is not None
        assert before.shown == "red"
    chat.wake("2026-12-01 08:00")
    maria = chat.client("maria")
    maria.say("läge")
    changed = maria.words.partition(SAY("status.changed", day=date(2026, 11, 30)))[2]
    assert changed.strip().startswith(SAY("status.unchanged"))


def test_to_who_may_not_know_of_alerts_it_is_not_said_that_there_are_none(municipality: Database) -> None:
    chat = alerted(municipality)
    blind = narrowed(ACCESS, Role.MANAGER, DataKind.ALERT)
    for municipality_of_hers, knows in ((chat.municipality, True), (Municipality(blind), False)):
        chat.municipality = municipality_of_hers
        maria = chat.client("maria")
        maria.say("läge")
        assert SAY("status.title") in maria.words
        assert (SAY("alerts.title") in maria.words) is knows
        assert SAY("alerts.none") not in maria.words


def test_when_everybody_has_answered_it_is_not_said_that_all_have_been_reminded(
    municipality: Database,
) -> None:
    chat = october(municipality)
    chat.now = at("2026-11-05 10:00")
    maria = chat.client("maria")
    maria.say("obesvarade")
    old = maria.button(SAY("unanswered.remind_all"))
    for key in ("anna", "bilal"):
        worker = chat.client(key).look()
        worker.press(SAY("list.send"), dict.fromkeys(worker.inputs, "true"))
    maria.send(old, {})
    assert SAY("unanswered.nobody_left") in maria.words
    assert SAY("unanswered.all_reminded") not in maria.words


@pytest.mark.parametrize(
    ("care_plan", "said"),
    [(None, "3 utan uppgift"), ("on_file", SAY("provider.none_missing")), ("missing", "3 utan vårdplan")],
)
def test_a_plan_that_nobody_has_said_anything_of_is_not_said_to_be_there(
    municipality: Database, care_plan: str | None, said: str
) -> None:
    with municipality.transaction() as tx:
        register = Register(tx, count(100))
        new = register.unit("NY", name="Nyöppnat")
        for _ in range(3):
            register.placement(None, new)
        values = {"care_plan": care_plan, "treatment_plan": "on_file"}
        tx.connection.execute(update(placement).where(placement.c.unit_id == new).values(**values))
    karin = october(municipality).client("karin")
    karin.say("utförare nyöppnat")
    lines = karin.words.splitlines()
    assert lines[lines.index(SAY("provider.plans")) + 1] == said


@pytest.mark.parametrize(
    ("who", "list_", "none"),
    [
        ("karin", "alerts", "alerts.none"),
        ("karin", "follow_ups", "follow_ups.none"),
        ("karin", "actions", "actions.none"),
        ("maria", "own_faults", "own_faults.none"),
    ],
)
def test_a_page_that_an_old_card_asks_for_and_is_no_more_does_not_deny_what_there_is(
    municipality: Database, who: str, list_: str, none: str
) -> None:
    """Since the card was shown, so much has been closed that all of it is on the first page."""
    chat = after_a_slap(municipality)
    slap(chat, cause="authority", consequence="2", marks="")
    with municipality.transaction() as tx:
        karin = people.by_key(tx, "karin")
        assert karin is not None
        opened = follow_ups.open_new(tx, UnitId(1), karin.id, chat.now)
        assert opened is not None
        actions.add(
            tx,
            opened.id,
            what="Ta fram en rutin.",
            owner_id=karin.id,
            due_on=date(2026, 12, 1),
            author_id=karin.id,
            now=chat.now,
        )
    reader = chat.client(who)
    for start in (0, 20, 500):
        reader.forge(list_, {"start": start})
        assert SAY(none) not in reader.words, start


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_counts_months_back_without_naming_them(language: str) -> None:
    """Two figures of different months would else stand side by side as if they were of the same."""
    unnamed = re.compile(
        r"(senaste|sista|gångna) (tolv|12) månader|(last|past) (twelve|12) months", re.IGNORECASE
    )
    # What a person may type is no text of ours.
    texts = {
        id_: "\n".join(forms)
        for id_, forms in messages(language).items()
        if not id_.startswith("question.words.")
    }
    assert [id_ for id_, text in texts.items() if unnamed.search(text)] == []
