"""What people change in a proposal, the selection that it leads to, and how it differs from the last one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from followup.selection.selection import Chosen, Proposal, Reason
from followup.selection.selection_frame import Frame

Act = Literal["add", "remove"]
ACTS: tuple[Act, ...] = ("add", "remove")


@dataclass(frozen=True)
class Adjustment:
    """One change, with the written reason without which none is made."""

    unit: str
    act: Act
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class LeftUnit:
    """A unit that was selected last time and is not now, with its reasons then."""

    unit: str
    before: tuple[Reason, ...]
    why: Literal["removed", "not_in_frame", "no_reason"]


@dataclass(frozen=True)
class Changes:
    entered: tuple[Chosen, ...]
    left: tuple[LeftUnit, ...]
    stayed: int


def selected(proposal: Proposal, adjustments: Iterable[Adjustment]) -> tuple[Chosen, ...]:
    """The proposal with the adjustments made one after the other; what is put back keeps its reasons."""
    units = {one.unit: one.reasons for one in proposal.units}
    for adjustment in adjustments:
        if adjustment.act == "remove":
            units.pop(adjustment.unit, None)
        else:
            units[adjustment.unit] = (*proposal.reasons(adjustment.unit), "added")
    return tuple(Chosen(unit, reasons) for unit, reasons in units.items())


def changes(before: Iterable[Chosen], proposal: Proposal, now: Iterable[Chosen], frame: Frame) -> Changes:
    """Who entered and who left since the last selection, and why."""
    earlier = {one.unit: one.reasons for one in before}
    current = {one.unit: one for one in now}
    in_frame = {row.id for row in frame.rows}
    gone = sorted(set(earlier) - set(current))
    return Changes(
        entered=tuple(one for unit, one in current.items() if unit not in earlier),
        left=tuple(LeftUnit(unit, earlier[unit], _why_left(unit, proposal, in_frame)) for unit in gone),
        stayed=len(set(earlier) & set(current)),
    )


def _why_left(
    unit: str, proposal: Proposal, in_frame: set[str]
) -> Literal["removed", "not_in_frame", "no_reason"]:
    if unit not in in_frame:
        return "not_in_frame"
    return "removed" if proposal.reasons(unit) else "no_reason"


def reserve_for(unit: str, proposal: Proposal, now: Iterable[Chosen]) -> str | None:
    """The next reserve of the draw that the unit was drawn in; None for what was not drawn, or where none is left."""
    chosen = {one.unit for one in now}
    drawn = next((draw for draw in proposal.draws if unit in draw.drawn), None)
    reserves: Iterable[str] = drawn.reserves if drawn else ()
    return next((reserve for reserve in reserves if reserve not in chosen), None)
