"""Handing in a month's report: by the form, new or corrected, or by the statement for a normal month."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from followup import SignalId, TaskId
from followup.log.subject import What
from followup.month.report import (
    QUESTIONS,
    by_statement,
    corrected_with,
    read_answers,
    starting_point,
    statement_refused,
    with_implied,
)
from followup.month.rounds import Task
from followup.people import Conversation
from followup.signals.kind_form import is_told
from followup.signals.signal import IN_REPORT
from followup.wording.form import UNANSWERED, Answers, asked, kept_text, refused_free_text
from followup.wording.wording import Problem, wording
from services.acting import Acting, Refused
from services.month.closing import read_with_report, store_closing, stored_closing, to_close
from services.month.own_tasks import (
    log_report,
    log_tasks,
    own_tasks,
    report_before,
    reports_before,
    stored_answers,
)
from services.risk.scoring import rescore
from services.signals import raising
from storage.engine.locks import hold_task
from storage.month import reports
from storage.signals import signals


@dataclass(frozen=True)
class Filled:
    """A form as it was filled in: the report's answers, and each signal's, by question.

    `seen` are the versions that the one who filled it in has been shown or has stored by it; `told` the signals that
    were handed in by it before, by what they say. `only` is the one answer of a report that it corrects. `drawn` are
    the kinds that the form was drawn for, one a signal; a form that showed what is asked of them all has none.
    """

    typed: Mapping[str, str]
    signals: Sequence[Mapping[str, str]] = ()
    seen: Collection[int] = (0,)
    told: Mapping[str, int] = field(default_factory=dict)
    only: str = ""
    drawn: Sequence[str] = ()


@dataclass(frozen=True)
class HandedIn:
    """`task` with the version that it now has, `tasks` all that await the person, `signals` by what they say."""

    task: Task
    tasks: Sequence[Task]
    signals: Mapping[str, SignalId]


@dataclass(frozen=True)
class NotStored:
    """All that is wrong, a signal's under its prefix; or `unseen`: what is stored has not been seen."""

    task: Task
    problems: Sequence[Problem]
    unseen: bool


@dataclass(frozen=True)
class AlreadySo:
    """The same is stored already, from somewhere else."""

    task: Task


def prefix(number: int) -> str:
    """Of the fields of a form's signal, the first one being 1."""
    return f"s{number}."


def is_filled(typed: Mapping[str, str]) -> bool:
    """Whether anything has been answered."""
    return any(answer.strip() not in ("", UNANSWERED) for answer in typed.values())


def hand_in(
    acting: Acting, task_id: TaskId | None, filled: Filled
) -> HandedIn | NotStored | AlreadySo | Refused:
    """The report, its signals and what follows from them; or nothing, and all that is in the way."""
    hold_task(acting.tx, task_id or TaskId(0))
    mine = own_tasks(acting) if acting.may(Conversation.REPORT) else []
    task = next((one for one in mine if one.id == task_id), None)
    if task is None:
        return acting.refuse(What.TASK.of(task_id or "?"))
    answers, new_signals, problems = _read(acting, task, filled)
    if filled.only and task.answered:
        of_end = stored_closing(acting, task)
        problems = [one for one in problems if _is_asked(one, filled.only)]
    else:
        of_end, wrong = read_with_report(acting, task, filled.typed)
        problems += wrong
    unseen = task.version not in filled.seen
    same = answers == stored_answers(acting, task) and of_end == stored_closing(acting, task)
    stands = unseen or (task.answered and (bool(filled.only) or not task.by_statement))
    if stands and same and not problems and not new_signals:
        log_report(acting, task)
        return AlreadySo(task)
    if problems or unseen:
        return NotStored(task, problems, unseen)
    if task.ended_on and not filled.only:
        store_closing(acting, task.placement, task.ended_on, of_end)
    return _store(acting, task, mine, answers, _named(new_signals), filled.told)


def _is_asked(problem: Problem, only: str) -> bool:
    """Whether it is with what the form asks; a statement's other answers stand as they were stated."""
    asked_for = corrected_with(only)
    return problem.field in asked_for or (only == "signals" and "." in problem.field)


def _typed(acting: Acting, task: Task, filled: Filled) -> Mapping[str, str]:
    """All answers: those that stand, where one alone is corrected; with what a written day says."""
    if filled.only and task.answered:
        corrected = {one: filled.typed.get(one, "") for one in corrected_with(filled.only)}
        return {**stored_answers(acting, task), **corrected}
    return with_implied(filled.typed, lambda: starting_point(report_before(acting, task)), task.month)


def _read(acting: Acting, task: Task, filled: Filled) -> tuple[Answers, list[Answers], list[Problem]]:
    """Signals left wholly empty, or not wanted after all, are none."""
    free_text = acting.municipality.free_text
    questions = asked(QUESTIONS, free_text=free_text)
    typed = _typed(acting, task, filled)
    answers, problems = read_answers(typed, task.month, acting.today, questions)
    if not free_text and task.answered:
        answers = kept_text(QUESTIONS, answers, stored_answers(acting, task))
    problems += refused_free_text(QUESTIONS, filled.typed, "goal_progress", acting.municipality.text_refused)
    there = [one for one in filled.signals if is_filled(one)]
    new_signals = list[Answers]()
    if answers.get("signals") == "some":
        new_signals, wrong = _read_signals(acting, filled)
        problems += wrong
    else:
        there = [one for one in there if is_told(one)]
    return answers, new_signals, problems + _between(acting, task, answers, typed=bool(there))


def _read_signals(acting: Acting, filled: Filled) -> tuple[list[Answers], list[Problem]]:
    found, problems = list[Answers](), list[Problem]()
    for number, typed in enumerate(filled.signals, 1):
        if is_told(typed):
            drawn = filled.drawn[number - 1] if number <= len(filled.drawn) else None
            answers, wrong = raising.read_typed(acting, typed, drawn, IN_REPORT)
            found.append(answers)
            problems += [Problem(prefix(number) + one.field, one.what) for one in wrong]
        elif is_filled(typed):
            problems.append(Problem(f"{prefix(number)}kind", wording("report.signal_empty", number=number)))
    return found, problems


def _between(acting: Acting, task: Task, answers: Answers, *, typed: bool) -> list[Problem]:
    """What the answer about signals and the signals themselves say against each other."""
    said = answers.get("signals")
    if said == "some" and not typed and not _has_signals(acting, task):
        return [Problem("signals", wording("report.signal_needed"))]
    if said == "none" and (typed or _has_signals(acting, task)):
        return [Problem("signals", wording("report.signal_there"))]
    return []


def _has_signals(acting: Acting, task: Task) -> bool:
    return task.answered and bool(signals.of_tasks(acting.tx, [task.id])[task.id])


def _named(new_signals: Iterable[Answers]) -> dict[str, Answers]:
    """Each by a checksum of what it says, and which one it is of those that say the same."""
    seen, named = Counter[str](), dict[str, Answers]()
    for answers in new_signals:
        says = sha256(repr(sorted(answers.items())).encode()).hexdigest()[:16]
        seen[says] += 1
        named[f"{says}{seen[says]}"] = answers
    return named


def _store(
    acting: Acting,
    task: Task,
    mine: Sequence[Task],
    answers: Answers,
    new_signals: Mapping[str, Answers],
    told: Mapping[str, int],
) -> HandedIn:
    version = reports.save(
        acting.tx, task.id, answers, by_statement=False, author_id=acting.person.id, now=acting.now
    )
    acting.log("write", What.REPORT.of(task.id), detail=f"version {version}")
    stored = _store_signals(acting, task, new_signals, told)
    rescore(acting.tx, task.placement.unit_id, acting.now)
    handed_in = replace(task, version=version)
    return HandedIn(handed_in, [handed_in if one.id == task.id else one for one in mine], stored)


def _store_signals(
    acting: Acting, task: Task, new_signals: Mapping[str, Answers], told: Mapping[str, int]
) -> dict[str, SignalId]:
    """What this form has told already is not another signal."""
    own = told_of(acting, task, told) if new_signals else {}
    where = task.placement
    return {
        name: own.get(name) or raising.store(acting, answers, where.unit_id, where.id, task.id).id
        for name, answers in new_signals.items()
    }


def told_of(acting: Acting, task: Task, told: Mapping[str, object]) -> dict[str, SignalId]:
    """What was told by a form, as far as those are the report's own signals."""
    own = {one.id for one in signals.of_tasks(acting.tx, [task.id])[task.id]} if told else set()
    return {name: SignalId(number) for name, number in told.items() if type(number) is int and number in own}


@dataclass(frozen=True)
class Stated:
    """Of what was ticked: what was stored now, what was so already, what a form has answered, what is not hers."""

    stored: Sequence[Task]
    already: Sequence[Task]
    otherwise: Sequence[Task]
    not_hers: int


def state(acting: Acting, task_ids: Sequence[TaskId]) -> Stated:
    """The statement for every task that is the person's, still unanswered, and for which it will do."""
    for task_id in sorted(task_ids):
        hold_task(acting.tx, task_id)
    mine = own_tasks(acting) if acting.may(Conversation.REPORT) else []
    own = {task.id: task for task in mine}
    ticked = [own[task_id] for task_id in task_ids if task_id in own]
    others = [task_id for task_id in task_ids if task_id not in own]
    if others:
        acting.log("refused", What.TASKS.of(len(others)), seen=What.TASK.each(others))
    already = [task for task in ticked if task.answered and task.by_statement]
    otherwise = [task for task in ticked if task.answered and not task.by_statement]
    stored = [task for task in ticked if not task.answered and _store_statement(acting, task)]
    log_tasks(acting, [*already, *otherwise])
    for unit_id in sorted({task.placement.unit_id for task in stored}):
        rescore(acting.tx, unit_id, acting.now)
    return Stated(stored, already, otherwise, len(others))


def _store_statement(acting: Acting, task: Task) -> bool:
    before = reports_before(acting, task)
    if statement_refused(task.month, before, to_close=task.id in to_close(acting, [task])):
        return False
    answers = by_statement(before[0], stands_in=task.stands_in(acting.person.id))
    reports.save(acting.tx, task.id, answers, by_statement=True, author_id=acting.person.id, now=acting.now)
    acting.log("write", What.REPORT.of(task.id))
    return True
