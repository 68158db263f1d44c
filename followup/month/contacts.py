"""What is known last of a placement's contacts and plans, and what of it is overdue (law-and-facts F5, F8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from followup import PlacementId
from followup.times.contact_days import CONTACTS, ContactDays


@dataclass(frozen=True)
class Care:
    """Of one placement: the newest day of each contact that there has been, and when its plans are to be reviewed."""

    placement_id: PlacementId
    starts: date
    contacts: Mapping[str, date]
    reviews: Mapping[str, date]


def overdue_contacts(care: Care, limits: ContactDays, today: date) -> list[str]:
    """A contact before the placement began is none of it: its days are counted from the placement's first."""
    return [
        contact
        for contact in CONTACTS
        if max(care.contacts.get(contact, care.starts), care.starts)
        < limits.first_that_counts(contact, today)
    ]


def overdue_reviews(care: Care, today: date) -> list[str]:
    """The plans whose day of review has passed."""
    return [plan for plan, day in care.reviews.items() if day < today]
