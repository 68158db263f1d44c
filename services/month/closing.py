"""What is said when a placement has ended: beside its last month's report, or by itself when that has gone by."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from followup import PlacementId
from followup.log.subject import What
from followup.month.closing_report import PREFIX, QUESTIONS, ClosingReport, in_order, without_prefix
from followup.month.rounds import Task
from followup.placement import Placement
from followup.wording.form import UNANSWERED, Answers, asked, kept_text, read, refused_free_text
from followup.wording.wording import Problem, wording
from services.acting import Acting
from storage.month import closing_reports


def closing_told(acting: Acting, placement_id: PlacementId) -> ClosingReport | None:
    """The newest, also of an end on another day than the register has now."""
    return closing_reports.newest(acting.tx, [placement_id]).get(placement_id)


def stored_closing(acting: Acting, task: Task) -> Answers:
    """What has been said of the end that the register has; nothing where nobody has."""
    told = closing_told(acting, task.placement.id) if task.ended_on else None
    return told.answers if told and told.stands(task.ended_on) else {}


def to_close(acting: Acting, tasks: Sequence[Task]) -> Collection[int]:
    """The tasks of placements that ended in the month, of whose end nothing has been said."""
    ended = [task for task in tasks if task.ended_on]
    told = closing_reports.newest(acting.tx, [task.placement.id for task in ended]) if ended else {}
    return {task.id for task in ended if not _told(told.get(task.placement.id), task)}


def _told(told: ClosingReport | None, task: Task) -> bool:
    return told is not None and told.stands(task.ended_on)


def first_closing(acting: Acting, placement_id: PlacementId) -> Answers:
    """What the form begins with: what was said before, which an end on another day makes a question again."""
    told = closing_told(acting, placement_id)
    return told.answers if told else {}


def read_closing(acting: Acting, typed: Mapping[str, str], stored: Answers) -> tuple[Answers, list[Problem]]:
    """By the questions that this municipality asks, with the texts that stand already; all problems at once."""
    free_text = acting.municipality.free_text
    answers, problems = read(asked(QUESTIONS, free_text=free_text), typed, acting.today)
    if not free_text:
        answers = kept_text(QUESTIONS, answers, stored)
    return in_order(answers), problems + refused_free_text(
        QUESTIONS, typed, "again", acting.municipality.text_refused
    )


def read_with_report(acting: Acting, task: Task, typed: Mapping[str, str]) -> tuple[Answers, list[Problem]]:
    """The closing part of a month's report. One that goes on after all has none, and what was typed is told of."""
    of_end = without_prefix(typed)
    if task.ended_on is None:
        filled = any(answer.strip() not in ("", UNANSWERED) for answer in of_end.values())
        return {}, [Problem("goal_progress", wording("closing.goes_on"))] if filled else []
    answers, problems = read_closing(acting, of_end, stored_closing(acting, task))
    return answers, [Problem(PREFIX + one.field, one.what) for one in problems]


def store_closing(acting: Acting, placement: Placement, ended_on: date, answers: Answers) -> int | None:
    """The next version, by number; none where the same is stored."""
    told = closing_told(acting, placement.id)
    if told and told.stands(ended_on) and told.answers == answers:
        return None
    version = closing_reports.save(acting.tx, placement.id, ended_on, answers, acting.person.id, acting.now)
    subject, seen = What.CLOCK.of(placement.id, "closing_report"), [What.PLACEMENT.of(placement.id)]
    acting.log("write", subject, detail=f"version {version}", seen=seen)
    return version
