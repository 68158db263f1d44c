"""An alert that nobody takes is said again."""

from collections.abc import Mapping
from datetime import datetime

from followup.messages.alerts import AlertAgain
from followup.people import Person, Role, managers_of
from followup.times.calendar import working_moment
from services.quality_team import tell_quality_team
from storage import people
from storage.alerts import alerts
from storage.engine.database import Transaction
from storage.messages import outbox


def say_alerts_again(tx: Transaction, now: datetime, most: int) -> int:
    """An alert that nobody took within two working days is said once more, to the team and its managers.

    Without a team it goes to every manager. After so many messages the rest is left to be asked for again.
    """
    queued, everyone = 0, people.everyone(tx)
    for alert in alerts.open_alerts(tx):
        if queued < most and alert.is_overdue(now):
            queued += _say_again(tx, alert.id, everyone, now)
    return queued


def _say_again(tx: Transaction, alert_id: int, everyone: Mapping[int, Person], now: datetime) -> int:
    again = AlertAgain(alert_id)
    key = again.key()
    if outbox.keys_starting(tx, f"{key}:"):
        return 0
    team = [one for one in everyone.values() if one.active and one.role == Role.QUALITY]
    of_team = [manager for one in team for manager in managers_of(everyone, one)]
    managers = {manager.id for manager in of_team or managers_of(everyone, None)}
    at = working_moment(now)
    return tell_quality_team(tx, key, again, now, not_before=at) + sum(
        outbox.queue(
            tx,
            f"{key}:{everyone[manager_id].key}",
            again,
            now,
            person_id=manager_id,
            not_before=at,
        )
        for manager_id in sorted(managers)
    )
