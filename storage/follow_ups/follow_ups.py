"""Follow-ups, every version of each; what was written is sealed."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, insert, or_, select, update

from followup import AlertId, CycleId, FollowUpId, PersonId, UnitId
from followup.follow_ups.follow_up import CLOSED, FINAL, STEPS, FollowUp
from followup.follow_ups.satisfaction import Satisfaction
from followup.times.calendar import at_municipal
from storage.engine.columns import Instant
from storage.engine.database import Transaction, insert_new
from storage.engine.locks import hold_unit
from storage.engine.newest import newest_version
from storage.engine.prepared import Prepared
from storage.engine.year_tables import follow_up, follow_up_version, selection_cycle

_ALL = (
    select(
        follow_up_version,
        follow_up.c.unit_id,
        follow_up.c.cycle_id,
        follow_up.c.alert_id,
        follow_up.c.opened_at,
        follow_up.c.opened_by,
        follow_up.c.by_risk,
    )
    .select_from(follow_up)
    .join(follow_up_version, follow_up_version.c.follow_up_id == follow_up.c.id)
    .join(selection_cycle, follow_up.c.cycle_id == selection_cycle.c.id, isouter=True)
    .order_by(follow_up.c.id, follow_up_version.c.version)
)
_NEWEST = _ALL.where(
    follow_up_version.c.version == newest_version(follow_up_version.c.follow_up_id, follow_up.c.id)
)
_BY_ID = _NEWEST.where(follow_up.c.id == bindparam("follow_up_id"))
_VERSIONS = _ALL.where(follow_up.c.id == bindparam("follow_up_id"))
_CLOSED = _NEWEST.where(follow_up_version.c.step == CLOSED)
_OF_UNIT = _NEWEST.where(follow_up.c.unit_id == bindparam("unit_id"))
_OF_CYCLE = _NEWEST.where(follow_up.c.cycle_id == bindparam("cycle_id"))
_OF_ALERT = _NEWEST.where(follow_up.c.alert_id == bindparam("alert_id"))
_OF_YEAR = _NEWEST.where(
    or_(
        selection_cycle.c.year == bindparam("year"),
        and_(
            follow_up.c.cycle_id.is_(None),
            follow_up.c.opened_at >= bindparam("since", type_=Instant),
            follow_up.c.opened_at < bindparam("until", type_=Instant),
        ),
    )
)
_PLAIN = (
    "version",
    "step",
    "owner_id",
    "method",
    "planned_on",
    "held_on",
    "report_asked_on",
    "report_received_on",
    "verdict",
    "verdict_on",
    "author_id",
    "recorded_at",
)
_OPEN = Prepared(
    select(
        follow_up_version.c.follow_up_id,
        *(follow_up_version.c[name] for name in _PLAIN),
        *(
            follow_up.c[name]
            for name in ("unit_id", "cycle_id", "alert_id", "opened_at", "opened_by", "by_risk")
        ),
    )
    .join(follow_up_version, follow_up_version.c.follow_up_id == follow_up.c.id)
    .where(
        follow_up_version.c.version == newest_version(follow_up_version.c.follow_up_id, follow_up.c.id),
        *(follow_up_version.c.step != step for step in FINAL),
    )
    .order_by(follow_up.c.id)
)
_CYCLE_YEARS = select(selection_cycle.c.id, selection_cycle.c.year, selection_cycle.c.name)


def open_new(
    tx: Transaction,
    unit_id: UnitId,
    person_id: PersonId,
    now: datetime,
    *,
    cycle_id: CycleId | None = None,
    alert_id: AlertId | None = None,
    owner_id: PersonId | None = None,
    planned_on: date | None = None,
    by_risk: bool = False,
) -> FollowUp | None:
    """Opens one at its first step, owned by the person where no other is named; None when the cycle or the alert has
    one of the unit.
    """
    hold_unit(tx, unit_id)
    if not insert_new(
        tx,
        follow_up,
        unit_id=unit_id,
        cycle_id=cycle_id,
        alert_id=alert_id,
        opened_at=now,
        opened_by=person_id,
        by_risk=by_risk,
    ):
        return None
    follow_up_id: FollowUpId = tx.connection.execute(
        select(func.max(follow_up.c.id)).where(follow_up.c.unit_id == unit_id)
    ).scalar_one()
    first = FollowUp(
        id=follow_up_id,
        unit_id=unit_id,
        cycle_id=cycle_id,
        alert_id=alert_id,
        opened_at=now,
        opened_by=person_id,
        version=0,
        step=STEPS[0],
        owner_id=owner_id or person_id,
        author_id=person_id,
        recorded_at=now,
        planned_on=planned_on,
        by_risk=by_risk,
    )
    return save(tx, first, person_id, now)


def join(
    tx: Transaction,
    one: FollowUp,
    cycle_id: CycleId,
    person_id: PersonId,
    now: datetime,
    *,
    by_risk: bool = False,
) -> FollowUp:
    """One that no selection has becomes the selection's, with what else was changed as its next version.

    That risk chose it stands where an alert opened it.
    """
    by_risk = by_risk or one.by_risk
    tx.connection.execute(
        update(follow_up)
        .where(follow_up.c.id == one.id, follow_up.c.cycle_id.is_(None))
        .values(cycle_id=cycle_id, by_risk=by_risk)
    )
    return save(tx, replace(one, cycle_id=cycle_id, by_risk=by_risk), person_id, now)


def save(tx: Transaction, changed: FollowUp, author_id: PersonId, now: datetime) -> FollowUp:
    """Adds what was changed as the next version."""
    new = replace(changed, version=changed.version + 1, author_id=author_id, recorded_at=now)
    plain = {name: getattr(new, name) for name in _PLAIN}
    sealed = {
        "participants": ",".join(new.participants),
        **{name: _mapped(getattr(new, name)) for name in _MAPPINGS},
        "strengths": new.strengths,
        "improvements": new.improvements,
        "reason": new.reason,
    }
    tx.connection.execute(
        insert(follow_up_version).values(
            follow_up_id=new.id,
            **plain,
            **{name: tx.vault.seal_some(text or None) for name, text in sealed.items()},
            report_link=new.report_link or None,
            satisfaction=[vars(one) for one in new.satisfaction],
        )
    )
    return new


def _mapped(texts: Mapping[str, str]) -> str:
    return json.dumps(dict(texts), ensure_ascii=False) if texts else ""


_MAPPINGS = ("areas", "marked")


def get(tx: Transaction, follow_up_id: FollowUpId) -> FollowUp | None:
    row = tx.connection.execute(_BY_ID, {"follow_up_id": follow_up_id}).one_or_none()
    return None if row is None else _follow_up(tx, row)


def versions(tx: Transaction, follow_up_id: FollowUpId) -> list[FollowUp]:
    return _read(tx, _VERSIONS, follow_up_id=follow_up_id)


def open_ones(tx: Transaction) -> list[FollowUp]:
    """Those not closed, oldest first, without what is written in them."""
    return [_head(row) for row in _OPEN.all(tx.connection, {})]


def closed_ones(tx: Transaction) -> list[FollowUp]:
    """Those gone through to their end, of all years."""
    return _read(tx, _CLOSED)


def of_unit(tx: Transaction, unit_id: UnitId) -> list[FollowUp]:
    return _read(tx, _OF_UNIT, unit_id=unit_id)


def of_cycle(tx: Transaction, cycle_id: CycleId) -> list[FollowUp]:
    return _read(tx, _OF_CYCLE, cycle_id=cycle_id)


def of_alert(tx: Transaction, alert_id: AlertId) -> FollowUp | None:
    return next(iter(_read(tx, _OF_ALERT, alert_id=alert_id)), None)


def of_year(tx: Transaction, year: int) -> list[FollowUp]:
    """Those of the year's selections, and the ad hoc ones that were opened in the year."""
    since, until = (at_municipal(date(one, 1, 1), time(0)) for one in (year, year + 1))
    return _read(tx, _OF_YEAR, year=year, since=since, until=until)


def units_of(tx: Transaction, ids: Collection[FollowUpId]) -> dict[FollowUpId, UnitId]:
    """At which unit each of them is."""
    query = select(follow_up.c.id, follow_up.c.unit_id).where(follow_up.c.id.in_(list(ids)))
    return {row.id: row.unit_id for row in tx.connection.execute(query)}


def cycle_names(tx: Transaction) -> dict[CycleId, tuple[int, str]]:
    """The year and the name of each selection."""
    return {row.id: (row.year, row.name) for row in tx.connection.execute(_CYCLE_YEARS)}


def _read(tx: Transaction, query: Select[Any], **values: object) -> list[FollowUp]:
    return [_follow_up(tx, row) for row in tx.connection.execute(query, values)]


def _follow_up(tx: Transaction, row: Row[Any]) -> FollowUp:
    def opened(sealed: bytes | None) -> str:
        return tx.vault.open_some(sealed) or ""

    return replace(
        _head(row),
        participants=tuple(one for one in opened(row.participants).split(",") if one),
        **{name: json.loads(opened(getattr(row, name)) or "{}") for name in _MAPPINGS},
        strengths=opened(row.strengths),
        improvements=opened(row.improvements),
        reason=opened(row.reason),
        report_link=row.report_link or "",
        satisfaction=_figures(row.satisfaction or []),
    )


def _head(row: Any) -> FollowUp:
    return FollowUp(
        id=row.follow_up_id,
        unit_id=row.unit_id,
        cycle_id=row.cycle_id,
        alert_id=row.alert_id,
        opened_at=row.opened_at,
        opened_by=row.opened_by,
        by_risk=row.by_risk,
        **{name: getattr(row, name) for name in _PLAIN},
    )


def _figures(stored: Sequence[dict[str, Any]]) -> tuple[Satisfaction, ...]:
    return tuple(Satisfaction(**one) for one in stored)
