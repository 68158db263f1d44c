"""Past signals as files give them: the versions stored, and staging what differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, select

from followup import SignalId
from followup.month.versions import Version, against_stored, next_version
from followup.terms import SignalCode
from followup.times.calendar import end_of_day, municipal_day
from storage.engine import tables
from storage.engine.database import Transaction
from storage.engine.imported import with_staged
from storage.imports.register import PlacementKey, placement_ids
from storage.imports.staging import Staging
from storage.imports.upsert import Saved, ids


@dataclass(frozen=True)
class SignalContent:
    """`event` is the key of the first signal about the same event, the signal's own when there is no other."""

    kind: SignalCode
    event_on: date
    consequence: int | None
    occurred: str
    cause: str
    source: str
    marks: str
    praise: bool
    reasons: str
    situation: str | None
    category: str | None
    areas: str
    channel: str | None
    event: str | None
    dismissed: bool
    decided: bool
    text: str | None
    action_taken: str | None


@dataclass(frozen=True)
class SignalRecord:
    key: str
    unit: str
    placement: PlacementKey | None
    registered: date
    content: SignalContent

    @property
    def known_at(self) -> datetime:
        return end_of_day(self.registered)


@dataclass(frozen=True)
class StoredSignal:
    id: SignalId
    unit: str
    case_reference: str | None
    versions: tuple[Version[SignalContent], ...]

    @property
    def imported(self) -> Version[SignalContent]:
        """The newest version that a file gave, whatever people have decided since."""
        return [version for version in self.versions if version.imported][-1]


def stored_signals(tx: Transaction) -> dict[str, StoredSignal]:
    """The signals that came from files, by their keys."""
    signal, version, unit, placement = tables.signal, tables.signal_version, tables.unit, tables.placement
    query = (
        select(signal.c.import_key, unit.c.key.label("unit"), placement.c.case_reference, version)
        .select_from(signal)
        .join(unit, unit.c.id == signal.c.unit_id)
        .join(version, version.c.signal_id == signal.c.id)
        .outerjoin(placement, placement.c.id == signal.c.placement_id)
        .where(signal.c.import_key.is_not(None))
        .order_by(version.c.version)
    )
    stored: dict[str, StoredSignal] = {}
    for row in tx.connection.execute(query).mappings().all():
        earlier = stored.get(row["import_key"])
        versions = (*(earlier.versions if earlier else ()), _signal_version(tx, row))
        stored[row["import_key"]] = StoredSignal(
            row["signal_id"], row["unit"], row["case_reference"], versions
        )
    return stored


_SEALED = ("text", "action_taken")


def _signal_version(tx: Transaction, row: RowMapping) -> Version[SignalContent]:
    values = {name: row[name] for name in SignalContent.__dataclass_fields__}
    opened = {name: tx.vault.open_some(values[name]) for name in _SEALED}
    return Version(row["version"], SignalContent(**{**values, **opened}), row["known_at"], row["imported"])


def save_signals(staging: Staging, records: Sequence[SignalRecord], now: datetime) -> Saved:
    """A row that is `taken` is left as it is; keys of what was saved are (import key, unit key)."""
    tx = staging.look
    stored = stored_signals(tx)
    new = [record for record in records if record.key not in stored]
    signal_ids = _signals(staging, new)
    rows, changed = [], []
    for record in records:
        earlier = stored.get(record.key)
        versions = earlier.versions if earlier else ()
        if against_stored(versions, record.content) in ("new", "changed"):
            head = {
                "signal_id": signal_ids[record.key],
                "version": next_version(versions),
                "known_at": end_of_day(municipal_day(now)) if versions else record.known_at,
                "recorded_at": now,
                "imported": True,
            }
            rows.append({**head, **_signal_columns(tx, record.content)})
            changed.append(record)
    staging.put_in(tables.signal_version, rows, unless_there=True)
    created = frozenset((record.key, record.unit) for record in new)
    updated = frozenset((record.key, record.unit) for record in changed) - created
    staging.staged(len(records))
    return Saved(created, updated, len(records) - len(created) - len(updated))


def _signals(staging: Staging, new: Sequence[SignalRecord]) -> dict[str, int]:
    """The ids of all imported signals, after the new ones are made."""
    units, placements = ids(staging.look, tables.unit), placement_ids(staging.look)
    staging.put_in(
        tables.signal,
        [
            {
                "unit_id": units[record.unit],
                "placement_id": placements[record.placement] if record.placement else None,
                "import_key": record.key,
            }
            for record in new
        ],
    )
    signal = with_staged(tables.signal)
    found = staging.look.connection.execute(
        select(signal.c.import_key, signal.c.id).where(signal.c.import_key.is_not(None))
    )
    return {key: id_ for key, id_ in found if key is not None}


def _signal_columns(tx: Transaction, content: SignalContent) -> dict[str, Any]:
    values = {name: getattr(content, name) for name in SignalContent.__dataclass_fields__}
    return {**values, **{name: tx.vault.seal_some(values[name]) for name in _SEALED}}
