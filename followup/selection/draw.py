"""A draw by tickets: the lowest SHA-256 wins, so that anybody can repeat it and nobody can steer it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Literal

from followup.selection.selection_frame import FrameRow, Lots

DrawName = Literal["general", "risk"]
DRAWS: tuple[DrawName, ...] = ("general", "risk")
RESERVES = 3


@dataclass(frozen=True)
class Ticket:
    """A unit's lots in a draw; `rank` comes before the lowest of them, and `chance` is that of being drawn."""

    unit: str
    rank: int
    lots: tuple[str, ...]
    chance: Fraction

    @property
    def lowest(self) -> str:
        return min(self.lots)

    @property
    def order(self) -> tuple[int, str, str]:
        return self.rank, self.lowest, self.unit


@dataclass(frozen=True)
class Draw:
    """`tickets` in the order they were drawn, all of them; `lifted` are those whose exclusion was lifted."""

    name: DrawName
    wanted: int
    tickets: tuple[Ticket, ...]
    lifted: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def drawn(self) -> tuple[str, ...]:
        return tuple(ticket.unit for ticket in self.tickets[: self.wanted])

    @property
    def reserves(self) -> tuple[str, ...]:
        return tuple(ticket.unit for ticket in self.tickets[self.wanted : self.wanted + RESERVES])

    def outcome(self, unit: str) -> Literal["drawn", "reserve", "not"]:
        if unit in self.drawn:
            return "drawn"
        return "reserve" if unit in self.reserves else "not"


def seed_of(frame_hash: str, public_value: str) -> str:
    return f"{frame_hash}|{public_value}"


def lot(seed: str, draw: str, unit: str, number: int) -> str:
    """One lot in hex; the same unit has the same lots whoever else takes part."""
    return sha256(f"{seed}|{draw}|{unit}|{number}".encode()).hexdigest()


def tickets_of(
    rows: Iterable[FrameRow], name: DrawName, wanted: int, seed: str, lots: Lots
) -> tuple[Ticket, ...]:
    """Every unit's ticket, the next one to be drawn first: in the general draw longest since followed up."""
    counts = {row.id: row.placements if lots == "placements" else 1 for row in rows}
    ranks = {row.id: (row.last or 0) if name == "general" else 0 for row in rows}
    chances = _chances(counts, ranks, wanted)
    tickets = [
        Ticket(unit, ranks[unit], tuple(lot(seed, name, unit, k + 1) for k in range(count)), chances[unit])
        for unit, count in counts.items()
    ]
    return tuple(sorted(tickets, key=lambda ticket: ticket.order))


def _chances(counts: Mapping[str, int], ranks: Mapping[str, int], wanted: int) -> Mapping[str, Fraction]:
    """Those that come first by rank are drawn among themselves, and what is left goes to the next rank."""
    chances: dict[str, Fraction] = {}
    left = wanted
    for rank in sorted(set(ranks.values())):
        units = [unit for unit in counts if ranks[unit] == rank]
        of_rank = among([counts[unit] for unit in units], left)
        chances.update(zip(units, of_rank, strict=True))
        left = max(0, left - len(units))
    return chances


def among(lots: Sequence[int], wanted: int) -> list[Fraction]:
    """The chance of each to be one of the `wanted`, at most two, that are drawn first."""
    whole = sum(lots)
    if wanted >= len(lots):
        return [Fraction(1)] * len(lots)
    if wanted == 0:
        return [Fraction(0)] * len(lots)
    if wanted == 1:
        return [Fraction(own, whole) for own in lots]
    if wanted > 2:
        raise ValueError(wanted)
    # Second after any other one: own/whole times the sum over the others of other/(whole - other).
    after = [Fraction(other, whole - other) for other in lots]
    before = sum(after, Fraction(0))
    return [Fraction(own, whole) * (1 + before - after[place]) for place, own in enumerate(lots)]
