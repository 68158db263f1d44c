"""Whether and when a person's weekly digest comes."""

from followup.log.subject import What
from followup.overview.digest import WEEKDAYS, DigestChoice
from followup.people import Conversation
from services.acting import Acting, Refused
from storage.overview import digests


def chosen(acting: Acting) -> DigestChoice:
    """What holds now; her own choice, so that it is not logged."""
    return digests.choices(acting.tx).get(acting.person.id, DigestChoice())


def choose(
    acting: Acting, *, wanted: bool | None = None, weekday: int | None = None
) -> DigestChoice | Refused:
    """What is not chosen among what there is stays as it was."""
    if not acting.may(Conversation.DIGEST):
        return acting.refuse(What.DIGEST.of())
    before = chosen(acting)
    choice = DigestChoice(
        before.wanted if wanted is None else wanted, weekday if weekday in WEEKDAYS else before.weekday
    )
    digests.choose(acting.tx, acting.person.id, choice, acting.now)
    return choice
