"""Monthly reports, every version of each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select

from followup import PersonId, PlacementId, TaskId
from followup.month.findings import provider_report_in, tells
from followup.month.report import FORM_VERSION, EarlierReport, Report, has_concern
from followup.times.month import Month
from followup.wording.form import Answers
from storage.engine.columns import MonthText
from storage.engine.database import Transaction
from storage.engine.imported import with_staged
from storage.engine.locks import hold_task
from storage.engine.newest import newest_row, newest_version
from storage.engine.prepared import Prepared
from storage.engine.tables import report, report_task, round_
from storage.register.placements import MAY_BE_OF

_WITH_MONTH = (
    select(report, report_task.c.placement_id, round_.c.month)
    .join(report_task, report.c.task_id == report_task.c.id)
    .join(round_, report_task.c.round_id == round_.c.id)
)
_is_newest = report.c.version == newest_version(report.c.task_id, report.c.task_id)
_NEWEST = _WITH_MONTH.where(_is_newest)
_NEWEST_OF_TASK = _NEWEST.where(report.c.task_id == bindparam("task_id"))
_VERSIONS = _WITH_MONTH.where(report.c.task_id == bindparam("task_id")).order_by(report.c.version)
_MONTHS_OF_PLACEMENT = _NEWEST.where(report_task.c.placement_id == bindparam("of_placement")).order_by(
    round_.c.month.desc()
)
_OF_PLACEMENT = Prepared(_MONTHS_OF_PLACEMENT)
_BEFORE = Prepared(
    _MONTHS_OF_PLACEMENT.where(round_.c.month < bindparam("before", type_=MonthText)).limit(bindparam("most"))
)
_OF_PLACEMENTS = _NEWEST.where(
    report_task.c.placement_id.in_(bindparam("placement_ids", expanding=True))
).order_by(report_task.c.placement_id, round_.c.month.desc())
# A version that an import is putting in has its number already, though it is not seen yet.
_numbered = with_staged(report).alias("numbered")
_next_version = (
    select(func.coalesce(func.max(_numbered.c.version), 0) + 1)
    .where(_numbered.c.task_id == bindparam("task"))
    .scalar_subquery()
)
_INSERT = Prepared(
    insert(report).values(task_id=bindparam("task"), version=_next_version).returning(report.c.version)
)
_EARLIER = Prepared(
    select(report_task.c.placement_id, round_.c.month, report.c.concern, report.c.by_statement)
    .select_from(report_task)
    .join(round_, report_task.c.round_id == round_.c.id)
    .join(report, report.c.id == newest_row(report.c.task_id, report_task.c.id))
    .where(
        report_task.c.placement_id.in_(MAY_BE_OF),
        # By the few rounds: else every month that a placement has had is looked at.
        report_task.c.round_id.in_(
            select(round_.c.id).where(
                round_.c.month >= bindparam("since"), round_.c.month < bindparam("before")
            )
        ),
    )
    .order_by(round_.c.month.desc())
)


def save(
    tx: Transaction,
    task_id: TaskId,
    answers: Answers,
    *,
    by_statement: bool,
    author_id: PersonId,
    now: datetime,
) -> int:
    """Adds the task's next version and returns its number."""
    hold_task(tx, task_id)
    open_answers = {name: answer for name, answer in answers.items() if name != "free_text"}
    row = {
        "task": task_id,
        "form_version": FORM_VERSION,
        "answers": open_answers,
        "free_text": tx.vault.seal_some(answers.get("free_text")),
        "by_statement": by_statement,
        "concern": has_concern(answers),
        "tells": tells(answers),
        "provider_report_in": provider_report_in(answers),
        "feels_safe": answers.get("feels_safe"),
        "author_id": author_id,
        "imported": False,
        "known_at": now,
        "recorded_at": now,
    }
    version: int = _INSERT.first(tx.connection, row)[0]
    return version


def newest(tx: Transaction, task_id: TaskId) -> Report | None:
    row = tx.connection.execute(_NEWEST_OF_TASK, {"task_id": task_id}).one_or_none()
    return None if row is None else _report(tx, row)


def versions(tx: Transaction, task_id: TaskId) -> list[Report]:
    return [_report(tx, row) for row in tx.connection.execute(_VERSIONS, {"task_id": task_id})]


def of_placement(tx: Transaction, placement_id: PlacementId) -> list[Report]:
    """The newest version of each month's report, newest month first."""
    return [_report(tx, row) for row in _OF_PLACEMENT.all(tx.connection, {"of_placement": placement_id})]


def last_before(tx: Transaction, placement_id: PlacementId, month: Month, most: int) -> list[Report]:
    """So many of the last about earlier months, each in its newest version, newest month first."""
    values = {"of_placement": placement_id, "before": month, "most": most}
    return [_report(tx, row) for row in _BEFORE.all(tx.connection, values)]


def of_placements(
    tx: Transaction, placement_ids: Sequence[PlacementId]
) -> Mapping[PlacementId, list[Report]]:
    """The newest version of each month's report, newest month first, by placement."""
    found: dict[PlacementId, list[Report]] = {placement_id: [] for placement_id in placement_ids}
    for row in tx.connection.execute(_OF_PLACEMENTS, {"placement_ids": list(placement_ids)}):
        found[row.placement_id].append(_report(tx, row))
    return found


_REPORTED = (
    select(report_task.c.placement_id)
    .join(report, report.c.task_id == report_task.c.id)
    .join(round_, report_task.c.round_id == round_.c.id)
    .where(
        report_task.c.placement_id.in_(bindparam("placement_ids", expanding=True)),
        round_.c.month < bindparam("month", type_=MonthText),
    )
    .distinct()
)


def reported_before(tx: Transaction, placement_ids: Sequence[PlacementId], month: Month) -> set[PlacementId]:
    """Those of the placements that have a report about any earlier month."""
    values = {"placement_ids": list(placement_ids), "month": month}
    return set(tx.connection.scalars(_REPORTED, values))


def answered_between(
    tx: Transaction, person_id: PersonId, day: date, since: Month, before: Month
) -> Mapping[PlacementId, list[EarlierReport]]:
    """What of each month's report decides whether a statement will do, newest month first; `before` is not in it.

    By placement, of all those that the person may answer for that day.
    """
    found = defaultdict[PlacementId, list[EarlierReport]](list)
    values = {"who": person_id, "day": day, "since": since, "before": before}
    for row in _EARLIER.all(tx.connection, values):
        found[row.placement_id].append(EarlierReport(row.month, row.concern, row.by_statement))
    return found


def _report(tx: Transaction, row: Row[Any]) -> Report:
    answers = dict(row.answers)
    free_text = tx.vault.open_some(row.free_text)
    if free_text:
        answers["free_text"] = free_text
    return Report(
        task_id=row.task_id,
        placement_id=row.placement_id,
        month=row.month,
        version=row.version,
        answers=answers,
        by_statement=row.by_statement,
        author_id=row.author_id,
        known_at=row.known_at,
    )
