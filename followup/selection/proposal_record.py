"""A proposal as plain data for a protocol, and how what a protocol claims differs from the draw repeated."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from followup.selection.adjustment import ACTS, Adjustment, selected
from followup.selection.draw import Draw
from followup.selection.selection import Chosen, Proposal
from followup.wording.wording import Wording, wording


def proposal_data(proposal: Proposal) -> dict[str, Any]:
    """Chances as fractions, exact; every lot of every candidate."""
    return {
        "seed": proposal.seed,
        "units": chosen_data(proposal.units),
        "draws": [_draw_data(draw) for draw in proposal.draws],
        "coverage": {"covered": proposal.coverage.covered, "total": proposal.coverage.total},
    }


def chosen_data(units: Iterable[Chosen]) -> list[dict[str, Any]]:
    return [{"unit": one.unit, "reasons": list(one.reasons)} for one in units]


def _draw_data(draw: Draw) -> dict[str, Any]:
    return {
        "name": draw.name,
        "wanted": draw.wanted,
        "drawn": list(draw.drawn),
        "reserves": list(draw.reserves),
        "lifted": list(draw.lifted),
        "excluded": list(draw.excluded),
        "tickets": [
            {
                "unit": ticket.unit,
                "last": ticket.rank or None,
                "ticket": ticket.lowest,
                "lots": list(ticket.lots),
                "chance": str(ticket.chance),
            }
            for ticket in draw.tickets
        ],
    }


def adjustment_data(adjustments: Iterable[Adjustment]) -> list[dict[str, Any]]:
    return [{**vars(one), "at": one.at.isoformat()} for one in adjustments]


def differences(claimed: Mapping[str, Any], proposal: Proposal) -> list[Wording]:
    """Everything in which the protocol differs from the draw repeated; empty when they agree."""
    found = list(_heads(claimed, proposal))
    again = proposal_data(proposal)
    said = claimed.get("proposal")
    if not isinstance(said, dict):
        return [*found, wording("selection.verify.no_proposal")]
    found += _units(said.get("units"), again["units"])
    found += [
        wording("selection.verify.differs", part=wording(f"selection.part.{part}"))
        for part in ("draws", "coverage")
        if said.get(part) != again[part]
    ]
    return found + list(_adjusted(claimed, proposal))


def _heads(claimed: Mapping[str, Any], proposal: Proposal) -> Iterator[Wording]:
    for name, own in (("frame_hash", proposal.frame_hash), ("public_value", proposal.public_value)):
        if claimed.get(name) != own:
            yield wording(
                "selection.verify.other",
                part=wording(f"selection.part.{name}"),
                theirs=claimed.get(name),
                own=own,
            )


def _units(said: object, again: list[dict[str, Any]]) -> Iterator[Wording]:
    """Each unit that only one of them has, or that has other reasons."""
    theirs, own = _reasons(said), _reasons(again)
    for unit in sorted(set(theirs) - set(own)):
        yield wording("selection.verify.only_theirs", unit=unit)
    for unit in sorted(set(own) - set(theirs)):
        yield wording("selection.verify.only_own", unit=unit)
    for unit in sorted(set(own) & set(theirs)):
        if own[unit] != theirs[unit]:
            yield wording("selection.verify.other_reasons", unit=unit)


def _reasons(units: object) -> dict[str, object]:
    rows = units if isinstance(units, list) else []
    return {str(row.get("unit")): row.get("reasons") for row in rows if isinstance(row, dict)}


def _adjusted(claimed: Mapping[str, Any], proposal: Proposal) -> Iterator[Wording]:
    """The protocol's own adjustments, each with a reason, must lead to what it says was selected."""
    rows = claimed.get("adjustments")
    adjustments = [_read_adjustment(row) for row in rows] if isinstance(rows, list) else [None]
    if None in adjustments:
        yield wording("selection.verify.adjustments")
        return
    made = [one for one in adjustments if one is not None]
    if _reasons(claimed.get("selected")) != _reasons(chosen_data(selected(proposal, made))):
        yield wording("selection.verify.differs", part=wording("selection.part.selected"))


def _read_adjustment(row: object) -> Adjustment | None:
    """None for what is no adjustment, or has no reason."""
    if not isinstance(row, dict) or row.get("act") not in ACTS or not str(row.get("reason") or "").strip():
        return None
    try:
        at = datetime.fromisoformat(str(row.get("at")))
    except ValueError:
        return None
    return Adjustment(str(row.get("unit")), row["act"], str(row["reason"]), str(row.get("by")), at)
