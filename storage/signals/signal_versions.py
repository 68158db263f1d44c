"""A signal's history: every version with who made it, when and why, and who raised it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from followup import PersonId, SignalId
from followup.signals.signal import Signal
from storage.engine.database import Transaction
from storage.engine.tables import signal, signal_version
from storage.signals import signals


@dataclass(frozen=True)
class SignalVersion:
    """`reason` is None in the first version and where a file gave it; a file's version may have no author."""

    signal: Signal
    recorded_at: datetime
    imported: bool
    reason: str | None


_HISTORY = (
    select(signal_version, signal.c.unit_id, signal.c.placement_id, signal.c.task_id)
    .join(signal, signal.c.id == signal_version.c.signal_id)
    .where(signal_version.c.signal_id == bindparam("signal_id"))
    .order_by(signal_version.c.version)
)
_RAISERS = select(signal_version.c.signal_id, signal_version.c.author_id).where(
    signal_version.c.signal_id.in_(bindparam("signal_ids", expanding=True)),
    signal_version.c.version == 1,
    signal_version.c.author_id.is_not(None),
)
_LAST_DECIDED = select(func.max(signal_version.c.version)).where(
    signal_version.c.signal_id == bindparam("signal_id"), signal_version.c.decided
)


def history(tx: Transaction, signal_id: SignalId) -> list[SignalVersion]:
    """Every version, the first one first."""
    rows = tx.connection.execute(_HISTORY, {"signal_id": signal_id})
    return [
        SignalVersion(signals.read(row), row.recorded_at, row.imported, tx.vault.open_some(row.reason))
        for row in rows
    ]


def raised_by(tx: Transaction, signal_ids: Iterable[SignalId]) -> dict[SignalId, PersonId]:
    """Who handed in each signal, by its id; those that came from files without a person are left out."""
    rows = tx.connection.execute(_RAISERS, {"signal_ids": list(signal_ids)})
    return {row.signal_id: row.author_id for row in rows}


def last_decided(tx: Transaction, signal_id: SignalId) -> int | None:
    """The newest version in which a decision stood; None when none has ever been recorded."""
    version: int | None = tx.connection.execute(_LAST_DECIDED, {"signal_id": signal_id}).scalar_one()
    return version
