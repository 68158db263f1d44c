"""Closing reports, every version of each; what people wrote in their own words is sealed."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select

from followup import PersonId, PlacementId
from followup.month.closing_report import FORM_VERSION, TEXTS, ClosingReport
from followup.wording.form import Answers
from storage.engine.columns import Instant
from storage.engine.database import Transaction
from storage.engine.imported import with_staged
from storage.engine.locks import hold
from storage.engine.newest import newest_version
from storage.engine.prepared import Prepared
from storage.engine.tables import closing_report, round_

_NEWEST = select(closing_report).where(
    closing_report.c.placement_id.in_(bindparam("placement_ids", expanding=True)),
    closing_report.c.version == newest_version(closing_report.c.placement_id, closing_report.c.placement_id),
)
_KNOWN = (
    select(closing_report)
    .where(
        closing_report.c.placement_id.in_(bindparam("placement_ids", expanding=True)),
        closing_report.c.known_at <= bindparam("known_until", type_=Instant),
    )
    .order_by(closing_report.c.placement_id, closing_report.c.version)
)
_VERSIONS = (
    select(closing_report)
    .where(closing_report.c.placement_id == bindparam("of_placement"))
    .order_by(closing_report.c.version)
)
_FIRST_ASKED = Prepared(select(func.min(round_.c.month).label("month")).where(round_.c.asks))


def newest(tx: Transaction, placement_ids: Collection[PlacementId]) -> Mapping[int, ClosingReport]:
    """By placement, of those that have any, also where the placement has ended on another day since."""
    rows = tx.connection.execute(_NEWEST, {"placement_ids": sorted(placement_ids)})
    return {row.placement_id: _read(row, open_answers(tx, row)) for row in rows}


def known(
    tx: Transaction, placement_ids: Collection[PlacementId], known_until: datetime
) -> Mapping[int, Sequence[ClosingReport]]:
    """Every version that was known at the moment, oldest first, without what was written in a person's own words."""
    found: defaultdict[int, list[ClosingReport]] = defaultdict(list)
    values = {"placement_ids": sorted(placement_ids), "known_until": known_until}
    for row in tx.connection.execute(_KNOWN, values):
        found[row.placement_id].append(_read(row, row.answers))
    return found


def versions(tx: Transaction, placement_id: PlacementId) -> list[ClosingReport]:
    """Oldest first, with what was written in a person's own words."""
    rows = tx.connection.execute(_VERSIONS, {"of_placement": placement_id})
    return [_read(row, open_answers(tx, row)) for row in rows]


def asked_from(tx: Transaction) -> date:
    """The first day of the first month that was asked about: what ended before it is history."""
    month = _FIRST_ASKED.first(tx.connection, {}).month
    return date.max if month is None else month.first


def save(
    tx: Transaction,
    placement_id: PlacementId,
    ended_on: date,
    answers: Answers,
    author_id: PersonId,
    now: datetime,
) -> int:
    """Adds the next version and returns its number."""
    hold(tx, f"closing:{placement_id}")
    every = with_staged(closing_report)
    query = select(func.max(every.c.version)).where(every.c.placement_id == placement_id)
    version: int = (tx.connection.scalar(query) or 0) + 1
    tx.connection.execute(
        insert(closing_report).values(
            placement_id=placement_id,
            version=version,
            ended_on=ended_on,
            **contents(tx, answers),
            author_id=author_id,
            imported=False,
            known_at=now,
            recorded_at=now,
        )
    )
    return version


def contents(tx: Transaction, answers: Answers) -> dict[str, Any]:
    """The answers as they are stored."""
    texts = {name: text for name, text in answers.items() if name in TEXTS}
    return {
        "form_version": FORM_VERSION,
        "answers": {name: answer for name, answer in answers.items() if name not in TEXTS},
        "texts": tx.vault.seal_some(json.dumps(texts, ensure_ascii=False) if texts else None),
    }


def open_answers(tx: Transaction, row: Row[Any]) -> Answers:
    """All that was answered, also what was written in a person's own words."""
    texts = tx.vault.open_some(row.texts)
    return {**row.answers, **(json.loads(texts) if texts else {})}


def _read(row: Row[Any], answers: Answers) -> ClosingReport:
    return ClosingReport(
        row.placement_id, row.version, row.ended_on, dict(answers), row.author_id, row.known_at
    )
