"""What is known of a unit beside its evidence: IVO's decisions and other events, of two years."""

from dataclasses import dataclass
from datetime import date

from followup import UnitId
from followup.access.access import DataKind, Reach
from followup.access.small_unit import Matter
from followup.follow_ups.unit_events import UnitEvent
from followup.times.month import Month
from services.acting import Reader
from services.unit_sight import sight_of
from services.views.contacts import OverdueCare, of_unit
from storage.follow_ups import unit_events
from storage.register import placements, units

MONTHS_SHOWN = 24


@dataclass(frozen=True)
class Supplementary:
    """Events newest first; `contract_ended` where children are placed and no agreement is in force any more.

    What the reader may not know of is left out.
    """

    since: date
    events: tuple[UnitEvent, ...] = ()
    overdue: OverdueCare | None = None
    contract_ended: date | None = None


def supplementary(reader: Reader, unit_id: UnitId) -> Supplementary:
    """As much as she may know of the unit's agreements: who runs it and under what, and nothing of any child.

    It is logged with the unit's card or evidence, of which it is a part.
    """
    since = Month.of(reader.today).plus(1 - MONTHS_SHOWN).first
    sight = sight_of(reader.tx, unit_id, reader.audience, reader.now)
    if reader.channel or reader.reach(DataKind.UNIT) != Reach.ALL or not sight.whole(Matter.CONTRACT):
        return Supplementary(since)
    return Supplementary(
        since,
        tuple(unit_events.of_units(reader.tx, [unit_id], since, reader.today, reader.now)),
        of_unit(reader, unit_id),
        _contract_ended(reader, unit_id),
    )


def _contract_ended(reader: Reader, unit_id: UnitId) -> date | None:
    """The last day of the last agreement."""
    contracts = units.contracts(reader.tx, unit_id)
    in_force = any(one.in_force(reader.today) for one in contracts)
    if in_force or not placements.open_on(reader.tx, unit_id, reader.today):
        return None
    return max((one.ends for one in contracts if one.ends and one.ends < reader.today), default=None)
