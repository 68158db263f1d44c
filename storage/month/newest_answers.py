"""The newest answers of some placements' reports, month by month, as far as they were known at a moment."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import bindparam, select

from followup import PlacementId, TaskId
from followup.times.month import Month
from followup.wording.form import Answers
from storage.engine.columns import Instant, MonthText
from storage.engine.database import Transaction
from storage.engine.tables import report, report_task, round_

EVER = Month.of(date.min)
# What is asked each month is nearly always said in the last of them.
LATELY = 6
# An IN list of this many is one statement that every database takes.
AT_A_TIME = 500
_ANSWERS = (
    select(report_task.c.placement_id, report_task.c.id, report.c.answers)
    .join(report_task, report.c.task_id == report_task.c.id)
    .join(round_, report_task.c.round_id == round_.c.id)
    .where(
        report_task.c.placement_id.in_(bindparam("placement_ids", expanding=True)),
        report.c.known_at <= bindparam("known_until", type_=Instant),
        round_.c.month.between(bindparam("first", type_=MonthText), bindparam("last", type_=MonthText)),
    )
    .order_by(round_.c.month, report_task.c.id, report.c.version)
)


def newest_answers(
    tx: Transaction, placement_ids: Sequence[PlacementId], first: Month, last: Month, known_until: datetime
) -> Mapping[PlacementId, list[Answers]]:
    """By placement, oldest month first; at most `AT_A_TIME` placements, of which one without reports has none."""
    values = {"placement_ids": placement_ids, "first": first, "last": last, "known_until": known_until}
    of_task: defaultdict[PlacementId, dict[TaskId, Answers]] = defaultdict(dict)
    for row in tx.connection.execute(_ANSWERS, values):
        of_task[row.placement_id][row.id] = row.answers
    return {placement_id: list(of_task[placement_id].values()) for placement_id in placement_ids}


def newest_until(
    tx: Transaction,
    placement_ids: Sequence[PlacementId],
    last: Month,
    known_until: datetime,
    enough: Callable[[Sequence[Answers]], bool],
) -> Mapping[PlacementId, list[Answers]]:
    """As `newest_answers` up to the last month, and no further back than is enough by what the last ones say."""
    lately = newest_answers(tx, placement_ids, last.plus(1 - LATELY), last, known_until)
    more = [placement_id for placement_id, answers in lately.items() if not enough(answers)]
    return {**lately, **newest_answers(tx, more, EVER, last, known_until)} if more else lately
