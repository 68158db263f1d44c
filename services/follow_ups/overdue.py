"""What of the year's work is due: the selection, and by when a selection's follow-ups are to be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from followup import CycleId
from followup.follow_ups.follow_up import FollowUp
from followup.selection.cycle import NAMES, part_of, period_name
from followup.times.deadlines import YearDates
from followup.wording.wording import Wording
from services.acting import Acting
from storage.engine.database import Transaction
from storage.selection import selections


@dataclass(frozen=True)
class LateSelection:
    """`of` is the year or the half-year."""

    of: Wording | int
    due: date


def late_selection(tx: Transaction, dates: YearDates, today: date) -> LateSelection | None:
    """The newest that is late; an extra selection does not stand in for an ordinary one."""
    for part in reversed(dates.parts):
        due, cycle = dates.on("proposal", today.year, part), selections.named(tx, today.year, NAMES[part])
        if due < today and (cycle is None or cycle.state == "frozen"):
            return LateSelection(period_name(today.year, NAMES[part]), due)
    return None


def done_by(follow_up: FollowUp, cycles: Mapping[CycleId, tuple[int, str]], dates: YearDates) -> date | None:
    """The day by which the follow-ups of its selection are to be done; an ad hoc one has none."""
    found = cycles.get(follow_up.cycle_id or CycleId(0))
    return dates.on("follow_ups_done", found[0], part_of(found[1])) if found else None


@dataclass(frozen=True)
class SelectionDue:
    """The selection that should have been drawn by now, where one is not; or the one that only waits to be locked."""

    to_draw: LateSelection | None
    to_lock: Wording | int | None


def selection_due(acting: Acting) -> SelectionDue:
    dates, year = acting.municipality.year, acting.today.year
    to_draw = late_selection(acting.tx, dates, acting.today)
    ordinary = (selections.named(acting.tx, year, NAMES[part]) for part in reversed(dates.parts))
    drawn = next((one for one in ordinary if one is not None and one.state == "drawn"), None)
    waits = period_name(year, drawn.name) if drawn and to_draw is None else None
    return SelectionDue(to_draw, waits)
