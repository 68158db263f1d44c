"""What of the year's work is late: the selection, follow-ups whose day has passed, and actions."""

from dataclasses import dataclass
from datetime import date

from followup.follow_ups.follow_up import FollowUp, late_reasons
from followup.times.deadlines import YearDates
from services.acting import Acting
from storage.engine.database import Transaction
from storage.follow_ups import actions, follow_ups
from storage.selection import selections


@dataclass(frozen=True)
class Overdue:
    """`selection` is the day when this year's should have been drawn, where it is not; the others are counts."""

    selection: date | None
    follow_ups: int
    actions: int


def overdue(tx: Transaction, dates: YearDates, today: date) -> Overdue:
    years = follow_ups.cycle_years(tx)
    late = [one for one in follow_ups.open_ones(tx) if late_reasons(one, today, done_by(one, years, dates))]
    late_actions = sum(one.late(today) for one in actions.unfinished(tx))
    return Overdue(late_selection(tx, dates, today), len(late), late_actions)


def late_selection(tx: Transaction, dates: YearDates, today: date) -> date | None:
    """An extra selection does not stand in for the year's."""
    due, cycle = dates.on("proposal", today.year), selections.named(tx, today.year)
    return due if due < today and (cycle is None or cycle.state == "frozen") else None


def done_by(follow_up: FollowUp, years: dict[int, int], dates: YearDates) -> date | None:
    """The day by which the follow-ups of its selection are to be done; an ad hoc one has none."""
    year = years.get(follow_up.cycle_id or 0)
    return dates.on("follow_ups_done", year) if year else None


@dataclass(frozen=True)
class SelectionDue:
    """The day when the year's selection should have been drawn, where it is not; or that it only waits to be locked."""

    to_draw: date | None
    to_lock: bool


def selection_due(acting: Acting) -> SelectionDue:
    cycle = selections.named(acting.tx, acting.today.year)
    to_draw = late_selection(acting.tx, acting.municipality.year, acting.today)
    return SelectionDue(to_draw, to_draw is None and cycle is not None and cycle.state == "drawn")
