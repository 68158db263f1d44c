"""What was known at a moment about a unit's monthly reports: which were asked for, which were in, what they said."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

from sqlalchemy import Text, and_, bindparam, case, cast, func, or_, select

from followup import PlacementId, RoundId, TaskId, UnitId, at_once
from followup.risk.safety import SafeAnswer
from followup.times.month import Month
from storage.engine.columns import Instant, MonthText
from storage.engine.database import Transaction
from storage.engine.newest import newest_row
from storage.engine.prepared import Prepared
from storage.engine.several_units import Units, among_units
from storage.engine.tables import placement, report, report_task, round_, unit

# Whoever handed in a report in the form's first version has not been asked whether a concern has to do with the care,
# and no notice was raised then.
FORM_BEFORE_NOTICES = "1"


@at_once
@dataclass(frozen=True)
class ReportFact:
    """Reports asked for about a month: each that is evidence by itself, with its answers, all the others together.

    `missing` are those that were not in though their time was over; `task_id` is None for the others.
    """

    month: Month
    arrived: int
    missing: int
    task_id: TaskId | None = None
    placement_id: PlacementId | None = None
    version: int = 0
    answers: Mapping[str, str] = field(default_factory=dict)


_row_known = newest_row(report.c.task_id, report_task.c.id, known=True)
# What came in a later month may have come too late; how late is for the method to say.
_telling = or_(report.c.tells, report.c.provider_report_in > round_.c.month)
_told = case((_telling, report_task.c.id))
_is_missing = and_(report.c.version.is_(None), round_.c.deadline < bindparam("known_until", type_=Instant))
_known_report = report.c.id == _row_known
_ASKED_FOR = (
    select(
        round_.c.month,
        func.count(report.c.version),
        func.sum(case((_is_missing, 1), else_=0)),
        _told,
        func.max(placement.c.id),
        func.coalesce(func.max(report.c.version), 0),
        func.max(case((_telling, cast(report.c.answers, Text)))),
    )
    .select_from(placement)
    .join(report_task, report_task.c.placement_id == placement.c.id)
    .join(round_, report_task.c.round_id == round_.c.id)
    .join(report, _known_report, isouter=True)
    .where(round_.c.month <= bindparam("last", type_=MonthText))
)
# Counted in the database, since a unit with many placements has hundreds of reports in a year.
_OF_UNIT = Prepared(
    _ASKED_FOR.where(placement.c.unit_id == bindparam("unit_id"))
    .group_by(round_.c.month, _told)
    .order_by(round_.c.month, _told)
)
_OF_UNITS = Prepared(
    _ASKED_FOR.add_columns(placement.c.unit_id)
    .where(among_units(placement.c.unit_id))
    .group_by(placement.c.unit_id, round_.c.month, _told)
    .order_by(placement.c.unit_id, round_.c.month, _told)
)
_SAFE = Prepared(
    select(
        report_task.c.id,
        report_task.c.placement_id,
        round_.c.month,
        report.c.feels_safe,
        or_(report.c.imported, report.c.form_version == FORM_BEFORE_NOTICES).label("history"),
    )
    .select_from(placement)
    .join(report_task, report_task.c.placement_id == placement.c.id)
    .join(round_, report_task.c.round_id == round_.c.id)
    .join(report, _known_report)
    .where(placement.c.unit_id == bindparam("unit_id"), report.c.feels_safe != "not_asked")
    .order_by(report_task.c.placement_id, round_.c.month)
)


_unanswered = (
    select(report_task.c.id)
    .where(
        report_task.c.placement_id == placement.c.id,
        report_task.c.round_id == bindparam("of_round"),
        ~select(report.c.task_id).where(report.c.task_id == report_task.c.id).exists(),
    )
    .exists()
)
# Unit by unit, and not by the round: who looks at a few reads none of the others' tasks.
_MISSING_IN = Prepared(
    select(unit.c.id.label("unit_id"))
    .where(
        among_units(unit.c.id),
        select(placement.c.id).where(placement.c.unit_id == unit.c.id, _unanswered).exists(),
    )
    .order_by(unit.c.id)
)


def report_facts(tx: Transaction, unit_id: UnitId, last: Month, known_until: datetime) -> list[ReportFact]:
    """What was known then of the reports asked for about the months up to the last, oldest month first."""
    values = {"unit_id": unit_id, "last": last, "known_until": known_until}
    return [_fact(*row) for row in _OF_UNIT.all(tx.connection, values)]


def report_facts_of(
    tx: Transaction, several: Units, last: Month, known_until: datetime
) -> Mapping[UnitId, list[ReportFact]]:
    """The same of several units."""
    rows = _OF_UNITS.all(tx.connection, {**several.bounds, "last": last, "known_until": known_until})
    return several.each((row[-1], _fact(*row[:-1])) for row in rows)


def _fact(
    month: Month,
    arrived: int,
    missing: int,
    task_id: TaskId | None,
    placement_id: PlacementId,
    version: int,
    answers: str | None,
) -> ReportFact:
    if task_id is None:
        return ReportFact(month, arrived, missing)
    return ReportFact(month, arrived, missing, task_id, placement_id, version, _answers(answers or "{}"))


# Each month's end reads the same reports again, and nobody changes what was read.
@lru_cache(maxsize=4096)
def _answers(text: str) -> Mapping[str, str]:
    return MappingProxyType(json.loads(text))


def safe_answers(tx: Transaction, unit_id: UnitId, known_until: datetime) -> list[SafeAnswer]:
    """Whether each child felt safe, as far as it was said, by placement and month."""
    values = {"unit_id": unit_id, "known_until": known_until}
    return [
        SafeAnswer(row.id, row.placement_id, row.month, row.feels_safe, bool(row.history))
        for row in _SAFE.all(tx.connection, values)
    ]


def units_missing_in(tx: Transaction, round_id: RoundId, several: Units) -> list[UnitId]:
    """Those of the units with a placement in the round that has no report."""
    rows = _MISSING_IN.all(tx.connection, {**several.bounds, "of_round": round_id})
    return [row.unit_id for row in rows]
