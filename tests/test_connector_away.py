"""A connector that is away for days: nothing piles up, and what comes afterwards is true for the day when it comes."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.answered import MOST_TRIES
from followup import ActionId, AlertId, PersonId, RoundId, TaskId, UnitId
from followup.messages.alerts import AlertAgain, AlertRaised, OwnAlert, SignalsOfDay
from followup.messages.clocks import ClocksLate, ClocksNear, YearlyList
from followup.messages.every import KINDS, EveryMessage
from followup.messages.follow_ups import ActionDue
from followup.messages.month import LISTS, Escalation, Nudge, Ownerless, Prompt, Reminder
from followup.messages.operation import WeeklyDigest
from followup.messages.waiting import one_for_all
from followup.times.calendar import municipal_day
from services.acting import Acting, Refused
from services.signals.raising import raise_signal
from storage.engine.database import Database, Transaction
from storage.engine.tables import delivery
from storage.follow_ups import actions, follow_ups
from storage.messages import claiming, counting, doubts, ledger, queueing, settling, waiting
from storage.messages.delivery import Delivery
from storage.messages.leases import LEASE
from storage.month import reports, rounds
from storage.register import people, placements, units
from tests.support.builders import aad, at
from tests.support.edge import Edge, at_the_edge
from tests.support.made_one import make_one
from tests.support.municipality import STEADY
from tests.support.query_plans import plans
from tests.support.told_once import told_once
from tests.support.turns import SAY, SLAP, readable

ROUND, NEXT = RoundId(1), RoundId(2)
MONDAY, TUESDAY = at("2026-11-02 08:00"), at("2026-11-03 08:00")
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("those", "place", "said"),
    [
        ((Prompt(ROUND), Reminder(ROUND)), 0, Prompt(ROUND)),
        ((Prompt(ROUND), Prompt(NEXT)), 1, Prompt(NEXT, others=(ROUND,))),
        ((Prompt(ROUND), ClocksNear(MONDAY.date())), 0, Prompt(ROUND)),
        ((Prompt(ROUND), Nudge(PersonId(7))), 1, Nudge(PersonId(7))),
        # Of the month before, which its list no longer names, something may be left when that of its own is in.
        ((Nudge(PersonId(7)), Prompt(NEXT)), 0, Nudge(PersonId(7))),
        ((Reminder(ROUND), Reminder(NEXT)), 1, Reminder(NEXT, others=(ROUND,))),
        ((Escalation(ROUND), Escalation(NEXT)), 1, Escalation(NEXT, others=(ROUND,))),
        (
            (Ownerless(ROUND, (TaskId(1),)), Ownerless(ROUND, (TaskId(2),))),
            *(1, Ownerless(ROUND, (TaskId(1), TaskId(2)))),
        ),
        ((AlertRaised(AlertId(1)), AlertAgain(AlertId(1))), 0, AlertRaised(AlertId(1))),
        (
            (AlertAgain(AlertId(1)), AlertAgain(AlertId(2)), AlertAgain(AlertId(3))),
            *(2, AlertAgain(AlertId(3), others=(AlertId(1), AlertId(2)))),
        ),
        ((WeeklyDigest(MONDAY), ClocksLate(MONDAY.date()), WeeklyDigest(TUESDAY)), 2, WeeklyDigest(MONDAY)),
        (
            (SignalsOfDay(MONDAY, MONDAY + DAY), SignalsOfDay(TUESDAY, TUESDAY + DAY)),
            *(1, SignalsOfDay(MONDAY, TUESDAY + DAY)),
        ),
    ],
)
def test_one_tells_what_all_that_wait_would_have_told(
    those: tuple[EveryMessage, ...], place: int, said: EveryMessage
) -> None:
    assert 1 in (len({one.topic for one in those}), len({one.family for one in those}))
    made = one_for_all(those)
    assert (made.place, made.message) == (place, said)
    assert one_for_all([made.message]).message == made.message


def test_of_each_action_the_newest_word_is_told() -> None:
    first, second = (ActionDue(ActionId(number), PersonId(1), date(2026, 11, 6)) for number in (1, 2))
    moved = replace(first, due=date(2026, 11, 9))
    assert one_for_all([first, second, moved]).message == replace(moved, others=(second,))


def test_what_a_press_asked_for_has_no_family_and_is_each_its_own() -> None:
    assert OwnAlert(AlertId(1)).family is None
    assert {kind for kind, one in KINDS.items() if "topic" in vars(one) and one.topic is None} == {
        *("own_alert", "evidence", "signal", "update")
    }


# Five days of it, from what happened to whom


@pytest.fixture
def world(municipality: Database) -> Database:
    return with_two_actions(municipality)


@told_once
def with_two_actions(municipality: Database) -> Database:
    """Karin has two actions whose days come, and what nobody answers for; Maria leads."""
    with municipality.transaction() as tx:
        karin = _person(tx, "karin")
        opened = follow_ups.open_new(tx, _north(tx), karin, at("2026-10-20"))
        assert opened is not None
        follow_ups.save(
            tx,
            replace(opened, step="act", method="visit", held_on=date(2026, 10, 20)),
            karin,
            at("2026-10-20"),
        )
        for day in (5, 6):
            actions.add(
                tx,
                opened.id,
                what="Begär in planer.",
                owner_id=karin,
                due_on=date(2026, 11, day),
                author_id=karin,
                now=at("2026-10-20"),
            )
    return municipality


def _north(tx: Transaction) -> UnitId:
    return next(one.id for one in units.all_units(tx) if one.name == "Norrgården")


def _person(tx: Transaction, key: str) -> PersonId:
    found = people.by_key(tx, key)
    assert found is not None
    return found.id


def _happens(edge: Edge, day: datetime, **changed: str) -> None:
    """Anna raises a signal about Norrgården."""
    with edge.database.transaction() as tx:
        anna = people.by_key(tx, "anna")
        assert anna is not None
        [placed, *_] = placements.open_ids(tx, _north(tx), municipal_day(day))
        told = {**SLAP, "event_on": str(municipal_day(day) - DAY), "placement": str(placed), **changed}
        assert not isinstance(raise_signal(Acting(tx, anna, day), told), Refused)


def _hands_in(edge: Edge, case: str, now: datetime) -> None:
    with edge.database.transaction() as tx:
        for task in rounds.tasks(tx, [one.id for one in rounds.asking_rounds(tx, now)], municipal_day(now)):
            if task.placement.case_reference == case:
                reports.save(tx, task.id, STEADY, by_statement=False, author_id=_person(tx, "anna"), now=now)


async def _lives(edge: Edge, moment: datetime) -> None:
    edge.clock.move_to(moment)
    for _ in range(2):
        await edge.bot.wake()
        await edge.bot.deliverer.drain()


async def _while_it_is_away(edge: Edge, until: datetime) -> None:
    """Each morning the bot wakes and tries; on three of the days signals come, and on the second Anna hands one in."""
    edge.server.refuses = 503
    morning = MONDAY
    while morning < until:
        await _lives(edge, morning)
        if morning == MONDAY + DAY:
            _hands_in(edge, "AKT-1", morning)
            _happens(edge, morning)
        if morning < MONDAY + 3 * DAY:
            _happens(edge, morning, consequence="2", marks="")
        morning += DAY
    edge.server.refuses = 0


def _rows(edge: Edge) -> list[Delivery]:
    with edge.database.reading() as tx:
        ids = tx.connection.scalars(select(delivery.c.id).order_by(delivery.c.id))
        return [one for number in ids if (one := ledger.get(tx, number))]


def _said(edge: Edge) -> dict[str, list[str]]:
    """All that the connector took since it is back, by the person whose conversation it was opened for."""
    opened = {f"sent-{number}": call for number, call in enumerate(edge.server.sent, 1)}
    named = {aad(key): key for key in ("anna", "bilal", "karin", "maria")}
    said: dict[str, list[str]] = defaultdict(list)
    for call in edge.server.sent:
        if call.path.endswith("/activities"):
            conversation = call.path.split("/")[-2]
            [member] = opened[conversation].body["members"]
            said[named[member["id"]]].append(readable(call.body))
    return said


@pytest.mark.parametrize("days", [5, 15], ids=["five days", "past the last day to answer"])
async def test_each_person_gets_one_message_of_each_family_at_most_and_it_is_of_that_day(
    world: Database, days: int
) -> None:
    async with at_the_edge(world, "2026-11-02 07:59", sends=False) as edge:
        returns = MONDAY + timedelta(days=days)
        await _while_it_is_away(edge, returns)
        assert {one.state for one in _rows(edge)} <= {"ready", "cancelled"}
        # Each is tried again within ten minutes.
        for minutes in (0, 11):
            await _lives(edge, returns + timedelta(minutes=minutes))
        sent = [one for one in _rows(edge) if one.state == "sent"]
        by_family = Counter((one.person_id, one.message.family) for one in sent)
        assert {one: number for one, number in by_family.items() if number > 1} == {}
        assert not [one for one in _rows(edge) if one.state == "ready" and one.not_before <= edge.clock()]
        _assert_of_the_day(edge, _said(edge), returns)


def _assert_of_the_day(edge: Edge, said: Mapping[str, list[str]], day: datetime) -> None:
    """Counted from plain SQL, as it stands on the day when the connector is back."""
    with edge.database.reading() as tx:
        left, mild = (
            tx.connection.exec_driver_sql(counted).scalar_one()
            for counted in (
                "select count(*) from report_task t join ownership o on o.placement_id = t.placement_id "
                "join person p on p.id = o.owner_id where p.key = 'anna' and t.round_id > 1 "
                "and not exists (select 1 from report r where r.task_id = t.id)",
                "select count(distinct signal_id) from signal_version where consequence = 2",
            )
        )
    [own] = [one for one in said["anna"] if "Uppföljning för oktober 2026" in one]
    assert f"{left} av 3 kvar" in own
    assert "En påminnelse" not in own
    assert ("efter sista dagen" in own) == (day > at("2026-11-14"))
    [signals_told] = [one for one in said["karin"] if "Dagens signaler" in one]
    assert f"{mild} nya vanliga signaler har kommit sedan" in signals_told
    [due] = [one for one in said["karin"] if "Påminnelse om en åtgärd" in one]
    assert all(f"skulle ha varit klar {number} november" in due for number in (5, 6))
    # Her weekly letter, which is of another family, has the alert in its list of what waits.
    assert len([one for one in said["karin"] if "Larm L-1" in one and SAY("digest.change") not in one]) == 1


def _queue(tx: Transaction, key: str, message: EveryMessage, now: datetime) -> Delivery:
    assert queueing.queue(tx, key, message, now, person_id=_person(tx, "anna"))
    return next(one for one in ledger.listed(tx, ("ready",)) if one.key == key)


def test_one_that_is_on_its_way_is_waited_for(municipality: Database) -> None:
    with municipality.transaction() as tx:
        first = _queue(tx, "first", Prompt(ROUND), MONDAY)
        claiming.reserve(tx, first, "owner", MONDAY, MONDAY)
        assert claiming.start(tx, [first.id], "owner", MONDAY)
        second = _queue(tx, "second", Reminder(ROUND), MONDAY)
        assert waiting.look_beside(tx, second, MONDAY, MONDAY).to_join
        make_one(tx, second, MONDAY)
        assert claiming.due(tx, MONDAY, 10) == []
        settling.put_back(tx, first.id, MONDAY, "503")
        [late] = [one for one in claiming.due(tx, MONDAY + DAY, 10) if one.key == "second"]
        make_one(tx, late, MONDAY + DAY)
        assert [one.key for one in claiming.due(tx, MONDAY + DAY, 10)] == ["first"]


def test_a_hundred_that_wait_for_one_person_are_made_one_a_part_in_each_transaction(
    municipality: Database,
) -> None:
    numbers = range(1, 2 * waiting.JOINED_AT_ONCE + 1)
    with municipality.transaction() as tx:
        karin = _person(tx, "karin")
        for number in numbers:
            one = ActionDue(ActionId(number), karin, MONDAY.date())
            queueing.queue(tx, f"due {number}", one, MONDAY, person_id=karin)
        left = ledger.listed(tx, ("ready",))
        lefts = [len(left)]
        while len(left) > 1:
            make_one(tx, left[-1], MONDAY)
            left = ledger.listed(tx, ("ready",))
            lefts.append(len(left))
        [kept] = left
        told = kept.message
        assert isinstance(told, ActionDue)
        assert {told.action_id, *(one.action_id for one in told.others)} == {*map(ActionId, numbers)}
    assert lefts == [100, 51, 2, 1]


@pytest.mark.sqlite("läser SQLites frågeplaner")
def test_what_waits_for_a_person_or_the_team_and_what_went_on_a_day_is_found_by_index(
    municipality: Database,
) -> None:
    with municipality.transaction() as tx:
        hers = _queue(tx, "hers", Prompt(ROUND), MONDAY)
        teams = replace(hers, person_id=None, channel="quality")
        found = {
            how.split(" INDEX ")[1].split(" (")[0]
            for look in (
                lambda: waiting.look_beside(tx, hers, MONDAY, MONDAY),
                lambda: waiting.look_beside(tx, teams, MONDAY, MONDAY),
                lambda: waiting.told_in(tx, _person(tx, "anna"), MONDAY.date(), MONDAY),
            )
            for how in plans(tx, look)
            if " delivery " in how
        }
    assert found == {"ix_delivery_open_person", "ix_delivery_open_channel", "ix_delivery_person_sent"}


def test_what_repeats_one_of_several_alerts_that_wait_is_told_in_theirs(municipality: Database) -> None:
    unit = UnitId(1)
    with municipality.transaction() as tx:
        first = _queue(tx, "1", AlertRaised(AlertId(1), unit), MONDAY)
        _queue(tx, "2", AlertRaised(AlertId(2), unit), MONDAY)
        make_one(tx, first, MONDAY)
        for number in (1, 2):
            again = _queue(tx, f"again {number}", AlertAgain(AlertId(number)), TUESDAY)
        make_one(tx, again, TUESDAY)
        [kept] = ledger.listed(tx, ("ready",))
        assert (kept.key, kept.message) == ("2", AlertRaised(AlertId(2), unit, (AlertId(1),)))


def test_what_she_was_asked_about_in_one_that_ends_stands_in_the_one_that_goes(
    municipality: Database,
) -> None:
    with municipality.transaction() as tx:
        first, second = _queue(tx, "a", Prompt(ROUND), MONDAY), _queue(tx, "b", Prompt(NEXT), MONDAY)
        [task, *_] = rounds.tasks(tx, [ROUND], MONDAY.date())
        rounds.record_asking(tx, [task.id], _person(tx, "anna"), "a", MONDAY)
        make_one(tx, first, MONDAY)
        [asked] = rounds.askings(tx, ROUND, _person(tx, "anna"))
        assert (asked.task_id, asked.in_vain) == (task.id, False)
        kept = ledger.get(tx, second.id)
        assert kept is not None
        assert kept.message == Prompt(NEXT, others=(ROUND,))


def test_whoever_reserved_one_too_long_ago_does_not_say_it_as_it_was_before_the_others_joined_it(
    municipality: Database,
) -> None:
    with municipality.transaction() as tx:
        first, second = _queue(tx, "a", Prompt(ROUND), MONDAY), _queue(tx, "b", Prompt(NEXT), MONDAY)
        claiming.reserve(tx, second, "slept", MONDAY, MONDAY)
        woken = MONDAY + LEASE + timedelta(seconds=1)
        make_one(tx, first, woken)
        assert not claiming.start(tx, [second.id], "slept", woken)
        [kept] = claiming.due(tx, woken, 10)
        assert (kept.key, kept.message) == ("b", Prompt(NEXT, others=(ROUND,)))


@pytest.mark.parametrize(("put_back_until", "day"), [(MONDAY, TUESDAY), (TUESDAY + DAY, TUESDAY)])
def test_what_goes_for_an_older_one_is_of_its_own_day_and_is_due_now(
    municipality: Database, put_back_until: datetime, day: datetime
) -> None:
    with municipality.transaction() as tx:
        first = _queue(tx, "a", Reminder(ROUND), MONDAY)
        _queue(tx, "b", Prompt(NEXT), TUESDAY)
        settling.put_back(tx, first.id, put_back_until, "503")
        make_one(tx, first, TUESDAY)
        [kept] = claiming.due(tx, TUESDAY, 10)
        assert (kept.key, kept.not_before) == ("b", day)
        # Whether it came to her is asked of its own month, which opened after the older one was due.
        settling.settle(tx, kept.id, "uncertain")
        assert doubts.people_in_doubt(tx, LISTS, TUESDAY, TUESDAY) == [_person(tx, "anna")]
        # How long something has waited is counted from the older one.
        settling.put_back(tx, kept.id, TUESDAY, "503")
        assert counting.oldest_due(tx, TUESDAY) == MONDAY


@pytest.mark.parametrize(("others_get_through", "state"), [(False, "ready"), (True, "failed")])
async def test_what_nobody_takes_waits_and_what_one_conversation_puts_off_does_not_for_ever(
    municipality: Database, others_get_through: bool, state: str
) -> None:
    async with at_the_edge(municipality, "2026-10-28 12:00", sends=False) as edge:
        now = edge.clock()
        with municipality.transaction() as tx:
            number = _queue(tx, "it", YearlyList(2026), now).id
            tx.connection.execute(
                update(delivery).values(attempts=MOST_TRIES, person_id=_person(tx, "maria"))
            )
            other = _queue(tx, "other", YearlyList(2026), now).id
            settling.settle(tx, other, "sent" if others_get_through else "cancelled", sent_at=now)
        edge.server.refuses = 503
        await edge.bot.deliverer.drain()
        with municipality.transaction() as tx:
            tried = ledger.get(tx, number)
        assert tried is not None
        assert (tried.state, tried.attempts) == (state, MOST_TRIES + 1 if others_get_through else 0)
