"""Changing the key that seals: everything sealed, a batch at a time, however often it is interrupted."""

import json
from collections.abc import Iterator
from itertools import islice

import pytest
from sqlalchemy import LargeBinary, insert, select

from storage.engine import resealing
from storage.engine.columns import Sealed
from storage.engine.database import Database, Transaction
from storage.engine.resealing import ResealedBatch, reseal, sealed_tables
from storage.engine.tables import handled
from storage.engine.vault import Vault, new_key
from storage.engine.year_tables import metadata
from tests.support.builders import Register, at
from tests.support.turns import SAY
from tests.test_commands import Shell, filled, shell

__all__ = ["filled", "shell"]
OLD, NEW = new_key(), new_key()
ROWS = 23


@pytest.fixture
def sealed(database: Database) -> Iterator[Database]:
    """With replies kept under the old key, opened with the new one before it."""
    with database.transaction() as tx:
        older = Vault([OLD])
        for number in range(ROWS):
            row = {"key": f"{number:03d}", "at": at("2026-11-02"), "reply": older.seal(f"svar {number}")}
            tx.connection.execute(insert(handled).values(**row))
        tx.connection.execute(insert(handled).values(key="empty", at=at("2026-11-02"), reply=None))
    opened = Database(database.url, Vault([NEW, OLD]))
    yield opened
    opened.close()


def replies(database: Database, *keys: str) -> list[str]:
    vault = Vault(keys)
    with database.transaction() as tx:
        rows = tx.connection.execute(select(handled.c.reply).order_by(handled.c.key)).scalars()
        return [vault.open(row) for row in rows if row is not None]


def old_rows(database: Database) -> int:
    with database.transaction() as tx:
        return sum(one.old for one in resealing.count(tx))


def of_replies(steps: Iterator[ResealedBatch]) -> list[ResealedBatch]:
    return [one for one in steps if one.table == "handled"]


def test_everything_can_be_read_with_the_new_key_alone(sealed: Database) -> None:
    assert old_rows(sealed) == ROWS
    steps = of_replies(reseal(sealed, batch=5))
    assert [one.old for one in steps] == [5, 5, 5, 5, 3]
    assert replies(sealed, NEW) == [f"svar {number}" for number in range(ROWS)]
    assert old_rows(sealed) == 0


def test_what_an_interruption_leaves_is_done_the_next_time(sealed: Database) -> None:
    steps = (one for one in reseal(sealed, batch=4) if one.table == "handled")
    assert [one.old for one in islice(steps, 2)] == [4, 4]
    assert old_rows(sealed) == ROWS - 8
    # Between the two, all of it is read with both keys, as the bot does.
    assert replies(sealed, NEW, OLD) == [f"svar {number}" for number in range(ROWS)]
    assert sum(one.old for one in of_replies(reseal(sealed, batch=4))) == ROWS - 8
    assert replies(sealed, NEW) == [f"svar {number}" for number in range(ROWS)]


def test_a_second_run_changes_nothing(sealed: Database) -> None:
    list(reseal(sealed))
    with sealed.transaction() as tx:
        before = tx.connection.execute(select(handled)).all()
    assert sum(one.old for one in reseal(sealed)) == 0
    with sealed.transaction() as tx:
        assert tx.connection.execute(select(handled)).all() == before


def test_what_no_key_opens_is_left_as_it_is_and_told_of(sealed: Database) -> None:
    with sealed.transaction() as tx:
        lost = {"key": "999", "at": at("2026-11-02"), "reply": Vault([new_key()]).seal("borta")}
        tx.connection.execute(insert(handled).values(**lost))
    [step] = of_replies(reseal(sealed))
    assert (step.old, step.unreadable) == (ROWS, 1)


def test_every_column_of_bytes_is_a_sealed_one_and_is_found() -> None:
    """A new table with free text is rotated without anybody having to remember it."""
    of_bytes = {
        table.name
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary | Sealed)
    }
    assert {table.name for table in sealed_tables()} == of_bytes
    assert {
        "placement",
        "report",
        "signal_version",
        "alert",
        "handled",
        "access_log",
        "log_review",
    } <= of_bytes


def test_every_sealed_table_can_be_gone_through(tx: Transaction) -> None:
    Register(tx).person()
    assert {one.table for one in resealing.count(tx)} == {table.name for table in sealed_tables()}


def test_the_command_goes_from_one_key_to_the_next(filled: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    old = (filled.directory / "var" / "nyckel").read_text()
    new = filled.run("key", "new").stdout.strip()
    monkeypatch.setenv("UPPFOLJAREN_KEYS", f"{new},{old}")
    before = filled.shows("check")["rows_under_an_old_key"]
    assert before > 0
    assert SAY("check.old_key", n=before) in filled.run("check").stdout
    resealed = filled.shows("key", "rotate", "--batch", 1)
    assert sum(row["resealed"] for row in resealed) == before
    monkeypatch.setenv("UPPFOLJAREN_KEYS", new)
    assert (filled.shows("check")["rows_under_an_old_key"], filled.shows("check")["ok"]) == (0, True)
    assert SAY("cli.key.done") in filled.run("key", "rotate").stdout


def test_nothing_that_is_sealed_is_printed(filled: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    old = (filled.directory / "var" / "nyckel").read_text()
    monkeypatch.setenv("UPPFOLJAREN_KEYS", f"{new_key()},{old}")
    printed = filled.run("key", "rotate", "--json")
    assert "Trivs" not in printed.output
    assert {name for row in json.loads(printed.stdout) for name in row} == {"table", "resealed", "unreadable"}


def test_a_wrong_key_of_the_right_shape_is_refused_before_anything_is_sealed_with_it(
    filled: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    right, wrong = (filled.directory / "var" / "nyckel").read_text(), new_key()
    wanted, given = Vault([right]).log_key.id, Vault([wrong]).log_key.id
    before = filled.database.read_bytes()
    monkeypatch.setenv("UPPFOLJAREN_KEYS", wrong)
    for command in (("key", "rotate"), ("migrate",), ("wake",), ("import", filled.write_register())):
        refused = filled.run(*command)
        assert refused.exit_code in (3, 4)
        assert refused.stderr.strip() == SAY("cli.wrong_key", wanted=wanted, given=given)
    assert filled.database.read_bytes() == before
    checked = filled.run("check", "--json")
    said = json.loads(checked.stdout)
    assert (checked.exit_code, said["faults"]) == (3, [SAY("check.wrong_key", wanted=wanted)])
    assert said["problem"] == f"{SAY('cli.check.faults', n=1)} {SAY('cli.check.remedy.right_key')}"
    # To seal it anew is no remedy where no key opens it.
    assert (said["rows_under_an_old_key"], "key rotate" in filled.run("check").output) == (0, False)
    monkeypatch.setenv("UPPFOLJAREN_KEYS", right)
    assert filled.shows("check")["ok"]


def test_with_the_old_key_gone_too_early_the_command_says_so(
    filled: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = (filled.directory / "var" / "nyckel").read_text(), new_key()
    monkeypatch.setenv("UPPFOLJAREN_KEYS", f"{new},{old}")
    assert filled.run("wake").exit_code == 0
    left = filled.shows("check")["rows_under_an_old_key"]
    monkeypatch.setenv("UPPFOLJAREN_KEYS", new)
    refused = filled.run("key", "rotate")
    assert refused.exit_code == 3
    assert "går inte att läsa med nycklarna" in refused.stderr
    checked = filled.run("check", "--json")
    said = json.loads(checked.stdout)
    assert (checked.exit_code, said["ok"]) == (3, False)
    assert SAY("check.unreadable", n=left) in said["faults"]
    faults = SAY("cli.check.faults", n=len(said["faults"]))
    assert said["problem"] == f"{faults} {SAY('cli.check.remedy.key')}", said["faults"]
