"""One written message on its way to the connector: where it goes, the request, and what its outcome means."""

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.connector import Connector, Json, LostContact, Outcome
from followup.people import Person
from storage.conversations import Address
from storage.outbox import Delivery

# What Teams says may be tried again, and no more; 0 means that no connection came about.
TRIED_AGAIN = frozenset({0, 412, 429, 502, 503, 504})
LONGEST_WAIT = 600.0
Fate = Literal["sent", "again", "gone", "uncertain", "failed"]


@dataclass(frozen=True)
class Sender:
    """Who we are to the connector."""

    bot_id: str
    tenant_id: str
    service_url: str


@dataclass(frozen=True)
class Ready:
    """A claimed message, written and with what is known of where it goes."""

    delivery: Delivery
    activity: Json
    address: Address | None
    person: Person | None


@dataclass(frozen=True)
class Done:
    """What became of a message; `opened` is the conversation that had to be asked for on the way."""

    ready: Ready
    fate: Fate
    outcome: Outcome
    opened: Address | None = None

    @property
    def address(self) -> Address | None:
        return self.opened or self.ready.address

    @property
    def reason(self) -> str:
        if self.fate == "uncertain" and not self.outcome.status:
            return "no answer"
        return f"{self.outcome.status or 'no connection'} {self.outcome.code}".strip()


NO_ANSWER = Outcome(0, {})


async def post(connector: Connector, sender: Sender, ready: Ready) -> Done:
    """One try: a conversation first where none is known, then one request with the message."""
    address = ready.address
    if address is None:
        opened = await _open_conversation(connector, sender, ready.person)
        if isinstance(opened, Outcome):
            return Done(ready, "again" if opened.status in TRIED_AGAIN else "failed", opened)
        address = opened
    try:
        outcome = await _say(connector, sender, ready, address)
    except LostContact:
        return Done(ready, "uncertain", NO_ANSWER, address)
    return Done(ready, fate_of(outcome), outcome, address)


def fate_of(outcome: Outcome) -> Fate:
    """What the connector's answer means (teams-platform.md, Teams' limits).

    Only what got no answer at all, or a 500, may have arrived in spite of it, and is never sent again by itself.
    """
    if outcome.ok:
        return "sent"
    if outcome.status in TRIED_AGAIN:
        return "again"
    if outcome.status == 404:
        return "gone"
    return "uncertain" if outcome.status >= 500 else "failed"


async def _say(connector: Connector, sender: Sender, ready: Ready, address: Address) -> Outcome:
    if ready.delivery.channel is None:
        return await connector.send(address.service_url, address.conversation_id, ready.activity)
    # A new thread in a channel: Teams makes one only through a conversation that is created.
    parameters = {
        "bot": {"id": sender.bot_id},
        "isGroup": True,
        "tenantId": sender.tenant_id,
        "channelData": {"channel": {"id": address.conversation_id}, "tenant": {"id": sender.tenant_id}},
        "activity": ready.activity,
    }
    return await connector.create_conversation(address.service_url, parameters)


async def _open_conversation(
    connector: Connector, sender: Sender, person: Person | None
) -> Address | Outcome:
    """The person's own conversation, the same however often it is asked for; else why there is none."""
    if person is None or not person.teams_id:
        code = "NoChannel" if person is None else "NoTeamsAccount"
        return Outcome(403, {"error": {"code": code}})
    parameters = {
        "bot": {"id": sender.bot_id},
        "members": [{"id": person.teams_id, "aadObjectId": person.teams_id}],
        "tenantId": sender.tenant_id,
        "isGroup": False,
        "channelData": {"tenant": {"id": sender.tenant_id}},
    }
    try:
        outcome = await connector.create_conversation(sender.service_url, parameters)
    except LostContact:
        return NO_ANSWER
    if not (outcome.ok and outcome.body.get("id")):
        return outcome
    return Address(str(outcome.body["id"]), sender.service_url)


def wait_after(outcome: Outcome, attempts: int) -> timedelta:
    """Retry-After first, else doubling with jitter."""
    if outcome.retry_after is not None:
        return timedelta(seconds=outcome.retry_after)
    longest = min(LONGEST_WAIT, 2.0 ** min(attempts, 10))
    return timedelta(seconds=random.uniform(longest / 2, longest))
