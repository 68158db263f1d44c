"""How the followed units stand now, and what has changed since a moment: bands alone, which everybody here may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from followup.provider import Unit
from followup.risk.bands import Band, rank
from services.acting import Reader
from services.risk.scoring import Reading, read_as_of
from storage import units
from storage.risk import scores

Readings = Sequence[tuple[Unit, Reading]]


@dataclass(frozen=True)
class BandChange:
    unit: Unit
    before: Band
    after: Band

    @property
    def is_up(self) -> bool:
        return rank(self.after) > rank(self.before)


def all_readings(reader: Reader) -> Readings:
    """Every followed unit as it stands now."""
    followed = units.followed_units(reader.tx)
    return [(unit, read_as_of(reader.tx, unit, reader.today, reader.now)) for unit in followed]


def changes_since(reader: Reader, readings: Readings, moment: datetime) -> list[BandChange]:
    """Units whose shown band is another than it was at the moment, the worst first.

    A unit that had no reading then counts as green, so that one that begins red is seen.
    """
    changed = []
    for unit, reading in readings:
        before = scores.latest_at(reader.tx, unit.id, moment)
        change = BandChange(unit, before.shown if before else "green", reading.judgement.band)
        if change.before != change.after:
            changed.append(change)
    return sorted(changed, key=lambda one: (not one.is_up, -rank(one.after), one.unit.name))
