"""The month as a person may see it: her list, one report of hers, and what can still be corrected; all of it logged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from followup import PersonId, PlacementId, at_once
from followup.log.subject import What
from followup.month.report import (
    STATEMENTS_IN_A_ROW,
    EarlierReport,
    by_statement,
    starting_point,
    statement_refused,
)
from followup.month.rounds import Task
from followup.signals.signal import Signal
from followup.times.month import Month
from followup.wording.form import Answers
from services.acting import Acting
from services.month.closing import to_close
from services.month.own_tasks import log_report, own_tasks, placements_of, report_before, stored_answers
from storage.month import reports
from storage.register import people
from storage.signals import signals

PAGE = 20


@at_once
@dataclass(frozen=True)
class OpenReport:
    """One that is left; `refused` says why a statement will not do, and is None where it will.

    `stands_in` where the child is another's, `owner` the name of whose, None where it is nobody's.
    """

    task: Task
    refused: str | None
    stands_in: bool = False
    owner: str | None = None


@dataclass(frozen=True)
class MyList:
    """`tasks` are all that await the person, `left` those without a report, and `rows` the part from `start`.

    Of each month her own come before those of whom she stands in for.
    """

    tasks: Sequence[Task]
    left: Sequence[Task]
    start: int
    rows: Sequence[OpenReport]

    @cached_property
    def months(self) -> Sequence[Month]:
        """Those that something is left of, oldest first."""
        return sorted({task.month for task in self.left})


@dataclass(frozen=True)
class ReportSeen:
    """What is stored of a task: the newest answers, none where it has no report, and the signals that came with it."""

    task: Task
    answers: Answers
    signals: Sequence[Signal]


def my_list(
    acting: Acting, *, start: int = 0, size: int = PAGE, tasks: Sequence[Task] | None = None
) -> MyList:
    """From the row on, or from the first where there is none so far down; `tasks` where they are known already."""
    tasks = own_tasks(acting) if tasks is None else tasks
    me = acting.person.id
    left = sorted((one for one in tasks if not one.answered), key=lambda one: (one.month, one.stands_in(me)))
    start = start if 0 <= start < len(left) else 0
    page = left[start : start + size]
    acting.log("read", What.TASKS.of(len(left)), seen=placements_of(page))
    return MyList(tasks, left, start, _open_reports(acting, page) if page else [])


def _open_reports(acting: Acting, page: Sequence[Task]) -> list[OpenReport]:
    """Of tasks in the order of their months."""
    first, last = page[0].month, page[-1].month
    since, are_several = first.plus(-STATEMENTS_IN_A_ROW), first != last
    earlier = reports.answered_between(acting.tx, acting.person.id, acting.today, since, last)
    found, to_be_closed = [], to_close(acting, page)
    for task in page:
        before: Sequence[EarlierReport] = earlier.get(task.placement.id, ())
        if are_several:
            before = [one for one in before if one.month < task.month]
        why = statement_refused(task.month, before, to_close=task.id in to_be_closed)
        found.append(OpenReport(task, why))
    return _with_owners(acting, _told_apart(acting, found))


def _with_owners(acting: Acting, found: Sequence[OpenReport]) -> list[OpenReport]:
    """Whose child it is, where that is another's."""
    me = acting.person.id
    others = {one.task.placement.owner_id for one in found if one.task.stands_in(me)}
    if not others:
        return list(found)
    known = people.some(acting.tx, [one for one in others if one is not None])
    names: dict[PersonId | None, str] = {id_: one.name for id_, one in known.items()}
    return [
        replace(one, stands_in=one.task.stands_in(me), owner=names.get(one.task.placement.owner_id))
        for one in found
    ]


def _told_apart(acting: Acting, found: Sequence[OpenReport]) -> list[OpenReport]:
    """That there never was a report is not known from the newest months alone."""
    first = [one.task.placement.id for one in found if one.refused == "first"]
    reported = reports.reported_before(acting.tx, first, found[0].task.month) if first else set[PlacementId]()
    return [
        replace(one, refused="gap") if one.refused == "first" and one.task.placement.id in reported else one
        for one in found
    ]


def report_of(acting: Acting, task: Task) -> ReportSeen:
    """Of one of the person's own tasks."""
    log_report(acting, task)
    told = signals.of_tasks(acting.tx, [task.id])[task.id]
    return ReportSeen(task, stored_answers(acting, task), told)


def first_answers(acting: Acting, task: Task) -> Answers:
    """What a new report begins with: last month's answers, less those that must be answered anew."""
    return starting_point(report_before(acting, task))


def ticked_answers(acting: Acting, task: Task) -> Answers:
    """What a statement says of the task; nothing where there is no report before it."""
    before = report_before(acting, task)
    return by_statement(before, stands_in=task.stands_in(acting.person.id)) if before else {}


@dataclass(frozen=True)
class Corrections:
    """What can still be corrected and fits; all there is where nothing fits, and then `fits` is false.

    `away_until` is the last day of the leave for which others answer for her placements today.
    """

    tasks: Sequence[Task]
    fits: bool
    away_until: date | None = None


def corrections(acting: Acting, fits: Callable[[Task], bool], most: int) -> Corrections:
    """The first `most` are shown."""
    answered = [one for one in own_tasks(acting) if one.answered]
    found = [one for one in answered if fits(one)]
    shown = found or answered
    if shown:
        acting.log("read", What.CORRECTIONS.of(), seen=placements_of(shown[:most]))
    leaves = people.leaves_of(acting.tx, acting.person.id, acting.today).values()
    away = [one.ends for one in leaves if one.starts <= acting.today]
    return Corrections(shown, bool(found), max(away, default=None))
