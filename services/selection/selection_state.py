"""How a selection stands: its frame, proposal, adjustments, what changed since last year, and the age mix."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from followup import PersonId
from followup.log.subject import What
from followup.selection.adjustment import Adjustment, Changes, changes, selected
from followup.selection.candidates import AgeMix, age_mix, days_of, period_of
from followup.selection.cycle import NAMES, Cycle, SelectionRefusedError, names_before, part_of, period_name
from followup.selection.largest import in_words
from followup.selection.selection import Chosen, Coverage, Proposal, coverage, coverage_note, propose
from followup.selection.selection_frame import Frame, FrameError, canonical_frame, hash_of, read_frame
from followup.times.calendar import municipal_day
from followup.wording.wording import Wording, wording
from storage.engine.database import Transaction
from storage.follow_ups import follow_ups
from storage.log import access_log
from storage.register import units
from storage.selection import candidates, selections

KEPT = 4


@dataclass(frozen=True)
class SelectionState:
    """`proposal` and what follows from it are None until the draw; `before` is the selection of the year before."""

    cycle: Cycle
    frame: Frame
    proposal: Proposal | None
    adjustments: tuple[Adjustment, ...]
    selected: tuple[Chosen, ...]
    before: Cycle | None
    changes: Changes | None

    @property
    def size(self) -> Wording:
        """The frame's units and placements, with the days that they are counted over."""
        frame = self.frame
        return wording(
            "selection.doc.size.of", n=len(frame.rows), placements=frame.placements, **period(self.cycle)
        )

    @property
    def parameters(self) -> Wording:
        """What it was frozen with, in words."""
        of = self.frame.parameters
        shown = {"largest": in_words(of.largest, of.share), "lots": wording(f"choice.lots.{of.lots}")}
        return wording("selection.doc.parameters.of", **{**vars(of), **shown})

    @property
    def coverage(self) -> Coverage:
        return coverage(self.frame, (one.unit for one in self.selected))

    @property
    def notes(self) -> tuple[Wording, ...]:
        """The proposal's own, with the coverage of what is selected after the adjustments."""
        if self.proposal is None:
            return ()
        notes = [note for note in self.proposal.notes if note.id != "selection.note.coverage"]
        if self.frame.rows:
            notes += coverage_note(self.coverage)
        if self.before is not None and self.not_compared is not None:
            notes.append(self.not_compared)
        return tuple(notes)

    @property
    def not_compared(self) -> Wording | None:
        """Why nothing can be said of what has changed since the year before; None where it is, or before the draw."""
        if self.changes is not None or self.proposal is None:
            return None
        if self.before is None:
            year, name = names_before(self.cycle.year, self.cycle.name)[
                -1 if not part_of(self.cycle.name) else 0
            ]
            return wording("selection.doc.no_before", year=period_name(year, name))
        return wording("selection.note.before_tampered", year=period_name(self.before.year, self.before.name))


def period(cycle: Cycle) -> dict[str, date]:
    """The `first` and the `last` day that the frame counts placements over."""
    return days_of(municipal_day(cycle.frozen_at))


def selection_name(year: int, name: str) -> Wording:
    """How texts speak of a selection."""
    if name in NAMES:
        return wording("selection.called.yearly", year=period_name(year, name))
    return wording("selection.called.other", year=year, name=name)


def frame_in(cycle: Cycle) -> Frame:
    """Raises SelectionRefusedError where the stored frame is no longer the one whose hash was published."""
    frame = _as_published(cycle.frame, cycle.frame_hash)
    if frame is None:
        raise _tampered(cycle)
    return frame


def _tampered(cycle: Cycle) -> SelectionRefusedError:
    named = selection_name(cycle.year, cycle.name)
    found = hash_of(cycle.frame)
    return SelectionRefusedError(
        [wording("selection.refused.tampered", selection=named, published=cycle.frame_hash, found=found)]
    )


# A frame of thousands of units is looked at again and again while one selects, and what a text and a value give is
# always the same: of the last few selections it is kept by them.
@lru_cache(maxsize=KEPT)
def _as_published(text: str, published: str) -> Frame | None:
    try:
        frame = read_frame(text)
    except FrameError:
        return None
    return frame if canonical_frame(frame) == text and hash_of(text) == published else None


@lru_cache(maxsize=KEPT)
def _proposed(text: str, published: str, public_value: str) -> Proposal | None:
    frame = _as_published(text, published)
    return None if frame is None else propose(frame, public_value)


def _proposal(cycle: Cycle, public_value: str) -> Proposal:
    """Raises SelectionRefusedError where the frame has been tampered with."""
    proposal = _proposed(cycle.frame, cycle.frame_hash, public_value)
    if proposal is None:
        raise _tampered(cycle)
    return proposal


def state_of(tx: Transaction, cycle: Cycle) -> SelectionState:
    """Raises SelectionRefusedError where the frame has been tampered with."""
    frame = frame_in(cycle)
    if cycle.public_value is None:
        return SelectionState(cycle, frame, None, (), (), None, None)
    proposal = _proposal(cycle, cycle.public_value)
    adjustments = tuple(selections.adjustments(tx, cycle.id))
    now = selected(proposal, adjustments)
    before = _before(tx, cycle)
    earlier = _selection_or_none(tx, before)
    changed = None if earlier is None else changes(earlier, proposal, now, frame)
    return SelectionState(cycle, frame, proposal, adjustments, now, before, changed)


def _selection_or_none(tx: Transaction, cycle: Cycle | None) -> tuple[Chosen, ...] | None:
    """What was selected; None where there is no cycle, or its frame is no longer what was published."""
    try:
        return None if cycle is None else selection_of(tx, cycle)
    except SelectionRefusedError:
        return None


def _before(tx: Transaction, cycle: Cycle) -> Cycle | None:
    """The locked ordinary selection before it."""
    found = (selections.named(tx, *name) for name in names_before(cycle.year, cycle.name))
    return next((one for one in found if one is not None and one.state == "locked"), None)


def selection_of(tx: Transaction, cycle: Cycle) -> tuple[Chosen, ...]:
    """What was selected in the cycle; empty until it is drawn."""
    if cycle.public_value is None:
        return ()
    return selected(_proposal(cycle, cycle.public_value), selections.adjustments(tx, cycle.id))


def outside_frame(tx: Transaction, frame: Frame) -> tuple[list[str], list[str]]:
    """Followed units without a place in the frame, and the municipality's own foster homes, by key."""
    inside = {row.id for row in frame.rows}
    outside = sorted(
        (unit for unit in units.all_units(tx) if unit.key not in inside), key=lambda one: one.key
    )
    dormant = [unit.key for unit in outside if unit.segment is not None]
    return dormant, [unit.key for unit in outside if unit.segment is None]


def ages(tx: Transaction, cycle: Cycle, person_id: PersonId | None, now: datetime) -> AgeMix:
    """The age mix of the twelve months before the frame was frozen, as the register has them now."""
    day = municipal_day(cycle.frozen_at)
    access_log.record(tx, "read", What.SELECTION_BIRTHS.of(cycle.id), now, person_id=person_id)
    followed = {unit.id for unit in units.followed_units(tx)}
    found = candidates.stays(tx, *period_of(day))
    return age_mix((stay for unit_id in followed for stay in found.get(unit_id, ())), day)


def has_passed(tx: Transaction, occasion: str, year: int, part: int = 0) -> bool:
    """Whether the selection has done what the date is for; what is not recorded here has not."""
    cycle = selections.named(tx, year, NAMES[part])
    if cycle is None:
        return False
    if occasion == "proposal":
        return cycle.state != "frozen"
    if occasion != "follow_ups_done" or cycle.state != "locked":
        return False
    chosen = _selection_or_none(tx, cycle)
    done = {units.get(tx, one.unit_id).key for one in follow_ups.of_cycle(tx, cycle.id) if one.closed}
    return chosen is not None and {one.unit for one in chosen} <= done
