"""Who has not answered (obesvarade): by worker and by count, how many are in, and whom the bot cannot reach."""

from collections.abc import Sequence
from dataclasses import dataclass

from followup.access.access import DataKind
from followup.log.subject import What
from followup.people import Conversation, Person
from followup.times.month import Month
from services.acting import Acting, Refused
from services.month.missing_reports import Givable, Missing, givable, missing_in
from services.own_people import OwnPeople
from services.views.response_rates import ResponseRate, rates_of
from storage.messages import outbox
from storage.month import rounds

REASONS = (
    "BotDisabledByAdmin",
    "BotNotInConversationRoster",
    "ConversationBlockedByUser",
    "ForbiddenOperationException",
    "MessageWritesBlocked",
    "NoTeamsAccount",
)


@dataclass(frozen=True)
class Unreached:
    """One whom the bot cannot reach, and why: one of `REASONS`, or other."""

    person: Person
    reason: str


@dataclass(frozen=True)
class Unanswered:
    """`rates` of the `months` that wait for answers."""

    months: Sequence[Month]
    rates: Sequence[ResponseRate]
    missing: Missing
    unreached: Sequence[Unreached]


def unanswered(acting: Acting) -> Unanswered | Refused:
    """What is left in the open rounds, of the reader's own people and of what nobody answers for."""
    if not acting.may(Conversation.UNANSWERED):
        return acting.refuse(What.UNANSWERED.of())
    acting.log("read", What.UNANSWERED.of())
    asked = rounds.asking_rounds(acting.tx, acting.now)
    return Unanswered(
        [one.month for one in asked], rates_of(acting, asked), missing_in(acting, asked), unreached(acting)
    )


def unreached(acting: Acting) -> list[Unreached]:
    """The reader's people whom the bot cannot reach."""
    own = OwnPeople(acting, DataKind.COLLEAGUES)
    found = []
    for person_id, reason in outbox.not_reached(acting.tx).items():
        person = own.everyone[person_id]
        if person.active and own.has(person_id):
            code = next((one for one in REASONS if one in reason), "other")
            found.append(Unreached(person, code))
    return found


def to_hand_over(acting: Acting) -> Givable | Refused:
    """What can be given from one worker to another; no child is named."""
    if not acting.may(Conversation.UNANSWERED):
        return acting.refuse(What.HAND_OVER.of())
    acting.log("read", What.HAND_OVER.of())
    return givable(acting)
