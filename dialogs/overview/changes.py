"""What has changed at the units since a moment: which went up, which went down, which are new to red or yellow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogs.card import Part, Text
from dialogs.forms.lists import MOST_ROWS, at_most
from followup.provider import Unit
from followup.risk.bands import Band, rank
from services.risk.scoring import Reading
from storage.engine.database import Transaction
from storage.risk import scores
from texts.catalogue import Texts

Readings = Sequence[tuple[Unit, Reading]]


@dataclass(frozen=True)
class Change:
    unit: Unit
    before: Band
    after: Band

    @property
    def is_up(self) -> bool:
        return rank(self.after) > rank(self.before)


def changes_since(tx: Transaction, readings: Readings, moment: datetime) -> list[Change]:
    """Units whose shown band is another than it was at the moment, the worst first.

    A unit that had no reading then counts as green, so that one that begins red is seen.
    """
    changed = []
    for unit, reading in readings:
        before = scores.latest_at(tx, unit.id, moment)
        change = Change(unit, before.shown if before else "green", reading.judgement.band)
        if change.before != change.after:
            changed.append(change)
    return sorted(changed, key=lambda one: (not one.is_up, -rank(one.after), one.unit.name))


def change_rows(changes: Sequence[Change], say: Texts) -> list[Part]:
    return at_most(MOST_ROWS, [Text(_sentence(one, say)) for one in changes], "", say)


def _sentence(change: Change, say: Texts) -> str:
    direction = "change.up" if change.is_up else "change.down"
    before, after = say(f"risk.band.{change.before}"), say(f"risk.band.{change.after}")
    return say(direction, unit=change.unit.name, before=before, after=after)
