"""A month's form that is being filled in: kept for the one who writes it until it is handed in."""

from collections.abc import Mapping
from dataclasses import dataclass

from followup import TaskId
from followup.log.subject import What
from followup.month.rounds import Task
from followup.people import Conversation
from followup.wording.form import clean_text
from followup.wording.secrecy import holds_personal_number
from services.acting import Acting, Refused
from services.month.own_tasks import own_task
from storage.month import drafts
from storage.month.drafts import Draft

# More than any form holds that a person fills in.
LONGEST = 40_000


@dataclass(frozen=True)
class KeptDraft:
    """`left_out` are the fields that hold a personnummer, which is kept nowhere."""

    draft: Draft
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class TooLong:
    """What was kept before stays."""

    length: int


def keep(
    acting: Acting, task_id: TaskId | None, typed: Mapping[str, str], version: int
) -> KeptDraft | TooLong | Refused:
    """In the place of what was kept before; it counts for nothing."""
    if not acting.may(Conversation.REPORT):
        return acting.refuse(What.TASK.of(task_id or "?"))
    task = own_task(acting, task_id)
    if isinstance(task, Refused):
        return task
    filled = {name: clean_text(value) for name, value in typed.items() if value.strip()}
    left_out = tuple(name for name, value in filled.items() if holds_personal_number(value))
    length = sum(len(name) + len(value) for name, value in filled.items())
    if length > LONGEST:
        return TooLong(length)
    kept = {name: value for name, value in filled.items() if name not in left_out}
    draft = Draft(kept, version, acting.now)
    drafts.save(acting.tx, task.id, acting.person.id, draft)
    return KeptDraft(draft, left_out)


def draft_of(acting: Acting, task: Task) -> Draft | None:
    """Of one of the person's own tasks, and hers alone."""
    return drafts.of(acting.tx, task.id, acting.person.id)


def drafted(acting: Acting) -> frozenset[TaskId]:
    """The tasks that she has begun to answer."""
    return drafts.tasks_of(acting.tx, acting.person.id)


def drop(acting: Acting, task_id: TaskId) -> None:
    """What she had written, once it is handed in."""
    drafts.forget(acting.tx, task_id, acting.person.id)
