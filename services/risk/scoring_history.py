"""Scores what a valid import has touched, a piece at a time, also when the import itself was ended before that."""

from datetime import datetime

from followup.messages.alerts import HistoryRead
from services.quality_team import tell_quality_team
from services.risk.reading_beside import ReadBeside, read_months
from services.risk.scoring import NOT_READ, read_again
from storage.alerts import alerts
from storage.engine.database import Transaction
from storage.engine.locks import hold_unit
from storage.imports import imports
from storage.messages import ledger
from storage.register import units


def read_next(look: Transaction, now: datetime) -> ReadBeside | None:
    """Reads what `score_next` is to store, so that nobody waits while a large unit is read."""
    left = imports.unscored(look)
    unit = units.get(look, left[0]) if left else None
    if unit is None or unit.segment is None:
        return None
    return read_months(look, unit, imports.next_month(look, unit.id), now)


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


def _tell_of_alerts(tx: Transaction, now: datetime) -> None:
    """One message for each import whose history has given rise to alerts, when all of it has been read."""
    numbers = {one.import_id for one in alerts.open_alerts(tx) if one.import_id is not None}
    for told in map(HistoryRead, sorted(numbers)):
        if not ledger.keys_starting(tx, f"{told.key()}:"):
            tell_quality_team(tx, told.key(), told, now)
