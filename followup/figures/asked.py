"""Figures that are asked for in chat: the report's own counting over other days, and which rows of them may be told."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

from followup import UnitId
from followup.figures.counting import came, grouped, in_order
from followup.figures.signals import COUNTED, weighs
from followup.figures.year_facts import Asked
from followup.provider import Unit
from followup.signals.signal import Signal

What = Literal[
    "deviation", "complaint", "remark", "replacement", "signals", "visits", "response", "placements"
]
WHATS: tuple[What, ...] = get_args(What)
By = Literal["", "unit", "provider"]
BYS: tuple[By, ...] = get_args(By)
# A count, or a part of a whole; None where there was nothing to count.
Count = int | tuple[int, int] | None
# What is not told apart stands for at least so many; else the sum alone is told (docs/small-units.md).
REST_PROVIDERS, REST_CHILDREN = 2, 5
_HOLDS: Mapping[str, Callable[[Signal], bool]] = {**dict(COUNTED), "signals": weighs}
T = TypeVar("T")


@dataclass(frozen=True)
class ToldRow:
    """`beside` is the same of the days that it is compared with."""

    name: str
    count: Count
    beside: Count


@dataclass(frozen=True)
class ToldTable:
    """The units of each row by its name, and those that are told as one."""

    rows: Mapping[str, tuple[UnitId, ...]]
    rest: tuple[UnitId, ...]


def number_of(signals: Iterable[Signal], what: What) -> int:
    """As in the report's table by kind: what gives no unit any points is not among them."""
    return sum(_HOLDS[what](one) for one in signals)


def share_of(asked: Sequence[Asked]) -> Count:
    """Of those that were due, as in the report."""
    return came(asked)


def at(units: Collection[UnitId], of_unit: Mapping[UnitId, Sequence[T]]) -> list[T]:
    return [one for unit_id in units for one in of_unit.get(unit_id, ())]


def groups(
    units: Sequence[Unit], by: By, small: Set[UnitId], spans: Sequence[Mapping[UnitId, Set[str]]]
) -> ToldTable | None:
    """Rows by name in which no unit is small, and all others as one; None where those are too few to be told so.

    `spans` are the children at each unit in each of the times that are told of: the others are enough in all of them.

    The sum is told all the same, so that what is left of it is what the others are.
    """
    named = grouped(units, lambda one: one.name if by == "unit" else one.provider_name)
    apart = {name for name, own in named.items() if not any(one.id in small for one in own)}
    rest = [one for one in units if (one.name if by == "unit" else one.provider_name) not in apart]
    if rest and not all(_are_enough(rest, children) for children in spans):
        return None
    rows = {name: tuple(one.id for one in named[name]) for name in sorted(apart, key=in_order)}
    return ToldTable(rows, tuple(one.id for one in rest))


def _are_enough(rest: Sequence[Unit], children: Mapping[UnitId, Set[str]]) -> bool:
    behind = set[str]().union(*(children.get(one.id, frozenset()) for one in rest))
    placing = {one.provider_id for one in rest if children.get(one.id)}
    return len(placing) >= REST_PROVIDERS and len(behind) >= REST_CHILDREN
