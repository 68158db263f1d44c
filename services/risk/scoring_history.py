"""Scores what a valid import has touched, a piece at a time, also when the import itself was ended before that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from followup import UnitId
from followup.messages.alerts import HistoryRead
from followup.times.calendar import municipal_day
from services.quality_team import tell_quality_team
from services.risk.scoring import NOT_READ, Scored, months_at_once, read_again, scored_on
from storage.alerts import alerts
from storage.engine.database import Transaction
from storage.engine.locks import hold_unit
from storage.imports import imports
from storage.messages import ledger
from storage.register import units
from storage.risk import coverage, scores


@dataclass(frozen=True)
class ReadBeside:
    """Days of a unit read outside any transaction, and what was there just before."""

    unit_id: UnitId
    seen: tuple[object, ...]
    days: Mapping[date, Scored]

    def holds_for(self, tx: Transaction, unit_id: UnitId) -> bool:
        return self.unit_id == unit_id and self.seen == _seen(tx, unit_id, self.days)


def read_next(look: Transaction, now: datetime) -> ReadBeside | None:
    """Reads what `score_next` is to store, so that nobody waits while a large unit is read."""
    left = imports.unscored(look)
    unit = units.get(look, left[0]) if left else None
    if unit is None or unit.segment is None:
        return None
    months, with_today = months_at_once(look, unit, imports.next_month(look, unit.id), now)
    days = [*(month.last for month in months), *([municipal_day(now)] if with_today else [])]
    seen = _seen(look, unit.id, days)
    return ReadBeside(unit.id, seen, {day: scored_on(look, unit, day) for day in days})


def score_next(tx: Transaction, now: datetime, beside: ReadBeside | None = None) -> int:
    """Reads on in one unit and returns how many units are left; nothing is done twice, whoever asks."""
    left = imports.unscored(tx)
    if not left:
        return 0
    unit_id = left[0]
    # Before it is asked what has been written: else one who has written there, and not ended yet, is missed.
    hold_unit(tx, unit_id)
    read = beside.days if beside and beside.holds_for(tx, unit_id) else NOT_READ
    month = read_again(tx, unit_id, imports.next_month(tx, unit_id), now, read)
    if month is not None:
        imports.read_until(tx, unit_id, month)
        return len(left)
    imports.mark_scored(tx, unit_id, now)
    if len(left) == 1:
        _tell_of_alerts(tx, now)
    return len(left) - 1


def _seen(tx: Transaction, unit_id: UnitId, days: Iterable[date]) -> tuple[object, ...]:
    """What becomes another when anything that the readings are made of does: whoever writes of a unit scores it."""
    newest = scores.latest(tx, unit_id)
    methods = [(config.id, levels.id) for config, levels in (scores.method_on(tx, day) for day in days)]
    return newest and newest.id, imports.being_read(tx, unit_id), coverage.begins(tx), methods


def _tell_of_alerts(tx: Transaction, now: datetime) -> None:
    """One message for each import whose history has given rise to alerts, when all of it has been read."""
    numbers = {one.import_id for one in alerts.open_alerts(tx) if one.import_id is not None}
    for told in map(HistoryRead, sorted(numbers)):
        if not ledger.keys_starting(tx, f"{told.key()}:"):
            tell_quality_team(tx, told.key(), told, now)
