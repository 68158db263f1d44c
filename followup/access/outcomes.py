"""How placements at a unit ended, told in words of at least three children, so that nobody can tell of which child.

The children whose ends have been told of are taken in groups, each told once and by itself and never changed: what is
told of one group says nothing of another, and the difference between two days is a whole group. A word stands for
several numbers, and is told to nobody for whom it would leave only one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from followup import PlacementId
from followup.wording.secrecy import FEW

Share = Literal["most", "half", "few"]
SHARES: tuple[Share, ...] = get_args(Share)
# What is told of each end, and the answers that mean it.
TOLD: Mapping[str, tuple[str, frozenset[str]]] = {
    "goals": ("goals_met", frozenset({"reached", "largely"})),
    "view": ("child_view", frozenset({"good"})),
    "again": ("again", frozenset({"yes"})),
}
# The first day of each half-year: what has been told by then makes up a group.
_TURNS = ((1, 1), (7, 1))


@dataclass(frozen=True)
class PlacementEnd:
    """How one placement ended; `child` only tells children apart."""

    placement_id: PlacementId
    child: str
    answers: Mapping[str, str]

    def is_so(self, what: str) -> bool:
        question, answers = TOLD[what]
        return self.answers.get(question) in answers


@dataclass(frozen=True)
class OutcomeGroup:
    """Ends that are told of as one: how many children, and of how many of them each is so."""

    children: int
    so: Mapping[str, int]


def last_turn(today: date) -> date:
    turns = [date(year, *turn) for year in (today.year - 1, today.year) for turn in _TURNS]
    return max(turn for turn in turns if turn <= today)


def grouped(ends: Sequence[PlacementEnd]) -> OutcomeGroup | None:
    """None while there are too few children; of one who left twice the last end counts."""
    of_child = {end.child: end for end in sorted(ends, key=lambda one: one.placement_id)}
    if len(of_child) < FEW:
        return None
    return OutcomeGroup(
        len(of_child), {what: sum(end.is_so(what) for end in of_child.values()) for what in TOLD}
    )


def share(part: int, whole: int) -> Share:
    """Two thirds or more, a third or less, or between."""
    if 3 * part >= 2 * whole:
        return "most"
    return "few" if 3 * part <= whole else "half"


def told_to(group: OutcomeGroup, own: Collection[PlacementEnd]) -> Mapping[str, Share] | None:
    """What is told to one who knows of her `own` of them; None where a word could tell her of another's child.

    That turns on nothing that she does not know, so that what is not told tells nothing either.
    """
    of_child = {end.child: end for end in sorted(own, key=lambda one: one.placement_id)}
    others = group.children - len(of_child)
    known = (sum(end.is_so(what) for end in of_child.values()) for what in TOLD)
    if others < FEW or not all(_leaves_open(group.children, others, one) for one in known):
        return None
    return {what: share(group.so[what], group.children) for what in TOLD}


def _leaves_open(children: int, others: int, known: int) -> bool:
    """Whether each word that could be told leaves it open, of every other child, whether it is so."""
    for word in SHARES:
        possible = [so for so in range(others + 1) if share(known + so, children) == word]
        if possible and (max(possible) == 0 or min(possible) == others):
            return False
    return True
