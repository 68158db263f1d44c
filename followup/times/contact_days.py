"""How long it may be between two contacts about a placed child, by the municipality's own routine.

The law asks for regular visits and private talks and sets no days (law-and-facts F5); the days are the municipality's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

# By the monthly report's questions: visit, private talk, talk with the home, talk with the guardian.
CONTACTS = ("visit_on", "private_talk_on", "carer_talk_on", "guardian_talk_on")
USUAL_DAYS = (90, 90, 90, 180)


def _usual() -> Mapping[str, int]:
    return dict(zip(CONTACTS, USUAL_DAYS, strict=True))


@dataclass(frozen=True)
class ContactDays:
    """At most so many days between two contacts, by the report's question about them."""

    days: Mapping[str, int] = field(default_factory=_usual)

    def first_that_counts(self, contact: str, today: date) -> date:
        """A contact before this day is overdue today."""
        return today - timedelta(days=self.days[contact])

    @property
    def longest(self) -> int:
        return max(self.days.values())
