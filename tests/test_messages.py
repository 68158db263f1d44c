"""Messages are values: stored as words, said right when they were stored by an older program, and each kind is one."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from dialogs.messages.message_replies import say_now
from followup import ActionId, AlertId, CycleId, FollowUpId, PersonId, RoundId, SignalId, TaskId
from followup.messages.alerts import (
    OUTCOMES,
    AlertAgain,
    AlertRaised,
    EvidenceAsked,
    HandedOver,
    HistoryAgain,
    HistoryRead,
    LedTo,
    OwnAlert,
    OwnFault,
    SignalAsked,
    SignalGiven,
    SignalsOfDay,
)
from followup.messages.clocks import ClocksLate, ClocksNear, ContractAsked, YearlyList
from followup.messages.every import KINDS, EveryMessage
from followup.messages.follow_ups import (
    ActionDue,
    ActionGiven,
    ActionLate,
    DateNear,
    FollowUpGiven,
    SelectionFrozen,
)
from followup.messages.month import (
    Escalation,
    InDoubt,
    LeaveTold,
    Nudge,
    Ownerless,
    Prompt,
    Reminder,
    Snoozed,
)
from followup.messages.operation import (
    BaseLevelsDue,
    CardChanged,
    ChannelChosen,
    ChannelRefused,
    CheckpointDue,
    LogReviewDue,
    PurgeProposed,
    TokenRefused,
    Trouble,
    WeeklyDigest,
)
from followup.people import Person
from followup.times.deadlines import OCCASIONS
from storage.engine.database import Database, Transaction
from storage.engine.tables import delivery
from storage.messages import ledger, settling
from storage.messages.delivery import Delivery
from storage.messages.missed import say_again
from storage.messages.written import UnreadableMessageError, read, written
from storage.register import people
from tests.support.access_town import NOW, make_town

NINE = datetime(2026, 10, 26, 8, 0, tzinfo=UTC)
SINCE = int(NINE.timestamp())
LAST_DAY = date(2026, 11, 12)
TOLD_OF = {"task": 1, "version": 1, "signals": dict[str, int]()}

# Each kind as the program stored it that kept numbers by name: none of these rows may ever change.
IN_TROUBLE = Trouble("backup", NINE, NINE)
STORED_BEFORE: list[tuple[str, dict[str, Any], EveryMessage]] = [
    ("prompt", {"round": 2}, Prompt(RoundId(2))),
    ("reminder", {"round": 2}, Reminder(RoundId(2))),
    ("snoozed", {"round": 2}, Snoozed(RoundId(2))),
    ("nudge", {"manager": 2}, Nudge(PersonId(2))),
    ("escalation", {"round": 2}, Escalation(RoundId(2))),
    ("ownerless", {"round": 2, "task0": 3, "task1": 7}, Ownerless(RoundId(2), (TaskId(3), TaskId(7)))),
    (
        "ownerless",
        {"round": 1, **{f"task{n}": n for n in range(12)}},
        Ownerless(RoundId(1), tuple(map(TaskId, range(12)))),
    ),
    ("alert", {"alert": 1}, AlertRaised(AlertId(1))),
    ("alert_again", {"alert": 1}, AlertAgain(AlertId(1))),
    ("own_alert", {"alert": 1}, OwnAlert(AlertId(1))),
    ("evidence", {"alert": 1}, EvidenceAsked(AlertId(1))),
    ("signal", {"signal": 1, "alert": 1}, SignalAsked(SignalId(1), AlertId(1))),
    ("handed_over", {"alert": 1, "by": 2}, HandedOver(AlertId(1), PersonId(2))),
    ("own_fault", {"signal": 1}, OwnFault(SignalId(1))),
    ("led_to", {"outcome": 0, "signal0": 1}, LedTo("regrade", (SignalId(1),))),
    ("led_to", {"outcome": 4, "signal0": 1}, LedTo("clear", (SignalId(1),))),
    ("led_to", {"outcome": 5, "signal0": 1, "signal1": 2}, LedTo("dismiss", (SignalId(1), SignalId(2)))),
    ("led_to", {"outcome": 8, "alert": 1, "signal0": 1}, LedTo("closed", (SignalId(1),), AlertId(1))),
    ("follow_up_given", {"follow_up": 1}, FollowUpGiven(FollowUpId(1))),
    ("action_given", {"action": 1, "owner": 2}, ActionGiven(ActionId(1), PersonId(2))),
    (
        "action_due",
        {"action": 1, "owner": 2, "due": LAST_DAY.toordinal()},
        ActionDue(ActionId(1), PersonId(2), LAST_DAY),
    ),
    (
        "action_late",
        {"action": 1, "owner": 2, "due": LAST_DAY.toordinal()},
        ActionLate(ActionId(1), PersonId(2), LAST_DAY),
    ),
    (
        "selection",
        {"occasion": 2, "days": 7, "due": date(2026, 9, 15).toordinal()},
        DateNear("draft", date(2026, 9, 15)),
    ),
    (
        "selection",
        {"occasion": 0, "days": 0, "due": date(2027, 3, 1).toordinal(), "official": 2},
        DateNear("proposal", date(2027, 3, 1), PersonId(2)),
    ),
    ("selection_frozen", {"cycle": 1}, SelectionFrozen(CycleId(1))),
    (
        "digest",
        {"since": SINCE, "proposal": 215, "follow_ups_done": 831, "draft": 915, "board": 1103},
        WeeklyDigest(NINE),
    ),
    ("digest", {"since": SINCE}, WeeklyDigest(NINE)),
    ("log_review", {"year": 2026, "quarter": 3}, LogReviewDue(2026, 3)),
    ("log_checkpoint", {}, CheckpointDue()),
    ("channel_refused", {"since": SINCE}, ChannelRefused(NINE)),
    ("token_refused", {"since": SINCE}, TokenRefused(NINE)),
    ("trouble", written(IN_TROUBLE), IN_TROUBLE),
    ("update", {"what": "report", "numbers": TOLD_OF}, CardChanged("report", TOLD_OF)),
    ("update", {"what": "report", "numbers": TOLD_OF, "form": "n1"}, CardChanged("report", TOLD_OF)),
    ("update", {"form": "n1"}, CardChanged()),
]


# Kinds that no older program stored.
NEWER_KINDS = {
    "leave",
    "channel_chosen",
    "base_levels",
    "history",
    "history_again",
    "clocks_near",
    "clocks_late",
    "in_doubt",
    "signals_day",
    "decision_due",
    "duty_to_report",
    "yearly_list",
    "purge_proposed",
    "contract_asked",
    "signal_given",
}
FIRST_ACTION = ActionDue(ActionId(1), PersonId(2), LAST_DAY)
NEWER: list[EveryMessage] = [
    LeaveTold(3, "declined"),
    BaseLevelsDue(2027),
    HistoryRead(1),
    HistoryAgain(1),
    ClocksNear(date(2026, 11, 2)),
    ClocksLate(date(2026, 11, 2)),
    ChannelChosen(PersonId(1), NINE, moved=True),
    SignalsOfDay(NINE, NINE),
    YearlyList(2027),
    InDoubt(RoundId(1), PersonId(2)),
    Prompt(RoundId(2), others=(RoundId(1),)),
    replace(FIRST_ACTION, others=(replace(FIRST_ACTION, action_id=ActionId(2)),)),
    PurgeProposed(4),
    SignalGiven(SignalId(1), PersonId(2), (SignalGiven(SignalId(3), PersonId(2)),)),
    HandedOver(AlertId(1), PersonId(2), (HandedOver(AlertId(3), PersonId(4)),)),
    ActionGiven(ActionId(1), PersonId(2), (ActionGiven(ActionId(2), PersonId(2)),)),
    ContractAsked(1, PersonId(2), PersonId(3), (ContractAsked(2, PersonId(2), PersonId(4)),)),
]


def as_read_from_the_database(message: EveryMessage) -> EveryMessage:
    return read(message.kind, json.loads(json.dumps(written(message))))


def test_a_row_of_each_kind_is_among_those_of_the_older_program() -> None:
    assert {kind for kind, _, _ in STORED_BEFORE} == set(KINDS) - NEWER_KINDS


@pytest.mark.parametrize(("kind", "payload", "message"), STORED_BEFORE)
def test_what_the_older_program_stored_is_the_same_message(
    kind: str, payload: dict[str, Any], message: EveryMessage
) -> None:
    assert read(kind, payload) == message
    assert message.kind == kind


@pytest.mark.parametrize("message", [*(message for _, _, message in STORED_BEFORE), *NEWER])
def test_what_is_stored_now_is_read_as_it_was(message: EveryMessage) -> None:
    assert as_read_from_the_database(message) == message


def test_a_word_is_stored_as_itself_wherever_it_stands_among_the_others() -> None:
    assert [written(LedTo(word, (SignalId(1),)))["fields"]["outcome"] for word in OUTCOMES] == [*OUTCOMES]
    near = [written(DateNear(word, LAST_DAY))["fields"]["occasion"] for word in OCCASIONS]
    assert near == [*OCCASIONS]


def test_what_is_stored_can_be_read_by_a_person() -> None:
    assert written(DateNear("draft", date(2026, 9, 15), PersonId(2))) == {
        "kind": "selection",
        "version": 1,
        "fields": {"occasion": "draft", "due": "2026-09-15", "official_id": 2, "part": 0},
    }
    assert written(LedTo("dismiss", (SignalId(1), SignalId(2)))) == {
        "kind": "led_to",
        "version": 1,
        "fields": {"outcome": "dismiss", "signal_ids": [1, 2], "alert_id": None},
    }


NUMBERS = st.integers(1, 2**31 - 1)


@given(st.sampled_from(OUTCOMES), st.lists(NUMBERS, min_size=1), st.none() | NUMBERS)
def test_any_outcome_of_any_signals_comes_back(
    outcome: Any, signals: list[SignalId], alert: AlertId | None
) -> None:
    message = LedTo(outcome, tuple(signals), alert)
    assert as_read_from_the_database(message) == message


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("a kind of a newer program", {"round": 1}),
        ("prompt", {}),
        ("prompt", {"round": "1"}),
        ("prompt", {"round": True}),
        ("led_to", {"outcome": 9, "signal0": 1}),
        ("led_to", {"outcome": -1, "signal0": 1}),
        ("selection", {"occasion": 0, "days": 0}),
        ("prompt", {"kind": "prompt", "version": 2, "fields": {"round_id": 1}}),
        ("prompt", {"kind": "alert", "version": 1, "fields": {"alert_id": 1}}),
        ("prompt", {"kind": "prompt", "version": 1}),
        (
            "selection",
            {"kind": "selection", "version": 1, "fields": {"occasion": "party", "due": "2026-09-15"}},
        ),
        ("selection", {"kind": "selection", "version": 1, "fields": {"occasion": "draft", "due": 739508}}),
    ],
)
def test_what_is_no_message_is_not_guessed(kind: str, payload: dict[str, Any]) -> None:
    with pytest.raises(UnreadableMessageError):
        read(kind, payload)


def as_stored(tx: Transaction, key: str, kind: str, payload: dict[str, Any], to: Person) -> Delivery:
    times = {"created_at": NOW, "not_before": NOW, "due_at": NOW}
    row = {
        "key": key,
        "kind": kind,
        "payload": payload,
        "state": "ready",
        "person_id": to.id,
        "urgent": False,
    }
    new = tx.connection.execute(insert(delivery).values(**row, **times).returning(delivery.c.id))
    found = ledger.get(tx, new.scalar_one())
    assert found is not None
    return found


# Of these nothing is left to say in the town; that they are the same message is shown above.
UNSAID = {
    "ownerless",
    "handed_over",
    "own_fault",
    "action_due",
    "action_late",
    "selection_frozen",
    "channel_refused",
}


def test_what_the_older_program_stored_is_said_as_what_is_stored_now(database: Database) -> None:
    make_town(database, 1)
    numbers, said = count(), set()
    with database.transaction() as tx:
        for kind, payload, message in STORED_BEFORE:
            for person in people.everyone(tx).values():
                both = [
                    say_now(tx, as_stored(tx, f"test:{next(numbers)}", kind, stored, person), NOW)
                    for stored in (payload, written(message))
                ]
                assert both[0] == both[1]
                said |= {kind} if both[0] else set()
    assert said == set(KINDS) - UNSAID - NEWER_KINDS


def test_one_missed_message_that_cannot_be_read_keeps_no_other_from_being_said(database: Database) -> None:
    make_town(database, 1)
    with database.transaction() as tx:
        worker = next(one for one in people.everyone(tx).values() if one.key == "worker5")
        for key, payload in (("broken", {"version": 9}), ("whole", {"round": 2})):
            found = as_stored(tx, key, "reminder", payload, worker)
            settling.settle(tx, found.id, "failed", missed=True)
        assert say_again(tx, worker.id, NOW) == 1
