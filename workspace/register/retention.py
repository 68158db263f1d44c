"""A new proposal to delete (gallring): of how many children the time has come, and laid before two people."""

from http import HTTPStatus

from dialogs.turn import Stored
from followup.people import Conversation
from services.acting import Refused, Why
from services.retention.proposing import LOOKED_AT, due_counts, due_on_page, propose
from workspace.frame.answer import DeedDone, NoSuchPage, PageAnswer, Shown, ShownAgain, refused
from workspace.frame.entry import DeedOf, PageOf
from workspace.frame.listing import ListPage
from workspace.frame.visit import START, Visit

PATH = "/gallring/forslag"


def due(visit: Visit) -> PageAnswer:
    return _page(visit, HTTPStatus.OK)


def _page(visit: Visit, status: HTTPStatus) -> PageAnswer:
    plan, page = visit.installed.plan, _number(visit)
    counts = due_counts(visit.acting, plan, page) if plan else None
    if isinstance(counts, Refused):
        return refused(counts)
    here = ListPage(PATH, page, counts.all if counts else 0, size=LOOKED_AT)
    told = [(one.numbers["purge"], one.numbers["cases"]) for one in visit.stored("proposed")]
    values = {"plan": plan, "counts": counts, "here": here, "told": told, "nothing": status != HTTPStatus.OK}
    return Shown("proposing.html", visit.say("page.proposing"), values, status)


def _number(visit: Visit) -> int:
    """Of the page, which its form sends along."""
    return visit.asked.count(START) or visit.asked.page


def look(visit: Visit) -> object:
    """Beside the writer, since all that is held of each child is read."""
    plan = visit.installed.plan
    return due_on_page(visit.acting, plan, _number(visit))[0] if plan else None


def lay_before(visit: Visit) -> PageAnswer:
    plan, found = visit.installed.plan, visit.read_before
    if plan is None or not isinstance(found, list):
        return NoSuchPage()
    done = propose(visit.acting, plan, found, visit.installed.journal)
    if not isinstance(done, Refused):
        stored = Stored("proposed", {"purge": done.number, "cases": done.cases})
        return DeedDone(stored, to=f"{PATH}?{START}={_number(visit)}")
    return (
        ShownAgain(lambda again: _page(again, HTTPStatus.CONFLICT)) if done.why == Why.DONE else refused(done)
    )


OFFERED = (
    PageOf(PATH, Conversation.REGISTER, due, reads_much=True, tab="page.tab.gallra"),
    DeedOf(PATH, Conversation.REGISTER, lay_before, PATH, before=look),
)
