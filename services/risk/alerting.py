"""Raises the alerts that a new score or a serious event gives rise to, once each, and queues their messages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from followup import SignalId, TaskId, UnitId
from followup.alerts.alert import Alert
from followup.provider import Unit
from followup.risk.bands import AlertKind
from followup.risk.inputs import Inputs
from followup.risk.stored_score import StoredScore
from followup.signals.signal import Signal, is_serious
from followup.times.calendar import end_of_day, municipal_day
from followup.times.month import Month
from services.quality_team import tell_of_alert
from storage.alerts import alerts
from storage.engine.database import Transaction
from storage.imports import imports
from storage.risk import scores
from storage.signals import signal_versions, signals

# Files may come once a month.
NEWS_MONTHS = 1


@dataclass(frozen=True)
class Due:
    """The episode's name is unique for the unit: the same crossing or event is never alerted twice.

    An event of this month or the last `is_news` also where it came with a file: somebody may have to notify IVO of it.
    `known_at` is since when it is known as serious as it is.
    """

    kind: AlertKind
    episode: str
    signal_id: SignalId | None = None
    task_id: TaskId | None = None
    began: date | None = None
    is_news: bool = False
    known_at: datetime | None = None


def raise_alerts(
    tx: Transaction,
    unit: Unit,
    before: StoredScore | None,
    after: StoredScore,
    inputs: Inputs,
    now: datetime,
) -> None:
    """What history that was read in gives rise to is said in one message, when all of it has been read."""
    for due in _due(tx, unit, after, inputs):
        import_id = None if due.is_news else imports.being_read(tx, unit.id)
        alert = alerts.raise_new(
            tx,
            unit.id,
            due.kind,
            due.episode,
            score_id=after.id,
            signal_id=due.signal_id,
            task_id=due.task_id,
            import_id=import_id,
            band_before=_band_before(tx, unit, due, before),
            band_after=after.shown,
            now=now,
        )
        if alert is not None and import_id is None:
            tell_of_alert(tx, alert, now)


def _due(tx: Transaction, unit: Unit, after: StoredScore, inputs: Inputs) -> Iterator[Due]:
    if after.red_since is not None:
        yield Due("band", f"red-{after.red_since}", began=after.red_since)
    for number in inputs.notices:
        task_id = TaskId(int(number.rpartition("-")[2]))
        yield Due("safety", f"safety-{task_id}", task_id=task_id)
    if not any(item.floor and not item.decided for item in inputs.items):
        return
    # The same evidence as was scored: what a file gives for today is known at the end of the day.
    known = signals.of_unit(tx, unit.id, end_of_day(after.as_of))
    raised = [alert for alert in alerts.of_unit(tx, unit.id) if alert.kind == "event"]
    for signal in known:
        if is_serious(signal) and not signal.decided:
            yield from _event_due(tx, signal, known, raised, after.as_of)


def _event_due(
    tx: Transaction, signal: Signal, known: Sequence[Signal], raised: Sequence[Alert], today: date
) -> Iterator[Due]:
    """One alert an event, also when two that were alerted apart are found to be the same.

    A new one only where a decision was taken back after the alert on it was closed.
    """
    same = {one.id for one in known if one.event == signal.event} if signal.event else {signal.id}
    of_event = [alert for alert in raised if alert.signal_id in same]
    if any(alert.closed_at is None for alert in of_event):
        return
    decided = signal_versions.last_decided(tx, signal.id) if of_event else None
    if of_event and decided is None:
        return
    again = f"-{decided + 1}" if decided else ""
    is_news = Month.of(signal.event_on).until(Month.of(today)) <= NEWS_MONTHS
    episode = f"event-{_event(signal)}{again}"
    yield Due("event", episode, signal.id, is_news=is_news, known_at=signal.known_at)


@dataclass(frozen=True)
class EventAlert:
    """One that had been raised by a day; without number and day, what was known then would have raised it that day."""

    number: str | None
    episode: str
    raised: date | None


def event_alerts_by(tx: Transaction, unit_id: UnitId, day: date) -> list[EventAlert]:
    """Those raised by the day's end, and one for each serious event known then that had none and no decision."""
    until = end_of_day(day)
    known = signals.of_unit(tx, unit_id, until)
    raised = [one for one in alerts.of_unit(tx, unit_id) if one.kind == "event" and one.raised_at <= until]
    alerted = {_event_of(one, known) for one in raised}
    due = {_event(one) for one in known if is_serious(one) and not one.decided}
    return [
        *(EventAlert(one.number, one.episode, municipal_day(one.raised_at)) for one in raised),
        *(EventAlert(None, f"event-{event}", None) for event in sorted(due - alerted)),
    ]


def _event_of(alert: Alert, known: Sequence[Signal]) -> str | None:
    return next((_event(one) for one in known if one.id == alert.signal_id), None)


def _event(signal: Signal) -> str:
    return signal.event or signal.number


def _band_before(tx: Transaction, unit: Unit, due: Due, before: StoredScore | None) -> str:
    """The band that was shown before the episode began, also when it began in history that was read in."""
    if due.began is not None:
        before = scores.latest(tx, unit.id, due.began - timedelta(days=1)) or before
    while before and before.month_end and due.known_at and due.known_at <= end_of_day(before.as_of):
        # The month was over before the event was scored, and has been read with it.
        month = Month.of(before.as_of)
        within = scores.latest_within(tx, unit.id, month.first, before.as_of)
        before = within or scores.latest(tx, unit.id, month.previous.last)
    return before.shown if before else "green"
