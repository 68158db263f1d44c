"""A month's form that is being filled in: kept for the one who writes it until it is handed in."""

from collections.abc import Mapping
from functools import partial

from followup import TaskId
from followup.log.subject import What
from followup.month.rounds import Task
from followup.people import Conversation
from services.acting import Acting, Refused
from services.drafts import Elsewhere, FormDrawing, KeptDraft, TooLong, keep_draft
from services.month.own_tasks import own_task, stored_answers
from storage.engine.drafts import Draft
from storage.month.drafts import DRAFTS


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
    return keep_draft(acting, DRAFTS, task.id, typed, version, drawing, partial(_is_handed_in, acting, task))


def _is_handed_in(acting: Acting, task: Task, draft: Draft) -> bool:
    """Whether it was typed over an earlier version and says what stands now, and no signal."""
    typed = {name: value for name, value in draft.typed.items() if name != "blocks"}
    return draft.version != task.version and typed == stored_answers(acting, task)


def draft_of(acting: Acting, task: Task) -> Draft | None:
    """Of one of the person's own tasks, and hers alone."""
    return DRAFTS.of(acting.tx, task.id, acting.person.id)


def drafted(acting: Acting) -> frozenset[TaskId]:
    """The tasks that she has begun to answer."""
    return DRAFTS.about(acting.tx, acting.person.id)


def drop(acting: Acting, task_id: TaskId) -> None:
    """What she had written, once it is handed in."""
    DRAFTS.forget(acting.tx, task_id, acting.person.id)
