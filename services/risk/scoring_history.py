"""Scores what a valid import has touched, a piece at a time, also when the import itself was ended before that."""

from datetime import datetime

from services.risk.scoring import read_again
from storage.engine.database import Transaction
from storage.imports import imports


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
    return len(left) - 1
