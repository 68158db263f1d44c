"""Does the method find anything: intervals and agreement by known examples, and no conclusion of too few."""

import json
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.clock import ManualClock
from bot.commands import command_line
from followup.figures import backtest
from followup.figures.figure import Figure
from followup.figures.year_facts import AlertsAndFollowUps, FollowedUp, YearAlert
from followup.follow_ups.agreement import weighted_kappa, wilson
from followup.wording.wording import Wording
from tests.support.builders import at

RISK, RANDOM = frozenset({"risk"}), frozenset({"random"})


def followed_up(
    number: int, band: str | None, verdict: str, tracks: frozenset[str] = RISK
) -> list[FollowedUp]:
    return [FollowedUp(tracks, band, verdict)] * number


@pytest.mark.parametrize(
    ("hits", "number", "expected"),
    [
        # Newcombe (1998), table I, method 3.
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_an_interval_is_the_one_of_the_published_examples(
    hits: int, number: int, expected: tuple[float, float]
) -> None:
    assert wilson(hits, number) == pytest.approx(expected, abs=5e-5)


def test_of_nothing_there_is_no_interval_and_of_all_it_ends_at_the_whole() -> None:
    assert wilson(0, 0) is None
    interval = wilson(20, 20)
    assert interval is not None
    assert interval[1] == 1.0


@given(st.integers(1, 300).flatmap(lambda number: st.tuples(st.integers(0, number), st.just(number))))
def test_the_share_lies_in_its_interval_and_the_other_share_in_the_mirrored_one(
    case: tuple[int, int],
) -> None:
    hits, number = case
    low, high = wilson(hits, number) or (0, 0)
    assert 0 <= low <= hits / number + 1e-12 and hits / number - 1e-12 <= high <= 1
    assert wilson(number - hits, number) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(0, 0), (1, 1), (2, 2)], Fraction(1)),
        ([(0, 2), (2, 0)], Fraction(-1)),
        ([(0, 0), (0, 1), (1, 0), (1, 1)], Fraction(0)),
        ([(0, 0), (0, 1), (1, 1), (2, 2)], Fraction(5, 7)),
        ([(1, 1)] * 4, None),
        ([], None),
    ],
)
def test_agreement_is_counted_in_steps_beyond_chance(
    pairs: Sequence[tuple[int, int]], expected: Fraction | None
) -> None:
    assert weighted_kappa(pairs, 3) == expected


def test_below_twenty_follow_ups_nothing_is_concluded_and_no_agreement_is_shown() -> None:
    nineteen = (*followed_up(10, "green", "meets"), *followed_up(9, "red", "not"))
    few = AlertsAndFollowUps(nineteen)
    assert not backtest.can_conclude(few)
    assert isinstance(backtest.agreement(few).cell("all", "kappa"), Wording)
    enough = AlertsAndFollowUps((*nineteen, *followed_up(1, "yellow", "partly")))
    assert backtest.can_conclude(enough)
    assert backtest.agreement(enough).figure("all", "kappa").value == 1


@pytest.mark.parametrize("band", ["insufficient", None])
def test_what_has_no_band_to_compare_makes_no_conclusion_possible(band: str | None) -> None:
    assert not backtest.can_conclude(AlertsAndFollowUps(tuple(followed_up(40, band, "not"))))


def test_bands_and_tracks_are_told_with_their_share_and_interval() -> None:
    history = AlertsAndFollowUps(
        (
            *followed_up(6, "red", "not"),
            *followed_up(2, "red", "meets"),
            *followed_up(3, "green", "partly", RANDOM | RISK),
        )
    )
    bands, tracks = backtest.by_band(history), backtest.by_track(history)
    assert [row.key for row in bands.rows] == ["red", "green"]
    assert (bands.figure("red", "with_faults").value, bands.figure("red", "with_faults").of) == (6, 8)
    assert (bands.figure("red", "low").percent, bands.figure("red", "high").percent) == (41, 93)
    assert [bands.figure("red", verdict).value for verdict in ("meets", "partly", "not")] == [2, 0, 6]
    assert {row.key: tracks.figure(row.key, "tested").value for row in tracks.rows} == {
        "risk": 11,
        "random": 3,
    }


def test_alerts_are_told_by_year_and_by_how_many_share_them_with_nobody_named() -> None:
    history = AlertsAndFollowUps(
        alerted=(
            YearAlert(2026, True),
            YearAlert(2026, False),
            YearAlert(2026, False),
            YearAlert(2025, False),
        ),
        workers={2026: 2},
    )
    table = backtest.alerts(history)
    assert [row.key for row in table.rows] == ["2025", "2026"]
    assert str(table.figure("2026", "per_worker").value) == "1.50"
    assert (table.figure("2026", "led").value, table.figure("2026", "led").of) == (1, 3)
    assert not isinstance(table.cell("2025", "per_worker"), Figure)


@pytest.mark.usefixtures("var")
def test_the_command_says_that_of_nothing_nothing_can_be_concluded() -> None:
    cli = command_line(ManualClock(at("2026-11-20 12:00")))
    shown = CliRunner().invoke(cli, ["risk", "--backtest"])
    assert (shown.exit_code, "färre än 20 uppföljningar" in shown.stdout) == (0, True)
    told = json.loads(CliRunner().invoke(cli, ["risk", "--backtest", "--json"]).stdout)
    assert told["can_conclude"] is False
    assert told["tested_agreement"] == {}
    assert told["tested_bands"] == {}
