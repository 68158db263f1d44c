"""What is said of follow-ups and their actions, and of the year's selection."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from followup import ActionId, CycleId, FollowUpId, PersonId
from followup.messages.message import MANAGERS, QUALITY, Message, Topic, newest_of_others
from followup.people import Conversation
from followup.times.deadlines import Occasion


@dataclass(frozen=True)
class FollowUpGiven(Message):
    kind = "follow_up_given"
    told = QUALITY
    answered_in = Conversation.FOLLOW_UPS
    in_doubt = "said_again"
    follow_up_id: FollowUpId
    others: tuple["FollowUpGiven", ...] = ()

    @property
    def topic(self) -> Topic:
        return Topic(self.kind, self.follow_up_id)

    @property
    def family(self) -> Topic:
        return Topic(self.kind)

    def with_all(self, waiting: Sequence[Message]) -> Self:
        return replace(self, others=newest_of_others(self, waiting, lambda one: one.follow_up_id))

    def key(self, version: int) -> str:
        return f"follow-up-given:{self.follow_up_id}:{version}"


@dataclass(frozen=True)
class ActionGiven(Message):
    kind = "action_given"
    told = QUALITY
    answered_in = Conversation.FOLLOW_UPS
    in_doubt = "said_again"
    action_id: ActionId
    owner_id: PersonId
    others: tuple["ActionGiven", ...] = ()

    @property
    def topic(self) -> Topic:
        return Topic(self.kind, self.action_id)

    @property
    def family(self) -> Topic:
        return Topic(self.kind)

    def with_all(self, waiting: Sequence[Message]) -> Self:
        return replace(self, others=newest_of_others(self, waiting, lambda one: one.action_id))

    def key(self, version: int) -> str:
        return f"action-given:{self.action_id}:{version}"


@dataclass(frozen=True)
class ActionDue(Message):
    kind = "action_due"
    told = QUALITY
    answered_in = Conversation.FOLLOW_UPS
    in_doubt = "said_again"
    action_id: ActionId
    owner_id: PersonId
    due: date
    others: tuple["ActionDue", ...] = ()

    @property
    def topic(self) -> Topic:
        return Topic(self.kind, self.action_id)

    @property
    def family(self) -> Topic:
        return Topic(self.kind)

    def with_all(self, waiting: Sequence[Message]) -> Self:
        return replace(self, others=newest_of_others(self, waiting, lambda one: one.action_id))

    def key(self, days: int, person: str) -> str:
        return f"action-due:{self.action_id}:{self.due}:{days}:{self.owner_id}:{person}"


@dataclass(frozen=True)
class ActionLate(Message):
    kind = "action_late"
    told = MANAGERS
    answered_in = Conversation.PROVIDER
    in_doubt = "said_again"
    action_id: ActionId
    owner_id: PersonId
    due: date
    others: tuple["ActionLate", ...] = ()

    @property
    def topic(self) -> Topic:
        return Topic(self.kind, self.action_id)

    @property
    def family(self) -> Topic:
        return Topic(self.kind)

    def with_all(self, waiting: Sequence[Message]) -> Self:
        return replace(self, others=newest_of_others(self, waiting, lambda one: one.action_id))

    def key(self, person: str) -> str:
        return f"action-late:{self.action_id}:{self.due}:{self.owner_id}:{person}"


@dataclass(frozen=True)
class DateNear(Message):
    """A date of the year's selection; `official_id` is the one who answers for it, where it was said to her."""

    kind = "selection"
    told = QUALITY | MANAGERS
    answered_in = Conversation.STATUS
    in_doubt = "said_again"
    occasion: Occasion
    due: date
    official_id: PersonId | None = None
    part: int = 0

    @property
    def topic(self) -> Topic:
        return Topic(self.kind, (self.due.year, self.of_part))

    @property
    def of_part(self) -> str:
        """The occasion, of its half where it is of one."""
        return f"{self.occasion}-{self.part}" if self.part else self.occasion

    def key(self, days: int) -> str:
        """Each occasion is told of a number of days before it."""
        return f"selection:{self.due.year}:{self.of_part}:{days}"


@dataclass(frozen=True)
class SelectionFrozen(Message):
    kind = "selection_frozen"
    told = QUALITY
    answered_in = Conversation.SELECTION
    in_doubt = "said_again"
    cycle_id: CycleId

    @property
    def topic(self) -> Topic:
        return Topic(self.kind, self.cycle_id)

    def key(self) -> str:
        return f"selection-frozen:{self.cycle_id}"
