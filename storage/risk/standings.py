"""How the followed units stand now, and what has changed: kept with each score, and read without the scores."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, false, func, or_, select

from followup import UnitId
from followup.risk.bands import BANDS, Band, Shown, never_plain_green
from followup.risk.stored_score import METHOD_NAME
from followup.terms import UNFOLLOWED_FORMS
from followup.times.calendar import municipal_day
from followup.times.month import Month
from storage.engine.columns import Instant
from storage.engine.database import Transaction
from storage.engine.prepared import Prepared
from storage.engine.standing_tables import standing
from storage.engine.tables import score, unit

_FOLLOWED = and_(*(unit.c.form != form for form in UNFOLLOWED_FORMS))
_FROM = unit.outerjoin(standing, standing.c.unit_id == unit.c.id)
# Of a unit that has not been read yet too little is known.
_band, _enough = func.coalesce(standing.c.shown, "green"), func.coalesce(standing.c.enough, false())
_columns: list[Any] = [_band.label("band"), _enough.label("enough"), func.count().label("number")]
_COUNTED = Prepared(select(*_columns).select_from(_FROM).where(_FOLLOWED).group_by(_band, _enough))
_IN_BAND = (
    select(unit.c.id).select_from(_FROM).where(_FOLLOWED).order_by(unit.c.name).limit(bindparam("most"))
)
_CHANGED_SINCE_DAY = Prepared(
    select(unit.c.id, unit.c.key, unit.c.name, standing.c.shown_before.label("before"), standing.c.shown)
    .join(standing, standing.c.unit_id == unit.c.id)
    .where(
        _FOLLOWED,
        standing.c.as_of > bindparam("day"),
        func.coalesce(standing.c.shown_before, "green") != standing.c.shown,
    )
)
_known_then = (
    select(score.c.shown)
    .where(
        score.c.unit_id == unit.c.id,
        score.c.method == METHOD_NAME,
        score.c.as_of <= bindparam("day"),
        score.c.scored_at < bindparam("moment", type_=Instant),
    )
    .order_by(score.c.as_of.desc(), score.c.id.desc())
    .limit(1)
    .correlate(unit)
    .scalar_subquery()
)
_now_and_then = (
    select(unit.c.id, unit.c.key, unit.c.name, _known_then.label("before"), standing.c.shown)
    .join(standing, standing.c.unit_id == unit.c.id)
    .where(_FOLLOWED)
    .subquery()
)
_CHANGED_SINCE_MOMENT = Prepared(
    select(_now_and_then).where(func.coalesce(_now_and_then.c.before, "green") != _now_and_then.c.shown)
)


@dataclass(frozen=True)
class ShownBefore:
    """A unit that is shown in another band than it was before."""

    unit_id: UnitId
    key: str
    name: str
    before: Band
    after: Band


def counted(tx: Transaction) -> Counter[Shown]:
    """How many followed units are shown in each band."""
    found: Counter[Shown] = Counter()
    for row in _COUNTED.all(tx.connection, {}):
        found[never_plain_green(row.band, enough=bool(row.enough))] += row.number
    return found


def in_band(tx: Transaction, shown: Shown, most: int) -> list[UnitId]:
    """So many of the units that are shown in the band, by name."""
    states = [
        and_(_band == band, _enough == enough)
        for band in BANDS
        for enough in (True, False)
        if never_plain_green(band, enough=enough) == shown
    ]
    return list(tx.connection.scalars(_IN_BAND.where(or_(*states)), {"most": most}))


_OF_UNITS = (
    select(unit.c.id, _band.label("band"), _enough.label("enough"))
    .select_from(_FROM)
    .where(_FOLLOWED, unit.c.id.in_(bindparam("unit_ids", expanding=True)))
)


def shown_of(tx: Transaction, unit_ids: Collection[UnitId]) -> dict[UnitId, Shown]:
    """The band that each of those units that are followed is shown in."""
    found = tx.connection.execute(_OF_UNITS, {"unit_ids": sorted(unit_ids)})
    return {row.id: never_plain_green(row.band, enough=bool(row.enough)) for row in found}


_TOO_LITTLE = (
    select(unit.c.name)
    .select_from(_FROM)
    .where(_FOLLOWED, ~_enough, unit.c.id.in_(bindparam("unit_ids", expanding=True)))
    .order_by(unit.c.name)
)


def too_little_known(tx: Transaction, unit_ids: Collection[UnitId]) -> list[str]:
    """The names of those of the units about which too little is known."""
    return list(tx.connection.scalars(_TOO_LITTLE, {"unit_ids": sorted(unit_ids)}))


def changed_since_month(tx: Transaction, last: Month) -> list[ShownBefore]:
    """Since the end of the month before this one, as that is known now."""
    return _moved(_CHANGED_SINCE_DAY.all(tx.connection, {"day": last.last}))


def changed_since(tx: Transaction, moment: datetime) -> list[ShownBefore]:
    """Since what could be known at the moment: what was read later about earlier days is no part of that."""
    values = {"day": municipal_day(moment), "moment": moment}
    return _moved(_CHANGED_SINCE_MOMENT.all(tx.connection, values))


def _moved(rows: list[tuple[UnitId, str, str, Band | None, Band]]) -> list[ShownBefore]:
    """A unit that had no reading then counts as green, so that one that begins red is seen."""
    return [ShownBefore(id_, key, name, before or "green", after) for id_, key, name, before, after in rows]


def _newest_score(*, month_end: bool) -> Any:
    one = score.alias()
    read = (
        one.c.unit_id == standing.c.unit_id,
        one.c.method == METHOD_NAME,
        one.c.as_of <= bindparam("today"),
    )
    found = select(one.c.id).where(*read, *([one.c.month_end] if month_end else ()))
    return found.order_by(one.c.as_of.desc(), one.c.id.desc()).limit(1).scalar_subquery()


_month_end_read = (
    select(score.c.id)
    .where(
        score.c.unit_id == standing.c.unit_id,
        score.c.method == METHOD_NAME,
        score.c.month_end,
        score.c.as_of >= bindparam("month_end"),
    )
    .exists()
)
_UP_TO_DATE = Prepared(
    select(standing.c.unit_id).where(
        standing.c.unit_id > bindparam("after"),
        standing.c.unit_id <= bindparam("last"),
        _month_end_read,
        _newest_score(month_end=False) > _newest_score(month_end=True),
    )
)


def up_to_date(tx: Transaction, after: UnitId, last: UnitId, today: date) -> set[UnitId]:
    """Those of the units between them whose months have been read to the last that is over, and a day since."""
    values = {"after": after, "last": last, "today": today, "month_end": Month.of(today).previous.last}
    return {row.unit_id for row in _UP_TO_DATE.all(tx.connection, values)}


Kept = tuple[date, Band, bool, Band | None, date | None]
_KEPT = select(standing).order_by(standing.c.unit_id)
_SCORED = (
    select(score.c.unit_id, score.c.as_of, score.c.shown, score.c.enough)
    .where(score.c.method == METHOD_NAME)
    .order_by(score.c.unit_id, score.c.as_of, score.c.id)
)


def by_unit(tx: Transaction) -> dict[UnitId, Kept]:
    """Every row that is kept, by unit."""
    return {row.unit_id: tuple(row[1:]) for row in tx.connection.execute(_KEPT)}


def recounted(tx: Transaction) -> dict[UnitId, Kept]:
    """What the rows should be, from all scores."""
    found: dict[UnitId, Kept] = {}
    for unit_id, as_of, shown, enough in tx.connection.execute(_SCORED):
        before = found.get(unit_id)
        if before is None or Month.of(before[0]) == Month.of(as_of):
            earlier = before[3:] if before else (None, None)
        else:
            earlier = (before[1], before[0])
        found[unit_id] = (as_of, shown, enough, *earlier)
    return found
