"""The month without a dialog: each deed by each role, done or refused, and each view as its reader may see it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from followup import PersonId, TaskId
from followup.access.access import ACCESS, DataKind, Reach
from followup.access.municipality import Municipality
from followup.people import Person, Role
from services.acting import Acting, Refused, Why
from services.month.leave import LeaveOtherwise, LeaveRecorded, record_leave, take_back_leave
from services.month.missing_reports import EVERYWHERE, NOBODY
from services.month.own_tasks import own_task, own_tasks
from services.month.reporting import AlreadySo, Filled, HandedIn, NotStored, Stated, hand_in, state
from services.month.sharing_out import Given, Reminded, hand_over, remind
from services.month.snoozing import SnoozeOtherwise, SnoozeRecorded, snooze
from services.views import month
from services.views.unanswered import Unanswered, to_hand_over, unanswered
from storage.engine.database import Database
from storage.engine.tables import placement
from storage.month import reports
from storage.register import people
from storage.signals import signals
from tests.support.access_watch import with_reach
from tests.support.builders import Register
from tests.support.deeds import acting, everything, logged_by, tried
from tests.support.told_once import told_once
from tests.support.turns import ANEW, SLAP, Chat, october

ANSWERS = {
    **ANEW,
    **dict.fromkeys(("health", "development", "behaviour", "schooling", "relations"), "ok"),
    "care_plan": "current",
    "treatment_plan": "current",
    "knows_plan": "yes",
    "goal_progress": "partly",
}
EVERYBODY = ("anna", "bilal", "karin", "maria", "adam")


@pytest.fixture
def chat(municipality: Database) -> Chat:
    return with_an_administrator(municipality)


@told_once
def with_an_administrator(municipality: Database) -> Chat:
    with municipality.transaction() as tx:
        Register(tx).person("adam", "admin")
    return october(municipality)


def number(chat: Chat, key: str) -> PersonId:
    with chat.database.transaction() as tx:
        person = people.by_key(tx, key)
    assert person is not None
    return person.id


def give_everything(by: Acting, task: int) -> Given | Refused:
    giver, taker = number_in(by, "anna"), number_in(by, "bilal")
    return hand_over(by, str(giver), EVERYWHERE, str(taker))


def number_in(by: Acting, key: str) -> PersonId:
    person = people.by_key(by.tx, key)
    assert person is not None
    return person.id


def be_away(by: Acting, task: int) -> LeaveRecorded | LeaveOtherwise | Refused:
    other = number_in(by, "bilal" if by.person.key == "anna" else "anna")
    return record_leave(by, date(2026, 11, 5), date(2026, 11, 9), other)


# Each deed, who may do it, what it then gives, and what it is logged as refused by for all the others.
DEEDS: dict[str, tuple[Callable[[Acting, TaskId], Any], tuple[str, ...], type, str]] = {
    "hand in": (
        lambda by, task: hand_in(by, task, Filled(ANSWERS)),
        ("anna",),
        HandedIn,
        "task:",
    ),
    "state": (lambda by, task: state(by, [task]), ("anna",), Stated, "tasks:1"),
    "snooze": (lambda by, task: snooze(by, date(2026, 11, 5)), ("anna", "bilal"), SnoozeRecorded, "snooze"),
    "be away": (be_away, ("anna", "bilal"), LeaveRecorded, "leave"),
    "be back": (lambda by, task: take_back_leave(by, ()), ("anna", "bilal"), list, "leave"),
    "hand over": (give_everything, ("maria",), Given, "hand_over"),
    "remind": (lambda by, task: remind(by), ("maria",), Reminded, "reminder"),
}


@pytest.mark.parametrize("key", EVERYBODY)
@pytest.mark.parametrize("name", DEEDS)
def test_a_deed_is_done_by_those_who_may_and_else_refused_logged_and_nothing_stored(
    chat: Chat, name: str, key: str
) -> None:
    deed, who, done, refusal = DEEDS[name]
    task = chat.task("AKT-1").id
    found = tried(chat.database, key, chat.now, lambda by: deed(by, task))
    if key in who:
        assert (type(found.outcome), found.refused) == (done, [])
    else:
        assert isinstance(found.outcome, Refused) or found.outcome == Stated([], [], [], 1)
        assert [one.startswith(refusal) for one in found.refused] == [True]
        assert found.unchanged


def test_a_report_is_stored_with_its_signal_and_told_once(chat: Chat) -> None:
    task = chat.task("AKT-3").id
    filled = Filled({**ANSWERS, "signals": "some"}, [SLAP])
    with acting(chat.database, "anna", chat.now) as anna:
        first = hand_in(anna, task, filled)
        assert isinstance(first, HandedIn)
        again = hand_in(anna, task, Filled(filled.typed, [SLAP], {1}, first.signals))
        assert isinstance(again, HandedIn)
        told = signals.of_tasks(anna.tx, [task])[task]
    assert (first.task.version, again.task.version) == (1, 2)
    assert [one.id for one in told] == [*first.signals.values()] == [*again.signals.values()]
    assert [one.version for one in again.tasks if one.id == task] == [2]


def test_all_that_is_wrong_comes_at_once_and_nothing_is_stored(chat: Chat) -> None:
    task = chat.task("AKT-1").id
    typed = {**ANSWERS, "signals": "some", "feels_safe": "kanske"}
    with acting(chat.database, "anna", chat.now) as anna:
        before = everything(anna.tx)
        outcome = hand_in(anna, task, Filled(typed, [{"kind": "deviation"}, {"text": "Slag."}]))
        assert everything(anna.tx) == before
    assert isinstance(outcome, NotStored)
    wrong = {one.field for one in outcome.problems}
    assert {"feels_safe", "s1.kind", "s2.event_on", "s2.occurred"} <= wrong
    assert not outcome.unseen


def test_what_another_device_stored_is_never_written_over_unseen(chat: Chat) -> None:
    task = chat.task("AKT-1").id
    with acting(chat.database, "anna", chat.now) as anna:
        hand_in(anna, task, Filled(ANSWERS))
        same = hand_in(anna, task, Filled(ANSWERS))
        other = hand_in(anna, task, Filled({**ANSWERS, "health": "watch"}))
        versions = reports.versions(anna.tx, task)
    assert isinstance(same, AlreadySo)
    assert isinstance(other, NotStored)
    assert (other.unseen, other.problems, len(versions)) == (True, [], 1)


def test_free_text_is_refused_where_it_is_not_asked_for(chat: Chat) -> None:
    without, task = Municipality(free_text=False), chat.task("AKT-1").id
    with acting(chat.database, "anna", chat.now, municipality=without) as anna:
        outcome = hand_in(anna, task, Filled({**ANSWERS, "free_text": "Trivs."}))
        assert isinstance(outcome, NotStored)
        assert [one.what.id for one in outcome.problems] == ["minimal.refused"]


def test_a_statement_is_told_apart_from_what_stands_already(chat: Chat) -> None:
    ids = {case: chat.task(case).id for case in ("AKT-1", "AKT-2", "AKT-3", "AKT-4")}
    with acting(chat.database, "anna", chat.now) as anna:
        hand_in(anna, ids["AKT-2"], Filled(ANSWERS))
        state(anna, [ids["AKT-3"]])
        done = state(anna, list(ids.values()))
    named = [[one.placement.case_reference for one in each] for each in (done.stored, done.already)]
    assert named == [["AKT-1"], ["AKT-3"]]
    assert ([one.placement.case_reference for one in done.otherwise], done.not_hers) == (["AKT-2"], 1)


def test_a_day_that_she_has_not_seen_is_shown_before_another_takes_its_place(chat: Chat) -> None:
    with acting(chat.database, "anna", chat.now) as anna:
        first = snooze(anna, date(2026, 11, 5))
        assert isinstance(first, SnoozeRecorded)
        unseen = snooze(anna, date(2026, 11, 9), seen=())
        seen = snooze(anna, date(2026, 11, 9), seen={first.last})
    assert unseen == SnoozeOtherwise(date(2026, 11, 5), date(2026, 11, 9))
    assert isinstance(seen, SnoozeRecorded)
    assert seen.until == date(2026, 11, 9)


def test_when_nothing_waits_there_is_nothing_to_put_off(chat: Chat) -> None:
    with acting(chat.database, "anna", chat.now) as anna:
        state(anna, [one.id for one in own_tasks(anna)])
        assert snooze(anna, date(2026, 11, 5)) == Refused(Why.DONE)


@pytest.mark.parametrize(
    ("starts", "ends", "substitute", "wrong"),
    [
        (None, None, None, {"starts", "ends", "substitute"}),
        (date(2026, 11, 9), date(2026, 11, 5), "bilal", {"ends"}),
        (date(2026, 11, 5), date(2028, 11, 5), "bilal", {"ends"}),
        (date(2026, 11, 5), date(2026, 11, 9), "maria", {"substitute"}),
        (date(2026, 11, 5), date(2026, 11, 9), "anna", {"substitute"}),
    ],
)
def test_leave_is_refused_with_all_that_is_wrong(
    chat: Chat, starts: date | None, ends: date | None, substitute: str | None, wrong: set[str]
) -> None:
    with acting(chat.database, "anna", chat.now) as anna:
        who = number_in(anna, substitute) if substitute else None
        refused = record_leave(anna, starts, ends, who)
        assert isinstance(refused, Refused)
        assert {one.field for one in refused.problems} == wrong


def test_leave_that_she_has_not_seen_stands(chat: Chat) -> None:
    bilal = number(chat, "bilal")
    with acting(chat.database, "anna", chat.now) as anna:
        first = record_leave(anna, date(2026, 11, 5), date(2026, 11, 9), bilal)
        assert isinstance(first, LeaveRecorded)
        other = record_leave(anna, date(2026, 11, 6), date(2026, 11, 6), bilal)
        assert isinstance(other, LeaveOtherwise)
        assert take_back_leave(anna, ()) == Refused(Why.CHANGED)
        assert take_back_leave(anna, {first.number}) == [first.number]


def test_placements_are_given_with_all_that_is_left_of_them(chat: Chat) -> None:
    anna, bilal = number(chat, "anna"), number(chat, "bilal")
    with acting(chat.database, "maria", chat.now) as maria:
        given = hand_over(maria, str(anna), EVERYWHERE, str(bilal))
        assert isinstance(given, Given)
        assert (given.number, given.to.id) == (3, bilal)
        wrong = hand_over(maria, NOBODY, EVERYWHERE, str(bilal))
        assert isinstance(wrong, Refused)
        assert [one.field for one in wrong.problems] == ["unit"]
    with acting(chat.database, "bilal", chat.now) as by:
        assert len(own_tasks(by)) == 5


def test_each_is_reminded_once_a_day(chat: Chat) -> None:
    anna = number(chat, "anna")
    with acting(chat.database, "maria", chat.now) as maria:
        one = remind(maria, [anna])
        rest = remind(maria)
        nobody = remind(maria, [number_in(maria, "karin")])
    told = [(keys(done.now), keys(done.before)) for done in (one, rest, nobody) if isinstance(done, Reminded)]
    assert told == [(["anna"], []), (["bilal"], ["anna"]), ([], [])]


def keys(persons: Sequence[Person]) -> list[str]:
    return [one.key for one in persons]


def test_her_list_is_hers_and_logged_with_each_placement(chat: Chat) -> None:
    with acting(chat.database, "anna", chat.now) as anna:
        found = month.my_list(anna, size=2)
        assert logged_by(anna.tx, "read", anna.person.id)[-1] == "tasks:3"
    assert [row.task.placement.case_reference for row in found.rows] == ["AKT-1", "AKT-2"]
    assert (len(found.left), found.start, [row.refused for row in found.rows]) == (3, 0, [None, None])


@pytest.mark.parametrize("start", [-1, 3, 400])
def test_a_list_from_a_row_that_there_is_none_of_begins_with_the_first(chat: Chat, start: int) -> None:
    with acting(chat.database, "anna", chat.now) as anna:
        found = month.my_list(anna, start=start, size=1)
    assert (found.start, [row.task.placement.case_reference for row in found.rows]) == (0, ["AKT-1"])


def test_anothers_task_is_refused_and_logged(chat: Chat) -> None:
    others = chat.task("AKT-4").id
    with acting(chat.database, "anna", chat.now) as anna:
        assert own_task(anna, others) == Refused(Why.NOT_HERS)
        assert logged_by(anna.tx, "refused", anna.person.id) == [f"task:{others}"]


@pytest.mark.parametrize(
    ("key", "reach", "word"),
    [
        ("anna", Reach.OWNED, "Lillan"),
        ("bilal", Reach.OWNED, None),
        ("bilal", Reach.ALL, "Lillan"),
        ("anna", Reach.NOTHING, None),
    ],
)
def test_her_own_word_for_the_child_goes_as_far_as_the_access_table_says(
    chat: Chat, key: str, reach: Reach, word: str | None
) -> None:
    task = chat.task("AKT-1")
    if key == "bilal":
        with acting(chat.database, "anna", chat.now) as anna:
            record_leave(anna, date(2026, 11, 2), date(2026, 11, 9), number_in(anna, "bilal"))
    name(chat, task.placement.id, "Lillan")
    table = Municipality(with_reach(ACCESS, Role.WORKER, DataKind.ALIAS, reach))
    with acting(chat.database, key, chat.now, municipality=table) as by:
        [shown] = [one for one in own_tasks(by) if one.id == task.id]
    assert shown.placement.alias == word


def name(chat: Chat, placement_id: int, alias: str) -> None:
    with chat.database.transaction() as tx:
        sealed = tx.vault.seal(alias)
        tx.connection.execute(update(placement).where(placement.c.id == placement_id).values(alias=sealed))


def test_a_report_is_seen_with_what_is_stored_of_it(chat: Chat) -> None:
    task_id = chat.task("AKT-1").id
    with acting(chat.database, "anna", chat.now) as anna:
        new = own_task(anna, task_id)
        assert not isinstance(new, Refused)
        begun = month.first_answers(anna, new)
        hand_in(anna, task_id, Filled({**ANSWERS, "signals": "some"}, [SLAP]))
        stored = own_task(anna, task_id)
        assert not isinstance(stored, Refused)
        seen = month.report_of(anna, stored)
        assert logged_by(anna.tx, "read", anna.person.id)[-1] == f"report:{task_id}"
    assert ("feels_safe" in begun, begun["goal_progress"]) == (False, "partly")
    assert (seen.answers["feels_safe"], [one.number for one in seen.signals]) == ("yes", ["A-1"])


def test_what_is_left_is_seen_by_worker_and_never_by_child(chat: Chat) -> None:
    with acting(chat.database, "maria", chat.now) as maria:
        found = unanswered(maria)
        assert isinstance(found, Unanswered)
        assert logged_by(maria.tx, "read", maria.person.id)[-1] == "unanswered"
    assert [(one.person.key, one.number) for one in found.missing.owing] == [("anna", 3), ("bilal", 2)]
    assert [(one.answered, one.asked) for one in found.rates] == [(0, 5)]
    assert "AKT" not in repr(found)


@pytest.mark.parametrize("key", ["anna", "karin", "adam"])
@pytest.mark.parametrize("view", [unanswered, to_hand_over])
def test_a_view_that_is_not_hers_is_refused_and_logged(
    chat: Chat, key: str, view: Callable[[Acting], object]
) -> None:
    with acting(chat.database, key, chat.now) as by:
        assert view(by) == Refused(Why.NOT_HERS)
        assert len(logged_by(by.tx, "refused", by.person.id)) == 1
