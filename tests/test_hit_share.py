"""Whether the selection finds anything: shares by track and by band, and none where there are too few."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.follow_ups.follow_up import VERDICTS
from followup.follow_ups.hit_share import (
    FEWEST,
    TRACKS,
    FollowUpOutcome,
    HitShare,
    by_track,
    verdicts_by_band,
)


def outcomes(track: str, *verdicts: str, band: str | None = "green") -> list[FollowUpOutcome]:
    return [FollowUpOutcome((track,), band, verdict) for verdict in verdicts]


@pytest.mark.parametrize(
    ("verdicts", "expected", "share"),
    [
        ([], HitShare(0, 0), None),
        (["not"] * 4, HitShare(4, 4), None),
        (["meets", "partly", "not", "meets", "meets"], HitShare(5, 2), Fraction(2, 5)),
        (["meets"] * 6, HitShare(6, 0), Fraction(0)),
    ],
)
def test_a_share_needs_five_follow_ups(
    verdicts: list[str], expected: HitShare, share: Fraction | None
) -> None:
    found = by_track(outcomes("risk", *verdicts))["risk"]
    assert (found, found.share, found.few) == (expected, share, share is None)


def test_every_track_is_named_and_a_unit_counts_in_each_that_chose_it() -> None:
    found = by_track([FollowUpOutcome(("risk", "criteria"), "red", "not"), FollowUpOutcome((), "red", "not")])
    assert found == {"risk": HitShare(1, 1), "random": HitShare(0, 0), "criteria": HitShare(1, 1)}


def test_bands_are_set_against_verdicts() -> None:
    rows = [
        *outcomes("risk", "not", "not", "partly", "meets", "not", band="red"),
        *outcomes("random", "meets", "partly"),
        *outcomes("risk", "not", band=None),
    ]
    assert verdicts_by_band(rows) == {
        "red": {"meets": 1, "partly": 1, "not": 3},
        "green": {"meets": 1, "partly": 1, "not": 0},
    }


rows = st.builds(
    FollowUpOutcome,
    st.frozensets(st.sampled_from(TRACKS)),
    st.sampled_from(["red", "yellow", "green"]),
    st.sampled_from(VERDICTS),
)


@given(st.lists(rows))
def test_nothing_is_lost_or_counted_twice(found: list[FollowUpOutcome]) -> None:
    assert sum(sum(row.values()) for row in verdicts_by_band(found).values()) == len(found)
    for one in by_track(found).values():
        assert (one.share is None) == (one.followed_up < FEWEST)
        assert one.share is None or 0 <= one.share <= 1
