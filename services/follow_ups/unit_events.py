"""Registering what is known of a unit beside the evidence: a deed of those who follow units up."""

from followup import UnitId
from followup.follow_ups.unit_events import Event
from followup.log.subject import What
from followup.people import Conversation
from services.acting import Acting, Refused, Why, which
from storage.follow_ups import unit_events
from storage.register import units


def register(acting: Acting, unit_id: UnitId, event: Event) -> bool | Refused:
    """Once, however often it is handed in: false where it is registered already."""
    named = which(What.UNIT_EVENT, unit_id)
    if not acting.may(Conversation.UNIT_EVENT):
        return acting.refuse(named)
    if units.followed_unit(acting.tx, unit_id) is None:
        return acting.refuse(named, Why.UNKNOWN)
    new = unit_events.add(acting.tx, unit_id, event, acting.now, author_id=acting.person.id)
    if new:
        acting.log("write", named)
    return new
