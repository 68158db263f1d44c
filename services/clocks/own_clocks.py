"""The clocks that run for a person's placements today, as she may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from followup import PlacementId
from followup.access.access import DataKind, Reach
from followup.clocks.clock import LawClock
from followup.clocks.due import ClockDue, times_of_each
from followup.people import Conversation
from followup.placement import Placement
from services.acting import Acting
from services.month.own_tasks import may_read_alias
from storage.clocks import owners, stays
from storage.clocks.own import clocks
from storage.engine.database import Transaction
from storage.month.newest_answers import AnswersUntil


@dataclass(frozen=True)
class RunningClock:
    """One time that is not done, and the placement that it runs in."""

    placement: Placement
    due: ClockDue

    @property
    def clock(self) -> LawClock:
        return self.due.clock


def may_see_own(acting: Acting) -> bool:
    """The clocks of her own placements, which are named by their case references."""
    seen = acting.sees(DataKind.CASE_REFERENCE) and acting.reach(DataKind.CLOCK) == Reach.OWN
    return seen and acting.may(Conversation.CLOCKS)


def own_placements(acting: Acting) -> list[Placement]:
    """Those that she answers for today, of every form of care, those that have ended within the year too."""
    found = owners.concerning(acting.tx, acting.person, acting.today)
    return [_as_seen(acting, one.placement) for one in found if one.person_id == acting.person.id]


def _as_seen(acting: Acting, placement: Placement) -> Placement:
    if placement.alias is None or may_read_alias(acting, placement.owner_id):
        return placement
    return replace(placement, alias=None)


def times_by_placement(
    tx: Transaction,
    placements: Sequence[Placement],
    known_until: datetime,
    answers: AnswersUntil | None = None,
) -> Mapping[PlacementId, Sequence[ClockDue]]:
    """Every time of every clock, done or not, by placement."""
    rows = clocks(tx)
    known = stays.known(tx, [one.id for one in placements], known_until, answers)
    return {
        one.stay.placement_id: times for one, times in zip(known, times_of_each(known, rows), strict=True)
    }


def running(acting: Acting, placements: Sequence[Placement] | None = None) -> list[RunningClock]:
    """Of her own placements, the next last day first."""
    own = own_placements(acting) if placements is None else placements
    times = times_by_placement(acting.tx, own, acting.now)
    found = [
        RunningClock(placement, one)
        for placement in own
        for one in times[placement.id]
        if one.open_on(acting.today)
    ]
    return sorted(found, key=lambda one: (one.due.due, one.placement.case_reference))
