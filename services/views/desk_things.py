"""The kinds of things that wait for a person, and what is told of those that are shown, each as its own view has it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from followup.alerts.alert import Alert
from followup.follow_ups.action import Action
from followup.overview.desk import DeskThing
from followup.placement import Placement
from followup.provider import EndingContract
from followup.signals.progress import SignalProgress
from followup.times.month import Month
from followup.wording.wording import Wording
from services.acting import Acting
from services.clocks.own_clocks import RunningClock
from services.retention.deciding import ProposalSeen
from services.views.alerts import AlertHead, heads_of
from services.views.clocks import TeamClocks
from services.views.follow_ups import ActionView, FollowUpRow, action_views, with_units
from services.views.own_faults import OwnFaultSeen
from services.views.signal_list import SignalRow, signal_rows


@dataclass(frozen=True)
class ReportsLeft:
    """Reports of one month that are left: her own, or those of her people."""

    month: Month
    number: int
    own: bool


@dataclass(frozen=True)
class AlertsLate:
    """Alerts that nobody has taken in time, as a manager is told of them."""

    number: int


@dataclass(frozen=True)
class LateContacts:
    """A child whose contacts are overdue by the municipality's routine."""

    placement: Placement
    contacts: Sequence[str]


@dataclass(frozen=True)
class RecordedUnseen:
    """What her people have recorded as done and she has not seen."""

    number: int


@dataclass(frozen=True)
class WithoutOwner:
    """Placements that nobody answers for."""

    number: int


@dataclass(frozen=True)
class SelectionToDo:
    """`of` is the year or half-year whose selection is to be drawn, or where `drawn` to be locked."""

    of: Wording | int
    drawn: bool


@dataclass(frozen=True)
class LevelsToDecide:
    """The year whose base levels are proposed."""

    year: int


Thing = (
    AlertHead
    | AlertsLate
    | SignalRow
    | OwnFaultSeen
    | FollowUpRow
    | ActionView
    | SelectionToDo
    | LevelsToDecide
    | ProposalSeen
    | ReportsLeft
    | RunningClock
    | LateContacts
    | EndingContract
    | TeamClocks
    | RecordedUnseen
    | WithoutOwner
)
DeskOf = DeskThing[Thing]
# What is put in order by its head alone: of which unit and which kind it is, is read when it is shown.
Waiting = DeskThing[Thing | Alert | SignalProgress | Action]
_READ: Mapping[type, Callable[[Acting, Any], Sequence[Thing]]] = {
    Alert: heads_of,
    SignalProgress: signal_rows,
    FollowUpRow: with_units,
    Action: action_views,
}


def read_shown(acting: Acting, things: Sequence[Waiting]) -> list[DeskOf]:
    """Each in its place; those of a kind are read at once."""
    told: dict[int, Any] = {}
    for kind, read in _READ.items():
        places = [place for place, one in enumerate(things) if isinstance(one.about, kind)]
        if places:
            found = read(acting, [things[place].about for place in places])
            told |= zip(places, found, strict=True)
    return [
        DeskThing(one.sort, told.get(place, one.about), one.day, one.late, one.hers, one.owner)
        for place, one in enumerate(things)
    ]
