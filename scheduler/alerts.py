"""An alert that nobody takes is said again."""

from collections.abc import Sequence
from datetime import datetime

from followup import AlertId
from followup.alerts.alert import Alert
from followup.messages.alerts import AlertAgain, HistoryAgain
from followup.people import Person, Role, managers_of
from followup.times.calendar import working_moment
from scheduler.piece import PieceDone
from services.quality_team import tell_quality_team
from storage.alerts import alerts
from storage.engine.database import Transaction
from storage.messages import ledger, queueing
from storage.register import people
from storage.times.job_looks import Place

# So many alerts are read together, and what one message takes of a piece, in rows.
AT_ONCE, SAYING = 20, 2


def say_alerts_again(tx: Transaction, now: datetime, room: int, place: Place | None) -> PieceDone:
    """An alert that nobody took within two working days is said once more, to the team and its managers.

    Without a team it goes to every manager.
    """
    done, after = PieceDone(), AlertId(place["after"] if place else 0)
    while some := alerts.open_after(tx, after, AT_ONCE):
        if done.rows >= room:
            return done + PieceDone(place={"after": after})
        overdue = [_again(one) for one in some if one.is_overdue(now)]
        managers = _managers_of_team(tx) if overdue else []
        for again in dict.fromkeys(overdue):
            queued = _say_again(tx, again, managers, now)
            done += PieceDone(queued, 1 + SAYING * queued)
        after = some[-1].id
        done += PieceDone(rows=AT_ONCE)
    return done


def _again(alert: Alert) -> AlertAgain | HistoryAgain:
    """Those of an import's history in one message, as they were said the first time."""
    return AlertAgain(alert.id) if alert.import_id is None else HistoryAgain(alert.import_id)


def _managers_of_team(tx: Transaction) -> list[Person]:
    managers = {one.id: one for one in people.with_role(tx, Role.MANAGER)}
    team = people.with_role(tx, Role.QUALITY)
    of_team = {manager.id for one in team for manager in managers_of(managers, one)}
    return [one for id_, one in sorted(managers.items()) if id_ in of_team or not team]


def _say_again(
    tx: Transaction, again: AlertAgain | HistoryAgain, managers: Sequence[Person], now: datetime
) -> int:
    key = again.key()
    if ledger.keys_starting(tx, f"{key}:"):
        return 0
    at = working_moment(now)
    return tell_quality_team(tx, key, again, now, not_before=at) + sum(
        queueing.queue(tx, f"{key}:{manager.key}", again, now, person_id=manager.id, not_before=at)
        for manager in managers
    )
