"""What an alert needs before it is closed: a reason, and for a serious one the decision whether to notify IVO."""

from collections.abc import Mapping, Sequence
from datetime import date

from followup.risk.bands import AlertKind
from followup.wording.form import Answers, Question, read
from followup.wording.law import paragraph
from followup.wording.wording import Problem, wording

REASON = Question("reason", "text", "closing")
# A safety notice is ended by a record of what was done, and by nothing else.
DONE = Question("done", "text", "closing")
DECISION = (
    Question("notified", "choice", "decision", "notified", ("yes", "no")),
    Question("decision_reason", "text", "decision"),
    Question("decided_on", "date", "decision"),
    Question("decided_by", "line", "decision"),
)
# A serious event, or a unit whose level has become red (law-and-facts F3). A safety notice is none in itself.
SERIOUS_KINDS = frozenset({"event", "band"})
LONGEST_NAME = 200


def duty(kind: AlertKind, day: date, *, licensed: bool) -> str | None:
    """The paragraph under which a decision must be recorded on an alert of the kind that day; None when none must.

    The municipality tells IVO of serious deficits in what needs a licence, whoever runs it.
    """
    return paragraph("serious_deficit_to_ivo", day) if licensed and kind in SERIOUS_KINDS else None


def ending(kind: AlertKind | None) -> Question:
    """What is to be written when an alert of the kind is closed."""
    return DONE if kind == "safety" else REASON


def read_closing(
    questions: Sequence[Question], typed: Mapping[str, str], today: date
) -> tuple[Answers, list[Problem]]:
    """The answers, and all problems at once."""
    answers, problems = read(questions, typed, today)
    name = answers.get("decided_by", "")
    if len(name) > LONGEST_NAME:
        problems.append(
            Problem("decided_by", wording("form.too_long", length=len(name), longest=LONGEST_NAME))
        )
    return answers, problems
