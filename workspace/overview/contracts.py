"""Contracts that end soon, or have ended where somebody is placed all the same: which, where, when, and whose."""

from followup import PersonId
from followup.access.access import DataKind
from followup.people import Conversation
from services.acting import Refused
from services.own_people import OwnPeople
from services.views.ending_contracts import ending_contracts
from workspace.frame.answer import PageAnswer, Shown, refused
from workspace.frame.entry import PageOf
from workspace.frame.listing import ListPage
from workspace.frame.visit import PAGE, Visit

PATH = "/avtal"


def contracts(visit: Visit) -> PageAnswer:
    found, say = ending_contracts(visit.acting, None), visit.say
    if isinstance(found, Refused):
        return refused(found)
    here = ListPage(PATH, visit.asked.page, len(found.contracts))
    rows = found.contracts[here.start : here.start + PAGE]
    own = OwnPeople(visit.acting, DataKind.COLLEAGUES)
    named = own.named([one.owner_id for one in rows if one.owner_id is not None])

    def owner(person_id: PersonId | None) -> str:
        """Her own people by name, as far as the table goes; that somebody else has it is told of the others."""
        if person_id is None:
            return say("alert.nobody_short")
        hers = person_id == visit.person.id or own.has(person_id)
        return named[person_id].name if hers else say("page.contracts.other")

    # Drawn when the reading is over, so all that is read is read here.
    told = [(one, owner(one.owner_id)) for one in rows]
    values = {"rows": told, "here": here, "found": found, "today": visit.acting.today}
    return Shown("contracts.html", say("contracts.title"), values)


OFFERED = (PageOf(PATH, Conversation.STATUS, contracts, reads_much=True, tab="page.tab.avtal"),)
