"""What has changed of how the followed units stand: bands alone, which everybody here may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from followup import UnitId
from followup.access.access import DataKind
from followup.risk.bands import Band, rank
from followup.times.month import Month
from services.acting import Reader
from storage.imports import imports
from storage.risk import left_to_score, standings
from storage.risk.standings import ShownBefore


@dataclass(frozen=True)
class ChangedUnit:
    id: UnitId
    key: str
    name: str


@dataclass(frozen=True)
class BandChange:
    unit: ChangedUnit
    before: Band
    after: Band

    @property
    def is_up(self) -> bool:
        return rank(self.after) > rank(self.before)


def changes_since_month(reader: Reader, last: Month) -> list[BandChange]:
    """Against how each unit stood when the last month ended, as it is known now: a month's end is read after it."""
    return _worst_first(standings.changed_since_month(reader.tx, last)) if _sees(reader) else []


def changes_since_moment(reader: Reader, moment: datetime) -> list[BandChange]:
    """Against what could be known of each unit at the moment, so that what history read in has raised is told."""
    return _worst_first(standings.changed_since(reader.tx, moment)) if _sees(reader) else []


def is_still_counting(reader: Reader) -> bool:
    """Whether something stored is yet to be scored, of a unit that takes long or an import: an alert may follow."""
    return left_to_score.is_any(reader.tx) or imports.is_any_unscored(reader.tx)


def _sees(reader: Reader) -> bool:
    """None for one to whom the table gives no unit."""
    return reader.sees(DataKind.UNIT)


def _worst_first(moved: Sequence[ShownBefore]) -> list[BandChange]:
    changed = [
        BandChange(ChangedUnit(one.unit_id, one.key, one.name), one.before, one.after) for one in moved
    ]
    return sorted(changed, key=lambda one: (not one.is_up, -rank(one.after), one.unit.name))
