"""What of the texts about a thing is open to its reader: her own, and all of them after a reason."""

from dataclasses import dataclass

from followup import PersonId
from followup.access.access import DataKind
from followup.access.small_unit import Audience
from followup.log.subject import Subject
from services.acting import Reader
from storage.log import openings


@dataclass(frozen=True)
class OpenedTexts:
    """What of the texts about an alert or a signal its reader may see now: her own, and all after a reason.

    `person_id` is None for one who reads none of them.
    """

    person_id: PersonId | None = None
    whole: bool = False

    def shows(self, author_id: PersonId | None) -> bool:
        return self.whole or (author_id is not None and author_id == self.person_id)


def opened_texts_of(reader: Reader, subject: Subject) -> OpenedTexts:
    """A reason opens all that was written about the thing until midnight, in the reader's own chat."""
    person = reader.person
    if person is None or reader.audience != Audience.QUALITY or not reader.opens(DataKind.NOTES):
        return OpenedTexts()
    return OpenedTexts(person.id, openings.is_open(reader.tx, subject, person.id, reader.today))
