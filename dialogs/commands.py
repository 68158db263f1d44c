"""The words that people type, in Swedish and English, and the conversation that each belongs to."""

from dataclasses import dataclass

from followup.people import Conversation


@dataclass(frozen=True)
class Command:
    """`takes_words` where something is to follow the word."""

    name: str
    conversation: Conversation
    words: tuple[str, ...]
    takes_words: bool = False


COMMANDS = (
    Command("my_tasks", Conversation.MY_TASKS, ("mina", "my", "tasks")),
    Command("corrections", Conversation.REPORT, ("rätta", "ratta", "correct")),
    Command("signal_form", Conversation.SIGNAL, ("signal", "avvikelse", "klagomål", "synpunkt")),
    Command("snooze_form", Conversation.MY_TASKS, ("påminn", "paminn", "remind", "snooze")),
    Command("leave_form", Conversation.LEAVE, ("ledig", "frånvaro", "leave", "away")),
    Command("status", Conversation.STATUS, ("läge", "lage", "status")),
    Command(
        "provider",
        Conversation.PROVIDER,
        ("utförare", "utforare", "provider", "enhet", "unit"),
        takes_words=True,
    ),
    Command("unanswered", Conversation.UNANSWERED, ("obesvarade", "unanswered")),
    Command("alerts", Conversation.ALERTS, ("larm", "alerts")),
    Command("selection", Conversation.SELECTION, ("urval", "selection")),
    Command("help", Conversation.HELP, ("hjälp", "hjalp", "help", "hej", "hello", "hi", "?")),
)
# In a channel others look on, so only what carries no child data is answered there.
IN_CHANNEL = frozenset({Conversation.HELP, Conversation.ALERTS, Conversation.ALERT_DESK})


def command_in(text: str) -> Command | None:
    """The command whose word the text begins with, in any case."""
    words = text.casefold().split()
    first = words[0].rstrip("!?.,:") or words[0] if words else ""
    return next((command for command in COMMANDS if first in command.words), None)
