"""In which order a transaction takes what is decided about by one at a time: so nobody waits for who waits for him."""

import warnings
from collections.abc import Iterable
from typing import Literal, get_args

# Each is taken before those after it, and of one kind the lower before the higher; docs/postgresql.md says of what.
Lock = Literal[
    "press",
    "wake",
    "task",
    "person",
    "selection",
    "named",
    "follow_up",
    "action",
    "unit",
    "turn",
    "card",
    "pace",
    "left",
    "log",
]
_RANK = {name: rank for rank, name in enumerate(get_args(Lock))}
# Which one of the kind it is: a row by its number, what has no row by its name.
Held = tuple[Lock, int | str]


class LockOrderWarning(RuntimeWarning):
    """Two transactions may wait for each other; the server would undo one of them, which is then begun again."""


def out_of_order(held: Iterable[Held]) -> list[tuple[Held, Held]]:
    """Of what was held, as it was taken: each that should have come before another, with that one."""
    found, last = [], None
    for one in held:
        if last is not None and place(one) < place(last):
            found.append((one, last))
        else:
            last = one
    return found


def warn_of_disorder(held: Iterable[Held]) -> None:
    """Nothing is undone for it: it is the program that is to be mended, and the server that sees to the rest."""
    for one, before in out_of_order(held):
        warnings.warn(f"{one} was taken after {before}", LockOrderWarning, stacklevel=2)


def place(one: Held) -> tuple[int, int | str]:
    """By which they are sorted into their order."""
    return _RANK[one[0]], one[1]
