"""What has changed at the units, a sentence each: which went up, which went down, which are new to red or yellow."""

from collections.abc import Sequence

from dialogs.card import Part, Text
from dialogs.forms.lists import MOST_ROWS, at_most
from services.views.changes import BandChange
from texts.catalogue import Texts


def change_rows(changes: Sequence[BandChange], say: Texts) -> list[Part]:
    rows = [Text(_sentence(one, say)) for one in changes[:MOST_ROWS]]
    return at_most(MOST_ROWS, rows, "", say, of=len(changes))


def _sentence(change: BandChange, say: Texts) -> str:
    direction = "change.up" if change.is_up else "change.down"
    before, after = say(f"risk.band.{change.before}"), say(f"risk.band.{change.after}")
    return say(direction, unit=change.unit.name, before=before, after=after)
