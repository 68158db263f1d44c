"""One written message on its way to the connector: where it goes, the request, and what its outcome means."""

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.cards import PageLink, no_page
from bot.connector import NO_TOKEN, Connector, Json, LostContact, Outcome
from bot.fate import Fate, Stage, fate_of
from followup.people import Person
from storage.messages.conversations import Address
from storage.messages.delivery import Delivery

LONGEST_WAIT = 600.0


@dataclass(frozen=True)
class Sender:
    """Who we are to the connector."""

    bot_id: str
    tenant_id: str
    service_url: str
    pages: PageLink = no_page


@dataclass(frozen=True)
class ReadyMessage:
    """A claimed message, written and with what is known of where it goes."""

    delivery: Delivery
    activity: Json
    address: Address | None
    person: Person | None
    # What is said in the same message, and has its fate.
    riders: tuple[Delivery, ...] = ()

    @property
    def each(self) -> Sequence[Delivery]:
        return (self.delivery, *self.riders)


@dataclass(frozen=True)
class Done:
    """What became of a message; `opened` is the conversation that had to be asked for on the way."""

    ready: ReadyMessage
    fate: Fate
    outcome: Outcome
    opened: Address | None = None

    @property
    def address(self) -> Address | None:
        return self.opened or self.ready.address

    @property
    def reason(self) -> str:
        if self.outcome is NO_ANSWER:
            return "no answer"
        return f"{self.outcome.status or 'no connection'} {self.outcome.code}".strip()

    @property
    def token_refused(self) -> bool:
        """Whether it was we who were not known, whoever it was for."""
        return self.outcome.status == 401 or self.outcome.code == NO_TOKEN

    @property
    def not_reached(self) -> bool:
        """Whether it was the recipient that did not take it, and not the message that cannot be taken."""
        return self.fate in ("again", "gone", "refused") or self.outcome.status in (403, 404)


NO_ANSWER = Outcome(0, {})


async def post(
    connector: Connector, sender: Sender, ready: ReadyMessage, begin: Callable[[], Awaitable[bool]]
) -> Done:
    """One try: a conversation first where none is known, then one request with the message.

    `begin` stores just before it that the message goes out now, and says whether it may.
    """
    address = ready.address
    if address is None:
        opened = await _open_conversation(connector, sender, ready.person)
        if isinstance(opened, Outcome):
            return _done(ready, "opening", opened)
        address = opened
    if not await begin():
        return Done(ready, "left", NO_ANSWER, address)
    stage: Stage = "saying" if ready.delivery.channel is None else "beginning_thread"
    try:
        outcome = await _say(connector, sender, ready, address)
    except LostContact:
        outcome = NO_ANSWER
    return _done(ready, stage, outcome, address)


def _done(ready: ReadyMessage, stage: Stage, outcome: Outcome, opened: Address | None = None) -> Done:
    return Done(ready, fate_of(stage, None if outcome is NO_ANSWER else outcome), outcome, opened)


async def _say(connector: Connector, sender: Sender, ready: ReadyMessage, address: Address) -> Outcome:
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
    tenant_id = person.tenant or sender.tenant_id
    parameters = {
        "bot": {"id": sender.bot_id},
        "members": [{"id": person.teams_id, "aadObjectId": person.teams_id}],
        "tenantId": tenant_id,
        "isGroup": False,
        "channelData": {"tenant": {"id": tenant_id}},
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
