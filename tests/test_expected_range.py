"""What chance alone gives: the range holds nine of ten units of a normal level, counted by throwing dice as well."""

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaincc

from followup.risk.expected_range import expected_range
from followup.risk.risk_config import FIRST_CONFIG


def thrown(
    e: float, et: float, times: int = 100_000
) -> "numpy.ndarray[tuple[int], numpy.dtype[numpy.float64]]":
    """Indexes of units of a normal level, with the documents' formula written out anew."""
    dice = numpy.random.default_rng(2026)
    recent = 1.5 * dice.poisson(et / 1.5, times)
    whole = recent + 1.5 * dice.poisson((e - et) / 1.5, times)
    p = gammaincc((3 + whole) / 1.5, 2 * (3 + e) / 1.5)
    pt = gammaincc((3 + recent) / 1.5, 2 * (3 + et) / 1.5)
    found: numpy.ndarray[tuple[int], numpy.dtype[numpy.float64]] = numpy.floor(
        100 * numpy.maximum(p / 0.5, pt / 0.75) + 0.5
    )
    return found


@pytest.mark.parametrize(
    ("e", "et"), [(1.53, 0.51), (2.61, 0.87), (7.83, 2.61), (26.1, 8.7), (0.4, 0.4), (9, 0)]
)
def test_nine_of_ten_units_of_a_normal_level_lie_within_it(e: float, et: float) -> None:
    low, high = expected_range(e, et, FIRST_CONFIG)
    indexes = thrown(e, et)
    assert (indexes <= high).mean() >= 0.949
    assert (indexes < high).mean() <= 0.951
    assert (indexes <= low).mean() >= 0.049
    assert (indexes < low).mean() <= 0.051


def test_where_nothing_is_expected_there_is_one_index() -> None:
    low, high = expected_range(0, 0, FIRST_CONFIG)
    # Q(2, 4) = 5 · e^-4 = 0.0916, of the limit 0.50.
    assert low == high == 18


@settings(deadline=None, max_examples=30)
@given(st.floats(0, 300), st.floats(0, 1))
def test_the_low_end_is_never_above_the_high_one(e: float, share: float) -> None:
    low, high = expected_range(e, e * share, FIRST_CONFIG)
    assert 0 <= low <= high <= 200
