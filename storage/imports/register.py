"""The register as files give it: what is known already, and staging what differs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, select

from followup import PersonId, PlacementId, UnitId
from followup.clocks.rows import OwnClock
from followup.terms import LEFT_REGISTER, OwnTerm
from storage.clocks.own import own_clocks
from storage.engine import tables
from storage.engine.database import Transaction
from storage.engine.imported import with_staged
from storage.imports.ownership import OWNERSHIP, save_owners
from storage.imports.staging import Record, Staging, pieces
from storage.imports.upsert import Key, Saved, ids, upsert
from storage.messages import conversations

PlacementKey = tuple[str, str, date]


@dataclass(frozen=True)
class KnownPerson:
    role: str
    active: bool
    teams_id: str | None


@dataclass(frozen=True)
class KnownRegister:
    """What the database holds already, by the keys that files use; placements with their last day."""

    people: Mapping[str, KnownPerson] = field(default_factory=dict)
    providers: frozenset[str] = frozenset()
    units: Mapping[str, str] = field(default_factory=dict)
    terms: Sequence[OwnTerm] = ()
    clocks: Sequence[OwnClock] = ()
    placements: Mapping[PlacementKey, date | None] = field(default_factory=dict)


def own_terms(tx: Transaction) -> list[OwnTerm]:
    """What the municipality's own file of terms has said."""
    term = tables.term
    return [
        OwnTerm(
            row.kind,
            row.code,
            row.word,
            row.english,
            row.valid_from,
            row.valid_to,
            Decimal(row.level) if row.level else None,
            row.corresponds,
        )
        for row in tx.connection.execute(select(term).order_by(term.c.kind, term.c.code))
    ]


def known_register(tx: Transaction) -> KnownRegister:
    person, unit, provider = tables.person, tables.unit, tables.provider
    people = tx.connection.execute(select(person.c.key, person.c.role, person.c.active, person.c.teams_id))
    return KnownRegister(
        people={key: KnownPerson(role, active, teams_id) for key, role, active, teams_id in people},
        providers=frozenset(tx.connection.scalars(select(provider.c.org_number))),
        units={row.key: row.form for row in tx.connection.execute(select(unit.c.key, unit.c.form))},
        terms=own_terms(tx),
        clocks=own_clocks(tx),
        placements={key: ends for key, (_, ends) in _placements(tx, tables.placement, tables.unit).items()},
    )


def _placements(
    tx: Transaction, placement: Table, unit: Table
) -> dict[PlacementKey, tuple[PlacementId, date | None]]:
    columns = (placement.c.id, placement.c.case_reference, unit.c.key, placement.c.starts, placement.c.ends)
    found = tx.connection.execute(select(*columns).join(unit, unit.c.id == placement.c.unit_id))
    return {(case, unit_key, starts): (id_, ends) for id_, case, unit_key, starts, ends in found}


def placement_ids(tx: Transaction) -> dict[PlacementKey, PlacementId]:
    """Those of placements that are being staged as well."""
    found = _placements(tx, with_staged(tables.placement), with_staged(tables.unit))
    return {key: id_ for key, (id_, _) in found.items()}


def save_people(staging: Staging, records: Sequence[Record], defaults: Record) -> Saved:
    """Two passes, since a manager may stand below those that name her."""
    alone = [{**record, "manager": None} for record in records]
    stored = ids(staging.look, tables.person)
    new = [record for record in alone if record["key"] not in stored]
    created = upsert(staging, tables.person, ("key",), [_linked(row, {}) for row in new], defaults).created
    links = {"manager": ids(staging.look, tables.person)}
    saved = upsert(staging, tables.person, ("key",), [_linked(row, links) for row in records], defaults)
    changed = saved.changed - created
    return Saved(created, changed, len(records) - len(created) - len(changed))


def make_valid(staging: Staging, tx: Transaction, now: datetime) -> None:
    """All that has been staged is there from now on, and who has another account is not written to in the old one."""
    changed = [PersonId(one) for one in staging.changed_ids(tables.person)]
    before = _accounts(tx, changed)
    staging.make_valid(tx, now)
    _drop_conversations_of(tx, before, _accounts(tx, changed))


def _accounts(tx: Transaction, person_ids: Sequence[PersonId]) -> dict[PersonId, tuple[str | None, str]]:
    person = tables.person
    query = select(person.c.id, person.c.teams_id, person.c.tenant)
    return {
        row.id: (row.teams_id, row.tenant)
        for some in pieces(person_ids)
        for row in tx.connection.execute(query.where(person.c.id.in_(some)))
    }


def _drop_conversations_of(
    tx: Transaction,
    before: Mapping[PersonId, tuple[str | None, str]],
    after: Mapping[PersonId, tuple[str | None, str]],
) -> None:
    """Behind another account somebody else may read: nothing more goes where the old one did."""
    for person_id, account in before.items():
        if after[person_id] != account:
            conversations.forget(tx, person_id=person_id)


def save_providers(staging: Staging, records: Sequence[Record], defaults: Record) -> Saved:
    return upsert(staging, tables.provider, ("org_number",), records, defaults)


def save_terms(staging: Staging, records: Sequence[Record], defaults: Record) -> Saved:
    return upsert(staging, tables.term, ("kind", "code"), records, defaults)


def save_clocks(staging: Staging, records: Sequence[Record], defaults: Record) -> Saved:
    return upsert(staging, tables.clock_term, ("code",), records, defaults)


def save_units(staging: Staging, records: Sequence[Record], defaults: Record) -> Saved:
    links = {"provider": ids(staging.look, tables.provider, "org_number")}
    return upsert(staging, tables.unit, ("key",), [_linked(row, links) for row in records], defaults)


def save_contracts(staging: Staging, records: Sequence[Record], defaults: Record) -> Saved:
    links = {"unit": ids(staging.look, tables.unit), "owner": ids(staging.look, tables.person)}
    return upsert(staging, tables.contract, ("key",), [_linked(row, links) for row in records], defaults)


def save_events(staging: Staging, records: Sequence[Record], defaults: Record, now: datetime) -> Saved:
    """What is told of a unit beside the evidence; a decision that is told again has only been checked again."""
    links = {"unit": ids(staging.look, tables.unit)}
    rows = [_linked(row, links) for row in records]
    fresh = {**defaults, "known_at": now}
    key = ("unit_id", "happened_on", "kind", "source")
    return upsert(staging, tables.unit_event, key, rows, fresh, unless_there=True)


def save_placements(staging: Staging, records: Sequence[Record], defaults: Record, now: datetime) -> Saved:
    """Keys of what was saved are (case reference, unit key, start); a new owner makes a placement changed."""
    links = {"unit": ids(staging.look, tables.unit)}
    unit_keys = {id_: key for key, id_ in links["unit"].items()}
    rows = [_linked(_without_owner(record), links) for record in records]
    fresh = {**_without_owner(defaults), "registered_at": now}
    saved = upsert(staging, tables.placement, ("case_reference", "unit_id", "starts"), rows, fresh)

    def named(keys: Collection[Key]) -> frozenset[Key]:
        return frozenset((case, unit_keys[unit_id], starts) for case, unit_id, starts in keys)

    created = named(saved.created)
    changed = (
        named(saved.changed) | save_owners(staging, records, placement_ids(staging.look), now)
    ) - created
    return Saved(created, changed, len(records) - len(created) - len(changed))


def _without_owner(record: Record) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in OWNERSHIP}


def missing_placements(
    tx: Transaction, present: Collection[Key | None], today: date
) -> dict[Key, PlacementId]:
    """Open placements, by key, that are not among those present."""
    return {
        key: id_
        for key, (id_, ends) in _placements(tx, tables.placement, tables.unit).items()
        if key not in present and (ends is None or ends > today)
    }


def end_placements(staging: Staging, placements: Mapping[Key, PlacementId], today: date) -> None:
    """A placement that has not begun ends on its first day, since it may not end before it."""
    for (_, _, starts), id_ in placements.items():
        ended = {"ends": max(today, starts), "end_reason": LEFT_REGISTER}
        staging.change(tables.placement, id_, ended)


def _linked(record: Record, links: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """With the key of another row exchanged for its id."""
    references = ("manager", "provider", "unit", "owner")
    row = {name: value for name, value in record.items() if name not in references}
    for name in references:
        if name in record:
            row[f"{name}_id"] = None if record[name] is None else links[name][record[name]]
    return row


def unit_ids(tx: Transaction, unit_keys: Collection[str]) -> frozenset[UnitId]:
    known = ids(tx, tables.unit)
    return frozenset(known[key] for key in unit_keys)
