"""What is left of the open rounds for a manager: by worker and by count, and what of it can be given to another."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from followup import PersonId, PlacementId, RoundId
from followup.access.access import DataKind
from followup.messages.month import Nudge
from followup.month.rounds import Round
from followup.people import Person
from followup.placement import Placement
from followup.times.calendar import municipal_day, working_moment
from services.acting import Acting
from services.own_people import OwnPeople
from services.risk.scoring import read_as_of
from storage.messages import outbox
from storage.month import awaiting, rounds
from storage.month.awaiting import Awaiting
from storage.register import placements, units

NOBODY, EVERYWHERE = "nobody", "all"


@dataclass(frozen=True)
class Owing:
    """A worker, how many reports she has left, and whether she has been reminded of them today."""

    person: Person
    number: int
    reminded: bool


@dataclass(frozen=True)
class Missing:
    """By worker, those with most left first; and the unit of each placement that nobody answers for.

    `of_nobody` is how many reports those placements lack: of two months that is two each.
    """

    owing: Sequence[Owing]
    ownerless: Sequence[str]
    of_nobody: int

    def __bool__(self) -> bool:
        return bool(self.owing or self.ownerless)

    @property
    def number(self) -> int:
        return sum(one.number for one in self.owing) + self.of_nobody


def asked_in(acting: Acting, round_id: RoundId) -> Round:
    return rounds.get(acting.tx, round_id)


def missing_in(acting: Acting, asked: Sequence[Round]) -> Missing:
    """Names and counts, no child; what shows them is logged by the caller."""
    own = OwnPeople(acting, DataKind.MISSING)
    left, reminded = _left(acting, own, asked), _reminded(acting)
    owing = [
        Owing(own.everyone[person_id], number, person_id in reminded)
        for person_id, number in _counted(left).most_common()
    ]
    nobodys = [one.task.placement for one in left if one.person_id is None]
    places = {one.id: one.unit_name for one in nobodys}
    return Missing(owing, list(places.values()), len(nobodys))


def thin_units(acting: Acting, asked: Sequence[Round]) -> list[str]:
    """The names of the units, of what her own people have left, about which too little is known."""
    left = _left(acting, OwnPeople(acting, DataKind.MISSING), asked)
    concerned = [
        units.get(acting.tx, unit_id) for unit_id in sorted({one.task.placement.unit_id for one in left})
    ]
    thin = [
        one.name
        for one in concerned
        if one.segment and not read_as_of(acting.tx, one, acting.today, acting.now).judgement.enough
    ]
    return sorted(thin)


def _left(acting: Acting, own: OwnPeople, asked: Sequence[Round]) -> list[Awaiting]:
    return own.left(awaiting.unanswered(acting.tx, list(asked), acting.now))


def _counted(left: Sequence[Awaiting]) -> Counter[PersonId]:
    return Counter(one.person_id for one in left if one.person_id is not None)


def reminder_day(acting: Acting) -> date:
    """The day that a reminder decided now is read: an evening's is the next morning's."""
    return municipal_day(working_moment(acting.now))


def _reminded(acting: Acting) -> set[PersonId]:
    keys = outbox.keys_starting(acting.tx, Nudge.keys_of(reminder_day(acting)))
    return {PersonId(int(key.rpartition(":")[2])) for key in keys}


@dataclass(frozen=True)
class Givable:
    """What can be given away, by placement, and by whom: the one whose it is, and not one who stands in for her."""

    placements: Mapping[PlacementId, tuple[str, Placement]]
    givers: Sequence[Person]
    takers: Sequence[Person]

    def of(self, giver: str, unit: str) -> list[Placement]:
        """A person's number or nobody, and a unit's number or everywhere."""
        return [
            placement
            for holder, placement in self.placements.values()
            if holder == giver and unit in (EVERYWHERE, str(placement.unit_id))
        ]

    @property
    def units(self) -> list[tuple[str, str]]:
        """Name and number, by name."""
        found = {placement.unit_name: str(placement.unit_id) for _, placement in self.placements.values()}
        return sorted(found.items())


def givable(acting: Acting) -> Givable:
    """What is left of the open rounds, and whatever nobody answers for; the cards tell of the units alone."""
    own = OwnPeople(acting, DataKind.MISSING)
    left = _left(acting, own, rounds.asking_rounds(acting.tx, acting.now))
    held = {
        one.task.placement.id: (NOBODY if one.person_id is None else str(one.person_id), one.task.placement)
        for one in left
        if one.person_id in (None, one.task.placement.owner_id)
    }
    if own.has(None):
        held |= {one.id: (NOBODY, one) for one in placements.nobodys(acting.tx, acting.today)}
    holders = {holder for holder, _ in held.values()} - {NOBODY}
    givers = sorted((own.everyone[PersonId(int(one))] for one in holders), key=lambda one: one.name)
    return Givable(held, givers, own.workers())
