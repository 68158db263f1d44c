"""How much of what is due one transaction does, and what it has done of it."""

from dataclasses import dataclass

# Rows written, messages counted as such, in one transaction: a hand-in that waits for it is not noticed.
PIECE = 500


@dataclass(frozen=True)
class PieceDone:
    """`rows` is how much of the piece it took: where it took all that was left of it, more may be due."""

    queued: int = 0
    rows: int = 0

    def __add__(self, other: "PieceDone") -> "PieceDone":
        return PieceDone(self.queued + other.queued, self.rows + other.rows)
