"""A manager's own teams: whose contacts and plans are overdue, as counts."""

from collections.abc import Sequence

from dialogs.card import ListRow, Part, Text
from dialogs.forms.overdue_words import overdue_sentences
from followup.times.contact_days import ContactDays
from services.views.contacts import OverdueCare
from texts.catalogue import Texts


def overdue_of_teams(teams: Sequence[OverdueCare], limits: ContactDays, say: Texts) -> list[Part]:
    """A row a team with what is overdue there; a sentence where nothing is, and nothing for who has no teams."""
    if not teams:
        return []
    late = [one for one in teams if not one.nothing]
    rows = [
        ListRow(one.team or say("overdue.no_team"), " ".join(overdue_sentences(one, limits, say)))
        for one in late
    ]
    none = [Text(say("overdue.none", n=sum(one.placements for one in teams)), "good")]
    return [Text(say("overdue.title"), "heading"), Text(say("overdue.about"), "subtle"), *(rows or none)]
