"""What `check` finds: scores that do not follow from their inputs, selections that the access log tells otherwise."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from sqlalchemy import select, text

from followup.risk.proof import sha256_of
from followup.times.month import Month
from services.selection.selecting import Plan, WantedAdjustment, adjust, draw, freeze, lock
from services.verification import faults_in_scores, faults_in_selections
from storage.engine.database import Database, Transaction
from storage.engine.tables import score
from storage.log.log_guards import GUARDS
from storage.register import units
from storage.risk import scores
from tests.support.builders import at
from tests.support.selection_builders import fill_town, somebody
from tests.support.told_once import told_once
from tests.support.turns import SAY, SLAP, october
from tests.test_commands import UNIT, Shell, filled, shell

__all__ = ["filled", "shell"]
NOW = at("2026-11-04 10:00")


def found(database: Database, look: Callable[[Transaction], object]) -> list[str]:
    with database.transaction() as tx:
        return [SAY.say(one) for one in look(tx)]  # type: ignore[attr-defined]


@told_once
def scored(municipality: Database) -> Database:
    """With a month behind it, an event, and readings at month ends and between."""
    chat = october(municipality)
    anna = chat.client("anna")
    for _ in range(3):
        anna.say("avvikelse")
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


@pytest.mark.parametrize(
    "taken", ["delete from score where {}", "update score set month_end = false where {}"]
)
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
        tx.connection.execute(text(f"update score set month_end = true where id = {number}"))
    assert any(
        f"Risktal {number} " in one and "month_end" in one for one in found(database, faults_in_scores)
    )


@pytest.fixture
def selected(database: Database) -> Database:
    return with_a_selection(database)


@told_once
def with_a_selection(database: Database) -> Database:
    """The year's selection, with a unit put in and another taken out, locked."""
    with database.transaction() as tx:
        fill_town(tx)
        karin = somebody(tx)
        cycle = freeze(tx, Plan(2026, "Lotto 28 november"), karin, NOW)
        draw(tx, cycle, "4 8 15", karin, NOW)
        for change in (
            WantedAdjustment("remove", "ASPEN", "Stänger."),
            WantedAdjustment("add", "VILAR", "Öppnar."),
        ):
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
        for name in GUARDS["sqlite"]:
            connection.execute(f"drop trigger {name}")
        connection.execute("update access_log set stranger = 'någon annan' where id = 1")
        connection.commit()
    result = filled.run("check", "--json")
    said = json.loads(result.stdout)
    assert (result.exit_code, said["ok"], len(said["faults"])) == (3, False, 2 + len(GUARDS["sqlite"]))
    restore = SAY("cli.check.remedy.restore")
    assert said["problem"] == f"{SAY('cli.check.faults', n=2 + len(GUARDS['sqlite']))} {restore}"
    assert "post 1 stämmer inte" in filled.run("check").stdout
