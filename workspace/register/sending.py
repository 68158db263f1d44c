"""Messages that may not have arrived or never were taken, with whom they were for; one more try where that may be."""

from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus

from dialogs.messages.delivery_refusals import how_much
from dialogs.turn import Stored
from followup.people import Conversation
from services.acting import Refused, Why
from services.register.deliveries import deliveries, try_again
from services.views.delivered import delivered_since
from workspace.frame.answer import DeedDone, PageAnswer, Shown, refused
from workspace.frame.entry import DeedOf, PageOf
from workspace.frame.listing import ListPage
from workspace.frame.visit import PAGE, Visit

PATH = "/leveranser"
LATELY = timedelta(days=7)


def in_doubt(visit: Visit) -> PageAnswer:
    return _page(visit, "")


def _page(visit: Visit, problem: str) -> PageAnswer:
    start = (visit.asked.page - 1) * PAGE
    found = deliveries(visit.acting, start, PAGE)
    if isinstance(found, Refused):
        return refused(found)
    here = ListPage(PATH, visit.asked.page, found.all)
    if here.start != start:
        # Past the end: the first page, since an empty one would deny them all.
        return _page(replace(visit, asked=replace(visit.asked, query={})), problem)
    told = [visit.say("page.sending.again", number=one.numbers["delivery"]) for one in visit.stored("again")]
    since = visit.now - LATELY
    gone = how_much(delivered_since(visit.acting, since), since, visit.say)
    values = {"found": found, "here": here, "told": told, "problem": problem, "gone": gone}
    return Shown("sending.html", visit.say("page.sending"), values)


def send_again(visit: Visit) -> PageAnswer:
    number = visit.asked.number("number", int)
    done = try_again(visit.acting, number)
    if not isinstance(done, Refused):
        return DeedDone(Stored("again", {"delivery": done.id}))
    if done.why != Why.DONE:
        return refused(done)
    shown = _page(visit, visit.say("cli.outbox.not_retried", number=number or 0))
    return replace(shown, status=HTTPStatus.CONFLICT) if isinstance(shown, Shown) else shown


OFFERED = (
    PageOf(PATH, Conversation.DELIVERIES, in_doubt, tab="page.tab.leveranser"),
    DeedOf(f"{PATH}/{{number}}/igen", Conversation.DELIVERIES, send_again, PATH),
)
