"""A selection's rows and steps as its page has them: each unit with every reason, its lot, and whether it is new."""

from collections.abc import Sequence
from dataclasses import dataclass

from dialogs.selection.selection_card import reasons_in_words, unit_name
from followup.selection.draw import Draw, Ticket, seed_of
from services.selection.selection_state import SelectionState
from services.views.selection import SelectionView
from texts.catalogue import Texts

STEPS = ("frame", "value", "draw", "adjust", "lock")


@dataclass(frozen=True)
class SelectedRow:
    """`lot` is its place in the draw that picked it, empty of one that no draw did."""

    key: str
    name: str
    reasons: str
    placements: int
    lot: str
    new: bool
    last: int | None


@dataclass(frozen=True)
class TicketRow:
    place: int
    name: str
    ticket: Ticket
    outcome: str


@dataclass(frozen=True)
class DrawSeen:
    """A draw with what each ticket is worked out of, so that whoever sees the frame can draw it again."""

    name: str
    seed: str
    number: int
    tickets: Sequence[TicketRow]
    lifted: Sequence[str]


def steps_of(state: SelectionState) -> list[tuple[str, bool]]:
    """Each with whether it is done; what is adjusted is done when it is locked, adjusted or not."""
    drawn, locked = state.proposal is not None, state.cycle.state == "locked"
    return list(zip(STEPS, (True, drawn, drawn, locked, locked), strict=True))


def selected_rows(view: SelectionView, shown: slice, say: Texts) -> list[SelectedRow]:
    """Those of one page."""
    state = view.state
    frame = {row.id: row for row in state.frame.rows}
    entered = {one.unit for one in state.changes.entered} if state.changes else set()
    return [
        SelectedRow(
            one.unit,
            unit_name(one.unit, view.units),
            reasons_in_words(one.reasons, say),
            frame[one.unit].placements if one.unit in frame else 0,
            _lot(state, one.unit, say),
            one.unit in entered,
            frame[one.unit].last if one.unit in frame else None,
        )
        for one in state.selected[shown]
    ]


def _lot(state: SelectionState, key: str, say: Texts) -> str:
    for draw in state.proposal.draws if state.proposal else ():
        if key in draw.drawn:
            return say(f"page.selection.lot.{draw.name}", place=draw.drawn.index(key) + 1)
    return ""


def draws_seen(view: SelectionView, shown: slice, say: Texts) -> list[DrawSeen]:
    """Of each the tickets of one page."""
    cycle, proposal = view.cycle, view.state.proposal
    if proposal is None or cycle.public_value is None:
        return []
    seed = seed_of(cycle.frame_hash, cycle.public_value)
    return [
        DrawSeen(
            say(f"selection.draw.{draw.name}"),
            f"{seed}|{draw.name}|",
            len(draw.tickets),
            _tickets(view, draw, shown, say),
            [unit_name(one, view.units) for one in draw.lifted],
        )
        for draw in proposal.draws
    ]


def _tickets(view: SelectionView, draw: Draw, shown: slice, say: Texts) -> list[TicketRow]:
    return [
        TicketRow(
            place,
            unit_name(one.unit, view.units),
            one,
            say(f"selection.outcome.{draw.outcome(one.unit)}", number=place),
        )
        for place, one in list(enumerate(draw.tickets, 1))[shown]
    ]
