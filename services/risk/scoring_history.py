"""Scores what a valid import has touched, a piece at a time, also when the import itself was ended before that."""

from datetime import datetime

from followup.messages.alerts import HistoryRead
from services.quality_team import tell_quality_team
from services.risk.scoring import read_again
from storage.alerts import alerts
from storage.engine.database import Transaction
from storage.imports import imports
from storage.messages import outbox


def score_next(tx: Transaction, now: datetime) -> int:
    """Reads on in one unit and returns how many units are left; nothing is done twice, whoever asks."""
    left = imports.unscored(tx)
    if not left:
        return 0
    unit_id = left[0]
    month = read_again(tx, unit_id, imports.next_month(tx, unit_id), now)
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
        if not outbox.keys_starting(tx, f"{told.key()}:"):
            tell_quality_team(tx, told.key(), told, now)
