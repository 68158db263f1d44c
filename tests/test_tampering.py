"""What `check` finds: an access log that was changed, scores that do not follow from their inputs, keys out of use."""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from assessment.selecting import Change, Plan, adjust, draw, freeze, lock
from assessment.verification import faults_in_log, faults_in_scores, faults_in_selections
from followup.chain import START, link
from followup.month import Month
from followup.proof import sha256_of
from storage import access_log, log_reviews, schema, scores, units
from storage.access_log import GUARDS
from storage.database import Database, Transaction
from storage.resealing import reseal
from storage.tables import access_log as log_table
from storage.tables import score
from storage.vault import Vault, new_key
from tests.builders import Register, at
from tests.conftest import open_file
from tests.selection_builders import fill_town, somebody
from tests.test_commands import UNIT, Shell, filled, shell
from tests.turns import SAY, SLAP, october

__all__ = ["filled", "shell"]
NOW = at("2026-11-04 10:00")


def log_of(tx: Transaction, *reasons: str) -> None:
    Register(tx).person("karin", "quality")
    for number, reason in enumerate(reasons):
        access_log.record(tx, "read", f"case_reference:A-{number}", NOW, person_id=1, reason=reason)


def found(database: Database, look: Callable[[Transaction], object] = faults_in_log) -> list[str]:
    with database.transaction() as tx:
        return [SAY.say(one) for one in look(tx)]  # type: ignore[attr-defined]


def tamper(database: Database, statement: str) -> None:
    """As somebody would who has the file and takes the guards away first, and puts them back."""
    with database.transaction() as tx:
        guards = tx.connection.execute(text("select sql from sqlite_master where type = 'trigger'")).scalars()
        kept = list(guards)
        for name in GUARDS:
            tx.connection.execute(text(f"drop trigger {name}"))
        tx.connection.execute(text(statement))
        for sql in kept:
            tx.connection.execute(text(sql))


def test_each_entry_hangs_on_the_one_before(tx: Transaction) -> None:
    log_of(tx, "ett", "två", "tre")
    first, second, _ = access_log.everything(tx)
    assert first.hash == link(START, first.entry)
    assert second.hash == link(first.hash, second.entry)
    assert second.entry.reason == "två"


@pytest.mark.parametrize(
    "change",
    [
        "update access_log set person_id = null where id = 2",
        "update access_log set subject = 'case_reference:A-9' where id = 2",
        "update access_log set at = '2026-11-04 08:00:00.000000' where id = 2",
        "update access_log set records = 0 where id = 2",
        "update access_log set detail = 'placements 7' where id = 2",
        "update access_log set reason = null where id = 2",
        "update access_log set reason = x'00' where id = 2",
        "update access_log set hash = 'x' where id = 2",
        "update access_log set id = 9 where id = 2",
        "delete from access_log where id = 2",
    ],
)
def test_one_changed_row_of_the_log_is_found(database: Database, change: str) -> None:
    with database.transaction() as tx:
        log_of(tx, "ett", "två", "tre")
    assert found(database) == []
    tamper(database, change)
    assert [one.split(":")[0] for one in found(database)] == ["Åtkomstloggen är ändrad"]


def test_rows_taken_from_the_end_are_missed_by_the_last_review(database: Database) -> None:
    with database.transaction() as tx:
        log_of(tx, "ett", "två", "tre")
        log_reviews.save(tx, "2026-Q3", 1, "Inget.", 0, NOW)
    assert found(database) == []
    tamper(database, "delete from access_log where id = 3")
    assert found(database) == [SAY("check.log.cut", quarter="2026-Q3", n=3)]


@pytest.mark.parametrize("change", ["update access_log set subject = 'x'", "delete from access_log"])
def test_the_database_itself_refuses_to_change_the_log(database: Database, change: str) -> None:
    with database.transaction() as tx:
        log_of(tx, "ett")
    with pytest.raises(DBAPIError, match="the access log only grows"), database.transaction() as tx:
        tx.connection.execute(text(change))


def test_a_guard_that_was_taken_away_is_found(database: Database) -> None:
    with database.transaction() as tx:
        tx.connection.execute(text(f"drop trigger {GUARDS[1]}"))
    assert found(database) == [SAY("check.log.unguarded", name=GUARDS[1])]


async def test_work_that_is_undone_in_a_shared_transaction_leaves_the_chain_whole(database: Database) -> None:
    def works(tx: Transaction) -> None:
        access_log.record(tx, "read", "one", NOW, stranger="x")

    def fails(tx: Transaction) -> None:
        works(tx)
        raise ValueError

    pieces = [works, fails, works, fails, works]
    await asyncio.gather(*(database.run(one) for one in pieces), return_exceptions=True)
    assert found(database) == []
    with database.transaction() as tx:
        assert access_log.head(tx)[0] == 3


def test_the_chain_stands_when_the_keys_have_been_changed(database: Database) -> None:
    older, newer = new_key(), new_key()
    for keys in ([older], [newer, older], [newer]):
        again = Database(database.url, Vault(keys))
        if keys == [older]:
            with again.transaction() as tx:
                log_of(tx, "ett", "två")
        list(reseal(again))
        assert found(again) == []
        again.close()


def test_entries_from_before_there_was_a_chain_get_theirs_when_the_database_is_upgraded(
    tmp_path: Path,
) -> None:
    database = open_file(tmp_path / "old.db")
    with database.engine.begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        for subject in ("report:1", "evidence:unit:Å-1"):
            connection.execute(
                text(
                    "insert into access_log (at, stranger, act, subject) values "
                    "('2026-10-01 08:00:00.123456', 'någon', 'read', :subject)"
                ),
                {"subject": subject},
            )
    schema.migrate(database)
    assert (found(database), schema.drift(database)) == ([], [])
    with database.transaction() as tx:
        access_log.record(tx, "read", "report:2", NOW)
        assert [one.entry.subject for one in access_log.everything(tx)][-1] == "report:2"
    assert found(database) == []
    database.close()


def scored(municipality: Database) -> Database:
    """With a month behind it, an event, and readings at month ends and between."""
    chat = october(municipality)
    anna = chat.client("anna")
    anna.say("signal")
    anna.press(SAY("signal.hand_in"), {**SLAP, "placement": str(chat.task("AKT-3").placement.id)})
    for moment in ("2026-11-16 08:00", "2026-12-01 08:00", "2027-02-01 08:00", "2027-04-01 08:00"):
        chat.wake(moment)
    return municipality


def test_every_score_of_half_a_year_follows_from_its_inputs(municipality: Database) -> None:
    database = scored(municipality)
    assert found(database, faults_in_scores) == []
    with database.transaction() as tx:
        stored = [one for unit in units.all_units(tx) for one, _ in scores.in_order_stored(tx, unit.id)]
    assert len(stored) > 15
    assert {one.rate_band for one in stored} > {"green"}


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("r = r + 0.000001", "r"),
        ("p = 0.1", "p"),
        ('"index" = 3', "index"),
        ("o = o + 1", "o"),
        ("n = n + 1", "n"),
        ("shown = 'green'", "shown"),
        ("rate_band = 'red', shown = 'red'", "rate_band"),
        ("calm = calm + 1", "calm"),
        ("red_since = '2026-01-01'", "red_since"),
        ("floor = null, shown = rate_band", "floor"),
        ("enough = not enough", "enough"),
        ("inputs = replace(inputs, 'A-1', 'A-2')", "inputs_sha256"),
        ("inputs_sha256 = 'x'", "inputs_sha256"),
        ("as_of = '2026-11-03'", "as_of"),
    ],
)
def test_one_changed_score_is_found(municipality: Database, change: str, what: str) -> None:
    database = scored(municipality)
    with database.transaction() as tx:
        red = select(score.c.id).where(score.c.floor == "red", score.c.rate_band != "red")
        number = tx.connection.execute(red.order_by(score.c.id).limit(1)).scalar_one()
        tx.connection.execute(text(f"update score set {change} where id = {number}"))
    told = found(database, faults_in_scores)
    assert any(f"Risktal {number} " in one and what in one for one in told)


@pytest.mark.parametrize("taken", ["delete from score where {}", "update score set month_end = 0 where {}"])
def test_a_month_end_that_was_taken_away_is_found(municipality: Database, taken: str) -> None:
    database = scored(municipality)
    with database.transaction() as tx:
        month_ends = select(score.c.unit_id, score.c.as_of).where(score.c.month_end).order_by(score.c.id)
        unit_id, day = tx.connection.execute(month_ends.offset(1).limit(1)).one()
        where = f"unit_id = {unit_id} and as_of = '{day}' and month_end"
        tx.connection.execute(text(taken.format(where)))
        key = units.get(tx, unit_id).key
    assert SAY("check.no_month_end", unit=key, month=Month.of(day)) in found(database, faults_in_scores)


def test_an_ordinary_reading_made_into_a_month_end_is_found(municipality: Database) -> None:
    database = scored(municipality)
    with database.transaction() as tx:
        last = select(score.c.id).where(~score.c.month_end).order_by(score.c.id.desc()).limit(1)
        number = tx.connection.execute(last).scalar_one()
        tx.connection.execute(text(f"update score set month_end = 1 where id = {number}"))
    assert any(
        f"Risktal {number} " in one and "month_end" in one for one in found(database, faults_in_scores)
    )


@pytest.fixture
def selected(database: Database) -> Database:
    """The year's selection, with a unit put in and another taken out, locked."""
    with database.transaction() as tx:
        fill_town(tx)
        karin = somebody(tx)
        cycle = freeze(tx, Plan(2026, "Lotto 28 november"), karin, NOW)
        draw(tx, cycle, "4 8 15", karin, NOW)
        for change in (Change("remove", "ASPEN", "Stänger."), Change("add", "VILAR", "Öppnar.")):
            adjust(tx, cycle, change, karin, NOW)
        lock(tx, cycle, karin, NOW)
    return database


def test_a_selection_that_nobody_touched_agrees_with_the_log(selected: Database) -> None:
    assert found(selected, faults_in_selections) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            "update selection_cycle set frame = replace(frame, 'EKEN', 'ALEN')",
            "har ändrats efter att den frystes",
        ),
        ("update selection_cycle set frame = 'x'", "har ändrats efter att den frystes"),
        ("update selection_cycle set frame_hash = 'x'", "frysningen, låsningen"),
        ("update selection_cycle set public_value = '4 8 16'", "åtkomstloggen: dragningen"),
        ("update selection_cycle set locked_at = null, locked_by = null", "åtkomstloggen: låsningen"),
        ("update selection_adjustment set act = 'add'", "åtkomstloggen: justeringarna"),
        ("delete from selection_adjustment where act = 'remove'", "åtkomstloggen: justeringarna"),
    ],
)
def test_a_selection_that_was_changed_by_hand_is_found(selected: Database, change: str, said: str) -> None:
    with selected.transaction() as tx:
        tx.connection.execute(text(change))
    told = found(selected, faults_in_selections)
    assert any(said in one for one in told), told


def test_a_frame_that_was_changed_together_with_its_hash_is_found(selected: Database) -> None:
    with selected.transaction() as tx:
        frame = tx.connection.execute(text("select frame from selection_cycle")).scalar_one()
        forged = frame.replace('"EKEN"', '"EKET"')
        values = {"frame": forged, "hash": sha256_of(forged)}
        tx.connection.execute(text("update selection_cycle set frame = :frame, frame_hash = :hash"), values)
    assert [one.split(": ")[1] for one in found(selected, faults_in_selections)] == ["frysningen, låsningen."]


def test_a_selection_that_was_deleted_is_found(selected: Database) -> None:
    with selected.transaction() as tx:
        for table in ("action", "follow_up_version", "follow_up", "selection_adjustment", "selection_cycle"):
            tx.connection.execute(text(f"delete from {table}"))
    assert found(selected, faults_in_selections) == [SAY("check.selection.gone", number=1)]


def test_a_tampered_row_ends_check_with_the_faults_named(filled: Shell) -> None:
    filled.run("risk", UNIT)
    shown = filled.shows("check")
    assert (shown["ok"], shown["faults"], shown["rows_under_an_old_key"]) == (True, [], 0)
    assert shown["log_entries"] >= 2
    with closing(sqlite3.connect(filled.database)) as connection:
        connection.execute("update score set r = r + 1 where id = (select max(id) from score)")
        for name in GUARDS:
            connection.execute(f"drop trigger {name}")
        connection.execute("update access_log set stranger = 'någon annan' where id = 1")
        connection.commit()
    result = filled.run("check", "--json")
    said = json.loads(result.stdout)
    assert (result.exit_code, said["ok"], len(said["faults"])) == (3, False, 4)
    assert said["problem"] == SAY("cli.check.faults", n=4)
    assert "post 1 stämmer inte" in filled.run("check").stdout


def test_an_entry_that_is_put_in_by_hand_is_found(database: Database) -> None:
    with database.transaction() as tx:
        log_of(tx, "ett")
        forged = {"at": NOW, "act": "read", "subject": "x", "records": 1, "hash": "0" * 64}
        tx.connection.execute(insert(log_table).values(**forged))
    assert len(found(database)) == 1
