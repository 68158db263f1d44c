"""Builders with defaults: people, units and placements in a database, and the times that tests speak of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import count
from typing import TypeVar
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import Table, insert

from followup import PersonId, PlacementId, RoundId, UnitId
from followup.overview.digest import DigestChoice
from followup.times.calendar import at_municipal
from followup.times.month import Month
from storage.engine.database import Transaction
from storage.engine.tables import metadata, ownership, person, placement, provider, round_, unit
from storage.messages import claiming
from storage.messages.delivery import Delivery
from storage.overview import digests
from storage.register import people
from storage.times import wakes

Id = TypeVar("Id", bound=int)


def at(text: str) -> datetime:
    """A municipal time: `2026-11-02 08:00`, or the day alone for 08:00."""
    day, _, clock = text.partition(" ")
    return at_municipal(date.fromisoformat(day), time.fromisoformat(clock or "08:00"))


def aad(key: str) -> str:
    """The person's id in Entra, the same each time."""
    return str(uuid5(NAMESPACE_OID, key))


@dataclass
class Register:
    """A register under construction; every adder gives the new row's id."""

    tx: Transaction
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def person(
        self,
        key: str = "anna",
        role: str = "worker",
        *,
        team: str | None = "Barn",
        manager_id: PersonId | None = None,
        active: bool = True,
        language: str = "sv",
    ) -> PersonId:
        return self._add(
            person,
            PersonId,
            key=key,
            name=f"{key.capitalize()} Test",
            role=role,
            team=team,
            manager_id=manager_id,
            language=language,
            active=active,
            teams_id=aad(key),
        )

    def unit(
        self, key: str = "", *, form: str = "hvb", name: str = "", provider_id: int | None = None
    ) -> UnitId:
        number = next(self.numbers)
        return self._add(
            unit,
            UnitId,
            key=key or f"E{number}",
            provider_id=provider_id or self.provider(),
            name=name or f"Enhet {key or number}",
            form=form,
            ownership="private",
        )

    def measured(self, since: str = "2025-01") -> None:
        """Measuring began that month: a file told of its reports, and nobody was asked."""
        month = Month.parse(since)
        over = at_municipal(month.next.first, time(8))
        self._add(
            round_,
            RoundId,
            month=month,
            opened_at=over,
            deadline=over,
            closes_at=over,
            asks=False,
            escalated_at=over,
        )

    def provider(self, name: str = "") -> int:
        number = next(self.numbers)
        return self._add(provider, int, org_number=f"559900-{number:04d}", name=name or f"Utförare {number}")

    def placement(
        self,
        owner_id: PersonId | None,
        unit_id: UnitId,
        *,
        case: str = "",
        starts: str = "2025-01-01",
        ends: str | None = None,
        substitute_id: PersonId | None = None,
    ) -> PlacementId:
        number = next(self.numbers)
        placement_id = self._add(
            placement,
            PlacementId,
            case_reference=case or f"AKT-{number:04d}",
            unit_id=unit_id,
            starts=date.fromisoformat(starts),
            ends=date.fromisoformat(ends) if ends else None,
            end_reason="planned_end" if ends else None,
            legal_ground="sol",
            registered_at=at("2025-01-01"),
        )
        if owner_id is not None:
            self.owner(placement_id, owner_id, substitute_id=substitute_id, since=starts)
        return placement_id

    def owner(
        self,
        placement_id: PlacementId,
        owner_id: PersonId,
        *,
        substitute_id: PersonId | None = None,
        since: str = "2025-01-01",
    ) -> int:
        return self._add(
            ownership,
            int,
            placement_id=placement_id,
            owner_id=owner_id,
            substitute_id=substitute_id,
            since=date.fromisoformat(since),
            recorded_at=at("2025-01-01"),
        )

    def _add(self, table: Table, kind: Callable[[int], Id], **values: object) -> Id:
        row_id: int = self.tx.connection.execute(
            insert(table).values(**values).returning(table.c.id)
        ).scalar_one()
        return kind(row_id)


def without_digests(tx: Transaction) -> None:
    """Nobody has wanted the weekly digest, which has tests of its own."""
    for person_id in people.everyone(tx):
        digests.choose(tx, person_id, DigestChoice(wanted=False), at("2026-01-01"))


def sizes(tx: Transaction) -> dict[str, int]:
    """How much there is in every table, asked in one statement."""
    each = (f"select '{name}', count(*) from \"{name}\"" for name in metadata.tables)
    return {row[0]: row[1] for row in tx.connection.exec_driver_sql(" union all ".join(each))}


def claim_one(tx: Transaction, owner: str, now: datetime) -> Delivery | None:
    """The next due message, marked as being sent by the owner, when all that is due at the moment has been decided."""
    wakes.record(tx, now, None)
    for one in claiming.due(tx, now, 1):
        claiming.reserve(tx, one, owner, now, now)
        assert claiming.start(tx, [one.id], owner, now)
        return one
    return None
