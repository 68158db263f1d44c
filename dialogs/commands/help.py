"""What the bot can do for each role, always answered, and the nearest commands when a word was not understood."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from rapidfuzz import fuzz, utils

from dialogs.card import Button, Card, ListRow, Part, Text
from dialogs.commands.places import refusal_here
from dialogs.forms.verbs import Command, Verb
from dialogs.turn import Reply, Turn
from followup.people import Conversation
from followup.questions.grammar import Intent
from followup.questions.reading import Reading
from services.views.waiting_now import waiting_now
from texts.catalogue import Texts

MOST_WORDS, NEAREST = 10, 3
# Who has nothing left can be reminded of nothing.
_ONLY_WITH = {"snooze_form": "my_tasks"}
# A word that is no question is nothing to propose.
NO_QUESTIONS = frozenset({"help", "thanks", "compare"})


def help_card(turn: Turn, commands: Sequence[Command]) -> Reply:
    """What waits comes first with how many; what can be done of nothing now is left out."""
    say, waits = turn.say, _waits(turn)
    own = [
        one for one in _own(turn, commands) if one.name not in _ONLY_WITH or waits.get(_ONLY_WITH[one.name])
    ]
    first = [one for one in own if waits.get(one.name)]
    now: list[Part] = [_row(turn, one, say(f"help.now.{one.name}", n=waits[one.name])) for one in first]
    parts: tuple[Part, ...] = (
        Text(say("help.title", name=turn.person.name.split()[0]), "title"),
        Text(say(f"help.role.{turn.person.role}")),
        *_under(now, say),
        *(_row(turn, one) for one in own if one not in first),
        *([Text(say("help.fewer"), "subtle")] if waits.get("my_tasks") else []),
    )
    return Reply(card=Card(say("help.summary"), parts))


def _under(now: Sequence[Part], say: Texts) -> list[Part]:
    return [Text(say("help.now"), "heading"), *now, Text(say("help.also"), "heading")] if now else []


def _waits(turn: Turn) -> dict[str, int]:
    """By the command that shows it, where there is any."""
    found = waiting_now(turn.acting)
    return {"my_tasks": found.reports or 0, "alerts": found.alerts or 0}


def _own(turn: Turn, commands: Sequence[Command]) -> list[Command]:
    """The person's commands; in a channel only those that are answered there."""
    return [one for one in _answered(turn, commands) if one.listed]


def _answered(turn: Turn, commands: Sequence[Command]) -> list[Command]:
    own = [one for one in commands if turn.acting.may(one.conversation)]
    return [one for one in own if not refusal_here(turn.tx, turn.said, one.conversation)]


def _row(turn: Turn, command: Command, note: str = "") -> ListRow:
    say = turn.say
    button = None if command.takes_words else Button(say("help.do"), command.name)
    return ListRow(
        say(f"command.{command.name}"), say(f"command.{command.name}.does"), button=button, note=note
    )


def not_understood(
    turn: Turn,
    commands: Sequence[Command],
    near: Sequence[tuple[Intent, str]] = (),
    reading: Reading | None = None,
    time: str = "",
) -> Reply:
    """The three questions nearest to what was typed: those in `near`, by what it means, before commands by its letters.

    With `reading`, what was asked is understood, and said to have no answer here; `time` says why its days have none.
    """
    own = _own(turn, commands)
    if not own:
        return help_card(turn, commands)
    typed = turn.said.text.split()[:MOST_WORDS]
    answered = {one.name: one for one in _answered(turn, commands)}
    # Of each command the question that is nearest.
    meant: dict[str, Intent] = {}
    for intent, name in near:
        if name in answered and name not in NO_QUESTIONS:
            meant.setdefault(name, intent)
    alike = sorted((one for one in own if one.name not in meant), key=lambda one: -_likeness(typed, one))
    said = time or turn.say("help.not_understood")
    if reading is not None:
        said = turn.say("help.not_here", asked=turn.say(f"help.asked.{reading.intent}"))
    rows = [_question(turn, intent, answered[name]) for name, intent in meant.items()]
    return Reply(card=_suggestions(turn, said, [*rows, *(_row(turn, one) for one in alike)][:NEAREST]))


def _question(turn: Turn, intent: Intent, command: Command) -> ListRow:
    """The command that answers it, what it does, and the question as it may be typed."""
    asked = turn.say("help.question", asked=turn.say(f"question.example.{intent}"))
    row = _row(turn, command)
    return replace(row, subtitle=f"{row.subtitle} {asked}")


def _likeness(typed: Sequence[str], command: Command) -> float:
    """How like any of the command's words any of what was typed is: `visa larmen` is like `larm`."""
    pairs = ((one, word) for one in typed for word in command.words)
    return max((fuzz.ratio(one, word, processor=utils.default_process) for one, word in pairs), default=0)


def _suggestions(turn: Turn, said: str, near: Sequence[ListRow]) -> Card:
    say = turn.say
    return Card(
        say("help.summary"),
        (
            Text(said, "title"),
            *near,
            Text(say("help.always"), "subtle"),
        ),
    )


def led_on(card: Card, say: Texts) -> Card:
    """The card and, where nothing on it can be pressed, what can be typed then: no card is the end of the way."""
    always = Text(say("help.always"), "subtle")
    pressed = card.buttons or any(isinstance(one, ListRow) and one.button for one in card.parts)
    return card if pressed or always in card.parts else replace(card, parts=(*card.parts, always))


def thanks(turn: Turn) -> Reply:
    return Reply(text=turn.say("help.thanks"))


def offered(commands: Sequence[Command]) -> tuple[Command | Verb, ...]:
    """Help itself, which lists the commands of the others, and a word for who says thanks."""
    dialog = partial(help_card, commands=commands)
    words = ("hjälp", "hjalp", "help", "hej", "hello", "hi", "?")
    return (
        Command("help", Conversation.HELP, words, dialog, listed=False),
        Command("thanks", Conversation.HELP, ("tack", "thanks"), thanks, listed=False),
        Verb("help", Conversation.HELP, dialog),
    )
