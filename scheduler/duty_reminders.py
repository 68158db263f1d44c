"""What the law wants decided or told again: an alert without its decision on IVO, and each year the duty to report."""

from collections.abc import Mapping
from datetime import date, datetime

from followup import AlertId, PersonId
from followup.alerts.alert import Alert
from followup.messages.alerts import DecisionDue, DutyToReport
from followup.messages.clocks import YearlyList
from followup.people import Role
from followup.times.calendar import add_working_days, in_working_hours, municipal_day, nth_working_day
from followup.times.month import Month
from scheduler.piece import PieceDone
from services.acting import Reader
from services.alerts.closing import undecided
from storage.alerts import alerts
from storage.engine.database import Transaction
from storage.messages import queueing
from storage.register import people
from storage.times.job_looks import Place

# An undecided one is said again each time that so many working days have passed.
WORKING_DAYS = 5
# What is said once a year, in which month, and to whom: of the duty to report to whoever works in social services, as
# an administrator of the bot need not, and of what the board owes IVO to managers (law-and-facts F3, F15).
_EACH_YEAR: Mapping[int, tuple[type[YearlyList] | type[DutyToReport], frozenset[Role]]] = {
    1: (YearlyList, frozenset({Role.MANAGER})),
    2: (DutyToReport, frozenset({Role.WORKER, Role.QUALITY, Role.MANAGER})),
}
PEOPLE_AT_ONCE = 50
# So many alerts are read together.
AT_ONCE = 20


def remind_of_decisions(tx: Transaction, now: datetime, room: int, place: Place | None) -> PieceDone:
    """To the one who has the alert, or to each of the quality team while nobody does, until it is decided."""
    if not in_working_hours(now):
        return PieceDone()
    reader, done, after = Reader(tx, None, now), PieceDone(), AlertId(place["after"] if place else 0)
    while some := alerts.open_after(tx, after, AT_ONCE):
        if done.rows >= room:
            return done + PieceDone(place={"after": after})
        for alert in some:
            passed = times_passed(municipal_day(alert.raised_at), municipal_day(now))
            waits = passed > 0 and undecided(reader, alert) is not None
            queued = _remind(tx, alert, passed, now) if waits else 0
            done += PieceDone(queued, 2 + queued)
        after = some[-1].id
    return done


def times_passed(raised: date, today: date) -> int:
    """How many whole times the working days have passed since it was raised."""
    passed = 0
    while (raised := add_working_days(raised, WORKING_DAYS)) <= today:
        passed += 1
    return passed


def _remind(tx: Transaction, alert: Alert, passed: int, now: datetime) -> int:
    message = DecisionDue(alert.id)
    whom = [alert.owner_id] if alert.owner_id else [one.id for one in people.with_role(tx, Role.QUALITY)]
    return sum(queueing.queue(tx, message.key(passed, one), message, now, person_id=one) for one in whom)


def tell_of_the_year(tx: Transaction, now: datetime, room: int, place: Place | None) -> PieceDone:
    """Each whom it concerns, once a year, from the day after the one on which the month is asked about."""
    today = municipal_day(now)
    said = _EACH_YEAR.get(today.month)
    if said is None or today < nth_working_day(Month.of(today), 2) or not in_working_hours(now):
        return PieceDone()
    kind, roles = said
    message, after = kind(today.year), PersonId(place["after"] if place else 0)
    found = people.active_after(tx, after, min(PEOPLE_AT_ONCE, room))
    queued = sum(
        queueing.queue(tx, message.key(one.id), message, now, person_id=one.id)
        for one in found
        if one.role in roles
    )
    return PieceDone(queued, len(found), {"after": found[-1].id} if found else None)
