"""Changing the method's numbers: the preview tells what adopting does, and what is read already never changes."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup import SignalId, UnitId
from followup.risk.proof import canonical, code_version_of, read_inputs, sha256_of
from followup.risk.risk_config import FIRST_CONFIG, RiskConfig
from followup.risk.risk_parameters import HELD, ORDERED, PARAMETERS, STEPS, Changes, read_changes, stepped
from followup.risk.stored_score import StoredScore
from scheduler.jobs import Times
from scheduler.waking import tick
from services.acting import Acting, Refused
from services.risk.scoring import CODE_VERSION, read_as_of
from services.risk.shifts import Shift
from services.risk.threshold import (
    Preview,
    adopt,
    base_config,
    number_of,
    preview,
    score_under_new,
)
from storage.alerts import alerts
from storage.engine.database import Transaction
from storage.register import people, units
from storage.risk import risk_configs, scores
from storage.signals import signals
from tests.support.builders import Register, at
from tests.support.logged_acts import acts
from tests.support.scored import scored_at_once

NOW = at("2026-11-23 12:00")
TODAY = NOW.date()
LOWER = {"yellow_pt": Decimal("0.35")}
COMPLAINT = {"kind": "complaint", "occurred": "happened", "cause": "provider", "source": "child"}


class House:
    """One unit with four placements, and complaints about it now and then."""

    def __init__(self, tx: Transaction, *months: int) -> None:
        register = Register(tx)
        self.tx, self.unit = tx, register.unit("E")
        self.worker, self.karin = register.person(), register.person("karin", "quality")
        register.measured()
        for _ in range(4):
            register.placement(self.worker, self.unit)
        for month in months:
            self.complain(f"2026-{month:02d}-20 12:00", 2)

    def complain(self, moment: str, number: int, points: int = 2) -> None:
        now = at(moment)
        day = now.date().isoformat()
        for _ in range(number):
            signals.save(
                self.tx,
                {**COMPLAINT, "event_on": day, "consequence": str(points)},
                unit_id=self.unit,
                placement_id=None,
                task_id=None,
                author_id=self.worker,
                now=now,
            )
        scored_at_once(self.tx, self.unit, now)

    def previewed(self, **changes: str) -> Preview:
        return preview(self.tx, {name: Decimal(value) for name, value in changes.items()}, NOW)

    def adopted(
        self, changes: Changes, valid_from: date = TODAY, now: str = "2026-11-23 12:00"
    ) -> RiskConfig:
        outcome = self.tried(changes, valid_from, now)
        assert isinstance(outcome, RiskConfig)
        return outcome

    def tried(
        self, changes: Changes, valid_from: date = TODAY, now: str = "2026-11-23 12:00"
    ) -> RiskConfig | Refused:
        typed = {"valid_from": valid_from.isoformat(), "why": "Fler ska följas upp."}
        return adopt(
            Acting(self.tx, people.everyone(self.tx)[self.karin], at(now)),
            changes,
            typed,
            number_of(base_config(self.tx)),
        )

    def latest(self) -> StoredScore:
        found = scores.latest(self.tx, self.unit)
        assert found is not None
        return found

    def stored(self) -> list[tuple[object, ...]]:
        return [tuple(row) for row in self.tx.connection.exec_driver_sql("select * from score order by id")]


@pytest.fixture
def house(tx: Transaction) -> House:
    """Complaints in May, September and October; every month end up to October is read."""
    house = House(tx, 5, 9, 10)
    scored_at_once(tx, house.unit, NOW)
    return house


def bands(shifts: tuple[Shift, ...]) -> list[tuple[date, str, str]]:
    return [(one.day, one.before.band, one.after.band) for one in shifts]


def test_a_lower_limit_shows_who_turns_yellow_today_and_at_which_month_ends(house: House) -> None:
    found = preview(house.tx, LOWER, NOW)
    assert bands(found.today) == [(TODAY, "green", "yellow")]
    assert bands(found.past) == [(date(2026, 10, 31), "green", "yellow")]
    assert (found.units, found.month_ends) == (1, 22)


def test_a_preview_stores_nothing(house: House) -> None:
    before = house.stored()
    preview(house.tx, LOWER, NOW)
    assert house.stored() == before
    assert base_config(house.tx) == FIRST_CONFIG


def test_points_are_weighed_anew_from_the_signals_themselves(house: House) -> None:
    assert house.previewed(points_complaint="4").today == ()
    signals.revise(house.tx, SignalId(1), {"consequence": None}, reason="x", author_id=house.karin, now=NOW)
    for number in range(2, 7):
        signals.revise(
            house.tx, SignalId(number), {"consequence": None}, reason="x", author_id=house.karin, now=NOW
        )
    scored_at_once(house.tx, house.unit, NOW)
    assert bands(house.previewed(points_complaint="4").today) == [(TODAY, "green", "red")]


def test_the_month_ends_of_the_unchanged_method_are_those_that_were_stored(tx: Transaction) -> None:
    """Also where a band rose within a month and had gone back under its limit at the month's end."""
    house = House(tx)
    house.complain("2026-07-10 12:00", 8, points=3)
    tick(tx, at("2026-11-02 08:00"), Times())
    stored = {day: one.shown for day, one in scores.month_ends(tx, house.unit).items()}
    assert "red" in stored.values()
    never_red = {"red_items": "50"}
    compared = {one.day: one.before.band for one in house.previewed(**never_red).past}
    assert compared
    assert compared == {day: stored[day] for day in compared}


@pytest.mark.parametrize(
    "changes",
    [
        LOWER,
        {"dispersion": Decimal("0.5")},
        {"points_complaint": Decimal("4")},
        {"prior": Decimal("1")},
        {"red_items": Decimal("50")},
        {"completeness": Decimal("0")},
    ],
)
def test_what_is_adopted_today_is_what_the_preview_said_comes_at_once(house: House, changes: Changes) -> None:
    shifts = preview(house.tx, changes, NOW).today
    shown = shifts[0].at_once.band if shifts else house.latest().shown
    house.adopted(changes)
    assert house.latest().shown == shown


def test_a_level_that_only_month_ends_lower_is_said_to_wait(tx: Transaction) -> None:
    house = House(tx)
    house.complain("2026-11-10 12:00", 6)
    assert house.latest().shown == "red"
    [shift] = house.previewed(red_items="50").today
    assert (shift.after.band, shift.at_once.band, shift.waits) == ("yellow", "red", True)


def test_a_change_never_changes_a_stored_month_end_and_holds_from_its_first_day(house: House) -> None:
    before = house.stored()
    scored_at_once(house.tx, house.unit, NOW)
    house.adopted(LOWER, date(2026, 12, 1))
    unit = units.get(house.tx, house.unit)

    def config_as_of(day: date) -> str:
        return read_as_of(house.tx, unit, day, at("2027-01-05")).inputs.config.id

    for day, id_ in (("2026-10-31", "risk-2"), ("2026-11-30", "risk-2"), ("2026-12-01", "risk-3")):
        assert config_as_of(date.fromisoformat(day)) == id_
    tick(house.tx, at("2026-12-01 08:00"), Times())
    tick(house.tx, at("2027-01-04 08:00"), Times())
    after = house.stored()
    assert after[: len(before)] == before
    ends = scores.month_ends(house.tx, house.unit)
    used = {day: read_inputs(one.inputs).config.id for day, one in ends.items()}
    assert (used[date(2026, 11, 30)], used[date(2026, 12, 31)]) == ("risk-2", "risk-3")


def test_scores_on_either_side_of_a_change_give_their_own_bytes_when_scored_again(house: House) -> None:
    """The configuration changed between two scores (cases.md)."""
    first = house.latest()
    house.adopted(LOWER)
    second = house.latest()
    assert first.id < second.id
    configs = []
    for one in (first, second):
        again = read_inputs(one.inputs)
        assert canonical(again, code_version_of(one.inputs)) == one.inputs
        assert sha256_of(one.inputs) == one.inputs_sha256
        assert code_version_of(one.inputs) == CODE_VERSION
        configs.append(again.config.id)
    assert configs == ["risk-2", "risk-3"]
    assert (first.shown, second.shown) == ("green", "yellow")


def test_a_change_from_today_scores_every_unit_at_once_and_alerts_once(house: House) -> None:
    very_low = {name: Decimal("0.02") for name in ("red_p", "yellow_p", "leave_red_p", "leave_yellow_p")}
    house.adopted(very_low)
    assert house.latest().shown == "red"
    assert [one.kind for one in alerts.of_unit(house.tx, house.unit)] == ["band"]
    assert score_under_new(house.tx, NOW, UnitId(0), 100)[0] == 0
    tick(house.tx, NOW + timedelta(hours=1), Times())
    assert len(alerts.of_unit(house.tx, house.unit)) == 1


def test_a_change_that_is_to_come_scores_nothing_until_its_day(house: House) -> None:
    house.adopted(LOWER, date(2026, 12, 1))
    tick(house.tx, at("2026-11-30 23:00"), Times())
    assert read_inputs(house.latest().inputs).config.id == "risk-2"
    tick(house.tx, at("2026-12-01 08:00"), Times())
    assert read_inputs(house.latest().inputs).config.id == "risk-3"


def test_who_decided_when_and_why_is_kept_and_logged(house: House) -> None:
    config = house.adopted({"red_p": Decimal("0.45")})
    assert (config.id, config.decided_by, config.valid_from) == ("risk-3", "Karin Test", TODAY)
    assert config.red_p == Decimal("0.45")
    assert config.parameters() == {**FIRST_CONFIG.parameters(), "red_p": "0.45"}
    assert risk_configs.adopted(house.tx) == [FIRST_CONFIG, config]
    assert (house.karin, None, "risk_config:risk-3") in acts(house.tx, "write")
    row = house.tx.connection.exec_driver_sql("select reason from risk_config where id = 'risk-3'")
    assert house.tx.vault.open(row.scalar_one()) == "Fler ska följas upp."


@pytest.mark.parametrize("day", ["2026-11-22", "2025-01-01", "2027-11-25"])
def test_a_change_never_starts_before_today_nor_years_ahead(house: House, day: str) -> None:
    refused = house.tried(LOWER, date.fromisoformat(day))
    assert isinstance(refused, Refused)
    assert [one.field for one in refused.problems] == ["valid_from"]
    assert risk_configs.adopted(house.tx) == [FIRST_CONFIG]


def test_two_changes_never_start_on_one_day_and_the_second_builds_on_the_first(house: House) -> None:
    house.adopted({"red_p": Decimal("0.45")})
    assert isinstance(house.tried({"red_pt": Decimal("0.7")}), Refused)
    second = house.adopted({"red_pt": Decimal("0.7")}, TODAY + timedelta(days=1))
    assert (second.id, second.red_p, second.red_pt) == ("risk-4", Decimal("0.45"), Decimal("0.7"))
    assert scores.method_on(house.tx, TODAY)[0].id == "risk-3"
    assert scores.method_on(house.tx, TODAY + timedelta(days=1))[0].id == "risk-4"


def test_every_number_of_the_method_can_be_changed_and_its_start_value_is_allowed() -> None:
    assert set(PARAMETERS) == set(FIRST_CONFIG.parameters())
    for name, one in PARAMETERS.items():
        assert one.lowest <= getattr(FIRST_CONFIG, name) <= one.highest
    for lower, higher in ORDERED:
        assert getattr(FIRST_CONFIG, lower) <= getattr(FIRST_CONFIG, higher)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("red_p 0,45", {"red_p": "0.45"}),
        ("red_p=0.45", {"red_p": "0.45"}),
        ("RED_P 45%", {"red_p": "0.45"}),
        ("red_p 0,45 red_items 4", {"red_p": "0.45", "red_items": "4"}),
        ("red_p = 0,45", {"red_p": "0.45"}),
    ],
)
def test_a_change_is_read_as_people_write_it(typed: str, read: dict[str, str]) -> None:
    changes, problems = read_changes(typed.split(), FIRST_CONFIG)
    assert (changes, problems) == ({name: Decimal(value) for name, value in read.items()}, [])


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("röd 0,45", ["threshold.unknown"]),
        ("red_p", ["threshold.no_value"]),
        ("red_p hög", ["threshold.not_a_number"]),
        ("red_p NaN", ["threshold.not_a_number"]),
        ("red_p Infinity", ["threshold.not_a_number"]),
        ("red_p 1e999999", ["threshold.range"]),
        ("red_p 1,5", ["threshold.range"]),
        ("red_p 0", ["threshold.range"]),
        ("red_p -0,5", ["threshold.range"]),
        ("red_p 0,123456", ["threshold.range"]),
        ("red_items 2,5", ["threshold.whole_range"]),
        ("kappa_none_from 24", ["threshold.whole_range"]),
        ("red_p 0,50", ["threshold.same"]),
        ("red_p 0,4 red_p 0,3", ["threshold.twice"]),
        ("red_p 0,2", ["threshold.order", "threshold.order"]),
        ("dispersion 0 twice 0 okänd 1", ["threshold.range", "threshold.range", "threshold.unknown"]),
    ],
)
def test_everything_wrong_with_a_change_is_told_at_once(typed: str, wrong: list[str]) -> None:
    _, problems = read_changes(typed.split(), FIRST_CONFIG)
    assert [problem.what.id for problem in problems] == wrong


@given(st.lists(st.text(max_size=12), max_size=8))
def test_whatever_is_typed_is_read_or_refused_in_words(words: list[str]) -> None:
    changes, problems = read_changes(words, FIRST_CONFIG)
    if not problems:
        assert all(
            PARAMETERS[name].lowest <= value <= PARAMETERS[name].highest for name, value in changes.items()
        )


@pytest.mark.parametrize("name", PARAMETERS)
def test_each_word_of_a_slider_stands_for_a_number_that_may_be_and_none_is_passed_over(name: str) -> None:
    one = PARAMETERS[name]
    for held in {one.lowest, one.highest, Decimal(str(getattr(FIRST_CONFIG, name)))}:
        numbers = stepped(name, held)
        assert len(numbers) == len(STEPS)
        assert numbers == sorted(numbers)
        assert numbers[HELD] == held
        assert all(one.lowest <= number <= one.highest for number in numbers)
        assert all(number == round(number, 0 if one.whole else 4) for number in numbers)
        lower, higher = numbers[HELD - 1], numbers[HELD + 1]
        assert (lower < held or held == one.lowest) and (higher > held or held == one.highest)
