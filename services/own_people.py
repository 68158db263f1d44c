"""Whose people are whose: the workers whom a manager answers for, and what they have left."""

from collections.abc import Mapping, Sequence

from followup import PersonId
from followup.access.access import DataKind, Reach
from followup.people import Person, Role, managers_of
from services.acting import Acting
from storage.month.awaiting import Awaiting
from storage.register import people


class OwnPeople:
    """Those of whom the reader may see data of the kind: her own people, all, or nobody."""

    def __init__(self, acting: Acting, kind: DataKind) -> None:
        self.everyone: Mapping[PersonId, Person] = people.everyone(acting.tx)
        self._reader = acting.person
        self._reach = acting.municipality.access.reach(acting.person.role, kind)
        self._known: dict[PersonId | None, bool] = {}

    def has(self, person_id: PersonId | None) -> bool:
        """None stands for what nobody answers for, which is every such manager's."""
        if person_id not in self._known:
            self._known[person_id] = self._is_own(person_id)
        return self._known[person_id]

    def _is_own(self, person_id: PersonId | None) -> bool:
        if self._reach != Reach.OWN_PEOPLE:
            return self._reach == Reach.ALL
        worker = None if person_id is None else self.everyone.get(person_id)
        return self._reader.id in {one.id for one in managers_of(self.everyone, worker)}

    def team_of(self, person_id: PersonId | None) -> str:
        """Empty for those of people without one, and of nobody."""
        person = self.everyone.get(person_id) if person_id is not None else None
        return (person.team or "") if person else ""

    def left(self, left: Sequence[Awaiting]) -> list[Awaiting]:
        """What the reader's own people have left, and what nobody answers for."""
        return [one for one in left if self.has(one.person_id)]

    def workers(self) -> list[Person]:
        """Those who can be given a placement, by name."""
        active = [one for one in self.everyone.values() if one.active and one.role == Role.WORKER]
        return sorted((one for one in active if self.has(one.id)), key=lambda one: one.name)
