"""A unit scored as the bot does it: what is left of it by whoever writes is scored at once."""

from datetime import datetime

from followup import UnitId
from services.risk.scoring import rescore
from services.risk.scoring_left import score_left
from storage.engine.database import Transaction


def scored_at_once(tx: Transaction, unit_id: UnitId, now: datetime) -> None:
    rescore(tx, unit_id, now)
    score_all_left(tx, now)


def score_all_left(tx: Transaction, now: datetime) -> None:
    while score_left(tx, now):
        pass
