"""What is said of the month's reports: to those who have them to answer, and to their managers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, Self

from followup import PersonId, RoundId, TaskId
from followup.messages.message import MANAGERS, WORKERS, Message, Topic
from followup.people import Conversation

# Every one of them lists all that is left.
LIST = Topic("list")


@dataclass(frozen=True)
class Prompt(Message):
    kind = "prompt"
    told = WORKERS
    answered_in = Conversation.MY_TASKS
    in_doubt = "next_list"
    topic = LIST
    round_id: RoundId
    others: tuple[RoundId, ...] = ()

    def with_all(self, waiting: Sequence[Message]) -> Self:
        return replace(self, others=_other_rounds(self.round_id, waiting))

    @staticmethod
    def keys_of(round_id: RoundId) -> str:
        return f"{Prompt.kind}:{round_id}:"

    def key(self, person_id: PersonId) -> str:
        return f"{self.keys_of(self.round_id)}{person_id}"


@dataclass(frozen=True)
class Reminder(Message):
    kind = "reminder"
    told = WORKERS
    answered_in = Conversation.MY_TASKS
    in_doubt = "next_list"
    topic = LIST
    round_id: RoundId
    others: tuple[RoundId, ...] = ()

    def with_all(self, waiting: Sequence[Message]) -> Self:
        return replace(self, others=_other_rounds(self.round_id, waiting))

    def key(self, person_id: PersonId, number: int) -> str:
        return f"{self.kind}:{self.round_id}:{person_id}:{number}"


@dataclass(frozen=True)
class Snoozed(Message):
    """The reminder that was promised when somebody asked to be reminded later."""

    kind = "snoozed"
    told = WORKERS
    answered_in = Conversation.MY_TASKS
    in_doubt = "next_list"
    topic = LIST
    round_id: RoundId
    others: tuple[RoundId, ...] = ()

    def with_all(self, waiting: Sequence[Message]) -> Self:
        return replace(self, others=_other_rounds(self.round_id, waiting))

    def key(self, person_id: PersonId, snooze_id: int) -> str:
        return f"{self.kind}:{self.round_id}:{person_id}:{snooze_id}"


@dataclass(frozen=True)
class Nudge(Message):
    """A manager's own reminder."""

    kind = "nudge"
    told = WORKERS
    answered_in = Conversation.MY_TASKS
    in_doubt = "next_list"
    topic = LIST
    manager_id: PersonId

    @staticmethod
    def keys_of(day: date) -> str:
        return f"{Nudge.kind}:{day}:"

    def key(self, day: date, worker_id: PersonId) -> str:
        return f"{self.keys_of(day)}{worker_id}"


LeaveStep = Literal["asked", "off", "declined", "begins", "ends"]


@dataclass(frozen=True)
class LeaveTold(Message):
    """A step of a leave: told to the substitute, and what the substitute has declined to the one who is away."""

    kind = "leave"
    told = WORKERS
    answered_in = Conversation.LEAVE
    in_doubt = "said_again"
    leave_id: int
    step: LeaveStep

    @property
    def topic(self) -> Topic:
        return Topic(self.kind, self.leave_id)

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.leave_id}:{self.step}"


@dataclass(frozen=True)
class Escalation(Message):
    """What is missing of the month, and of the `others` whose time was over in the same moment."""

    kind = "escalation"
    told = MANAGERS
    answered_in = Conversation.UNANSWERED
    in_doubt = "said_again"
    round_id: RoundId
    others: tuple[RoundId, ...] = ()

    @property
    def topic(self) -> Topic:
        return Topic(self.kind, self.round_id)

    @property
    def family(self) -> Topic:
        return Topic(self.kind)

    def with_all(self, waiting: Sequence[Message]) -> Self:
        return replace(self, others=_other_rounds(self.round_id, waiting))

    def key(self, manager_id: PersonId) -> str:
        return f"{self.kind}:{self.round_id}:{manager_id}"


@dataclass(frozen=True)
class Ownerless(Message):
    """Tasks of the month, and of the `others`, that nobody answers for, each told of once."""

    kind = "ownerless"
    told = MANAGERS
    answered_in = Conversation.UNANSWERED
    in_doubt = "said_again"
    round_id: RoundId
    task_ids: tuple[TaskId, ...] = ()
    others: tuple[RoundId, ...] = ()

    @property
    def topic(self) -> Topic:
        return Topic(self.kind, self.round_id)

    @property
    def family(self) -> Topic:
        return Topic(self.kind)

    def with_all(self, waiting: Sequence[Message]) -> Self:
        tasks = {one for each in waiting if isinstance(each, Ownerless) for one in each.task_ids}
        others = _other_rounds(self.round_id, waiting)
        return replace(self, task_ids=tuple(sorted(tasks)), others=others)

    @staticmethod
    def keys_of(round_id: RoundId) -> str:
        return f"{Ownerless.kind}:{round_id}:"

    def key(self, times: int) -> str:
        return f"{self.keys_of(self.round_id)}{times}"


@dataclass(frozen=True)
class InDoubt(Message):
    """A worker of whom it is not known whether any of the month's lists has come to her, to her manager."""

    kind = "in_doubt"
    told = MANAGERS
    answered_in = Conversation.UNANSWERED
    in_doubt = "said_again"
    round_id: RoundId
    worker_id: PersonId

    @staticmethod
    def keys_of(round_id: RoundId) -> str:
        return f"{InDoubt.kind}:{round_id}:"

    def key(self, manager_id: PersonId) -> str:
        return f"{self.keys_of(self.round_id)}{self.worker_id}:{manager_id}"


# What a worker gets of her open months.
LISTS = (Prompt.kind, Reminder.kind, Snoozed.kind, Nudge.kind)


def _other_rounds(kept: RoundId, waiting: Sequence[Message]) -> tuple[RoundId, ...]:
    of = [
        round_id
        for one in waiting
        if isinstance(one, Prompt | Reminder | Snoozed | Escalation | Ownerless)
        for round_id in (one.round_id, *one.others)
    ]
    return tuple(sorted({*of} - {kept}))
