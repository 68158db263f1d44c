"""What a year's report is counted from, read as it was known when the report was made."""

from collections.abc import Collection
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Row, and_, bindparam, select

from followup import UnitId
from followup.access.small_unit import is_small
from followup.figures.counting import in_order
from followup.figures.period import Period
from followup.figures.year_facts import Asked, MonthEnd, Raised, YearFacts, YearPlacement
from followup.risk.stored_score import METHOD_NAME
from followup.terms import UNFOLLOWED_FORMS, own_term
from followup.times.calendar import at_municipal, end_of_day, municipal_day
from followup.times.month import Month
from storage.engine.columns import Instant, MonthText
from storage.engine.database import Transaction
from storage.engine.newest import newest_version
from storage.engine.tables import (
    alert,
    alert_decision,
    ownership,
    person,
    placement,
    report,
    report_task,
    round_,
    score,
    term,
    unit,
)
from storage.follow_ups import unit_events
from storage.month import plans
from storage.register import placements, units
from storage.register.placements import CURRENT_OWNER, open_between
from storage.signals import signals

# What the register alone knows of.
PAPERS = ("deviation_documented", "call_off_contract", "individual_contract")
_STAYS = (
    select(placement, term.c.word.label("own_word"), term.c.english.label("own_english"))
    .join(unit, placement.c.unit_id == unit.c.id)
    .outerjoin(term, and_(term.c.kind == "legal_ground", term.c.code == placement.c.legal_ground))
    .where(
        open_between(bindparam("since"), bindparam("until")),
    )
    .order_by(placement.c.id)
)
_first = report.alias("first")
_ASKED = (
    select(
        round_.c.month,
        round_.c.deadline,
        placement.c.unit_id,
        placement.c.case_reference,
        person.c.team,
        _first.c.known_at.label("first_at"),
        report.c.answers,
        report.c.concern,
    )
    .select_from(report_task)
    .join(round_, report_task.c.round_id == round_.c.id)
    .join(placement, report_task.c.placement_id == placement.c.id)
    .join(unit, placement.c.unit_id == unit.c.id)
    .join(ownership, CURRENT_OWNER, isouter=True)
    .join(person, ownership.c.owner_id == person.c.id, isouter=True)
    .join(
        report,
        and_(
            report.c.task_id == report_task.c.id,
            report.c.version == newest_version(report.c.task_id, report_task.c.id, known=True),
        ),
        isouter=True,
    )
    .join(_first, and_(_first.c.task_id == report.c.task_id, _first.c.version == 1), isouter=True)
    .where(
        unit.c.form.not_in(UNFOLLOWED_FORMS),
        round_.c.month.between(bindparam("first", type_=MonthText), bindparam("last", type_=MonthText)),
    )
    .order_by(report_task.c.id)
)
_MONTH_ENDS = (
    select(score.c.unit_id, score.c.as_of, score.c.shown, score.c.enough)
    .where(
        score.c.method == METHOD_NAME,
        score.c.month_end,
        score.c.as_of.between(bindparam("since"), bindparam("until")),
    )
    .order_by(score.c.id)
)
_ALERTS = (
    select(alert)
    .where(alert.c.raised_at.between(bindparam("since", type_=Instant), bindparam("until", type_=Instant)))
    .order_by(alert.c.id)
)

_NOTIFIED = (
    select(alert_decision.c.notified)
    .where(
        alert_decision.c.decided_on.between(bindparam("since"), bindparam("until")),
        alert_decision.c.recorded_at <= bindparam("now", type_=Instant),
    )
    .order_by(alert_decision.c.id)
)


def facts(tx: Transaction, period: Period, now: datetime) -> YearFacts:
    followed = sorted(units.followed_units(tx), key=lambda one: in_order(one.name))
    ids = {one.id for one in followed}
    return YearFacts(
        period=period,
        made_at=now,
        units=tuple(followed),
        contracts=tuple(contract for one in followed for contract in units.contracts(tx, one.id)),
        stays=tuple(_stays(tx, period, now)),
        asked=tuple(asked_between(tx, period.first, period.until, now)),
        signals=tuple(
            one
            for unit_id in sorted(ids)
            for one in signals.of_unit(tx, unit_id, now)
            if period.holds(one.event_on)
        ),
        month_ends=tuple(month_ends_between(tx, period.starts, period.until)),
        alerts=tuple(_alerts(tx, period, now, ids)),
        notified=tuple(_notified(tx, period, now)),
        events=tuple(unit_events.of_units(tx, ids, period.starts, period.until, now)),
        small=frozenset(one for one in ids if _was_small(tx, one, period, now)),
    )


def _was_small(tx: Transaction, unit_id: UnitId, period: Period, now: datetime) -> bool:
    today = municipal_day(now)
    return is_small(placements.stays(tx, unit_id, period.starts, today), period.starts, today)


def _stays(tx: Transaction, period: Period, now: datetime) -> list[YearPlacement]:
    values = {"since": period.starts, "until": period.until}
    rows = tx.connection.execute(_STAYS, values).all()
    known = plans.states(tx, [row.id for row in rows], Month.of(period.until), now)
    return [_stay(tx, row, known[row.id]) for row in rows]


def _stay(tx: Transaction, row: Row[Any], plan_states: plans.PlanStates) -> YearPlacement:
    born = tx.vault.open_some(row.born)
    return YearPlacement(
        id=row.id,
        child=row.case_reference,
        unit_id=row.unit_id,
        starts=row.starts,
        ends=row.ends,
        born=date.fromisoformat(born) if born else None,
        contract_form=row.contract_form,
        papers={**{name: getattr(row, name) for name in PAPERS}, **plan_states},
        legal_ground=own_term("legal_ground", row.legal_ground, row.own_word, row.own_english),
    )


def asked_between(tx: Transaction, first: Month, until: date, now: datetime) -> list[Asked]:
    """About the months from the first to that of the day, with the team as it was that day."""
    values = {
        "first": first,
        "last": Month.of(until),
        "day": until,
        "known_until": now,
    }
    return [
        Asked(
            month=row.month,
            unit_id=row.unit_id,
            child=row.case_reference,
            team=row.team,
            deadline=row.deadline,
            first_at=row.first_at,
            answers=dict(row.answers or {}),
            concern=bool(row.concern),
        )
        for row in tx.connection.execute(_ASKED, values)
    ]


def month_ends_between(tx: Transaction, since: date, until: date) -> list[MonthEnd]:
    """The newest reading of each unit and month, since history that is read in is read anew."""
    values = {"since": since, "until": until}
    newest = {(row.unit_id, row.as_of): row for row in tx.connection.execute(_MONTH_ENDS, values)}
    return [MonthEnd(row.unit_id, Month.of(row.as_of), row.shown, row.enough) for row in newest.values()]


def _alerts(tx: Transaction, period: Period, now: datetime, unit_ids: Collection[UnitId]) -> list[Raised]:
    """Also those of the year's rest until the report was made, since they are part of where things stand."""
    until = min(now, end_of_day(_last_day(period)))
    values = {"since": at_municipal(period.starts, time(0)), "until": until}
    return [
        Raised(row.unit_id, row.kind, row.raised_at, row.taken_at, row.closed_at)
        for row in tx.connection.execute(_ALERTS, values)
        if row.unit_id in unit_ids
    ]


def _notified(tx: Transaction, period: Period, now: datetime) -> list[bool]:
    values = {"since": period.starts, "until": _last_day(period), "now": now}
    return list(tx.connection.execute(_NOTIFIED, values).scalars())


def _last_day(period: Period) -> date:
    """What is handled goes on after the period, until the end of the report's year."""
    return date(period.year, 12, 31)
