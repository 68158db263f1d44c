"""The weekly digest: when it comes, once a week to each, what it tells, and whose choice it is."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from bot.local.terminal import actions_of
from dialogs.forms.lists import MOST_ROWS
from dialogs.messages.message_replies import say_now
from followup import PersonId, SignalId, UnitId
from followup.access.municipality import Municipality
from followup.messages.operation import WeeklyDigest
from followup.overview.digest import WEEKDAYS, DigestChoice, digest_moment, due_week, week_name
from followup.times.calendar import at_municipal, is_working_day, municipal_day
from followup.times.deadlines import YearDates
from scheduler.digest import tell_of_the_week
from scheduler.piece import PIECE
from services.views.desk import Desk, desk
from services.views.digest import Digest, digest_now
from storage.engine.database import Database, Transaction
from storage.engine.tables import person, placement
from storage.follow_ups import actions, follow_ups
from storage.messages import ledger, settling
from storage.messages.delivery import Delivery
from storage.overview import digests
from storage.register import people
from storage.signals import signals
from tests.support.builders import Register, at
from tests.support.deeds import acting
from tests.support.desk import alerted
from tests.support.made_one import make_one
from tests.support.municipality import CASES
from tests.support.told_once import told_once
from tests.support.turns import ANEW, SAY, SLAP, Chat, Client, Json, not_saved, october, readable_card, size
from tests.support.year_builders import cycle
from texts.catalogue import Texts


@pytest.mark.parametrize(
    ("monday", "weekday", "when"),
    [
        ("2026-11-02", 1, "2026-11-02 08:00"),
        ("2026-11-02", 5, "2026-11-06 08:00"),
        # Easter Monday, and a Good Friday: the first working day after it.
        ("2027-03-29", 1, "2027-03-30 08:00"),
        ("2027-03-22", 5, "2027-03-30 08:00"),
    ],
)
def test_it_comes_on_the_day_chosen_or_the_next_working_day(monday: str, weekday: int, when: str) -> None:
    assert digest_moment(date.fromisoformat(monday), weekday) == at(when)


@pytest.mark.parametrize(
    ("now", "week"),
    [
        ("2026-11-02 07:59", None),
        ("2026-11-02 08:00", "2026-11-02"),
        ("2026-11-05 23:00", "2026-11-02"),
        # Found on the Saturday it would be read on the Monday, together with the next one.
        ("2026-11-07 12:00", None),
        ("2026-11-08 12:00", None),
        ("2026-11-09 08:00", "2026-11-09"),
    ],
)
def test_the_newest_week_is_due_unless_the_next_would_come_at_the_same_time(
    now: str, week: str | None
) -> None:
    assert due_week(at(now), 1) == (date.fromisoformat(week) if week else None)


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)), st.integers(0, 24 * 60 - 1), st.sampled_from(WEEKDAYS))
def test_a_digest_is_never_early_and_never_older_than_a_week_and_its_holidays(
    day: date, minute: int, weekday: int
) -> None:
    now = at_municipal(day) - timedelta(hours=8) + timedelta(minutes=minute)
    week = due_week(now, weekday)
    if week is not None:
        moment = digest_moment(week, weekday)
        assert is_working_day(municipal_day(moment))
        assert timedelta(0) <= now - moment < timedelta(days=14)


def test_weeks_are_numbered_as_people_number_them() -> None:
    assert (week_name(date(2026, 11, 2)), week_name(date(2026, 12, 28))) == ("2026-W45", "2026-W53")


def told(tx: Transaction) -> list[str]:
    names = {one.id: one.key for one in people.everyone(tx).values()}
    queued = [one for one in ledger.listed(tx, ("ready",)) if one.kind == "digest"]
    return sorted(f"{names[one.person_id or PersonId(0)]} {municipal_day(one.not_before)}" for one in queued)


def wake(tx: Transaction, *moments: str) -> int:
    return sum(tell_of_the_week(tx, at(moment), PIECE) for moment in moments)


@pytest.fixture
def town(tx: Transaction) -> Register:
    register = Register(tx)
    register.person("maria", "manager")
    register.person("karin", "quality")
    register.person("anna")
    register.person("adam", "admin")
    register.person("gone", "manager", active=False)
    return register


@pytest.mark.usefixtures("town")
def test_quality_and_managers_get_one_a_week_and_nobody_else_any(tx: Transaction) -> None:
    assert wake(tx, "2026-11-02 08:00", "2026-11-02 08:01", "2026-11-04 09:00", "2026-11-02 07:00") == 2
    assert told(tx) == ["karin 2026-11-02", "maria 2026-11-02"]
    assert wake(tx, "2026-11-09 08:00") == 2


def test_each_of_many_gets_her_own(tx: Transaction, town: Register) -> None:
    for number in range(30):
        town.person(f"chef{number}", "manager")
    assert wake(tx, "2026-11-02 08:00") == 32
    assert wake(tx, "2026-11-02 08:01") == 0


@pytest.mark.usefixtures("town")
def test_what_waited_and_failed_as_one_is_told_of_by_the_next(tx: Transaction) -> None:
    wake(tx, "2026-10-26 08:00")
    for one in ledger.listed(tx, ("ready",)):
        settling.settle(tx, one.id, "sent", sent_at=at("2026-10-26 08:01"))
    wake(tx, "2026-11-02 08:00", "2026-11-09 08:00")
    for one in ledger.listed(tx, ("ready",)):
        make_one(tx, one, at("2026-11-09 08:00"))
    for one in ledger.listed(tx, ("ready",)):
        settling.settle(tx, one.id, "failed", reason="410")
    wake(tx, "2026-11-16 08:00")
    next_ones = [one.message for one in ledger.listed(tx, ("ready",))]
    assert next_ones == [WeeklyDigest(at("2026-10-26 08:00"))] * 2


@pytest.mark.usefixtures("town")
def test_weeks_of_downtime_are_caught_up_once(tx: Transaction) -> None:
    wake(tx, "2026-11-02 08:00")
    assert wake(tx, "2026-11-25 21:00", "2026-11-26 09:00") == 2
    assert told(tx) == ["karin 2026-11-02", "karin 2026-11-26", "maria 2026-11-02", "maria 2026-11-26"]
    newest = ledger.listed(tx, ("ready",))[0]
    assert isinstance(newest.message, WeeklyDigest)
    assert newest.message.since == at("2026-11-02 08:00")


def test_each_has_her_own_day_and_may_turn_it_off(tx: Transaction, town: Register) -> None:
    maria, karin = people.by_key(tx, "maria"), people.by_key(tx, "karin")
    assert maria
    assert karin
    digests.choose(tx, maria.id, DigestChoice(wanted=False), at("2026-10-30"))
    digests.choose(tx, karin.id, DigestChoice(weekday=4), at("2026-10-30"))
    wake(tx, "2026-11-02 08:00")
    assert told(tx) == []
    wake(tx, "2026-11-05 08:00", "2026-11-06 08:00")
    assert told(tx) == ["karin 2026-11-05"]


def test_another_day_chosen_after_this_weeks_came_gives_no_second_one(
    tx: Transaction, town: Register
) -> None:
    karin = people.by_key(tx, "karin")
    assert karin
    wake(tx, "2026-11-02 08:00")
    digests.choose(tx, karin.id, DigestChoice(weekday=3), at("2026-11-02 10:00"))
    wake(tx, "2026-11-04 08:00", "2026-11-06 08:00")
    assert told(tx) == ["karin 2026-11-02", "maria 2026-11-02"]
    wake(tx, "2026-11-11 08:00")
    assert "karin 2026-11-11" in told(tx)


@told_once
def in_november(municipality: Database) -> Chat:
    """Anna has answered two and reported violence with the third; Karin has taken the alert and dismissed it."""
    chat = october(municipality)
    anna, karin = chat.client("anna").look(), chat.client("karin")
    anna.press(SAY("list.open_form"), row="AKT-3")
    anna.press(SAY("report.add_signal"), {**ANEW, "feels_safe": "no"})
    anna.press(SAY("report.hand_in"), {f"s1.{name}": value for name, value in SLAP.items()})
    chat.deliver()
    karin.say("larm")
    return chat


def decide(tx: Transaction) -> None:
    """Karin records a decision on what was reported."""
    karin = people.by_key(tx, "karin")
    assert karin
    signals.revise(
        tx, SignalId(1), {"decided": True}, reason="Utrett.", author_id=karin.id, now=at("2026-11-04")
    )


def end_placement(database: Database, case: str) -> None:
    with database.transaction() as tx:
        ended = {"ends": date(2026, 11, 5), "end_reason": "planned_end"}
        tx.connection.execute(update(placement).where(placement.c.case_reference == case).values(**ended))


def stop(tx: Transaction, waiting: Delivery, change: str) -> None:
    assert waiting.person_id
    if change == "off":
        digests.choose(tx, waiting.person_id, DigestChoice(wanted=False), at("2026-11-02"))
        return
    changed = {"active": False} if change == "inactive" else {"role": "worker"}
    tx.connection.execute(update(person).where(person.c.id == waiting.person_id).values(**changed))


def newest_digest(client: Client) -> Client:
    [newest, *_] = [one for one in reversed(client.shown) if one.kind == "digest"]
    client.card = newest.card
    return client


def test_it_tells_what_rose_what_came_in_and_what_is_late(municipality: Database) -> None:
    chat = in_november(municipality)
    chat.wake("2026-11-16 08:00")
    maria = newest_digest(chat.client("maria"))
    rose = SAY("change.up", unit="Södergården", before=SAY("risk.band.green"), after=SAY("risk.band.red"))
    assert rose in maria.words
    assert SAY("digest.reports", n=1) in maria.words
    assert SAY("to_do.reports", n=4, month=chat.task("AKT-1").month) in maria.words
    # The quality team's own list has no reports, so its letter says what is missing.
    late = SAY("digest.reports_late", n=4, month=chat.task("AKT-1").month)
    assert [late in newest_digest(chat.client(key)).words for key in ("karin", "maria")] == [True, False]
    # And the figures that stand under the same words are not of the same placements.
    own = SAY("digest.answered_own")
    assert [own in newest_digest(chat.client(key)).words for key in ("karin", "maria")] == [False, True]
    # The event, and that the child does not feel safe.
    assert SAY("status.alerts_late", n=2) in maria.words
    assert size(maria.card) < 25_000


def test_it_tells_what_the_signals_led_to_and_of_a_small_unit_the_quality_team_alone(
    municipality: Database,
) -> None:
    chat = in_november(municipality)
    with municipality.transaction() as tx:
        decide(tx)
    chat.wake("2026-11-09 08:00")
    outcome = SAY("digest.decided", what=f"{SAY('risk.kinds.deviation')} (1)")
    told = SAY("digest.unit", unit="Södergården", outcomes=outcome)
    # Three are placed at the unit, so all are told; with one of them gone it is small.
    assert [told in newest_digest(chat.client(key)).words for key in ("karin", "maria")] == [True, True]
    end_placement(municipality, "AKT-4")
    chat.wake("2026-11-10 08:00")
    for key in ("karin", "maria"):
        client = chat.client(key)
        client.say("veckobrev")
        client.press(SAY("digest.now"))
        assert (told in client.words) == (key == "karin")
        assert ("avvikelse" in client.words) == (key == "karin")


def test_what_follow_ups_have_left_is_told_to_the_quality_team_and_to_nobody_else(
    municipality: Database,
) -> None:
    chat = october(municipality)
    with municipality.transaction() as tx:
        _leave_late(tx)
    chat.wake("2026-11-16 08:00")
    late = ["UF-1", "Å-1", SAY("follow_up.late.actions", n=1)]
    assert [one for one in late if one not in newest_digest(chat.client("karin")).words] == []
    assert [one for one in late if one in newest_digest(chat.client("maria")).words] == []


def _leave_late(tx: Transaction) -> None:
    """A follow-up that was to be held on Thursday, with an action that was to be done on Friday."""
    karin = people.by_key(tx, "karin")
    assert karin
    now = at("2026-11-02 09:00")
    opened = follow_ups.open_new(tx, UnitId(1), karin.id, now, cycle_id=cycle(tx, karin.id))
    assert opened
    planned = replace(opened, step="collect", method="visit", planned_on=date(2026, 11, 12))
    follow_ups.save(tx, planned, karin.id, now)
    due = date(2026, 11, 13)
    actions.add(tx, opened.id, what="Rutin.", owner_id=karin.id, due_on=due, author_id=karin.id, now=now)


def test_a_digest_names_no_child_and_nothing_that_happened(municipality: Database) -> None:
    """The quality team's names a signal by its number, as its own list does."""
    chat = in_november(municipality)
    chat.wake("2026-11-16 08:00")
    for key, number in (("maria", "A-1"), ("karin", "2026-10-30")):
        words = newest_digest(chat.client(key)).words
        assert not any(secret in words for secret in (*CASES, "2026-10-30", "slag", number, "Anna", "Bilal"))
        assert chat.client(key).card["fallbackText"] == SAY("digest.summary")


@pytest.mark.parametrize("change", ["off", "inactive", "worker"])
def test_one_that_is_no_longer_wanted_is_not_sent(tx: Transaction, town: Register, change: str) -> None:
    wake(tx, "2026-11-02 08:00")
    maria = people.by_key(tx, "maria")
    assert maria
    [waiting] = [one for one in ledger.listed(tx, ("ready",)) if one.person_id == maria.id]
    assert say_now(tx, waiting, at("2026-11-02 08:01")) is not None
    stop(tx, waiting, change)
    assert say_now(tx, waiting, at("2026-11-02 08:01")) is None


USUAL = {"language": "sv", "quiet_days": ""}


@pytest.mark.parametrize("typed", ["veckobrev", "Veckobrevet", "digest"])
@pytest.mark.parametrize("key", ["maria", "karin"])
def test_the_choice_is_made_in_a_small_card(municipality: Database, typed: str, key: str) -> None:
    client = october(municipality).client(key)
    client.say(typed)
    assert client.inputs == {**USUAL, "wanted": "on", "weekday": "1"}
    client.press(SAY("settings.save"), {"wanted": "on", "weekday": "4"})
    assert SAY("digest.saved_on", day="torsdag") in client.words
    client.press(SAY("settings.save"), {"wanted": "off", "weekday": "4"})
    assert SAY("digest.saved_off") in client.words
    client.say(typed)
    assert client.inputs == {**USUAL, "wanted": "off", "weekday": "4"}


@pytest.mark.parametrize(
    "typed", [{"weekday": "6"}, {"weekday": "0"}, {"wanted": "maybe"}, {"weekday": "måndag"}]
)
def test_a_forged_choice_changes_nothing(municipality: Database, typed: dict[str, str]) -> None:
    maria = october(municipality).client("maria")
    maria.forge("save_digest", {}, typed)
    maria.say("veckobrev")
    assert maria.inputs == {**USUAL, "wanted": "on", "weekday": "1"}


@pytest.mark.parametrize("key", ["anna"])
def test_a_worker_has_no_digest(municipality: Database, key: str) -> None:
    client = october(municipality).client(key)
    assert client.say("veckobrev").text == SAY("refused.role")
    assert client.forge("save_digest", {}, {"wanted": "on"}).notice == not_saved("refused.role")


def test_it_speaks_the_persons_language(municipality: Database) -> None:
    with municipality.transaction() as tx:
        Register(tx).person("ellen", "manager", language="en")
    chat = october(municipality)
    ellen, english = newest_digest(chat.client("ellen")), Texts("en")
    assert english("digest.nothing_decided") in ellen.words
    ellen.press(english("digest.change"))
    ellen.press(english("settings.save"), {"weekday": "2"})
    assert english("digest.saved_on", day="Tuesday") in ellen.words
    ellen.press(english("digest.now"))
    assert english("digest.led_to") in ellen.words


def with_work_that_is_late(database: Database, *more: str) -> None:
    """A secret visit and its action whose days have passed, owned by Karin; the year's selection is not drawn."""
    with database.transaction() as tx:
        opened = follow_ups.open_new(tx, UnitId(2), PersonId(2), at("2026-09-01"))
        assert opened
        planned = replace(opened, step="collect", method="unannounced", planned_on=date(2026, 10, 13))
        follow_ups.save(tx, planned, PersonId(2), at("2026-09-01"))
        due, now = date(2026, 10, 14), at("2026-09-01")
        for what in ("Planer.", "Egenkontroll.", *more):
            actions.add(
                tx, opened.id, what=what, owner_id=PersonId(2), due_on=due, author_id=PersonId(2), now=now
            )


def test_the_quality_team_alone_is_told_how_much_of_the_years_work_is_late(municipality: Database) -> None:
    with_work_that_is_late(municipality)
    chat = october(municipality)
    karin, maria = (newest_digest(chat.client(key)) for key in ("karin", "maria"))
    late = [SAY("to_do.selection", year=2026), "UF-1", "Å-1", "Å-2"]
    assert [one in karin.words for one in late] == [True] * 4
    assert [one in maria.words for one in late] == [False] * 4
    # What is said there of a visit that is not told of beforehand is when it is due, and not how it is done.
    assert "oanmäl" not in karin.words
    karin.say("veckobrev")
    karin.press(SAY("digest.now"))
    assert late[1] in karin.words


@pytest.mark.parametrize(("proposal", "late"), [((3, 1), True), ((11, 30), False)])
def test_the_digest_goes_by_the_municipalitys_own_dates(
    municipality: Database, proposal: tuple[int, int], late: bool
) -> None:
    own_dates = Municipality(year=YearDates(proposal=proposal))
    with municipality.transaction() as tx:
        tell_of_the_week(tx, at("2026-11-02 08:00"), PIECE)
        [karins] = [one for one in ledger.listed(tx, ("ready",)) if one.person_id == 2]
        card = say_now(tx, karins, at("2026-11-02 08:00"), own_dates)
    assert card is not None
    assert (SAY("to_do.selection", year=2026) in readable_card(card)) is late


def test_the_digest_is_the_readers_own_list_of_what_is_due_thing_by_thing(municipality: Database) -> None:
    """To the quality team, to whom it is given, and to a manager, also where no free text is taken."""
    chat = alerted(municipality)
    with_work_that_is_late(municipality)
    chat.now = at("2026-11-16 08:00")
    waits = {}
    for key, free_text in product(("karin", "kim", "maria"), (True, False)):
        chat.municipality = Municipality(free_text=free_text)
        with acting(municipality, key, chat.now, municipality=chat.municipality) as reader:
            own, letter = desk(reader), digest_now(reader)
        assert isinstance(own, Desk)
        assert isinstance(letter, Digest)
        assert letter.to_do == own
        client, waits[key] = chat.client(key), len(own.own)
        client.say("mitt")
        mine, pressed = to_do(client, waits[key]), opened(client)
        client.say("veckobrev")
        client.press(SAY("digest.now"))
        assert to_do(client, waits[key]).startswith(mine)
        assert opened(client) == pressed
        client.press(SAY("digest.to_do"))
        assert (to_do(client, waits[key]), opened(client)) == (mine, pressed)
    assert min(waits.values()) > 1
    assert waits["karin"] > waits["kim"]


def to_do(client: Client, number: int) -> str:
    """What can be read in the card from where it says how many things wait."""
    _before, said, after = client.words.partition(SAY("to_do.about", n=number))
    assert said
    return after.strip()


def opened(client: Client) -> list[Json]:
    """What each row's button sends, in order, without what is its card's own."""
    own = [one.action["data"] for one in actions_of(client.card) if one.title.startswith(SAY("to_do.open"))]
    return [{name: value for name, value in one.items() if name != "card"} for one in own]


def test_a_long_list_is_cut_where_its_own_first_page_ends_and_says_how_many_more_there_are(
    municipality: Database,
) -> None:
    with_work_that_is_late(municipality, *(f"Nr {number}." for number in range(30)))
    chat = october(municipality)
    karin = newest_digest(chat.client("karin"))
    with acting(municipality, "karin", chat.now) as reader:
        own = desk(reader)
    assert isinstance(own, Desk)
    assert SAY("to_do.about", n=len(own.own)) in karin.words
    assert SAY("evidence.more", n=len(own.own) - MOST_ROWS) in karin.words
    assert len(opened(karin)) == MOST_ROWS
    assert size(karin.card) < 25_000
    karin.press(SAY("digest.to_do"))
    karin.press(SAY("list.more", n=len(own.own) - MOST_ROWS))
    assert len(opened(karin)) == len(own.own) - MOST_ROWS
