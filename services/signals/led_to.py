"""Tells those who raised a signal what it led to, once it is decided: queued with the fact, and worded when sent."""

from collections import defaultdict
from collections.abc import Sequence

from followup import AlertId, PersonId, SignalId
from followup.alerts.alert import Alert
from followup.messages.alerts import LedTo, Outcome
from followup.signals.signal import Signal
from followup.times.calendar import working_moment
from services.acting import Acting
from storage.messages import queueing
from storage.signals import signal_versions, signals

# How a signal is weighed on the way is not what it led to. That it is taken up again is, since she was told of its end.
_DECIDED: frozenset[Outcome] = frozenset({"dismiss", "restore", "closed", "remedied", "handed_on"})


def tell_of_signal(acting: Acting, outcome: Outcome, acted: Signal, affected: Sequence[Signal]) -> None:
    """`acted` is the version that the act made; `affected` are all the signals that it is about."""
    if outcome in _DECIDED:
        _tell(acting, outcome, f"{acted.id}:{acted.version}", affected)


def tell_of_end(acting: Acting, alert: Alert) -> None:
    """With what was decided on IVO, of an event; an alert on a level is nobody's own signal."""
    if alert.signal_id is not None:
        reports = signals.of_event(acting.tx, alert.signal_id)
        _tell(acting, "closed", f"alert:{alert.id}", reports, alert.id)


def _tell(
    acting: Acting, outcome: Outcome, deed: str, affected: Sequence[Signal], alert_id: AlertId | None = None
) -> None:
    """Whoever raised several of the signals is told once; the one who did it knows."""
    own: defaultdict[PersonId, list[SignalId]] = defaultdict(list)
    for signal_id, person_id in signal_versions.raised_by(acting.tx, [one.id for one in affected]).items():
        own[person_id].append(signal_id)
    own.pop(acting.person.id, None)
    for person_id, signal_ids in own.items():
        led_to = LedTo(outcome, tuple(sorted(signal_ids)), alert_id)
        queueing.queue(
            acting.tx,
            led_to.key(deed, person_id),
            led_to,
            acting.now,
            person_id=person_id,
            not_before=working_moment(acting.now),
        )
