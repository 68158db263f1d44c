"""What is said of the law's clocks: to who answers for the placements, and to their managers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from followup import PersonId
from followup.messages.message import MANAGERS, QUALITY, WORKERS, Message, Topic, newest_of_others
from followup.messages.month import LIST
from followup.messages.operation import WeeklyDigest
from followup.people import Conversation


@dataclass(frozen=True)
class ClocksNear(Message):
    """One a day at most, with all that is near or late of hers."""

    kind = "clocks_near"
    told = WORKERS
    answered_in = Conversation.CLOCKS
    in_doubt = "said_again"
    day: date

    @property
    def family(self) -> Topic:
        """The month's list carries what is near."""
        return LIST

    def key(self, person_id: PersonId) -> str:
        return f"{self.kind}:{person_id}:{self.day}"


@dataclass(frozen=True)
class ClocksLate(Message):
    """One a day at most: what is late in the manager's teams, and what nobody answers for."""

    kind = "clocks_late"
    told = MANAGERS
    answered_in = Conversation.CLOCKS
    in_doubt = "said_again"
    day: date

    @property
    def family(self) -> Topic:
        """The weekly letter carries what is late."""
        return Topic(WeeklyDigest.kind)

    def key(self, manager_id: PersonId) -> str:
        return f"{self.kind}:{manager_id}:{self.day}"


@dataclass(frozen=True)
class ContractAsked(Message):
    """Of a contract that ends soon and that she answers for: it was given to her, or she is reminded of it."""

    kind = "contract_asked"
    told = WORKERS | QUALITY | MANAGERS
    answered_in = Conversation.PROVIDER
    in_doubt = "said_again"
    contract_id: int
    owner_id: PersonId
    asker_id: PersonId
    others: tuple["ContractAsked", ...] = ()

    @property
    def topic(self) -> Topic:
        return Topic(self.kind, self.contract_id)

    @property
    def family(self) -> Topic:
        return Topic(self.kind)

    def with_all(self, waiting: Sequence[Message]) -> Self:
        return replace(self, others=newest_of_others(self, waiting, lambda one: one.contract_id))

    def key(self, day: date) -> str:
        """Once a day at most, whoever asks."""
        return f"contract-asked:{self.contract_id}:{self.owner_id}:{day}"


@dataclass(frozen=True)
class YearlyList(Message):
    """What the law asks the board for each year, said in January, whose last day is the first of its days."""

    kind = "yearly_list"
    told = MANAGERS
    answered_in = None
    in_doubt = "said_again"
    year: int

    def key(self, person_id: PersonId) -> str:
        return f"yearly-list:{self.year}:{person_id}"
