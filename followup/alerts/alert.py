"""An alert as it stands, and the decision on IVO that a serious one must have."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from followup import AlertId, PersonId, SignalId, TaskId, UnitId
from followup.risk.bands import AlertKind
from followup.risk.stored_score import METHOD_NAME
from followup.times.calendar import add_working_days, end_of_day, last_before, municipal_day

WORKING_DAYS_TO_TAKE = 2
# L-2 as people write it.
NUMBER = re.compile(r"(?:#|l[-‐‑–−]?\s?)([0-9]{1,9})[.!?]?", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Alert:
    """An open one whose owner no longer handles alerts has no owner, and waits for somebody to take it again.

    `method` is the one by which the score was made that raised it, and `import_id` the import with whose other alerts
    it is said, where history that was read in gave rise to it.
    """

    id: AlertId
    unit_id: UnitId
    kind: AlertKind
    episode: str
    score_id: int
    signal_id: SignalId | None
    task_id: TaskId | None
    import_id: int | None
    band_before: str
    band_after: str
    raised_at: datetime
    owner_id: PersonId | None
    taken_at: datetime | None
    closed_by: PersonId | None
    closed_at: datetime | None
    close_reason: str | None
    method: str

    @property
    def earlier_method(self) -> str | None:
        """The method whose score raised it, where that is no longer in the code and cannot be worked out again."""
        return None if self.method == METHOD_NAME else self.method

    @property
    def number(self) -> str:
        return f"L-{self.id}"

    def in_hand(self, handlers: Collection[PersonId]) -> "Alert":
        """As it is handled: an open one whose owner is no longer among those who handle alerts waits again."""
        if self.owner_id is None or self.closed_at is not None or self.owner_id in handlers:
            return self
        return replace(self, owner_id=None, taken_at=None)

    def is_overdue(self, now: datetime) -> bool:
        """Nobody took it within the working days that follow the day it came."""
        last_day = last_day_to_take(municipal_day(self.raised_at))
        return self.taken_at is None and now > end_of_day(last_day)


def overdue_since(today: date) -> date:
    """What was raised that day or before and nobody has taken today is overdue."""
    return last_before(today, WORKING_DAYS_TO_TAKE)


def last_day_to_take(raised: date) -> date:
    return add_working_days(raised, WORKING_DAYS_TO_TAKE)


@dataclass(frozen=True)
class AlertDecision:
    """`decided_by` is the one who decided, who need not be the one who recorded it."""

    notified: bool
    reason: str
    decided_on: date
    decided_by: str
    recorded_by: PersonId
    recorded_at: datetime


def id_in(number: str) -> AlertId | None:
    """None for what is no number of an alert."""
    found = NUMBER.fullmatch(number.strip())
    return AlertId(int(found[1])) if found else None
