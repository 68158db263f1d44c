"""Tells the whole quality team, in its channel where that is known; of a new alert on its unit's open card too."""

from collections.abc import Sequence
from datetime import datetime

from followup import AlertId, PersonId
from followup.alerts.alert import Alert
from followup.messages.alerts import AlertRaised
from followup.messages.every import EveryMessage
from followup.people import Role
from storage.alerts import alerts
from storage.engine.database import Transaction
from storage.messages import changed_cards, conversations, ledger, queueing
from storage.messages.changed_cards import CardMessage
from storage.messages.delivery import QUALITY_CHANNEL, Delivery
from storage.register import people


def tell_quality_team(
    tx: Transaction,
    key: str,
    message: EveryMessage,
    now: datetime,
    *,
    not_before: datetime | None = None,
) -> int:
    """One message to the team's channel, or one to each of its members where no channel is known; how many.

    Without `not_before` it goes at once, whatever the hour: an alert does not wait.
    """
    return sum(
        queueing.queue(
            tx,
            f"{key}:{name}",
            message,
            now,
            person_id=person_id,
            channel=channel,
            not_before=not_before,
            urgent=True,
        )
        for name, person_id, channel in _recipients(tx)
    )


def _recipients(tx: Transaction) -> list[tuple[str, PersonId | None, str | None]]:
    """Each by its name in the key: the channel where one is known, else everybody of the team."""
    if conversations.address_of(tx, channel=QUALITY_CHANNEL) is not None:
        return [("channel", None, QUALITY_CHANNEL)]
    return [(one.key, one.id, None) for one in people.with_role(tx, Role.QUALITY)]


def tell_of_alert(tx: Transaction, alert: Alert, now: datetime) -> None:
    """The unit's cards are changed on every device; an event and a child who does not feel safe are told of anew too.

    So is a level where no card of the unit is known to have arrived with everybody who is to be told now.
    """
    told = [
        (other.id, sent)
        for other in alerts.open_of_unit(tx, alert.unit_id)
        if other.id != alert.id and (sent := ledger.starting(tx, AlertRaised(other.id).keys))
    ]
    _show_anew(tx, told, now)
    if alert.kind != "band" or not any(_stands_with_all(tx, sent) for _, sent in told):
        raised = AlertRaised(alert.id, alert.unit_id)
        tell_quality_team(tx, raised.key(), raised, now)


def _stands_with_all(tx: Transaction, sent: Sequence[Delivery]) -> bool:
    """A card that went to the team as it was stands neither with who has come since nor in a channel chosen since."""
    reached = {(one.person_id, one.channel) for one in sent}
    wanted = {(person_id, channel) for _, person_id, channel in _recipients(tx)}
    return wanted <= reached and all(one.state == "sent" for one in sent)


def _show_anew(tx: Transaction, told: Sequence[tuple[AlertId, Sequence[Delivery]]], now: datetime) -> None:
    """Each message that told of one of the alerts shows it as it stands."""
    for alert_id, sent in told:
        for one in sent:
            if one.state == "sent" and one.conversation_id and one.activity_id:
                message = _message(one, one.conversation_id, one.activity_id)
                content = {"what": "alert", "numbers": {"alert": alert_id}}
                changed_cards.change_later(tx, message, content, now)


def _message(one: Delivery, conversation_id: str, activity_id: str) -> CardMessage:
    if one.channel is None:
        return CardMessage(conversation_id, activity_id, person_id=one.person_id)
    # As a press in its thread names it.
    return CardMessage(f"{conversation_id};messageid={activity_id}", activity_id, channel=one.channel)
