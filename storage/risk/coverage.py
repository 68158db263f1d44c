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
_imported = signal.alias("imported")
# Along the index of event days, so that the first that an import gave is found without reading them all; where none
# has given any, all of them would be read to find none.
_first_imported = (
    select(signal_version.c.event_on)
    .join(signal, signal.c.id == signal_version.c.signal_id)
    .where(
        signal.c.import_key.is_not(None),
        signal_version.c.version == _newest,
        select(_imported.c.id).where(_imported.c.import_key > "").exists(),
    )
    .order_by(signal_version.c.event_on)
    .limit(1)
)
_FIRST = Prepared(
    select(select(func.min(round_.c.month)).scalar_subquery(), _first_imported.scalar_subquery())
)


def begins(tx: Transaction) -> Month | None:
    """The earliest month of rounds, report rows and imported signals, dismissed and positive ones too."""
    asked_about, happened_on = _FIRST.first(tx.connection, {})
    months = (asked_about, Month.of(happened_on) if happened_on else None)
    return min((one for one in months if one is not None), default=None)
