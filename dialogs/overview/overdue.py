"""A manager's own teams: whose contacts and plans are overdue, as counts."""

from collections.abc import Sequence

from dialogs.card import Card, ListRow, Part, Text
from dialogs.forms.overdue_words import overdue_sentences
from dialogs.forms.verbs import Command, Verb
from dialogs.turn import Reply, Turn
from followup.log.subject import What
from followup.people import Conversation
from followup.times.contact_days import ContactDays
from services.views.contacts import OverdueCare, of_own_teams
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


def missed_visits(turn: Turn) -> Reply:
    """By itself, where somebody asks which children have had no visit: how many, and no child."""
    say = turn.say
    turn.log("read", What.UNANSWERED.of("contacts"))
    rows = overdue_of_teams(of_own_teams(turn.acting), turn.municipality.contact_days, say)
    return Reply(card=Card(say("overdue.title"), tuple(rows)))


OFFERED = (
    Command(
        "missed_visits", Conversation.UNANSWERED, ("besök", "besok", "visits"), missed_visits, listed=False
    ),
    Verb("missed_visits", Conversation.UNANSWERED, missed_visits),
)
