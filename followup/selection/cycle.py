"""A selection of a year on its way: frozen, drawn and locked, each once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from followup import CycleId, PersonId
from followup.wording.wording import Wording, wording

YEARLY = "yearly"
# By the part of the year that it is of: the whole, or a half.
NAMES = (YEARLY, "half-1", "half-2")
State = Literal["frozen", "drawn", "locked"]


@dataclass(frozen=True)
class Cycle:
    """`frame` is the canonical text whose SHA-256 was published when it was frozen."""

    id: CycleId
    year: int
    name: str
    frame: str
    frame_hash: str
    public_value_name: str
    frozen_at: datetime
    frozen_by: PersonId
    public_value: str | None
    drawn_at: datetime | None
    drawn_by: PersonId | None
    locked_at: datetime | None
    locked_by: PersonId | None

    @property
    def is_ordinary(self) -> bool:
        """The year's or a half-year's own, and no extra one."""
        return self.name in NAMES

    @property
    def frame_bytes(self) -> bytes:
        """The frame's file, nothing added to the canonical text, so that its sha256sum is the published hash."""
        return self.frame.encode()

    @property
    def state(self) -> State:
        if self.drawn_at is None:
            return "frozen"
        return "drawn" if self.locked_at is None else "locked"


def part_of(name: str) -> int:
    """Of the year: 0 for the whole of it, and for an extra selection, which is of no half."""
    return NAMES.index(name) if name in NAMES else 0


def period_name(year: int, name: str) -> Wording | int:
    """The year, or the half of it that an ordinary selection is of."""
    half = part_of(name)
    return wording(f"selection.period.{half}", year=year) if half else year


def names_before(year: int, name: str) -> tuple[tuple[int, str], ...]:
    """What it is compared with, by year and name, the first that there is: also where the cycle has been changed."""
    if name == NAMES[2]:
        return (year, NAMES[1]), (year, YEARLY)
    return (year - 1, NAMES[2]), (year - 1, YEARLY)


def name_problem(name: str, parts: tuple[int, ...]) -> Wording | None:
    """Why a selection of the name is not frozen where the year has these parts; None where it is."""
    if name in NAMES and part_of(name) not in parts:
        return wording("selection.refused.not_halves" if 0 in parts else "selection.refused.halves")
    return None


class SelectionRefusedError(Exception):
    """Nothing was changed; `problems` says all that is wrong and what to do."""

    def __init__(self, problems: list[Wording]) -> None:
        super().__init__(", ".join(problem.id for problem in problems))
        self.problems = problems
