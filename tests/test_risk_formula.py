from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammaincc

from followup.risk.gamma import probability_above
from followup.risk.inputs import Exposure, Inputs, Item, kappa
from followup.risk.risk import score
from followup.risk.risk_config import (
    FIRST_BASE_LEVELS,
    FIRST_CONFIG,
    SCHEMA,
    UPGRADES,
    RiskConfig,
    Upgrade,
    upgraded,
)
from followup.terms import FORMS
from followup.times.month import Month
from tests.support.risk_builders import WEIGHTS, item, month, some_units, unit, whole_year

NOVEMBER, SEPTEMBER = item("K-1", "2026-11-10"), item("K-2", "2026-09-10")
ABUSE = item("A-1", "2026-12-05", "4", floor="red")


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        (unit(), {"e": 1.53, "r": 0.6623, "p": 0.016766, "pt": 0.052705, "index": 7}),
        (unit(NOVEMBER), {"r": 1.1038, "p": 0.084057, "pt": 0.201855, "index": 27}),
        (unit(NOVEMBER, SEPTEMBER), {"o": 4, "r": 1.5453, "p": 0.231506, "index": 46}),
        (unit(ABUSE, segment="jourhem"), {"e": 2.25, "r": 1.3333, "p": 0.138110, "pt": 0.380215}),
    ],
)
def test_the_documented_examples_come_out(inputs: Inputs, expected: dict[str, Any]) -> None:
    scored = score(inputs)
    for name, value in expected.items():
        assert getattr(scored, name) == pytest.approx(value, abs=1e-4), name


POINTS = st.floats(0.01, 3000)


@given(shape=POINTS, share=st.floats(0, 4))
def test_a_probability_is_that_of_a_library_of_numbers(shape: float, share: float) -> None:
    """A share of one is where the two ways to it meet."""
    bound = shape * share
    assert probability_above(bound, shape) == pytest.approx(float(gammaincc(shape, bound)), abs=1e-10)


@pytest.mark.parametrize("shape", [1, 2, 3.5, 40])
def test_nothing_is_below_nought_and_the_bound_where_the_ways_part_leaves_no_step(shape: float) -> None:
    assert probability_above(0, shape) == 1
    below, above = (probability_above(shape + 1 + apart, shape) for apart in (-1e-9, 1e-9))
    assert 0 < below - above < 1e-8


@pytest.mark.parametrize(
    ("age", "share"),
    [(-1, "0"), (0, "1"), (5, "1"), (6, "0.5"), (11, "0.5"), (12, "0"), (40, "0")],
)
def test_evidence_counts_in_full_half_a_year_and_by_half_for_the_next(age: int, share: str) -> None:
    assert kappa(age, FIRST_CONFIG) == Decimal(share)


@pytest.mark.parametrize(
    ("day", "as_of", "o"),
    [
        ("2026-07-31", "2026-12-01", 2),
        ("2026-07-01", "2026-12-31", 2),
        ("2026-06-30", "2026-12-01", 1),
        ("2026-01-01", "2026-12-31", 1),
        ("2025-12-31", "2026-12-01", 0),
        ("2026-12-31", "2027-01-01", 2),
        ("2026-12-31", "2027-05-31", 2),
        ("2026-12-31", "2027-06-01", 1),
        ("2026-12-31", "2027-12-01", 0),
        ("2023-12-31", "2026-12-31", 0),
    ],
)
def test_age_is_counted_in_calendar_months_also_over_new_year(day: str, as_of: str, o: float) -> None:
    assert score(unit(item(day=day), as_of=as_of)).o == o


def test_an_event_in_december_is_recent_in_february_and_not_in_march() -> None:
    december = item(day="2026-12-31")
    assert score(unit(december, as_of="2027-02-28")).ot == 2
    assert score(unit(december, as_of="2027-03-01")).ot == 0


def test_what_is_dated_after_the_as_of_day_is_not_known() -> None:
    future = unit(item(day="2026-12-11"), as_of="2026-12-10")
    assert score(future) == score(unit(as_of="2026-12-10"))


def test_linked_reports_of_one_event_count_once_at_the_highest_weight() -> None:
    linked = score(unit(item("A-9", weight="2", event="bråk"), item("A-17", weight="3", event="bråk")))
    assert (linked.o, linked.n) == (3, 1)
    assert [(row.ids, row.zero_because) for row in linked.contributions] == [
        (("A-9",), "linked"),
        (("A-17",), None),
    ]


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        (item("A-17", "2026-12-05", event="b"), item("A-9", "2026-12-05", event="b"), "A-9"),
        (item("A-9", "2026-12-05", event="b"), item("A-17", "2026-12-06", event="b"), "A-17"),
        (item("A-9", "2026-05-10", "3", event="b"), item("A-17", "2026-07-01", "2", event="b"), "A-17"),
        (item("A-9", "2026-02-10", "4", event="b"), item("A-17", "2026-11-05", "2", event="b"), "A-17"),
    ],
)
def test_of_linked_reports_the_most_points_now_count_then_the_latest_day_then_the_lowest_number(
    first: Item, second: Item, counts: str
) -> None:
    scored = score(unit(first, second))
    assert [row.ids[0] for row in scored.contributions if row.counts] == [counts]
    assert scored.n == 1


def test_a_dismissed_signal_gives_nothing_and_stays_visible() -> None:
    dismissed = score(unit(item("A-1", weight="0", zero_because="dismissed")))
    assert (dismissed.o, dismissed.n) == (0, 0)
    assert [(row.ids, row.zero_because) for row in dismissed.contributions] == [(("A-1",), "dismissed")]


def test_a_workers_missing_report_gives_no_points_and_leaves_three_tenths_unseen() -> None:
    gap = replace(whole_year(2)[10], missing=2)
    scored = score(unit(exposure=(*whole_year(2)[:10], gap, whole_year(2)[11])))
    assert (scored.o, scored.n, scored.contributions) == (0, 0, ())
    unseen, unanswered = 2 * 0.3 * 0.12, 2 * 0.05
    assert scored.e == pytest.approx(score(unit(exposure=whole_year(2))).e - unseen - unanswered)


def test_nothing_is_expected_and_nothing_weighs_before_measuring_began() -> None:
    june = item("K-1", "2026-06-28")
    scored = score(unit(june, coverage="2026-07"))
    assert scored.o == 0
    assert scored.e == pytest.approx(6 * 0.17)
    assert [row.zero_because for row in scored.contributions] == ["before"]
    assert score(unit(june, coverage=None)).e == 0


@pytest.mark.parametrize(
    ("months", "counted"),
    [
        (dict.fromkeys(range(1, 13), "2"), [1, 7]),
        ({3: "2", 5: "3", 8: "2", 9: "2", 10: "2", 11: "2"}, [3, 5, 11]),
        ({1: "3", 6: "2", 7: "2"}, [1, 7]),
        ({1: "0", 2: "2"}, [2]),
    ],
)
def test_what_goes_on_counts_once_per_half_year(months: dict[int, str], counted: list[int]) -> None:
    concerns = [
        item(f"R-{month}", f"2026-{month:02d}-28", weight, kind="concern", placement=1)
        for month, weight in months.items()
    ]
    scored = score(unit(*concerns))
    assert [row.when.month for row in scored.contributions if row.counts] == counted


def test_of_two_rows_on_one_child_of_one_report_the_heavier_counts() -> None:
    rows = [
        item("R-1", "2026-11-30", "2", kind="concern", placement=1),
        item("B-1", "2026-11-30", "3", kind="unsafe", placement=1),
        item("B-2", "2026-11-30", "3", kind="unsafe", placement=2),
    ]
    scored = score(unit(*rows))
    assert (scored.o, scored.n) == (6, 2)
    assert {row.ids[0]: row.zero_because for row in scored.contributions}["R-1"] == "same_report"


def test_linking_a_concern_does_not_let_the_next_one_count() -> None:
    first = item("R-1", "2026-09-30", "2", kind="concern", placement=1, event="b")
    second = item("R-2", "2026-11-30", "2", kind="concern", placement=1)
    complaint = item("K-1", "2026-09-10", "3", event="b")
    scored = score(unit(first, second, complaint))
    assert [row.ids[0] for row in scored.contributions if row.counts] == ["K-1"]


def test_all_that_a_months_reports_from_the_provider_lack_is_one_item() -> None:
    rows = [
        item(f"U-{number}", f"2026-{month}-30", "1", kind="provider_report_missing", placement=number)
        for number, month in enumerate(("10", "10", "11"), 1)
    ]
    assert (score(unit(*rows)).o, score(unit(*rows)).n) == (3, 2)


def test_a_month_where_nothing_was_expected_is_seen_in_full() -> None:
    assert score(unit(exposure=(month("2026-12", expected=0),))).e == pytest.approx(0.12)


def test_half_a_month_in_placement_is_half_a_placement() -> None:
    half = Exposure(Month(2026, 11), 15, 0, 0)
    assert score(unit(exposure=(half,))).e == pytest.approx(0.06)


def test_a_unit_without_exposure_or_evidence_is_at_the_normal() -> None:
    assert score(unit(exposure=())).r == 1


@pytest.mark.parametrize(("days", "expected", "missing"), [(-1, 1, 0), (1, 1, 2), (1, 1, -1)])
def test_exposure_that_cannot_be_is_refused(days: int, expected: int, missing: int) -> None:
    with pytest.raises(ValueError, match="Exposure"):
        Exposure(Month(2026, 11), days, expected, missing)


@given(some_units(), st.integers(0, 500), WEIGHTS)
def test_adding_an_item_never_lowers_the_probabilities(inputs: Inputs, back: int, weight: Decimal) -> None:
    # What an item of the same event or placement would take the place of is another matter.
    day = date(2026, 12, 31) - timedelta(days=back)
    added = replace(item("B-1"), day=day, weight=weight)
    before, after = score(inputs), score(replace(inputs, items=(*inputs.items, added)))
    assert after.p >= before.p
    assert after.pt >= before.pt
    assert after.n >= before.n


@given(some_units(), st.randoms(use_true_random=False))
def test_the_order_of_items_and_months_changes_nothing(inputs: Inputs, chance: Any) -> None:
    items, rows = list(inputs.items), list(inputs.exposure)
    chance.shuffle(items)
    chance.shuffle(rows)
    assert score(replace(inputs, items=tuple(items), exposure=tuple(rows))) == score(inputs)


def test_there_is_a_base_level_for_every_segment_that_is_followed() -> None:
    assert {form.segment for form in FORMS.values() if form.followed} == set(FIRST_BASE_LEVELS.levels)


def test_a_configuration_survives_being_stored_as_text() -> None:
    stored = FIRST_CONFIG.stored()
    assert stored["schema"] == str(SCHEMA)
    assert RiskConfig.of("risk-2", FIRST_CONFIG.valid_from, "startvärden", stored) == FIRST_CONFIG


# Written by hand: what the first two schemas stored, without saying which they were.
FIRST_STORED = {
    **{
        "prior": "3",
        "dispersion": "1.5",
        "twice": "2",
        "missing_base": "0.05",
        "base_level_prior_months": "200",
    },
    **{"points_missing": "1", "points_remark": "1", "points_complaint": "2", "points_concern": "2"},
    **{"points_deviation": "1", "points_replacement": "3", "points_lex_sarah": "3", "points_serious": "4"},
    **{"own_report_factor": "0.5", "own_report_up_to": "2", "kappa_half": "0.5", "kappa_half_from": "6"},
    **{"kappa_none_from": "12", "recent_months": "3", "red_p": "0.50", "red_pt": "0.75", "red_items": "3"},
    **{"yellow_p": "0.25", "yellow_pt": "0.50", "yellow_items": "2", "leave_red_p": "0.30"},
    **{"leave_red_pt": "0.50", "leave_yellow_p": "0.15", "leave_yellow_pt": "0.30", "calm_readings": "2"},
    **{"floor_months": "2", "silence_yellow": "2", "silence_red": "3", "completeness": "0.70"},
}


# And what the third brought: silence is no colour, and a missing report of the worker's gives no points.
GONE = ("missing_base", "points_missing", "silence_yellow", "silence_red")
METHOD_2 = {
    **{"unseen": "0.3", "points_unsafe": "3", "points_report_missing": "1", "points_report_flawed": "0.5"},
    **{"report_late_from": "21", "repeat_months": "6", "silent_months": "2"},
}


def as_read(stored: dict[str, str]) -> dict[str, str]:
    kept = {name: text for name, text in stored.items() if name not in (*GONE, "schema")}
    return {"public_few": "5", **kept, **METHOD_2}


@pytest.mark.parametrize("stored", [FIRST_STORED, {**FIRST_STORED, "public_few": "7"}])
def test_a_configuration_stored_before_schemas_were_named_is_read(stored: dict[str, str]) -> None:
    read = RiskConfig.of("risk-1", date(2025, 1, 1), "startvärden", stored)
    assert read.parameters() == as_read(stored)


def test_a_parameter_that_comes_later_leaves_every_stored_configuration_readable() -> None:
    later = (*UPGRADES, Upgrade({"width": "0.6"}), Upgrade({"care_months": "6"}, dropped=("width",)))
    for stored in (FIRST_STORED, {**FIRST_STORED, "public_few": "7"}, FIRST_CONFIG.stored()):
        assert upgraded(stored, later) == {**as_read(stored), "care_months": "6"}


@pytest.mark.parametrize("schema", ["0", str(SCHEMA + 1)])
def test_a_schema_that_is_not_known_is_named(schema: str) -> None:
    with pytest.raises(ValueError, match=f"schema {schema}"):
        RiskConfig.of("risk-2", date(2027, 1, 1), "nämnden", {**FIRST_CONFIG.stored(), "schema": schema})


@pytest.mark.parametrize("change", [{"extra": "1"}, {"red_p": None}])
def test_a_stored_configuration_must_name_every_parameter(change: dict[str, str | None]) -> None:
    stored = {name: text for name, text in (FIRST_CONFIG.stored() | change).items() if text is not None}
    with pytest.raises(ValueError, match=next(iter(change))):
        RiskConfig.of("risk-2", date(2027, 1, 1), "nämnden", stored)


@given(some_units(), st.integers(2, 6))
def test_reports_of_one_event_count_once_however_many_they_are(inputs: Inputs, times: int) -> None:
    same = [item(f"B-{number}", "2026-11-05", "2", event="samma") for number in range(1, times + 1)]
    alone = replace(inputs, items=(*inputs.items, same[0]))
    linked = replace(inputs, items=(*inputs.items, *same))
    assert (score(linked).o, score(linked).n) == (score(alone).o, score(alone).n)


@given(some_units())
def test_leaving_out_what_the_half_year_rule_left_out_changes_nothing(inputs: Inputs) -> None:
    left_out = {
        row.ids[0] for row in score(inputs).contributions if row.zero_because in ("repeated", "same_report")
    }
    rest = replace(inputs, items=tuple(one for one in inputs.items if one.id not in left_out))
    assert (score(rest).o, score(rest).ot, score(rest).n) == (
        score(inputs).o,
        score(inputs).ot,
        score(inputs).n,
    )
