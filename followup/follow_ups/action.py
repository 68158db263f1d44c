"""Actions (åtgärder) that follow from a follow-up: their states, who may verify, and when to remind."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from followup import ActionId, FollowUpId, PersonId
from followup.wording.form import Answers, Question, read
from followup.wording.wording import Problem, wording

# What can follow on what; the last two states are final.
ActionState = Literal["open", "done", "verified", "cancelled"]
STATES: Mapping[ActionState, tuple[ActionState, ...]] = {
    "open": ("done", "cancelled"),
    "done": ("verified", "open", "cancelled"),
    "verified": (),
    "cancelled": (),
}
UNFINISHED = ("open", "done")
REMIND_DAYS = (-7, 0, 1)
ESCALATE_AFTER = timedelta(days=7)

PLAN = (
    Question("what", "text", "action"),
    Question("due_on", "date", "action", may_be_future=True),
)
EVIDENCE = (Question("evidence", "text", "action"),)
REASON = (Question("reason", "text", "action"),)
QUESTIONS = (*PLAN, *EVIDENCE, *REASON)
# What must be said when an action changes state; verifying it is a press alone.
STATE_QUESTIONS: Mapping[str, tuple[Question, ...]] = {
    "done": EVIDENCE,
    "open": REASON,
    "cancelled": REASON,
    "verified": (),
}


@dataclass(frozen=True)
class Action:
    """The newest version of an action; `author_id` is who made that version, so who reported it done."""

    id: ActionId
    follow_up_id: FollowUpId
    version: int
    what: str
    owner_id: PersonId
    due_on: date
    state: ActionState
    evidence: str
    verified_by: PersonId | None
    verified_on: date | None
    reason: str
    author_id: PersonId
    recorded_at: datetime

    @property
    def number(self) -> str:
        return f"Å-{self.id}"

    @property
    def unfinished(self) -> bool:
        return self.state in UNFINISHED

    def late(self, today: date) -> bool:
        """Not finished when its day has passed, also when it only waits to be verified."""
        return self.unfinished and self.due_on < today


def read_plan(
    typed: Mapping[str, str], today: date, owners: Collection[PersonId], kept_due: date | None = None
) -> tuple[Answers, list[Problem]]:
    """What, who and when, with all problems at once; a new day lies ahead, one that was set before may have passed."""
    owner = Question("owner", "choice", "action", choices=tuple(str(one) for one in owners))
    answers, problems = read([*PLAN, owner], typed, today)
    due = answers.get("due_on", "")
    told = {problem.field for problem in problems}
    if due and "due_on" not in told and due < today.isoformat() and due != str(kept_due):
        problems.append(Problem("due_on", wording("action.due_passed")))
    return answers, problems


def may_become(action: Action, state: ActionState) -> bool:
    return state in STATES[action.state]


def may_verify(action: Action, person_id: PersonId, team: Collection[PersonId]) -> bool:
    """Another of the quality team than the one who reported it done, unless there is no other."""
    others = set(team) - {action.author_id}
    return action.state == "done" and person_id in team and (person_id in others or not others)


def reminder_due(due_on: date, told_on: date, today: date) -> int | None:
    """The newest reminder that is due, in days from the due day; None when none is.

    What lay before the day that the owner was told of the action is not said, and of those missed only the newest.
    """
    due = [days for days in REMIND_DAYS if told_on < due_on + timedelta(days=days) <= today]
    return due[-1] if due else None


def to_escalate(action: Action, today: date) -> bool:
    """Open a week after its day: the owner's manager is told."""
    return action.state == "open" and action.due_on + ESCALATE_AFTER <= today
