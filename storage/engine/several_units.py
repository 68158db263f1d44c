"""Units that one statement reads of: those whose ids lie between two, so that an index is walked once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, bindparam

from followup import UnitId

_Of = TypeVar("_Of")


def among_units(of: ColumnElement[int]) -> ColumnElement[bool]:
    return of.between(bindparam("first_unit"), bindparam("last_unit"))


@dataclass(frozen=True)
class Units:
    """At least one, in the order of their ids."""

    ids: Sequence[UnitId]

    @property
    def bounds(self) -> Mapping[str, object]:
        return {"first_unit": self.ids[0], "last_unit": self.ids[-1]}

    def each(self, found: Iterable[tuple[UnitId, _Of]]) -> Mapping[UnitId, list[_Of]]:
        """By unit what was found of it, and nothing of those that lie between them."""
        of: dict[UnitId, list[_Of]] = {one: [] for one in self.ids}
        for unit_id, one in found:
            if unit_id in of:
                of[unit_id].append(one)
        return of
