"""What a follow-up marks beside its texts: on what each area rests, and where risk chose the unit its checklist."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from followup.wording.form import Answers, Question
from followup.wording.wording import Problem, wording

# Requirements R100 and R101: visits and talks, papers, what is reported, the users' own answers, the workers' own.
EVIDENCE = ("talk", "observation", "document", "reported", "survey", "experience")
# On what the areas rest that the evidence fills in beforehand.
FILLED_FROM: Mapping[str, str] = {
    "indicators": "reported",
    "deviations": "reported",
    "inspectorate": "document",
}
# Requirement R72: a follow-up that risk chose looks at law, regulations and contract.
Ground = Literal["law", "rules", "contract"]
GROUNDS: tuple[Ground, ...] = get_args(Ground)
CHECKS: Mapping[Ground, tuple[str, ...]] = {
    "law": ("law_permit", "law_records", "law_sarah"),
    "rules": ("rules_quality", "rules_staff", "rules_safety"),
    "contract": ("contract_agreement", "contract_reports", "contract_content"),
}
CheckState = Literal["fulfilled", "not_fulfilled", "not_examined"]
CHECK_STATES: tuple[CheckState, ...] = get_args(CheckState)
NOT_FULFILLED: CheckState = "not_fulfilled"
LONGEST_NOTE = 300


@dataclass(frozen=True)
class CheckedPoint:
    """A point of the checklist as it was marked."""

    ground: Ground
    point: str
    state: CheckState
    note: str


def evidence_of(area: str) -> str:
    return f"{area}_evidence"


def note_of(point: str) -> str:
    return f"{point}_note"


CHECK_QUESTIONS: tuple[Question, ...] = tuple(
    question
    for ground in GROUNDS
    for point in CHECKS[ground]
    for question in (
        Question(point, "choice", f"check_{ground}", "check_state", CHECK_STATES),
        Question(note_of(point), "line", f"check_{ground}", required=False),
    )
)
_POINTS = tuple((ground, point) for ground in GROUNDS for point in CHECKS[ground])


def marks(areas: Iterable[str]) -> frozenset[str]:
    """The questions whose answers are marks."""
    return frozenset([*map(evidence_of, areas), *(one.id for one in CHECK_QUESTIONS)])


def checked(marked: Mapping[str, str]) -> list[CheckedPoint]:
    """The points that have been marked, in the checklist's order."""
    return [
        CheckedPoint(ground, point, state, marked.get(note_of(point), ""))
        for ground, point in _POINTS
        for state in CHECK_STATES
        if state == marked.get(point)
    ]


def kinds_of_evidence(marked: Mapping[str, str], area: str) -> Sequence[str]:
    return [one for one in EVIDENCE if one in marked.get(evidence_of(area), "").split(",")]


def check_problems(answers: Answers, *, whole: bool) -> Iterator[Problem]:
    """What is not fulfilled is told of in words, and a unit with any such point does not meet every requirement."""
    failed = [point for _, point in _POINTS if answers.get(point) == NOT_FULFILLED]
    for point in failed if whole else ():
        if not answers.get(note_of(point)):
            yield Problem(note_of(point), wording("follow_up.check_needs_note"))
    for _, point in _POINTS:
        length = len(answers.get(note_of(point), ""))
        if length > LONGEST_NOTE:
            yield Problem(note_of(point), wording("form.too_long", length=length, longest=LONGEST_NOTE))
    if failed and answers.get("verdict") == "meets":
        yield Problem("verdict", wording("follow_up.not_all_fulfilled", n=len(failed)))
