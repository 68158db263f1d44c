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
    select(report_task.c.placement_id, report_task.c.id, round_.c.month, report.c.answers)
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
    found = _by_month(tx, placement_ids, first, last, known_until)
    return {placement_id: [answers for _, answers in of] for placement_id, of in found.items()}


def _by_month(
    tx: Transaction, placement_ids: Sequence[PlacementId], first: Month, last: Month, known_until: datetime
) -> dict[PlacementId, list[tuple[Month, Answers]]]:
    values = {"placement_ids": placement_ids, "first": first, "last": last, "known_until": known_until}
    of_task: defaultdict[PlacementId, dict[TaskId, tuple[Month, Answers]]] = defaultdict(dict)
    for row in tx.connection.execute(_ANSWERS, values):
        of_task[row.placement_id][row.id] = row.month, row.answers
    return {placement_id: list(of_task[placement_id].values()) for placement_id in placement_ids}


class AnswersUntil:
    """What had been answered by a moment about the months up to it, of each placement read once, whoever asks.

    Read from the `first` month on; further back only where that is not enough.
    """

    def __init__(
        self, tx: Transaction, known_until: datetime, last: Month, first: Month | None = None
    ) -> None:
        self._tx, self._known_until, self._last = tx, known_until, last
        usual = last.plus(1 - LATELY)
        self._first = usual if first is None else min(first, usual)
        self._read: dict[PlacementId, list[tuple[Month, Answers]]] = {}

    def since(
        self, placement_ids: Sequence[PlacementId], first: Month
    ) -> Mapping[PlacementId, list[Answers]]:
        """As `newest_answers`, of a first month that is none before what is read."""
        assert first >= self._first
        return {
            placement_id: [answers for month, answers in of if month >= first]
            for placement_id, of in self._lately(placement_ids).items()
        }

    def enough(
        self, placement_ids: Sequence[PlacementId], enough: Callable[[Sequence[Answers]], bool]
    ) -> Mapping[PlacementId, list[Answers]]:
        """As `newest_answers`, and no further back than is enough by what the last ones say."""
        lately = self.since(placement_ids, self._first)
        more = [placement_id for placement_id, answers in lately.items() if not enough(answers)]
        if not more:
            return lately
        return {**lately, **newest_answers(self._tx, more, EVER, self._last, self._known_until)}

    def _lately(
        self, placement_ids: Sequence[PlacementId]
    ) -> Mapping[PlacementId, list[tuple[Month, Answers]]]:
        missing = [one for one in placement_ids if one not in self._read]
        if missing:
            self._read |= _by_month(self._tx, missing, self._first, self._last, self._known_until)
        return {one: self._read[one] for one in placement_ids}
