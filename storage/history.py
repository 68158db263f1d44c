"""Past reports as files give them: the versions stored, how a row stands to them, and putting it in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy import RowMapping, select

from followup.calendar import end_of_day, municipal_day
from followup.form import Answers
from followup.month import Month
from followup.report import FORM_VERSION, has_concern
from followup.rounds import RoundDays, closing_of, deadline_of, opening
from storage import tables
from storage.database import Transaction
from storage.register import PlacementKey, placement_ids
from storage.upsert import Saved, ids, insert_all

C = TypeVar("C")
Standing = Literal["new", "same", "changed", "taken"]
ReportKey = tuple[Month, PlacementKey]
HISTORY_DAYS = RoundDays()


@dataclass(frozen=True)
class Version(Generic[C]):
    number: int
    content: C
    known_at: datetime
    imported: bool


@dataclass(frozen=True)
class ReportContent:
    answers: Answers
    free_text: str | None
    by_statement: bool
    author: str | None


@dataclass(frozen=True)
class ReportRecord:
    """Without content the report never came."""

    month: Month
    placement: PlacementKey
    received: date
    content: ReportContent | None

    @property
    def known_at(self) -> datetime:
        return end_of_day(self.received)

    @property
    def key(self) -> ReportKey:
        return self.month, self.placement


def standing(versions: Sequence[Version[C]], content: C) -> Standing:
    """How a row of a file stands to what is stored: `taken` when a person has written since, and not the same."""
    if not versions:
        return "new"
    imported = [version for version in versions if version.imported]
    if imported and imported[-1].content == content:
        return "same"
    return "changed" if versions[-1].imported else "taken"


def stored_reports(
    tx: Transaction, months: Collection[Month]
) -> dict[ReportKey, tuple[Version[ReportContent], ...]]:
    """Every task of the months with its versions, oldest first; none where the report is missing."""
    task, round_, placement, unit = tables.report_task, tables.round_, tables.placement, tables.unit
    report, person = tables.report, tables.person
    rows = tx.connection.execute(
        select(
            round_.c.month,
            placement.c.case_reference,
            unit.c.key,
            placement.c.starts,
            report,
            person.c.key.label("author"),
        )
        .select_from(task)
        .join(round_, round_.c.id == task.c.round_id)
        .join(placement, placement.c.id == task.c.placement_id)
        .join(unit, unit.c.id == placement.c.unit_id)
        .outerjoin(report, report.c.task_id == task.c.id)
        .outerjoin(person, person.c.id == report.c.author_id)
        .where(round_.c.month.in_(months))
        .order_by(report.c.version)
    ).mappings()
    stored: dict[ReportKey, tuple[Version[ReportContent], ...]] = {}
    for row in rows:
        key = row["month"], (row["case_reference"], row["key"], row["starts"])
        found = () if row["id"] is None else (_report_version(tx, row),)
        stored[key] = stored.get(key, ()) + found
    return stored


def _report_version(tx: Transaction, row: RowMapping) -> Version[ReportContent]:
    free_text = tx.vault.open_some(row["free_text"])
    content = ReportContent(dict(row["answers"]), free_text, row["by_statement"], row["author"])
    return Version(row["version"], content, row["known_at"], row["imported"])


def save_reports(tx: Transaction, records: Sequence[ReportRecord], now: datetime) -> Saved:
    """A row that is `taken` is left as it is; keys of what was saved are (month, placement key)."""
    stored = stored_reports(tx, {record.month for record in records})
    new_tasks = [record for record in records if record.key not in stored]
    tasks = _tasks(tx, records, new_tasks)
    people = ids(tx, tables.person)
    changed: list[ReportRecord] = []
    rows: list[Mapping[str, Any]] = []
    for record in records:
        versions = stored.get(record.key, ())
        content = record.content
        if content is None or standing(versions, content) not in ("new", "changed"):
            continue
        rows.append(
            {
                "task_id": tasks[record.key],
                "version": len(versions) + 1,
                "known_at": end_of_day(municipal_day(now)) if versions else record.known_at,
                "recorded_at": now,
                "imported": True,
                "author_id": people.get(content.author or ""),
                **_report_columns(tx, content),
            }
        )
        changed.append(record)
    insert_all(tx, tables.report, rows)
    created = frozenset(record.key for record in new_tasks)
    updated = frozenset(record.key for record in changed) - created
    return Saved(created, updated, len(records) - len(created) - len(updated))


def _report_columns(tx: Transaction, content: ReportContent) -> dict[str, Any]:
    return {
        "form_version": FORM_VERSION,
        "answers": content.answers,
        "free_text": tx.vault.seal_some(content.free_text),
        "by_statement": content.by_statement,
        "concern": has_concern(content.answers),
        "provider_report_missing": content.answers.get("provider_report") == "not_arrived",
        "feels_safe": content.answers.get("feels_safe"),
    }


def _tasks(
    tx: Transaction, records: Sequence[ReportRecord], new: Sequence[ReportRecord]
) -> dict[ReportKey, int]:
    """The tasks of every record, made where they are new."""
    placements, rounds = placement_ids(tx), _rounds(tx, {record.month for record in records})
    insert_all(
        tx,
        tables.report_task,
        [{"round_id": rounds[record.month], "placement_id": placements[record.placement]} for record in new],
    )
    task = tables.report_task
    found = tx.connection.execute(select(task).where(task.c.round_id.in_(rounds.values()))).mappings()
    by_ids = {(row["round_id"], row["placement_id"]): row["id"] for row in found}
    return {record.key: by_ids[rounds[record.month], placements[record.placement]] for record in records}


def _rounds(tx: Transaction, months: Collection[Month]) -> dict[Month, int]:
    """The months' rounds, made where there are none: history asks nobody."""
    round_ = tables.round_

    def stored() -> dict[Month, int]:
        query = select(round_.c.month, round_.c.id).where(round_.c.month.in_(months))
        return {row.month: row.id for row in tx.connection.execute(query)}

    missing = sorted(set(months) - stored().keys())
    insert_all(tx, round_, [_round(month) for month in missing])
    return stored()


def _round(month: Month) -> dict[str, Any]:
    opened_at = opening(month, HISTORY_DAYS)
    deadline = deadline_of(month, opened_at, HISTORY_DAYS)
    return {
        "month": month,
        "opened_at": opened_at,
        "deadline": deadline,
        "closes_at": closing_of(month, deadline, HISTORY_DAYS),
        "asks": False,
        "escalated_at": None,
    }
