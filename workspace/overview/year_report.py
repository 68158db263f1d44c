"""A year's report: each of its documents by a link that works once, and which edition of it is published."""

from dialogs.overview.report_order import download
from followup.log.subject import What
from followup.people import Conversation
from followup.selection.selection_frame import FIRST_YEAR
from services.acting import Why
from services.publishing import newest_edition
from services.selection.year import DOCUMENTS
from workspace.frame.answer import NoSuchPage, PageAnswer, Shown, refused
from workspace.frame.entry import ROOT, DeedOf, PageOf
from workspace.frame.files import offered_file
from workspace.frame.visit import Visit

PATH = "/rapport-ar"
OF_YEAR = f"{PATH}/{{year}}"


def this_years(visit: Visit) -> PageAnswer:
    return _shown(visit, visit.acting.today.year)


def of_year(visit: Visit) -> PageAnswer:
    year = _year(visit)
    return _none(visit) if year is None else _shown(visit, year)


def _none(visit: Visit) -> NoSuchPage:
    named = What.CONVERSATION.of(Conversation.YEAR_REPORT)
    return refused(visit.acting.refuse(named, Why.UNKNOWN))


def _year(visit: Visit) -> int | None:
    """One that there may be a report of."""
    year = visit.asked.number("year", int) or 0
    return year if FIRST_YEAR <= year <= visit.acting.today.year else None


def _shown(visit: Visit, year: int) -> Shown:
    say, edition = visit.say, newest_edition(visit.acting, year)
    stands = say("publish.draft")
    if edition is not None:
        named = {"who": edition.reviewed_by, "day": edition.reviewed_on}
        stands = say("publish.stands", number=edition.number, **named)
    values = {
        "year": year,
        "stands": stands,
        "files": [(name, download(visit.turn(), year, name)) for name in DOCUMENTS],
        "years": [
            (one, f"{ROOT}{PATH}/{one}", one == year)
            for one in range(visit.acting.today.year, FIRST_YEAR - 1, -1)
        ],
    }
    return Shown("year_report.html", say("order.title", year=str(year)), values)


def fetch(visit: Visit) -> PageAnswer:
    year, name = _year(visit), next((one for one in DOCUMENTS if one == visit.asked.sent("fil")), None)
    if year is None or name is None:
        return _none(visit)
    return offered_file(visit, download(visit.turn(), year, name))


OFFERED = (
    PageOf(PATH, Conversation.YEAR_REPORT, this_years, tab="page.tab.rapport_ar"),
    PageOf(OF_YEAR, Conversation.YEAR_REPORT, of_year),
    DeedOf(f"{OF_YEAR}/hamta", Conversation.YEAR_REPORT, fetch, OF_YEAR),
)
