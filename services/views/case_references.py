"""A child's case reference, opened by the quality team: one item of evidence at a time, for a reason that is logged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from followup import PlacementId, UnitId
from followup.log.subject import What
from followup.signals.signal import read_number
from followup.times.month import Month
from services.acting import Acting, Reader
from services.risk.scoring import RiskReading, read_as_of
from services.views.unit_names import followed_unit
from storage.log import references
from storage.register import people, placements, units


@dataclass(frozen=True)
class CaseReferenceSeen:
    """`case_reference` is None of what is about no certain child; `when` is a report's month."""

    number: str
    unit: str
    when: date | Month
    case_reference: str | None
    owner: str | None


def reading_of(reader: Reader, unit_id: UnitId | None) -> RiskReading | None:
    """The evidence among which it is chosen; None where no followed unit is named."""
    unit = followed_unit(reader, unit_id)
    return None if unit is None else read_as_of(reader.tx, unit, reader.today, reader.now)


def is_known(reader: Reader, typed: str) -> bool:
    """Whether there is such an item; asking in vain is logged."""
    found = references.find(reader.tx, typed) is not None
    if typed and not found:
        letter, number = read_number(typed) or ("?", None)
        # What was asked for, where that is a number; any other words are not for the log.
        reader.log("refused", What.CASE_REFERENCE.of(letter if number is None else f"{letter}-{number}"))
    return found


def case_reference(acting: Acting, typed: str, reason: str) -> CaseReferenceSeen:
    """Logged every time, with its reason; what is shown is known (`is_known`)."""
    found = references.find(acting.tx, typed)
    assert found is not None
    seen: Sequence[PlacementId] = [found.placement_id] if found.placement_id else []
    acting.log("read", What.CASE_REFERENCE.of(found.number), reason=reason, seen=What.PLACEMENT.each(seen))
    one = placements.get(acting.tx, found.placement_id, acting.today) if found.placement_id else None
    owner = None
    if one is not None and one.owner_id is not None:
        owner = people.some(acting.tx, [one.owner_id]).get(one.owner_id)
    return CaseReferenceSeen(
        found.number,
        units.get(acting.tx, found.unit_id).name,
        found.when,
        one.case_reference if one else None,
        owner.name if owner else None,
    )
