"""A level that becomes red changes its unit's open card, and is told of where not all of the team has it."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, select, update

from followup import AlertId
from followup.messages.alerts import AlertRaised
from services.acting import Refused
from services.quality_team import tell_of_alert
from services.signals.raising import raise_signal
from storage.alerts import alerts
from storage.engine.database import Database, Transaction
from storage.engine.tables import alert, conversation, person
from storage.messages import conversations, ledger, settling
from storage.messages.conversations import Address
from storage.messages.delivery import QUALITY_CHANNEL
from tests.support.builders import Register, at
from tests.support.deeds import acting
from tests.support.turns import SLAP, october

MONDAY = at("2026-11-02 09:00")
CHAT, CHANNEL = Address("a:karin", "http://teams/"), Address("19:quality", "http://teams/")


def nothing(_: Transaction) -> None:
    """The team and its channel are as they were."""


def another_comes(tx: Transaction) -> None:
    Register(tx).person("kim", "quality")


def a_channel_is_chosen(tx: Transaction) -> None:
    conversations.remember(tx, CHANNEL, MONDAY, channel=QUALITY_CHANNEL)


def she_leaves_and_another_comes(tx: Transaction) -> None:
    another_comes(tx)
    tx.connection.execute(update(person).where(person.c.key == "karin").values(active=False))


@pytest.mark.parametrize(
    ("since", "told"),
    [
        (nothing, []),
        (another_comes, ["karin", "kim"]),
        (she_leaves_and_another_comes, ["kim"]),
        (a_channel_is_chosen, ["channel"]),
    ],
)
def test_a_red_level_is_told_of_where_the_open_card_does_not_stand_with_all_of_the_team_of_now(
    municipality: Database, since: Callable[[Transaction], None], told: list[str]
) -> None:
    october(municipality)
    with acting(municipality, "karin", MONDAY) as karin:
        karin.tx.connection.execute(delete(conversation).where(conversation.c.channel == QUALITY_CHANNEL))
        assert not isinstance(raise_signal(karin, {**SLAP, "unit": "1"}), Refused)
        tx = karin.tx
        event = alerts.open_after(tx, AlertId(0), 1)[0]
        [sent] = ledger.starting(tx, AlertRaised(event.id).keys)
        settling.settle(
            tx, sent.id, "sent", sent_at=MONDAY, conversation_id=CHAT.conversation_id, activity_id="1"
        )
        since(tx)
        score_id = tx.connection.execute(select(alert.c.score_id)).scalar_one()
        level = alerts.raise_new(
            tx,
            event.unit_id,
            "band",
            "red-2026-11-02",
            score_id=score_id,
            signal_id=None,
            band_before="green",
            band_after="red",
            now=MONDAY,
        )
        assert level is not None
        tell_of_alert(tx, level, MONDAY)
        keys = ledger.keys_starting(tx, AlertRaised(level.id).keys)
    assert sorted(key.rpartition(":")[2] for key in keys) == told
