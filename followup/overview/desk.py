"""What waits for a person (att göra): by when each thing is to be done, and in what order it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, Literal, TypeVar

DeskSort = Literal["alert", "decision", "signal", "follow_up", "action", "report", "clock"]
About_co = TypeVar("About_co", covariant=True)


@dataclass(frozen=True)
class DeskThing(Generic[About_co]):
    """One thing to do; `day` is the last day for it, None where it has none, and `about` what her own view gives of it.

    `owner` is who has it, None where nobody has; `hers` is also what only she, among others, can do next.
    """

    sort: DeskSort
    about: About_co
    day: date | None
    late: bool
    hers: bool
    owner: str | None = None

    @property
    def own(self) -> bool:
        """Whether it waits for her: what nobody has waits for each of them."""
        return self.hers or self.owner is None


def in_order(items: Iterable[DeskThing[About_co]]) -> list[DeskThing[About_co]]:
    """The oldest last day first; of what has none, what is late before all, and the rest after all."""
    return sorted(items, key=lambda one: (one.day is None and not one.late, one.day or date.min))
