"""A month's form that is being filled in: kept for the one who writes it until it is handed in."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import partial

from followup import TaskId
from followup.log.subject import What
from followup.month import closing_report, report
from followup.month.closing_report import named_in_report
from followup.month.rounds import Task
from followup.people import Conversation
from followup.signals import signal
from followup.signals.signal import said_of
from services.acting import Acting, Refused
from services.drafts import Elsewhere, FormDrawing, KeptDraft, TooLong, keep_draft, only_begins, takes_away
from services.month.closing import stored_closing
from services.month.own_tasks import own_task, stored_answers
from services.month.reporting import is_filled
from storage.engine.drafts import Draft
from storage.month import closing_reports, reports
from storage.month.drafts import DRAFTS
from storage.signals import signals

_IN_SIGNAL = re.compile(r"s([0-9]+)\.(.+)")
TEXTS = {
    *(one.id for one in (*report.QUESTIONS, *signal.QUESTIONS) if one.kind in ("text", "line")),
    *(closing_report.PREFIX + one.id for one in closing_report.QUESTIONS if one.kind in ("text", "line")),
}


def keep(
    acting: Acting,
    task_id: TaskId | None,
    typed: Mapping[str, str],
    version: int,
    drawing: FormDrawing,
) -> KeptDraft | TooLong | Elsewhere | Refused:
    """In the place of what was kept before, as far as she knows of it; it counts for nothing."""
    if not acting.may(Conversation.REPORT):
        return acting.refuse(What.TASK.of(task_id or "?"))
    task = own_task(acting, task_id)
    if isinstance(task, Refused):
        return task
    is_handed_in = partial(_is_handed_in, acting, task, frozenset(typed))
    return keep_draft(acting, DRAFTS, task.id, typed, version, drawing, is_handed_in)


def _is_handed_in(acting: Acting, task: Task, asked: Collection[str], draft: Draft) -> bool:
    """Whether it was typed over an earlier version and says no more than stands now, of signals too.

    Where she has taken something away from what she began with, of what her form `asked`, it says something else.
    """
    if draft.version == task.version:
        return False
    begun: dict[str, dict[str, str]] = {}
    typed: dict[str, str] = {}
    for name, value in draft.typed.items():
        in_signal = _IN_SIGNAL.fullmatch(name)
        where = begun.setdefault(in_signal[1], {}) if in_signal else typed
        where[in_signal[2] if in_signal else name] = value
    typed.pop("blocks", None)
    stored = {**stored_answers(acting, task), **named_in_report(stored_closing(acting, task))}
    began = {name: one for name, one in _began_with(acting, task, draft.version).items() if name in asked}
    says_no_more = only_begins(typed, stored, TEXTS) and not takes_away(typed, stored, began, TEXTS)
    return says_no_more and _are_told(acting, task, filter(is_filled, begun.values()))


def _began_with(acting: Acting, task: Task, version: int) -> Mapping[str, str]:
    """The version with what had been said of the end then; of a month that nobody had answered nothing is hers yet."""
    every = reports.versions(acting.tx, task.id)
    answers = next((one.answers for one in every if one.version == version), None)
    if answers is None:
        return {}
    until = min((one.known_at for one in every if one.version > version), default=acting.now)
    told = [one for one in closing_reports.versions(acting.tx, task.placement.id) if one.known_at < until]
    return {**answers, **named_in_report(told[-1].answers if told else {})}


def _are_told(acting: Acting, task: Task, begun: Iterable[Mapping[str, str]]) -> bool:
    """Whether each of the signals that are begun is no more than the beginning of one that stands."""
    told = [
        said_of(one, *signals.texts(acting.tx, one.id))
        for one in signals.of_tasks(acting.tx, [task.id])[task.id]
    ]
    return all(any(only_begins(typed, one, TEXTS) for one in told) for typed in begun)


def draft_of(acting: Acting, task: Task) -> Draft | None:
    """Of one of the person's own tasks, and hers alone."""
    return DRAFTS.of(acting.tx, task.id, acting.person.id)


def drafted(acting: Acting) -> frozenset[TaskId]:
    """The tasks that she has begun to answer."""
    return DRAFTS.about(acting.tx, acting.person.id)


def drop(acting: Acting, task_id: TaskId) -> None:
    """What she had written, once it is handed in."""
    DRAFTS.forget(acting.tx, task_id, acting.person.id)
