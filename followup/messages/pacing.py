"""How fast messages may be sent: one even stream for the tenant, and Teams' windows for each conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Window:
    """At most `sends` in any stretch of `span`, its end not included."""

    sends: int
    span: timedelta


# What one bot may send in one conversation (teams-platform.md, Teams' limits).
CONVERSATION_WINDOWS = (
    Window(7, timedelta(seconds=1)),
    Window(8, timedelta(seconds=2)),
    Window(60, timedelta(seconds=30)),
    Window(1800, timedelta(hours=1)),
)
LONGEST_WINDOW = max(window.span for window in CONVERSATION_WINDOWS)


def earliest(
    sent: Sequence[datetime], now: datetime, windows: Sequence[Window] = CONVERSATION_WINDOWS
) -> datetime:
    """The first moment from now on at which one more may be sent, given when the last were, oldest first."""
    waits = [sent[-window.sends] + window.span for window in windows if len(sent) >= window.sends]
    return max([now, *waits])


def next_slot(free_from: datetime, moment: datetime, per_second: float) -> tuple[datetime, datetime]:
    """The slot to take, and from when the next one is free.

    An even stream without bursts (a GCRA row with no tolerance): the tenant's limit is never met by chance.
    """
    slot = max(free_from, moment)
    return slot, slot + timedelta(seconds=1 / per_second)
