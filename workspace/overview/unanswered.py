"""Who has reports left (obesvarade): a row a worker, and a reminder that the manager sends."""

from dialogs.card import Part, Text
from dialogs.overview.unanswered import (
    answered_so_far,
    how_many_were_reached,
    not_reached,
    ownerless,
    reminded_in_words,
)
from dialogs.turn import Stored
from followup import PersonId
from followup.people import Conversation
from services.acting import Refused
from services.month.sharing_out import remind
from services.views.unanswered import unanswered
from workspace.frame.answer import DeedDone, PageAnswer, Shown, ShownAgain, refused
from workspace.frame.entry import DeedOf, PageOf
from workspace.frame.listing import ListPage
from workspace.frame.visit import PAGE, Visit

PATH = "/obesvarade"


def who_is_left(visit: Visit) -> PageAnswer:
    return _page(visit, [])


def _page(visit: Visit, said: list[Part]) -> PageAnswer:
    say, found = visit.say, unanswered(visit.acting)
    if isinstance(found, Refused):
        return refused(found)
    told = [
        Text(reminded_in_words(visit.turn(), one.numbers["workers"]), "good")
        for one in visit.stored("reminded")
    ]
    here = ListPage(PATH, visit.asked.page, len(found.missing.owing))
    values = {
        "said": [*told, *said],
        "first": answered_so_far(found, say),
        "owing": found.missing.owing[here.start : here.start + PAGE],
        "here": here,
        "someone": any(not one.reminded for one in found.missing.owing),
        "anything": bool(found.missing),
        "last": [
            *ownerless(found.missing.ownerless, say),
            *how_many_were_reached(found.reached, say),
            *not_reached(found.unreached, say),
        ],
    }
    return Shown("unanswered.html", say("unanswered.title"), values)


def send_reminders(visit: Visit) -> PageAnswer:
    """To those who are named, or to all who have something left; once a day at most whoever presses."""
    everyone = bool(visit.asked.sent("alla"))
    ids = [PersonId(one) for one in visit.asked.numbers("medarbetare")]
    done = remind(visit.acting, None if everyone else ids)
    if isinstance(done, Refused):
        return refused(done)
    if done.now:
        return DeedDone(Stored("reminded", {"workers": [one.id for one in done.now]}))
    said = "unanswered.all_reminded" if done.before else "unanswered.nothing_left"
    return ShownAgain(lambda again: _page(again, [Text(again.say(said), "subtle")]))


OFFERED = (
    PageOf(PATH, Conversation.UNANSWERED, who_is_left, reads_much=True, tab="page.tab.obesvarade"),
    DeedOf(f"{PATH}/paminn", Conversation.UNANSWERED, send_reminders, PATH),
)
