"""Past reports as files give them: the versions stored, how a row stands to them, and staging it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, select

from followup import PersonId, PlacementId, RoundId, TaskId
from followup.month.findings import provider_report_in, tells
from followup.month.report import FORM_VERSION, has_concern
from followup.month.rounds import RoundDays, closing_of, deadline_of, opening
from followup.month.versions import Version, against_stored, next_version
from followup.times.calendar import end_of_day, municipal_day
from followup.times.month import Month
from followup.wording.form import Answers
from storage.engine import tables
from storage.engine.database import Transaction
from storage.engine.imported import with_staged
from storage.imports.register import PlacementKey, placement_ids
from storage.imports.staging import Staging, pieces
from storage.imports.upsert import Saved, ids

ReportKey = tuple[Month, PlacementKey]
HISTORY_DAYS = RoundDays()


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


def stored_reports(
    tx: Transaction, months: Iterable[Month]
) -> dict[ReportKey, tuple[Version[ReportContent], ...]]:
    """Every task of the months with its versions, oldest first; none where the report is missing."""
    stored: dict[ReportKey, tuple[Version[ReportContent], ...]] = {}
    for month in months:
        for row in _reports_of(tx, month):
            key = row["month"], (row["case_reference"], row["key"], row["starts"])
            found = () if row["id"] is None else (_report_version(tx, row),)
            stored[key] = stored.get(key, ()) + found
    return stored


def _reports_of(tx: Transaction, month: Month) -> Sequence[RowMapping]:
    task, round_, placement, unit = tables.report_task, tables.round_, tables.placement, tables.unit
    report, person = tables.report, tables.person
    query = (
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
        .where(round_.c.month == month)
        .order_by(report.c.version)
    )
    # All at once: a statement that is read slowly holds what it sees, and the log of the database grows meanwhile.
    return tx.connection.execute(query).mappings().all()


def _report_version(tx: Transaction, row: RowMapping) -> Version[ReportContent]:
    free_text = tx.vault.open_some(row["free_text"])
    content = ReportContent(dict(row["answers"]), free_text, row["by_statement"], row["author"])
    return Version(row["version"], content, row["known_at"], row["imported"])


def save_reports(staging: Staging, records: Sequence[ReportRecord], now: datetime) -> Saved:
    """A row that is `taken` is left as it is; keys of what was saved are (month, placement key)."""
    stored = stored_reports(staging.look, {record.month for record in records})
    new_tasks = [record for record in records if record.key not in stored]
    tasks, people = _tasks(staging, records, new_tasks), ids(staging.look, tables.person)
    changed: list[ReportRecord] = []
    for piece in pieces(records):
        of_piece = [record for record in piece if _is_to_store(record, stored.get(record.key, ()))]
        rows = [
            {
                "task_id": tasks[record.key],
                **_version_columns(record, stored.get(record.key, ()), now),
                **_content_columns(staging.look, record.content, people),
            }
            for record in of_piece
            if record.content
        ]
        staging.put_in(tables.report, rows, unless_there=True)
        staging.staged(len(piece))
        changed += of_piece
    created = frozenset(record.key for record in new_tasks)
    updated = frozenset(record.key for record in changed) - created
    return Saved(created, updated, len(records) - len(created) - len(updated))


def _is_to_store(record: ReportRecord, versions: Sequence[Version[ReportContent]]) -> bool:
    return record.content is not None and against_stored(versions, record.content) in ("new", "changed")


def _version_columns(
    record: ReportRecord, versions: Sequence[Version[ReportContent]], now: datetime
) -> dict[str, Any]:
    return {
        "version": next_version(versions),
        "known_at": end_of_day(municipal_day(now)) if versions else record.known_at,
        "recorded_at": now,
        "imported": True,
    }


def _content_columns(
    tx: Transaction, content: ReportContent, people: Mapping[str, PersonId]
) -> dict[str, Any]:
    return {
        "author_id": people.get(content.author or ""),
        "form_version": FORM_VERSION,
        "answers": content.answers,
        "free_text": tx.vault.seal_some(content.free_text),
        "by_statement": content.by_statement,
        "concern": has_concern(content.answers),
        "tells": tells(content.answers),
        "provider_report_in": provider_report_in(content.answers),
        "feels_safe": content.answers.get("feels_safe"),
    }


def _tasks(
    staging: Staging, records: Sequence[ReportRecord], new: Sequence[ReportRecord]
) -> dict[ReportKey, TaskId]:
    """The tasks of every record, made where they are new."""
    placements, rounds = placement_ids(staging.look), _rounds(staging, {record.month for record in records})
    staging.put_in(
        tables.report_task,
        [{"round_id": rounds[record.month], "placement_id": placements[record.placement]} for record in new],
        unless_there=True,
    )
    made = {month: _tasks_of(staging.look, round_id) for month, round_id in rounds.items()}
    return {record.key: made[record.month][placements[record.placement]] for record in records}


def _tasks_of(tx: Transaction, round_id: RoundId) -> dict[PlacementId, TaskId]:
    """By placement, those that are being staged as well."""
    task = with_staged(tables.report_task).c
    rows = tx.connection.execute(select(task.placement_id, task.id).where(task.round_id == round_id)).all()
    return {row.placement_id: row.id for row in rows}


def _rounds(staging: Staging, months: Collection[Month]) -> dict[Month, RoundId]:
    """The months' rounds, made where there are none: history asks nobody."""
    round_ = with_staged(tables.round_)

    def stored() -> dict[Month, RoundId]:
        query = select(round_.c.month, round_.c.id).where(round_.c.month.in_(months))
        return {row.month: row.id for row in staging.look.connection.execute(query)}

    missing = sorted(set(months) - stored().keys())
    staging.put_in(tables.round_, [_round(month) for month in missing], unless_there=True)
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
