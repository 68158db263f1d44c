"""One turn of a conversation: what was said, by whom, and the reply by value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dialogs.card import Card
from dialogs.texts import Texts
from followup.access import ACCESS, Access
from followup.deadlines import YearDates
from followup.people import Person
from followup.rounds import RoundDays
from followup.subject import Subject
from storage import access_log
from storage.access_log import Act
from storage.database import Transaction

# What an INTEGER column holds; a larger number is no id of ours.
NUMBERS = range(2**31)


@dataclass(frozen=True)
class Press:
    """A button of a card: its verb, the data the card carried, and what was typed.

    `in_place` is true when the answer replaces the card by itself (Action.Execute).
    """

    verb: str
    data: Mapping[str, object] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    in_place: bool = True

    def number(self, name: str) -> int | None:
        """A whole number from the card's data; None where it is missing or something else."""
        value = self.data.get(name)
        return value if type(value) is int and value in NUMBERS else None


@dataclass(frozen=True)
class Said:
    """What reached the bot; `channel` is true wherever others may look on, so that no child may be named.

    `tenants` are the names by which the register may know the person's tenant.
    """

    teams_id: str
    name: str
    conversation_id: str
    activity_id: str
    service_url: str
    text: str = ""
    press: Press | None = None
    channel: bool = False
    reply_to_id: str | None = None
    tenants: tuple[str, ...] = ("",)

    @property
    def rest(self) -> str:
        """What was typed after the first word; Teams parts words by more than blanks."""
        return " ".join(self.text.split()[1:])


@dataclass(frozen=True)
class Reply:
    """A card or a text; `notice` is said beside the card, which stays as it is.

    `effect` says that something was stored, so the same press must not be taken again.
    """

    card: Card | None = None
    text: str = ""
    notice: str = ""
    effect: bool = False
    language: str = "sv"


@dataclass(frozen=True)
class House:
    """What holds in the whole municipality: who may see what, free text about a child or not, the year's dates."""

    access: Access = ACCESS
    free_text: bool = True
    year: YearDates = field(default_factory=YearDates)


USUAL_HOUSE = House()


@dataclass(frozen=True)
class Turn:
    """All that a conversation needs: the open transaction, who speaks, when, and the words to answer in."""

    tx: Transaction
    said: Said
    person: Person
    now: datetime
    say: Texts
    days: RoundDays
    nonce: str
    house: House = USUAL_HOUSE

    @property
    def press(self) -> Press:
        assert self.said.press is not None
        return self.said.press

    def log(
        self,
        act: Act,
        subject: Subject,
        *,
        detail: str | None = None,
        reason: str | None = None,
        seen: Sequence[Subject] | None = None,
        records: int | None = None,
    ) -> None:
        """In the access log, as the person's own act now."""
        access_log.record(
            self.tx,
            act,
            subject,
            self.now,
            person_id=self.person.id,
            detail=detail,
            reason=reason,
            seen=seen,
            records=records,
        )
