"""What each sentence claims: by its id in the catalogue, a check against what plain SQL finds at the same moment."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import Protocol

from tests.support.heard import Heard, heard
from tests.support.told import Told

CLAIMS: dict[str, list["Claim"]] = {}


class Claim(Protocol):
    __name__: str

    def __call__(self, told: Told, said: Heard) -> bool: ...


def claims(*ids: str) -> Callable[[Claim], Claim]:
    """The check of what the texts claim."""

    def keep(check: Claim) -> Claim:
        for one in ids:
            CLAIMS.setdefault(one, []).append(check)
        return check

    return keep


def broken(
    told: Told, tally: "Counter[str]", ids: Collection[str] | None = None
) -> Iterator[tuple[Heard, str]]:
    """Each claim that does not hold, or of the texts with the ids; `tally` counts those that were heard."""
    for said in heard(told.lines, CLAIMS if ids is None else ids):
        tally[said.id] += 1
        for check in CLAIMS[said.id]:
            if not check(told, said):
                yield said, check.__name__.replace("_", " ").strip()
