"""What waits for a person, in order of what is due: each role's own, with one press to each thing."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.cards import draw
from dialogs.card import Button
from dialogs.forms.given import MOST_LINES, given_card
from dialogs.forms.lists import MOST_ROWS
from dialogs.messages.message_replies import say_now
from followup import AlertId, FollowUpId, PersonId, SignalId, UnitId
from followup.access.municipality import USUAL_MUNICIPALITY
from followup.alerts.alert import last_day_to_take
from followup.follow_ups.follow_up import FollowUp, next_day
from followup.overview.desk import DeskThing, in_order
from followup.signals.filters import SignalFilter
from followup.wording.form import read_day
from services.acting import Refused, Why
from services.giving import GIVE_SORTS, GivenThings, SeenThing, give
from services.views.alerts import open_alerts
from services.views.desk import Desk, desk
from services.views.follow_ups import open_follow_ups, unfinished
from services.views.signal_list import SignalList, signal_list
from storage.alerts import alerts
from storage.engine.database import Database
from storage.engine.tables import delivery, signal
from storage.follow_ups import actions, follow_ups
from storage.messages import ledger
from storage.messages.delivery import Delivery
from storage.register import people
from storage.signals import progress
from tests.support.builders import Register, at
from tests.support.deeds import acting, tried
from tests.support.desk import alerted, slap
from tests.support.made_one import make_one
from tests.support.municipality import CASES
from tests.support.turns import SAY, Chat, october, readable

MOST_TOLD = MOST_ROWS + MOST_LINES


def item(name: str, day: str | None, *, late: bool = False) -> DeskThing[str]:
    return DeskThing("alert", name, date.fromisoformat(day) if day else None, late, hers=True)


def test_what_is_late_without_a_day_comes_first_and_what_has_no_day_last() -> None:
    items = [
        item("no day", None),
        item("later", "2026-11-09"),
        item("passed", "2026-10-01", late=True),
        item("late", None, late=True),
    ]
    assert [one.about for one in in_order(items)] == ["late", "passed", "later", "no day"]


@pytest.mark.parametrize(
    ("planned", "held", "verdict", "done_by", "day"),
    [
        (None, None, None, None, None),
        ("2026-11-12", None, None, "2026-12-01", "2026-11-12"),
        ("2026-12-12", None, None, "2026-12-01", "2026-12-01"),
        ("2026-11-12", "2026-11-12", None, "2026-12-01", "2026-12-01"),
        ("2026-11-12", "2026-11-12", "meets", "2026-12-01", None),
    ],
)
def test_a_follow_up_is_due_when_it_is_to_be_held_and_then_when_it_is_to_be_assessed(
    planned: str | None, held: str | None, verdict: str | None, done_by: str | None, day: str | None
) -> None:
    head = (FollowUpId(1), UnitId(1), None, None, at("2026-11-01"), PersonId(2), 1)
    one = FollowUp(*head, "plan", PersonId(2), PersonId(2), at("2026-11-01"))
    changed = replace(one, planned_on=read_day(planned or ""), held_on=read_day(held or ""), verdict=verdict)
    assert next_day(changed, read_day(done_by or "")) == read_day(day or "")


def seen(chat: Chat, key: str) -> Desk:
    with acting(chat.database, key, chat.now) as reader:
        found = desk(reader)
    assert not isinstance(found, Refused)
    return found


def with_a_follow_up(chat: Chat) -> None:
    """Karin has one that was to be held on 12 November, with an action of Kim's that was to be done the day after."""
    with chat.database.transaction() as tx:
        karin, kim = (people.by_key(tx, key) for key in ("karin", "kim"))
        assert karin
        assert kim
        opened = follow_ups.open_new(tx, UnitId(1), karin.id, chat.now)
        assert opened
        planned = replace(opened, step="collect", method="visit", planned_on=date(2026, 11, 12))
        follow_ups.save(tx, planned, karin.id, chat.now)
        due = date(2026, 11, 13)
        actions.add(
            tx, opened.id, what="Rutin.", owner_id=kim.id, due_on=due, author_id=karin.id, now=chat.now
        )


def test_the_quality_teams_desk_has_alerts_signals_follow_ups_actions_and_decisions_in_order(
    municipality: Database,
) -> None:
    """`to_do.`: each row opens the very thing; a colleague's is counted and not listed."""
    chat = alerted(municipality)
    with_a_follow_up(chat)
    chat.now = at("2026-11-16 09:00")
    found = seen(chat, "karin")
    days = [one.day for one in found.items if one.day is not None]
    assert days == sorted(days)
    assert {one.sort for one in found.items} == {"alert", "signal", "follow_up", "action", "decision"}
    with chat.database.transaction() as tx:
        open_alerts, signals = (
            tx.connection.execute(text(query)).scalar_one()
            for query in (
                "select count(*) from alert where closed_at is null",
                "select count(*) from signal_progress where ended_at is null and desk = 'quality'",
            )
        )
    counted = Counter(one.sort for one in found.items)
    assert (counted["alert"], counted["signal"]) == (open_alerts, signals)
    # The action is Kim's; the signal is whose turn it was.
    kims = [one for one in found.items if not one.own]
    assert "action" in {one.sort for one in kims}
    karin = chat.client("karin")
    karin.say("mitt")
    assert SAY("to_do.about", n=len(found.own)) in karin.words
    assert SAY("to_do.others", n=len(kims)) in karin.words
    assert SAY("to_do.late_since", day=date(2026, 11, 12), n=4) in karin.words
    # Once: the row does not say the same day in other words too.
    assert SAY("follow_up.late.planned", day=date(2026, 11, 12)) not in karin.words
    assert "Å-1" not in karin.words
    kim = chat.client("kim")
    kim.say("vad ska jag göra idag")
    kim.press(SAY("to_do.open"), row="Å-1 · Norrgården")
    assert "Rutin." in kim.words


def told(view: Iterable[Any] | Refused) -> list[Any]:
    assert not isinstance(view, Refused)
    return list(view)


def test_each_thing_stands_in_its_order_by_what_its_own_view_says_of_it(municipality: Database) -> None:
    """The order is made of heads, and what is told of each is read when it is shown."""
    chat = alerted(municipality)
    with_a_follow_up(chat)
    chat.now = at("2026-11-27 09:00")
    with acting(chat.database, "karin", chat.now) as reader:
        me, today = reader.person.id, reader.today
        alerts.take(reader.tx, alerts.open_alerts(reader.tx)[0].id, me, chat.now)
        found, signals = desk(reader), signal_list(reader, SignalFilter(), 0, 50)
        assert isinstance(found, Desk) and isinstance(signals, SignalList)
        wanted = [(one, one.last_day, one.overdue, one.hers, one.owner) for one in signals.rows]
        for one in told(open_alerts(reader)):
            day = None if one.taken else last_day_to_take(one.raised)
            wanted.append((one, day, day is not None and day < today, one.owner_id == me, one.owner))
        for row in told(open_follow_ups(reader)):
            wanted.append((row, row.day, bool(row.late), row.one.owner_id == me, row.owner))
        things = [(one.about, one.day, one.late, one.hers, one.owner) for one in found.shown(found.items)]
        assert len(wanted) == 3
        for row in wanted:
            assert row in things
        for view in told(unfinished(reader)):
            late, hers = view.days_late is not None, view.verifiable or view.one.owner_id == me
            # Nothing of what is written in it stands on the desk.
            about = replace(view, one=replace(view.one, what=""))
            assert (about, view.one.due_on, late, hers, view.owner) in things


def test_a_worker_has_her_months_and_her_clocks_and_no_word_of_others(municipality: Database) -> None:
    chat = october(municipality)
    anna = chat.client("anna")
    anna.say("att göra")
    row = SAY("to_do.own_reports", n=3, month=chat.task("AKT-1").month)
    assert row in anna.words
    assert not any(case in anna.words for case in CASES[3:])
    anna.press(SAY("to_do.open"), row=row)
    assert SAY("list.summary", n=3) == anna.card["fallbackText"]


def test_a_manager_has_what_her_people_have_left_and_no_child(municipality: Database) -> None:
    chat = alerted(municipality)
    chat.now = at("2026-11-16 09:00")
    maria = chat.client("maria")
    maria.say("mitt")
    month = chat.task("AKT-1").month
    with chat.database.transaction() as tx:
        left = tx.connection.execute(
            text(
                "select count(*) from report_task t join round r on r.id = t.round_id "
                "where r.month = '2026-10' and t.id not in (select task_id from report)"
            )
        ).scalar_one()
    assert SAY("to_do.reports", n=left, month=month) in maria.words
    assert SAY("status.alerts_late", n=1) in maria.words or SAY("status.alerts_late", n=2) in maria.words
    assert not any(secret in maria.words for secret in (*CASES, "A-1", "2026-10-30", "30 oktober"))
    maria.press(SAY("to_do.open"), row=SAY("to_do.reports", n=left, month=month))
    assert SAY("unanswered.title") in maria.words


def test_nobody_has_it_in_a_channel_and_an_administrator_only_what_is_to_be_deleted(
    municipality: Database,
) -> None:
    chat = alerted(municipality)
    assert chat.client("karin", channel=True).say("mitt").text == SAY("refused.channel")
    with acting(chat.database, "karin", chat.now, channel=True) as reader:
        assert desk(reader) == Refused(Why.CHANNEL)
    with municipality.transaction() as tx:
        Register(tx).person("adam", "admin")
    adam = chat.client("adam")
    adam.say("mitt")
    assert SAY("to_do.none") in adam.words


def test_signals_beyond_those_that_are_listed_are_counted_and_told(municipality: Database) -> None:
    """`to_do.beyond`"""
    chat = alerted(municipality)
    with acting(chat.database, "karin", chat.now) as reader:
        all_of_them, none = desk(reader), desk(reader, 0)
    assert not isinstance(all_of_them, Refused)
    assert not isinstance(none, Refused)
    listed = sum(one.sort == "signal" for one in all_of_them.items)
    assert (listed > 0, all_of_them.beyond, none.beyond) == (True, 0, listed)
    assert len(none.items) == len(all_of_them.items) - listed


def given(chat: Chat, *things: SeenThing, to: str = "kim", by: str = "karin") -> GivenThings:
    with acting(chat.database, by, chat.now) as giver:
        found = people.by_key(giver.tx, to)
        assert found
        done = give(giver, things, found.id)
    assert not isinstance(done, Refused)
    return done


def test_many_things_that_are_given_at_once_are_told_of_in_one_message_a_kind(
    municipality: Database,
) -> None:
    """`signal_given.`, `desk.handed_`, `action_given.`: all are in it, and nothing of one that is another's by then."""
    chat = alerted(municipality)
    for day in range(15, 29):
        slap(chat, event_on=f"2026-10-{day}", text=f"Ord {day}.")
    with_a_follow_up(chat)
    with chat.database.transaction() as tx:
        karin, kim = (people.by_key(tx, key) for key in ("karin", "kim"))
        assert karin
        assert kim
        plan: dict[str, Any] = {
            "owner_id": karin.id,
            "due_on": date(2026, 12, 1),
            "author_id": karin.id,
            "now": chat.now,
        }
        planned = [actions.add(tx, FollowUpId(1), what=f"Rutin {one}.", **plan) for one in range(10)]
        owners = progress.of_signals(tx, tx.connection.scalars(select(signal.c.id)).all())
        # Those that an alert is about go with it, so that of some the signal alone is given.
        own = alerts.open_alerts(tx)[:6]
        of_alerts = {one.signal_id for one in own}
    things = [
        *(SeenThing("alert", one.id, one.owner_id or 0) for one in own),
        *(
            SeenThing("signal", one.signal_id, one.owner_id or 0)
            for one in owners.values()
            if one.owner_id != kim.id and one.signal_id not in of_alerts
        ),
        SeenThing("follow_up", 1, 2),
        *(SeenThing("action", one.id, one.version) for one in planned),
    ]
    done = given(chat, *things)
    assert (len(done.done) >= 20, done.left) == (True, ()), done
    numbers = dict(zip(done.done, sorted(things, key=lambda one: GIVE_SORTS.index(one.sort)), strict=True))
    with chat.database.transaction() as tx:
        actions.save(tx, replace(planned[-1], owner_id=karin.id, version=2), karin.id, chat.now)
        for one in ledger.listed(tx, ("ready",)):
            make_one(tx, one, chat.now)
    said = {one.kind: one for one in told_kim(chat, kim.id)}
    assert len(said) == len(told_kim(chat, kim.id)) == 4
    for kind, sort in (("handed_over", "alert"), ("signal_given", "signal"), ("action_given", "action")):
        with chat.database.transaction() as tx:
            card = say_now(tx, said[kind], chat.now, USUAL_MUNICIPALITY)
        assert card
        words = re.findall(r"\b(?:L|A|Å)-\d+\b", readable(draw(card, "n", "sv")))
        gone = {planned[-1].number}
        given_now = {number for number, one in numbers.items() if one.sort == sort}
        assert (set(words), len(given_now - gone) > 1) == (given_now - gone, True), kind


@pytest.mark.parametrize("number", [1, 2, 21, MOST_TOLD, 200])
def test_a_card_of_what_was_given_holds_as_many_as_it_takes_and_says_how_many_more(number: int) -> None:
    about = SAY("follow_up_given.about", number="UF-1234", unit="Behandlingshemmet Kvarnhumla Norra")
    rows = [
        (about, Button(SAY("alerts.open"), "show_follow_up", {"follow_up": one})) for one in range(number)
    ]
    card = given_card("follow_up_given.title", rows, SAY)
    assert card is not None
    drawn = draw(card, "n", "sv")
    told = readable(drawn)
    assert told.splitlines().count(about) == min(number, MOST_TOLD)
    assert (SAY("evidence.more", n=number - MOST_TOLD) in told) == (number > MOST_TOLD)
    assert len(json.dumps(drawn, ensure_ascii=False).encode()) < 28_000
    assert given_card("follow_up_given.title", [], SAY) is None


def told_kim(chat: Chat, kim: PersonId) -> list[Delivery]:
    with chat.database.transaction() as tx:
        kinds = ("handed_over", "signal_given", "action_given", "follow_up_given")
        return [one for one in ledger.listed(tx, ("ready",)) if one.person_id == kim and one.kind in kinds]


def test_each_thing_is_given_by_a_deed_of_its_own_and_what_cannot_be_says_why(municipality: Database) -> None:
    chat = alerted(municipality)
    with_a_follow_up(chat)
    with acting(chat.database, "karin", chat.now) as reader:
        karin, kim = reader.person.id, people.by_key(reader.tx, "kim")
    assert kim
    alert, signal = SeenThing("alert", 1, 0), SeenThing("signal", 1, 0)
    follow_up, action = SeenThing("follow_up", 1, 2), SeenThing("action", 1, 1)
    with chat.database.transaction() as tx:
        standing = progress.of_signal(tx, SignalId(1))
    assert standing
    signal = replace(signal, seen=standing.owner_id or 0)
    # The action is Kim's already, and giving it to her once more changes nothing of its plan.
    done = given(chat, follow_up, alert, action)
    assert (done.done, done.left) == (("L-1", "UF-1", "Å-1"), ())
    told = select(delivery.c.kind).where(delivery.c.person_id == kim.id, delivery.c.state == "ready")
    with chat.database.transaction() as tx:
        kinds = Counter(tx.connection.scalars(told))
    assert (kinds["handed_over"], kinds["follow_up_given"]) == (1, 1)
    again = given(chat, alert, follow_up, replace(alert, seen=kim.id), SeenThing("signal", 99, 0))
    assert again.done == ()
    assert [(one.number, one.why) for one in again.left] == [
        ("L-1", "changed"),
        ("L-1", "hers"),
        ("", "unknown"),
        ("UF-1", "changed"),
    ]
    assert signal.seen in (karin, kim.id)


def test_who_had_a_thing_when_the_list_was_shown_is_not_said_to_have_it_when_another_has_it_or_it_is_ended(
    municipality: Database,
) -> None:
    chat = alerted(municipality)
    with acting(chat.database, "karin", chat.now) as reader:
        kim, standing = people.by_key(reader.tx, "kim"), progress.of_signal(reader.tx, SignalId(1))
    assert (kim is not None, standing is not None) == (True, True)
    assert kim
    assert standing
    alert, signal = SeenThing("alert", 1, kim.id), SeenThing("signal", 1, kim.id)
    given(chat, replace(alert, seen=0), replace(signal, seen=standing.owner_id or 0))
    assert {one.why for one in given(chat, alert, signal).left} == {"hers"}
    given(chat, alert, signal, to="karin", by="kim")
    assert [one.why for one in given(chat, alert, signal).left] == ["changed", "changed"]
    with chat.database.transaction() as tx:
        karin = people.by_key(tx, "karin")
        assert karin
        alerts.close(tx, AlertId(1), karin.id, "Åtgärdad.", chat.now)
    assert given(chat, replace(alert, seen=karin.id), to="karin").left[0].why == "done_before"


@pytest.mark.parametrize("key", ["anna", "maria"])
def test_nobody_outside_the_team_gives_or_is_given_anything(municipality: Database, key: str) -> None:
    chat = alerted(municipality)
    with_a_follow_up(chat)
    things = [SeenThing("alert", 1, 0), SeenThing("signal", 1, 0), SeenThing("follow_up", 1, 2)]
    found = tried(municipality, key, chat.now, lambda by: give(by, things, by.person.id))
    assert (found.outcome, found.unchanged) == (Refused(Why.NOT_HERS), True)
    with chat.database.transaction() as tx:
        standing, outside = progress.of_signal(tx, SignalId(1)), people.by_key(tx, key)
    assert standing
    assert outside
    things[1] = replace(things[1], seen=standing.owner_id or 0)
    left = tried(municipality, "karin", chat.now, lambda by: give(by, things, outside.id))
    assert (left.outcome.done, left.unchanged) == ((), True)
