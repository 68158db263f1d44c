"""A new proposal to delete (gallring): of how many children the time has come, and laid before two people."""

from http import HTTPStatus

from dialogs.turn import Stored
from followup.people import Conversation
from services.acting import Refused, Why
from services.retention.proposing import due_counts, first_due, propose
from workspace.frame.answer import DeedDone, NoSuchPage, PageAnswer, Shown, ShownAgain, refused
from workspace.frame.entry import DeedOf, PageOf
from workspace.frame.visit import Visit

PATH = "/gallring/forslag"


def due(visit: Visit) -> PageAnswer:
    return _page(visit, HTTPStatus.OK)


def _page(visit: Visit, status: HTTPStatus) -> PageAnswer:
    plan, counts = visit.installed.plan, None
    if plan is not None:
        counts = due_counts(visit.acting, plan)
        if isinstance(counts, Refused):
            return refused(counts)
    told = [(one.numbers["purge"], one.numbers["cases"]) for one in visit.stored("proposed")]
    values = {"plan": plan, "counts": counts, "told": told, "nothing": status != HTTPStatus.OK}
    return Shown("proposing.html", visit.say("page.proposing"), values, status)


def look(visit: Visit) -> object:
    """Beside the writer, since all that is held of each child is read."""
    return first_due(visit.acting, visit.installed.plan)[0] if visit.installed.plan else None


def lay_before(visit: Visit) -> PageAnswer:
    plan, found = visit.installed.plan, visit.read_before
    if plan is None or not isinstance(found, list):
        return NoSuchPage()
    done = propose(visit.acting, plan, found, visit.installed.journal)
    if not isinstance(done, Refused):
        return DeedDone(Stored("proposed", {"purge": done.number, "cases": done.cases}))
    return (
        ShownAgain(lambda again: _page(again, HTTPStatus.CONFLICT)) if done.why == Why.DONE else refused(done)
    )


OFFERED = (
    PageOf(PATH, Conversation.REGISTER, due, reads_much=True, tab="page.tab.gallra"),
    DeedOf(PATH, Conversation.REGISTER, lay_before, PATH, before=look),
)
