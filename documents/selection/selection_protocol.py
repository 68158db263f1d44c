"""The protocol of a selection as a value, and as the data from which anybody can check the draw."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from followup import PersonId
from followup.provider import Unit
from followup.selection.candidates import AgeMix
from followup.selection.cycle import part_of
from followup.selection.proposal_record import adjustment_data, chosen_data, proposal_data
from followup.wording.wording import Wording, wording
from services.selection.selection_state import SelectionState, ages, outside_frame, selection_name
from storage.engine.database import Transaction
from storage.register import people, units


@dataclass(frozen=True)
class ProtocolStep:
    """When something was done, and by whom."""

    at: datetime
    by: str


@dataclass(frozen=True)
class SelectionProtocol:
    """`units` are by key; `dormant` and `own` are the units outside the frame."""

    state: SelectionState
    frozen: ProtocolStep
    drawn: ProtocolStep | None
    locked: ProtocolStep | None
    units: Mapping[str, Unit]
    dormant: tuple[str, ...]
    own: tuple[str, ...]
    ages: AgeMix

    @property
    def heading(self) -> Wording:
        cycle = self.state.cycle
        return wording("selection.doc.title", selection=selection_name(cycle.year, cycle.name))

    @property
    def file_name(self) -> str:
        """How its files' names begin: urval-2026, urval-2026-halvår-1, or urval-2026-hösten for an extra one."""
        cycle = self.state.cycle
        if not cycle.is_ordinary:
            return f"urval-{cycle.year}-{_as_file_name(cycle.name)}"
        half = part_of(cycle.name)
        return f"urval-{cycle.year}-halvår-{half}" if half else f"urval-{cycle.year}"


def _as_file_name(name: str) -> str:
    return re.sub(r"[^\w-]+", "-", name.casefold()).strip("-")


def protocol_of(
    tx: Transaction, state: SelectionState, now: datetime, *, person_id: PersonId | None = None
) -> SelectionProtocol:
    """Logged as read by the person, since the ages come from birth dates."""
    cycle, everyone = state.cycle, people.everyone(tx)

    def step(at: datetime | None, by: PersonId | None) -> ProtocolStep | None:
        return None if at is None or by is None else ProtocolStep(at, everyone[by].name)

    dormant, own = outside_frame(tx, state.frame)
    return SelectionProtocol(
        state=state,
        frozen=ProtocolStep(cycle.frozen_at, everyone[cycle.frozen_by].name),
        drawn=step(cycle.drawn_at, cycle.drawn_by),
        locked=step(cycle.locked_at, cycle.locked_by),
        units={unit.key: unit for unit in units.all_units(tx)},
        dormant=tuple(dormant),
        own=tuple(own),
        ages=ages(tx, cycle, person_id, now),
    )


def protocol_data(protocol: SelectionProtocol) -> dict[str, Any]:
    state = protocol.state
    cycle, proposal = state.cycle, state.proposal
    return {
        "year": cycle.year,
        "name": cycle.name,
        "state": cycle.state,
        "frame_hash": cycle.frame_hash,
        "public_value_name": cycle.public_value_name,
        "public_value": cycle.public_value,
        "frozen": _step(protocol.frozen),
        "drawn": _step(protocol.drawn),
        "locked": _step(protocol.locked),
        "parameters": asdict(state.frame.parameters),
        "units": len(state.frame.rows),
        "placements": state.frame.placements,
        "dormant": list(protocol.dormant),
        "own": list(protocol.own),
        "ages": asdict(protocol.ages),
        "proposal": proposal_data(proposal) if proposal else None,
        "adjustments": adjustment_data(state.adjustments),
        "selected": chosen_data(state.selected),
        "coverage": {**asdict(state.coverage), "enough": state.coverage.enough},
        "changes": _changes(state),
    }


def _step(step: ProtocolStep | None) -> dict[str, str] | None:
    return None if step is None else {"at": step.at.isoformat(), "by": step.by}


def _changes(state: SelectionState) -> dict[str, Any] | None:
    if state.changes is None or state.before is None:
        return None
    return {
        "since": state.before.year,
        "since_name": state.before.name,
        "entered": chosen_data(state.changes.entered),
        "left": [asdict(one) for one in state.changes.left],
        "stayed": state.changes.stayed,
    }
