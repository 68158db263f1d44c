"""Reminders of clocks: 45 and 14 days before and on the day, one message a day, the late ones to the manager."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, update

from followup.clocks.due import times_of
from followup.clocks.rows import CLOCKS
from followup.overview.digest import DigestChoice
from followup.people import Leave
from followup.times.calendar import is_working_day
from followup.times.month import Month
from scheduler.clock_reminders import remind_of_clocks
from scheduler.jobs import Times
from scheduler.piece import LOOKING_AT_ONE
from scheduler.waking import tick
from storage.clocks import done, stays
from storage.engine.clock_tables import clock_look, clock_told
from storage.engine.database import Database
from storage.engine.tables import contract, delivery, person, placement, unit
from storage.month import rounds
from storage.overview import digests
from storage.register import people
from storage.times import job_looks
from tests.support.builders import Register, at, without_digests
from tests.support.told_once import told_once
from tests.support.turns import SAY, Chat
from tests.test_clocks_stored import EVERY_THREE, read_in
from tests.test_own_terms import GROUND

QUIET = {"treatment_plan": "on_file", "call_off_contract": "on_file", "individual_contract": "on_file"}


class ClockChat(Chat):
    """With reminders of clocks, which have tests of their own."""

    def wake(self, moment: str) -> None:
        self.now = at(moment)
        with self.database.transaction() as tx:
            tick(tx, self.now, Times(rounds=self.days, clocks=True))
        self.deliver()


@pytest.fixture
def town(database: Database) -> Database:
    return annas_town(database)


@told_once
def annas_town(database: Database) -> Database:
    """Anna's two children since 15 May 2026, with agreements and plans, so that övervägande alone is near."""
    with database.transaction() as tx:
        register = Register(tx)
        maria = register.person("maria", "manager")
        register.person("karin", "quality")
        anna = register.person("anna", manager_id=maria)
        register.person("bilal", manager_id=maria)
        north = register.unit("NORR", name="Norrgården")
        for case in ("AKT-1", "AKT-2"):
            register.placement(anna, north, case=case, starts="2026-05-15")
        tx.connection.execute(
            update(placement).values(
                contract_form="framework", deviation_documented="not_applicable", **QUIET
            )
        )
        register.measured("2026-04")
        # No round is asked about before October's.
        for month in (5, 6, 7, 8, 9):
            rounds.open_round(
                tx,
                Month(2026, month),
                at(f"2026-{month + 1:02d}-01"),
                at(f"2026-{month + 1:02d}-02"),
                at(f"2026-{month + 1:02d}-03"),
            )
        without_digests(tx)
    return database


def days_of(chat: Chat, first: str, last: str) -> dict[str, list[tuple[str, str]]]:
    """By person: the day and the kind of each message that came from the first to the last day, woken each morning."""
    day, until = date.fromisoformat(first), date.fromisoformat(last)
    got: dict[str, list[tuple[str, str]]] = {}
    while day <= until:
        seen = {key: len(client.shown) for key, client in chat.clients.items()}
        chat.wake(f"{day} 08:05")
        for key, client in chat.clients.items():
            for shown in client.shown[seen.get(key, 0) :]:
                got.setdefault(key, []).append((str(day), shown.kind))
        day += timedelta(days=1)
    return got


def clocks_only(got: dict[str, list[tuple[str, str]]], key: str) -> list[str]:
    return [day for day, kind in got.get(key, []) if kind.startswith("clocks")]


def test_a_worker_is_reminded_45_and_14_days_before_and_on_the_day_in_one_message(town: Database) -> None:
    chat = ClockChat(town, at("2026-09-01"))
    got = days_of(chat, "2026-09-25", "2026-11-20")
    # The last day is Sunday 15 November: what falls on days off is said on the Friday.
    assert clocks_only(got, "anna") == ["2026-10-01", "2026-10-30", "2026-11-13"]
    assert clocks_only(got, "maria") == ["2026-11-16"]
    assert "bilal" not in got
    anna = chat.client("anna")
    [last] = [one for one in anna.shown if one.kind == "clocks_near"][-1:]
    assert all(
        last.words.count(f"\n{case}: övervägande") == 1 for case in ("AKT-1", "AKT-2")
    ) and last.summary == SAY("clocks.near_summary")
    [late] = [one for one in chat.client("maria").shown if one.kind == "clocks_late"]
    assert "AKT-" not in late.words and "övervägande 2" in late.words.lower()


def test_nobody_gets_two_messages_on_a_day_when_the_month_is_asked_about_too(town: Database) -> None:
    with town.transaction() as tx:
        # The day 45 days before is the round's first.
        tx.connection.execute(update(placement).values(starts=date(2026, 6, 17)))
    chat = ClockChat(town, at("2026-10-20"))
    got = days_of(chat, "2026-10-29", "2026-12-20")
    for key in ("anna", "maria"):
        days = [day for day, _ in got.get(key, [])]
        assert len(days) == len(set(days)), got[key]
    [prompt] = [one for one in chat.client("anna").shown if one.kind == "prompt"][:1]
    assert "övervägande" in prompt.words
    assert all(is_working_day(date.fromisoformat(day)) for day, _ in got["anna"])


@pytest.mark.parametrize("wanted", [True, False])
def test_a_managers_late_clocks_ride_in_the_weekly_letter_of_the_day(town: Database, *, wanted: bool) -> None:
    """The last day is Sunday 15 November, and the letter comes on Mondays; who wants none any more has them alone."""
    with town.transaction() as tx:
        maria = tx.connection.scalars(select(person.c.id).where(person.c.key == "maria")).one()
        digests.choose(tx, maria, DigestChoice(), at("2026-01-02"))
    chat = ClockChat(town, at("2026-09-01"))
    chat.wake("2026-11-09 08:05")
    seen = len(chat.client("maria").shown)
    chat.now = at("2026-11-16 08:05")
    with town.transaction() as tx:
        tick(tx, chat.now, Times(rounds=chat.days, clocks=True))
        digests.choose(tx, maria, DigestChoice(wanted=wanted), chat.now)
    chat.deliver()
    [letter] = chat.client("maria").shown[seen:]
    assert letter.kind == "digest" and "övervägande 2" in letter.words.lower() and "AKT-" not in letter.words
    assert (SAY("digest.title") in letter.words) == wanted
    chat.wake("2026-11-16 12:00")
    chat.wake("2026-11-17 08:05")
    assert len(chat.client("maria").shown) == seen + 1


def test_after_the_letter_of_the_day_the_managers_late_clocks_wait_for_the_next(town: Database) -> None:
    with town.transaction() as tx:
        maria = tx.connection.scalars(select(person.c.id).where(person.c.key == "maria")).one()
        digests.choose(tx, maria, DigestChoice(), at("2026-01-02"))
    chat = ClockChat(town, at("2026-09-01"))
    chat.wake("2026-08-03 08:05")
    chat.wake("2026-08-10 08:05")
    assert chat.client("maria").shown[-1].kind == "digest"
    with town.transaction() as tx:
        tx.connection.execute(update(person).where(person.c.key == "anna").values(active=False))
        tx.connection.execute(update(clock_look).values(day=date(2026, 8, 9)))
        job_looks.forget_all(tx)
    chat.wake("2026-08-10 12:00")
    maria_got = chat.client("maria").shown
    assert "clocks_late" not in [one.kind for one in maria_got]
    chat.wake("2026-08-11 08:05")
    assert maria_got[-1].kind == "clocks_late"


def test_what_is_done_is_not_reminded_of_again(town: Database) -> None:
    chat = ClockChat(town, at("2026-09-01"))
    days_of(chat, "2026-09-25", "2026-10-02")
    with town.transaction() as tx:
        anna = tx.connection.scalars(select(person.c.id).where(person.c.key == "anna")).one()
        for id_ in tx.connection.scalars(select(placement.c.id)).all():
            done.record(tx, id_, "consideration", date(2026, 10, 10), "Utskottet", anna, at("2026-10-12"))
    got = days_of(chat, "2026-10-13", "2026-11-20")
    assert clocks_only(got, "anna") == clocks_only(got, "maria") == []


def test_a_late_second_or_missed_wake_reminds_once(town: Database) -> None:
    chat = ClockChat(town, at("2026-09-01"))
    for moment in (
        "2026-10-05 08:00",
        "2026-10-05 08:01",
        "2026-10-05 12:00",
        "2026-10-06 09:00",
        "2026-10-04 09:00",
    ):
        chat.wake(moment)
    assert [one.kind for one in chat.client("anna").shown].count("clocks_near") == 1


# In the order of the clock; a job that ran late or twice, or an older clock, gives another one.
MOMENTS = ("2026-10-01 08:05", "2026-10-15 08:05", "2026-11-02 08:05", "2026-11-16 08:05", "2026-12-01 12:00")


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moments=st.lists(st.sampled_from(MOMENTS), min_size=2, max_size=5))
def test_a_clock_never_moves_because_the_real_jobs_ran_late_twice_or_in_another_order(
    town: Database, moments: list[str]
) -> None:
    """Every job of the tick, at moments in any order: the last days are as they were, and each is told of once."""
    chat, before = ClockChat(town, at(moments[0])), last_days(town)
    for moment in moments:
        chat.wake(moment)
    assert last_days(town) == before
    with town.transaction() as tx:
        told = [tuple(row) for row in tx.connection.execute(select(*TOLD))]
    assert len(told) == len(set(told))
    assert {(one, code, day) for _, one, code, day, _ in told if one is not None} <= before


TOLD = [clock_told.c[name] for name in ("person_id", "placement_id", "clock", "due", "days")]


def last_days(town: Database) -> set[tuple[int, str, date]]:
    """Of each placement, every clock's last days as they stand in the law's table and in what is stored."""
    with town.transaction() as tx:
        ids = list(tx.connection.scalars(select(placement.c.id)))
        return {
            (time.placement_id, time.clock.code, time.due)
            for facts in stays.known(tx, ids, at("2026-12-31"))
            for time in times_of(facts, CLOCKS.values())
        }


def test_what_nobody_answers_for_goes_to_the_manager_at_once(town: Database) -> None:
    with town.transaction() as tx:
        tx.connection.execute(update(person).where(person.c.key == "anna").values(active=False))
    chat = ClockChat(town, at("2026-09-01"))
    got = days_of(chat, "2026-08-03", "2026-08-07")
    assert clocks_only(got, "maria") == ["2026-08-03"]
    assert SAY("clocks.nobodys", n=2) in chat.client("maria").shown[-1].words


def test_a_stand_in_is_reminded_and_the_one_away_is_not(town: Database) -> None:
    with town.transaction() as tx:
        ids = {row.key: row.id for row in tx.connection.execute(select(person.c.key, person.c.id))}
        people.record_leave(
            tx, Leave(ids["anna"], date(2026, 9, 28), date(2026, 10, 9), ids["bilal"]), at("2026-09-28")
        )
    chat = ClockChat(town, at("2026-09-28"))
    got = days_of(chat, "2026-09-28", "2026-10-12")
    assert clocks_only(got, "bilal") == ["2026-10-01"]
    assert clocks_only(got, "anna") == ["2026-10-12"]


def test_outside_working_hours_and_without_the_setting_nothing_is_said(town: Database) -> None:
    with town.transaction() as tx:
        for moment, times in (
            (at("2026-10-01 07:59"), Times(clocks=True)),
            (at("2026-10-01 09:00"), Times()),
        ):
            tick(tx, moment, times)
        kinds = set(tx.connection.scalars(select(delivery.c.kind)))
        assert not {one for one in kinds if one.startswith("clocks")}
        assert tx.connection.scalar(select(func.count()).select_from(clock_told)) == 0


def test_a_piece_looks_at_some_people_and_the_next_ones_at_the_rest_and_then_at_nobody(
    town: Database,
) -> None:
    moment = at("2026-10-01 09:00")
    with town.transaction() as tx:
        pieces = [remind_of_clocks(tx, moment, LOOKING_AT_ONE, None) for _ in range(5)]
        assert [one.rows for one in pieces] == [LOOKING_AT_ONE] * 4 + [0]
        assert sum(one.queued for one in pieces) == 1


def test_a_form_and_a_ground_that_a_file_brings_are_reminded_of_by_their_own_clock(
    municipality: Database, tmp_path: Path
) -> None:
    """They are asked about and scored as well: tests/test_own_terms.py."""
    ground = GROUND | {"Motsvarar": "LVU 3 §"}
    said = read_in(municipality, tmp_path / "files", ground, [EVERY_THREE])
    assert not [one for one in said if "frister.csv" in str(one)]
    chat = ClockChat(municipality, at("2027-02-26"))
    chat.wake("2027-03-01 08:05")
    anna = chat.client("anna")
    anna.say("frister")
    assert "AKT-2027-1 (Blåsippan): Trygghetsprövning" in anna.words and "senast 15 april 2027" in anna.words
    got = days_of(chat, "2027-05-27", "2027-06-04")
    assert got["anna"]
    with municipality.transaction() as tx:
        told = tx.connection.scalars(
            select(clock_told.c.days).where(clock_told.c.clock == "trygghetsprovning")
        )
        assert 0 in set(told)


def ending(town: Database, owner: str | None, *, goes_on: bool = False) -> None:
    """Norrgården's agreement ends on 30 November, and the person answers for it."""
    with town.transaction() as tx:
        unit_id = tx.connection.scalars(select(unit.c.id)).one()
        keys = {row.key: row.id for row in tx.connection.execute(select(person.c.key, person.c.id))}
        starts: list[tuple[str, date, date | None]] = [("A-1", date(2024, 1, 1), date(2026, 11, 30))]
        starts += [("A-2", date(2026, 12, 1), None)] if goes_on else []
        for key, first, last in starts:
            own = keys[owner] if owner and last else None
            values = {"key": key, "starts": first, "ends": last, "owner_id": own}
            tx.connection.execute(
                insert(contract).values(unit_id=unit_id, form="ramavtal", law="lou", **values)
            )
        # Their övervägande is done, so that the agreement alone is near.
        for placed in tx.connection.scalars(select(placement.c.id)).all():
            done.record(
                tx, placed, "consideration", date(2026, 8, 20), "Utskottet", keys["anna"], at("2026-08-20")
            )


NINETY_THIRTY_NONE = ["2026-09-01", "2026-10-30", "2026-11-30"]


@pytest.mark.parametrize(
    ("owner", "told"),
    [
        ("anna", {"anna": NINETY_THIRTY_NONE}),
        ("maria", {"maria": NINETY_THIRTY_NONE}),
        (None, {"maria": NINETY_THIRTY_NONE}),
        # Who is told of no clocks cannot be told of it: it is the managers'.
        ("karin", {"maria": NINETY_THIRTY_NONE}),
    ],
)
def test_an_agreement_that_ends_is_told_of_90_and_30_days_before_and_on_the_day(
    town: Database, owner: str | None, told: dict[str, list[str]]
) -> None:
    ending(town, owner)
    chat = ClockChat(town, at("2026-08-20"))
    got: dict[str, list[str]] = {}
    # Around each of the days, and long after what the summer left.
    for first, last in (
        ("2026-08-31", "2026-09-02"),
        ("2026-10-29", "2026-11-02"),
        ("2026-11-27", "2026-12-01"),
    ):
        for key, rows in days_of(chat, first, last).items():
            words = {one.kind: one.words for one in chat.client(key).shown}
            got.setdefault(key, []).extend(
                day for day, kind in rows if "A-1" in words[kind] and kind.startswith(("clocks", "prompt"))
            )
    assert {key: days for key, days in got.items() if days} == told


def test_an_agreement_that_another_goes_on_from_is_told_of_to_nobody(town: Database) -> None:
    ending(town, "anna", goes_on=True)
    chat = ClockChat(town, at("2026-08-20"))
    days_of(chat, "2026-08-31", "2026-09-02")
    assert not [one for client in chat.clients.values() for one in client.shown if "A-1" in one.words]


def test_a_placement_without_its_agreement_is_reminded_of_until_the_register_has_it(town: Database) -> None:
    with town.transaction() as tx:
        one = placement.c.case_reference == "AKT-1"
        tx.connection.execute(
            update(placement).where(one).values(call_off_contract=None, starts=date(2026, 7, 15))
        )
    chat = ClockChat(town, at("2026-07-14"))
    days_of(chat, "2026-07-15", "2026-07-16")
    anna = chat.client("anna")
    assert f"AKT-1: {SAY('clock.call_off')}" in anna.shown[-1].words
    with town.transaction() as tx:
        tx.connection.execute(update(placement).values(call_off_contract="on_file"))
    anna.say("frister")
    assert SAY("clock.call_off") not in anna.words
