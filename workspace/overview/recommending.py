"""What is recommended in a year's report: written here, with its versions, beside what a colleague has saved."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from dialogs.forms.form_fields import fields
from dialogs.turn import Stored
from followup.figures.recommendations import QUESTIONS
from followup.people import Conversation
from followup.wording.wording import Problem
from services.acting import Refused, Why
from services.overview.recommending import recommend, versions_of
from workspace.frame.answer import DeedDone, PageAnswer, Shown, refused
from workspace.frame.entry import DeedOf, PageOf
from workspace.frame.visit import Visit
from workspace.overview.year_report import OF_YEAR, no_such_year, year_asked

PATH = f"{OF_YEAR}/rekommendationer"


def recommendations(visit: Visit) -> PageAnswer:
    year = year_asked(visit)
    return no_such_year(visit) if year is None else _shown(visit, year)


def _shown(
    visit: Visit,
    year: int,
    typed: Mapping[str, str] | None = None,
    problems: Sequence[Problem] = (),
    status: HTTPStatus = HTTPStatus.OK,
) -> PageAnswer:
    found = versions_of(visit.acting, year)
    if isinstance(found, Refused):
        return refused(found)
    stands = {"text": found[-1].text} if found else {}
    values = {
        "year": year,
        "versions": found[::-1],
        "parts_shown": fields(
            QUESTIONS, stands if typed is None else typed, problems, visit.say, "recommendations"
        ),
        "changed": status == HTTPStatus.CONFLICT,
        "said": [visit.say("recommendations.stored") for _ in visit.stored("recommendations")],
        "wrong": bool(problems),
    }
    return Shown("recommendations.html", visit.say("recommendations.title", year=str(year)), values, status)


def write(visit: Visit) -> PageAnswer:
    """Where a colleague has written meanwhile both texts are shown, hers in the form, and nothing is saved."""
    year = year_asked(visit)
    if year is None:
        return no_such_year(visit)
    done = recommend(visit.acting, year, visit.asked.count("version"), visit.typed)
    if not isinstance(done, Refused):
        return DeedDone(Stored("recommendations", {"year": year}))
    if done.why == Why.CHANGED:
        return _shown(visit, year, visit.typed, status=HTTPStatus.CONFLICT)
    if done.why == Why.WRONG:
        return _shown(visit, year, visit.typed, done.problems, HTTPStatus.UNPROCESSABLE_ENTITY)
    return refused(done)


OFFERED = (
    PageOf(PATH, Conversation.YEAR_REPORT, recommendations),
    DeedOf(PATH, Conversation.YEAR_REPORT, write, PATH),
)
