"""What is no child's and may go by the municipality's plan: classes, each with its own term and source (F12)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from followup.times.spans import months_after


class RetentionClass(StrEnum):
    """The values are how they are stored, and how the plan names them."""

    UNIT_SIGNALS = "unit_signals"  # About a unit and no child, decided.
    UNIT_EVENTS = "unit_events"  # What is known of a unit: inspections, decisions of IVO.
    FOLLOW_UPS = "follow_ups"  # Ended, with their actions and what the board decided.
    MESSAGES = "messages"  # As they were sent, or not.
    LEAVES = "leaves"  # Of employees.
    LOG_REASONS = "log_reasons"  # What readers wrote in the access log; the entries stay.


# A year's report and a score look back two years, a selection five, and the log is to be checked for as long.
SHORTEST = {
    RetentionClass.UNIT_SIGNALS: 36,
    RetentionClass.UNIT_EVENTS: 36,
    RetentionClass.FOLLOW_UPS: 72,
    RetentionClass.MESSAGES: 24,
    RetentionClass.LEAVES: 24,
    RetentionClass.LOG_REASONS: 60,
}


# A hundred years: what is longer is written wrong, or is never.
LONGEST_TERM = 1200
LONGEST_SOURCE = 300


@dataclass(frozen=True)
class ClassTerm:
    """So many months after its last word a thing of the class may go; `source` is where the plan says so."""

    name: RetentionClass
    months: int
    source: str

    def before(self, today: date) -> date:
        """What had its last word before that day may go."""
        return months_after(today, -self.months)

    @property
    def is_possible(self) -> bool:
        is_term = SHORTEST[self.name] <= self.months <= LONGEST_TERM
        return is_term and bool(self.source.strip()) and len(self.source) <= LONGEST_SOURCE
