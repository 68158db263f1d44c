"""Stored scores with the inputs that gave them, and the versions of the method they were made with."""

import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, Text, and_, bindparam, cast, func, insert, select

from followup import UnitId
from followup.risk.risk import Score
from followup.risk.risk_config import FIRST_BASE_LEVELS, FIRST_CONFIG, BaseLevels, RiskConfig
from followup.risk.stored_score import METHOD_NAME, Measured, StoredScore
from followup.times.calendar import municipal_day
from storage.engine.columns import Instant
from storage.engine.database import Transaction, insert_new
from storage.engine.prepared import Prepared
from storage.engine.tables import base_levels, risk_config, score

SUMS = ("o", "e", "ot", "et")
METHOD = ("config_id", "base_levels_id")


def add_first_method(tx: Transaction) -> None:
    """Puts the adopted start values in place unless they are there."""
    first = FIRST_CONFIG
    insert_new(
        tx,
        risk_config,
        id=first.id,
        valid_from=first.valid_from,
        decided_by=first.decided_by,
        parameters=first.stored(),
    )
    base = FIRST_BASE_LEVELS
    insert_new(
        tx,
        base_levels,
        id=base.id,
        valid_from=base.valid_from,
        levels={segment: str(level) for segment, level in base.levels.items()},
        per_report=str(base.per_report),
    )


def method_on(tx: Transaction, day: date) -> tuple[RiskConfig, BaseLevels]:
    """The configuration and the base levels in force that day; the earliest ones for days before them."""
    row = _METHOD.first(tx.connection, {"day": day})
    return _config(*row[:4]), _base_levels(*row[4:])


# Parsing some forty decimals in every turn was a tenth of what a hand-in cost.
@lru_cache(maxsize=64)
def _config(id_: str, valid_from: date, decided_by: str, parameters: str) -> RiskConfig:
    return RiskConfig.of(id_, valid_from, decided_by, json.loads(parameters))


@lru_cache(maxsize=64)
def _base_levels(id_: str, valid_from: date, levels: str, per_report: str) -> BaseLevels:
    by_segment = {name: Decimal(level) for name, level in json.loads(levels).items()}
    return BaseLevels(id_, valid_from, by_segment, Decimal(per_report))


def save(
    tx: Transaction,
    new: StoredScore,
    scored: Score,
    *,
    config_id: str,
    base_levels_id: str,
    now: datetime,
) -> StoredScore:
    """Stores the score and gives it its id."""
    sums = {name: getattr(scored, name) for name in SUMS}
    kept = {name: value for name, value in vars(new).items() if name != "id"}
    made = {"scored_at": now, "config_id": config_id, "base_levels_id": base_levels_id}
    score_id: int = _INSERT.first(tx.connection, {**sums, **kept, **made})[0]
    return replace(new, id=score_id)


_BY_METHOD = score.c.method == METHOD_NAME
_NEWEST_FIRST = (
    select(score)
    .where(_BY_METHOD, score.c.unit_id == bindparam("unit_id"), score.c.as_of <= bindparam("until"))
    .order_by(score.c.as_of.desc(), score.c.id.desc())
    .limit(1)
)
_LATEST = Prepared(_NEWEST_FIRST)
_LATEST_MONTH_END = Prepared(_NEWEST_FIRST.where(score.c.month_end))
# Without the proof, which of a large unit is some megabytes.
_NEWEST_ID = Prepared(_NEWEST_FIRST.with_only_columns(score.c.id))
_LAST_MONTH_END = Prepared(_NEWEST_FIRST.where(score.c.month_end).with_only_columns(score.c.as_of))
_LATEST_WITHIN = Prepared(_NEWEST_FIRST.where(~score.c.month_end, score.c.as_of >= bindparam("first")))
_SINCE = Prepared(
    select(score.c.id)
    .where(
        _BY_METHOD,
        score.c.unit_id == bindparam("unit_id"),
        score.c.as_of >= bindparam("first"),
        score.c.scored_at > bindparam("moment", type_=Instant),
        ~score.c.month_end,
    )
    .limit(1)
)
_BY_ID = select(score).where(score.c.id == bindparam("score_id"))
_IN_ORDER = select(score).where(score.c.unit_id == bindparam("unit_id")).order_by(score.c.id)


def _in_force(table: Table) -> ColumnElement[bool]:
    """The last of those that had begun on the day, else the first of all."""
    begun, all_ = table.alias(), table.alias()
    newest = select(begun.c.id).where(begun.c.valid_from <= bindparam("day"))
    earliest = select(all_.c.id).order_by(all_.c.valid_from, all_.c.id).limit(1)
    return table.c.id == func.coalesce(
        newest.order_by(begun.c.valid_from.desc(), begun.c.id.desc()).limit(1).scalar_subquery(),
        earliest.scalar_subquery(),
    )


_METHOD = Prepared(
    select(
        risk_config.c.id,
        risk_config.c.valid_from,
        risk_config.c.decided_by,
        cast(risk_config.c.parameters, Text),
        base_levels.c.id,
        base_levels.c.valid_from,
        cast(base_levels.c.levels, Text),
        base_levels.c.per_report,
    ).select_from(risk_config.join(base_levels, and_(_in_force(risk_config), _in_force(base_levels))))
)
_INSERT = Prepared(insert(score).returning(score.c.id))


def latest(tx: Transaction, unit_id: UnitId, until: date = date.max) -> StoredScore | None:
    """The unit's last stored score as of the day or earlier."""
    row = _LATEST.first(tx.connection, {"unit_id": unit_id, "until": until})
    return None if row is None else _stored(row)


def newest_id(tx: Transaction, unit_id: UnitId) -> int | None:
    """Another one whenever a later day or the same has been read."""
    row = _NEWEST_ID.first(tx.connection, {"unit_id": unit_id, "until": date.max})
    return None if row is None else int(row.id)


def last_month_end(tx: Transaction, unit_id: UnitId) -> date | None:
    """Of which day the unit's last month-end reading is."""
    row = _LAST_MONTH_END.first(tx.connection, {"unit_id": unit_id, "until": date.max})
    day: date | None = None if row is None else row.as_of
    return day


def latest_within(tx: Transaction, unit_id: UnitId, first: date, last: date) -> StoredScore | None:
    """The last of the unit's readings between month ends that are as of a day from the first to the last."""
    values = {"unit_id": unit_id, "first": first, "until": last}
    row = _LATEST_WITHIN.first(tx.connection, values)
    return None if row is None else _stored(row)


def is_scored_since(tx: Transaction, unit_id: UnitId, moment: datetime) -> bool:
    """Whether the unit has been scored, and not only its past months read, after the moment."""
    values = {"unit_id": unit_id, "first": municipal_day(moment), "moment": moment}
    return _SINCE.first(tx.connection, values) is not None


def latest_month_end(tx: Transaction, unit_id: UnitId, until: date = date.max) -> StoredScore | None:
    """The unit's last month-end reading as of the day or earlier."""
    row = _LATEST_MONTH_END.first(tx.connection, {"unit_id": unit_id, "until": until})
    return None if row is None else _stored(row)


_MADE_BY = (
    select(score)
    .where(
        score.c.unit_id == bindparam("unit_id"),
        score.c.as_of >= bindparam("first"),
        score.c.as_of <= bindparam("last"),
        score.c.scored_at <= bindparam("moment", type_=Instant),
    )
    .order_by(score.c.id.desc())
    .limit(1)
)


def last_made(
    tx: Transaction, unit_id: UnitId, moment: datetime, last: date, first: date = date.min
) -> StoredScore | None:
    """The reading made last by the moment, of those as of the days, whatever method made it."""
    values = {"unit_id": unit_id, "first": first, "last": last, "moment": moment}
    row = tx.connection.execute(_MADE_BY, values).one_or_none()
    return None if row is None else _stored(row)


def get(tx: Transaction, score_id: int) -> StoredScore:
    return _stored(tx.connection.execute(_BY_ID, {"score_id": score_id}).one())


def month_ends(tx: Transaction, unit_id: UnitId) -> dict[date, StoredScore]:
    """The standing month-end reading of each month, oldest first."""
    query = select(score).where(_BY_METHOD, score.c.unit_id == unit_id, score.c.month_end)
    rows = tx.connection.execute(query.order_by(score.c.as_of, score.c.id))
    return {row.as_of: _stored(row) for row in rows}


_INDEXES = (
    select(score.c.as_of, score.c["index"], score.c.e, score.c.et)
    .where(_BY_METHOD, score.c.unit_id == bindparam("unit_id"), score.c.month_end)
    .order_by(score.c.as_of, score.c.id)
)


def indexes(tx: Transaction, unit_id: UnitId) -> dict[date, Measured]:
    """The standing index of each month's end, oldest first."""
    rows = tx.connection.execute(_INDEXES, {"unit_id": unit_id})
    return {row[0]: Measured(*row[1:]) for row in rows}


_INDEX = list(score.c).index(score.c["index"])


def by_earlier_methods(tx: Transaction) -> int:
    """How many scores are kept as history, since they were made by a method that is no longer in the code."""
    query = select(func.count()).select_from(score).where(~_BY_METHOD)
    return int(tx.connection.execute(query).scalar_one())


def in_order_stored(tx: Transaction, unit_id: UnitId) -> list[tuple[StoredScore, dict[str, object]]]:
    """Every score of the unit as they were stored one after another, each with its sums and its method's ids."""
    rows = tx.connection.execute(_IN_ORDER, {"unit_id": unit_id})
    return [(_stored(row), {name: getattr(row, name) for name in (*SUMS, *METHOD)}) for row in rows]


def _stored(row: Row[Any]) -> StoredScore:
    return StoredScore(
        id=row.id,
        unit_id=row.unit_id,
        as_of=row.as_of,
        month_end=row.month_end,
        r=row.r,
        p=row.p,
        pt=row.pt,
        n=row.n,
        index=row[_INDEX],
        rate_band=row.rate_band,
        calm=row.calm,
        red_since=row.red_since,
        floor=row.floor,
        shown=row.shown,
        enough=row.enough,
        inputs=row.inputs,
        inputs_sha256=row.inputs_sha256,
        method=row.method,
    )
