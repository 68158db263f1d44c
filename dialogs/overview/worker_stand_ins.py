"""Who stands in for a worker, as her manager asks it: by leave, and for how many placements."""

from collections.abc import Sequence
from functools import partial

from dialogs.card import Card, Text
from dialogs.forms.stand_in_parts import leave_parts, register_parts
from dialogs.forms.verbs import Command
from dialogs.overview.unanswered import unanswered_reply
from dialogs.turn import Reply, Turn
from followup.people import Conversation, Person
from followup.questions.words import words_of
from services.views.stand_ins import log_shown, stand_ins_of, workers_named

# What may be typed between the word and the name.
_OF = frozenset({"for", "till", "to", "of", "at"})


def of_worker(turn: Turn) -> Reply:
    """`ersättare Bilal`: for the one who is named after the word."""
    return of_named(turn, " ".join(word for word in words_of(turn.said.rest) if word not in _OF))


def of_named(turn: Turn, about: str) -> Reply:
    """Of whom a sentence asks."""
    fits = partial(_is_called, words_of(about))
    found = workers_named(turn.acting, fits)
    if len(found) != 1:
        said = turn.say("stand_ins.which" if found else "stand_ins.whom")
        return unanswered_reply(turn, Text(said, "warning"))
    return _of_one(turn, found[0])


def _is_called(wanted: Sequence[str], one: Person) -> bool:
    return [*wanted] in (words_of(one.name), words_of(one.name)[:1])


def _of_one(turn: Turn, who: Person) -> Reply:
    """Of placements how many, since whoever leads need not know which children they are."""
    say, found = turn.say, stand_ins_of(turn.acting, who)
    log_shown(turn.acting, who)
    title = say("stand_ins.of", name=who.name)
    parts = (
        Text(title, "title"),
        *leave_parts(found, say),
        *register_parts(found, [], say, say("stand_ins.about", name=who.name)),
    )
    return Reply(card=Card(title, parts))


OFFERED = (
    Command(
        "stand_ins_of",
        Conversation.UNANSWERED,
        ("ersättare", "substitute"),
        of_worker,
        takes_words=True,
        listed=False,
    ),
)
