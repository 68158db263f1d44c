"""The first month of which the municipality has evidence: before it nothing is expected and nothing weighs."""

from sqlalchemy import func, select

from followup.times.month import Month
from storage.engine.database import Transaction
from storage.engine.prepared import Prepared
from storage.engine.tables import round_, signal, signal_version

_later = signal_version.alias("later")
_newest = (
    select(func.max(_later.c.version))
    .where(_later.c.signal_id == signal_version.c.signal_id)
    .correlate(signal_version)
    .scalar_subquery()
)
_FIRST_ROUND = Prepared(select(func.min(round_.c.month)))
# Along the index of event days, so that the first that an import gave is found without reading them all.
_FIRST_IMPORTED = Prepared(
    select(signal_version.c.event_on)
    .join(signal, signal.c.id == signal_version.c.signal_id)
    .where(signal.c.import_key.is_not(None), signal_version.c.version == _newest)
    .order_by(signal_version.c.event_on)
    .limit(1)
)


def begins(tx: Transaction) -> Month | None:
    """The earliest month of rounds, report rows and imported signals, dismissed and positive ones too."""
    round_month = _FIRST_ROUND.first(tx.connection, {})
    event = _FIRST_IMPORTED.first(tx.connection, {})
    found = [row[0] for row in (round_month,) if row is not None and row[0] is not None]
    if event is not None:
        found.append(Month.of(event[0]))
    return min(found, default=None)
