"""What is decided about by one at a time is taken in one order, so that no two wait for each other."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import select

from followup import TaskId, UnitId
from storage.engine.database import Database, Transaction
from storage.engine.lock_order import Held, Lock, LockOrderWarning, out_of_order
from storage.engine.locks import hold, hold_task, hold_unit
from storage.engine.tables import delivery
from storage.messages import changed_cards, handled, ledger, pacing
from storage.messages.changed_cards import CardMessage
from tests.support.builders import Register, at
from tests.test_writer import together

PAGE = (Path(__file__).parent.parent / "docs" / "postgresql.md").read_text(encoding="utf-8")
NOW = at("2026-11-02 09:00")


@pytest.mark.parametrize(
    ("held", "found"),
    [
        ([], []),
        ([("press", "a"), ("task", 3), ("unit", 1), ("log", "main")], []),
        ([("unit", 1), ("unit", 4), ("turn", "signal_turn")], []),
        ([("unit", 4), ("unit", 1)], [(("unit", 1), ("unit", 4))]),
        ([("unit", 1), ("task", 3)], [(("task", 3), ("unit", 1))]),
        # Each is held against all before it, not only against the last.
        ([("unit", 4), ("task", 3), ("unit", 1)], [(("task", 3), ("unit", 4)), (("unit", 1), ("unit", 4))]),
        ([("pace", 1), ("card", "c"), ("log", "main")], [(("card", "c"), ("pace", 1))]),
        ([("named", "edition"), ("named", "closing:3")], [(("named", "closing:3"), ("named", "edition"))]),
    ],
)
def test_one_that_should_have_come_before_another_is_found(held: list[Held], found: object) -> None:
    assert out_of_order(held) == found


def unit_then_task(tx: Transaction) -> None:
    hold_unit(tx, UnitId(1))
    hold_task(tx, TaskId(1))


def higher_unit_first(tx: Transaction) -> None:
    hold_unit(tx, UnitId(2))
    hold_unit(tx, UnitId(1))


def change_a_card_and_fail(tx: Transaction) -> None:
    changed_cards.change_later(
        tx, CardMessage("of", "nobody", channel="quality"), {"what": "alert", "numbers": {"alert": 1}}, NOW
    )
    raise ValueError("no")


@pytest.mark.sqlite("handlar om arbeten som delar transaktion, vilket de gör på SQLite")
async def test_a_card_that_work_was_to_change_is_left_as_it_was_where_the_work_is_undone(
    on_sqlite: Database,
) -> None:
    await together(on_sqlite, lambda _: None, change_a_card_and_fail)
    with on_sqlite.transaction() as tx:
        assert tx.connection.scalar(select(delivery.c.key)) is None


def pace_then_press(tx: Transaction) -> None:
    pacing.open_pace(tx, NOW, 45)
    handled.claim(tx, "card")


@pytest.mark.parametrize("work", [unit_then_task, higher_unit_first, pace_then_press])
async def test_work_that_takes_them_otherwise_is_warned_of(
    database: Database, work: Callable[[Transaction], None]
) -> None:
    with pytest.warns(LockOrderWarning, match="was taken after"):
        await database.run(work)
    with pytest.warns(LockOrderWarning), database.piece() as tx:
        work(tx)


async def test_what_is_held_already_is_in_nobodys_way_and_each_work_begins_anew(database: Database) -> None:
    with database.transaction() as tx:
        register = Register(tx)
        first, second = (register.unit(name) for name in ("E1", "E2"))

    def both(tx: Transaction) -> None:
        for unit_id in (first, second, first):
            hold_unit(tx, unit_id)
        hold(tx, "signal_turn", "turn")

    await database.run(both)
    await database.run(both)


async def test_cards_that_one_press_changes_are_taken_in_their_order_with_the_one_that_was_pressed(
    database: Database,
) -> None:
    """Of units that the work holds one after the other too, whose cards come after all of them."""

    def later(tx: Transaction, name: str) -> None:
        changed_cards.change_later(tx, CardMessage(name, "1", channel="quality"), {"what": "alert"}, NOW)

    def press(tx: Transaction) -> list[str]:
        for unit_id, name in ((1, "c"), (2, "a")):
            hold_unit(tx, UnitId(unit_id))
            later(tx, name)
        pressed = CardMessage("b", "1", channel="quality")
        changed_cards.do_changes(tx, pressed)
        changed_cards.change(tx, pressed, {"what": "report"}, None, NOW)
        later(tx, "d")
        return [str(which) for lock, which in tx.held if lock == "card"]

    assert await database.run(press) == [f"update:{name}:1" for name in "abc"]
    with database.transaction() as tx:
        assert len(ledger.listed(tx, ("ready",))) == 4


def test_the_page_tells_of_each_in_the_order_in_which_it_is_taken() -> None:
    table = PAGE.partition("## Which locks there are")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == list(get_args(Lock))
