"""A selection of a year on its way: frozen, drawn and locked, each once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from followup.wording.wording import Wording

YEARLY = "yearly"
State = Literal["frozen", "drawn", "locked"]


@dataclass(frozen=True)
class Cycle:
    """`frame` is the canonical text whose SHA-256 was published when it was frozen."""

    id: int
    year: int
    name: str
    frame: str
    frame_hash: str
    public_value_name: str
    frozen_at: datetime
    frozen_by: int
    public_value: str | None
    drawn_at: datetime | None
    drawn_by: int | None
    locked_at: datetime | None
    locked_by: int | None

    @property
    def is_yearly(self) -> bool:
        return self.name == YEARLY

    @property
    def frame_bytes(self) -> bytes:
        """The frame's file, nothing added to the canonical text, so that its sha256sum is the published hash."""
        return self.frame.encode()

    @property
    def state(self) -> State:
        if self.drawn_at is None:
            return "frozen"
        return "drawn" if self.locked_at is None else "locked"


class SelectionRefusedError(Exception):
    """Nothing was changed; `problems` says all that is wrong and what to do."""

    def __init__(self, problems: list[Wording]) -> None:
        super().__init__(", ".join(problem.id for problem in problems))
        self.problems = problems
