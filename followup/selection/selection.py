"""The proposal of a selection (urval): criteria, risk and spot checks, every reason kept, repeatable by anybody."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from followup.selection.draw import DRAWS, Draw, DrawName, seed_of, tickets_of
from followup.selection.selection_frame import Frame, FrameRow, frame_hash
from followup.wording.wording import Wording, wording

Reason = Literal[
    "largest_share",
    "age0_15",
    "needs",
    "red",
    "yellow",
    "risk_insufficient",
    "spot_general",
    "spot_risk",
    "added",
]
# Each spot check belongs to one track (R82, R83); what a person adds belongs to none.
TRACKS: Mapping[str, tuple[Reason, ...]] = {
    "criteria": ("largest_share", "age0_15", "needs", "spot_general"),
    "risk": ("red", "yellow", "risk_insufficient", "spot_risk"),
}
REASONS: tuple[Reason, ...] = (*TRACKS["criteria"], *TRACKS["risk"], "added")
_SPOT: Mapping[DrawName, Reason] = {"general": "spot_general", "risk": "spot_risk"}
MAJORITY = Fraction(1, 2)


@dataclass(frozen=True)
class Chosen:
    """A selected unit with every reason that picked it."""

    unit: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Coverage:
    """Placements of the selected units, of all placements in the frame."""

    covered: int
    total: int

    @property
    def share(self) -> Fraction:
        return Fraction(self.covered, self.total) if self.total else Fraction(0)

    @property
    def enough(self) -> bool:
        """More than half: "huvuddelen" (R84)."""
        return self.share > MAJORITY


@dataclass(frozen=True)
class Proposal:
    """What a frame and a public value give, always the same; units in the order they were picked."""

    frame_hash: str
    public_value: str
    units: tuple[Chosen, ...]
    draws: tuple[Draw, ...]
    coverage: Coverage
    notes: tuple[Wording, ...]

    @property
    def seed(self) -> str:
        return seed_of(self.frame_hash, self.public_value)

    @property
    def chosen(self) -> tuple[str, ...]:
        return tuple(one.unit for one in self.units)

    def reasons(self, unit: str) -> tuple[Reason, ...]:
        return next((one.reasons for one in self.units if one.unit == unit), ())


def propose(frame: Frame, public_value: str) -> Proposal:
    """Criteria, then risk, then the two draws among what is left (risk-and-selection.md, Selection 2-4)."""
    reasons: dict[str, list[Reason]] = {}
    criteria, published = tuple(_criteria(frame)), frame_hash(frame)
    for unit, reason in (*criteria, *_risk(frame, {unit for unit, _ in criteria})):
        reasons.setdefault(unit, []).append(reason)
    seed = seed_of(published, public_value)
    draws = []
    for name in DRAWS:
        made = _draw(frame, name, [row for row in frame.rows if row.id not in reasons], seed)
        reasons.update((unit, [_SPOT[name]]) for unit in made.drawn)
        draws.append(made)
    units = tuple(Chosen(unit, tuple(why)) for unit, why in reasons.items())
    covered = coverage(frame, reasons)
    notes = tuple(_notes(frame, draws, covered))
    return Proposal(published, public_value, units, tuple(draws), covered, notes)


def _criteria(frame: Frame) -> Iterator[tuple[str, Reason]]:
    """The largest units, younger children, greater needs."""
    by_size = sorted(frame.rows, key=lambda row: row.by_size)
    yield from ((row.id, "largest_share") for row in _largest(frame, by_size))
    yield from ((row.id, "age0_15") for row in by_size if row.age0_15)
    yield from ((row.id, "needs") for row in by_size if row.needs)


def _largest(frame: Frame, by_size: Sequence[FrameRow]) -> Iterator[FrameRow]:
    """Until the share of the placements is reached, unless it is so many or those of a certain size."""
    how, _, number = frame.parameters.largest.partition(":")
    if how == "top":
        yield from by_size[: int(number)]
    elif how == "share":
        least = ceil(Fraction(number) * frame.placements)
        yield from (row for row in by_size if row.placements >= least)
    else:
        before, enough = 0, ceil(Fraction(frame.parameters.share) * frame.placements)
        for row in by_size:
            if before < enough:
                yield row
            before += row.placements


def _risk(frame: Frame, criteria: Set[str]) -> Iterator[tuple[str, Reason]]:
    """All red; yellow ones in the places that the reds outside the criteria leave. Those in both take no place.

    In what is left then, units with too little evidence, the largest first: that nobody has reported is no reason not
    to look.
    """
    by_risk = sorted(frame.rows, key=lambda row: row.by_risk)
    red, yellow = ([row.id for row in by_risk if row.band == band] for band in ("red", "yellow"))
    places = max(0, frame.parameters.n_risk - len(set(red) - criteria))
    outside = [unit for unit in yellow if unit not in criteria][:places]
    taken = criteria | set(outside)
    yield from ((unit, "red") for unit in red)
    yield from ((unit, "yellow") for unit in yellow if unit in taken)
    thin = [row for row in frame.rows if row.band == "insufficient" and row.id not in criteria]
    by_size = sorted(thin, key=lambda row: row.by_size)
    yield from ((row.id, "risk_insufficient") for row in by_size[: places - len(outside)])


def _draw(frame: Frame, name: DrawName, pool: Sequence[FrameRow], seed: str) -> Draw:
    """The general draw leaves out what was followed up lately, unless too few are left then."""
    parameters = frame.parameters
    wanted = parameters.n_spot_general if name == "general" else parameters.n_spot_risk
    recent = [row.id for row in pool if name == "general" and _is_recent(row, frame)]
    lifted = recent if len(pool) - len(recent) < wanted else []
    excluded = [] if lifted else recent
    left_out = set(excluded)
    candidates = [row for row in pool if row.id not in left_out]
    tickets = tickets_of(candidates, name, wanted, seed, parameters.lots)
    return Draw(name, wanted, tickets, tuple(lifted), tuple(excluded))


def _is_recent(row: FrameRow, frame: Frame) -> bool:
    return row.last is not None and frame.year - row.last <= frame.parameters.exclude_years


def coverage(frame: Frame, units: Iterable[str]) -> Coverage:
    chosen = set(units)
    return Coverage(sum(row.placements for row in frame.rows if row.id in chosen), frame.placements)


def _notes(frame: Frame, draws: Iterable[Draw], covered: Coverage) -> Iterator[Wording]:
    if not frame.rows:
        yield wording("selection.note.empty_frame")
        return
    for draw in draws:
        yield from _draw_notes(draw)
    yield from coverage_note(covered)


def coverage_note(covered: Coverage) -> Iterator[Wording]:
    if not covered.enough:
        yield wording("selection.note.coverage", covered=covered.covered, total=covered.total)


def coverage_sentence(covered: Coverage) -> Wording:
    """In whole percent, halves up."""
    percent = floor(100 * covered.share + Fraction(1, 2))
    return wording("selection.covers", covered=covered.covered, total=covered.total, percent=percent)


def _draw_notes(draw: Draw) -> Iterator[Wording]:
    name = wording(f"selection.draw.{draw.name}")
    if not draw.wanted:
        yield wording("selection.note.no_draw", draw=name)
    elif not draw.tickets:
        yield wording("selection.note.all_selected", draw=name)
    elif len(draw.drawn) < draw.wanted:
        yield wording("selection.note.fewer", draw=name, n=len(draw.drawn), wanted=draw.wanted)
    if draw.lifted:
        yield wording("selection.note.lifted", draw=name, units=", ".join(draw.lifted))
