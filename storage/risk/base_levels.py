"""The base levels as they have been adopted, one version a year."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import insert, select

from followup.risk.base_levels import AdoptedLevels
from followup.risk.risk_config import BaseLevels
from storage.engine.database import Transaction
from storage.engine.tables import base_levels

_ADOPTED = select(base_levels).order_by(base_levels.c.valid_from, base_levels.c.id)


def adopted(tx: Transaction) -> Sequence[AdoptedLevels]:
    """Every version, the newest last."""
    return [
        AdoptedLevels(
            BaseLevels(
                row.id,
                row.valid_from,
                {segment: Decimal(level) for segment, level in row.levels.items()},
                Decimal(row.per_report),
            ),
            row.decided_by,
        )
        for row in tx.connection.execute(_ADOPTED)
    ]


def adopt(tx: Transaction, new: AdoptedLevels, reason: str, now: datetime) -> None:
    """A year's levels stand once: the database refuses another version with their id."""
    tx.connection.execute(
        insert(base_levels).values(
            id=new.levels.id,
            valid_from=new.levels.valid_from,
            levels={segment: str(level) for segment, level in new.levels.levels.items()},
            per_report=str(new.levels.per_report),
            decided_by=new.decided_by,
            reason=tx.vault.seal(reason),
            recorded_at=now,
        )
    )
