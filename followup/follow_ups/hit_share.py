"""Does the selection find anything: the share of follow-ups with faults by track, and of bands against verdicts."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from followup.follow_ups.follow_up import VERDICTS

TRACKS = ("risk", "random", "criteria")
HITS = frozenset({"partly", "not"})
# A share of fewer follow-ups says more about the one unit than about the way it was chosen.
FEWEST = 5


@dataclass(frozen=True)
class FollowUpOutcome:
    """A closed follow-up: the tracks that chose the unit, its band when the frame was frozen, and the verdict."""

    tracks: Collection[str]
    band: str | None
    verdict: str


@dataclass(frozen=True)
class HitShare:
    """`share` is None where there are too few follow-ups for a rate; then only `fåtal` is said beside the counts."""

    followed_up: int
    hits: int

    @property
    def few(self) -> bool:
        return self.followed_up < FEWEST

    @property
    def share(self) -> Fraction | None:
        return None if self.few else Fraction(self.hits, self.followed_up)


def by_track(outcomes: Iterable[FollowUpOutcome]) -> dict[str, HitShare]:
    """A unit that several tracks chose counts in each."""
    rows = list(outcomes)
    return {track: _share([row for row in rows if track in row.tracks]) for track in TRACKS}


def verdicts_by_band(outcomes: Iterable[FollowUpOutcome]) -> Mapping[str, Mapping[str, int]]:
    """How many of each verdict in each band, every verdict named."""
    counted = Counter((row.band, row.verdict) for row in outcomes if row.band is not None)
    bands = dict.fromkeys(band for band, _ in counted)
    return {band: {verdict: counted[band, verdict] for verdict in VERDICTS} for band in bands}


def _share(rows: Collection[FollowUpOutcome]) -> HitShare:
    return HitShare(len(rows), sum(row.verdict in HITS for row in rows))
