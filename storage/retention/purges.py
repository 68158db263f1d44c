"""Proposals to delete: of which children, who has decided, and what has been done of each."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import orjson
from sqlalchemy import Row, func, insert, select, update

from followup import PersonId
from followup.clocks.retention import Exemption
from storage.engine.database import Transaction
from storage.engine.retention_tables import purge, purge_case
from storage.engine.vault import LogKey

Seat = Literal["chief", "admin"]
SEATS: tuple[Seat, ...] = ("chief", "admin")


@dataclass(frozen=True)
class Purge:
    """`deciders` are the people in each of the two seats, with when."""

    number: int
    plan: Mapping[str, Any]
    proposed_at: datetime
    proposed_by: str
    deciders: Mapping[Seat, tuple[PersonId, datetime]]
    refused_by: PersonId | None
    refused_at: datetime | None
    reason: str | None
    begun_at: datetime | None
    done_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it still waits for a decision."""
        return self.refused_at is None and len(self.deciders) < len(SEATS)

    @property
    def is_decided(self) -> bool:
        return self.refused_at is None and len(self.deciders) == len(SEATS)


@dataclass(frozen=True)
class PurgeCase:
    """`reference` is None once the protocol has been written; `deleted` are rows by table."""

    number: int
    reference: str | None
    digest: str
    key_id: str
    last_on: date
    exemptions: tuple[Exemption, ...]
    deleted: Mapping[str, int] | None
    deleted_at: datetime | None
    kept_because: str | None

    @property
    def is_handled(self) -> bool:
        return self.deleted is not None or self.kept_because is not None


@dataclass(frozen=True)
class ProposedCase:
    reference: str
    last_on: date
    exemptions: tuple[Exemption, ...]


@dataclass(frozen=True)
class DeletedCase:
    """What is kept of a child that was deleted: nothing that names it."""

    number: int
    digest: str
    key_id: str
    last_on: date
    at: datetime


def deleted_cases(tx: Transaction) -> list[DeletedCase]:
    """Of all decisions, oldest first."""
    query = (
        select(purge_case)
        .where(purge_case.c.deleted_at.is_not(None))
        .order_by(purge_case.c.deleted_at, purge_case.c.purge_id)
    )
    return [
        DeletedCase(row.purge_id, row.digest, row.key_id, row.last_on, row.deleted_at)
        for row in tx.connection.execute(query)
    ]


def digest_of(key: LogKey, reference: str) -> str:
    """Tells which child it was to who has the key and knows the reference, and nobody else."""
    return key.sign(orjson.dumps(["purged", reference]))


def propose(
    tx: Transaction,
    number: int,
    plan: Mapping[str, Any],
    cases: Collection[ProposedCase],
    by: str,
    now: datetime,
) -> None:
    tx.connection.execute(insert(purge).values(id=number, plan=dict(plan), proposed_at=now, proposed_by=by))
    key = tx.vault.log_key
    rows = [
        {
            "purge_id": number,
            "number": place,
            "case_reference": one.reference,
            "digest": digest_of(key, one.reference),
            "key_id": key.id,
            "last_on": one.last_on,
            "exemptions": ",".join(one.exemptions),
        }
        for place, one in enumerate(cases, start=1)
    ]
    if rows:
        tx.connection.execute(insert(purge_case), rows)


def newest_number(tx: Transaction) -> int:
    """0 where there has been none."""
    return int(tx.connection.execute(select(func.coalesce(func.max(purge.c.id), 0))).scalar_one())


def get(tx: Transaction, number: int) -> Purge | None:
    row = tx.connection.execute(select(purge).where(purge.c.id == number)).one_or_none()
    return None if row is None else _purge(tx, row)


def hold_purge(tx: Transaction, number: int) -> None:
    """Whoever decides about the same waits, and then reads what was decided here."""
    tx.connection.execute(select(purge.c.id).where(purge.c.id == number).with_for_update())


def newest(tx: Transaction, most: int) -> list[Purge]:
    """Newest first."""
    rows = tx.connection.execute(select(purge).order_by(purge.c.id.desc()).limit(most))
    return [_purge(tx, row) for row in rows]


def cases(tx: Transaction, number: int) -> list[PurgeCase]:
    query = select(purge_case).where(purge_case.c.purge_id == number).order_by(purge_case.c.number)
    return [_case(row) for row in tx.connection.execute(query)]


def is_handled(tx: Transaction, number: int, place: int) -> bool:
    """Whether something has been done of the case by now."""
    query = select(purge_case).where(purge_case.c.purge_id == number, purge_case.c.number == place)
    return _case(tx.connection.execute(query).one()).is_handled


def waiting(tx: Transaction) -> set[str]:
    """The case references of what is proposed, or decided, and not done."""
    query = (
        select(purge_case.c.case_reference)
        .join(purge, purge.c.id == purge_case.c.purge_id)
        .where(purge.c.done_at.is_(None), purge.c.refused_at.is_(None))
    )
    return {one for one in tx.connection.scalars(query) if one is not None}


def decide(tx: Transaction, number: int, seat: Seat, person_id: PersonId, now: datetime) -> None:
    seated = {f"{seat}_id": person_id, f"{seat}_at": now}
    tx.connection.execute(update(purge).where(purge.c.id == number).values(seated))


def refuse(tx: Transaction, number: int, person_id: PersonId, reason: str, now: datetime) -> None:
    """What was proposed is not to be done, and whose it was is not kept."""
    values = {"refused_by": person_id, "refused_at": now, "reason": tx.vault.seal(reason)}
    tx.connection.execute(update(purge).where(purge.c.id == number).values(values))
    forget_references(tx, number)


def begin(tx: Transaction, number: int, now: datetime) -> None:
    tx.connection.execute(update(purge).where(purge.c.id == number).values(begun_at=now))


def end(tx: Transaction, number: int, now: datetime) -> None:
    tx.connection.execute(update(purge).where(purge.c.id == number).values(done_at=now))
    forget_references(tx, number)


def forget_references(tx: Transaction, number: int) -> None:
    of_it = purge_case.c.purge_id == number
    tx.connection.execute(update(purge_case).where(of_it).values(case_reference=None))


def mark(
    tx: Transaction,
    number: int,
    place: int,
    now: datetime,
    *,
    deleted: Mapping[str, int] | None = None,
    kept_because: str | None = None,
) -> None:
    """What was done of one case."""
    values = {
        "deleted": None if deleted is None else dict(deleted),
        "deleted_at": None if deleted is None else now,
        "kept_because": kept_because,
    }
    one = (purge_case.c.purge_id == number, purge_case.c.number == place)
    tx.connection.execute(update(purge_case).where(*one).values(values))


def _purge(tx: Transaction, row: Row[Any]) -> Purge:
    seats = {"chief": (row.chief_id, row.chief_at), "admin": (row.admin_id, row.admin_at)}
    return Purge(
        row.id,
        row.plan,
        row.proposed_at,
        row.proposed_by,
        {seat: seats[seat] for seat in SEATS if seats[seat][0] is not None},
        row.refused_by,
        row.refused_at,
        tx.vault.open_some(row.reason),
        row.begun_at,
        row.done_at,
    )


def _case(row: Row[Any]) -> PurgeCase:
    return PurgeCase(
        row.number,
        row.case_reference,
        row.digest,
        row.key_id,
        row.last_on,
        tuple(Exemption(one) for one in row.exemptions.split(",") if one),
        row.deleted,
        row.deleted_at,
        row.kept_because,
    )
