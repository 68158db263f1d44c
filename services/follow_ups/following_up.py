"""Opens follow-ups, gathers what the evidence says beforehand, and closes them, so that the unit remembers."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime

from followup import PersonId, UnitId
from followup.alerts.alert import Alert
from followup.follow_ups.follow_up import CANCELLED, CLOSED, REGISTER_VERDICTS, FollowUp
from followup.follow_ups.prefill import UnitEvidence
from followup.log.subject import What
from followup.messages.follow_ups import FollowUpGiven
from followup.placement import open_days
from followup.provider import Unit
from followup.risk.explanation import band_words
from followup.risk.inputs import (
    CONCERN,
    REGISTERED,
    REPORT_LATE,
    REPORT_MISSING,
    REPORT_POOR,
    UNSAFE,
    ItemKind,
)
from followup.terms import SIGNAL_KINDS
from followup.times.calendar import municipal_day, working_moment
from followup.times.month import Month, Months
from services.risk.scoring import RiskReading, read_as_of
from storage.alerts import alert_decisions, alerts
from storage.engine.database import Transaction
from storage.engine.locks import hold_unit
from storage.follow_ups import follow_ups, unit_events
from storage.imports import imports
from storage.log import access_log
from storage.messages import queueing
from storage.register import placements, units
from storage.risk import left_to_score, scores
from storage.signals import signals

# All that can raise the ratio, in the order that it is told.
_EVENT_KINDS = (
    *map(ItemKind, SIGNAL_KINDS),
    REGISTERED,
    *(CONCERN, UNSAFE, REPORT_MISSING, REPORT_LATE, REPORT_POOR),
)


def open_for_alert(tx: Transaction, alert: Alert, person_id: PersonId, now: datetime) -> FollowUp:
    """The alert's ad hoc follow-up (R89), opened unless it is there already."""
    new = follow_ups.open_new(tx, alert.unit_id, person_id, now, alert_id=alert.id, by_risk=True)
    if new is not None:
        log_written(tx, new, person_id, now)
        return new
    opened = follow_ups.of_alert(tx, alert.id)
    assert opened is not None
    return opened


def open_ad_hoc(
    tx: Transaction, unit_id: UnitId, person_id: PersonId, now: datetime
) -> tuple[FollowUp, bool]:
    """The unit's open follow-up, and whether it was opened now: one at a time is enough."""
    hold_unit(tx, unit_id)
    standing = [one for one in follow_ups.of_unit(tx, unit_id) if not one.closed]
    if standing:
        return standing[-1], False
    new = follow_ups.open_new(tx, unit_id, person_id, now)
    assert new is not None
    log_written(tx, new, person_id, now)
    return new, True


def save(tx: Transaction, changed: FollowUp, person_id: PersonId, now: datetime) -> FollowUp:
    saved = follow_ups.save(tx, changed, person_id, now)
    log_written(tx, saved, person_id, now)
    return saved


def close(tx: Transaction, follow_up: FollowUp, person_id: PersonId, now: datetime) -> FollowUp:
    """The unit remembers the day when it was followed up, and the verdict."""
    closed = save(tx, replace(follow_up, step=CLOSED), person_id, now)
    assert closed.held_on is not None
    assert closed.verdict is not None
    units.record_follow_up(tx, closed.unit_id, closed.held_on, REGISTER_VERDICTS[closed.verdict])
    return closed


def cancel(tx: Transaction, follow_up: FollowUp, reason: str, person_id: PersonId, now: datetime) -> FollowUp:
    """It is not done, so it has no verdict, and the unit remembers its earlier one."""
    changed = replace(follow_up, step=CANCELLED, reason=reason, verdict=None, verdict_on=None)
    return save(tx, changed, person_id, now)


def tell_owner(tx: Transaction, given: FollowUp, by: PersonId, now: datetime) -> None:
    """One who is given a follow-up by another is told of it, as it is stored."""
    if given.owner_id is None or given.owner_id == by:
        return
    told = FollowUpGiven(given.id)
    queueing.queue(
        tx, told.key(given.version), told, now, person_id=given.owner_id, not_before=working_moment(now)
    )


def log_written(tx: Transaction, follow_up: FollowUp, person_id: PersonId, now: datetime) -> None:
    detail = f"version {follow_up.version}"
    subject = What.FOLLOW_UP.of(follow_up.id)
    access_log.record(tx, "write", subject, now, person_id=person_id, detail=detail)


def evidence_of(tx: Transaction, unit: Unit, now: datetime) -> UnitEvidence:
    """What is known of the unit today, for the areas that are filled in beforehand."""
    today = municipal_day(now)
    since = Months.year_to(today).starts
    reading = read_as_of(tx, unit, today, now)
    floor = reading.judgement.raised_by
    return UnitEvidence(
        as_of=today,
        placements=sum(
            open_days(starts, ends, today, today) for starts, ends in placements.spans(tx, unit.id)
        ),
        band=band_words(reading.judgement),
        index=reading.score.index,
        earlier=_earlier(tx, unit, today),
        completeness=reading.judgement.completeness,
        reported=reading.judgement.months,
        events=_events(reading),
        alerts=_alerts(tx, unit, since),
        notified=alert_decisions.of_unit(tx, unit.id, since),
        marked_ivo=_marked_ivo(tx, unit, since, now),
        floor=floor.reason if floor else None,
        beside=tuple(unit_events.of_units(tx, [unit.id], since, today, now)),
    )


def _alerts(tx: Transaction, unit: Unit, since: date) -> int | None:
    """None while one may follow of what is stored already: what is filled in stays."""
    if left_to_score.of_unit(tx, unit.id) or imports.being_read(tx, unit.id) is not None:
        return None
    return sum(municipal_day(one.raised_at) >= since for one in alerts.of_unit(tx, unit.id))


def _events(reading: RiskReading) -> dict[str, int]:
    """What counts in the score, each event once."""
    counted = Counter(row.kind for row in reading.score.contributions if row.raises > 0)
    return {kind: counted[kind] for kind in _EVENT_KINDS if counted[kind]}


def _earlier(tx: Transaction, unit: Unit, today: date) -> tuple[Month, int] | None:
    """The oldest month end that may be of the last twelve whole months, with its index."""
    first = Months.year_to(today).first.previous
    ends = [(Month.of(day), one.index) for day, one in scores.month_ends(tx, unit.id).items()]
    return next(((month, index) for month, index in ends if month >= first), None)


def _marked_ivo(tx: Transaction, unit: Unit, since: date, now: datetime) -> int:
    known = signals.of_unit(tx, unit.id, now)
    return sum("ivo" in one.marks and not one.dismissed and one.event_on >= since for one in known)
