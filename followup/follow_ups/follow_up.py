"""A follow-up (uppföljning) of a unit: SKR's five steps, what each demands before the next, and its answers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal, get_args

from followup import AlertId, CycleId, FollowUpId, PersonId, UnitId
from followup.follow_ups.action import UNFINISHED, ActionState
from followup.follow_ups.checklist import CHECK_QUESTIONS, EVIDENCE, check_problems, evidence_of, marks
from followup.follow_ups.satisfaction import Satisfaction, read_satisfaction, written
from followup.wording.form import Answers, Question, read, read_day
from followup.wording.wording import Problem, wording

# Requirement R99: analysera nuläget, planera och prioritera, samla in resultat, bearbeta och analysera, åtgärda.
OpenStep = Literal["analyse", "plan", "collect", "assess", "act"]
End = Literal["closed", "cancelled"]
FollowUpStep = OpenStep | End
STEPS: tuple[OpenStep, ...] = get_args(OpenStep)
CLOSED: Literal["closed"] = "closed"
CANCELLED: Literal["cancelled"] = "cancelled"
FINAL: tuple[End, ...] = (CLOSED, CANCELLED)
UNANNOUNCED = "unannounced"
METHODS = ("visit", "digital", UNANNOUNCED)
VERDICTS = ("meets", "partly", "not")
# Requirement R94, in its order; what the evidence can say something about is filled in beforehand.
AREAS = (
    "values",
    "outcomes",
    "requirements",
    "indicators",
    "deviations",
    "inspectorate",
    "improvement",
)
PREFILLED = AREAS[3:6]
MARKS = marks(AREAS)
PARTICIPANTS = ("director", "staff", "young", "guardian", "worker", "quality", "other")
# The register's words for the verdicts, which the import and the risk cards have too.
REGISTER_VERDICTS: Mapping[str, str] = {
    "meets": "uppfyller",
    "partly": "uppfyller_delvis",
    "not": "uppfyller_inte",
}
# Seven areas of this length fit in a card.
LONGEST_AREA = 2000
LONGEST_LINK = 500


@dataclass(frozen=True)
class FollowUp:
    """The newest version of a follow-up; `areas` holds those written so far, and texts are empty until written.

    A selected unit's has its cycle, an ad hoc one the alert that it was opened from, or neither. `reason` is why it
    was cancelled. `marked` has by question on what each area rests and what the checklist found, which those have
    that were chosen `by_risk`.
    """

    id: FollowUpId
    unit_id: UnitId
    cycle_id: CycleId | None
    alert_id: AlertId | None
    opened_at: datetime
    opened_by: PersonId
    version: int
    step: FollowUpStep
    owner_id: PersonId | None
    author_id: PersonId
    recorded_at: datetime
    method: str | None = None
    planned_on: date | None = None
    held_on: date | None = None
    participants: tuple[str, ...] = ()
    areas: Mapping[str, str] = field(default_factory=dict)
    strengths: str = ""
    improvements: str = ""
    report_asked_on: date | None = None
    report_received_on: date | None = None
    report_link: str = ""
    satisfaction: tuple[Satisfaction, ...] = ()
    verdict: str | None = None
    verdict_on: date | None = None
    reason: str = ""
    marked: Mapping[str, str] = field(default_factory=dict)
    by_risk: bool = False

    @property
    def number(self) -> str:
        return f"UF-{self.id}"

    @property
    def closed(self) -> bool:
        return self.step in FINAL

    @property
    def secret(self) -> bool:
        """Nothing of an unannounced one may leave the quality team until it has been made (R90)."""
        return self.method == UNANNOUNCED and self.step != CLOSED


def as_known_outside(one: FollowUp) -> FollowUp | None:
    """What there is of it outside the quality team: nothing of one that is, or may still become, unannounced (R90).

    A selected unit has one all the same, as if nobody had begun: a selected one without would point at the visit.
    """
    planned_openly = one.method is not None and one.method != UNANNOUNCED
    cancelled_unplanned = one.step == CANCELLED and one.method is None
    if one.step == CLOSED or planned_openly or cancelled_unplanned:
        return one
    return None if one.cycle_id is None else not_begun(one)


def not_begun(one: FollowUp) -> FollowUp:
    """With nothing of what has been planned or found."""
    head = (one.id, one.unit_id, one.cycle_id, one.alert_id, one.opened_at, one.opened_by, one.version)
    return FollowUp(*head, STEPS[0], None, one.author_id, one.recorded_at)


def _areas(step: FollowUpStep, areas: Sequence[str]) -> tuple[Question, ...]:
    """Each area's text, and on what it rests."""
    return tuple(one for area in areas for one in (Question(area, "text", step), _rests_on(area, step)))


def _rests_on(area: str, step: FollowUpStep) -> Question:
    return Question(evidence_of(area), "choices", step, "evidence_kind", EVIDENCE)


_QUESTIONS: Mapping[str, tuple[Question, ...]] = {
    "analyse": _areas("analyse", PREFILLED),
    "plan": (
        Question("method", "choice", "plan", "follow_up_method", METHODS),
        Question("planned_on", "date", "plan", may_be_future=True),
        Question("report_asked_on", "date", "plan", required=False),
    ),
    "collect": (
        Question("held_on", "date", "collect"),
        Question("participants", "choices", "collect", "participant", PARTICIPANTS),
        *_areas("collect", [area for area in AREAS if area not in PREFILLED]),
        Question("report_received_on", "date", "collect", required=False),
        Question("report_link", "line", "collect", required=False),
        Question("satisfaction", "text", "collect", required=False),
    ),
    "assess": (
        *CHECK_QUESTIONS,
        Question("strengths", "text", "verdict"),
        Question("improvements", "text", "verdict"),
        Question("verdict", "choice", "verdict", "verdict", VERDICTS),
    ),
    "act": (),
    CLOSED: (),
    CANCELLED: (),
}
QUESTIONS: tuple[Question, ...] = tuple(question for step in STEPS for question in _QUESTIONS[step])


def questions(step: FollowUpStep, *, by_risk: bool = True) -> tuple[Question, ...]:
    """What the step asks; the plan also asks for the owner, whose choices are the quality team.

    The checklist is asked where risk chose the unit.
    """
    return tuple(one for one in _QUESTIONS[step] if by_risk or one not in CHECK_QUESTIONS)


def after(step: FollowUpStep) -> FollowUpStep:
    """The step that follows; closed after the last."""
    return (*STEPS, CLOSED)[STEPS.index(step) + 1]


def before(step: FollowUpStep) -> OpenStep | None:
    """The step to go back to; None at the first one and when closed."""
    return STEPS[STEPS.index(step) - 1] if step in STEPS[1:] else None


def answers_of(follow_up: FollowUp) -> Answers:
    """Everything written so far, as its forms have it."""
    given: dict[str, str | None] = {
        **follow_up.areas,
        **follow_up.marked,
        "owner": None if follow_up.owner_id is None else str(follow_up.owner_id),
        "participants": ",".join(follow_up.participants),
        "satisfaction": written(follow_up.satisfaction),
    }
    for name in ("method", "strengths", "improvements", "report_link", "verdict"):
        given[name] = getattr(follow_up, name)
    for name in ("planned_on", "held_on", "report_asked_on", "report_received_on"):
        day = getattr(follow_up, name)
        given[name] = day.isoformat() if day else None
    return {name: answer for name, answer in given.items() if answer}


def read_step(
    follow_up: FollowUp,
    typed: Mapping[str, str],
    today: date,
    owners: Collection[PersonId],
    *,
    whole: bool,
) -> tuple[Answers, list[Problem]]:
    """The current step's answers and all problems at once; `whole` demands what must be there before the next step."""
    asked = _asked(follow_up, owners)
    if not whole:
        asked = [replace(question, required=False) for question in asked]
    answers, problems = read(asked, typed, today)
    problems += _too_long(answers)
    problems += _report_problems(follow_up, answers)
    problems += read_satisfaction(answers.get("satisfaction", ""))[1]
    problems += check_problems(answers, whole=whole)
    return answers, problems


def _asked(follow_up: FollowUp, owners: Collection[PersonId]) -> list[Question]:
    owner = Question("owner", "choice", "plan", choices=tuple(str(one) for one in owners))
    step = follow_up.step
    return [*([owner] if step == "plan" else []), *questions(step, by_risk=follow_up.by_risk)]


def _too_long(answers: Answers) -> list[Problem]:
    return [
        Problem(name, wording("form.too_long", length=len(answer), longest=LONGEST_AREA))
        for name, answer in answers.items()
        if len(answer) > LONGEST_AREA and name in (*AREAS, "strengths", "improvements", "satisfaction")
    ]


def _report_problems(follow_up: FollowUp, answers: Answers) -> list[Problem]:
    """The provider's written report comes after it was asked for, and its link leads to a page (R95)."""
    problems = []
    received, link = read_day(answers.get("report_received_on", "")), answers.get("report_link", "")
    if received and follow_up.report_asked_on and received < follow_up.report_asked_on:
        asked = follow_up.report_asked_on
        problems.append(Problem("report_received_on", wording("follow_up.received_too_early", asked=asked)))
    if link and (not link.startswith("https://") or len(link) > LONGEST_LINK or len(link.split()) > 1):
        problems.append(Problem("report_link", wording("follow_up.not_a_link", longest=LONGEST_LINK)))
    return problems


def with_answers(follow_up: FollowUp, answers: Answers, today: date) -> FollowUp:
    """The follow-up with the current step's answers in the place of those it had; the verdict's day is its first."""
    asked = {question.id for question in questions(follow_up.step, by_risk=follow_up.by_risk)}
    areas = _replaced(follow_up.areas, answers, asked & set(AREAS))
    changes: dict[str, Any] = {
        "areas": areas,
        "marked": _replaced(follow_up.marked, answers, asked & MARKS),
    }
    for name in asked - MARKS - set(AREAS):
        changes[name] = _value(name, answers.get(name, ""))
    if "owner" in answers:
        changes["owner_id"] = PersonId(int(answers["owner"]))
    if "verdict" in asked and changes["verdict"] != follow_up.verdict:
        changes["verdict_on"] = today if changes["verdict"] else None
    return replace(follow_up, **changes)


def _replaced(kept: Mapping[str, str], answers: Answers, asked: Collection[str]) -> dict[str, str]:
    """What the step asked for as it is answered now, in the questions' order, and the rest as it was."""
    now = {name: answers[name] for name in answers if name in asked}
    return {**{name: text for name, text in kept.items() if name not in asked}, **now}


def _value(name: str, answer: str) -> object:
    if name == "satisfaction":
        return tuple(read_satisfaction(answer)[0])
    if name == "participants":
        return tuple(one for one in PARTICIPANTS if one in answer.split(","))
    if name.endswith("_on"):
        return read_day(answer)
    return answer or None if name in ("method", "verdict") else answer


def before_closing(follow_up: FollowUp, states: Sequence[ActionState], decisions: int) -> list[Problem]:
    """What must be done before it closes: a fault has an action or a decision, and no action is left (R104)."""
    problems = before_cancelling(states)
    if follow_up.verdict != "meets" and not states and not decisions:
        problems.append(Problem("actions", wording("follow_up.action_needed")))
    return problems


def before_cancelling(states: Sequence[ActionState]) -> list[Problem]:
    left = sum(state in UNFINISHED for state in states)
    return [Problem("actions", wording("follow_up.actions_left", n=left))] if left else []


def next_day(follow_up: FollowUp, done_by: date | None) -> date | None:
    """The nearest day by which something of it is to be done: that it is held, or that it is assessed."""
    held_by = follow_up.planned_on if follow_up.held_on is None else None
    assessed_by = done_by if follow_up.verdict is None else None
    return min((day for day in (held_by, assessed_by) if day is not None), default=None)


def late_reasons(follow_up: FollowUp, today: date, done_by: date | None) -> list[str]:
    """`planned`: its day has passed without being held; `year`: it should have been assessed by the year's date."""
    if follow_up.closed:
        return []
    planned = follow_up.planned_on is not None and follow_up.held_on is None and follow_up.planned_on < today
    year = done_by is not None and done_by < today and follow_up.verdict is None
    return [name for name, late in (("planned", planned), ("year", year)) if late]
