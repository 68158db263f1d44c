"""Stored scores with the inputs that gave them, and the versions of the method they were made with."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, bindparam, insert, select

from followup.bands import Band, BandState
from followup.risk import Score
from followup.risk_config import FIRST_BASE_LEVELS, FIRST_CONFIG, BaseLevels, RiskConfig
from storage.database import Transaction, insert_new
from storage.tables import base_levels, risk_config, score


@dataclass(frozen=True)
class StoredScore:
    """`red_since` is the as-of day of the reading that made the rate band red; it names the episode."""

    id: int
    unit_id: int
    as_of: date
    month_end: bool
    r: float
    p: float
    pt: float
    n: int
    index: int
    rate_band: Band
    calm: int
    red_since: date | None
    floor: Band | None
    shown: Band
    enough: bool
    inputs: str
    inputs_sha256: str

    @property
    def state(self) -> BandState:
        return BandState(self.rate_band, self.calm)


def add_first_method(tx: Transaction) -> None:
    """Puts the adopted start values in place unless they are there."""
    first = FIRST_CONFIG
    insert_new(
        tx,
        risk_config,
        id=first.id,
        valid_from=first.valid_from,
        decided_by=first.decided_by,
        parameters=first.parameters(),
    )
    levels = {segment: str(level) for segment, level in FIRST_BASE_LEVELS.levels.items()}
    insert_new(
        tx, base_levels, id=FIRST_BASE_LEVELS.id, valid_from=FIRST_BASE_LEVELS.valid_from, levels=levels
    )


def config_on(tx: Transaction, day: date) -> RiskConfig:
    """The configuration in force that day; the earliest one for days before it."""
    rows = tx.connection.execute(_CONFIGS).all()
    row = ([row for row in rows if row.valid_from <= day] or rows[:1])[-1]
    return _config(row.id, row.valid_from, row.decided_by, frozenset(row.parameters.items()))


@lru_cache(maxsize=64)
def _config(
    id_: str, valid_from: date, decided_by: str, parameters: frozenset[tuple[str, str]]
) -> RiskConfig:
    """Parsing some forty decimals in every turn was a tenth of what a hand-in cost."""
    return RiskConfig.of(id_, valid_from, decided_by, dict(parameters))


def base_levels_on(tx: Transaction, day: date) -> BaseLevels:
    rows = tx.connection.execute(_BASE_LEVELS).all()
    row = ([row for row in rows if row.valid_from <= day] or rows[:1])[-1]
    return BaseLevels(row.id, row.valid_from, {name: Decimal(level) for name, level in row.levels.items()})


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
    sums = {name: getattr(scored, name) for name in ("o", "e", "ot", "et")}
    kept = {name: value for name, value in vars(new).items() if name != "id"}
    made = {"scored_at": now, "config_id": config_id, "base_levels_id": base_levels_id}
    score_id: int = tx.connection.execute(_INSERT, {**sums, **kept, **made}).scalar_one()
    return replace(new, id=score_id)


_NEWEST_FIRST = (
    select(score)
    .where(score.c.unit_id == bindparam("unit_id"), score.c.as_of <= bindparam("until"))
    .order_by(score.c.as_of.desc(), score.c.id.desc())
    .limit(1)
)
_LATEST_MONTH_END = _NEWEST_FIRST.where(score.c.month_end)
_LATEST_WITHIN = _NEWEST_FIRST.where(~score.c.month_end, score.c.as_of >= bindparam("first"))
_BY_ID = select(score).where(score.c.id == bindparam("score_id"))
_CONFIGS = select(risk_config).order_by(risk_config.c.valid_from)
_BASE_LEVELS = select(base_levels).order_by(base_levels.c.valid_from)
_INSERT = insert(score).returning(score.c.id)


def latest(tx: Transaction, unit_id: int, until: date = date.max) -> StoredScore | None:
    """The unit's last stored score as of the day or earlier."""
    row = tx.connection.execute(_NEWEST_FIRST, {"unit_id": unit_id, "until": until}).one_or_none()
    return None if row is None else _stored(row)


def latest_within(tx: Transaction, unit_id: int, first: date, last: date) -> StoredScore | None:
    """The last of the unit's readings between month ends that are as of a day from the first to the last."""
    values = {"unit_id": unit_id, "first": first, "until": last}
    row = tx.connection.execute(_LATEST_WITHIN, values).one_or_none()
    return None if row is None else _stored(row)


def latest_month_end(tx: Transaction, unit_id: int, until: date = date.max) -> StoredScore | None:
    """The unit's last month-end reading as of the day or earlier."""
    row = tx.connection.execute(_LATEST_MONTH_END, {"unit_id": unit_id, "until": until}).one_or_none()
    return None if row is None else _stored(row)


def get(tx: Transaction, score_id: int) -> StoredScore:
    return _stored(tx.connection.execute(_BY_ID, {"score_id": score_id}).one())


def month_ends(tx: Transaction, unit_id: int) -> dict[date, StoredScore]:
    """The standing month-end reading of each month, oldest first."""
    query = select(score).where(score.c.unit_id == unit_id, score.c.month_end)
    rows = tx.connection.execute(query.order_by(score.c.as_of, score.c.id))
    return {row.as_of: _stored(row) for row in rows}


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
        index=row._mapping["index"],
        rate_band=row.rate_band,
        calm=row.calm,
        red_since=row.red_since,
        floor=row.floor,
        shown=row.shown,
        enough=row.enough,
        inputs=row.inputs,
        inputs_sha256=row.inputs_sha256,
    )
