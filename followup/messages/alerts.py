"""What is said of alerts and signals: to the quality team, to managers, and to those who raised a signal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, Self, get_args

from followup import AlertId, PersonId, SignalId, UnitId
from followup.messages.message import MANAGERS, QUALITY, WORKERS, Message, Topic, newest_of_others
from followup.people import Conversation

Outcome = Literal[
    "regrade",
    "link",
    "unlink",
    "authority",
    "clear",
    "dismiss",
    "restore",
    "decided",
    "closed",
    "remedied",
    "handed_on",
]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass(frozen=True)
class AlertRaised(Message):
    """With the `others` of the unit that were raised before anybody was told; its card tells of all that are open."""

    kind = "alert"
    told = QUALITY
    answered_in = Conversation.ALERTS
    in_doubt = "said_again"
    alert_id: AlertId
    # None of what was decided before alerts of one unit went as one.
    unit_id: UnitId | None = None
    others: tuple[AlertId, ...] = ()

    @property
    def topic(self) -> Topic:
        return Topic("alert", self.alert_id)

    @property
    def covers(self) -> tuple[Topic, ...]:
        return tuple(Topic("alert", one) for one in (self.alert_id, *self.others))

    @property
    def family(self) -> Topic:
        return self.topic if self.unit_id is None else Topic("alerts_of_unit", self.unit_id)

    def with_all(self, waiting: Sequence[Message]) -> Self:
        of = {each for one in waiting if isinstance(one, AlertRaised) for each in (one.alert_id, *one.others)}
        return replace(self, others=tuple(sorted(of - {self.alert_id})))

    def key(self) -> str:
        return f"alert:{self.alert_id}"

    @property
    def keys(self) -> str:
        """What the keys of all that tell of it begin with."""
        return f"{self.key()}:"


@dataclass(frozen=True)
class AlertAgain(Message):
    """Of an alert that nobody has taken, and of the `others` that are said again with it."""

    kind = "alert_again"
    told = QUALITY | MANAGERS
    answered_in = Conversation.ALERTS
    in_doubt = "said_again"
    alert_id: AlertId
    others: tuple[AlertId, ...] = ()

    @property
    def topic(self) -> Topic:
        """No other message that is of one of several stands for it: it would leave out the rest."""
        return Topic("alert", (self.alert_id, *self.others) if self.others else self.alert_id)

    @property
    def family(self) -> Topic:
        return Topic(self.kind)

    def with_all(self, waiting: Sequence[Message]) -> Self:
        of = {each for one in waiting if isinstance(one, AlertAgain) for each in (one.alert_id, *one.others)}
        return replace(self, others=tuple(sorted(of - {self.alert_id})))

    def key(self) -> str:
        return f"alert-again:{self.alert_id}"


@dataclass(frozen=True)
class HistoryRead(Message):
    """All alerts that the history of an import gave rise to, in one."""

    kind = "history"
    told = QUALITY
    answered_in = Conversation.ALERTS
    in_doubt = "said_again"
    import_id: int

    @property
    def topic(self) -> Topic:
        return Topic("history", self.import_id)

    def key(self) -> str:
        return f"history:{self.import_id}"


@dataclass(frozen=True)
class HistoryAgain(Message):
    """Of those alerts that nobody has taken."""

    kind = "history_again"
    told = QUALITY | MANAGERS
    answered_in = Conversation.ALERTS
    in_doubt = "said_again"
    import_id: int

    @property
    def topic(self) -> Topic:
        return Topic("history", self.import_id)

    def key(self) -> str:
        return f"history-again:{self.import_id}"


@dataclass(frozen=True)
class OwnAlert(Message):
    """An alert that somebody asked for in the channel."""

    kind = "own_alert"
    told = QUALITY
    answered_in = Conversation.ALERT_DESK
    in_doubt = "pressed_again"
    topic = None
    alert_id: AlertId

    def key(self, person: str, activity_id: str) -> str:
        """The same press sent again is the same message."""
        return f"own-alert:{self.alert_id}:{person}:{activity_id}"


@dataclass(frozen=True)
class EvidenceAsked(Message):
    """An alert's evidence that somebody asked for in the channel."""

    kind = "evidence"
    told = QUALITY
    answered_in = Conversation.ALERT_DESK
    in_doubt = "pressed_again"
    topic = None
    alert_id: AlertId

    def key(self, person: str, activity_id: str) -> str:
        """The same press sent again is the same message."""
        return f"evidence:{self.alert_id}:{person}:{activity_id}"


@dataclass(frozen=True)
class SignalAsked(Message):
    """An alert's signal that somebody asked for in the channel."""

    kind = "signal"
    told = QUALITY
    answered_in = Conversation.ALERT_DESK
    in_doubt = "pressed_again"
    topic = None
    signal_id: SignalId
    alert_id: AlertId

    def key(self, person: str, activity_id: str) -> str:
        """The same press sent again is the same message."""
        return f"signal:{self.signal_id}:{person}:{activity_id}"


@dataclass(frozen=True)
class HandedOver(Message):
    kind = "handed_over"
    told = QUALITY
    answered_in = Conversation.ALERT_DESK
    in_doubt = "said_again"
    alert_id: AlertId
    giver_id: PersonId
    others: tuple["HandedOver", ...] = ()

    @property
    def topic(self) -> Topic:
        return Topic(self.kind, self.alert_id)

    @property
    def family(self) -> Topic:
        return Topic(self.kind)

    def with_all(self, waiting: Sequence[Message]) -> Self:
        return replace(self, others=newest_of_others(self, waiting, lambda one: one.alert_id))

    def key(self, note_id: int) -> str:
        return f"handed-over:{note_id}"


@dataclass(frozen=True)
class SignalGiven(Message):
    """Of a signal that another has given her to look into."""

    kind = "signal_given"
    told = QUALITY
    answered_in = Conversation.SIGNAL_DESK
    in_doubt = "said_again"
    signal_id: SignalId
    giver_id: PersonId
    others: tuple["SignalGiven", ...] = ()

    @property
    def topic(self) -> Topic:
        return Topic(self.kind, self.signal_id)

    @property
    def family(self) -> Topic:
        return Topic(self.kind)

    def with_all(self, waiting: Sequence[Message]) -> Self:
        return replace(self, others=newest_of_others(self, waiting, lambda one: one.signal_id))

    def key(self, given_at: datetime) -> str:
        return f"signal-given:{self.signal_id}:{given_at.isoformat()}"


@dataclass(frozen=True)
class SignalsOfDay(Message):
    """The ordinary signals that came after the one moment and by the other, and what she has left."""

    kind = "signals_day"
    told = QUALITY
    answered_in = Conversation.SIGNAL_DESK
    in_doubt = "said_again"
    since: datetime
    until: datetime

    def key(self, day: date, person_id: PersonId) -> str:
        return f"signals-day:{day}:{person_id}"

    def with_all(self, waiting: Sequence[Message]) -> Self:
        days = [one for one in waiting if isinstance(one, SignalsOfDay)]
        return replace(self, since=min(one.since for one in days), until=max(one.until for one in days))


@dataclass(frozen=True)
class DecisionDue(Message):
    """Of an alert on which it is still to be decided whether IVO is to be notified."""

    kind = "decision_due"
    told = QUALITY
    answered_in = Conversation.ALERT_DESK
    in_doubt = "said_again"
    alert_id: AlertId

    @property
    def topic(self) -> Topic:
        return Topic(self.kind, self.alert_id)

    def key(self, number: int, person_id: PersonId) -> str:
        return f"decision-due:{self.alert_id}:{number}:{person_id}"


@dataclass(frozen=True)
class DutyToReport(Message):
    """The yearly reminder of the duty to report what is wrong in one's own activity."""

    kind = "duty_to_report"
    told = WORKERS | QUALITY | MANAGERS
    answered_in = None
    in_doubt = "said_again"
    year: int

    def key(self, person_id: PersonId) -> str:
        return f"duty-to-report:{self.year}:{person_id}"


@dataclass(frozen=True)
class OwnFault(Message):
    """A signal whose cause lies with the authority itself."""

    kind = "own_fault"
    told = MANAGERS
    answered_in = Conversation.OWN_FAULTS
    in_doubt = "said_again"
    signal_id: SignalId

    @property
    def topic(self) -> Topic:
        return Topic(self.kind, self.signal_id)

    def key(self, manager: str) -> str:
        return f"own-fault:{self.signal_id}:{manager}"


@dataclass(frozen=True)
class LedTo(Message):
    """What a person's own signals led to; `alert_id` where it was done with the alert on them."""

    kind = "led_to"
    told = WORKERS | QUALITY
    answered_in = Conversation.SIGNAL
    in_doubt = "said_again"
    outcome: Outcome
    signal_ids: tuple[SignalId, ...]
    alert_id: AlertId | None = None

    @property
    def topic(self) -> Topic:
        return Topic(self.kind, self)

    def key(self, deed: str, person_id: PersonId) -> str:
        return f"led-to:{self.outcome}:{deed}:{person_id}"
