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
    raised_to,
)
from followup.risk.inputs import Exposure
from followup.risk.risk import Level, score
from followup.risk.risk_config import FIRST_CONFIG
from followup.times.month import Month, months_between
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
        state = next_state(state, Level(p, 0, 5, 5), True, FIRST_CONFIG)
        bands.append(state.band)
    return bands


def test_the_documented_year_of_an_hvb_goes_from_green_over_yellow_to_red() -> None:
    state, seen, bands = BandState(), [], []
    for as_of in ("2026-10-31", "2026-11-30", "2026-12-31"):
        scored = score(unit(*HVB.items, segment="hvb", exposure=HVB.exposure, as_of=as_of))
        state = next_state(state, scored.level, True, FIRST_CONFIG)
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
    assert next_state(BandState(), Level(p, pt, n, n), False, FIRST_CONFIG).band == band


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
    assert next_state(BandState(band), Level(p, pt, 5, 5), True, FIRST_CONFIG) == BandState(band, calm)


def test_a_calm_reading_between_month_ends_changes_nothing() -> None:
    waiting = BandState("red", 1)
    assert next_state(waiting, Level(0.1, 0.1, 5, 5), False, FIRST_CONFIG) == waiting


END, BETWEEN = True, False


@pytest.mark.parametrize(
    ("readings", "bands"),
    [
        (
            [(0.26, END), (0.14, END), (0.20, BETWEEN), (0.14, END)],
            ["yellow", "yellow", "yellow", "green"],
        ),
        (
            [(0.55, END), (0.29, END), (0.52, BETWEEN), (0.29, END), (0.29, END)],
            ["red", "red", "red", "yellow", "yellow"],
        ),
    ],
)
def test_a_reading_between_month_ends_neither_lowers_a_band_nor_breaks_a_row(
    readings: list[tuple[float, bool]], bands: list[Band]
) -> None:
    state, seen = BandState(), []
    for p, month_end in readings:
        state = next_state(state, Level(p, 0, 5, 5), month_end, FIRST_CONFIG)
        seen.append(state.band)
    assert seen == bands


@pytest.mark.parametrize(("beside", "band"), [(0, "yellow"), (1, "red")])
def test_the_providers_own_reports_alone_make_yellow_at_most(beside: int, band: Band) -> None:
    assert next_state(BandState(), Level(0.9, 0.9, 6, beside), True, FIRST_CONFIG).band == band


def test_ten_red_readings_are_still_red_and_a_red_after_two_calm_ones_is_red_again() -> None:
    state, bands = BandState(), []
    for p in (*[0.9] * 10, 0.1, 0.1, 0.9):
        state = next_state(state, Level(p, 0, 5, 5), True, FIRST_CONFIG)
        bands.append(state.band)
    assert bands == [*["red"] * 11, "yellow", "red"]


CHANCES = st.floats(0, 1).map(lambda p: round(p, 6))
READINGS = st.lists(st.tuples(CHANCES, CHANCES, st.integers(0, 5), st.booleans()), max_size=40)


@given(READINGS)
def test_the_band_never_drops_two_steps_at_once(readings: list[tuple[float, float, int, bool]]) -> None:
    state = BandState()
    for p, pt, n, month_end in readings:
        after = next_state(state, Level(p, pt, n, n), month_end, FIRST_CONFIG)
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
    rate = next_state(BandState(), scored.level, True, FIRST_CONFIG).band
    assert (rate, judge(abuse, rate).band) == ("green", "red")
    assert floor(abuse) == Floor("red", "event", ("A-17",))


def test_the_highest_event_floor_names_only_the_events_that_set_it() -> None:
    both = unit(item("A-1", floor="yellow"), item("A-2", floor="red"), item("A-3"))
    assert floor(both) == Floor("red", "event", ("A-2",))


def test_months_without_a_single_report_set_no_floor() -> None:
    rows = tuple(month(f"2026-{number}", 1, 1) for number in (10, 11, 12))
    assert floor(unit(exposure=rows)) == Floor()


def test_a_safety_notice_shows_yellow_until_it_is_recorded() -> None:
    assert floor(unit(notices=("B-4", "B-7"))) == Floor("yellow", "safety", ("B-4", "B-7"))


@pytest.mark.parametrize("band", ["yellow", "red"])
def test_an_event_decides_over_a_safety_notice(band: Band) -> None:
    event = item("A-1", floor=band)  # type: ignore[arg-type]
    assert floor(unit(event, notices=("B-4",))).reason == "event"


@pytest.mark.parametrize("rate", BANDS)
@pytest.mark.parametrize("under", [None, *BANDS])
def test_the_shown_band_is_the_higher_of_rate_and_floor(rate: Band, under: Band | None) -> None:
    higher = max(rate, under or "green", key=BANDS.index)
    assert raised_to(rate, Floor(under)) == higher


@pytest.mark.parametrize("rate", BANDS)
@pytest.mark.parametrize("under", [None, *BANDS])
def test_a_floor_is_told_of_only_where_the_band_would_be_lower_without_it(
    rate: Band, under: Band | None
) -> None:
    below = Floor(under)
    told = Judgement(raised_to(rate, below), rate, below, Fraction(1), enough=True, months=None).raised_by
    assert (told is below) == (raised_to(rate, below) != rate)


@pytest.mark.parametrize(
    ("rows", "share", "enough"),
    [
        ((), None, False),
        ((month("2026-12", 0),), None, False),
        ((month("2026-12", 10, 3),), Fraction(7, 10), True),
        ((month("2026-12", 100, 31),), Fraction(69, 100), False),
        ((month("2025-12", 5, 5), month("2026-01", 5), month("2027-01", 5, 5)), Fraction(1), True),
        ((month("2026-06", 9), month("2026-10", 1, 1), month("2026-11", 1, 1)), Fraction(9, 11), False),
        ((month("2026-06", 9), month("2026-10", 0), month("2026-11", 1, 1)), Fraction(9, 10), True),
    ],
)
def test_a_unit_with_too_few_reports_is_never_plain_green(
    rows: tuple[Exposure, ...], share: Fraction | None, enough: bool
) -> None:
    inputs = unit(exposure=rows)
    assert judge(inputs, "green").completeness == share
    assert judge(inputs, "green").enough is enough


def test_what_was_expected_before_measuring_began_is_no_share() -> None:
    rows = (month("2026-06", 5, 5), month("2026-07", 5))
    assert completeness(rows) == Fraction(1, 2)
    assert judge(unit(exposure=rows, coverage="2026-07"), "green").completeness == 1


def test_twelve_perfect_months_and_then_nobody_answering_change_no_band() -> None:
    """Nothing happens at the unit, and for more than a year nobody tells of it either."""
    months = months_between(Month(2025, 1), Month(2027, 2))
    rows = tuple(month(str(at), 3, 0 if at.year == 2025 else 3, 3) for at in months)
    for before in BANDS:
        state = BandState(before)
        for at in months[12:]:
            inputs = unit(exposure=rows, as_of=str(at.last), segment="hvb")
            state = next_state(state, score(inputs).level, True, FIRST_CONFIG)
            assert judge(inputs, state.band).floor == Floor()
            assert BANDS.index(state.band) <= BANDS.index(before)
    assert state.band == "green"
    assert judge(inputs, "green").enough is False
