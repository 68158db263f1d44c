"""What is recorded of the board's decision on a sanction: its reference and its day (R103)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from followup import FollowUpId, PersonId
from followup.wording.form import Answers, Question, read
from followup.wording.wording import Problem, wording

LONGEST_REFERENCE = 100
QUESTIONS = (
    Question("reference", "line", "board_decision"),
    Question("decided_on", "date", "board_decision"),
)


def same_decision(reference: str) -> str:
    """What the references of one decision have in common, however they are spaced and whatever their capitals."""
    return "".join(reference.casefold().split())


@dataclass(frozen=True)
class BoardDecision:
    id: int
    follow_up_id: FollowUpId
    reference: str
    decided_on: date
    recorded_by: PersonId
    recorded_at: datetime


def read_decision(typed: Mapping[str, str], today: date) -> tuple[Answers, list[Problem]]:
    answers, problems = read(QUESTIONS, typed, today)
    length = len(answers.get("reference", ""))
    if length > LONGEST_REFERENCE:
        what = wording("form.too_long", length=length, longest=LONGEST_REFERENCE)
        problems.append(Problem("reference", what))
    return answers, problems
