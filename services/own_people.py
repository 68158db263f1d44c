"""Whose people are whose: the workers whom a manager answers for, and what they have left."""

from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cached_property

from followup import PersonId
from followup.access.access import DataKind, Reach
from followup.people import Managers, Person, Role
from followup.placement import Placement
from services.acting import Acting
from storage.clocks import owners
from storage.month.awaiting import Awaiting
from storage.register import people


class OwnPeople:
    """Those of whom the reader may see data of the kind: her own people, all, or nobody."""

    def __init__(self, acting: Acting, kind: DataKind) -> None:
        self._acting, self._tx, self._reader = acting, acting.tx, acting.person
        self._reach = acting.municipality.access.reach(acting.person.role, kind)

    @property
    def all(self) -> bool:
        return self._reach == Reach.ALL

    @cached_property
    def led(self) -> Mapping[PersonId, Person]:
        """Her people by index, where they are not everybody."""
        if self._reach == Reach.OWN_PEOPLE:
            return self._acting.led
        return people.everyone(self._tx) if self.all else {}

    @cached_property
    def active(self) -> Set[PersonId]:
        """Those of them who are here, by their numbers alone where they are everybody."""
        if self.all:
            return people.active_ids(self._tx)
        return {one.id for one in self.led.values() if one.active}

    @cached_property
    def _has_nobodys(self) -> bool:
        return bool(Managers([self._reader]).of(None))

    def has(self, person_id: PersonId | None) -> bool:
        """None stands for what nobody answers for, which is every such manager's."""
        if self._reach != Reach.OWN_PEOPLE:
            return self.all
        return self._has_nobodys if person_id is None else person_id in self.led

    @property
    def open_placements(self) -> list[Placement]:
        """What they answer for today, where they are not everybody, and what nobody does where that is hers too."""
        return [
            one
            for one in owners.open_and_followed(self._acting.led_placements, self._acting.today)
            if self.has(one.owner_id)
        ]

    def named(self, person_ids: Iterable[PersonId]) -> Mapping[PersonId, Person]:
        """The people, hers or not, whose names something else gives her."""
        wanted = set(person_ids)
        return people.some(self._tx, wanted) if wanted else {}

    def person(self, person_id: PersonId | None) -> Person | None:
        return None if person_id is None else self.named([person_id]).get(person_id)

    def team_of(self, person_id: PersonId | None) -> str:
        """Empty for those of people without one, and of nobody."""
        person = self.led.get(person_id) if person_id is not None else None
        return (person.team or "") if person else ""

    def left(self, left: Sequence[Awaiting]) -> list[Awaiting]:
        """What the reader's own people have left, and what nobody answers for."""
        return [one for one in left if self.has(one.person_id)]

    def workers(self) -> list[Person]:
        """Those who can be given a placement, by name."""
        active = [one for one in self.led.values() if one.active and one.role == Role.WORKER]
        return sorted(active, key=lambda one: one.name)
