"""A signal's texts opened with a reason, for that signal until midnight."""

from followup import SignalId
from followup.access.access import DataKind
from followup.log.subject import What
from followup.signals.signal import Signal
from services.acting import Acting, Refused, Why, which
from storage.log import openings
from storage.signals import signals


def open_text(acting: Acting, signal_id: SignalId, reason: str) -> Signal | Refused:
    """The reason is as it is to stand in the log, with the read that follows; without one nothing is opened."""
    if acting.channel or not acting.opens(DataKind.SIGNAL_TEXT):
        return acting.refuse(which(What.SIGNAL_TEXT, signal_id))
    found = signals.find(acting.tx, signal_id)
    if found is None:
        return Refused(Why.UNKNOWN)
    if not reason:
        return Refused(Why.NO_REASON)
    subject = What.SIGNAL_TEXT.of(found.id)
    openings.open_until_midnight(acting.tx, subject, acting.person.id, acting.today)
    return found
