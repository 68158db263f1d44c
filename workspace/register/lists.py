"""What is only looked at: the terms of the files, people without an account, and how the bot was set up."""

from followup.people import Conversation
from followup.times.calendar import municipal_day
from services.acting import Refused
from services.register.people import without_account
from services.register.terms import terms_seen
from workspace.frame.answer import PageAnswer, Shown, refused
from workspace.frame.entry import PageOf
from workspace.frame.listing import ListPage
from workspace.frame.visit import PAGE, Visit


def terms(visit: Visit) -> PageAnswer:
    found = terms_seen(visit.acting)
    if isinstance(found, Refused):
        return refused(found)
    return Shown("terms.html", visit.say("page.terms"), {"found": found, "day": municipal_day(visit.now)})


def people(visit: Visit) -> PageAnswer:
    found = without_account(visit.acting)
    if isinstance(found, Refused):
        return refused(found)
    here = ListPage("/personer", visit.asked.page, len(found))
    values = {"people": found[here.start : here.start + PAGE], "here": here}
    return Shown("people.html", visit.say("page.people"), values)


def settings(visit: Visit) -> PageAnswer:
    return Shown("settings.html", visit.say("page.settings"), {"settings": visit.installed.settings})


OFFERED = (
    PageOf("/begrepp", Conversation.REGISTER, terms, tab="page.tab.begrepp"),
    PageOf("/personer", Conversation.REGISTER, people, tab="page.tab.personer"),
    PageOf("/installningar", Conversation.REGISTER, settings, tab="page.tab.installningar"),
)
