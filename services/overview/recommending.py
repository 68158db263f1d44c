"""What a person recommends in a year's report: read and written by those who make it."""

from collections.abc import Mapping

from followup.figures.recommendations import QUESTIONS, Recommendations
from followup.log.subject import What
from followup.people import Conversation
from followup.wording.form import read
from followup.wording.wording import Problem, wording
from services.acting import Acting, Refused, Why
from storage.engine.locks import hold
from storage.overview import recommendations
from storage.register import placements


def versions_of(acting: Acting, year: int) -> list[Recommendations] | Refused:
    """The newest last; logged as read."""
    if not acting.may(Conversation.YEAR_REPORT):
        return acting.refuse(What.RECOMMENDATIONS.of(year))
    acting.log("read", What.RECOMMENDATIONS.of(year))
    return recommendations.of_year(acting.tx, year)


def recommend(
    acting: Acting, year: int, version: int, typed: Mapping[str, str]
) -> Recommendations | Refused | None:
    """A new version, over the one that she saw; without text the report has no such section. None where it stood so."""
    if not acting.may(Conversation.YEAR_REPORT):
        return acting.refuse(What.RECOMMENDATIONS.of(year))
    hold(acting.tx, "edition")
    written = recommendations.of_year(acting.tx, year)
    answers, problems = read(QUESTIONS, typed, acting.today)
    before, text = written[-1] if written else None, answers.get("text", "")
    # A child is deleted from what is about children, and this is about none.
    if placements.names_a_child(acting.tx, text):
        problems.append(Problem("text", wording("recommendations.names_a_child")))
    if problems:
        return Refused(Why.WRONG, tuple(problems))
    if text == (before.text if before else ""):
        return before
    if version != len(written):
        return Refused(Why.CHANGED)
    recommendations.add(acting.tx, year, version + 1, text, acting.person.id, acting.now)
    acting.log("write", What.RECOMMENDATIONS.of(year), detail=f"{version + 1}")
    return recommendations.of_year(acting.tx, year)[-1]
