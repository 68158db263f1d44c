"""The selection's steps and views without any dialog: by whom, what is refused, and that nothing is stored then."""

from collections.abc import Callable, Mapping

import pytest

from followup import CycleId
from followup.people import Role
from services.acting import Acting, Refused, Why
from services.selection import selecting, selection_steps
from services.selection.selecting import Plan, WantedAdjustment
from services.selection.selection_state import state_of
from services.views import selection as views
from storage.engine.database import Database
from storage.follow_ups import follow_ups
from storage.selection import selections
from tests.support.builders import Register, at
from tests.support.deeds import acting_as, entries_of, everything, known, trial
from tests.support.selection_builders import fill_town
from tests.support.told_once import told_once

NOW = at("2026-11-23 12:00")
ROLES = {Role.WORKER: "anna", Role.QUALITY: "karin", Role.MANAGER: "maria", Role.ADMIN: "adam"}
VALUE = "4 8 15 16 23 42 7"
TYPED = {
    "year": "2027",
    "public_value_name": "Lottos första rad",
    "largest": "coverage",
    "largest_number": "50 %",
    "n_risk": "2",
    "n_spot_general": "1",
    "n_spot_risk": "1",
    "lots": "one",
}
# The first selection is frozen; the second is drawn.
DEEDS: Mapping[str, Callable[[Acting], object]] = {
    "freeze": lambda by: selection_steps.freeze(by, TYPED),
    "draw": lambda by: selection_steps.draw(by, CycleId(1), VALUE),
    "adjust": lambda by: selection_steps.adjust(
        by, CycleId(2), WantedAdjustment("remove", _one(by), "Enheten stänger.")
    ),
    "lock": lambda by: selection_steps.lock(by, CycleId(2), 0),
}
VIEWS: Mapping[str, Callable[[Acting], object]] = {
    "selection": lambda by: views.selection(by, CycleId(2)),
    "head": lambda by: views.head(by, CycleId(1)),
    "changes": lambda by: views.changes(by, CycleId(2)),
}


def _one(by: Acting) -> str:
    found = selections.get(by.tx, CycleId(2))
    assert found is not None
    return state_of(by.tx, found).selected[0].unit


@pytest.fixture
def town(database: Database) -> Database:
    return with_two_selections(database)


@told_once
def with_two_selections(database: Database) -> Database:
    with database.transaction() as tx:
        fill_town(tx)
        Register(tx).person("adam", "admin")
        karin = known(tx, "karin")
        selecting.freeze(tx, Plan(2026, "Lotto"), karin, NOW)
        other = selecting.freeze(tx, Plan(2026, "Lotto", name="Extra"), karin, NOW)
        selecting.draw(tx, other, VALUE, karin, NOW)
    return database


@pytest.mark.parametrize("role", list(ROLES))
def test_the_quality_team_takes_each_step_and_for_others_nothing_is_stored_and_the_refusal_logged(
    town: Database, role: Role
) -> None:
    for deed in DEEDS.values():
        with trial(town) as tx:
            before, key = everything(tx), ROLES[role]
            done = deed(acting_as(tx, key, NOW))
            if role == Role.QUALITY:
                assert not isinstance(done, Refused)
                assert everything(tx) != before
            else:
                assert done == Refused(Why.NOT_HERS)
                assert everything(tx) == before
                assert entries_of(tx, key) == [("refused", "selection")]


@pytest.mark.parametrize("role", list(ROLES))
def test_the_quality_team_reads_a_selection_which_is_logged_and_others_read_none(
    town: Database, role: Role
) -> None:
    for view in VIEWS.values():
        with trial(town) as tx:
            key = ROLES[role]
            entries = len(entries_of(tx, key))
            shown = view(acting_as(tx, key, NOW))
            assert isinstance(shown, Refused) == (role != Role.QUALITY)
            act = "read" if role == Role.QUALITY else "refused"
            logged = entries_of(tx, key)[entries:]
            assert {one[0] for one in logged} == {act}
            assert logged[0][1].startswith("selection")


def test_where_others_look_on_nothing_of_a_selection_is_done_or_read(town: Database) -> None:
    for ask in (*DEEDS.values(), *VIEWS.values()):
        with trial(town) as tx:
            before = everything(tx)
            assert ask(acting_as(tx, "karin", NOW, channel=True)) == Refused(Why.CHANNEL)
            assert everything(tx) == before


def test_locking_what_a_colleague_has_adjusted_meanwhile_is_refused_until_it_is_seen(town: Database) -> None:
    with trial(town) as tx:
        by = acting_as(tx, "karin", NOW)
        DEEDS["adjust"](by)
        before = everything(tx)
        assert selection_steps.lock(by, CycleId(2), 0) == Refused(Why.CHANGED)
        assert everything(tx) == before
        locked = selection_steps.lock(by, CycleId(2), 1)
        assert not isinstance(locked, Refused)
        assert len(follow_ups.of_cycle(tx, CycleId(2))) == len(locked.selected)
        again = selection_steps.lock(by, CycleId(2), 1)
        assert isinstance(again, Refused)
        assert [one.what.id for one in again.problems] == ["selection.refused.locked"]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"year": "2025"}, "selection.refused.year"),
        ({"public_value_name": ""}, "form.missing"),
        ({"name": "Rad 20120229-2387"}, "form.personal_number"),
        ({"n_risk": "0"}, "form.not_a_choice"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_and_nothing_is_frozen(
    town: Database, typed: dict[str, str], problem: str
) -> None:
    with trial(town) as tx:
        before = everything(tx)
        refused = selection_steps.freeze(acting_as(tx, "karin", NOW), {**TYPED, **typed})
        assert isinstance(refused, Refused)
        assert problem in {one.what.id for one in refused.problems}
        assert everything(tx) == before


def test_another_value_than_was_drawn_with_is_refused_with_the_one_that_was(town: Database) -> None:
    with trial(town) as tx:
        before = everything(tx)
        refused = selection_steps.draw(acting_as(tx, "karin", NOW), CycleId(2), "1 2 3")
        assert isinstance(refused, Refused)
        assert (refused.why, [one.what.id for one in refused.problems]) == (
            Why.DONE,
            ["selection.refused.drawn"],
        )
        assert everything(tx) == before


def test_the_changes_are_read_with_the_birth_days_which_are_logged_as_that(town: Database) -> None:
    with trial(town) as tx:
        view = views.changes(acting_as(tx, "karin", NOW), CycleId(2))
        assert isinstance(view, views.ChangesView)
        assert entries_of(tx, "karin")[-2:] == [("read", "selection:2"), ("read", "births:selection:2")]
