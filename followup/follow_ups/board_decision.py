"""What is recorded of the board's decision on a sanction: its kind, reference and day (R103)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from followup import FollowUpId, PersonId
from followup.wording.form import Answers, Question, read
from followup.wording.wording import Problem, wording

LONGEST_REFERENCE = 100
# What a sanction is; recorded and never made here.
Sanction = Literal["warning", "penalty", "termination", "other"]
SANCTIONS: tuple[Sanction, ...] = get_args(Sanction)
QUESTIONS = (
    Question("kind", "choice", "board_decision", "board_decision", SANCTIONS),
    Question("reference", "line", "board_decision"),
    Question("decided_on", "date", "board_decision"),
)


def same_decision(reference: str) -> str:
    """What the references of one decision have in common, however they are spaced and whatever their capitals."""
    return "".join(reference.casefold().split())


@dataclass(frozen=True)
class BoardDecision:
    """`kind` is None of one that was recorded before that was asked."""

    id: int
    follow_up_id: FollowUpId
    reference: str
    decided_on: date
    recorded_by: PersonId
    recorded_at: datetime
    kind: Sanction | None = None


def read_decision(typed: Mapping[str, str], today: date) -> tuple[Answers, list[Problem]]:
    answers, problems = read(QUESTIONS, typed, today)
    length = len(answers.get("reference", ""))
    if length > LONGEST_REFERENCE:
        what = wording("form.too_long", length=length, longest=LONGEST_REFERENCE)
        problems.append(Problem("reference", what))
    return answers, problems
