"""How much of what is due one transaction does, what it has done of it, and where the next goes on."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from storage.times.job_looks import Place

# Rows written, messages counted as such, in one transaction: a hand-in that waits for it is not noticed. With fewer
# than the least, what each piece begins and ends with would be the most of it.
PIECE, LEAST_PIECE = 250, 60
# Seconds that a piece is to take: half of what nobody may wait longer than, since the next may be of a dearer kind.
AIM = 0.025
# What is read counts too: one person's tasks, and so many of a round's tasks or placements, as rows written.
LOOKING_AT_ONE, LOOKED_AT, LOOKING = 10, 100, 40


@dataclass(frozen=True)
class PieceDone:
    """`rows` is how much of the piece it took: where it took all that was left of it, more may be due.

    `place` is where a job that goes through many things goes on; None when it is through, or begins anew each time.
    """

    queued: int = 0
    rows: int = 0
    place: Place | None = None

    def __add__(self, other: "PieceDone") -> "PieceDone":
        """Where it goes on is the later one's."""
        return PieceDone(self.queued + other.queued, self.rows + other.rows, other.place)


def next_size(size: int, seconds: float) -> int:
    """How many rows a piece may take after one of the size took so long: the slower the machine, the fewer."""
    wanted = 2 * size if seconds <= AIM / 2 else int(size * AIM / seconds)
    return max(LEAST_PIECE, min(PIECE, wanted))


@dataclass
class PieceSize:
    """Sizes each piece by how long the one before it took: what is due is the same, however it is cut."""

    # The first of them is also the first to ask the database some things.
    rows: int = PIECE // 4
    passed: Callable[[], float] = monotonic

    def took(self, seconds: float) -> None:
        """What a piece of this size took, which had as much to do as it may."""
        self.rows = next_size(self.rows, seconds)
