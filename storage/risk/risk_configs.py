"""The risk method's configurations as they have been adopted, and the days of a unit's stored readings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, insert, or_, select

from followup import UnitId
from followup.risk.risk_config import RiskConfig
from followup.risk.stored_score import METHOD_NAME
from storage.engine.database import Transaction
from storage.engine.tables import base_levels, risk_config, score


@dataclass(frozen=True)
class ReadingDay:
    """A day on which the unit was scored, with the highest index that it had then."""

    as_of: date
    month_end: bool
    index: int


_ADOPTED = select(risk_config).order_by(risk_config.c.valid_from, risk_config.c.id)
_NEWEST_SCORES = (
    select(func.max(score.c.id))
    .where(score.c.unit_id > bindparam("after"), score.c.unit_id <= bindparam("last_unit"))
    .group_by(score.c.unit_id)
)
# In the order in which units are locked.
_OTHERWISE_SCORED = (
    select(score.c.unit_id)
    .where(
        score.c.id.in_(_NEWEST_SCORES),
        or_(score.c.config_id != bindparam("config_id"), score.c.base_levels_id != bindparam("levels_id")),
    )
    .order_by(score.c.unit_id)
)
_VERSIONS = select(
    select(func.count()).select_from(risk_config).scalar_subquery()
    + select(func.count()).select_from(base_levels).scalar_subquery()
)
_DAYS = (
    select(score.c.as_of, score.c.month_end, func.max(score.c.index))
    .where(
        score.c.method == METHOD_NAME,
        score.c.unit_id == bindparam("unit_id"),
        score.c.as_of >= bindparam("first"),
        score.c.as_of <= bindparam("last"),
    )
    .group_by(score.c.as_of, score.c.month_end)
    .order_by(score.c.as_of, score.c.month_end)
)


def adopted(tx: Transaction) -> Sequence[RiskConfig]:
    """Every configuration, the one that holds longest last."""
    rows = tx.connection.execute(_ADOPTED)
    return [RiskConfig.of(row.id, row.valid_from, row.decided_by, row.parameters) for row in rows]


def adopt(tx: Transaction, config: RiskConfig, reason: str, now: datetime) -> None:
    tx.connection.execute(
        insert(risk_config).values(
            id=config.id,
            valid_from=config.valid_from,
            decided_by=config.decided_by,
            parameters=config.stored(),
            reason=tx.vault.seal(reason),
            recorded_at=now,
        )
    )


def number_of_versions(tx: Transaction) -> int:
    """Of configurations and base levels together."""
    return int(tx.connection.execute(_VERSIONS).scalar_one())


def units_scored_otherwise(
    tx: Transaction, config_id: str, levels_id: str, after: UnitId, last: UnitId
) -> list[UnitId]:
    """Of those after the one and up to the other, which were last scored by another configuration or other levels."""
    values = {"config_id": config_id, "levels_id": levels_id, "after": after, "last_unit": last}
    return list(tx.connection.execute(_OTHERWISE_SCORED, values).scalars())


def reading_days(tx: Transaction, unit_id: UnitId, first: date, last: date) -> list[ReadingDay]:
    """Oldest first; a month's end after other readings of its day."""
    values = {"unit_id": unit_id, "first": first, "last": last}
    return [ReadingDay(*row) for row in tx.connection.execute(_DAYS, values)]
