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
from storage.messages import ledger
from storage.month import awaiting, rounds
from storage.month.awaiting import Awaiting
from storage.overview import response_rates
from storage.overview.response_rates import OwnedAnswers
from storage.register import placements
from storage.risk import standings

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
    counted, reminded = _left(acting, own, asked), _reminded(acting)
    numbers = Counter[PersonId]()
    for one in counted:
        if one.person_id is not None:
            numbers[one.person_id] += one.left
    who = own.named(numbers)
    ordered = sorted(numbers.items(), key=lambda pair: (-pair[1], who[pair[0]].name))
    owing = [Owing(who[person_id], number, person_id in reminded) for person_id, number in ordered]
    nobodys = _tasks_left(acting, [one for one in counted if one.person_id is None], asked)
    places = {one.task.placement.id: one.task.placement.unit_name for one in nobodys if one.person_id is None}
    return Missing(owing, list(places.values()), sum(one.left for one in counted if one.person_id is None))


def thin_units(acting: Acting, asked: Sequence[Round]) -> list[str]:
    """The names of the units, of what her own people have left, about which too little is known."""
    own = OwnPeople(acting, DataKind.MISSING)
    left = own.left(_tasks_left(acting, _left(acting, own, asked), asked))
    return standings.too_little_known(acting.tx, {one.task.placement.unit_id for one in left})


def left_in(acting: Acting, round_: Round) -> int:
    """How many reports her own people and nobody have left of the round."""
    own = OwnPeople(acting, DataKind.RESPONSES)
    return sum(one.left for one in _left(acting, own, [round_]))


def _left(acting: Acting, own: OwnPeople, asked: Sequence[Round]) -> list[OwnedAnswers]:
    """Counted by owner and by who answers for it today, in the open rounds."""
    of = None if own.all else own.led
    return [
        one
        for round_ in asked
        for one in response_rates.of_round(acting.tx, round_, acting.today, of, own_homes=True)
        if one.left and own.has(one.person_id)
    ]


def _tasks_left(acting: Acting, counted: Sequence[OwnedAnswers], asked: Sequence[Round]) -> list[Awaiting]:
    owners = {one.owner_id or PersonId(0) for one in counted}
    return awaiting.unanswered_of(acting.tx, asked, owners, acting.now) if owners else []


def reminder_day(acting: Acting) -> date:
    """The day that a reminder decided now is read: an evening's is the next morning's."""
    return municipal_day(working_moment(acting.now))


def _reminded(acting: Acting) -> set[PersonId]:
    keys = ledger.keys_starting(acting.tx, Nudge.keys_of(reminder_day(acting)))
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
    own, asked = OwnPeople(acting, DataKind.MISSING), rounds.asking_rounds(acting.tx, acting.now)
    left = own.left(_tasks_left(acting, _left(acting, own, asked), asked))
    held = {
        one.task.placement.id: (NOBODY if one.person_id is None else str(one.person_id), one.task.placement)
        for one in left
        if one.person_id in (None, one.task.placement.owner_id)
    }
    if own.has(None):
        nobodys = placements.nobodys(acting.tx, acting.today, any_without_owner=acting.any_without_owner)
        held |= {one.id: (NOBODY, one) for one in nobodys}
    holders = {holder for holder, _ in held.values()} - {NOBODY}
    givers = sorted(own.named(PersonId(int(one)) for one in holders).values(), key=lambda one: one.name)
    return Givable(held, givers, own.workers())
