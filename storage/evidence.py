"""What was known at a moment about a unit's monthly reports: which were asked for, which were in, what they said."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, and_, bindparam, func, select

from followup.month import Month
from storage.columns import Instant, MonthText
from storage.database import Transaction
from storage.tables import placement, report, report_task, round_


@dataclass(frozen=True)
class ReportFact:
    """One report that was asked for; `version` is 0 where it was not in then."""

    task_id: int
    month: Month
    deadline: datetime
    version: int
    concern: bool
    provider_report_missing: bool

    def overdue(self, known_until: datetime) -> bool:
        return not self.version and self.deadline < known_until


def _version_known() -> ScalarSelect[int]:
    known = report.alias("known")
    return (
        select(func.max(known.c.version))
        .where(
            known.c.task_id == report_task.c.id,
            known.c.known_at <= bindparam("known_until", type_=Instant),
        )
        .correlate(report_task)
        .scalar_subquery()
    )


_OF_UNIT = (
    select(
        report_task.c.id,
        round_.c.month,
        round_.c.deadline,
        report.c.version,
        report.c.concern,
        report.c.provider_report_missing,
    )
    .select_from(placement)
    .join(report_task, report_task.c.placement_id == placement.c.id)
    .join(round_, report_task.c.round_id == round_.c.id)
    .join(
        report,
        and_(report.c.task_id == report_task.c.id, report.c.version == _version_known()),
        isouter=True,
    )
    .where(
        placement.c.unit_id == bindparam("unit_id"),
        round_.c.month.between(bindparam("first", type_=MonthText), bindparam("last", type_=MonthText)),
    )
    .order_by(round_.c.month, report_task.c.id)
)


def report_facts(
    tx: Transaction, unit_id: int, first: Month, last: Month, known_until: datetime
) -> list[ReportFact]:
    """One for each report asked for about the months, oldest month first."""
    values = {"unit_id": unit_id, "first": first, "last": last, "known_until": known_until}
    return [
        ReportFact(
            task_id=row.id,
            month=row.month,
            deadline=row.deadline,
            version=row.version or 0,
            concern=bool(row.concern),
            provider_report_missing=bool(row.provider_report_missing),
        )
        for row in tx.connection.execute(_OF_UNIT, values)
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
