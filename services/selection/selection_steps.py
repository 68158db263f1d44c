"""The selection's steps as deeds: frozen, drawn, adjusted with a reason and locked, by one whom the table lets."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import TypeVar

from followup import CycleId
from followup.access.access import DataKind, Reach
from followup.log.subject import What
from followup.people import Conversation
from followup.selection.cycle import NAMES, Cycle, SelectionRefusedError, name_problem
from followup.selection.largest import WAYS, written
from followup.selection.selection_frame import LOTS, Parameters
from followup.times.deadlines import WHOLE
from followup.wording.form import Question, clean_text, read
from followup.wording.wording import Problem, wording
from services.acting import Acting, Refused, Why, which
from services.selection import selecting
from services.selection.selecting import LockedSelection, MadeFrame, Plan, WantedAdjustment
from services.selection.selection_state import SelectionState, state_of
from storage.engine.locks import hold, hold_cycle
from storage.selection import selections

T = TypeVar("T")
COUNTS = tuple(str(number) for number in range(1, 11))
FREEZE = (
    Question("public_value_name", "line", "selection"),
    Question("largest", "choice", "selection", "largest", WAYS),
    Question("largest_number", "line", "selection"),
    Question("n_risk", "choice", "selection", "count", COUNTS),
    Question("n_spot_general", "choice", "selection", "count", COUNTS[:2]),
    Question("n_spot_risk", "choice", "selection", "count", COUNTS[:2]),
    Question("lots", "choice", "selection", "lots", LOTS),
    Question("name", "line", "selection", required=False),
)

_LARGEST = ("largest", "largest_number")


def selection_of(acting: Acting, cycle_id: CycleId) -> Cycle | Refused:
    """The selection, for one who selects, in her own chat or on a page."""
    named = which(What.SELECTION, cycle_id)
    refused = refuse_all(acting)
    if refused is not None:
        return refused
    return selections.get(acting.tx, cycle_id) or acting.refuse(named, Why.UNKNOWN)


def _held(acting: Acting, cycle_id: CycleId) -> Cycle | Refused:
    """As nobody else changes it until what is done with it is stored."""
    if acting.may(Conversation.SELECTION):
        hold_cycle(acting.tx, cycle_id)
    return selection_of(acting, cycle_id)


def refuse_all(acting: Acting) -> Refused | None:
    """Why she has nothing to do with selections here; None where she has."""
    if not acting.may(Conversation.SELECTION) or acting.reach(DataKind.UNIT) != Reach.ALL:
        return acting.refuse(What.SELECTION.of())
    return acting.refuse(What.SELECTION.of(), Why.CHANNEL) if acting.channel else None


def freeze(acting: Acting, typed: Mapping[str, str], made: MadeFrame | None = None) -> Cycle | Refused:
    """By what was typed in the form; `made` as for selecting.freeze."""
    refused = refuse_all(acting)
    if refused is not None:
        return refused
    hold(acting.tx, "selection")
    plan, problems = read_plan(typed, acting.today, acting.municipality.year.parts)
    return Refused(Why.WRONG, tuple(problems)) if plan is None else freeze_as_planned(acting, plan, made)


def freeze_as_planned(acting: Acting, plan: Plan, made: MadeFrame | None = None) -> Cycle | Refused:
    """Stores the frame as of now and tells the team its hash and the name of the value to come."""
    refused = refuse_all(acting)
    if refused is not None:
        return refused
    wrong = name_problem(clean_text(plan.name), acting.municipality.year.parts)
    if wrong is not None:
        return Refused(Why.WRONG, (Problem("", wrong),))
    return _tried(lambda: selecting.freeze(acting.tx, plan, acting.person, acting.now, made))


def read_plan(
    typed: Mapping[str, str], today: date, parts: tuple[int, ...] = WHOLE
) -> tuple[Plan | None, list[Problem]]:
    """What is to be frozen, or all that is wrong with what was typed."""
    answers, problems = read(FREEZE, typed, today)
    year = typed.get("year", "")
    if year not in (str(today.year), str(today.year + 1)):
        problems.append(Problem("", wording("selection.refused.year", first=today.year, last=today.year + 1)))
    largest = _largest(answers)
    if largest is None and not any(one.field in _LARGEST for one in problems):
        problems.append(Problem("largest_number", wording("selection.refused.largest_number")))
    half = next((part for part in parts if typed.get("half", "0") == str(part)), None)
    if half is None and not answers.get("name"):
        problems.append(Problem("", wording("selection.refused.half")))
    if problems or largest is None:
        return None, problems
    parameters = replace(
        Parameters(),
        largest=largest[0],
        share=largest[1],
        n_risk=int(answers["n_risk"]),
        n_spot_general=int(answers["n_spot_general"]),
        n_spot_risk=int(answers["n_spot_risk"]),
        lots="placements" if answers["lots"] == "placements" else "one",
    )
    return Plan(
        int(year), answers["public_value_name"], answers.get("name") or NAMES[half or 0], parameters
    ), []


def _largest(answers: Mapping[str, str]) -> tuple[str, str] | None:
    """As the frame writes them: `largest` and `share`."""
    way = next((one for one in WAYS if one == answers.get("largest")), None)
    return written(way, answers.get("largest_number", ""), Parameters().share) if way else None


def draw(acting: Acting, cycle_id: CycleId, public_value: str) -> SelectionState | Refused:
    """Makes the proposal; the same value again changes nothing, and another one is refused."""
    cycle = _held(acting, cycle_id)
    if isinstance(cycle, Refused):
        return cycle
    done = _tried(lambda: selecting.draw(acting.tx, cycle, public_value, acting.person, acting.now))
    if isinstance(done, Refused) and cycle.public_value is not None:
        return Refused(Why.DONE, done.problems)
    return done


def adjust(acting: Acting, cycle_id: CycleId, change: WantedAdjustment) -> SelectionState | Refused:
    """Puts a unit in or takes one out, with a reason."""
    cycle = _held(acting, cycle_id)
    if isinstance(cycle, Refused):
        return cycle
    return _tried(lambda: selecting.adjust(acting.tx, cycle, change, acting.person, acting.now))


def lock(acting: Acting, cycle_id: CycleId, seen_adjusted: int | None) -> LockedSelection | Refused:
    """Makes the selection final and opens a follow-up of each unit in it, if it is adjusted so often as she saw."""
    cycle = _held(acting, cycle_id)
    if isinstance(cycle, Refused):
        return cycle
    before = _tried(lambda: state_of(acting.tx, cycle))
    if isinstance(before, Refused):
        return before
    if cycle.state == "drawn" and seen_adjusted != len(before.adjustments):
        # What was shown is not what would become final: a colleague has adjusted it meanwhile.
        return Refused(Why.CHANGED)
    dates = acting.municipality.year
    return _tried(lambda: selecting.lock(acting.tx, cycle, acting.person, acting.now, dates))


def _tried(step: Callable[[], T]) -> T | Refused:
    """What the step gives, or every reason why it is refused; nothing was stored then."""
    try:
        return step()
    except SelectionRefusedError as refused:
        return Refused(Why.WRONG, tuple(Problem("", problem) for problem in refused.problems))
