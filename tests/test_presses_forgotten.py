"""Presses, and rows of changed cards, are forgotten a piece at a time when nothing can ask for them any longer."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import func, insert, select, text, update

from dialogs.turn import Stored
from followup import AlertId, PersonId
from followup.messages.alerts import AlertRaised
from scheduler.jobs import KEEPS_REPLIES, Times
from scheduler.waking import tick, tick_piece
from storage.engine import schema
from storage.engine.database import Database, Transaction
from storage.engine.tables import delivery, handled
from storage.engine.vault import Vault, new_key
from storage.messages import changed_cards, ledger, queueing
from storage.messages import handled as presses
from storage.messages.changed_cards import CardMessage
from storage.messages.delivery import UPDATE
from storage.messages.handled import CARDS_LIVE, SENT_AGAIN
from tests.support.builders import at
from tests.support.query_plans import plans
from tests.support.turns import SAY, october

NOW = at("2026-11-02 09:00")
DAY = timedelta(days=1)
REPLY = Stored("report", {"task": 1, "version": 1, "signals": {}}).written()
MESSAGE = CardMessage("a:anna", "m1", person_id=PersonId(1))


def press(tx: Transaction, number: int = 1) -> None:
    assert presses.record(tx, f"press:{number}", REPLY, NOW, card=f"card{number}")


def keys(tx: Transaction) -> set[str]:
    return set(tx.connection.execute(select(handled.c.key)).scalars())


def test_a_reply_is_emptied_and_what_was_done_stays_known_for_as_long_as_its_card_lives(
    database: Database,
) -> None:
    with database.transaction() as tx:
        press(tx)
        tick(tx, NOW + KEEPS_REPLIES - DAY, Times())
        assert presses.of_card(tx, "card1") == [REPLY]
        tick(tx, NOW + KEEPS_REPLIES + DAY, Times())
        assert presses.of_card(tx, "card1") == []
        for later in (KEEPS_REPLIES + DAY, CARDS_LIVE - DAY):
            tick(tx, NOW + later, Times())
            assert presses.answered(tx, "press:1")["press:1"].reply == ""
        tick(tx, NOW + CARDS_LIVE + DAY, Times())
        assert keys(tx) == set()


def test_the_same_card_months_later_stores_nothing_anew(municipality: Database) -> None:
    anna = october(municipality).client("anna").look()
    found, ticked = anna.button(SAY("list.send")), {f"normal{anna.chat.task('AKT-1').id}": "true"}
    anna.send(found, ticked, activity="telephone")
    anna.chat.wake("2027-07-01 09:00")
    again = anna.send(found, ticked, activity="computer")
    assert (again.card, again.notice) == (None, SAY("press.taken"))
    assert len(anna.chat.versions("AKT-1")) == 1


@pytest.mark.parametrize("arrived", [True, False])
def test_what_was_typed_is_known_for_as_long_as_it_may_be_sent_again(
    database: Database, arrived: bool
) -> None:
    with database.transaction() as tx:
        presses.record(tx, "activity:1", None, NOW)
        if arrived:
            presses.mark_answered(tx, "activity:1")
        tick(tx, NOW + SENT_AGAIN - DAY, Times())
        assert keys(tx) == {"activity:1"}
        tick(tx, NOW + SENT_AGAIN + DAY, Times())
        assert keys(tx) == set()


def test_what_was_kept_before_rows_said_for_how_long_is_not_forgotten_early(database: Database) -> None:
    with database.transaction() as tx:
        tx.connection.execute(insert(handled).values(key="press:old", at=NOW, reply=tx.vault.seal("")))
        tick(tx, NOW + CARDS_LIVE, Times())
        assert keys(tx) == {"press:old"}


def test_each_piece_is_bounded_and_what_is_left_is_due_again(database: Database) -> None:
    late, most = NOW + KEEPS_REPLIES + DAY, 4
    with database.transaction() as tx:
        for number in range(10):
            press(tx, number)
        for number in range(5):
            presses.record(tx, f"activity:{number}", None, NOW)
            changed(tx, number)
        tx.connection.execute(update(delivery).values(state="sent"))
    counts, more = [left(database)], True
    while more:
        with database.transaction() as tx:
            more = tick_piece(tx, late, Times(), most).more
        counts.append(left(database))
    assert counts[0] == 20
    assert counts[-1] == 0
    assert max(before - after for before, after in pairwise(counts)) <= most


def left(database: Database) -> int:
    """Rows that are due to be emptied or deleted."""
    with database.transaction() as tx:
        kept = select(func.count()).where(handled.c.card.is_not(None) | handled.c.key.startswith("activity"))
        updates = select(func.count()).where(delivery.c.kind == UPDATE)
        return int(tx.connection.execute(kept).scalar_one() + tx.connection.execute(updates).scalar_one())


def changed(tx: Transaction, number: int = 1) -> None:
    message = CardMessage("a:anna", f"m{number}", channel="quality")
    changed_cards.change(tx, message, {"what": "report", "numbers": {}}, None, NOW)


@pytest.mark.parametrize(
    ("state", "goes"),
    [
        ("sent", True),
        ("failed", True),
        ("cancelled", True),
        ("ready", False),
        ("sending", False),
        ("uncertain", False),
    ],
)
def test_only_a_changed_card_that_has_come_to_its_end_is_forgotten(
    database: Database, state: str, goes: bool
) -> None:
    with database.transaction() as tx:
        changed(tx)
        queueing.queue(tx, "alert", AlertRaised(AlertId(1)), NOW, channel="quality")
        tx.connection.execute(update(delivery).values(state=state))
        early = changed_cards.forget(tx, NOW, 10)
        late = changed_cards.forget(tx, NOW + DAY, 10)
        kinds = list(tx.connection.execute(select(delivery.c.kind)).scalars())
    assert (early, late) == (0, int(goes))
    assert kinds == ([AlertRaised.kind] if goes else [UPDATE, AlertRaised.kind])


def test_a_message_whose_row_was_forgotten_is_changed_again(database: Database) -> None:
    with database.transaction() as tx:
        changed(tx)
        tx.connection.execute(update(delivery).values(state="sent"))
        assert changed_cards.forget(tx, NOW + DAY, 10) == 1
        changed(tx)
        assert [one.kind for one in ledger.listed(tx, ("ready",))] == [UPDATE]


@pytest.mark.sqlite("läser SQLites frågeplan")
@pytest.mark.parametrize(
    ("forgotten", "index"),
    [
        (lambda tx: presses.forget_replies(tx, NOW, 9), "ix_handled_kept_at"),
        (lambda tx: presses.forget(tx, NOW, 9), "ix_handled_known_until"),
        (lambda tx: changed_cards.forget(tx, NOW, 9), "ix_delivery_update_not_before"),
    ],
)
def test_what_is_to_be_forgotten_is_found_by_index_and_never_by_a_walk(
    database: Database, forgotten: Callable[[Transaction], int], index: str
) -> None:
    with database.transaction() as tx:
        plan = plans(tx, lambda: forgotten(tx))
    assert any(index in step for step in plan)
    assert not [step for step in plan if step.startswith("SCAN")]


def test_what_was_kept_before_is_emptied_in_its_time_whether_its_card_was_known_or_not(
    tmp_path: Path,
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.db'}", Vault([new_key()]))
    config = schema._config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0018")
        for key, reply, card in (("whole", REPLY, None), ("kept", REPLY, "card1"), ("emptied", "", "card2")):
            row = {"key": key, "at": "2026-11-02 08:00:00.000000", "card": card}
            asked = text("insert into handled (key, at, reply, card) values (:key, :at, :reply, :card)")
            connection.execute(asked, {**row, "reply": database.vault.seal(reply)})
    schema.migrate(database)
    assert schema.drift(database) == []
    with database.transaction() as tx:
        assert [presses.forget_replies(tx, NOW + DAY, 1) for _ in range(3)] == [1, 1, 0]
        known = [presses.answered(tx, key)[key].reply for key in ("whole", "kept", "emptied")]
    assert known == ["", "", ""]
    database.close()
