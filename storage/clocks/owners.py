"""Whose placements are: those that a person answers for today, by index, and those of everybody for who counts them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, or_, select

from followup import PersonId
from followup.people import Person
from followup.placement import Placement
from followup.terms import UNFOLLOWED_FORMS
from storage.engine.database import Transaction
from storage.engine.tables import ownership, placement, unit
from storage.register import people
from storage.register.placements import (
    COLUMNS,
    CURRENT_OWNER,
    MAY_BE_OF,
    OWNED_BY_NOBODY,
    OWNED_BY_THEM,
    read,
)

# A placement's follow-ups after its end are over by then.
AFTER_CARE = timedelta(days=400)
_SINCE = (
    select(*COLUMNS)
    .select_from(placement)
    .join(unit, placement.c.unit_id == unit.c.id)
    .join(ownership, CURRENT_OWNER, isouter=True)
    .where(or_(placement.c.ends.is_(None), placement.c.ends >= bindparam("since")))
    .order_by(placement.c.case_reference, placement.c.starts)
)
_CONCERNING = _SINCE.where(placement.c.id.in_(MAY_BE_OF))
_OF_PEOPLE = _SINCE.where(OWNED_BY_THEM)
_OF_NOBODY = _SINCE.where(OWNED_BY_NOBODY)


@dataclass(frozen=True)
class AnsweredFor:
    """`person_id` is who answers for the placement that day, None where nobody present and active does."""

    placement: Placement
    person_id: PersonId | None


def concerning(
    tx: Transaction,
    person: Person,
    day: date,
) -> list[AnsweredFor]:
    """Those that the person owns, has owned or stands in for, of every form of care, the planned and the ended too."""
    rows = tx.connection.execute(_CONCERNING, {"who": person.id, "day": day, "since": day - AFTER_CARE}).all()
    found = [read(row, tx.vault.open_some(row.alias)) for row in rows]
    answering = people.answering(tx, {one.answerable for one in found}, day, person)
    return [AnsweredFor(one, answering.of(*one.answerable)) for one in found]


def of_people(
    tx: Transaction, person_ids: Collection[PersonId], day: date, since: date, *, nobodys: bool
) -> list[Placement]:
    """Those that one of the people owns on the day, and where asked for those of nobody, not ended before `since`."""
    values = {"owners": sorted(person_ids), "day": day, "since": since}
    rows = list(tx.connection.execute(_OF_PEOPLE, values))
    if nobodys:
        rows += tx.connection.execute(_OF_NOBODY, values)
    return sorted((read(row) for row in rows), key=lambda one: (one.case_reference, one.starts))


def open_and_followed(among: Iterable[Placement], day: date) -> list[Placement]:
    """Those of them that are open on the day, without the municipality's own foster homes."""
    return [
        one for one in among if one.starts <= day <= (one.ends or day) and one.form not in UNFOLLOWED_FORMS
    ]


def of_everybody(tx: Transaction, day: date, since: date) -> list[Placement]:
    """Every placement that had not ended before the day `since`, with its owner on the day."""
    return [read(row) for row in tx.connection.execute(_SINCE, {"day": day, "since": since})]
