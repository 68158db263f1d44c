"""People by their names, as those who work together are told of each other."""

from collections.abc import Iterable, Mapping

from followup import PersonId
from followup.people import Person, Role
from services.acting import Reader
from storage.register import people


def name_of(reader: Reader, person_id: PersonId | None) -> str | None:
    """None of nobody."""
    if person_id is None:
        return None
    found = people.some(reader.tx, [person_id]).get(person_id)
    return found.name if found else None


def names_of(reader: Reader, ids: Iterable[PersonId]) -> Mapping[PersonId, str]:
    return {id_: one.name for id_, one in people.some(reader.tx, ids).items()}


def roles_of(reader: Reader, ids: Iterable[PersonId]) -> Mapping[PersonId, Role]:
    return {id_: one.role for id_, one in people.some(reader.tx, ids).items()}


def quality_team(reader: Reader) -> list[Person]:
    return people.with_role(reader.tx, Role.QUALITY)
