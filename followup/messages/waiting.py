"""What waits to go to one recipient and would say the same goes as one, true for the day on which it goes."""

from collections.abc import Sequence
from dataclasses import dataclass

from followup.messages.alerts import AlertAgain, HistoryAgain
from followup.messages.clocks import ClocksLate, ClocksNear
from followup.messages.every import EveryMessage
from followup.messages.month import Nudge, Reminder

# They repeat what was said before; where that waits too, nothing has been said that could be repeated.
_REPEATS = (AlertAgain, HistoryAgain, Reminder)
# The others of their families carry what these tell.
_CARRIED = (ClocksNear, ClocksLate)


@dataclass(frozen=True)
class OneForAll:
    """Which of those that wait goes, by its place among them, and what it is then."""

    place: int
    message: EveryMessage


def one_for_all(waiting: Sequence[EveryMessage]) -> OneForAll:
    """Of a family, oldest first: the newest of those that say most, with what the others would have told."""
    place = max(range(len(waiting)), key=lambda nth: (_says_most(waiting[nth]), nth))
    return OneForAll(place, waiting[place].with_all(waiting))


def _says_most(message: EveryMessage) -> int:
    if isinstance(message, _CARRIED):
        return 0
    if isinstance(message, Nudge):
        # It lists what is left of every month, and the others go only while something is left of their own.
        return 3
    return 1 if isinstance(message, _REPEATS) else 2
