"""A selection as the one who selects may see it: how it stands, its draws, what changed since last year; logged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from followup import CycleId
from followup.log.subject import What
from followup.selection.candidates import AgeMix
from followup.selection.cycle import Cycle, SelectionRefusedError
from followup.wording.wording import Problem
from services.acting import Acting, Refused, Why
from services.selection.selection_state import SelectionState, ages, outside_frame, state_of
from services.selection.selection_steps import refuse_all, selection_of
from services.views.follow_ups import FollowUpRow, open_follow_ups
from services.views.unit_names import names_by_key
from storage.register import people
from storage.register.units import NamesByKey
from storage.selection import selections


@dataclass(frozen=True)
class Step:
    """Frozen, drawn or locked: when and by whom."""

    name: str
    at: datetime
    by: str


@dataclass(frozen=True)
class SelectionView:
    """`units` are their names by key, also of those that are no longer followed."""

    state: SelectionState
    units: NamesByKey
    steps: tuple[Step, ...]

    @property
    def cycle(self) -> Cycle:
        return self.state.cycle


@dataclass(frozen=True)
class ChangesView:
    """`outside` are the followed units without a place in the frame, by key."""

    selection: SelectionView
    outside: Sequence[str]
    ages: AgeMix


def selection(acting: Acting, cycle_id: CycleId) -> SelectionView | Refused:
    """Refused with the hash that was published where the frame is no longer the one it is of."""
    cycle = head(acting, cycle_id)
    return cycle if isinstance(cycle, Refused) else _view(acting, cycle)


def open_follow_ups_of(acting: Acting, cycle_id: CycleId) -> list[FollowUpRow] | Refused:
    """The selection's that are not closed; logged as read."""
    cycle = head(acting, cycle_id)
    found = cycle if isinstance(cycle, Refused) else open_follow_ups(acting)
    return found if isinstance(found, Refused) else [one for one in found if one.one.cycle_id == cycle_id]


def is_known(acting: Acting, cycle_id: CycleId) -> bool:
    return selections.get(acting.tx, cycle_id) is not None


def head(acting: Acting, cycle_id: CycleId) -> Cycle | Refused:
    """What a form about it says, logged as read."""
    cycle = selection_of(acting, cycle_id)
    if not isinstance(cycle, Refused):
        acting.log("read", What.SELECTION.of(cycle.id))
    return cycle


def _view(acting: Acting, cycle: Cycle) -> SelectionView | Refused:
    try:
        return SelectionView(state_of(acting.tx, cycle), names_by_key(acting), _steps(acting, cycle))
    except SelectionRefusedError as refused:
        return Refused(Why.WRONG, tuple(Problem("", problem) for problem in refused.problems))


def _steps(acting: Acting, cycle: Cycle) -> tuple[Step, ...]:
    everyone = people.PeopleById(acting.tx)
    taken = (
        ("frozen_at", cycle.frozen_at, cycle.frozen_by),
        ("drawn_at", cycle.drawn_at, cycle.drawn_by),
        ("locked_at", cycle.locked_at, cycle.locked_by),
    )
    return tuple(
        Step(name, at, everyone[by].name) for name, at, by in taken if at is not None and by is not None
    )


def changes(acting: Acting, cycle_id: CycleId) -> ChangesView | Refused:
    """With the age mix, which is read of the children's birth days and logged as that."""
    found = selection(acting, cycle_id)
    if isinstance(found, Refused):
        return found
    dormant, _ = outside_frame(acting.tx, found.state.frame)
    return ChangesView(found, dormant, ages(acting.tx, found.cycle, acting.person.id, acting.now))


def near(acting: Acting) -> list[Cycle] | Refused:
    """This year's and the next one's, and last year's, which may be unfinished at the turn of the year.

    Only their names and how they stand are for showing without asking for the one.
    """
    refused = refuse_all(acting)
    if refused is not None:
        return refused
    year = acting.today.year
    return [one for each in (year, year + 1, year - 1) for one in selections.of_year(acting.tx, each)]


def of_year(acting: Acting, year: int) -> list[Cycle] | Refused:
    """All of a year's; only their names and how they stand are for showing, as of those that are near."""
    refused = refuse_all(acting)
    return list(selections.of_year(acting.tx, year)) if refused is None else refused
