"""How a signal is handled: at whose desk, who has it, how far it has come, and by when it is to be decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from followup import PersonId, SignalId
from followup.times.calendar import add_working_days, last_before, municipal_day
from followup.wording.wording import Wording, wording

# Received, then investigated, then ended in one of three ways.
State = Literal["received", "investigating", "remedied", "dismissed", "handed_on"]
STATES: tuple[State, ...] = get_args(State)
OPEN: tuple[State, ...] = ("received", "investigating")
ENDS: tuple[State, ...] = tuple(state for state in STATES if state not in OPEN)
# Whom one may be handed on to; the reason says more closely which.
Receiver = Literal["provider", "ivo", "police", "region", "school", "board", "municipality", "authority"]
RECEIVERS: tuple[Receiver, ...] = get_args(Receiver)
# What the authority itself did wrong is its managers' to see to.
Desk = Literal["quality", "managers"]
DESKS: tuple[Desk, ...] = get_args(Desk)
WORKING_DAYS_TO_DECIDE = 10
# Of what a file tells only so much is news, when it is read in; the rest is history that nobody is to take.
NEWS = timedelta(days=30)


@dataclass(frozen=True)
class SignalProgress:
    """Of one signal; `owner_id` is None until somebody has been given it, `ended_at` while it is undecided.

    `receiver` is whom it was handed on to, None too of what was handed on before that was asked.
    """

    signal_id: SignalId
    desk: Desk
    state: State
    owner_id: PersonId | None
    came_at: datetime
    ended_at: datetime | None = None
    receiver: Receiver | None = None

    @property
    def words(self) -> Wording:
        return state_in_words(self.state, self.receiver)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def last_day(self) -> date:
        """By when it is to be decided."""
        return add_working_days(municipal_day(self.came_at), WORKING_DAYS_TO_DECIDE)

    def is_overdue(self, today: date) -> bool:
        return self.is_open and self.last_day < today


def state_in_words(state: State, receiver: Receiver | None) -> Wording:
    return wording(f"signals.handed_to.{receiver}" if receiver else f"signals.state.{state}")


def overdue_since(today: date) -> date:
    """What came that day or before and is undecided today is overdue."""
    return last_before(today, WORKING_DAYS_TO_DECIDE)


def is_news(event_on: date, read_in: date) -> bool:
    """Whether what a file tells is to be handled here."""
    return event_on >= read_in - NEWS


@dataclass(frozen=True)
class InTurn:
    """Who is to be given the next one: `last` is the number of the last that she was given, 0 before the first."""

    person_id: PersonId
    last: int = 0


def next_in_turn(waiting: Sequence[InTurn]) -> PersonId | None:
    """Whoever was given one longest ago; None where there is nobody."""
    longest = min(waiting, key=lambda one: (one.last, one.person_id), default=None)
    return longest.person_id if longest else None
