"""Who has not answered (obesvarade): by worker and by count, how many are in, and whom the bot cannot reach."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from followup import PersonId
from followup.access.access import DataKind
from followup.log.subject import What
from followup.messages.month import LISTS
from followup.people import Conversation, Person
from followup.times.month import Month
from services.acting import Acting, Refused
from services.month.missing_reports import Givable, Missing, givable, missing_in
from services.own_people import OwnPeople
from services.views.response_rates import ResponseRate, rates_of
from storage.messages import recipients
from storage.messages.arrived import HowFarTold, arrived
from storage.month import awaiting, rounds

REASONS = (
    "BotDisabledByAdmin",
    "BotNotInConversationRoster",
    "ConversationBlockedByUser",
    "ForbiddenOperationException",
    "MessageWritesBlocked",
    "NoTeamsAccount",
)


IN_DOUBT = "in_doubt"


@dataclass(frozen=True)
class Unreached:
    """One whom the bot cannot reach, and why: one of `REASONS`, or other.

    Or `IN_DOUBT`: nothing that she was to be told of the open months is known to have arrived.
    """

    person: Person
    reason: str


@dataclass(frozen=True)
class Reached:
    """How many of the reader's people the open months' messages have surely reached, perhaps, and not.

    `read` are those of the told who are known to have read one: not everybody's Teams tells.
    """

    told: int
    in_doubt: int
    not_told: int
    read: int


@dataclass(frozen=True)
class Unanswered:
    """`rates` of the `months` that wait for answers."""

    months: Sequence[Month]
    rates: Sequence[ResponseRate]
    missing: Missing
    unreached: Sequence[Unreached]
    reached: Reached


def unanswered(acting: Acting) -> Unanswered | Refused:
    """What is left in the open rounds, of the reader's own people and of what nobody answers for."""
    if not acting.may(Conversation.UNANSWERED):
        return acting.refuse(What.UNANSWERED.of())
    acting.log("read", What.UNANSWERED.of())
    asked = rounds.asking_rounds(acting.tx, acting.now)
    not_asked, asked_for_certain = reaching(acting)
    return Unanswered(
        [one.month for one in asked],
        rates_of(acting, asked),
        missing_in(acting, asked),
        not_asked,
        asked_for_certain,
    )


def reaching(acting: Acting) -> tuple[list[Unreached], Reached]:
    """Whom of the reader's people the bot does not reach, and how many it does, by the same look."""
    own = OwnPeople(acting, DataKind.COLLEAGUES)
    told = _told_of_open_months(acting, own)
    reached = Reached(told.told, len(told.perhaps), told.failed, told.read)
    return _unreached(acting, own, told.perhaps), reached


def unreached(acting: Acting) -> list[Unreached]:
    """The reader's people whom the bot cannot reach, and those with something left who may not have been asked."""
    return reaching(acting)[0]


def _unreached(acting: Acting, own: OwnPeople, perhaps: Collection[PersonId]) -> list[Unreached]:
    refused = recipients.not_reached(acting.tx)
    found, who = [], own.named(refused)
    for person_id, reason in refused.items():
        person = who[person_id]
        if person.active and own.has(person_id):
            code = next((one for one in REASONS if one in reason), "other")
            found.append(Unreached(person, code))
    doubtful = own.named(one for one in perhaps if one not in refused)
    waited_for = [one for one in doubtful.values() if awaiting.left_of_person(acting.tx, one, acting.now)]
    return [*found, *(Unreached(one, IN_DOUBT) for one in waited_for)]


def _told_of_open_months(acting: Acting, own: OwnPeople) -> HowFarTold:
    """The best that is known of the reader's own active people's messages; none of what waits to go."""
    since = min((one.opened_at for one in rounds.asking_rounds(acting.tx, acting.now)), default=None)
    return (
        HowFarTold() if since is None else arrived(acting.tx, LISTS, since, None if own.all else own.active)
    )


def to_hand_over(acting: Acting) -> Givable | Refused:
    """What can be given from one worker to another; no child is named."""
    if not acting.may(Conversation.UNANSWERED):
        return acting.refuse(What.HAND_OVER.of())
    acting.log("read", What.HAND_OVER.of())
    return givable(acting)
