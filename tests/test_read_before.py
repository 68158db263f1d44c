"""What reads every unit is read beside the writer: the turn logs it, answers, and reads nothing for it itself."""

import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bench.scale_register import Size, fill
from bot import turns
from bot.turns import Answer
from dialogs.commands.registered import COMMANDS, VERBS
from dialogs.switchboard import READS_A_UNIT, READS_MUCH
from dialogs.turn import Press, ReadBefore, Said
from followup.access.municipality import USUAL_MUNICIPALITY
from scheduler.jobs import Times
from scheduler.waking import tick
from storage.engine.database import Database, Transaction
from storage.engine.tables import person
from storage.log import access_log
from tests.conftest import open_file
from tests.support import municipality as small
from tests.support.builders import aad, at
from tests.support.deeds import trial
from tests.support.desk import alerted
from tests.test_idle_tick import asked

NOW, NONCE = at("2026-11-05 09:00"), "0" * 32
SMALL, LARGE = Size(45), Size(450)
TYPED = ("läge", "obesvarade", "utförare Utförare 1", "brister")
PRESSED = ("status", "unanswered", "digest_now", "reassign_form", "own_faults")


def typed(text: str, key: str = "m1") -> Said:
    return Said(aad(key), f"a:{key}", f"{text} {key}", "http://127.0.0.1/teams/", text=text)


def pressed(verb: str, key: str = "m1") -> Said:
    return replace(typed("", key), activity_id=verb, press=Press(verb, {"nonce": "n1"}))


SAID = [*map(typed, TYPED), *map(pressed, PRESSED)]


@pytest.fixture
def town(on_sqlite: Database) -> Database:
    settle(on_sqlite, SMALL)
    return on_sqlite


def settle(database: Database, size: Size) -> None:
    with database.transaction() as tx:
        fill(tx, size)
        tick(tx, at("2026-11-02 08:00"), Times())


def read(database: Database, said: Said) -> ReadBefore | None:
    with database.reading() as tx:
        return turns.read_before(tx, said, NOW, USUAL_MUNICIPALITY)


def answered(database: Database, said: Said, before: ReadBefore | None) -> tuple[Answer, int]:
    """The answer, and how many statements the turn asked the database."""
    asked: list[str] = []
    with database.transaction() as tx:
        driver: Any = tx.connection.connection.driver_connection
        driver.set_trace_callback(asked.append)
        answer = turns.take(tx, said, NOW, NONCE, read=before)
        driver.set_trace_callback(None)
    return answer, len(asked)


def logged(tx: Transaction) -> list[tuple[object, ...]]:
    return [(one.entry.act, str(one.entry.subject), one.entry.seen) for one in access_log.everything(tx)]


def test_what_reads_much_is_something_that_people_can_say() -> None:
    assert {one.name for one in COMMANDS} | set(VERBS) >= READS_MUCH | READS_A_UNIT
    assert all(turns.reads_much(said) for said in SAID)
    assert not turns.reads_much(pressed("hand_in_report"))


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
def test_what_is_typed_is_held_against_every_name_beside_the_writer_though_it_shows_little(
    town: Database,
) -> None:
    for text in ("hjälp", "mina", "signaler", "hur går det på Enhet 2"):
        beside = read(town, typed(text))
        assert beside is not None
        with trial(town) as tx:
            here = turns.take(tx, typed(text), NOW, NONCE)
            logged(tx)
        answer, asked = answered(town, typed(text), beside)
        assert (answer, asked < 25) == (here, True)


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
@pytest.mark.parametrize("said", SAID, ids=[*TYPED, *PRESSED])
def test_it_is_answered_and_logged_as_if_it_had_been_read_in_the_turn(town: Database, said: Said) -> None:
    with trial(town) as tx:
        before = len(logged(tx))
        here = turns.take(tx, said, NOW, NONCE)
        of_here = logged(tx)[before:]
    beside = read(town, said)
    assert beside is not None
    assert answered(town, said, beside)[0] == here
    assert here.card is not None or here.text or here.notice
    with town.transaction() as tx:
        assert logged(tx)[before:] == of_here != []


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
def test_the_turn_asks_as_little_in_a_large_town_as_in_a_small_one(migrated: Path, tmp_path: Path) -> None:
    numbers = []
    for size in (SMALL, LARGE):
        path = tmp_path / f"{size.placements}.db"
        shutil.copy(migrated, path)
        with closing(open_file(path)) as town:
            settle(town, size)
            numbers.append([answered(town, said, read(town, said))[1] for said in SAID])
    assert numbers[0] == numbers[1]
    assert max(numbers[0]) < 25


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
def test_all_the_evidence_of_a_unit_is_read_beside_the_writer_for_ones_own_chat(on_sqlite: Database) -> None:
    small.settle(on_sqlite)
    chat = alerted(on_sqlite)
    for verb in READS_A_UNIT - {"show_report_row"}:
        press = Press(verb, {"nonce": "n1", "alert": 1, "signal": 1})
        said = replace(typed("", "karin"), activity_id=verb, press=press)
        assert not turns.reads_much(replace(said, channel=True))
        beside = chat.read_before(said)
        assert beside is not None
        with on_sqlite.transaction() as tx, asked(tx) as statements:
            answer = turns.take(tx, said, chat.now, NONCE, read=beside)
        assert answer.card is not None
        assert not [one for one in statements if "report.tells" in one]


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
def test_what_was_read_for_whom_she_was_is_not_shown_to_whom_she_has_become(town: Database) -> None:
    said = typed("läge")
    beside = read(town, said)
    assert beside is not None
    with town.transaction() as tx:
        tx.connection.execute(update(person).where(person.c.key == "m1").values(role="worker"))
    answer, _ = answered(town, said, beside)
    assert answer.card is None
    with town.transaction() as tx:
        assert ("refused", "conversation:status", ()) in logged(tx)
        assert "status" not in [subject for act, subject, _ in logged(tx) if act == "read"]


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
@pytest.mark.parametrize("key", ["w1", "nobody"])
def test_nothing_is_read_for_whom_may_not_see_it(town: Database, key: str) -> None:
    said = typed("läge", key)
    beside = read(town, said)
    assert (beside.reply if beside else None) is None
    assert answered(town, said, beside)[0].card is None


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
def test_nothing_is_read_where_others_look_on_and_it_is_not_shown_there(town: Database) -> None:
    beside = read(town, replace(typed("obesvarade"), channel=True))
    assert beside is not None
    assert beside.reply is None
