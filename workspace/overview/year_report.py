"""A year's report: each of its documents by a link that works once, which edition is published, and publishing it."""

from collections.abc import Sequence
from http import HTTPStatus

from dialogs.forms.form_fields import fields
from dialogs.overview.report_order import download, prepare
from dialogs.turn import Press, Stored
from followup.figures.published import Edition
from followup.log.subject import What
from followup.people import Conversation
from followup.selection.selection_frame import FIRST_YEAR
from followup.wording.wording import Problem
from services.acting import Refused, Why
from services.publishing import REVIEW, NotPublished, Ready, newest_edition, publish_as_ready
from services.selection.year import DIVISIONS, DOCUMENTS, PLANS
from workspace.frame.answer import DeedDone, NoSuchPage, PageAnswer, Shown, refused
from workspace.frame.entry import ROOT, DeedOf, LongWork, PageOf
from workspace.frame.files import offered_file
from workspace.frame.visit import Visit

PATH = "/rapport-ar"
OF_YEAR = f"{PATH}/{{year}}"


def this_years(visit: Visit) -> PageAnswer:
    return _shown(visit, visit.acting.today.year)


def of_year(visit: Visit) -> PageAnswer:
    year = year_asked(visit)
    return no_such_year(visit) if year is None else _shown(visit, year)


def no_such_year(visit: Visit) -> NoSuchPage:
    named = What.CONVERSATION.of(Conversation.YEAR_REPORT)
    return refused(visit.acting.refuse(named, Why.UNKNOWN))


def year_asked(visit: Visit) -> int | None:
    """One that there may be a report of."""
    year = visit.asked.number("year", int) or 0
    return year if FIRST_YEAR <= year <= visit.acting.today.year else None


def _shown(visit: Visit, year: int, problems: Sequence[Problem] = (), said: Sequence[str] = ()) -> Shown:
    say, edition = visit.say, newest_edition(visit.acting, year)
    stands = say("publish.draft")
    if edition is not None:
        named = {"who": edition.reviewed_by, "day": edition.reviewed_on}
        stands = say("publish.stands", number=edition.number, **named)
    values = {
        "year": year,
        "stands": stands,
        "edition": edition.number if edition else 0,
        "review": fields(REVIEW, visit.typed, problems, say, "publish"),
        "said": said,
        "told": [say("publish.done", number=one.numbers["number"]) for one in visit.stored("edition")],
        "wrong": bool(problems or said),
        "files": [(name, download(visit.turn(), year, name)) for name in _fetched(visit)],
        "years": [
            (one, f"{ROOT}{PATH}/{one}", one == year)
            for one in range(visit.acting.today.year, FIRST_YEAR - 1, -1)
        ],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems or said else HTTPStatus.OK
    return Shown("year_report.html", say("order.title", year=str(year)), values, status)


def _fetched(visit: Visit) -> Sequence[str]:
    """With the reports of the parts, where the municipality is divided."""
    return (*DOCUMENTS, *([DIVISIONS] if visit.installed.divided else []), *PLANS)


def fetch(visit: Visit) -> PageAnswer:
    year, wanted = year_asked(visit), visit.asked.sent("fil")
    name = next((one for one in _fetched(visit) if one == wanted), None)
    if year is None or name is None:
        return no_such_year(visit)
    return offered_file(visit, download(visit.turn(), year, name))


def make_ready(visit: Visit) -> LongWork | None:
    """What may be published as of now, as the chat makes it ready."""
    press = Press("publish_report", {"year": year_asked(visit)}, visit.typed)
    work = prepare(visit.tx, press, visit.now, visit.municipality)
    return LongWork(work) if work else None


def publish(visit: Visit) -> PageAnswer:
    """The same deed as in the chat, with what was made ready; as the page saw it, and what is wrong is said there."""
    year = year_asked(visit)
    if year is None:
        return no_such_year(visit)
    ready = visit.read_before if isinstance(visit.read_before, Ready) else None
    done = publish_as_ready(visit.acting, year, visit.asked.count("edition"), visit.typed, ready)
    match done:
        case Refused():
            return refused(done)
        case Edition(number=number):
            return DeedDone(Stored("edition", {"year": year, "number": number}))
        case NotPublished("wrong", problems):
            said = [visit.say.say(one.what) for one in problems if one.field == "year"]
            return _shown(visit, year, problems, said)
        case NotPublished("frame", said=wrong):
            return _shown(visit, year, said=[visit.say.say(one) for one in wrong])
        case NotPublished(why):
            return _shown(visit, year, said=[visit.say(f"publish.{why}")])


OFFERED = (
    PageOf(PATH, Conversation.YEAR_REPORT, this_years, tab="page.tab.rapport_ar"),
    PageOf(OF_YEAR, Conversation.YEAR_REPORT, of_year),
    DeedOf(f"{OF_YEAR}/hamta", Conversation.YEAR_REPORT, fetch, OF_YEAR),
    DeedOf(f"{OF_YEAR}/publicera", Conversation.YEAR_REPORT, publish, OF_YEAR, before=make_ready),
)
