"""Whom the bot cannot let in or write to: those whom the register gives no Teams id."""

from collections.abc import Sequence

from followup.log.subject import What
from followup.people import Conversation, Person
from services.acting import Acting, Refused
from storage.register import people


def without_account(acting: Acting) -> Sequence[Person] | Refused:
    if not acting.may(Conversation.REGISTER):
        return acting.refuse(What.CONVERSATION.of(Conversation.REGISTER))
    return people.without_account(acting.tx)
