from collections.abc import Iterable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.risk.bands import (
    BANDS,
    Band,
    BandState,
    Floor,
    Judgement,
    completeness,
    floor,
    judge,
    next_state,
    shown,
)
from followup.risk.bands import silent_months as silent
from followup.risk.risk import Exposure, score
from followup.risk.risk_config import FIRST_CONFIG
from followup.times.month import Month
from tests.support.risk_builders import item, month, unit, whole_year

HVB = unit(
    item("A-1", "2026-07-10", "1"),
    item("A-2", "2026-09-10", "2"),
    item("A-3", "2026-10-05", "2"),
    item("A-4", "2026-10-20", "2"),
    item("A-5", "2026-11-03", "3"),
    item("A-6", "2026-11-18", "2"),
    item("A-7", "2026-12-02", "2"),
    item("A-8", "2026-12-09", "2"),
    segment="hvb",
    exposure=whole_year(3),
)


def at_month_ends(readings: Iterable[float]) -> list[Band]:
    state, bands = BandState(), []
    for p in readings:
        state = next_state(state, p, 0, 5, True, FIRST_CONFIG)
        bands.append(state.band)
    return bands


def test_the_documented_year_of_an_hvb_goes_from_green_over_yellow_to_red() -> None:
    state, seen, bands = BandState(), [], []
    for as_of in ("2026-10-31", "2026-11-30", "2026-12-31"):
        scored = score(unit(*HVB.items, segment="hvb", exposure=HVB.exposure, as_of=as_of))
        state = next_state(state, scored.p, scored.pt, scored.n, True, FIRST_CONFIG)
        seen += [scored.p, scored.pt]
        bands.append(state.band)
    assert seen == pytest.approx([0.016553, 0.243631, 0.116195, 0.705722, 0.284497, 0.838747], abs=1e-4)
    assert bands == ["green", "yellow", "red"]


def test_the_documented_row_of_month_ends_gives_its_bands() -> None:
    readings = (
        0.10,
        0.26,
        0.22,
        0.14,
        0.16,
        0.14,
        0.13,
        0.55,
        0.45,
        0.29,
        0.31,
        0.29,
        0.28,
        0.20,
        0.14,
        0.14,
    )
    expected = ["green", *["yellow"] * 5, "green", *["red"] * 5, *["yellow"] * 3, "green"]
    assert at_month_ends(readings) == expected


@pytest.mark.parametrize(
    ("p", "pt", "n", "band"),
    [
        (0.50, 0.0, 3, "red"),
        (0.0, 0.75, 3, "red"),
        (0.499999, 0.749999, 3, "yellow"),
        (0.99, 0.99, 2, "yellow"),
        (0.99, 0.99, 1, "green"),
        (0.25, 0.0, 2, "yellow"),
        (0.0, 0.50, 2, "yellow"),
        (0.249999, 0.499999, 9, "green"),
    ],
)
def test_a_limit_reached_needs_enough_items(p: float, pt: float, n: int, band: Band) -> None:
    assert next_state(BandState(), p, pt, n, False, FIRST_CONFIG).band == band


@pytest.mark.parametrize(
    ("band", "p", "pt", "calm"),
    [
        ("red", 0.299999, 0.499999, 1),
        ("red", 0.30, 0.0, 0),
        ("red", 0.0, 0.50, 0),
        ("yellow", 0.149999, 0.299999, 1),
        ("yellow", 0.15, 0.0, 0),
        ("yellow", 0.0, 0.30, 0),
    ],
)
def test_only_a_reading_under_both_leaving_limits_is_calm(band: Band, p: float, pt: float, calm: int) -> None:
    assert next_state(BandState(band), p, pt, 5, True, FIRST_CONFIG) == BandState(band, calm)


def test_a_calm_reading_between_month_ends_changes_nothing() -> None:
    waiting = BandState("red", 1)
    assert next_state(waiting, 0.1, 0.1, 5, False, FIRST_CONFIG) == waiting


def test_a_reading_between_month_ends_that_is_not_calm_breaks_the_row() -> None:
    assert next_state(BandState("red", 1), 0.35, 0, 5, False, FIRST_CONFIG) == BandState("red", 0)


def test_ten_red_readings_are_still_red_and_a_red_after_two_calm_ones_is_red_again() -> None:
    state, bands = BandState(), []
    for p in (*[0.9] * 10, 0.1, 0.1, 0.9):
        state = next_state(state, p, 0, 5, True, FIRST_CONFIG)
        bands.append(state.band)
    assert bands == [*["red"] * 11, "yellow", "red"]


CHANCES = st.floats(0, 1).map(lambda p: round(p, 6))
READINGS = st.lists(st.tuples(CHANCES, CHANCES, st.integers(0, 5), st.booleans()), max_size=40)


@given(READINGS)
def test_the_band_never_drops_two_steps_at_once(readings: list[tuple[float, float, int, bool]]) -> None:
    state = BandState()
    for p, pt, n, month_end in readings:
        after = next_state(state, p, pt, n, month_end, FIRST_CONFIG)
        drop = BANDS.index(state.band) - BANDS.index(after.band)
        assert drop <= 1
        assert month_end or drop <= 0
        state = after


@pytest.mark.parametrize(
    ("day", "decided", "band"),
    [
        ("2026-10-01", True, "red"),
        ("2026-10-01", False, "red"),
        ("2026-09-30", True, None),
        ("2026-09-30", False, "red"),
        ("2023-09-30", False, "red"),
        ("2027-01-01", False, None),
    ],
)
def test_an_events_floor_stands_two_months_and_until_decided(
    day: str, decided: bool, band: Band | None
) -> None:
    assert floor(unit(item(day=day, floor="red", decided=decided))).band == band


def test_a_serious_event_shows_a_unit_as_red_while_its_rate_is_green() -> None:
    abuse = unit(item("A-17", "2026-12-05", "4", floor="red"), segment="jourhem")
    scored = score(abuse)
    rate = next_state(BandState(), scored.p, scored.pt, scored.n, True, FIRST_CONFIG).band
    assert (rate, judge(abuse, rate).band) == ("green", "red")
    assert floor(abuse) == Floor("red", "event", ("A-17",))


def test_the_highest_event_floor_names_only_the_events_that_set_it() -> None:
    both = unit(item("A-1", floor="yellow"), item("A-2", floor="red"), item("A-3"))
    assert floor(both) == Floor("red", "event", ("A-2",))


@pytest.mark.parametrize(
    ("missing_back", "band"),
    [((), None), ((0,), None), ((0, 1), "yellow"), ((0, 1, 2), "red"), ((1, 2, 3), None)],
)
def test_silence_gives_a_floor_from_its_second_month(
    missing_back: tuple[int, ...], band: Band | None
) -> None:
    rows = [month(f"2026-{12 - back:02d}", 2, 2 if back in missing_back else 0) for back in range(5)]
    assert floor(unit(exposure=tuple(rows))).band == band


def test_a_unit_without_reports_for_three_months_is_red_by_silence() -> None:
    rows = (month("2026-09"), *(month(f"2026-{number}", 1, 1) for number in (10, 11, 12)))
    months = (Month(2026, 10), Month(2026, 11), Month(2026, 12))
    assert floor(unit(exposure=rows)) == Floor(
        "red", "silence", ("M-2026-10", "M-2026-11", "M-2026-12"), months
    )


def test_a_month_in_which_nothing_was_expected_neither_breaks_nor_lengthens_the_silence() -> None:
    rows = [month("2026-09", 1, 1), month("2026-10", 0), month("2026-11", 1, 1), month("2026-12", 0)]
    assert silent(rows) == (Month(2026, 9), Month(2026, 11))


def test_one_report_in_of_two_is_not_silence() -> None:
    assert silent([month("2026-11", 2, 1), month("2026-12", 2, 1)]) == ()


def test_an_event_decides_over_an_equal_silence_and_the_silence_is_still_told() -> None:
    rows = tuple(month(f"2026-{number}", 1, 1) for number in (10, 11, 12))
    both = floor(unit(item("A-1", floor="red"), exposure=rows))
    assert (both.reason, both.items, len(both.silent)) == ("event", ("A-1",), 3)


def test_a_silence_higher_than_the_event_decides() -> None:
    rows = tuple(month(f"2026-{number}", 1, 1) for number in (10, 11, 12))
    assert floor(unit(item("A-1", floor="yellow"), exposure=rows)).reason == "silence"


def test_a_silence_that_ended_a_year_ago_is_forgotten() -> None:
    rows = (month("2025-11", 1, 1), month("2025-12", 1, 1))
    assert floor(unit(exposure=rows)) == Floor()


@pytest.mark.parametrize("rate", BANDS)
@pytest.mark.parametrize("under", [None, *BANDS])
def test_the_shown_band_is_the_higher_of_rate_and_floor(rate: Band, under: Band | None) -> None:
    higher = max(rate, under or "green", key=BANDS.index)
    assert shown(rate, Floor(under)) == higher


@pytest.mark.parametrize("rate", BANDS)
@pytest.mark.parametrize("under", [None, *BANDS])
def test_a_floor_is_told_of_only_where_the_band_would_be_lower_without_it(
    rate: Band, under: Band | None
) -> None:
    below = Floor(under)
    told = Judgement(shown(rate, below), rate, below, Fraction(1), enough=True).raised_by
    assert (told is below) == (shown(rate, below) != rate)


@pytest.mark.parametrize(
    ("rows", "share", "enough"),
    [
        ((), None, False),
        ((month("2026-12", 0),), None, False),
        ((month("2026-12", 10, 3),), Fraction(7, 10), True),
        ((month("2026-12", 100, 31),), Fraction(69, 100), False),
        ((month("2025-12", 5, 5), month("2026-01", 5), month("2027-01", 5, 5)), Fraction(1), True),
    ],
)
def test_a_unit_with_too_few_reports_is_never_plain_green(
    rows: tuple[Exposure, ...], share: Fraction | None, enough: bool
) -> None:
    inputs = unit(exposure=rows)
    assert completeness(rows, inputs.as_of, FIRST_CONFIG) == share
    assert judge(inputs, "green").enough is enough
