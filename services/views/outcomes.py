"""How placements at a unit ended, as the reader may be told of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from followup import UnitId
from followup.access.access import DataKind
from followup.access.outcomes import Share, told_to
from followup.access.small_unit import Matter
from services.acting import Reader
from services.unit_sight import UnitSight
from storage.overview import outcomes


@dataclass(frozen=True)
class UnitOutcome:
    """Of the newest group; `until` is the last day on which what it says was told. Nothing of how many they are."""

    until: date
    shares: Mapping[str, Share]


def outcome_of(reader: Reader, sight: UnitSight, unit_id: UnitId) -> UnitOutcome | None:
    """None where too few have left, where it could tell the reader of a child that is not hers, or is not told here."""
    if not sight.whole(Matter.OUTCOME) or not reader.sees(DataKind.OUTCOME):
        return None
    newest = outcomes.newest(reader.tx, unit_id)
    if newest is None:
        return None
    own = outcomes.known_to(reader.tx, newest.id, reader.person.id) if reader.person else []
    told = told_to(newest.group, own)
    return None if told is None else UnitOutcome(newest.until, told)
