"""What awaits a person, as she may see it, and what is stored of it; what names it is logged."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from followup import PersonId, TaskId
from followup.access.access import DataKind, Reach
from followup.log.subject import Subject, What
from followup.month.report import STATEMENTS_IN_A_ROW, Report
from followup.month.rounds import Task
from followup.wording.form import Answers
from services.acting import Acting, Refused
from storage.month import awaiting, reports


def own_tasks(acting: Acting) -> list[Task]:
    """All that await the person, oldest month first, each with her own word for the child where that is hers."""
    return [_as_seen(acting, one) for one in awaiting.of_person(acting.tx, acting.person, acting.now)]


def _as_seen(acting: Acting, task: Task) -> Task:
    placement = task.placement
    if placement.alias is None or may_read_alias(acting, placement.owner_id):
        return task
    return replace(task, placement=replace(placement, alias=None))


def may_read_alias(acting: Acting, owner_id: PersonId | None) -> bool:
    reach = acting.municipality.access.reach(acting.person.role, DataKind.ALIAS)
    return reach == Reach.ALL or (reach == Reach.OWNED and owner_id == acting.person.id)


def own_task(acting: Acting, task_id: TaskId | None) -> Task | Refused:
    """Refused where the placement has moved, the round has closed, or it never was the person's."""
    found = next((one for one in own_tasks(acting) if one.id == task_id), None)
    return found or acting.refuse(What.TASK.of(task_id or "?"))


def log_report(acting: Acting, task: Task) -> None:
    """One report is named or shown."""
    acting.log("read", What.REPORT.of(task.id), seen=[What.PLACEMENT.of(task.placement.id)])


def log_tasks(acting: Acting, tasks: Sequence[Task]) -> None:
    """Several are named beside what was stored."""
    if tasks:
        acting.log("read", What.TASKS.of(len(tasks)), seen=placements_of(tasks))


def stored_answers(acting: Acting, task: Task) -> Answers:
    newest = reports.newest(acting.tx, task.id) if task.answered else None
    return newest.answers if newest else {}


def reports_before(acting: Acting, task: Task) -> list[Report]:
    """The last of earlier months, newest first, so many as decide whether a statement will do."""
    return reports.last_before(acting.tx, task.placement.id, task.month, STATEMENTS_IN_A_ROW)


def report_before(acting: Acting, task: Task) -> Report | None:
    """The report of the month before, or of the last before that."""
    return next(iter(reports.last_before(acting.tx, task.placement.id, task.month, 1)), None)


def placements_of(tasks: Iterable[Task]) -> list[Subject]:
    return What.PLACEMENT.each(one.placement.id for one in tasks)
