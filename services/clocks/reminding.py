"""Whether a message is to remind of clocks too."""

from services.acting import Acting
from storage.clocks import told


def reminds_of_clocks(acting: Acting, key: str) -> bool:
    """The list of the month carries the day's reminders of clocks, so that nobody gets two messages of one day."""
    return told.told_in(acting.tx, key)
