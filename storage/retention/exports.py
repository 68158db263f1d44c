"""What has been handed out of a child to its personal file, each time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from followup import PersonId
from storage.engine.database import Transaction
from storage.engine.retention_tables import case_export


@dataclass(frozen=True)
class CaseExport:
    """`contents` are all that was in it, by what it is, its number and its version."""

    id: int
    at: datetime
    contents: frozenset[str]


def newest(tx: Transaction, reference: str) -> CaseExport | None:
    query = (
        select(case_export.c.id, case_export.c.at, case_export.c.contents)
        .where(case_export.c.case_reference == reference)
        .order_by(case_export.c.id.desc())
        .limit(1)
    )
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else CaseExport(row.id, row.at, frozenset(row.contents))


def add(
    tx: Transaction,
    reference: str,
    person_id: PersonId,
    reason: str,
    contents: Collection[str],
    files: Mapping[str, str],
    log: tuple[int, str],
    now: datetime,
) -> int:
    """`files` are the files' SHA-256 by their names, `log` where the access log ended."""
    new: int = tx.connection.execute(
        insert(case_export)
        .values(
            case_reference=reference,
            person_id=person_id,
            reason=tx.vault.seal(reason),
            at=now,
            contents=sorted(contents),
            files=dict(files),
            log_entries=log[0],
            log_head=log[1],
        )
        .returning(case_export.c.id)
    ).scalar_one()
    return new
