"""What the chat has told a person last, so that a page can lead to the same things."""

from collections.abc import Sequence

from followup.messages.every import EveryMessage
from services.acting import Acting
from storage.messages import recipients

MOST = 5


def told_lately(acting: Acting) -> Sequence[EveryMessage]:
    """The last ones that went to her, newest first; none that she may no longer ask about."""
    found = [one.message for one in recipients.newest_to(acting.tx, acting.person.id, MOST)]
    return [one for one in found if acting.person.role in one.told and _may(acting, one)]


def _may(acting: Acting, message: EveryMessage) -> bool:
    return message.answered_in is None or acting.may(message.answered_in)
