"""How much of what is due one transaction does, what it has done of it, and where the next goes on."""

from dataclasses import dataclass

from storage.times.job_looks import Place

# Rows written, messages counted as such, in one transaction: a hand-in that waits for it is not noticed.
PIECE = 500
# What is read counts too: one person's tasks, and so many of a round's tasks or placements, as rows written.
LOOKING_AT_ONE, LOOKED_AT, LOOKING = 10, 500, 150


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
