"""When an action is reminded of, who may verify it, and what its plan demands."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup import ActionId, FollowUpId, PersonId
from followup.follow_ups.action import (
    REMIND_DAYS,
    STATES,
    Action,
    may_become,
    may_verify,
    read_plan,
    reminder_due,
    to_escalate,
)
from followup.wording.wording import Problem
from tests.support.builders import at

TODAY, DUE = date(2026, 11, 23), date(2026, 12, 15)
OWNERS = (PersonId(7), PersonId(8))
PLAN = {"what": "Begär in ny plan.", "owner": "7", "due_on": "2026-12-15"}


def action(**changes: object) -> Action:
    new = Action(
        id=ActionId(2),
        follow_up_id=FollowUpId(3),
        version=1,
        what="Begär in ny plan.",
        owner_id=PersonId(7),
        due_on=DUE,
        state="open",
        evidence="",
        verified_by=None,
        verified_on=None,
        reason="",
        author_id=PersonId(7),
        recorded_at=at("2026-11-23"),
    )
    return replace(new, **changes)  # type: ignore[arg-type]


def wrong(problems: Sequence[Problem]) -> dict[str, str]:
    return {problem.field: problem.what.id for problem in problems}


def test_a_plan_says_what_who_and_when() -> None:
    assert read_plan(PLAN, TODAY, OWNERS) == (PLAN, [])
    assert wrong(read_plan({}, TODAY, OWNERS)[1]) == dict.fromkeys(PLAN, "form.missing")


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"what": "Om 20120229-2387"}, "what", "form.personal_number"),
        ({"owner": "9"}, "owner", "form.not_a_choice"),
        ({"due_on": "2026-13-01"}, "due_on", "form.not_a_date"),
        ({"due_on": "2026-11-22"}, "due_on", "action.due_passed"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_beside_its_field(
    typed: dict[str, str], field: str, said: str
) -> None:
    assert wrong(read_plan({**PLAN, **typed}, TODAY, OWNERS)[1]) == {field: said}


def test_a_day_that_was_set_before_may_have_passed() -> None:
    typed = {**PLAN, "due_on": "2026-11-20"}
    assert read_plan(typed, TODAY, OWNERS, date(2026, 11, 20))[1] == []


def test_only_an_open_or_reported_action_changes_state() -> None:
    for state, following in STATES.items():
        assert [one for one in STATES if may_become(action(state=state), one)] == [
            one for one in STATES if one in following
        ]
    assert not any(
        may_become(action(state=final), one) for final in ("verified", "cancelled") for one in STATES
    )


@pytest.mark.parametrize(
    ("state", "person", "team", "allowed"),
    [
        ("done", 8, (7, 8), True),
        ("done", 7, (7, 8), False),
        ("done", 7, (7,), True),
        ("done", 9, (7, 8), False),
        ("open", 8, (7, 8), False),
        ("verified", 8, (7, 8), False),
    ],
)
def test_another_than_the_one_who_reported_it_done_verifies_it(
    state: str, person: PersonId, team: tuple[PersonId, ...], allowed: bool
) -> None:
    assert may_verify(action(state=state), person, team) == allowed


@pytest.mark.parametrize(
    ("today", "due"),
    [
        ("2026-12-07", None),
        ("2026-12-08", -7),
        ("2026-12-14", -7),
        ("2026-12-15", 0),
        ("2026-12-16", 1),
        ("2027-01-30", 1),
    ],
)
def test_it_is_reminded_of_a_week_before_on_the_day_and_the_day_after(today: str, due: int | None) -> None:
    assert reminder_due(DUE, TODAY, date.fromisoformat(today)) == due


def test_what_lay_before_the_owner_knew_is_not_said() -> None:
    told = date(2026, 12, 10)
    assert reminder_due(DUE, told, told) is None
    assert reminder_due(DUE, told, DUE) == 0
    assert reminder_due(DUE, DUE, DUE) is None


@given(st.integers(0, 60), st.integers(0, 90))
def test_a_reminder_never_comes_before_its_day(told: int, passed: int) -> None:
    told_on, today = DUE - timedelta(days=told), DUE - timedelta(days=told - passed)
    due = reminder_due(DUE, told_on, today)
    coming = [days for days in REMIND_DAYS if told_on < DUE + timedelta(days=days) <= today]
    assert due == max(coming, default=None)


@pytest.mark.parametrize(
    ("state", "today", "escalated"),
    [
        ("open", "2026-12-21", False),
        ("open", "2026-12-22", True),
        ("done", "2026-12-22", False),
        ("cancelled", "2026-12-22", False),
    ],
)
def test_the_manager_is_told_after_a_week(state: str, today: str, escalated: bool) -> None:
    assert to_escalate(action(state=state), date.fromisoformat(today)) == escalated


@pytest.mark.parametrize(
    ("state", "today", "late"),
    [("open", DUE, False), ("open", DUE + timedelta(days=1), True), ("done", DUE + timedelta(days=1), True)]
    + [(final, DUE + timedelta(days=99), False) for final in ("verified", "cancelled")],
)
def test_what_is_late_is_what_is_not_finished(state: str, today: date, late: bool) -> None:
    assert action(state=state).late(today) == late
