"""What is known of a unit beside its evidence: IVO's decisions and other events, of two years."""

from dataclasses import dataclass
from datetime import date

from followup.access.access import Kind, Reach
from followup.access.small_unit import Matter
from followup.follow_ups.unit_events import UnitEvent
from followup.times.month import Month
from services.acting import Reader
from services.unit_sight import sight_of
from storage.follow_ups import unit_events

MONTHS_SHOWN = 24


@dataclass(frozen=True)
class Supplementary:
    """Newest first; none where the reader may not know of them."""

    since: date
    events: tuple[UnitEvent, ...] = ()


def supplementary(reader: Reader, unit_id: int) -> Supplementary:
    """As much as she may know of the unit's agreements: who runs it and under what, and nothing of any child.

    It is logged with the unit's card or evidence, of which it is a part.
    """
    since = Month.of(reader.today).plus(1 - MONTHS_SHOWN).first
    sight = sight_of(reader.tx, unit_id, reader.audience, reader.now)
    if reader.channel or reader.reach(Kind.UNIT) != Reach.ALL or not sight.whole(Matter.CONTRACT):
        return Supplementary(since)
    return Supplementary(
        since, tuple(unit_events.of_units(reader.tx, [unit_id], since, reader.today, reader.now))
    )
