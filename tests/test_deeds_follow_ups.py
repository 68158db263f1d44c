"""What is done with a follow-up and its actions without any dialog: by whom, of which version, and what is refused."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from sqlalchemy import select

from followup import ActionId, FollowUpId, UnitId
from followup.follow_ups.action import Action, ActionState
from followup.follow_ups.follow_up import STEPS, FollowUp
from followup.people import Role
from followup.wording.wording import Problem, wording
from services.acting import Acting, Refused, Why
from services.follow_ups import diary, following_up, planned_actions, steps
from services.views import follow_ups as views
from storage.engine.database import Database, Transaction
from storage.engine.tables import placement
from storage.follow_ups import actions, board_decisions, diary_numbers, follow_ups
from storage.register import units
from tests.support.builders import Register, at
from tests.support.deeds import acting_as, entries_of, everything, known, trial
from tests.support.told_once import told_once

NOW = at("2026-11-02 09:00")
ROLES = {Role.WORKER: "anna", Role.QUALITY: "karin", Role.MANAGER: "maria", Role.ADMIN: "adam"}
DECIDED = {"kind": "warning", "reference": "SN 2026/12 § 4", "decided_on": "2026-11-01"}
REASON = {"reason": "Enheten har stängt."}


def plan(by: Acting, owner: str = "kim") -> dict[str, str]:
    return {"what": "Se över rutinen.", "owner": str(known(by.tx, owner).id), "due_on": "2026-12-01"}


# The first follow-up is new; the second acts, with one open action.
DEEDS: Mapping[str, tuple[str, Callable[[Acting], object]]] = {
    "open": ("unit:1", lambda by: steps.open_ad_hoc(by, UnitId(1))),
    "write": (
        "follow_up:1",
        lambda by: steps.write_step(by, FollowUpId(1), 1, {"deviations": "Två."}, whole=False),
    ),
    "close": ("follow_up:2", lambda by: steps.close(by, FollowUpId(2), 2)),
    "back": ("follow_up:2", lambda by: steps.step_back(by, FollowUpId(2), 2)),
    "cancel": ("follow_up:1", lambda by: steps.cancel(by, FollowUpId(1), 1, REASON)),
    "diary": ("follow_up:2", lambda by: diary.enter_diary_number(by, FollowUpId(2), {"number": "SN 2026/1"})),
    "board": ("follow_up:2", lambda by: steps.record_board_decision(by, FollowUpId(2), DECIDED)),
    "add": ("follow_up:2", lambda by: planned_actions.add(by, FollowUpId(2), plan(by))),
    "replan": ("action:1", lambda by: planned_actions.replan(by, ActionId(1), 1, plan(by))),
    "done": (
        "action:1",
        lambda by: planned_actions.set_state(by, ActionId(1), 1, "done", {"evidence": "Ny rutin."}),
    ),
}


@pytest.fixture
def desk(municipality: Database) -> Database:
    return with_two_follow_ups(municipality)


@told_once
def with_two_follow_ups(municipality: Database) -> Database:
    with municipality.transaction() as tx:
        register = Register(tx)
        register.person("kim", "quality")
        register.person("adam", "admin")
        karin = known(tx, "karin").id
        follow_ups.open_new(tx, UnitId(1), karin, NOW)
        second = follow_ups.open_new(tx, UnitId(2), karin, NOW)
        assert second is not None
        judged = replace(second, step="act", held_on=NOW.date(), verdict="partly", verdict_on=NOW.date())
        follow_ups.save(tx, judged, karin, NOW)
        due = at("2026-12-01").date()
        actions.add(tx, FollowUpId(2), what="Utbilda.", owner_id=karin, due_on=due, author_id=karin, now=NOW)
    return municipality


@pytest.mark.parametrize("role", [Role.WORKER, Role.MANAGER, Role.ADMIN])
def test_outside_the_quality_team_no_deed_is_done_nothing_is_stored_and_the_refusal_is_logged(
    desk: Database, role: Role
) -> None:
    for subject, deed in DEEDS.values():
        with trial(desk) as tx:
            before, by = everything(tx), acting_as(tx, ROLES[role], NOW)
            assert deed(by) == Refused(Why.NOT_HERS)
            assert everything(tx) == before
            assert entries_of(tx, ROLES[role])[-1] == ("refused", subject)


def test_where_others_look_on_no_deed_is_done(desk: Database) -> None:
    for subject, deed in DEEDS.values():
        with trial(desk) as tx:
            before = everything(tx)
            assert deed(acting_as(tx, "karin", NOW, channel=True)) == Refused(Why.CHANNEL)
            assert everything(tx) == before
            assert entries_of(tx, "karin")[-1] == ("refused", subject)


@pytest.mark.parametrize("name", sorted(DEEDS.keys() - {"open", "close"}))
def test_the_quality_team_does_each_deed_and_it_is_logged_as_written(desk: Database, name: str) -> None:
    with trial(desk) as tx:
        before = everything(tx)
        done = DEEDS[name][1](acting_as(tx, "karin", NOW))
        assert isinstance(done, FollowUp | Action)
        assert everything(tx) != before
        assert entries_of(tx, "karin")[-1][0] == "write"


def test_a_unit_that_is_followed_up_already_keeps_the_follow_up_that_it_has(desk: Database) -> None:
    with trial(desk) as tx:
        by = acting_as(tx, "karin", NOW)
        opened = steps.open_ad_hoc(by, UnitId(1))
        assert opened == (follow_ups.get(tx, FollowUpId(1)), False)
        following_up.cancel(tx, found(tx, FollowUpId(1)), "Fel enhet.", by.person.id, NOW)
        again = steps.open_ad_hoc(by, UnitId(1))
        assert not isinstance(again, Refused)
        assert (again[0].id, again[1]) == (3, True)
        assert steps.open_ad_hoc(by, UnitId(99)) == Refused(Why.UNKNOWN)


def found(tx: Transaction, number: FollowUpId) -> FollowUp:
    one = follow_ups.get(tx, number)
    assert one is not None
    return one


@pytest.mark.parametrize("name", ["write", "back", "cancel", "close"])
def test_what_another_has_changed_meanwhile_is_left_as_it_is(desk: Database, name: str) -> None:
    with trial(desk) as tx:
        for number in (1, 2):
            following_up.save(tx, found(tx, FollowUpId(number)), known(tx, "kim").id, NOW)
        before = everything(tx)
        assert DEEDS[name][1](acting_as(tx, "karin", NOW)) == Refused(Why.CHANGED)
        assert everything(tx) == before


def test_a_diary_number_is_corrected_by_one_who_knows_it_and_what_stood_before_stays(desk: Database) -> None:
    with trial(desk) as tx:
        karin, kim = acting_as(tx, "karin", NOW), acting_as(tx, "kim", NOW)

        def enters(by: Acting, number: str, knows: int | None = None) -> FollowUp | Refused:
            return diary.enter_diary_number(by, FollowUpId(2), {"number": number}, knows)

        def entered() -> list[str]:
            return [one.number for one in diary_numbers.of_follow_up(tx, FollowUpId(2))]

        assert diary.enter_diary_number(karin, FollowUpId(1), {"number": "SN 1"}) == Refused(
            Why.WRONG, (Problem("number", wording("diary_number.no_verdict")),)
        )
        child = tx.connection.scalars(select(placement.c.case_reference)).first()
        for wrong in ("", "  ", "x" * 101, f"SN {child}", "20120131-2384"):
            refused = enters(karin, wrong)
            assert isinstance(refused, Refused)
            assert (refused.why, entered()) == (Why.WRONG, [])
        assert enters(karin, " SN 2026/1 ") == found(tx, FollowUpId(2))
        assert (enters(kim, "SN 2026/1"), entered()) == (Refused(Why.DONE), ["SN 2026/1"])
        stands = Problem("number", wording("diary_number.other", number="SN 2026/1"))
        assert enters(kim, "SN 2026/2") == Refused(Why.WRONG, (stands,))
        [first] = diary_numbers.of_follow_up(tx, FollowUpId(2))
        enters(kim, "SN 2026/2", first.id)
        assert entered() == ["SN 2026/1", "SN 2026/2"]
        # From a card of before the correction.
        assert isinstance(enters(karin, "SN 2026/3", first.id), Refused)
        assert [one for one in entries_of(tx, "karin") if "diary" in one[1]] == [("write", "diary_number:2")]


def test_a_step_that_lacks_what_it_demands_is_kept_but_not_left(desk: Database) -> None:
    with trial(desk) as tx:
        by = acting_as(tx, "karin", NOW)
        refused = steps.write_step(by, FollowUpId(1), 1, {"deviations": "Två."}, whole=True)
        assert isinstance(refused, Refused)
        rests = {"indicators_evidence", "deviations_evidence", "inspectorate_evidence"}
        assert {one.field for one in refused.problems} == {"indicators", "inspectorate", *rests}
        kept = steps.write_step(by, FollowUpId(1), 1, {"deviations": "Två."}, whole=False)
        assert isinstance(kept, FollowUp)
        assert (kept.step, kept.version) == (STEPS[0], 2)


def test_who_is_given_a_follow_up_by_another_is_told(desk: Database) -> None:
    planned = {"method": "visit", "planned_on": "2026-12-01"}
    with trial(desk) as tx:
        by = acting_as(tx, "karin", NOW)
        following_up.save(tx, replace(found(tx, FollowUpId(1)), step="plan"), by.person.id, NOW)
        queued = len(everything(tx)["delivery"])
        given = steps.write_step(
            by, FollowUpId(1), 2, {**planned, "owner": str(known(tx, "kim").id)}, whole=False
        )
        assert isinstance(given, FollowUp)
        assert len(everything(tx)["delivery"]) == queued + 1
        steps.write_step(by, FollowUpId(1), 3, {**planned, "owner": str(by.person.id)}, whole=False)
        assert len(everything(tx)["delivery"]) == queued + 1


def test_a_follow_up_closes_when_no_action_is_left_and_the_unit_remembers_it(desk: Database) -> None:
    with trial(desk) as tx:
        by = acting_as(tx, "karin", NOW)
        left = steps.close(by, FollowUpId(2), 2)
        assert isinstance(left, Refused)
        assert [one.what.id for one in left.problems] == ["follow_up.actions_left"]
        planned_actions.set_state(by, ActionId(1), 1, "cancelled", REASON)
        closed = steps.close(by, FollowUpId(2), 2)
        assert isinstance(closed, FollowUp)
        assert closed.closed
        assert units.get(tx, UnitId(2)).id == closed.unit_id
        assert steps.close(by, FollowUpId(2), 3) == Refused(Why.DONE)
        assert steps.cancel(by, FollowUpId(2), 3, REASON) == Refused(Why.DONE)


def test_another_than_the_one_who_reported_it_done_verifies_an_action(desk: Database) -> None:
    with trial(desk) as tx:
        DEEDS["done"][1](acting_as(tx, "karin", NOW))
        before = everything(tx)
        own = planned_actions.set_state(acting_as(tx, "karin", NOW), ActionId(1), 2, "verified", {})
        assert isinstance(own, Refused)
        assert [one.what.id for one in own.problems] == ["action.another_verifies"]
        assert everything(tx) == before
        verified = planned_actions.set_state(acting_as(tx, "kim", NOW), ActionId(1), 2, "verified", {})
        assert isinstance(verified, Action)
        assert (verified.verified_by, verified.verified_on) == (known(tx, "kim").id, NOW.date())
        assert planned_actions.set_state(
            acting_as(tx, "kim", NOW), ActionId(1), 3, "open", REASON
        ) == Refused(Why.CHANGED)


@pytest.mark.parametrize(("version", "state"), [(2, "done"), (1, "verified"), (1, "nothing"), (1, None)])
def test_an_action_changes_from_the_state_that_it_was_seen_in_to_one_that_follows(
    desk: Database, version: int, state: ActionState | None
) -> None:
    with trial(desk) as tx:
        before = everything(tx)
        by = acting_as(tx, "karin", NOW)
        assert planned_actions.set_state(by, ActionId(1), version, state, REASON) == Refused(Why.CHANGED)
        assert everything(tx) == before


@pytest.mark.parametrize("missing", sorted(DECIDED))
def test_the_boards_decision_has_its_reference_and_its_day(desk: Database, missing: str) -> None:
    with trial(desk) as tx:
        given = {name: value for name, value in DECIDED.items() if name != missing}
        refused = steps.record_board_decision(acting_as(tx, "karin", NOW), FollowUpId(2), given)
        assert isinstance(refused, Refused)
        assert [one.field for one in refused.problems] == [missing]
        assert board_decisions.of_follow_up(tx, FollowUpId(2)) == []


def test_the_quality_team_reads_all_of_a_follow_up_and_it_is_logged(desk: Database) -> None:
    with trial(desk) as tx:
        view = views.follow_up(acting_as(tx, "karin", NOW), FollowUpId(2))
        assert isinstance(view, views.FollowUpView)
        assert (view.reads, view.owner, view.opened_for.id) == (True, "Karin Test", "follow_up.why.ad_hoc")
        assert [(one.one.what, one.verifiable) for one in view.actions] == [("Utbilda.", False)]
        assert entries_of(tx, "karin")[-1] == ("read", "follow_up:2")


@pytest.mark.parametrize("key", ["anna", "maria", "adam"])
def test_a_follow_ups_steps_and_its_list_are_for_those_who_follow_up(desk: Database, key: str) -> None:
    with trial(desk) as tx:
        by = acting_as(tx, key, NOW)
        for view in (views.follow_up(by, FollowUpId(2)), views.open_follow_ups(by), views.unfinished(by)):
            assert view == Refused(Why.NOT_HERS)
        assert entries_of(tx, key)[-3:] == [
            ("refused", "follow_up:2"),
            ("refused", "follow_ups"),
            ("refused", "actions"),
        ]


def test_a_manager_reads_what_is_written_once_there_is_a_verdict_and_no_more_of_an_unannounced_visit(
    desk: Database,
) -> None:
    with trial(desk) as tx:
        maria, karin = acting_as(tx, "maria", NOW), known(tx, "karin").id
        written = replace(found(tx, FollowUpId(2)), areas={"deviations": "Två."}, strengths="Lugnt.")
        openly = following_up.save(tx, replace(written, method="visit"), karin, NOW)
        told = views.texts(maria, FollowUpId(2))
        assert isinstance(told, views.FollowUpView)
        assert (told.one.strengths, told.one.areas) == ("Lugnt.", {"deviations": "Två."})
        undone = replace(openly, verdict=None, verdict_on=None)
        following_up.save(tx, undone, karin, NOW)
        assert views.texts(maria, FollowUpId(2)) == Refused(Why.UNKNOWN)
        [known_of] = list(of_unit(maria, UnitId(2)))
        assert (known_of.one.strengths, known_of.one.areas, known_of.owner, known_of.actions) == (
            "",
            {},
            None,
            (),
        )
        following_up.save(tx, replace(found(tx, FollowUpId(2)), method="unannounced"), karin, NOW)
        assert of_unit(maria, UnitId(2)) == []
        assert views.texts(maria, FollowUpId(2)) == Refused(Why.UNKNOWN)


def of_unit(by: Acting, unit_id: UnitId) -> list[views.FollowUpView]:
    told = views.of_unit(by, unit_id)
    assert not isinstance(told, Refused)
    return told


@pytest.mark.parametrize("key", ["anna", "adam"])
def test_who_may_not_know_of_follow_ups_is_told_of_none_of_a_unit(desk: Database, key: str) -> None:
    with trial(desk) as tx:
        by = acting_as(tx, key, NOW)
        assert views.of_unit(by, UnitId(2)) == Refused(Why.NOT_HERS)
        assert views.texts(by, FollowUpId(2)) == Refused(Why.UNKNOWN)
        assert entries_of(tx, key)[-1] == ("refused", "follow_up:2")


def test_the_list_has_what_is_late_first(desk: Database) -> None:
    with trial(desk) as tx:
        by = acting_as(tx, "karin", at("2026-12-03 09:00"))
        listed = views.open_follow_ups(by)
        assert not isinstance(listed, Refused)
        assert [(one.one.id, [late.id for late in one.late]) for one in listed] == [
            (2, ["follow_up.late.actions"]),
            (1, []),
        ]
