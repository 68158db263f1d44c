"""A backup is taken while the bot runs, and tested by being put back, with word of what it lacks."""

import asyncio
import fcntl
import json
import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import select, text

from bot.backing_up import NightlyBackup
from followup import PersonId, RoundId
from followup.messages.month import Prompt
from followup.messages.operation import Trouble
from services.backups.manifest import Manifest, complete, digest, manifest_of
from services.backups.restoring import RefusedBackupError, Restored, restore
from services.backups.taking import SpoiltCopyError, take
from services.log.log_verification import faults_in_log
from storage.engine import schema
from storage.engine.copies import InUseError, in_use
from storage.engine.database import Database
from storage.engine.database_file import opened_to_lock
from storage.engine.tables import delivery
from storage.engine.vault import Vault, new_key
from storage.log import access_log
from storage.messages import claiming, ledger, queueing, settling
from tests.support.builders import at
from tests.support.edge import at_the_edge
from tests.support.stage import SAY
from tests.support.turns import SLAP, october
from tests.test_commands import Shell, filled, shell

pytestmark = pytest.mark.sqlite("tar kopior av databasens fil (test_dumps tar dem av PostgreSQL)")

__all__ = ["filled", "shell"]
NOW = at("2026-11-04 10:00")
LATER = NOW + timedelta(hours=5)


@pytest.fixture
def lived_in(municipality: Database) -> Database:
    """With October asked about, and an alert."""
    october(municipality)
    return municipality


def path_of(database: Database) -> Path:
    return Path(database.url.removeprefix("sqlite:///"))


def everything(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, but for where the log ends and what is written of looking."""
    with closing(sqlite3.connect(path)) as read:
        names = [row[0] for row in read.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: read.execute(f"SELECT * FROM {name}").fetchall() for name in names}


def stopped(database: Database) -> Path:
    """The file of a database that nobody has open any longer."""
    database.close()
    return path_of(database)


def taken_before_a_signal(municipality: Database, folder: Path) -> Path:
    """A backup with October asked about, after which Anna has handed in a signal."""
    chat = october(municipality)
    backup = take(municipality, folder / "copies", NOW, "the test")
    anna = chat.client("anna")
    anna.say("avvikelse")
    anna.press(SAY("signal.hand_in"), {**SLAP, "placement": str(chat.task("AKT-3").placement.id)})
    return backup


def put_back(backup: Path, target: Path, vault: Vault) -> Restored:
    return restore(f"sqlite:///{target}", vault, backup, LATER, "the test")


def refused(backup: Path, target: Path, vault: Vault) -> list[str]:
    before = target.read_bytes()
    with pytest.raises(RefusedBackupError) as why:
        put_back(backup, target, vault)
    assert target.read_bytes() == before
    assert not list(target.parent.glob(f"{target.name}.restoring*"))
    return [SAY.say(one) for one in why.value.problems]


def test_a_backup_holds_all_that_there_was_and_says_so(lived_in: Database, tmp_path: Path) -> None:
    backup = take(lived_in, tmp_path / "copies", NOW, "the test")
    assert everything(backup) == everything(path_of(lived_in))
    said = Manifest.read(manifest_of(backup))
    held = everything(backup)
    assert said.tables == {name: len(rows) for name, rows in held.items()}
    with lived_in.reading() as tx:
        assert (said.log_entries, said.log_head) == access_log.head(tx)
    assert said.tables["placement"] > 0
    assert {path.stat().st_mode & 0o777 for path in (backup, manifest_of(backup))} == {0o600}
    # That all of it was copied stands in its own log.
    assert [row for row in held["access_log"] if "backup:20261104T090000Z" in row]


async def test_a_backup_is_taken_while_people_hand_in_and_is_of_one_moment(
    lived_in: Database, tmp_path: Path
) -> None:
    """Each hand-in writes two rows: a copy of one moment has as many of the one as of the other."""

    def pair(tx: object, number: int) -> None:
        for name in ("left", "right"):
            tx.connection.execute(  # type: ignore[attr-defined]
                text("INSERT INTO handled (key, at) VALUES (:key, '2026-11-04')"), {"key": f"{name}:{number}"}
            )

    copies: list[Path] = []

    async def hand_in() -> None:
        # On a slow disk the first copy may last as long as they all.
        number = 0
        while number < 300 or len(copies) < 2:
            await lived_in.run(pair, number)
            number += 1

    handing_in = asyncio.create_task(hand_in())
    while not handing_in.done():
        now = NOW + timedelta(seconds=len(copies))
        copies.append(await asyncio.to_thread(take, lived_in, tmp_path / "copies", now, "the test"))
    await handing_in
    for backup in copies:
        keys = {str(row[0]) for row in everything(backup)["handled"]}
        assert {key[5:] for key in keys if key.startswith("left:")} == {
            key[6:] for key in keys if key.startswith("right:")
        }
        target = tmp_path / f"restored-{backup.name}"
        put_back(backup, target, lived_in.vault)
    assert len(copies) > 1


def test_what_is_put_back_is_what_was_taken_and_goes_on(lived_in: Database, tmp_path: Path) -> None:
    backup = take(lived_in, tmp_path / "copies", NOW, "the test")
    target = stopped(lived_in)
    target.unlink()
    put_back(backup, target, lived_in.vault)
    taken, restored = everything(backup), everything(target)
    differing = {name for name in taken if taken[name] != restored[name]}
    assert differing <= {"access_log", "log_tip", "delivery", "restored"}
    assert restored["access_log"][:-1] == taken["access_log"]
    again = Database(f"sqlite:///{target}", lived_in.vault)
    with again.transaction() as tx:
        # The small municipality came to be without a log, and that is the only thing wrong with it here too.
        assert [one.id for one in faults_in_log(tx)] == ["check.log.late"]
    again.close()


def test_what_another_account_puts_back_or_locks_is_still_the_bots(
    lived_in: Database, tmp_path: Path
) -> None:
    backup = take(lived_in, tmp_path / "copies", NOW, "the test")
    target = stopped(lived_in)
    # Only the machine's administrator can give a file away.
    theirs = 1 if os.geteuid() == 0 else os.getuid()
    os.chown(target, theirs, -1)
    put_back(backup, target, lived_in.vault)
    assert target.stat().st_uid == theirs
    with opened_to_lock(tmp_path / "locked") as number:
        assert fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY


def test_two_in_one_second_keep_each_its_own_database_aside(lived_in: Database, tmp_path: Path) -> None:
    backup = take(lived_in, tmp_path / "copies", NOW, "the test")
    target = stopped(lived_in)
    there, kept = [], []
    for _ in range(3):
        there.append(target.read_bytes())
        kept.append(put_back(backup, target, lived_in.vault).before)
    assert [path.read_bytes() for path in kept if path is not None] == there
    stamp = f"{target.name}.before-20261104T140000Z"
    assert [path.name for path in kept if path is not None] == [stamp, f"{stamp}-2", f"{stamp}-3"]


def test_two_that_are_taken_in_one_second_are_each_whole(lived_in: Database, tmp_path: Path) -> None:
    first = take(lived_in, tmp_path / "copies", NOW, "the test")
    was_there = first.read_bytes()
    second = take(lived_in, tmp_path / "copies", NOW, "the test")
    assert (first.read_bytes(), second.stem) == (was_there, f"{first.stem}-2")
    assert {path for path, _ in complete(tmp_path / "copies")} == {first, second}
    put_back(second, stopped(lived_in), lived_in.vault)


async def test_a_bot_on_a_restored_database_is_ready_and_takes_what_is_handed_in(
    lived_in: Database, tmp_path: Path
) -> None:
    backup = take(lived_in, tmp_path / "copies", NOW, "the test")
    target = stopped(lived_in)
    put_back(backup, target, lived_in.vault)
    again = Database(f"sqlite:///{target}", lived_in.vault)
    async with at_the_edge(again, "2026-11-05 08:00") as edge:
        await edge.bot.probe.look()
        assert all(edge.bot.probe.seen().values())
        assert (await edge.post(edge.text("Mina uppgifter"))).status == 200
    again.close()


def test_it_says_who_must_hand_in_again_who_was_told_and_what_must_be_deleted_again(
    municipality: Database, tmp_path: Path
) -> None:
    backup = taken_before_a_signal(municipality, tmp_path)
    with municipality.transaction() as tx:
        told = ledger.listed(tx, ("ready",))[0]
        assert told.person_id is not None or told.channel is not None
        queueing.queue(tx, "after", Prompt(RoundId(1)), NOW, person_id=PersonId(1))
        [after] = [one for one in ledger.listed(tx, ("ready",)) if one.key == "after"]
        claiming.reserve(tx, after, "it", NOW + timedelta(hours=1), NOW + timedelta(hours=1))
        settling.settle(tx, after.id, "sent", sent_at=NOW + timedelta(hours=1))
        name = tx.connection.scalar(text("SELECT name FROM person WHERE id = 1"))
        tx.connection.execute(text("DELETE FROM conversation"))
    target = stopped(municipality)
    done = put_back(backup, target, municipality.vault)
    since = done.since
    assert since is not None
    assert since.handed_in == {"Anna Test": 1}
    assert since.told == {name: 1}
    assert since.added["signal"] == 1
    assert since.removed == {"conversation": len(everything(backup)["conversation"])}
    with closing(sqlite3.connect(target)) as read:
        assert read.execute("SELECT count(*) FROM signal").fetchone()[0] == len(everything(backup)["signal"])
    # What was there is renamed, whole, and the only place where the rest can still be read.
    assert done.before is not None
    assert everything(done.before)["signal"] != everything(backup)["signal"]


def test_what_was_due_since_may_have_gone_out_and_is_not_sent_again_by_itself(
    lived_in: Database, tmp_path: Path
) -> None:
    with lived_in.transaction() as tx:
        queueing.queue(tx, "due", Prompt(RoundId(1)), NOW, person_id=PersonId(1))
        queueing.queue(
            tx,
            "to come",
            Prompt(RoundId(1)),
            NOW,
            person_id=PersonId(1),
            not_before=LATER + timedelta(hours=1),
        )
        queueing.queue(tx, "put off", Prompt(RoundId(1)), NOW, person_id=PersonId(1))
        [put_off] = [one for one in ledger.listed(tx, ("ready",)) if one.key == "put off"]
        settling.put_off(tx, put_off.id, LATER + timedelta(hours=1), NOW)
    backup = take(lived_in, tmp_path / "copies", NOW, "the test")
    target = stopped(lived_in)
    put_back(backup, target, lived_in.vault)
    again = Database(f"sqlite:///{target}", lived_in.vault)
    with again.transaction() as tx:
        states = {one.key: one.state for one in ledger.listed(tx, ("ready", "uncertain"))}
        assert (states["due"], states["to come"], states["put off"]) == ("uncertain", "ready", "uncertain")
        assert claiming.due(tx, LATER, 100) == []
    again.close()


def spoil(backup: Path, what: str) -> None:
    if what == "a byte":
        content = bytearray(backup.read_bytes())
        content[len(content) // 2] ^= 1
        backup.write_bytes(content)
    elif what == "half":
        backup.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    elif what == "no file":
        backup.unlink()
    elif what == "no manifest":
        manifest_of(backup).unlink()
    elif what == "half a manifest":
        manifest_of(backup).write_text(manifest_of(backup).read_text()[:50])
    else:
        said = json.loads(manifest_of(backup).read_bytes())
        manifest_of(backup).write_text(json.dumps({**said, what: {"schema": "9999", "tables": None}[what]}))


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("a byte", "restore.damaged"),
        ("half", "restore.damaged"),
        ("no manifest", "restore.no_manifest"),
        ("half a manifest", "restore.no_manifest"),
        ("tables", "restore.no_manifest"),
        ("no file", "restore.no_file"),
        ("schema", "restore.newer"),
    ],
)
def test_a_backup_that_is_not_whole_is_refused(
    lived_in: Database, tmp_path: Path, what: str, why: str
) -> None:
    backup = take(lived_in, tmp_path / "copies", NOW, "the test")
    target = stopped(lived_in)
    spoil(backup, what)
    named = backup if what == "no file" else backup.name
    assert refused(backup, target, lived_in.vault) == [SAY(why, file=named, schema="9999")]


def test_a_backup_under_another_key_is_refused_and_says_which_is_missing(
    lived_in: Database, tmp_path: Path
) -> None:
    backup = take(lived_in, tmp_path / "copies", NOW, "the test")
    target = stopped(lived_in)
    wanted = lived_in.vault.log_key.id
    assert refused(backup, target, Vault([new_key()])) == [SAY("restore.wrong_key", wanted=wanted)]


def test_what_was_changed_in_a_backup_and_its_checksum_too_is_found_by_what_it_holds(
    lived_in: Database, tmp_path: Path
) -> None:
    backup = take(lived_in, tmp_path / "copies", NOW, "the test")
    target = stopped(lived_in)
    with closing(sqlite3.connect(backup)) as changed:
        changed.execute("DROP TRIGGER IF EXISTS access_log_no_delete")
        changed.execute("DELETE FROM conversation")
        changed.commit()
    said = Manifest.read(manifest_of(backup))
    manifest_of(backup).write_bytes(replace(said, sha256=digest(backup)).written())
    n = said.tables["conversation"]
    assert SAY("restore.count", table="conversation", here=0, said=n) in refused(
        backup, target, lived_in.vault
    )


def test_nothing_is_put_back_under_a_running_bot_or_beside_what_one_left(
    lived_in: Database, tmp_path: Path
) -> None:
    backup = take(lived_in, tmp_path / "copies", NOW, "the test")
    target = path_of(lived_in)
    with in_use(target), pytest.raises(InUseError):
        put_back(backup, target, lived_in.vault)
    # Killed, and so without a word to the lock: what it had not yet moved into its file lies beside it.
    assert target.with_name(f"{target.name}-wal").exists()
    assert refused(backup, target, lived_in.vault) == [
        SAY("restore.leftover", files=f"{target.name}-wal, {target.name}-shm")
    ]
    lived_in.close()
    put_back(backup, target, lived_in.vault)


def test_a_database_that_is_not_whole_gives_no_backup(lived_in: Database, tmp_path: Path) -> None:
    with lived_in.engine.connect().execution_options(outside_any_transaction=True) as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("UPDATE ownership SET placement_id = 99999")
        connection.commit()
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
    with pytest.raises(SpoiltCopyError):
        take(lived_in, tmp_path / "copies", NOW, "the test")
    assert complete(tmp_path / "copies") == []


def test_so_many_are_kept_and_what_was_never_finished_is_cleared_away(
    lived_in: Database, tmp_path: Path
) -> None:
    copies = tmp_path / "copies"
    (copies).mkdir()
    (copies / "uppfoljaren-20261101T000000Z.part").write_text("half")
    others = copies / "somebody-elses.db"
    others.write_text("not ours")
    taken = [take(lived_in, copies, NOW + timedelta(days=day), "the test", keep=3) for day in range(5)]
    assert [file for file, _ in complete(copies)] == taken[:1:-1]
    left = {path.name for path in copies.iterdir()}
    assert left == {
        others.name,
        ".taking",
        *(path.name for file in taken[2:] for path in (file, manifest_of(file))),
    }


async def test_the_bot_takes_one_each_night_and_catches_up_a_night_that_was_missed(
    municipality: Database, tmp_path: Path
) -> None:
    copies = tmp_path / "copies"
    async with at_the_edge(municipality, sends=False, backup_dir=copies, backups_kept=2) as edge:

        async def at_moment(moment: str) -> int:
            edge.clock.move_to(at(moment))
            await edge.bot.back_up()
            await edge.bot.back_up()
            return len(complete(copies))

        assert await at_moment("2026-11-02 09:00") == 1
        assert await at_moment("2026-11-03 01:59") == 1
        assert await at_moment("2026-11-03 02:00") == 2
        assert await at_moment("2026-11-10 11:00") == 2
        days = [manifest.taken_at for _, manifest in complete(copies)]
        assert days == [at("2026-11-10 11:00"), at("2026-11-03 02:00")]


async def test_what_a_clock_that_was_ahead_has_taken_is_no_nights_backup_and_the_first_to_go(
    municipality: Database, tmp_path: Path
) -> None:
    copies, now = tmp_path / "copies", [at("2026-12-24 02:00")]
    nightly = NightlyBackup(municipality, lambda: now[0], copies, keep=1)
    await nightly.run()
    for moment in ("2026-11-03 02:00", "2026-11-04 02:00", "2026-11-04 09:00"):
        now[0] = at(moment)
        await nightly.run()
        days = [manifest.taken_at for _, manifest in complete(copies)]
        assert days == [at(f"2026-11-0{now[0].day} 02:00")]


async def test_when_none_can_be_taken_the_administrator_is_told_once_a_night_and_it_is_tried_again(
    municipality: Database, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "copies"
    in_the_way.write_text("a file where the folder should be")

    def told() -> int:
        with municipality.reading() as tx:
            kinds = tx.connection.scalars(select(delivery.c.kind)).all()
        return kinds.count(Trouble.kind)

    with municipality.transaction() as tx:
        tx.connection.execute(text("UPDATE person SET role = 'admin' WHERE key = 'maria'"))
    async with at_the_edge(municipality, sends=False, backup_dir=in_the_way) as edge:
        for moment in ("2026-11-03 02:00", "2026-11-03 02:30", "2026-11-03 03:01"):
            edge.clock.move_to(at(moment))
            await edge.bot.back_up()
        assert told() == 1
        edge.clock.move_to(at("2026-11-04 02:00"))
        await edge.bot.back_up()
        assert told() == 2
        in_the_way.unlink()
        edge.clock.move_to(at("2026-11-04 03:01"))
        await edge.bot.back_up()
        assert len(complete(in_the_way)) == 1


def test_the_commands_take_check_and_put_back(filled: Shell) -> None:
    copies = filled.directory / "copies"
    taken = filled.shows("backup", "--to", copies)
    backup = Path(taken["path"])
    before = backup.read_bytes()
    backup.chmod(0o400)
    assert filled.shows("check", "--copy", backup)["ok"]
    assert backup.read_bytes() == before
    assert {path.name for path in copies.iterdir()} == {backup.name, manifest_of(backup).name, ".taking"}
    filled.tamper("UPDATE unit SET name = 'Ändrad'")
    done = filled.run("restore", backup)
    assert done.exit_code == 0, done.output
    assert SAY("cli.restore.next") in done.stdout
    assert filled.shows("check")["ok"]
    with closing(sqlite3.connect(filled.database)) as read:
        assert not read.execute("SELECT 1 FROM unit WHERE name = 'Ändrad'").fetchall()
    backup.chmod(0o600)
    spoil(backup, "a byte")
    checked = filled.run("check", "--copy", backup)
    assert (checked.exit_code, checked.stderr.strip()) == (3, SAY("restore.damaged", file=backup.name))
    wrong = filled.run("restore", backup)
    assert (wrong.exit_code, wrong.stderr.strip()) == (3, SAY("restore.damaged", file=backup.name))


def test_an_older_backup_is_whole_by_what_it_says_and_brought_to_the_programs_version(
    shell: Shell, tmp_path: Path
) -> None:
    older = Database(f"sqlite:///{tmp_path / 'old.db'}", Vault([new_key()]))
    with older.engine.begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0020")
    backup = take(older, tmp_path / "copies", NOW, "the test")
    target = stopped(older)
    checked = shell.run("check", "--copy", backup)
    assert (checked.exit_code, SAY("check.copy.older", version="0020") in checked.stdout) == (0, True)
    done = put_back(backup, target, older.vault)
    assert (done.manifest.schema, done.since) == ("0020", None)
    again = Database(older.url, older.vault)
    assert (schema.current(again), schema.drift(again)) == (schema.newest(), [])
    again.close()
