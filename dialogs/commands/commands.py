"""The words that people type, in Swedish and English, and the conversation that each belongs to."""

import re
from dataclasses import dataclass

from followup.people import Conversation
from followup.signals.signal import NUMBER


@dataclass(frozen=True)
class Command:
    """`takes_words` where something is to follow the word, `followed_by` where that tells it from its namesakes.

    What is not `listed` is answered but not offered.
    """

    name: str
    conversation: Conversation
    words: tuple[str, ...]
    takes_words: bool = False
    listed: bool = True
    followed_by: str = ""

    def fits(self, words: list[str]) -> bool:
        return (
            not self.followed_by or re.fullmatch(self.followed_by, " ".join(words), re.IGNORECASE) is not None
        )


COMMANDS = (
    Command("my_tasks", Conversation.MY_TASKS, ("mina", "my", "tasks")),
    Command("corrections", Conversation.REPORT, ("rätta", "ratta", "correct")),
    Command(
        "show_signal",
        Conversation.SIGNAL_DESK,
        ("signal", "avvikelse", "klagomål", "synpunkt"),
        takes_words=True,
        followed_by=NUMBER.pattern,
    ),
    # The same words of one who wrote it, and does not judge it.
    Command(
        "own_signal",
        Conversation.REPORT,
        ("signal", "avvikelse", "klagomål", "synpunkt"),
        takes_words=True,
        followed_by=NUMBER.pattern,
    ),
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
    Command(
        "compare",
        Conversation.PROVIDER,
        ("jämför", "jamfor", "jämförelse", "ranking", "topplista", "compare", "rank"),
        takes_words=True,
        listed=False,
    ),
    Command("unanswered", Conversation.UNANSWERED, ("obesvarade", "unanswered")),
    Command("alerts", Conversation.ALERTS, ("larm", "alerts")),
    Command("digest", Conversation.DIGEST, ("veckobrev", "veckobrevet", "digest")),
    Command("selection", Conversation.SELECTION, ("urval", "selection")),
    Command("own_faults", Conversation.OWN_FAULTS, ("brister", "faults")),
    Command("threshold", Conversation.THRESHOLD, ("tröskel", "troskel", "threshold")),
    Command(
        "reference_form",
        Conversation.CASE_REFERENCE,
        ("aktreferens", "akt", "reference"),
        takes_words=True,
    ),
    Command(
        "follow_ups",
        Conversation.FOLLOW_UPS,
        ("uppföljningar", "uppföljning", "uppfoljningar", "uppfoljning", "follow-ups", "followups"),
    ),
    Command("actions", Conversation.FOLLOW_UPS, ("åtgärder", "åtgärd", "atgarder", "atgard", "actions")),
    Command(
        "year_report",
        Conversation.YEAR_REPORT,
        ("rapport", "årsrapport", "arsrapport", "oktoberrapport", "report"),
        takes_words=True,
    ),
    Command("help", Conversation.HELP, ("hjälp", "hjalp", "help", "hej", "hello", "hi", "?"), listed=False),
)


def commands_in(text: str) -> list[Command]:
    """The commands that the text begins with a word of, in any case; the most particular one first."""
    words = text.casefold().split()
    first = words[0].rstrip("!?.,:") or words[0] if words else ""
    return [command for command in COMMANDS if first in command.words and command.fits(words[1:])]
