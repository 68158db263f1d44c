"""What was known at a moment about a unit's monthly reports: which were asked for, which were in, what they said."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, and_, bindparam, case, cast, func, or_, select

from followup.times.month import Month
from storage.engine.columns import Instant, MonthText
from storage.engine.database import Transaction
from storage.engine.newest import newest_version
from storage.engine.prepared import Prepared
from storage.engine.tables import placement, report, report_task, round_


@dataclass(frozen=True)
class ReportFact:
    """Reports asked for about a month: each that says that something is wrong by itself, all the others together.

    `missing` are those that were not in though their time was over; `task_id` is None for the others.
    """

    month: Month
    arrived: int
    missing: int
    task_id: int | None = None
    version: int = 0
    concern: bool = False
    provider_report_missing: bool = False


_version_known = newest_version(report.c.task_id, report_task.c.id, known=True)
_worrying = case((or_(report.c.concern, report.c.provider_report_missing), report_task.c.id))
_is_missing = and_(report.c.version.is_(None), round_.c.deadline < bindparam("known_until", type_=Instant))
# Counted in the database, since a unit with many placements has hundreds of reports in a year.
_OF_UNIT = Prepared(
    select(
        round_.c.month,
        func.count(report.c.version),
        func.sum(case((_is_missing, 1), else_=0)),
        _worrying,
        func.coalesce(func.max(report.c.version), 0),
        func.max(cast(report.c.concern, Integer)),
        func.max(cast(report.c.provider_report_missing, Integer)),
    )
    .select_from(placement)
    .join(report_task, report_task.c.placement_id == placement.c.id)
    .join(round_, report_task.c.round_id == round_.c.id)
    .join(
        report,
        and_(report.c.task_id == report_task.c.id, report.c.version == _version_known),
        isouter=True,
    )
    .where(
        placement.c.unit_id == bindparam("unit_id"),
        round_.c.month.between(bindparam("first", type_=MonthText), bindparam("last", type_=MonthText)),
    )
    .group_by(round_.c.month, _worrying)
    .order_by(round_.c.month, _worrying)
)


def report_facts(
    tx: Transaction, unit_id: int, first: Month, last: Month, known_until: datetime
) -> list[ReportFact]:
    """What was known then of the reports asked for about the months, oldest month first."""
    values = {"unit_id": unit_id, "first": first, "last": last, "known_until": known_until}
    return [
        ReportFact(month, arrived, missing, task_id, version, bool(concern), bool(report_missing))
        for month, arrived, missing, task_id, version, concern, report_missing in _OF_UNIT.all(
            tx.connection, values
        )
    ]


def units_missing_in(tx: Transaction, round_id: int) -> list[int]:
    """Units with a placement in the round that has no report."""
    answered = select(report.c.task_id).where(report.c.task_id == report_task.c.id).exists()
    query = (
        select(placement.c.unit_id)
        .join(report_task, report_task.c.placement_id == placement.c.id)
        .where(report_task.c.round_id == round_id, ~answered)
        .distinct()
    )
    return list(tx.connection.execute(query).scalars())
