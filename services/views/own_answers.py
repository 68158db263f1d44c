"""What has been answered of a worker's children, month by month, as it may be read by who answers for them today."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from followup import PersonId, PlacementId, TaskId
from followup.log.subject import What
from followup.month.report import Report
from followup.month.rounds import Task
from followup.people import Conversation
from followup.placement import Placement
from followup.times.month import Month
from services.acting import Acting, Refused
from services.month.own_tasks import log_tasks, may_read_alias, own_tasks
from services.signals.raising import own_placements
from services.views.child import child_history
from services.views.people import name_of
from storage.month import reports


@dataclass(frozen=True)
class MonthOfChild:
    """The newest version of one month; `to_correct` is its task where it can still be corrected."""

    placement: Placement
    report: Report
    to_correct: TaskId | None


def months_answered(acting: Acting, fits: Callable[[MonthOfChild], bool], most: int) -> list[MonthOfChild]:
    """Those that fit, newest month first; the first `most` of them are shown, and logged as read."""
    mine = {one.id: _as_seen(acting, one) for one in own_placements(acting)}
    open_ones = _to_correct(acting)
    answered = reports.of_placements(acting.tx, list(mine)) if mine else {}
    found = [
        MonthOfChild(mine[id_], one, open_ones.get(one.task_id)) for id_, of in answered.items() for one in of
    ]
    fitting = [one for one in found if fits(one)]
    fitting.sort(key=lambda one: one.placement.case_reference)
    fitting.sort(key=lambda one: one.report.month, reverse=True)
    _log(acting, fitting[:most])
    return fitting


def months_left(acting: Acting, fits: Callable[[Placement, Month], bool], most: int) -> list[Task]:
    """Those of hers that fit and wait for an answer, so many of them, which are logged as read."""
    left = [one for one in own_tasks(acting) if not one.answered and fits(one.placement, one.month)][:most]
    log_tasks(acting, left)
    return left


def _log(acting: Acting, shown: Sequence[MonthOfChild]) -> None:
    seen = What.PLACEMENT.each(dict.fromkeys(one.placement.id for one in shown))
    acting.log("read", What.TASKS.of(len(shown)), seen=seen)


def _as_seen(acting: Acting, one: Placement) -> Placement:
    return one if may_read_alias(acting, one.owner_id) else replace(one, alias=None)


def _to_correct(acting: Acting) -> dict[TaskId, TaskId]:
    return {one.id: one.id for one in own_tasks(acting) if one.answered}


@dataclass(frozen=True)
class AnsweredMonth:
    """One month of one child, with who answered it, None where a file told of it."""

    of: MonthOfChild
    author: str | None
    is_own: bool


def month_answered(
    acting: Acting, placement_id: PlacementId | None, task_id: TaskId | None
) -> AnsweredMonth | Refused:
    """Refused where somebody else answers for the child by now."""
    history = child_history(acting, placement_id)
    if isinstance(history, Refused):
        return history
    found = [one.report for one in history.months if one.report.task_id == task_id]
    if not found or not acting.may(Conversation.REPORT):
        return acting.refuse(What.TASK.of(task_id or "?"))
    of = MonthOfChild(history.placement, found[0], _to_correct(acting).get(found[0].task_id))
    author: PersonId | None = found[0].author_id
    return AnsweredMonth(of, name_of(acting, author), author == acting.person.id)
