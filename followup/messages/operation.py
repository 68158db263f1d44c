"""What is said of the bot itself: the digest, base levels, the access log, trouble in reaching Teams, changed cards."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal, Self

from followup import PersonId
from followup.log.log_review import Quarter
from followup.messages.message import ADMINS, MANAGERS, QUALITY, Message, Topic
from followup.people import Conversation, Role
from followup.times.month import Month


@dataclass(frozen=True)
class WeeklyDigest(Message):
    """What has happened since then, and what waits for whom it is sent to."""

    kind = "digest"
    told = QUALITY | MANAGERS
    answered_in = Conversation.DIGEST
    in_doubt = "said_again"
    since: datetime

    def with_all(self, waiting: Sequence[Message]) -> Self:
        return replace(self, since=_earliest(self.since, waiting))


@dataclass(frozen=True)
class BaseLevelsDue(Message):
    """The year's base levels wait for a decision."""

    kind = "base_levels"
    told = QUALITY
    answered_in = Conversation.THRESHOLD
    in_doubt = "said_again"
    year: int

    def keys_of(self) -> str:
        """What the key of each reminder of the year begins with."""
        return f"base-levels:{self.year}:"

    def key(self, day: date, said: Collection[str]) -> str | None:
        """The key of the reminder of that day; None in the week that follows one of those that were said."""
        days = [date.fromisoformat(key.removeprefix(self.keys_of()).partition(":")[0]) for key in said]
        soon = any(day < earlier + timedelta(days=7) for earlier in days)
        return None if soon else f"{self.keys_of()}{day}"


@dataclass(frozen=True)
class PurgeProposed(Message):
    """What may be deleted by the plan waits for two people's decisions, hers among them; nothing of any child."""

    kind = "purge_proposed"
    # The official may be of the quality team.
    told = QUALITY | MANAGERS | ADMINS
    answered_in = Conversation.RETENTION
    in_doubt = "said_again"
    number: int

    @property
    def topic(self) -> Topic:
        return Topic(self.kind, self.number)

    def key(self, person_id: PersonId) -> str:
        return f"purge-proposed:{self.number}:{person_id}"


@dataclass(frozen=True)
class LogReviewDue(Message):
    kind = "log_review"
    told = ADMINS
    answered_in = None
    in_doubt = "said_again"
    year: int
    quarter: int

    @property
    def reviewed(self) -> Quarter:
        return Quarter(self.year, self.quarter)

    def key(self, number: int) -> str:
        return f"log-review:{self.reviewed}:{number}"


@dataclass(frozen=True)
class CheckpointDue(Message):
    kind = "log_checkpoint"
    told = ADMINS
    answered_in = None
    in_doubt = "said_again"

    @staticmethod
    def key(month: Month) -> str:
        return f"log-checkpoint:{month}"


@dataclass(frozen=True)
class ChannelRefused(Message):
    """The team's channel takes nothing."""

    kind = "channel_refused"
    told = ADMINS
    answered_in = None
    in_doubt = "said_again"
    since: datetime

    def key(self) -> str:
        return f"channel-refused:{int(self.since.timestamp())}"

    def with_all(self, waiting: Sequence[Message]) -> Self:
        return replace(self, since=_earliest(self.since, waiting))


@dataclass(frozen=True)
class ChannelChosen(Message):
    """Somebody has chosen the team's channel; where there was another before, that one is told too."""

    kind = "channel_chosen"
    told = ADMINS | QUALITY
    answered_in = None
    in_doubt = "said_again"
    by_id: PersonId
    at: datetime
    moved: bool

    def key(self) -> str:
        return f"channel-chosen:{self.at.isoformat()}"


@dataclass(frozen=True)
class TokenRefused(Message):
    """Teams does not know the bot."""

    kind = "token_refused"
    told = ADMINS
    answered_in = None
    in_doubt = "said_again"
    since: datetime

    @staticmethod
    def key(day: date) -> str:
        return f"token-refused:{day}"

    def with_all(self, waiting: Sequence[Message]) -> Self:
        return replace(self, since=_earliest(self.since, waiting))


@dataclass(frozen=True)
class Trouble(Message):
    """What the bot cannot do by itself until an administrator has seen to it, with two moments that tell of it."""

    kind = "trouble"
    told = ADMINS
    answered_in = None
    in_doubt = "said_again"
    what: Literal["backup", "clock", "in_doubt"]
    since: datetime
    until: datetime

    @property
    def topic(self) -> Topic:
        return Topic(self.kind, self.what)

    def key(self) -> str:
        """Once for what began then."""
        return f"{self.kind}:{self.what}:{int(self.since.timestamp())}"

    def with_all(self, waiting: Sequence[Message]) -> Self:
        return replace(self, since=_earliest(self.since, waiting))


@dataclass(frozen=True)
class CardChanged(Message):
    """What a card is to show after a deed on it, by the kind of the deed and the rows that it wrote.

    It shows what the message showed the person before; each of the things asks for itself whether it may be seen.
    """

    kind = "update"
    told = frozenset(Role)
    answered_in = None
    in_doubt = "tried_again"
    topic = None
    what: str = ""
    numbers: Mapping[str, Any] = field(default_factory=dict)


def _earliest(since: datetime, waiting: Sequence[Message]) -> datetime:
    of = (
        one.since
        for one in waiting
        if isinstance(one, WeeklyDigest | ChannelRefused | TokenRefused | Trouble)
    )
    return min(since, *of)
