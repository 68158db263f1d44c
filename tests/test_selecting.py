"""The steps of a selection over a real database: what each stores and logs, and what each refuses."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from followup import CycleId
from followup.follow_ups.follow_up import FollowUpStep
from followup.selection.candidates import AgeMix
from followup.selection.cycle import Cycle, SelectionRefusedError
from followup.selection.selection_frame import Parameters, canonical_frame, hash_of, read_frame
from followup.wording.wording import wording
from services.selection.selecting import Plan, WantedAdjustment, adjust, draw, freeze, lock
from services.selection.selection_state import SelectionState, ages, has_passed, outside_frame, state_of
from storage.engine.database import Transaction
from storage.engine.tables import access_log as log_table
from storage.engine.year_tables import selection_adjustment, selection_cycle
from storage.follow_ups import follow_ups
from storage.messages import ledger
from storage.register import units
from storage.selection import selections
from tests.support.builders import at
from tests.support.logged_acts import acts
from tests.support.selection_builders import fill_town, known, somebody
from tests.support.turns import SAY

NOW = at("2026-11-23 12:00")
PLAN = Plan(2026, "Lottos första rad lördagen den 28 november 2026")
VALUE = "4 8 15 16 23 42 7"


@pytest.fixture
def town(tx: Transaction) -> Transaction:
    fill_town(tx)
    return tx


def frozen(tx: Transaction, plan: Plan = PLAN) -> Cycle:
    return freeze(tx, plan, somebody(tx), NOW)


def drawn(tx: Transaction, plan: Plan = PLAN) -> SelectionState:
    return draw(tx, frozen(tx, plan), VALUE, somebody(tx), NOW)


def change(
    tx: Transaction, state: SelectionState, act: str, unit: str, reason: str = "Enheten stänger."
) -> SelectionState:
    return adjust(tx, state.cycle, WantedAdjustment(act, unit, reason), somebody(tx), NOW)  # type: ignore[arg-type]


def refusal(step: Callable[[], object]) -> str:
    """What the step is refused with, in words."""
    with pytest.raises(SelectionRefusedError) as refused:
        step()
    return " ".join(SAY.say(problem) for problem in refused.value.problems)


def stored(tx: Transaction) -> list[object]:
    """All that a selection writes."""
    tables = (selection_cycle, selection_adjustment, log_table)
    return [tuple(row) for table in tables for row in tx.connection.execute(select(table))]


def chosen(state: SelectionState) -> set[str]:
    return {one.unit for one in state.selected}


def test_freezing_stores_the_frame_its_hash_and_the_name_of_a_value_that_is_not_known(
    town: Transaction,
) -> None:
    cycle = frozen(town)
    assert (cycle.state, cycle.public_value, cycle.public_value_name) == (
        "frozen",
        None,
        PLAN.public_value_name,
    )
    assert cycle.frame_hash == hash_of(cycle.frame)
    rows = {row.id: row.placements for row in read_frame(cycle.frame).rows}
    assert rows == {"ASPEN": 6, "BJORK": 4, "BJORK-F": 2, "CEDER": 3, "DAL": 1, "EKEN": 1}


def test_freezing_is_told_to_the_team_and_logged(town: Transaction) -> None:
    cycle = frozen(town)
    assert len(ledger.keys_starting(town, f"selection-frozen:{cycle.id}:")) == 2
    karin = somebody(town).id
    assert (karin, None, f"selection:{cycle.id}:freeze") in acts(town, "write")
    assert (karin, None, f"births:selection:{cycle.id}") in acts(town, "read")


def test_the_dormant_and_the_own_homes_are_outside_the_frame_and_listed(town: Transaction) -> None:
    assert outside_frame(town, read_frame(frozen(town).frame)) == (["VILAR"], ["EGET"])


def test_the_frame_knows_ages_needs_and_the_last_follow_up(town: Transaction) -> None:
    known(town, "DAL", born="2012-01-01")
    known(town, "EKEN", needs="2026-06-01", last="2024-05-01")
    rows = {row.id: row for row in read_frame(frozen(town).frame).rows}
    assert (rows["DAL"].age0_15, rows["EKEN"].needs, rows["EKEN"].last) == (1, 1, 2024)
    assert rows["ASPEN"].last is None


@pytest.mark.parametrize(("step", "last"), [("closed", 2026), ("assess", 2024)])
def test_a_follow_up_counts_once_it_is_closed(town: Transaction, step: FollowUpStep, last: int) -> None:
    known(town, "EKEN", last="2024-05-01")
    followed_up(town, "EKEN", step)
    rows = {row.id: row for row in read_frame(frozen(town).frame).rows}
    assert rows["EKEN"].last == last


def followed_up(tx: Transaction, key: str, step: FollowUpStep, cycle_id: CycleId | None = None) -> None:
    """The unit's follow-up, that of the cycle or one of its own, has come to the step."""
    unit, karin = units.by_key(tx, key), somebody(tx).id
    assert unit is not None
    of_cycle = (
        [one for one in follow_ups.of_cycle(tx, cycle_id) if one.unit_id == unit.id] if cycle_id else []
    )
    one = of_cycle[0] if of_cycle else follow_ups.open_new(tx, unit.id, karin, NOW)
    assert one is not None
    follow_ups.save(tx, replace(one, step=step, held_on=at("2026-09-01").date()), karin, NOW)


def test_the_draw_gives_the_same_selection_however_often_it_is_repeated(town: Transaction) -> None:
    state = drawn(town)
    again = draw(town, state.cycle, f"  {VALUE} ", somebody(town), at("2026-12-01"))
    assert again == state == state_of(town, state.cycle)
    assert state.cycle.state == "drawn"
    assert len([one for one in acts(town, "write") if one[2].endswith(":draw")]) == 1


def test_a_person_adds_and_removes_with_a_reason_and_each_unit_carries_its_reasons(town: Transaction) -> None:
    state = drawn(town)
    state = change(town, state, "remove", "ASPEN")
    assert "ASPEN" not in chosen(state)
    state = change(town, state, "add", "VILAR", "Öppnar igen i januari.")
    state = change(town, state, "add", "ASPEN", "Stänger inte ändå.")
    reasons = {one.unit: one.reasons for one in state.selected}
    assert reasons["VILAR"] == ("added",)
    assert reasons["ASPEN"] == ("largest_share", "added")
    assert [(one.act, one.unit, one.by) for one in state.adjustments] == [
        ("remove", "ASPEN", "Karin Test"),
        ("add", "VILAR", "Karin Test"),
        ("add", "ASPEN", "Karin Test"),
    ]
    assert f"selection:{state.cycle.id}:remove" in [subject for _, _, subject in acts(town, "write")]


def test_removing_so_much_that_half_or_less_is_covered_is_warned_of(town: Transaction) -> None:
    state = drawn(town)
    assert not any(note.id == "selection.note.coverage" for note in state.notes)
    for unit in ("ASPEN", "BJORK"):
        state = change(town, state, "remove", unit)
    assert any(note.id == "selection.note.coverage" for note in state.notes)


def test_locking_opens_a_follow_up_of_each_selected_unit(town: Transaction) -> None:
    state = lock(town, drawn(town).cycle, somebody(town, "kim"), NOW)
    opened = follow_ups.of_cycle(town, state.cycle.id)
    keys = {units.get(town, one.unit_id).key for one in opened}
    assert keys == {one.unit for one in state.selected}
    assert {one.step for one in opened} == {"analyse"}


def test_locking_makes_it_final(town: Transaction) -> None:
    state = lock(town, drawn(town).cycle, somebody(town, "kim"), NOW)
    assert (state.cycle.state, state.cycle.locked_by) == ("locked", somebody(town, "kim").id)


def tampered(tx: Transaction, cycle: Cycle) -> Cycle:
    """Somebody has moved a unit out of reach by giving it a follow-up last year."""
    frame = read_frame(cycle.frame)
    moved = replace(frame, rows=(*frame.rows[:-1], replace(frame.rows[-1], last=2025)))
    tx.connection.execute(update(selection_cycle).values(frame=canonical_frame(moved)))
    found = selections.get(tx, cycle.id)
    assert found is not None
    return found


Step = Callable[[Transaction, Cycle], object]
LOCKED, DRAWN, FROZEN = "locked", "drawn", "frozen"
REFUSED: list[tuple[str, str, Step, str]] = [
    ("a second freeze", FROZEN, lambda tx, _: frozen(tx), "är redan fryst"),
    ("a second freeze of a locked one", LOCKED, lambda tx, _: frozen(tx), "är redan fryst"),
    (
        "a tampered frame, drawn",
        FROZEN,
        lambda tx, cycle: draw(tx, tampered(tx, cycle), VALUE, somebody(tx), NOW),
        "har ändrats efter att den frystes",
    ),
    (
        "a tampered frame, adjusted",
        DRAWN,
        lambda tx, cycle: adjust(
            tx, tampered(tx, cycle), WantedAdjustment("add", "VILAR", "Skäl."), somebody(tx), NOW
        ),
        "har ändrats efter att den frystes",
    ),
    (
        "a tampered frame, locked",
        DRAWN,
        lambda tx, cycle: lock(tx, tampered(tx, cycle), somebody(tx), NOW),
        "har ändrats efter att den frystes",
    ),
    (
        "another value",
        DRAWN,
        lambda tx, cycle: draw(tx, cycle, "en annan rad", somebody(tx), NOW),
        "dras inte om",
    ),
    ("no value", FROZEN, lambda tx, cycle: draw(tx, cycle, " ", somebody(tx), NOW), "saknas"),
    (
        "an adjusted row without a reason",
        DRAWN,
        lambda tx, cycle: adjust(tx, cycle, WantedAdjustment("add", "VILAR", " \n"), somebody(tx), NOW),
        "bara med ett skrivet skäl",
    ),
    (
        "a reason with a personnummer",
        DRAWN,
        lambda tx, cycle: adjust(
            tx, cycle, WantedAdjustment("add", "VILAR", "20120229-2387"), somebody(tx), NOW
        ),
        "personnummer",
    ),
    (
        "an own foster home added",
        DRAWN,
        lambda tx, cycle: adjust(tx, cycle, WantedAdjustment("add", "EGET", "Skäl."), somebody(tx), NOW),
        "Ingen enhet som följs upp har koden EGET",
    ),
    (
        "a selected unit added",
        DRAWN,
        lambda tx, cycle: adjust(tx, cycle, WantedAdjustment("add", "ASPEN", "Skäl."), somebody(tx), NOW),
        "är redan med",
    ),
    (
        "an unselected unit removed",
        DRAWN,
        lambda tx, cycle: adjust(tx, cycle, WantedAdjustment("remove", "VILAR", "Skäl."), somebody(tx), NOW),
        "är inte med",
    ),
    (
        "an adjustment before the draw",
        FROZEN,
        lambda tx, cycle: adjust(tx, cycle, WantedAdjustment("add", "VILAR", "Skäl."), somebody(tx), NOW),
        "är inte draget än",
    ),
    (
        "a lock before the draw",
        FROZEN,
        lambda tx, cycle: lock(tx, cycle, somebody(tx), NOW),
        "inte draget än",
    ),
    (
        "an adjustment after the lock",
        LOCKED,
        lambda tx, cycle: adjust(tx, cycle, WantedAdjustment("add", "VILAR", "Skäl."), somebody(tx), NOW),
        "ändras inte mer",
    ),
    ("a second lock", LOCKED, lambda tx, cycle: lock(tx, cycle, somebody(tx), NOW), "ändras inte mer"),
    (
        "a manager",
        DRAWN,
        lambda tx, cycle: lock(tx, cycle, somebody(tx, "maria"), NOW),
        "hör inte till kvalitetsteamet",
    ),
]


@pytest.mark.parametrize(
    ("state", "step", "said"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED]
)
def test_what_may_not_be_done_is_refused_in_words_and_changes_nothing(
    town: Transaction, state: str, step: Step, said: str
) -> None:
    cycle = frozen(town)
    if state != FROZEN:
        cycle = draw(town, cycle, VALUE, somebody(town), NOW).cycle
    if state == LOCKED:
        cycle = lock(town, cycle, somebody(town), NOW).cycle
    before = stored(town)
    assert said in refusal(lambda: step(town, cycle))
    after = stored(town)
    if "ändrats efter" in said:
        town.connection.execute(update(selection_cycle).values(frame=cycle.frame))
        after = stored(town)
    assert after == before


def test_everything_wrong_with_a_freeze_is_told_at_once(town: Transaction) -> None:
    wrong = Plan(2031, " ", name="x" * 65, parameters=Parameters(share="half", n_spot_risk=3))
    said = refusal(lambda: frozen(town, wrong))
    for part in (
        "2026 eller 2027",
        "Namnet på det offentliga värdet saknas",
        "högst 64",
        "share",
        "n_spot_risk",
    ):
        assert part in said
    assert selections.of_year(town, 2031) == []


def test_an_ad_hoc_selection_of_the_same_year_has_a_name_of_its_own(town: Transaction) -> None:
    frozen(town)
    extra = frozen(town, replace(PLAN, name="hösten"))
    assert [cycle.name for cycle in selections.of_year(town, 2026)] == ["yearly", "hösten"]
    assert draw(town, extra, VALUE, somebody(town), NOW).before is None


def test_who_entered_and_left_since_last_year_and_why(town: Transaction) -> None:
    known(town, "DAL", needs="2026-06-01")
    locked = lock(town, drawn(town).cycle, somebody(town), NOW)
    known(town, "DAL")
    known(town, "EKEN", needs="2026-06-01")
    following = drawn(town, replace(PLAN, year=2027))
    assert following.before == locked.cycle
    following = change(town, following, "remove", "ASPEN")
    assert following.changes is not None
    why = {one.unit: one.why for one in following.changes.left}
    entered = {one.unit for one in following.changes.entered}
    assert why["ASPEN"] == "removed"
    assert entered == chosen(following) - chosen(locked)
    assert {one.unit for one in following.changes.left} == chosen(locked) - chosen(following)
    assert following.changes.stayed == len(chosen(locked) & chosen(following))


def test_a_selection_that_was_never_locked_is_not_compared_with(town: Transaction) -> None:
    drawn(town)
    following = drawn(town, replace(PLAN, year=2027))
    assert following.before is None
    assert following.not_compared == wording("selection.doc.no_before", year=2026)


def test_of_the_year_before_nothing_is_denied_before_the_draw(town: Transaction) -> None:
    lock(town, drawn(town).cycle, somebody(town), NOW)
    assert state_of(town, frozen(town, replace(PLAN, year=2027))).not_compared is None


def test_last_years_frame_tampered_with_stops_the_comparison_and_nothing_else(town: Transaction) -> None:
    before = lock(town, drawn(town).cycle, somebody(town), NOW).cycle
    following = frozen(town, replace(PLAN, year=2027))
    town.connection.execute(
        update(selection_cycle).where(selection_cycle.c.id == before.id).values(frame="{}")
    )
    state = draw(town, following, VALUE, somebody(town), NOW)
    assert state.changes is None
    assert "selection.note.before_tampered" in [note.id for note in state.notes]
    # That there is no locked one to compare with would not be so.
    assert state.not_compared == wording("selection.note.before_tampered", year=2026)
    assert not has_passed(town, "follow_ups_done", 2026)


def test_the_age_mix_is_that_of_the_frames_year_and_the_reading_is_logged(town: Transaction) -> None:
    known(town, "DAL", born="2012-01-01")
    known(town, "EGET", born="2012-01-01")
    mix = ages(town, frozen(town), somebody(town).id, NOW)
    assert mix == AgeMix(under_18=1, grown=0, unknown=16)


def test_a_date_of_the_year_is_passed_when_its_step_is_done(town: Transaction) -> None:
    assert not has_passed(town, "proposal", 2026)
    cycle = frozen(town)
    assert not has_passed(town, "proposal", 2026)
    state = draw(town, cycle, VALUE, somebody(town), NOW)
    assert has_passed(town, "proposal", 2026)
    lock(town, state.cycle, somebody(town), NOW)
    first, *others = sorted(chosen(state))
    for unit in others:
        followed_up(town, unit, "closed", cycle.id)
    assert not has_passed(town, "follow_ups_done", 2026)
    followed_up(town, first, "closed", cycle.id)
    assert has_passed(town, "follow_ups_done", 2026)
    assert not has_passed(town, "board", 2026)
