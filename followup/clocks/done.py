"""What was said of a meeting, or of a day on which a clock was done."""

from dataclasses import dataclass
from datetime import date, datetime

from followup import PersonId, PlacementId


@dataclass(frozen=True)
class ClockDone:
    """One version of it; `seen_at` is when a manager saw that version."""

    id: int
    placement_id: PlacementId
    case_reference: str
    clock: str
    number: int
    version: int
    done_on: date
    body: str | None
    withdrawn: bool
    author_id: PersonId
    recorded_at: datetime
    seen_at: datetime | None
