"""A deed reads none of a unit's evidence where it is stored; the card that tells of it is read when it is committed."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from bot import turns
from bot.app import assembled
from bot.clock import ManualClock
from bot.settings import Settings
from dialogs.turn import Press, Said
from followup.access.municipality import USUAL_MUNICIPALITY
from storage.engine.database import Database, Transaction
from storage.engine.tables import delivery
from storage.messages.delivery import UPDATE
from tests.support import municipality as small
from tests.support.builders import aad
from tests.support.desk import alerted, newest
from tests.support.logged_acts import acts
from tests.support.turns import SAY, Chat, readable
from tests.test_idle_tick import asked

NONCE = "0" * 32
EVIDENCE = "report.tells"


def take_alert(key: str = "karin") -> Said:
    press = Press("take_alert", {"nonce": "n1", "alert": 1})
    said = Said(aad(key), f"a:{key}", f"take {key}", "http://127.0.0.1/teams/", press=press)
    return replace(said, reply_to_id="message-1")


@pytest.fixture
def desk(on_sqlite: Database) -> Chat:
    small.settle(on_sqlite)
    return alerted(on_sqlite)


def reads_logged(tx: Transaction) -> int:
    return len([subject for _, _, subject in acts(tx, "read") if subject == "alert:1"])


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
def test_a_deed_owes_its_cards_update_and_reads_its_units_evidence_when_it_is_committed_and_logs_that(
    desk: Chat,
) -> None:
    said, database = take_alert(), desk.database
    with database.transaction() as tx, asked(tx) as statements:
        taken = turns.take(tx, said, desk.now, NONCE)
    assert (taken.card, taken.stored) == (None, True)
    assert taken.to_read is not None
    assert not [one for one in statements if EVIDENCE in one]
    with database.transaction() as tx:
        of_messages = select(delivery.c.activity_id).where(
            delivery.c.kind == UPDATE, delivery.c.state == "ready"
        )
        assert [*tx.connection.scalars(of_messages)] == ["message-1"]
        logged = reads_logged(tx)
    with database.reading() as tx, asked(tx) as statements:
        read = turns.read_after(tx, said, taken.to_read, desk.now, USUAL_MUNICIPALITY)
    assert [one for one in statements if EVIDENCE in one]
    with database.transaction() as tx:
        shown = turns.show(tx, said, taken, read, desk.now, NONCE)
        assert reads_logged(tx) == logged + 1
    assert shown.card is not None
    assert newest(desk).owner_id is not None
    assert "Karin" in readable(shown.card)


@pytest.mark.sqlite("låter SQLites drivrutin inte läsa")
async def test_a_deed_whose_card_cannot_be_read_is_told_to_be_saved(desk: Chat, tmp_path: Path) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("", {}, Exception("disk I/O error"))

    settings = Settings(local=True, port=1, var=tmp_path)
    async with assembled(settings, desk.database, ManualClock(desk.now)) as (bot, _):
        event.listen(desk.database.reading_engine, "before_cursor_execute", fail)
        answer = await bot.take(take_alert())
        event.remove(desk.database.reading_engine, "before_cursor_execute", fail)
        assert (answer.card, answer.notice) == (None, SAY("receipt.saved"))
        again = await bot.take(take_alert())
    assert again.again
    assert again.card is not None
    assert newest(desk).owner_id is not None
