"""How the followed units stand now, and what has changed since a moment: bands alone, which everybody here may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from followup import UnitId
from followup.access.access import DataKind
from followup.provider import Unit
from followup.risk.bands import Band, rank
from followup.risk.stored_score import StoredScore
from services.acting import Reader
from services.risk.scoring import RiskReading, read_as_of
from storage.register import units
from storage.risk import scores

Readings = Sequence[tuple[Unit, RiskReading]]


@dataclass(frozen=True)
class BandChange:
    unit: Unit
    before: Band
    after: Band

    @property
    def is_up(self) -> bool:
        return rank(self.after) > rank(self.before)


def all_readings(reader: Reader) -> Readings:
    """Every followed unit as it stands now; none for one to whom the table gives no unit."""
    if not reader.sees(DataKind.UNIT):
        return []
    followed = units.followed_units(reader.tx)
    return [(unit, read_as_of(reader.tx, unit, reader.today, reader.now)) for unit in followed]


def changes_since_day(reader: Reader, readings: Readings, day: date) -> list[BandChange]:
    """Against how each unit stood on the day, as it is known now: a month end's band is read after the month."""
    return _changes(readings, {unit.id: scores.latest(reader.tx, unit.id, day) for unit, _ in readings})


def changes_since_moment(reader: Reader, readings: Readings, moment: datetime) -> list[BandChange]:
    """Against what could be known of each unit at the moment, so that what history read in has raised is told."""
    return _changes(readings, {unit.id: scores.known_at(reader.tx, unit.id, moment) for unit, _ in readings})


def _changes(readings: Readings, before: Mapping[UnitId, StoredScore | None]) -> list[BandChange]:
    """Units whose shown band is another than it was, the worst first.

    A unit that had no reading then counts as green, so that one that begins red is seen.
    """
    found = [
        BandChange(unit, was.shown if (was := before[unit.id]) else "green", reading.judgement.band)
        for unit, reading in readings
    ]
    changed = [one for one in found if one.before != one.after]
    return sorted(changed, key=lambda one: (not one.is_up, -rank(one.after), one.unit.name))
