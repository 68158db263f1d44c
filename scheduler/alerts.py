"""An alert that nobody takes is said again."""

from collections.abc import Sequence
from datetime import datetime

from followup.alerts.alert import Alert
from followup.messages.alerts import AlertAgain, HistoryAgain
from followup.people import Person, Role, managers_of
from followup.times.calendar import working_moment
from services.quality_team import tell_quality_team
from storage.alerts import alerts
from storage.engine.database import Transaction
from storage.messages import outbox
from storage.register import people


def say_alerts_again(tx: Transaction, now: datetime, most: int) -> int:
    """An alert that nobody took within two working days is said once more, to the team and its managers.

    Without a team it goes to every manager. After so many messages the rest is left to be asked for again.
    """
    overdue = [_again(one) for one in alerts.open_alerts(tx) if one.is_overdue(now)]
    queued, managers = 0, _managers_of_team(tx) if overdue else []
    for again in dict.fromkeys(overdue):
        if queued < most:
            queued += _say_again(tx, again, managers, now)
    return queued


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
    if outbox.keys_starting(tx, f"{key}:"):
        return 0
    at = working_moment(now)
    return tell_quality_team(tx, key, again, now, not_before=at) + sum(
        outbox.queue(tx, f"{key}:{manager.key}", again, now, person_id=manager.id, not_before=at)
        for manager in managers
    )
