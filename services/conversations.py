"""Who it is that speaks, and where: known or turned away, where she is reached, and which channel is the team's."""

from collections import defaultdict
from datetime import datetime
from hashlib import sha256

from followup import PersonId
from followup.log.subject import What
from followup.messages.alerts import AlertRaised, HistoryRead
from followup.messages.operation import ChannelChosen
from followup.people import Conversation, Person, Role
from services.acting import Acting, Refused, Why
from storage.alerts import alerts
from storage.engine import locks
from storage.engine.database import Transaction
from storage.imports import imports
from storage.log import access_log
from storage.messages import conversations, doubts, handled, ledger, missed, queueing
from storage.messages.conversations import Address, Refusal
from storage.messages.delivery import QUALITY_CHANNEL
from storage.register import people


def who_speaks(tx: Transaction, teams_id: str, tenants: tuple[str, ...]) -> Person | None:
    """None of one whom the register does not know, or who is no longer active."""
    person = people.by_teams_id(tx, teams_id, tenants)
    return person if person is not None and person.active else None


def turn_away(tx: Transaction, teams_id: str, now: datetime) -> None:
    access_log.record(tx, "refused", What.STRANGER.of(), now, stranger=teams_id)


def is_reached_at(
    tx: Transaction, person: Person, conversation_id: str, service_url: str, now: datetime
) -> None:
    """The newest place is remembered; one who could not be reached before is told what she missed."""
    if conversations.remember(tx, Address(conversation_id, service_url), now, person_id=person.id):
        missed.say_again(tx, person.id, now)


def is_quality_channel(tx: Transaction, conversation_id: str) -> bool:
    """Whether it is the quality team's own channel, in whichever thread."""
    address = conversations.address_of(tx, channel=QUALITY_CHANNEL)
    return address is not None and address.conversation_id == conversation_id.partition(";")[0]


def has_channel(tx: Transaction) -> bool:
    return conversations.address_of(tx, channel=QUALITY_CHANNEL) is not None


def choose_channel(acting: Acting, conversation_id: str, service_url: str) -> bool | Refused:
    """Makes a channel the team's, and says so to the administrators and where it was before; false where it is already.

    What is open is said there too. One that the configuration fixes is never changed.
    """
    tx, address = acting.tx, Address(conversation_id.partition(";")[0], service_url)
    subject = What.TEAM_CHANNEL.of(address.conversation_id)
    if not acting.may(Conversation.TEAM_CHANNEL):
        return acting.refuse(subject)
    if acting.municipality.fixed_channel:
        return acting.refuse(subject, Why.DONE)
    locks.hold(tx, "team channel")
    before = conversations.address_of(tx, channel=QUALITY_CHANNEL)
    conversations.remember(tx, address, acting.now, channel=QUALITY_CHANNEL)
    conversations.accepted(tx, QUALITY_CHANNEL)
    if before is not None and before.conversation_id == address.conversation_id:
        return False
    acting.log("write", subject, records=0)
    _tell_of_choice(acting, before)
    _tell_of_open_alerts(tx, address, acting.now)
    return True


def _tell_of_choice(acting: Acting, before: Address | None) -> None:
    tx, now = acting.tx, acting.now
    chosen = ChannelChosen(acting.person.id, now, before is not None)
    for admin in people.with_role(tx, Role.ADMIN):
        queueing.queue(tx, f"{chosen.key()}:{admin.key}", chosen, now, person_id=admin.id, urgent=True)
    if before is not None:
        former = _former(before)
        conversations.remember(tx, before, now, channel=former)
        queueing.queue(tx, f"{chosen.key()}:{former}", chosen, now, channel=former, urgent=True)


def _former(address: Address) -> str:
    """The name of a channel that was the team's: each its own, so that the farewell finds its way."""
    return f"former:{_short(address)}"


def _short(address: Address) -> str:
    return sha256(address.conversation_id.encode()).hexdigest()[:12]


def _tell_of_open_alerts(tx: Transaction, address: Address, now: datetime) -> None:
    """Once a unit, as they are told of when they are raised; those of a file's history in one.

    History that has been told of to nobody yet is told of when all of it has been read.
    """
    told: dict[tuple[str, int], list[AlertRaised | HistoryRead]] = defaultdict(list)
    is_reading = bool(imports.unscored(tx))
    for alert in alerts.open_alerts(tx):
        if alert.import_id is None:
            told["unit", alert.unit_id].append(AlertRaised(alert.id, alert.unit_id))
        elif not is_reading or ledger.keys_starting(tx, f"{HistoryRead(alert.import_id).key()}:"):
            told["import", alert.import_id].append(HistoryRead(alert.import_id))
    for messages in told.values():
        if not any(_stands_there(tx, f"{one.key()}:", address) for one in messages):
            all_of_them = messages[0].with_all(messages)
            key = f"{all_of_them.key()}:{_short(address)}"
            queueing.queue(tx, key, all_of_them, now, channel=QUALITY_CHANNEL, urgent=True)


def _stands_there(tx: Transaction, keys: str, address: Address) -> bool:
    """Whether it has been said in the channel, or waits to be: what waits goes where the team's channel is then."""
    said = [one for one in ledger.starting(tx, keys) if one.channel == QUALITY_CHANNEL]
    return any(one.state == "ready" or one.conversation_id == address.conversation_id for one in said)


def confirm_delivery(acting: Acting, delivery_id: int, conversation_id: str) -> None:
    """That what was sent unasked has come, by one who was sent it or who stands where it was sent."""
    delivery = ledger.get(acting.tx, delivery_id)
    if delivery is None:
        return
    in_channel = acting.channel and is_quality_channel(acting.tx, conversation_id)
    if delivery.person_id == acting.person.id or (delivery.channel and in_channel):
        doubts.confirm(acting.tx, delivery)


def refusal_of_channel(tx: Transaction) -> Refusal | None:
    """That the team's channel takes nothing, while it does not."""
    return conversations.refusal_of(tx, QUALITY_CHANNEL)


def recipient(tx: Transaction, person_id: PersonId | None) -> Person | None:
    """Whom something is said to unasked; None of one who is no longer active."""
    person = None if person_id is None else people.by_id(tx, person_id)
    return person if person is not None and person.active else None


def stored_by_card(tx: Transaction, card: str) -> list[str]:
    """What the presses on the one card stored, newest first, as it was written."""
    return list(handled.of_card(tx, card))
