"""A signal whose cause lies with the authority itself goes to the manager of the one who raised it."""

from followup.messages.alerts import OwnFault
from followup.people import managers_of
from followup.signals.signal import Signal
from followup.times.calendar import working_moment
from services.acting import Acting
from storage.messages import outbox
from storage.register import people
from storage.signals import signal_versions


def tell_managers(acting: Acting, signal: Signal) -> None:
    """Each of them once a signal."""
    everyone = people.everyone(acting.tx)
    raiser = signal_versions.raised_by(acting.tx, [signal.id]).get(signal.id)
    told = OwnFault(signal.id)
    for manager in managers_of(everyone, everyone.get(raiser) if raiser else None):
        outbox.queue(
            acting.tx,
            told.key(manager.key),
            told,
            acting.now,
            person_id=manager.id,
            not_before=working_moment(acting.now),
        )
