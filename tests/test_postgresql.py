"""What only PostgreSQL has: its guards, its order of texts, a restart, and the commands where it is the database."""

import asyncio
import re
from contextlib import closing
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.first_database import MARK
from bot.registering import MANY
from followup import UnitId
from followup.log.subject import What
from services.log.log_verification import faults_in_log
from storage.engine import schema
from storage.engine.database import Database, StorageError, Transaction
from storage.engine.faults import Fault, fault_of
from storage.engine.locks import hold_unit
from storage.engine.postgresql import wait_for_who_migrates, wait_for_who_writes
from storage.engine.tables import handled
from storage.engine.vault import new_key
from storage.engine.writers import AT_ONCE, THREADS
from storage.log import access_log, log_chain
from storage.log.log_guards import GUARDS, missing_guards
from storage.messages.handled import record
from storage.times import looks
from tests.support.builders import at
from tests.support.builders_register import WORKER
from tests.support.builders_register import Register as ImportedRegister
from tests.support.edge import at_the_edge
from tests.support.municipality import settle
from tests.support.reused import Reused
from tests.support.turns import SAY
from tests.test_commands import Shell
from tests.test_move import rows_planned_for

pytestmark = pytest.mark.usefixtures("own_pools")

NOW = at("2026-11-02 09:00")


def test_the_schema_is_as_the_tables_say(on_postgresql: Database) -> None:
    assert schema.current(on_postgresql) == schema.newest()
    assert schema.drift(on_postgresql) == []


def test_who_migrates_waits_for_a_table_no_longer_than_anybody(on_postgresql: Database) -> None:
    asked = text("select current_setting('lock_timeout')")
    with on_postgresql.transaction() as tx:
        usual = tx.connection.scalar(asked)
        wait_for_who_migrates(tx.connection)
        assert tx.connection.scalar(asked) == usual == "10s"


def test_who_migrates_waits_for_those_that_write_and_have_been_told_the_version(
    on_postgresql: Database,
) -> None:
    with (
        on_postgresql.transaction(),
        pytest.raises(StorageError) as waited,
        on_postgresql.at_any_version() as migrating,
    ):
        migrating.connection.execute(text("set local lock_timeout = 1"))
        wait_for_who_writes(migrating.connection)
    assert fault_of(waited.value) == "busy"


@pytest.mark.parametrize(("rows", "known"), [(MANY, MANY), (MANY - 1, 0)])
def test_a_large_import_is_planned_for_by_how_many_rows_there_are_now(
    on_postgresql: Database, tmp_path: Path, rows: int, known: int
) -> None:
    with on_postgresql.transaction() as tx:
        tx.connection.execute(text("analyze person"))
    register = ImportedRegister(on_postgresql, tmp_path)
    register.write("personer", *({**WORKER, "Signatur": f"w{number}", "Chef": ""} for number in range(rows)))
    register.put_in()
    assert rows_planned_for(on_postgresql, "person") == known


def keys(database: Database) -> list[str]:
    with database.reading() as tx:
        return list(tx.connection.scalars(select(handled.c.key).order_by(handled.c.key)))


def test_texts_are_in_binary_order_of_any_length_and_hold_no_zero_byte(on_postgresql: Database) -> None:
    long = "y" * 2000
    with on_postgresql.transaction() as tx:
        for key in ("å", "b", "A", "a", "B", long, "noll\0byte"):
            assert record(tx, key, None, NOW)
        # The same text is the same key, however it was written.
        assert not record(tx, "noll\0byte", None, NOW)
    assert keys(on_postgresql) == ["A", "B", "a", "b", "noll\ufffdbyte", long, "å"]


def test_what_is_logged_is_let_go_of_before_the_disk_has_it_and_is_there_when_the_transaction_ends(
    on_postgresql: Database,
) -> None:
    def asked(tx: Transaction, what: str) -> Any:
        return tx.connection.scalar(text(f"select {what}"))

    waits = f"{on_postgresql.url}&options=-c%20synchronous_commit%3Don"
    with closing(Database(waits, on_postgresql.vault)) as database:
        settle(database)
        with database.transaction() as tx:
            access_log.record(tx, "read", What.SIGNAL.of(1), NOW, seen=[What.TASK.of(1), What.TASK.of(2)])
            assert asked(tx, "current_setting('synchronous_commit')") == "on"
            log_chain.write_waiting(tx)
            assert asked(tx, "current_setting('synchronous_commit')") == "off"
            written = asked(tx, "pg_current_wal_insert_lsn()")
        with database.transaction() as tx:
            assert asked(tx, f"pg_current_wal_flush_lsn() > '{written}'")
            assert asked(tx, "current_setting('synchronous_commit')") == "on"
            [logged] = access_log.everything(tx)
            assert logged.entry.seen == (What.TASK.of(1), What.TASK.of(2))


def test_contact_that_is_lost_while_the_disk_is_waited_for_is_told_as_any_other_fault_of_the_database(
    on_postgresql: Database,
) -> None:
    settle(on_postgresql)

    def end(server: int) -> None:
        with on_postgresql.transaction() as other:
            other.connection.execute(text(f"select pg_terminate_backend({server}, 10000)"))

    with pytest.raises(StorageError), on_postgresql.transaction() as tx:
        access_log.record(tx, "read", What.SIGNAL.of(1), NOW)
        server = tx.connection.scalar(text("select pg_backend_pid()"))
        tx.let_go.append(partial(end, server))
    with on_postgresql.transaction() as tx:
        assert len(list(access_log.everything(tx))) == 1


_ENDS_AT_ITS_COMMIT = """
create function ends() returns trigger language plpgsql as
$$begin perform pg_terminate_backend(pg_backend_pid()); return new; end$$;
create constraint trigger ends after insert on handled deferrable initially deferred
for each row execute function ends()
"""


async def test_whose_commit_got_no_answer_is_not_told_that_nothing_is_stored_and_may_do_it_again(
    on_postgresql: Database,
) -> None:
    settle(on_postgresql)
    async with at_the_edge(on_postgresql, sends=False) as edge:
        sent, asked = edge.server.sent, edge.text("Mina uppgifter")
        with on_postgresql.transaction() as tx:
            tx.connection.exec_driver_sql(_ENDS_AT_ITS_COMMIT)
        assert (await edge.post(asked)).status == 200
        assert (
            sent[-1].body["text"].startswith(SAY("trouble.perhaps_stored", reference="#").partition(".")[0])
        )
        with on_postgresql.transaction() as tx:
            tx.connection.exec_driver_sql("drop function ends cascade")
        assert (await edge.post(asked)).status == 200
        assert "attachments" in sent[-1].body


# No room on the disk, only read, and a table that a hand-in needs is locked.
_STANDS: tuple[tuple[str, Fault], ...] = (
    ("set local temp_file_limit = 0", "gone"),
    ("set transaction read only", "read_only"),
    ("set local lock_timeout = 1", "busy"),
)


def test_it_is_no_look_where_a_hand_in_could_not_be_stored(on_postgresql: Database) -> None:
    with on_postgresql.transaction() as tx:
        looks.note(tx, NOW)
    with on_postgresql.transaction() as other:
        for stands, fault in _STANDS:
            if fault == "busy":
                other.connection.execute(text("lock table report in share mode"))
            with pytest.raises(StorageError) as raised, on_postgresql.transaction() as tx:
                tx.connection.execute(text(stands))
                looks.note(tx, NOW)
            assert fault_of(raised.value) == fault


async def test_no_more_are_under_way_than_are_done_the_sooner_for_it(on_postgresql: Database) -> None:
    met, numbers, inside = Barrier(AT_ONCE), set[int](), set[int]()

    def work(_: Transaction, which: int) -> None:
        inside.add(which)
        met.wait(60)
        numbers.add(len(inside))
        met.wait(60)
        inside.discard(which)

    await asyncio.gather(*(on_postgresql.run(work, which) for which in range(2 * AT_ONCE)))
    assert max(numbers) == AT_ONCE < THREADS


@pytest.mark.parametrize(
    "change",
    [
        "update access_log set act = 'write'",
        "delete from access_log",
        "truncate access_log cascade",
        "delete from log_tip",
        "update log_checkpoint set entries = 0",
    ],
)
def test_the_log_only_grows(on_postgresql: Database, change: str) -> None:
    settle(on_postgresql)
    with on_postgresql.transaction() as tx:
        access_log.record(tx, "read", What.SIGNAL.of(1), NOW)
        log_chain.checkpoint(tx, NOW)
    with pytest.raises(StorageError, match="only grows"), on_postgresql.transaction() as tx:
        tx.connection.execute(text(change))


@pytest.mark.parametrize(
    ("act", "missing"),
    [
        ("drop trigger log_tip_no_delete on log_tip", ["log_tip_no_delete"]),
        ("alter table log_key disable trigger log_key_no_update", ["log_key_no_update"]),
        (
            "create or replace function access_log_only_grows() returns trigger language plpgsql"
            " as $$begin return new; end$$",
            list(GUARDS["postgresql"]),
        ),
    ],
)
def test_a_guard_that_is_gone_off_or_empty_is_missed(
    on_postgresql: Database, act: str, missing: list[str]
) -> None:
    with on_postgresql.transaction() as tx:
        assert missing_guards(tx) == []
        tx.connection.execute(text(act))
        assert missing_guards(tx) == missing


def test_reading_sees_one_moment_holds_nothing_and_cannot_write(on_postgresql: Database) -> None:
    settle(on_postgresql)
    with on_postgresql.reading() as look:
        # As a form is read, whose deed holds the row: PostgreSQL refuses even the lock.
        hold_unit(look, UnitId(1))
        query = select(handled.c.key)
        assert look.connection.scalars(query).all() == []
        with on_postgresql.transaction() as tx:
            record(tx, "meanwhile", None, NOW)
        assert look.connection.scalars(query).all() == []
        with pytest.raises(StorageError):
            record(look, "written", None, NOW)
    assert keys(on_postgresql) == ["meanwhile"]


async def test_a_restart_of_the_server_is_survived_and_nothing_is_lost_or_doubled(
    on_postgresql: Database, reused: Reused
) -> None:
    async def write(number: int) -> None:
        await on_postgresql.run(record, f"{number:03d}", None, NOW)

    before = [asyncio.create_task(write(number)) for number in range(50)]
    await asyncio.to_thread(reused.cluster.restart)
    after = [asyncio.create_task(write(number)) for number in range(50, 100)]
    answers = await asyncio.gather(*before, return_exceptions=True)
    await asyncio.gather(*after)
    # Whose commit itself got no answer is told so and nothing is done again: it may be there, and is there once.
    in_doubt = {f"{number:03d}" for number, answer in enumerate(answers) if isinstance(answer, StorageError)}
    assert [one for one in answers if one is not None and not isinstance(one, StorageError)] == []
    assert len(in_doubt) < 50
    assert {*keys(on_postgresql)} | in_doubt == {f"{number:03d}" for number in range(100)}


def test_the_commands_of_an_installation_on_postgresql(
    on_postgresql: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = {"APP_ID": "app", "APP_PASSWORD": "secret", "TENANT_ID": "tenant", "KEYS": new_key()}
    for name, value in {**values, "DATABASE_URL": on_postgresql.url, "VAR": str(tmp_path)}.items():
        monkeypatch.setenv(f"UPPFOLJAREN_{name}", value)
    shell = Shell(tmp_path)
    assert shell.run("migrate").exit_code == 0
    imported = shell.run("import", shell.write_register())
    assert imported.exit_code == 0, imported.output
    checked = shell.run("check")
    assert checked.exit_code == 0, checked.output
    assert {path.name for path in tmp_path.iterdir()} == {"register", MARK}


def told_in_drift(program: str) -> list[str]:
    """The options that docs/drift.md gives the program, but for whom and what it connects to here."""
    page = (Path(__file__).parents[1] / "docs/drift.md").read_text("utf-8")
    (line,) = re.findall(
        rf"^    docker compose exec -T db {program} (.*) [<>] uppfoljaren\.dump$", page, re.MULTILINE
    )
    return [one for one in line.split() if not one.startswith(("--username=", "--dbname=", "uppfoljaren"))]


def test_a_copy_is_taken_and_put_back_as_the_page_says(reused: Reused, on_postgresql: Database) -> None:
    place = re.search(r"@/([^?]+)\?", on_postgresql.url)
    assert place
    cluster, name = reused.cluster, place[1]
    reached, dump = [f"--host={cluster.socket}", "--username=postgres"], str(cluster.folder / "a.dump")
    settle(on_postgresql)
    with on_postgresql.transaction() as tx:
        record(tx, "before", None, NOW)
        log_chain.begin(tx, NOW)
        access_log.record(tx, "read", What.SIGNAL.of(1), NOW)
    entries = logged(on_postgresql)
    cluster.run("pg_dump", *told_in_drift("pg_dump"), *reached, f"--file={dump}", name)
    with on_postgresql.transaction() as tx:
        record(tx, "after", None, NOW)
        access_log.record(tx, "read", What.SIGNAL.of(2), NOW)
    cluster.run("pg_restore", *told_in_drift("pg_restore"), *reached, f"--dbname={name}", dump)
    assert keys(on_postgresql) == ["before"]
    assert schema.drift(on_postgresql) == []
    assert logged(on_postgresql) == entries


def logged(database: Database) -> tuple[int, str]:
    """How many entries the log has and where it ends, when nothing is wrong with it."""
    with database.reading() as tx:
        assert [one for one in faults_in_log(tx) if one.id != "check.log.late"] == []
        assert missing_guards(tx) == []
        return access_log.head(tx)
