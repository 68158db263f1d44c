"""What is overdue of contacts and plans, in words: how many, of how many placements, and by which days."""

from followup.times.contact_days import CONTACTS, ContactDays
from services.views.contacts import OverdueCare
from texts.catalogue import Texts


def overdue_sentences(found: OverdueCare, limits: ContactDays, say: Texts) -> list[str]:
    """One for each contact that is overdue somewhere, and one for the plans; none where nothing is."""
    late = [
        say(f"overdue.{contact}", n=found.contacts[contact], all=found.placements, days=limits.days[contact])
        for contact in CONTACTS
        if found.contacts.get(contact)
    ]
    return late + ([say("overdue.reviews", n=found.reviews, all=found.placements)] if found.reviews else [])
