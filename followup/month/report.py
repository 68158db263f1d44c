"""The monthly report: its questions, last month's answers as a start, and the statement for a normal month."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from followup import PersonId, PlacementId, TaskId, at_once
from followup.times.month import Month
from followup.wording.form import Answers, InFile, Question, read, read_day
from followup.wording.wording import Problem, wording

FORM_VERSION = "2"
STATEMENTS_IN_A_ROW = 3


_AREA_WORDS = ("utan anmärkning", "följs", "oro")
_PLAN_WORDS = ("aktuell", "behöver revideras", "saknas", "ej aktuell")
_YES_NO, _IN_PART, _OR_NOT_ASKED = ("ja", "nej"), ("ja", "delvis", "nej"), "ej tillfrågad"
_IF_ARRIVED = (("provider_report",), ("arrived",))
_AREAS = (
    ("health", "Hälsa"),
    ("development", "Utveckling"),
    ("behaviour", "Socialt beteende"),
    ("schooling", "Skolgång"),
    ("relations", "Relationer"),
)


def _area(area: str, header: str) -> Question:
    states, in_file = ("ok", "watch", "concern"), InFile(header, _AREA_WORDS)
    return Question(area, "choice", "areas", "area", states, in_file=in_file, ordinary="ok")


def _contact(contact: str, header: str, example: str = "2025-10-07") -> Question:
    return Question(contact, "date", "contacts", required=False, in_file=InFile(header, example=example))


def _plan(plan: str, header: str) -> tuple[Question, Question]:
    states = ("current", "needs_review", "missing", "not_applicable")
    review = InFile(f"{header} nästa", example="2027-02-10")
    return (
        Question(
            plan, "choice", "plans", "plan", states, in_file=InFile(header, _PLAN_WORDS), ordinary="current"
        ),
        Question(f"{plan}_review_on", "date", "plans", required=False, may_be_future=True, in_file=review),
    )


# Requirements R38-R50 and law-and-facts F5. A question is one entry here and its texts in the catalogue: the card, the
# reader, the import's column, the demo municipality and the tests' full answers iterate over it.
QUESTIONS: tuple[Question, ...] = (
    Question(
        "feels_safe",
        "choice",
        "child",
        "safe",
        ("yes", "partly", "no", "not_asked"),
        fresh=True,
        in_file=InFile("Trygg", (*_IN_PART, _OR_NOT_ASKED)),
        ordinary="yes",
    ),
    Question(
        "spoken_alone",
        "choice",
        "child",
        "yes_no",
        ("yes", "no"),
        fresh=True,
        in_file=InFile("Talat enskilt", _YES_NO),
        ordinary="yes",
    ),
    Question(
        "provider_report",
        "choice",
        "provider_report",
        "arrived",
        ("arrived", "not_arrived"),
        fresh=True,
        in_file=InFile("Utförarens rapport", ("inkommen", "ej inkommen")),
        ordinary="arrived",
    ),
    Question(
        "provider_report_on",
        "date",
        "provider_report",
        fresh=True,
        asked_if=_IF_ARRIVED,
        in_file=InFile("Utförarens rapport datum", example="2025-10-29"),
    ),
    Question(
        "provider_report_quality",
        "choice",
        "provider_report",
        "quality",
        ("good", "acceptable", "poor"),
        fresh=True,
        asked_if=_IF_ARRIVED,
        in_file=InFile("Utförarens rapport kvalitet", ("god", "godtagbar", "bristfällig")),
        ordinary="good",
    ),
    Question(
        "signals",
        "choice",
        "signals",
        "signals",
        ("none", "some"),
        fresh=True,
        in_file=InFile("Signaler", ("inga", "finns")),
        ordinary="none",
    ),
    *(_area(area, header) for area, header in _AREAS),
    Question(
        "about_care",
        "choice",
        "areas",
        "about_care",
        ("yes", "partly", "no", "unknown"),
        fresh=True,
        asked_if=(tuple(area for area, _ in _AREAS), ("concern",)),
        in_file=InFile("Oro gäller vården", (*_IN_PART, "vet inte")),
        ordinary="no",
    ),
    _contact("visit_on", "Besök"),
    _contact("private_talk_on", "Enskilt samtal"),
    _contact("carer_talk_on", "Samtal med boendet"),
    _contact("guardian_talk_on", "Samtal med vårdnadshavare", "2025-10-14"),
    *_plan("care_plan", "Vårdplan"),
    *_plan("treatment_plan", "Genomförandeplan"),
    Question(
        "knows_plan",
        "choice",
        "plans",
        "knows",
        ("yes", "no", "not_asked"),
        in_file=InFile("Känner till planen", (*_YES_NO, _OR_NOT_ASKED)),
        ordinary="yes",
    ),
    Question(
        "goal_progress",
        "choice",
        "goals",
        "goals",
        ("reached", "largely", "partly", "not", "too_early"),
        in_file=InFile("Måluppfyllelse", ("helt", "till stor del", "delvis", "inte", "för tidigt")),
        ordinary="largely",
    ),
    Question(
        "free_text",
        "text",
        "free_text",
        required=False,
        fresh=True,
        in_file=InFile("Fritext", example="Trivs bra i skolan."),
    ),
)
# The law's five areas of a child's situation.
AREAS = tuple(area for area, _ in _AREAS)
# What must be answered each month, as it is answered where nothing is the matter; its days are the month's own.
ANEW: Mapping[str, str] = {
    question.id: question.ordinary for question in QUESTIONS if question.fresh and question.ordinary
}
# What a statement says about a normal month; the rest is as it was.
STATEMENT: Mapping[str, str] = {
    question.id: question.ordinary
    for question in QUESTIONS
    if question.fresh and question.required and question.asked_if is None
}
# What one who stands in can say: nothing of a talk that she has not had.
STAND_IN_STATEMENT: Mapping[str, str] = {**STATEMENT, "feels_safe": "not_asked", "spoken_alone": "no"}


@at_once
@dataclass(frozen=True)
class EarlierReport:
    """What of an earlier month's report decides whether a statement will do."""

    month: Month
    concern: bool
    by_statement: bool


@dataclass(frozen=True)
class Report:
    """One version of what was answered about a placement and a month."""

    task_id: TaskId
    placement_id: PlacementId
    month: Month
    version: int
    answers: Answers
    by_statement: bool
    author_id: PersonId | None
    known_at: datetime

    @property
    def concern(self) -> bool:
        return has_concern(self.answers)


def has_concern(answers: Mapping[str, str]) -> bool:
    """Concern in any of the five areas, or a child who does not feel safe."""
    return answers.get("feels_safe") == "no" or "concern" in map(answers.get, AREAS)


def corrected_with(question: str) -> tuple[str, ...]:
    """The question with those that its answer makes asked, when it is corrected alone."""
    beside = ("private_talk_on",) if question == "spoken_alone" else ()
    follow = (one.id for one in QUESTIONS if one.asked_if and question in one.asked_if[0])
    return (question, *beside, *follow)


def with_implied(
    typed: Mapping[str, str], started_with: Callable[[], Mapping[str, str]], month: Month
) -> dict[str, str]:
    """A day that she has written herself answers whether it was: of a talk in the month, and of the provider's report.

    A day that the form began with is last month's, and answers nothing. What it began with is looked for where a day
    may answer alone.
    """
    implied, talked_on = dict(typed), read_day(typed.get("private_talk_on", ""))
    tells_alone = talked_on is not None and talked_on >= month.first and not typed.get("spoken_alone")
    if tells_alone and str(talked_on) != started_with().get("private_talk_on"):
        implied["spoken_alone"] = "yes"
    if read_day(typed.get("provider_report_on", "")) and not typed.get("provider_report"):
        implied["provider_report"] = "arrived"
    return implied


def read_answers(
    typed: Mapping[str, str], month: Month, today: date, questions: Sequence[Question] = QUESTIONS
) -> tuple[Answers, list[Problem]]:
    """The report's answers and all problems at once, also those between two answers."""
    answers, problems = read(questions, typed, today)
    talked_on = read_day(answers.get("private_talk_on", ""))
    if answers.get("spoken_alone") == "yes" and (talked_on is None or talked_on < month.first):
        problems.append(Problem("private_talk_on", wording("report.talk_day_needed", month=month)))
    return answers, problems


def with_ordinary(answers: Mapping[str, str], questions: Sequence[Question] = QUESTIONS) -> Answers:
    """With the ordinary answer to every question that is then asked and has none; days stay unanswered."""
    whole = dict(answers)
    for question in questions:
        if question.ordinary and question.asked(whole):
            whole.setdefault(question.id, question.ordinary)
    return whole


def starting_point(previous: Report | None) -> Answers:
    """Last month's answers, less those that must be answered anew each month."""
    if previous is None:
        return {}
    fresh = {question.id for question in QUESTIONS if question.fresh}
    return {name: answer for name, answer in previous.answers.items() if name not in fresh}


def by_statement(previous: Report, *, stands_in: bool = False) -> Answers:
    """The statement's answers; the day of this month's private talk is not known, so none is claimed."""
    unchanged = starting_point(previous)
    unchanged.pop("private_talk_on", None)
    return {**unchanged, **(STAND_IN_STATEMENT if stands_in else STATEMENT)}


def statement_refused(
    month: Month, earlier: Sequence[Report | EarlierReport], *, to_close: bool = False
) -> str | None:
    """Why a statement will not do this month: `ended`, `first`, `gap`, `concern` or `in_a_row`; None when it will.

    Earlier reports come newest first. With `to_close` the placement has ended, and the closing questions are left.
    """
    if to_close:
        return "ended"
    if not earlier:
        return "first"
    if earlier[0].month.until(month) != 1:
        return "gap"
    if earlier[0].concern:
        return "concern"
    last = earlier[:STATEMENTS_IN_A_ROW]
    if len(last) == STATEMENTS_IN_A_ROW and all(report.by_statement for report in last):
        return "in_a_row"
    return None
