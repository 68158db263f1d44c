"""The monthly report: its questions, last month's answers as a start, and the statement for a normal month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from followup.form import Answers, Question, read, read_day
from followup.times.month import Month
from followup.wording import Problem, wording

FORM_VERSION = "1"
AREAS = ("health", "development", "behaviour", "schooling", "relations")
CONTACTS = ("visit_on", "private_talk_on", "carer_talk_on", "guardian_talk_on")
STATEMENTS_IN_A_ROW = 3


def _area(area: str) -> Question:
    return Question(area, "choice", "areas", "area", ("ok", "watch", "concern"))


def _contact(contact: str) -> Question:
    return Question(contact, "date", "contacts", required=False)


def _plan(plan: str) -> tuple[Question, Question]:
    states = ("current", "needs_review", "missing", "not_applicable")
    return (
        Question(plan, "choice", "plans", "plan", states),
        Question(f"{plan}_review_on", "date", "plans", required=False, may_be_future=True),
    )


# Requirements R38-R50 and law-and-facts F5; the card, the reader, the exports and the catalogue check iterate over it.
QUESTIONS: tuple[Question, ...] = (
    Question("feels_safe", "choice", "child", "safe", ("yes", "partly", "no", "not_asked"), fresh=True),
    Question("spoken_alone", "choice", "child", "yes_no", ("yes", "no"), fresh=True),
    Question(
        "provider_report", "choice", "provider_report", "arrived", ("arrived", "not_arrived"), fresh=True
    ),
    Question(
        "provider_report_on",
        "date",
        "provider_report",
        fresh=True,
        asked_if=("provider_report", ("arrived",)),
    ),
    Question(
        "provider_report_quality",
        "choice",
        "provider_report",
        "quality",
        ("good", "acceptable", "poor"),
        fresh=True,
        asked_if=("provider_report", ("arrived",)),
    ),
    Question("signals", "choice", "signals", "signals", ("none", "some"), fresh=True),
    *(_area(area) for area in AREAS),
    *(_contact(contact) for contact in CONTACTS),
    *_plan("care_plan"),
    *_plan("treatment_plan"),
    Question("knows_plan", "choice", "plans", "knows", ("yes", "no", "not_asked")),
    Question(
        "goal_progress", "choice", "goals", "goals", ("reached", "largely", "partly", "not", "too_early")
    ),
    Question("free_text", "text", "free_text", required=False, fresh=True),
)
STATEMENT: Mapping[str, str] = {
    "feels_safe": "yes",
    "spoken_alone": "yes",
    "provider_report": "arrived",
    "signals": "none",
}


@dataclass(frozen=True)
class Answered:
    """What of an earlier month's report decides whether a statement will do."""

    month: Month
    concern: bool
    by_statement: bool


@dataclass(frozen=True)
class Report:
    """One version of what was answered about a placement and a month."""

    task_id: int
    placement_id: int
    month: Month
    version: int
    answers: Answers
    by_statement: bool
    author_id: int | None
    known_at: datetime

    @property
    def concern(self) -> bool:
        return has_concern(self.answers)


def has_concern(answers: Mapping[str, str]) -> bool:
    """Concern in any of the five areas, or a child who does not feel safe."""
    return answers.get("feels_safe") == "no" or any(answers.get(area) == "concern" for area in AREAS)


def read_answers(
    typed: Mapping[str, str], month: Month, today: date, questions: Sequence[Question] = QUESTIONS
) -> tuple[Answers, list[Problem]]:
    """The report's answers and all problems at once, also those between two answers."""
    answers, problems = read(questions, typed, today)
    talked_on = read_day(answers.get("private_talk_on", ""))
    if answers.get("spoken_alone") == "yes" and (talked_on is None or talked_on < month.first):
        problems.append(Problem("private_talk_on", wording("report.talk_day_needed", month=month)))
    return answers, problems


def starting_point(previous: Report | None) -> Answers:
    """Last month's answers, less those that must be answered anew each month."""
    if previous is None:
        return {}
    fresh = {question.id for question in QUESTIONS if question.fresh}
    return {name: answer for name, answer in previous.answers.items() if name not in fresh}


def by_statement(previous: Report) -> Answers:
    """The statement's answers; the day of this month's private talk is not known, so none is claimed."""
    unchanged = starting_point(previous)
    unchanged.pop("private_talk_on", None)
    return {**unchanged, **STATEMENT}


def statement_refused(month: Month, earlier: Sequence[Report | Answered]) -> str | None:
    """Why a statement will not do this month: `first`, `gap`, `concern` or `in_a_row`; None when it will.

    Earlier reports come newest first.
    """
    if not earlier:
        return "first"
    if earlier[0].month != month.previous:
        return "gap"
    if earlier[0].concern:
        return "concern"
    last = earlier[:STATEMENTS_IN_A_ROW]
    if len(last) == STATEMENTS_IN_A_ROW and all(report.by_statement for report in last):
        return "in_a_row"
    return None
