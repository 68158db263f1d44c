"""Under what number the municipality has registered a follow-up's matter of notice (anmälningsärende)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from followup import FollowUpId, PersonId
from followup.wording.form import Question, read
from followup.wording.wording import Problem, wording

LONGEST = 100
QUESTIONS = (Question("number", "line", "diary_number"),)


@dataclass(frozen=True)
class DiaryNumber:
    """As it was entered; the newest of a follow-up's is its number, and the others what stood there before."""

    id: int
    follow_up_id: FollowUpId
    number: str
    recorded_by: PersonId
    recorded_at: datetime


def read_number(typed: Mapping[str, str], today: date) -> tuple[str, list[Problem]]:
    answers, problems = read(QUESTIONS, typed, today)
    number = answers.get("number", "")
    if len(number) > LONGEST:
        what = wording("form.too_long", length=len(number), longest=LONGEST)
        problems.append(Problem("number", what))
    return number, problems
