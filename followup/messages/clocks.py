"""What is said of the law's clocks: to who answers for the placements, and to their managers."""

from dataclasses import dataclass
from datetime import date

from followup import PersonId
from followup.messages.message import MANAGERS, WORKERS, Message, Topic
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
class YearlyList(Message):
    """What the law asks the board for each year, said in January, whose last day is the first of its days."""

    kind = "yearly_list"
    told = MANAGERS
    answered_in = None
    in_doubt = "said_again"
    year: int

    def key(self, person_id: PersonId) -> str:
        return f"yearly-list:{self.year}:{person_id}"
