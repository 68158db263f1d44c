"""The access log, a quarter at a time: what deserves a look, that it has been looked through, and its signed end."""

from collections.abc import Sequence
from http import HTTPStatus

from dialogs.turn import Stored
from followup.log.log_review import Finding, Quarter
from followup.people import Conversation
from services.acting import Refused, Why
from services.log.log_review import end_signed, quarter_seen, review, reviewed
from workspace.frame.answer import DeedDone, NoSuchPage, PageAnswer, Shown, ShownAgain, refused
from workspace.frame.entry import DeedOf, PageOf
from workspace.frame.listing import ListPage
from workspace.frame.visit import PAGE, Visit

PATH, QUARTER = "/logg", "kvartal"
EARLIER = 4


def log(visit: Visit) -> PageAnswer:
    return _page(visit, _quarter(visit, visit.asked.query.get(QUARTER, "")), "")


def _quarter(visit: Visit, typed: str) -> Quarter:
    """The one that is named, else the last one that is over."""
    return Quarter.parse(typed) or Quarter.of(visit.acting.today).previous


def _page(
    visit: Visit,
    quarter: Quarter,
    problem: str,
    status: HTTPStatus = HTTPStatus.OK,
    known: Sequence[Finding] | None = None,
) -> PageAnswer:
    found = quarter_seen(visit.acting, quarter, known)
    if isinstance(found, Refused):
        return refused(found)
    here = ListPage(PATH, visit.asked.page, len(found.findings), {QUARTER: str(quarter)})
    values = {
        "found": found,
        "findings": found.findings[here.start : here.start + PAGE],
        "here": here,
        "quarters": _quarters(visit),
        "reviewed_now": bool(visit.stored("log_review")),
        "signed_now": bool(visit.stored("log_checkpoint")),
        "problem": problem,
        "note": visit.asked.sent("note"),
        "wrong": bool(problem),
    }
    return Shown("log.html", visit.say("page.log"), values, status)


def _quarters(visit: Visit) -> list[Quarter]:
    """This one and those before it, newest first."""
    found = [Quarter.of(visit.acting.today)]
    while len(found) < EARLIER:
        found.append(found[-1].previous)
    return found


def find_unusual(visit: Visit) -> list[Finding]:
    """Beside the writer: the whole quarter is gone through."""
    return review(visit.tx, _quarter(visit, visit.asked.sent(QUARTER)))


def look_through(visit: Visit) -> PageAnswer:
    quarter, found = _quarter(visit, visit.asked.sent(QUARTER)), visit.read_before
    if not isinstance(found, list):
        return NoSuchPage()
    done = reviewed(visit.acting, quarter, visit.asked.sent("note"), len(found))
    if done is None:
        return DeedDone(Stored("log_review", {"quarter": str(quarter)}))
    if done.why == Why.WRONG:
        problem = visit.say.say(done.problems[0].what)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return ShownAgain(lambda again: _page(again, quarter, problem, status, found))
    return refused(done)


def sign_end(visit: Visit) -> PageAnswer:
    done = end_signed(visit.acting)
    if not isinstance(done, Refused):
        return DeedDone(Stored("log_checkpoint", {"entries": done.entries}))
    if done.why == Why.CHANGED:
        said, quarter = visit.say("cli.log.not_sound"), _quarter(visit, "")
        return ShownAgain(lambda again: _page(again, quarter, said, HTTPStatus.CONFLICT))
    return refused(done)


OFFERED = (
    PageOf(PATH, Conversation.LOG_REVIEW, log, reads_much=True, tab="page.tab.logg"),
    DeedOf(f"{PATH}/granskad", Conversation.LOG_REVIEW, look_through, PATH, before=find_unusual),
    DeedOf(f"{PATH}/kontrollpunkt", Conversation.LOG_REVIEW, sign_end, PATH),
)
