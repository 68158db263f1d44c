"""A unit's score as it was stored, with the inputs that gave it."""

from dataclasses import dataclass
from datetime import date

from followup import UnitId, at_once
from followup.risk.bands import Band, BandState

# The scores of an earlier method are kept as history; none of them is read as what a unit's level was.
METHOD_NAME = "risk-2"


@at_once
@dataclass(frozen=True)
class StoredScore:
    """`red_since` is the as-of day of the reading that made the rate band red; it names the episode."""

    id: int
    unit_id: UnitId
    as_of: date
    month_end: bool
    r: float
    p: float
    pt: float
    n: int
    index: int
    rate_band: Band
    calm: int
    red_since: date | None
    floor: Band | None
    shown: Band
    enough: bool
    inputs: str
    inputs_sha256: str
    method: str = METHOD_NAME

    @property
    def state(self) -> BandState:
        return BandState(self.rate_band, self.calm)


@dataclass(frozen=True)
class Measured:
    """A month end's index, and what was expected of the unit then: E and ET."""

    index: int
    e: float
    et: float
