"""Who answers for a placement, as files give it: a new row for each change, and none for a repetition."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from followup import PersonId, PlacementId
from followup.times.calendar import municipal_day
from storage.engine import tables
from storage.engine.database import Transaction, insert_all
from storage.imports.staging import Record, Staging
from storage.imports.upsert import Key, ids

OWNERSHIP = ("owner", "substitute", "owner_since")


@dataclass(frozen=True)
class _Owner:
    owner_id: PersonId
    substitute_id: PersonId | None
    since: date


def save_owners(
    staging: Staging, records: Sequence[Record], placements: Mapping[Key, PlacementId], now: datetime
) -> frozenset[Key]:
    """A row for each placement whose owner or substitute is not the newest one already; history is kept."""
    people, history = ids(staging.look, tables.person), _owners(staging.look)
    changed: dict[Key, Mapping[str, Any]] = {}
    for record in records:
        key = (record["case_reference"], record["unit"], record["starts"])
        earlier = history.get(placements[key], [])
        if owner := _next_owner(record, earlier, people, municipal_day(now)):
            changed[key] = {"placement_id": placements[key], **asdict(owner), "recorded_at": now}
    staging.put_in(tables.ownership, list(changed.values()))
    return frozenset(changed)


def _owners(tx: Transaction) -> dict[PlacementId, list[_Owner]]:
    """By placement, oldest first."""
    row = tables.ownership.c
    columns = (row.placement_id, row.owner_id, row.substitute_id, row.since)
    owners: dict[PlacementId, list[_Owner]] = {}
    for placement_id, owner_id, substitute_id, since in tx.connection.execute(
        select(*columns).order_by(row.id)
    ):
        owners.setdefault(placement_id, []).append(_Owner(owner_id, substitute_id, since))
    return owners


def _next_owner(
    record: Record, earlier: Sequence[_Owner], people: Mapping[str, PersonId], today: date
) -> _Owner | None:
    """None when the newest owner and substitute are those of the file already."""
    owner_id, given = people[record["owner"]], record.get("owner_since")
    if not earlier:
        return _Owner(owner_id, people.get(record.get("substitute") or ""), given or record["starts"])
    last = earlier[-1]
    kept = last.substitute_id if last.owner_id == owner_id else None
    substitute_id = people.get(record["substitute"] or "") if "substitute" in record else kept
    if (owner_id, substitute_id) == (last.owner_id, last.substitute_id):
        return None
    # An owner from before the newest one would never be the current one, so an old day given is not used.
    since = given if given and given > last.since else max(today, last.since)
    return _Owner(owner_id, substitute_id, since)


def hand_over(
    tx: Transaction, placement_ids: Sequence[PlacementId], owner_id: PersonId, since: date, now: datetime
) -> None:
    """A person's decision: the placements have a new owner from the day, and no substitute of the old one's."""
    new = {"owner_id": owner_id, "substitute_id": None, "since": since, "recorded_at": now}
    insert_all(tx, tables.ownership, [{"placement_id": one, **new} for one in placement_ids])
