"""Read receipts: what they mark, and what they never do; the counts are shown where they stand."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from followup import PersonId, RoundId
from followup.messages.month import Reminder
from followup.messages.read_receipt import SentMessage, read_up_to
from storage.engine.database import Database, Transaction
from storage.engine.tables import delivery
from storage.messages import conversations, queueing, settling
from storage.messages.conversations import Address
from storage.messages.delivery import DeliveryState
from storage.register import people
from tests.support.builders import at
from tests.support.edge import Edge, at_the_edge, unlogged

NOW = at("2026-11-02 08:00")
EVENT = "application/vnd.microsoft.readReceipt"


def ms(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))


def minutes(number: int) -> datetime:
    return NOW - timedelta(minutes=number)


FIRST, SECOND = ms(minutes(30)), ms(minutes(20))
NUMBERED = [SentMessage(1, FIRST, minutes(29)), SentMessage(2, SECOND, minutes(19))]
LETTERED = [SentMessage(3, "1:abc", minutes(29)), SentMessage(4, "1:def", minutes(19))]
SAME_MOMENT = [SentMessage(5, "1:abc", minutes(9)), SentMessage(6, "1:def", minutes(9))]


@pytest.mark.parametrize(
    ("sent", "last_read", "read"),
    [
        (NUMBERED, SECOND, [1, 2]),
        (NUMBERED, FIRST, [1]),
        (NUMBERED, str(int(FIRST) - 1), []),
        (NUMBERED, "0" * 13, []),
        (NUMBERED, ms(NOW + timedelta(minutes=4)), [1, 2]),
        (NUMBERED, ms(NOW + timedelta(minutes=6)), []),
        (NUMBERED, "9" * 13, []),
        (NUMBERED, "9" * 5000, []),
        (NUMBERED, "²²", []),
        (NUMBERED, f"-{SECOND}", []),
        (NUMBERED, "1:abc", []),
        (LETTERED, "1:def", [3, 4]),
        (LETTERED, "1:abc", [3]),
        (LETTERED, "1:xyz", []),
        (LETTERED, SECOND, [3]),
        (LETTERED, ms(NOW), [3, 4]),
        (NUMBERED + LETTERED, SECOND, [1, 2, 3]),
        (NUMBERED + LETTERED, "1:abc", [3]),
        (SAME_MOMENT, "1:abc", [5]),
        ([], SECOND, []),
    ],
)
def test_a_receipt_says_that_all_up_to_its_message_is_read(
    sent: list[SentMessage], last_read: str, read: list[int]
) -> None:
    assert read_up_to(sent, last_read, NOW) == read


def person(tx: Transaction, key: str) -> PersonId:
    found = people.by_key(tx, key)
    assert found is not None
    return found.id


def became(tx: Transaction, key: str, to: str, state: DeliveryState, moment: datetime, **more: Any) -> None:
    """A reminder to the person that became so; it went to her own chat unless another is given."""
    queueing.queue(tx, key, Reminder(RoundId(1)), moment, person_id=person(tx, to))
    number = tx.connection.scalar(select(delivery.c.id).where(delivery.c.key == key))
    assert number is not None
    where = {"conversation_id": f"a:{to}", "activity_id": ms(moment), "sent_at": moment, **more}
    settling.settle(tx, number, state, **where)


def fill(tx: Transaction) -> None:
    for key in ("anna", "bilal"):
        conversations.remember(
            tx, Address(f"a:{key}", "https://teams.example/"), NOW, person_id=person(tx, key)
        )
    became(tx, "first", "anna", "sent", minutes(30))
    became(tx, "second", "anna", "sent", minutes(20))
    became(tx, "perhaps", "anna", "uncertain", minutes(25))
    became(tx, "failed", "anna", "failed", minutes(25))
    became(tx, "earlier chat", "anna", "sent", minutes(40), conversation_id="a:earlier")
    became(tx, "another's", "bilal", "sent", minutes(30))


def read_in(database: Database) -> Mapping[str, datetime]:
    with database.transaction() as tx:
        found = tx.connection.execute(select(delivery.c.key, delivery.c.read_at))
        return {row.key: row.read_at for row in found if row.read_at is not None}


def states_in(database: Database) -> Mapping[str, str]:
    with database.transaction() as tx:
        return {row.key: row.state for row in tx.connection.execute(select(delivery.c.key, delivery.c.state))}


def receipt(edge: Edge, last_read: object, *, key: str = "anna", where: str = "", **other: Any) -> Any:
    sent = edge.client(key).activity("message", edge.clock(), where or f"a:{key}")
    value = {"lastReadMessageId": last_read}
    conversation = {**sent["conversation"], **other.pop("conversation", {})}
    return {**sent, "type": "event", "name": EVENT, "value": value, "conversation": conversation, **other}


ELSEWHERE = "00000000-8888-7777-6666-555555555555"
# What is no receipt of hers, and the status that it is answered with.
NONE_OF_HERS: list[tuple[int, dict[str, Any]]] = [
    (200, {"conversation": {"conversationType": "channel"}}),
    (200, {"conversation": {"conversationType": "groupChat", "isGroup": True}}),
    (200, {"conversation": {"conversationType": None}}),
    (200, {"conversation": {"isGroup": True}}),
    (401, {"channelId": "webchat"}),
    (403, {"channelData": {"tenant": {"id": ELSEWHERE}}}),
    (403, {"conversation": {"tenantId": ELSEWHERE}}),
    (200, {"key": "nobody"}),
    (200, {"key": "nobody", "where": "a:anna"}),
    (200, {"key": "bilal", "where": "a:anna"}),
    (200, {"where": "a:earlier"}),
    (200, {"name": "application/vnd.microsoft.meetingStart"}),
    (200, {"name": None}),
    (200, {"value": None}),
    (200, {"value": [SECOND]}),
    (200, {"last_read": int(SECOND)}),
    (200, {"last_read": {"id": SECOND}}),
    (200, {"last_read": ""}),
    (200, {"last_read": "9" * 13}),
    (200, {"last_read": "1:made-up"}),
]


async def test_a_receipt_marks_what_its_person_was_sent_in_her_own_chat_and_only_forward(
    municipality: Database,
) -> None:
    with municipality.transaction() as tx:
        fill(tx)
    async with at_the_edge(municipality, sends=False) as edge:
        states, rows = states_in(municipality), unlogged(edge.rows())
        for status, other in NONE_OF_HERS:
            answer = await edge.post(receipt(edge, **{"last_read": SECOND, **other}))
            assert (answer.status, read_in(municipality)) == (status, {}), other
        assert (await edge.post(receipt(edge, FIRST))).status == 200
        assert read_in(municipality) == {"first": NOW}
        edge.clock.move_to(NOW + timedelta(minutes=5))
        for last_read in (FIRST, SECOND, SECOND, FIRST):
            assert (await edge.post(receipt(edge, last_read))).status == 200
        assert read_in(municipality) == {"first": NOW, "second": NOW + timedelta(minutes=5)}
        assert states_in(municipality) == states
        assert (unlogged(edge.rows()), edge.server.sent) == (rows, [])
