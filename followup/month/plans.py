"""What is known last of a child's plans: what a monthly report said of them, else what the register says."""

from collections.abc import Sequence
from typing import Literal, get_args

from followup.wording.form import Answers

PlanState = Literal["on_file", "missing", "not_applicable"]
PLANS = ("care_plan", "treatment_plan")
# A plan that is to be revised is on file until it has been.
_IN_REPORT: dict[str, PlanState] = {
    "current": "on_file",
    "needs_review": "on_file",
    "missing": "missing",
    "not_applicable": "not_applicable",
}
_STATES: tuple[PlanState, ...] = get_args(PlanState)


def newest_state(plan: str, in_register: str | None, reports: Sequence[Answers]) -> PlanState | None:
    """The plan's state by the last report that says anything of it; None where nobody has said.

    The reports come oldest first. What was answered about a month is newer than what the register says.
    """
    for answers in reversed(reports):
        if (said := _IN_REPORT.get(answers.get(plan, ""))) is not None:
            return said
    return next((one for one in _STATES if one == in_register), None)


def says_all(reports: Sequence[Answers]) -> bool:
    """Whether every plan's newest state stands in the reports: no older one can change it."""
    return all(newest_state(plan, None, reports) for plan in PLANS)
