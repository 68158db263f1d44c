"""What may never have arrived has a policy for every kind, and a person who sees it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text, update

from dialogs.messages.message_replies import say_now
from followup import AlertId, RoundId
from followup.messages.alerts import AlertRaised, EvidenceAsked
from followup.messages.every import KINDS, EveryMessage
from followup.messages.message import DoubtPolicy
from followup.messages.month import LISTS, Escalation, Prompt, Reminder
from scheduler.in_doubt import SETTLES, STILL_NEWS, say_in_doubt_again
from storage.alerts import alerts
from storage.engine.database import Database, Transaction
from storage.engine.tables import delivery
from storage.messages import doubts, ledger, queueing, settling
from storage.messages.delivery import UPDATE, Delivery
from storage.messages.doubts import SETTLED_OTHERWISE
from storage.register import people
from tests.support.builders import at
from tests.support.stage import SAY
from tests.support.turns import SLAP, Chat, october

NOW = at("2026-11-04 10:00")
LATER = NOW + SETTLES + timedelta(minutes=1)


def doubt(
    tx: Transaction, key: str, message: EveryMessage, to: str = "karin", *, urgent: bool = False
) -> None:
    person = people.by_key(tx, to)
    assert person is not None
    assert queueing.queue(tx, key, message, NOW, person_id=person.id, urgent=urgent)
    [one] = [each for each in ledger.listed(tx, ("ready",)) if each.key == key]
    settling.settle(tx, one.id, "uncertain", reason="no answer")


def waiting(tx: Transaction) -> dict[str, Delivery]:
    return {one.key: one for one in ledger.listed(tx, ("ready",))}


def admin(tx: Transaction) -> None:
    tx.connection.execute(text("UPDATE person SET role = 'admin' WHERE key = 'maria'"))


@pytest.mark.parametrize(
    ("message", "again"),
    [
        (AlertRaised(AlertId(1)), True),
        (Escalation(RoundId(1)), True),
        (Prompt(RoundId(1)), False),
        (Reminder(RoundId(1)), False),
        (EvidenceAsked(AlertId(1)), False),
    ],
)
def test_it_is_said_once_more_or_left_to_what_says_the_same(
    municipality: Database, message: EveryMessage, again: bool
) -> None:
    with municipality.transaction() as tx:
        doubt(tx, "it", message)
        # Before that a late answer may settle it.
        assert say_in_doubt_again(tx, NOW + SETTLES - timedelta(seconds=1), 100) == 0
        assert say_in_doubt_again(tx, LATER, 100) == again
        assert ("it:again" in waiting(tx)) == again
        assert say_in_doubt_again(tx, LATER, 100) == 0


def test_what_is_in_doubt_twice_is_not_said_a_third_time_and_the_administrator_knows(
    municipality: Database,
) -> None:
    with municipality.transaction() as tx:
        admin(tx)
        doubt(tx, "it", AlertRaised(AlertId(1)))
        assert say_in_doubt_again(tx, LATER, 100) == 2
        settling.settle(tx, waiting(tx)["it:again"].id, "uncertain")
        assert say_in_doubt_again(tx, LATER + timedelta(hours=1), 100) == 0
        assert [one.kind for one in waiting(tx).values()] == ["trouble"]


def test_a_prompt_in_doubt_is_told_to_the_administrator_once_a_day(municipality: Database) -> None:
    with municipality.transaction() as tx:
        admin(tx)
        for number in range(3):
            doubt(tx, f"prompt:{number}", Prompt(RoundId(number)), "anna")
        told: list[datetime] = [LATER + timedelta(minutes=10 * minute) for minute in range(5)]
        assert [say_in_doubt_again(tx, moment, 100) for moment in told] == [1, 0, 0, 0, 0]


def test_many_in_doubt_are_taken_a_piece_at_a_time_the_urgent_first(municipality: Database) -> None:
    with municipality.transaction() as tx:
        for number in range(5):
            doubt(tx, f"it:{number}", AlertRaised(AlertId(number)), urgent=number == 4)
        assert say_in_doubt_again(tx, LATER, 1) == 1
        assert list(waiting(tx)) == ["it:4:again"]
        assert [say_in_doubt_again(tx, LATER, 3) for _ in range(3)] == [3, 1, 0]


def test_what_is_old_is_no_news_and_what_was_answered_is_in_no_doubt(municipality: Database) -> None:
    with municipality.transaction() as tx:
        doubt(tx, "it", AlertRaised(AlertId(1)))
        assert say_in_doubt_again(tx, NOW + STILL_NEWS + timedelta(seconds=1), 100) == 0
        [one] = ledger.listed(tx, ("uncertain",))
        doubts.confirm(tx, one)
        assert say_in_doubt_again(tx, LATER, 100) == 0


def test_an_alert_said_again_has_the_same_number_and_says_that_it_is_said_again(
    municipality: Database,
) -> None:
    chat = october(municipality)
    anna = chat.client("anna")
    anna.say("avvikelse")
    anna.press(SAY("signal.hand_in"), {**SLAP, "placement": str(chat.task("AKT-3").placement.id)})
    with municipality.transaction() as tx:
        [raised, *_] = alerts.open_alerts(tx)
        doubt(tx, "it", AlertRaised(raised.id))
        first = next(one for one in ledger.listed(tx, ("uncertain",)) if one.key == "it")
        say_in_doubt_again(tx, LATER, 100)
        again = waiting(tx)["it:again"]
        assert again.message == first.message
        before, after = say_now(tx, first, LATER), say_now(tx, again, LATER)
        assert before is not None
        assert after is not None
        assert SAY("in_doubt.again") in str(after.parts[0])
        assert (after.parts[1:], after.buttons) == (before.parts, before.buttons)


# What becomes of each kind; all others are said once more, labelled.
POLICIES: Mapping[DoubtPolicy, set[str]] = {
    "next_list": {"prompt", "reminder", "snoozed", "nudge"},
    "pressed_again": {"own_alert", "evidence", "signal"},
    "tried_again": {UPDATE},
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_says_itself_what_becomes_of_it(kind: str) -> None:
    assert "in_doubt" in vars(KINDS[kind])
    expected = next((policy for policy, kinds in POLICIES.items() if kind in kinds), "said_again")
    assert KINDS[kind].in_doubt == expected
    assert (kind in SETTLED_OTHERWISE) == (expected in ("next_list", "pressed_again"))


def test_a_worker_of_whom_every_list_is_in_doubt_is_named_to_her_manager_once(municipality: Database) -> None:
    chat = Chat(municipality, at("2026-11-02 07:00"))
    for day in ("2026-11-02", "2026-11-04", "2026-11-10"):
        chat.wake(f"{day} 08:00")
    with municipality.transaction() as tx:
        anna = people.by_key(tx, "anna")
        assert anna is not None
        lists = update(delivery).where(delivery.c.person_id == anna.id, delivery.c.kind.in_(LISTS))
        # The first two are in doubt, and the last has arrived.
        tx.connection.execute(lists.where(delivery.c.kind == "prompt").values(state="uncertain"))
    chat.wake("2026-11-10 09:00")
    maria = chat.client("maria")
    assert "in_doubt" not in [one.kind for one in maria.shown]
    with municipality.transaction() as tx:
        tx.connection.execute(lists.values(state="uncertain"))
    for moment in ("2026-11-10 10:00", "2026-11-10 11:00", "2026-11-11 08:00"):
        chat.wake(moment)
    [told] = [one for one in maria.shown if one.kind == "in_doubt"]
    assert SAY("unreachable.in_doubt_title") in told.words
    assert "Anna Test" in told.words
    assert "Bilal" not in told.words


def test_the_administrator_is_told_how_much_is_in_doubt_of_all_and_what_is_in(municipality: Database) -> None:
    chat = october(municipality)
    with municipality.transaction() as tx:
        admin(tx)
        for number in range(3):
            doubt(tx, f"prompt:{number}", Prompt(RoundId(number)), "anna")
        [*_, failed] = ledger.listed(tx, ("uncertain",))
        settling.settle(tx, failed.id, "failed")
        doubt(tx, "prompt:read", Prompt(RoundId(9)), "anna")
        arrived = update(delivery).where(delivery.c.key.in_(("prompt:read", "prompt:earlier")))
        doubt(tx, "prompt:earlier", Prompt(RoundId(10)), "anna")
        tx.connection.execute(arrived.values(state="sent", read_at=chat.now))
        earlier = update(delivery).where(delivery.c.key == "prompt:earlier")
        tx.connection.execute(earlier.values(not_before=at("2026-11-03 12:00")))
    chat.wake("2026-11-04 10:30")
    [told] = [one for one in chat.client("maria").shown if one.kind == "trouble"]
    counted = {
        state: f"select count(*) from delivery where state = '{state}' and kind not in ('update', 'trouble') "
        "and not_before >= '2026-11-03 23:00'"
        for state in ("sent", "uncertain", "failed")
    } | {
        "answered": "select count(distinct r.task_id) from report r join report_task t on t.id = r.task_id "
        "where t.round_id > 1",
        "asked": "select count(*) from report_task where round_id > 1",
    }
    with municipality.reading() as tx:
        n = {name: tx.connection.exec_driver_sql(query).scalar_one() for name, query in counted.items()}
    assert (n["uncertain"], n["failed"], n["asked"]) == (2, 1, 5)
    assert (
        SAY(
            "trouble.in_doubt.counts",
            since=at("2026-11-04 00:00"),
            sent=n["sent"],
            in_doubt=n["uncertain"],
            not_taken=n["failed"],
        )
        in told.words
    )
    assert SAY("trouble.in_doubt.read", n=1) in told.words
    assert SAY("trouble.in_doubt.answered", answered=n["answered"], asked=n["asked"]) in told.words
