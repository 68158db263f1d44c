"""What `check` finds in the access log: emptied, cut, rewritten, put in another order, its guards taken away."""

import asyncio
import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Row, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from followup import PersonId
from followup.log.chain import START, Checkpoint, LogEntry, Tip, link, unkeyed_link
from followup.log.subject import Subject, What
from services.log.log_verification import faults_in_log, faults_since
from storage.engine import schema
from storage.engine.database import Database, Transaction
from storage.engine.resealing import reseal
from storage.engine.tables import access_log as log_table
from storage.engine.vault import Vault, new_key
from storage.log import access_log, log_chain, log_reviews
from storage.log.access_log import Logged
from storage.log.log_guards import GUARDS
from storage.log.redactions import redact
from storage.signals import signals
from tests.conftest import KEY, open_file
from tests.support.builders import Register, at
from tests.support.turns import SAY, SLAP

NOW = at("2026-11-04 10:00")
OF_THE_LOG = (
    "log_redaction",
    "access_log_record",
    "access_log",
    "log_review",
    "log_checkpoint",
    "log_key",
    "log_tip",
)


def log_of(tx: Transaction, *reasons: str) -> None:
    Register(tx).person("karin", "quality")
    for number, reason in enumerate(reasons):
        access_log.record(
            tx,
            "read",
            What.CASE_REFERENCE.of(f"A-{number}"),
            NOW,
            person_id=PersonId(1),
            reason=reason,
            seen=[What.PLACEMENT.of(number + 1)],
        )


@pytest.fixture
def three(database: Database) -> Database:
    with database.transaction() as tx:
        log_of(tx, "ett", "två", "tre")
    assert found(database) == []
    return database


def found(database: Database) -> list[str]:
    with database.transaction() as tx:
        return [SAY.say(one) for one in faults_in_log(tx)]


def tampered(
    database: Database, *statements: str, also: Callable[[Transaction], None] = lambda _: None
) -> None:
    """As somebody would who has the file and takes the guards away first, and puts them back."""
    with database.transaction() as tx:
        taken_away, put_back = without_guards(tx.connection.dialect.name)
        for statement in (*taken_away, *statements):
            tx.connection.execute(text(statement))
        also(tx)
        for statement in put_back:
            tx.connection.execute(text(statement))


def without_guards(dialect: str) -> tuple[list[str], list[str]]:
    """What nothing is guarded after, nor any row that is referred to, and what puts the guards back."""
    if dialect == "postgresql":
        return ["set local session_replication_role = replica"], [
            "set local session_replication_role = origin"
        ]
    dropped = [f"drop trigger {name}" for name in GUARDS["sqlite"]]
    return ["pragma defer_foreign_keys = on", *dropped], list(GUARDS["sqlite"].values())


def everything(database: Database) -> list[Logged]:
    with database.transaction() as tx:
        return list(access_log.everything(tx))


def test_each_entry_hangs_on_the_one_before(three: Database) -> None:
    first, second, _ = everything(three)
    key = three.vault.log_key
    assert first.hash == key.sign(link(Tip("main", 0, START, key.id), first.entry))
    assert second.hash == key.sign(link(Tip("main", 1, first.hash, key.id), second.entry))
    assert (second.entry.reason, second.entry.seen) == ("två", (What.PLACEMENT.of(2),))
    assert {(one.chain, one.key_id) for one in (first, second)} == {("main", key.id)}


def test_the_key_that_signs_is_none_of_the_keys_that_seal_and_its_id_tells_nothing_of_it() -> None:
    one, other = Vault([KEY]).log_key, Vault([new_key()]).log_key
    assert one.id != other.id
    assert one.secret.hex() not in repr(one)
    assert Vault([KEY]).log_key == one


@pytest.mark.parametrize(
    "change",
    [
        "update access_log set person_id = null where id = 2",
        "update access_log set subject = 'case_reference:A-9' where id = 2",
        "update access_log set at = '2026-11-04 08:00:00.000000' where id = 2",
        "update access_log set records = 0 where id = 2",
        "update access_log set detail = 'x' where id = 2",
        "update access_log set reason = null where id = 2",
        "update access_log set reason = substr(reason, 2) where id = 2",
        "update access_log set hash = 'x' where id = 2",
        "update access_log set id = 9 where id = 2; update access_log_record set entry_id = 9 where entry_id = 2",
        "update access_log set number = 9 where id = 2",
        "update access_log set key_id = null where id = 2",
        "update access_log set chain = 'other' where id = 2",
        "delete from access_log_record where entry_id = 2",
        "update access_log_record set record_id = '7' where entry_id = 2",
        "insert into access_log_record values (2, 'placement', '7')",
        "delete from access_log_record where entry_id = 2; delete from access_log where id = 2",
    ],
)
def test_one_changed_row_of_the_log_is_found(three: Database, change: str) -> None:
    tampered(three, *change.split("; "))
    assert "Åtkomstloggen är ändrad" in {one.split(":")[0] for one in found(three)}


def test_two_entries_that_change_places_are_found(three: Database) -> None:
    other = "select subject from access_log other where other.id = 5 - access_log.id"
    tampered(three, f"update access_log set subject = ({other}) where id in (2, 3)")
    assert found(three) == [SAY("check.log.broken", number=2)]


CUT = ("delete from access_log_record where entry_id = 3", "delete from access_log where id = 3")
EMPTIED = ("delete from access_log_record", "delete from access_log")


def test_entries_taken_from_the_end_are_missed(three: Database) -> None:
    tampered(three, *CUT)
    assert found(three) == [SAY("check.log.end", n=2, wanted=3)]


def test_a_log_that_was_emptied_is_found(three: Database) -> None:
    tampered(three, *EMPTIED)
    assert found(three) == [SAY("check.log.end", n=0, wanted=3)]


def test_what_is_logged_after_the_end_was_cut_does_not_hide_it(three: Database) -> None:
    tampered(three, *CUT)
    with three.transaction() as tx:
        access_log.record(tx, "read", What.REPORT.of(1), NOW)
    with three.transaction() as tx:
        last = tx.connection.scalar(select(func.max(log_table.c.id)))
    assert found(three) == [SAY("check.log.broken", number=last)]


def test_an_end_that_is_said_to_be_earlier_is_not_signed_again_by_what_comes_after(three: Database) -> None:
    """The one who cuts the log also says where it ends, and waits for the bot to sign that."""
    head = everything(three)[1].hash
    tampered(three, *CUT, f"update log_tip set entries = 2, head = '{head}'")
    assert found(three) == [SAY("check.log.end", n=2, wanted=2)]
    for _ in range(2):
        with three.transaction() as tx:
            access_log.record(tx, "read", What.REPORT.of(1), NOW)
    assert found(three) == [SAY("check.log.end", n=4, wanted=4)]
    with three.transaction() as tx, pytest.raises(ValueError, match="main"):
        log_chain.checkpoint(tx, NOW)


@pytest.mark.parametrize("table", OF_THE_LOG[3:])
def test_what_says_where_the_log_ended_cannot_be_taken_away_with_its_end(three: Database, table: str) -> None:
    with three.transaction() as tx:
        access_log.record(tx, "write", What.LOG_REVIEW.of("2026-Q3"), NOW)
        log_reviews.save(tx, "2026-Q3", PersonId(1), "Inget.", 0, NOW)
        log_chain.checkpoint(tx, NOW)
    assert found(three) == []
    tampered(three, f"delete from {table}")
    lost = found(three)
    if table == "log_key":
        # The configuration has the key itself; this is the copy for the time after it.
        assert lost == []
    else:
        assert lost != []
    with three.transaction() as tx:
        access_log.record(tx, "read", What.REPORT.of(1), NOW)
    assert bool(found(three)) == bool(lost)


def rewritten(tx: Transaction) -> None:
    """As the program chained entries before there were keys: anybody can work that out."""
    head = START
    for number, row in enumerate(tx.connection.execute(select(log_table).order_by(log_table.c.id)).all(), 1):
        head = unkeyed_link(head, _without_records(tx, row))
        statement = "update access_log set hash = :head, key_id = null, number = :number where id = :id"
        tx.connection.execute(text(statement), {"head": head, "number": number, "id": row.id})


def _without_records(tx: Transaction, row: Row[Any]) -> LogEntry:
    return LogEntry(
        row.at,
        row.person_id,
        row.stranger,
        row.act,
        Subject.read(row.subject),
        row.detail,
        tx.vault.open_some(row.reason),
        row.records,
    )


def test_a_chain_that_was_worked_out_again_without_the_key_is_found(three: Database) -> None:
    hidden = "update access_log set subject = 'cases' where id = 2"
    tampered(three, "delete from access_log_record", hidden, also=rewritten)
    assert found(three) != []


def test_nothing_left_of_the_log_is_found_by_what_people_have_handed_in(three: Database) -> None:
    with three.transaction() as tx:
        register = Register(tx)
        unit_id, anna = register.unit("NORR"), register.person("anna")
        signals.save(tx, SLAP, unit_id=unit_id, placement_id=None, task_id=None, author_id=anna, now=NOW)
    tampered(three, *(f"delete from {table}" for table in OF_THE_LOG))
    assert SAY("check.log.late") in found(three)
    with three.transaction() as tx:
        access_log.record(tx, "read", What.REPORT.of(1), NOW + timedelta(days=1))
    assert found(three) == [SAY("check.log.late")]


def test_a_chain_worked_out_with_another_key_is_found(three: Database) -> None:
    forged = Database(three.url, Vault([new_key()]))
    tampered(three, *(f"delete from {table}" for table in OF_THE_LOG))
    with forged.transaction() as tx:
        access_log.record(tx, "read", What.REPORT.of(1), NOW)
    forged.close()
    assert any("nyckeln" in one for one in found(three)), found(three)


@pytest.fixture
def redacted(three: Database) -> Database:
    """The second entry's reason is deleted by decision 7, as a child's are."""
    with three.transaction() as tx:
        [_, second, _] = access_log.everything(tx)
        assert redact(tx, second, 7, NOW)
    return three


def test_a_reason_that_was_deleted_by_a_decision_leaves_the_chain_whole(redacted: Database) -> None:
    assert found(redacted) == []
    assert [(one.entry.reason, one.redaction and one.redaction.purge) for one in everything(redacted)] == [
        ("ett", None),
        (None, 7),
        ("tre", None),
    ]
    with redacted.transaction() as tx:
        access_log.record(tx, "read", What.REPORT.of(1), NOW, reason="fyra")
    assert found(redacted) == []


@pytest.mark.parametrize(
    "change",
    [
        "update access_log set reason = (select reason from access_log where id = 1) where id = 2",
        "update access_log set subject = 'cases' where id = 2",
        "update access_log_record set record_id = '7' where entry_id = 2",
        "update access_log set hash = 'x' where id = 2",
        "update log_redaction set purge = 8",
        "update log_redaction set redacted_at = '2026-11-05 08:00:00.000000'",
        "update log_redaction set redacted_as = 'x'",
        "update log_redaction set redacted_key = 'x'",
        "update log_redaction set entry_id = 3",
        "delete from log_redaction",
        "update access_log set reason = null where id = 3; insert into log_redaction"
        " select 3, purge, redacted_at, redacted_key, redacted_as from log_redaction",
    ],
)
def test_what_says_that_a_reason_was_deleted_is_found_where_it_was_changed(
    redacted: Database, change: str
) -> None:
    tampered(redacted, *change.split("; "))
    number = 3 if "id = 3" in change and "entry_id" not in change else 2
    said = {SAY("check.log.broken", number=number), SAY("check.log.key", number=number, key="x")}
    assert said & set(found(redacted))


@pytest.mark.parametrize("change", ["update log_redaction set purge = 8", "delete from log_redaction"])
def test_the_database_itself_refuses_to_change_what_was_said_of_a_reason(
    redacted: Database, change: str
) -> None:
    with pytest.raises(DBAPIError, match="the access log only grows"), redacted.transaction() as tx:
        tx.connection.execute(text(change))


def test_a_reason_in_an_entry_that_was_changed_is_left_so_that_nothing_hides_that(three: Database) -> None:
    tampered(three, "update access_log set detail = 'x' where id = 2")
    with three.transaction() as tx:
        [_, second, _] = access_log.everything(tx)
        assert not redact(tx, second, 7, NOW)
    assert found(three) == [SAY("check.log.broken", number=2)]


GUARDED = (
    "update access_log set subject = 'x'",
    "delete from access_log",
    "update access_log_record set record_id = 'x'",
    "delete from access_log_record",
    "update log_review set findings = 0",
    "delete from log_review",
    "update log_checkpoint set entries = 0",
    "delete from log_checkpoint",
    "delete from log_key",
    "delete from log_tip",
)


@pytest.mark.parametrize("change", GUARDED)
def test_the_database_itself_refuses_to_change_the_log(three: Database, change: str) -> None:
    with three.transaction() as tx:
        log_reviews.save(tx, "2026-Q3", PersonId(1), "Inget.", 0, NOW)
    with pytest.raises(DBAPIError, match="the access log only grows"), three.transaction() as tx:
        tx.connection.execute(text(change))


@pytest.mark.sqlite("tar bort SQLites väktare (test_postgresql tar bort PostgreSQL:s)")
@pytest.mark.parametrize("name", GUARDS["sqlite"])
@pytest.mark.parametrize("instead", ["", "create trigger {} before delete on handled begin select 1; end"])
def test_a_guard_that_was_taken_away_or_that_guards_nothing_is_found(
    three: Database, name: str, instead: str
) -> None:
    with three.transaction() as tx:
        tx.connection.execute(text(f"drop trigger {name}"))
        if instead:
            tx.connection.execute(text(instead.format(name)))
    assert found(three) == [SAY("check.log.unguarded", name=name)]


def test_an_entry_that_is_put_in_by_hand_is_found(database: Database) -> None:
    with database.transaction() as tx:
        log_of(tx, "ett")
        forged = {"at": NOW, "act": "read", "subject": "x", "records": 1, "hash": "0" * 64}
        tx.connection.execute(insert(log_table).values(**forged))
    assert len(found(database)) == 1


async def test_work_that_is_undone_in_a_shared_transaction_leaves_the_chain_whole(database: Database) -> None:
    def works(tx: Transaction) -> None:
        access_log.record(tx, "read", What.REPORT.of(1), NOW, stranger="x")

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
        with again.transaction() as tx:
            if keys == [older]:
                log_of(tx, "ett", "två")
            else:
                access_log.record(tx, "read", What.REPORT.of(1), NOW)
        list(reseal(again))
        assert found(again) == []
        again.close()


def test_a_changed_key_signs_what_the_one_before_it_left(database: Database) -> None:
    older, newer = new_key(), new_key()
    for keys in ([older], [newer, older]):
        again = Database(database.url, Vault(keys))
        with again.transaction() as tx:
            access_log.record(tx, "read", What.REPORT.of(1), NOW)
        again.close()
    again = Database(database.url, Vault([newer, older]))
    with again.transaction() as tx:
        first = next(iter(access_log.everything(tx)))
        signed = [(one.entries, one.head, one.key_id) for one in log_chain.checkpoints(tx)]
    old_id, new_id = Vault([older]).log_key.id, Vault([newer]).log_key.id
    assert signed == [(0, START, old_id), (1, first.hash, new_id)]
    # One who got hold of the old key writes the old entries anew, and not what the new one signed.
    tampered(again, f"delete from log_checkpoint where key_id = '{new_id}'")
    assert found(again) == [SAY("check.log.unsigned", n=1)]
    again.close()


def test_with_the_old_key_taken_away_too_early_check_says_which_is_missing(database: Database) -> None:
    older, newer = new_key(), new_key()
    for keys in ([older], [newer]):
        again = Database(database.url, Vault(keys))
        with again.transaction() as tx:
            access_log.record(tx, "read", What.REPORT.of(1), NOW)
        said = found(again)
        again.close()
    assert said == [SAY("check.log.key", number=1, key=Vault([older]).log_key.id)]


@pytest.fixture
def before_keys(tmp_path: Path) -> Iterable[Database]:
    """As it was before there was any chain, and then upgraded."""
    database = open_file(tmp_path / "old.db")
    with database.engine.begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        for subject in ("report:1", "evidence:unit:Å-1", "alert_desk"):
            connection.execute(
                text(
                    "insert into access_log (at, stranger, act, subject) values "
                    "('2026-10-01 08:00:00.123456', 'någon', 'read', :subject)"
                ),
                {"subject": subject},
            )
    schema.migrate(database)
    yield database
    database.close()


def test_entries_from_before_there_were_keys_stay_under_a_first_checkpoint(before_keys: Database) -> None:
    assert schema.drift(before_keys) == []
    assert found(before_keys) == [SAY("check.log.not_begun", n=3)]
    for _ in range(2):
        with before_keys.transaction() as tx:
            log_chain.begin(tx, NOW)
    assert found(before_keys) == []
    with before_keys.transaction() as tx:
        [first] = log_chain.checkpoints(tx)
        access_log.record(tx, "read", What.REPORT.of(2), NOW)
        entries = list(access_log.everything(tx))
    assert (first.entries, first.head) == (3, entries[2].hash)
    assert [one.entry.subject for one in entries] == [
        What.REPORT.of(1),
        What.EVIDENCE.of("Å-1"),
        Subject(What.OTHER, "alert_desk"),
        What.REPORT.of(2),
    ]
    assert [one.key_id is None for one in entries] == [True, True, True, False]
    assert found(before_keys) == []


def test_entries_from_before_there_were_keys_cannot_be_changed_unseen(before_keys: Database) -> None:
    with before_keys.transaction() as tx:
        access_log.record(tx, "read", What.REPORT.of(2), NOW)
    tampered(before_keys, "update access_log set subject = 'report:7' where id = 1")
    assert found(before_keys) == [SAY("check.log.broken", number=1)]


def test_a_checkpoint_that_was_kept_elsewhere_misses_what_is_gone(three: Database) -> None:
    with three.transaction() as tx:
        kept = Checkpoint.read(log_chain.checkpoint(tx, NOW).line())
        access_log.record(tx, "read", What.REPORT.of(1), NOW)
        assert kept is not None
        assert list(faults_since(tx, kept)) == []
    tampered(three, *EMPTIED, "delete from log_checkpoint", "delete from log_tip")
    with three.transaction() as tx:
        assert [one.id for one in faults_since(tx, kept)] == ["check.since.gone"]


def test_a_checkpoint_that_was_changed_or_is_anothers_is_told(three: Database) -> None:
    with three.transaction() as tx:
        made = log_chain.checkpoint(tx, NOW)
        changed = Checkpoint.read(made.line().replace(" 3 ", " 2 "))
        other = Vault([new_key()]).log_key
        anothers = Checkpoint(made.chain, made.entries, made.head, NOW, other.id).signed(other.sign)
        assert changed is not None
        assert [one.id for one in faults_since(tx, changed)] == ["check.since.unsigned"]
        assert [one.id for one in faults_since(tx, anothers)] == ["check.since.key"]


@pytest.mark.parametrize("line", ["", "x", "main tre x 2026-11-04 k s", "main 3 x igår k s", "a b c d e f g"])
def test_what_is_no_checkpoint_is_not_read_as_one(line: str) -> None:
    assert Checkpoint.read(line) is None


def test_all_records_that_were_read_are_kept_however_many(tx: Transaction) -> None:
    seen = What.PLACEMENT.each(range(1, 501))
    access_log.record(tx, "read", What.TASKS.of(500), NOW, seen=seen)
    [logged] = access_log.everything(tx)
    assert sorted(logged.entry.seen, key=lambda one: int(one.id)) == seen
    assert logged.entry.records == 500


@pytest.mark.parametrize(
    ("text_", "subject"),
    [(str(what), Subject(what)) for what in What if what]
    + [
        (f"{what}:{id_}", Subject(what, id_))
        for what in What
        if what
        for id_ in ("7", "A-3", "3:freeze", "Å:1")
    ]
    + [(odd, Subject(What.OTHER, odd)) for odd in ("my_tasks", "signal:", "evidence", "x:1", ":", "")],
)
def test_a_subject_is_read_back_as_it_was_written(text_: str, subject: Subject) -> None:
    assert Subject.read(text_) == subject
    assert str(subject) == text_


async def test_what_is_undone_alone_leaves_the_chain_whole(database: Database) -> None:
    free = threading.Event()

    def read(number: int) -> Callable[[Transaction], None]:
        def work(tx: Transaction) -> None:
            access_log.record(tx, "read", What.SIGNAL.of(number), NOW, person_id=PersonId(1))
            if number % 3 == 2:
                access_log.record(tx, "read", What.ALERT.of(number), NOW, person_id=PersonId(1))
                raise ValueError(number)

        return work

    with database.transaction() as tx:
        Register(tx).person("karin", "quality")
    # The first holds the thread, so that the rest are done in one transaction.
    held = asyncio.create_task(database.run(lambda _: free.wait(10)))
    await asyncio.sleep(0)
    works = [asyncio.create_task(database.run(read(number))) for number in range(2, 12)]
    await asyncio.sleep(0)
    free.set()
    await held
    done = await asyncio.gather(*works, return_exceptions=True)
    assert sum(isinstance(one, ValueError) for one in done) == 4
    with database.transaction() as tx:
        subjects = [str(one.entry.subject) for one in access_log.everything(tx)]
        assert log_chain.tips(tx)[log_chain.CHAIN][0].entries == 6
    assert sorted(subjects) == sorted(f"signal:{number}" for number in (3, 4, 6, 7, 9, 10))
    assert found(database) == []


@pytest.mark.sqlite("räknar frågor hos SQLites drivrutin")
def test_the_end_of_the_log_is_signed_once_in_a_transaction(database: Database) -> None:
    asked: list[str] = []
    with database.transaction() as tx:
        log_of(tx, "noll")
        driver: Any = tx.connection.connection.driver_connection
        driver.set_trace_callback(lambda one: asked.append(one.casefold()))
        for number in range(1, 9):
            access_log.record(tx, "read", What.SIGNAL.of(number), NOW, person_id=PersonId(1))
        # Whoever asks within the transaction is told of all.
        assert log_chain.tips(tx)[log_chain.CHAIN][0].entries == 9
        asked.clear()
        access_log.record(tx, "read", What.SIGNAL.of(9), NOW, person_id=PersonId(1))
        access_log.record(tx, "read", What.SIGNAL.of(10), NOW, person_id=PersonId(1))
    driver.set_trace_callback(None)
    assert sum("update log_tip" in one for one in asked) == 1
    assert found(database) == []
