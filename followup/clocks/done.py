"""What was said of a meeting, or of a day on which a clock was done."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class ClockDone:
    """One version of it; `seen_at` is when a manager saw that version."""

    id: int
    placement_id: int
    case_reference: str
    clock: str
    number: int
    version: int
    done_on: date
    body: str | None
    withdrawn: bool
    author_id: int
    recorded_at: datetime
    seen_at: datetime | None
