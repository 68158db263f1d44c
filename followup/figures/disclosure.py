"""Whether sums that are published together leave every small unit at least three values: an exact check.

A cell is the units that are alike in all that is published. What a reader knows of its placements, reports due and
reports in are whole numbers under linear conditions; mixed-integer programming says how low and how high they can be.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, Any

# The solver takes longer to import than the rest of the bot, and only who publishes a year needs it.
if TYPE_CHECKING:
    from scipy.optimize import Bounds, LinearConstraint

# A unit has at most one report due a month; three values lie two apart.
MONTHS, SPREAD = 12, 2
SECONDS, DIRECTIONS = 10, 6
MEASURES = range(3)
# Its multiples lie scattered between the whole numbers.
_GOLDEN = (1 + 5**0.5) / 2


@dataclass(frozen=True)
class Cell:
    """Units alike: how many are listed, whether one of them is small, and their true sums (placements, due, in)."""

    listed: int
    small: bool
    sums: tuple[int, int, int]


@dataclass(frozen=True)
class Known:
    """What is published of some cells together: their sums, or of the placements only, or only the latter's limits."""

    cells: Sequence[int]
    placements_only: bool = False
    limits: tuple[int, float] | None = None


class UnsolvedError(Exception):
    """The solver gave no answer, or none in time."""


class OutOfTimeError(Exception):
    """The time for all searches together is over, so that it is not known what may be published."""


# How many seconds are left for all searches together.
Left = Callable[[], float]


def unhurried() -> float:
    return inf


@dataclass
class PublicReader:
    """Who reads all that is published, and has found that each number can be as low and as high as this so far."""

    cells: Sequence[Cell]
    known: Sequence[Known]
    left: Left = unhurried

    def __post_init__(self) -> None:
        self.low = [float(cell.sums[measure]) for measure in MEASURES for cell in self.cells]
        self.high = list(self.low)

    def place(self, measure: int, cell: int) -> int:
        return measure * len(self.cells) + cell

    @cached_property
    def conditions(self) -> "LinearConstraint":
        from scipy.optimize import LinearConstraint
        from scipy.sparse import coo_array

        rows: list[tuple[dict[int, int], float, float]] = []
        for one in self.known:
            for measure in MEASURES[:1] if one.limits or one.placements_only else MEASURES:
                total = sum(self.cells[cell].sums[measure] for cell in one.cells)
                terms = {self.place(measure, cell): 1 for cell in one.cells}
                rows.append((terms, *(one.limits or (total, total))))
        for cell in range(len(self.cells)):
            stays, due, came = (self.place(measure, cell) for measure in MEASURES)
            rows += [({due: 1, stays: -MONTHS}, -inf, 0), ({came: 1, due: -1}, -inf, 0)]
        entries = [
            (row, place, factor) for row, (terms, *_) in enumerate(rows) for place, factor in terms.items()
        ]
        at, places, factors = zip(*entries, strict=True)
        matrix = coo_array((factors, (at, places)), shape=(len(rows), len(self.low))).tocsr()
        return LinearConstraint(matrix, [least for _, least, _ in rows], [most for *_, most in rows])

    @cached_property
    def floors(self) -> "Bounds":
        from scipy.optimize import Bounds

        least = [float(cell.listed) for cell in self.cells] + [0.0] * 2 * len(self.cells)
        return Bounds(least, [inf] * len(least))

    def look(self, weights: dict[int, float]) -> None:
        """Finds the numbers that make the weighed sum as small as it can be."""
        from scipy.optimize import milp

        seconds = min(SECONDS, self.left())
        if seconds <= 0:
            raise OutOfTimeError
        direction = [weights.get(place, 0.0) for place in range(len(self.low))]
        found: Any = milp(
            direction,
            integrality=[1] * len(direction),
            bounds=self.floors,
            constraints=self.conditions,
            options={"time_limit": seconds},
        )
        if found.status != 0 and self.left() <= 0:
            raise OutOfTimeError
        if found.status != 0:
            raise UnsolvedError(found.message)
        numbers = [float(round(one)) for one in found.x]
        self.low = [min(pair) for pair in zip(self.low, numbers, strict=True)]
        self.high = [max(pair) for pair in zip(self.high, numbers, strict=True)]

    def is_left(self, measure: int, cell: int) -> bool:
        """Whether a unit's number takes at least three values; of several, one may have what the others do not need."""
        listed, place = self.cells[cell].listed, self.place(measure, cell)
        if listed == 1:
            return self.high[place] - self.low[place] >= SPREAD
        return self.high[place] - (0 if measure else listed) >= SPREAD


def keeps_small_units(cells: Sequence[Cell], known: Sequence[Known], left: Left = unhurried) -> bool:
    """False also where the solver fails, finds nothing, or takes too long; raises OutOfTimeError."""
    reader = PublicReader(cells, known, left)
    counted = [measure for measure in MEASURES if any(cell.sums[measure] for cell in cells)]
    small = [(measure, place) for measure in counted for place, cell in enumerate(cells) if cell.small]
    try:
        _look_around(reader, small)
        return all(_can_be_left(reader, *one) for one in small)
    except UnsolvedError:
        return False


def _look_around(reader: PublicReader, small: Sequence[tuple[int, int]]) -> None:
    """A few scattered directions move most numbers, so that few need a search of their own."""
    for turn in range(1, DIRECTIONS + 1):
        still = [reader.place(*one) for one in small if not reader.is_left(*one)]
        weights = {place: turn * (place + 1) * _GOLDEN % 1 - 0.5 for place in still}
        if weights:
            reader.look(weights)
            reader.look({place: -weight for place, weight in weights.items()})


def _can_be_left(reader: PublicReader, measure: int, cell: int) -> bool:
    for sign in (-1, 1):
        if not reader.is_left(measure, cell):
            reader.look({reader.place(measure, cell): sign})
    return reader.is_left(measure, cell)
