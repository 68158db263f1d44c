"""How much of a unit a reader is told: the table of followup.access.small_unit over what is stored."""

from dataclasses import dataclass
from datetime import date, datetime

from followup import UnitId
from followup.access.small_unit import Audience, Matter, Telling, is_small, told, year_before
from followup.times.calendar import municipal_day
from storage.engine.database import Transaction
from storage.register import placements


@dataclass(frozen=True)
class UnitSight:
    audience: Audience
    small: bool

    def told(self, matter: Matter) -> Telling:
        return told(self.audience, matter, small=self.small)

    def whole(self, matter: Matter) -> bool:
        """Whether all of it may be said, and not only a word or a link."""
        return self.told(matter) == Telling.ALL


def sight_of(
    tx: Transaction, unit_id: UnitId, audience: Audience, now: datetime, since: date | None = None
) -> UnitSight:
    """What is told of an event counts from its day, which is `since`; of an index or a rate, from a year before."""
    today = municipal_day(now)
    first = since or year_before(today)
    # The quality team is told all of every unit, so that nothing need be looked up.
    small = audience != Audience.QUALITY and is_small(
        placements.stays(tx, unit_id, first, today), first, today
    )
    return UnitSight(audience, small)
