"""The review of the access log: what is unusual, recording that it was looked at, and the reminders until it is."""

from datetime import date, datetime

import pytest

from followup import PersonId
from followup.log.chain import Checkpoint
from followup.log.log_review import MANY, Finding, Look, Quarter, findings, reminder_due
from followup.log.subject import What
from followup.times.calendar import municipal_day
from scheduler.jobs import Times
from scheduler.waking import tick
from services.log.log_review import review
from services.log.log_verification import faults_since
from storage.engine.database import Database, Transaction
from storage.engine.tables import unit
from storage.engine.vault import Vault
from storage.log import access_log, log_reviews
from storage.messages import ledger
from storage.register import people
from tests.support.builders import Register, at
from tests.support.told_once import told_once
from tests.support.turns import SAY, Chat, Shown, october
from tests.test_commands import Shell, shell

__all__ = ["shell"]


def look(moment: str = "2026-11-04 10:00", **given: object) -> Look:
    defaults: dict[str, object] = {"who": "anna", "name": "Anna Berg", "act": "read", "subject": "report:1"}
    return Look(at(moment), **{**defaults, **given})  # type: ignore[arg-type]


def kinds(*looks: Look) -> list[str]:
    return [one.kind for one in findings(looks)]


def test_ordinary_work_is_no_finding() -> None:
    assert kinds(look(), look(act="write"), look("2026-11-04 07:00"), look("2026-11-04 17:59")) == []


@pytest.mark.parametrize(
    ("one", "kind"),
    [
        (look(own=True, team="Barn", teams=frozenset({"Unga"})), "other_team"),
        (look("2026-11-04 06:59"), "out_of_hours"),
        (look("2026-11-04 18:00"), "out_of_hours"),
        (look("2026-11-07 10:00"), "out_of_hours"),
        (look("2026-12-24 10:00"), "out_of_hours"),
        (look("2026-11-04 23:00", act="write"), "out_of_hours"),
        (look(records=MANY + 1, who="karin"), "many_records"),
        (look(names=("AKT-1", "Lilla Berg")), "own_name"),
        (look(names=("Lena BERG",)), "own_name"),
        (look(subject="case_reference:A-1", reason="Tillsyn."), "reference"),
    ],
)
def test_each_kind_of_unusual_access_is_found(one: Look, kind: str) -> None:
    usual = [look(f"2026-11-{day:02d} 10:00", who=one.who, records=8) for day in (2, 3, 5)]
    found = findings([*usual, one])
    assert [finding.kind for finding in found] == [kind]
    assert found[0].day == municipal_day(one.at)


@pytest.mark.parametrize(
    "one",
    [
        look(own=True, team="Barn", teams=frozenset({"Barn"})),
        look(own=False, team="Kvalitet", teams=frozenset({"Unga"})),
        look(own=True, team="Barn", teams=frozenset()),
        look(names=("Bergslagen", "Annas hem")),
        look(name="Bo Ek", names=("Ekbacken",)),
        look(name="", names=("AKT-1",)),
        look(name="Åsa Li", names=("Li",)),
        look(act="refused"),
    ],
)
def test_what_only_looks_like_it_is_none(one: Look) -> None:
    assert kinds(one) == []


def test_many_is_measured_against_the_persons_own_days() -> None:
    usual = [look(f"2026-11-{day:02d} 10:00", records=40) for day in (2, 3, 4, 5, 6)]
    assert kinds(*usual, look("2026-11-09 10:00", records=150)) == []
    assert kinds(*usual, look("2026-11-09 10:00", records=201)) == ["many_records"]


def test_who_is_refused_again_and_again_is_found() -> None:
    refused = [look(act="refused", subject="alert_desk")] * 3
    assert kinds(*refused[:2]) == []
    assert kinds(*refused) == ["refused"]


def test_a_persons_day_is_one_finding_of_each_kind_with_its_reasons() -> None:
    opened = [
        look(
            f"2026-11-04 {hour:02d}:00",
            who="karin",
            subject=f"case_reference:A-{hour}",
            reason=f"skäl {hour}",
        )
        for hour in (9, 11, 13, 15)
    ]
    assert findings(opened) == [
        Finding(
            "reference",
            date(2026, 11, 4),
            "karin",
            4,
            4,
            ("case_reference:A-9", "case_reference:A-11", "case_reference:A-13"),
            ("skäl 9", "skäl 11", "skäl 13", "skäl 15"),
        )
    ]


@pytest.mark.parametrize(
    ("day", "quarter", "number"),
    [
        ("2026-10-01", "2026-Q3", 0),
        ("2026-10-14", "2026-Q3", 0),
        ("2026-10-15", "2026-Q3", 1),
        ("2026-12-31", "2026-Q3", 6),
        ("2027-01-01", "2026-Q4", 0),
    ],
)
def test_the_quarter_that_is_over_is_reminded_of_every_second_week(
    day: str, quarter: str, number: int
) -> None:
    assert reminder_due(date.fromisoformat(day)) == (Quarter.parse(quarter), number)


@pytest.mark.parametrize(
    "typed",
    ["", "2026", "2026-Q5", "2026-Q0", "26-Q1", "2026-Q1x", "0000-Q1", "0001-Q1", "9999-Q4", "٢٠٢٦-Q1"],
)
def test_what_is_no_quarter_is_not_read_as_one(typed: str) -> None:
    assert Quarter.parse(typed) is None


def test_a_quarter_has_its_first_and_last_moment() -> None:
    quarter = Quarter.parse("2026-q4")
    assert quarter is not None
    assert (quarter.begins, quarter.ends) == (at("2026-10-01 00:00"), at("2027-01-01 00:00"))


@told_once
def with_admin(municipality: Database) -> Chat:
    with municipality.transaction() as tx:
        Register(tx).person("adam", "admin")
    return october(municipality)


def told(chat: Chat) -> list[str]:
    return [one.words for one in chat.client("adam").shown if one.kind == "log_review"]


def wake(tx: Transaction, moment: datetime) -> list[str]:
    tick(tx, moment, Times())
    return ledger.keys_starting(tx, "log-review:")


def test_the_administrators_are_reminded_when_a_quarter_is_over_until_it_is_reviewed(
    municipality: Database,
) -> None:
    chat = with_admin(municipality)
    chat.wake("2026-12-30 12:00")
    assert told(chat) == []
    chat.wake("2027-01-01 00:10")
    assert told(chat) == []
    chat.wake("2027-01-04 08:00")
    [first] = told(chat)
    assert "python -m bot log review --quarter 2026-Q4" in first
    assert "--by adam" in first
    chat.wake("2027-01-14 12:00")
    assert len(told(chat)) == 1
    chat.wake("2027-01-15 12:00")
    assert len(told(chat)) == 2
    with municipality.transaction() as tx:
        log_reviews.save(tx, "2026-Q4", PersonId(1), "Inget.", 0, chat.now)
    chat.wake("2027-01-29 12:00")
    chat.wake("2027-03-31 12:00")
    assert len(told(chat)) == 2
    chat.wake("2027-04-01 08:00")
    assert "2027-Q1" in told(chat)[-1]


def test_a_reminder_that_waits_is_not_sent_when_the_review_is_done_meanwhile(municipality: Database) -> None:
    chat = with_admin(municipality)
    with municipality.transaction() as tx:
        assert wake(tx, at("2027-01-01 00:10")) == ["log-review:2026-Q4:0:adam"]
        log_reviews.save(tx, "2026-Q4", PersonId(1), "Inget.", 0, chat.now)
    chat.wake("2027-01-04 08:00")
    assert told(chat) == []


def test_a_quarter_in_which_nothing_was_logged_needs_no_review(database: Database) -> None:
    with database.transaction() as tx:
        Register(tx).person("adam", "admin")
        assert wake(tx, at("2027-01-04 08:00")) == []


def test_the_reminder_is_in_the_administrators_own_language(municipality: Database) -> None:
    with municipality.transaction() as tx:
        Register(tx).person("eve", "admin", language="en")
    chat = october(municipality)
    chat.wake("2027-01-04 08:00")
    [shown] = [one for one in chat.client("eve").shown if one.kind == "log_review"]
    assert "Time to review the access log for 2026-Q4" in shown.words
    assert shown.summary == "Review the access log"


@pytest.fixture
def kept(shell: Shell) -> Shell:
    """Anna reads at night and of another team, Karin opens a case reference, and adam is the administrator."""
    assert shell.run("migrate").exit_code == 0
    key = (shell.directory / "var" / "nyckel").read_text()
    database = Database(f"sqlite:///{shell.database}", Vault([key]))
    with database.transaction() as tx:
        register = Register(tx)
        anna, karin = register.person("anna", team="Barn"), register.person("karin", "quality")
        bo = register.person("bo", team="Unga")
        register.person("adam", "admin")
        register.placement(bo, register.unit("NORR"), case="AKT-1")
        night, noon = at("2026-08-04 23:00"), at("2026-08-05 12:00")
        access_log.record(tx, "read", What.REPORT.of(1), night, person_id=anna, seen=[What.PLACEMENT.of(1)])
        access_log.record(
            tx,
            "read",
            What.CASE_REFERENCE.of("A-1"),
            noon,
            person_id=karin,
            seen=[What.PLACEMENT.of(1)],
            reason="Ska tala med handläggaren.",
        )
    database.close()
    return shell


def test_the_command_shows_what_is_unusual_in_the_quarter(kept: Shell) -> None:
    shown = kept.shows("log", "review", "--quarter", "2026-Q3")
    assert (shown["quarter"], shown["reviewed"]) == ("2026-Q3", False)
    assert [(one["kind"], one["who"]) for one in shown["findings"]] == [
        ("other_team", "anna"),
        ("out_of_hours", "anna"),
        ("reference", "karin"),
    ]
    assert shown["findings"][2]["reasons"] == ["Ska tala med handläggaren."]
    assert kept.shows("log", "review")["quarter"] == "2026-Q3"
    assert kept.shows("log", "review", "--quarter", "2026-Q2")["findings"] == []
    table = kept.run("log", "review").stdout
    assert SAY("cli.log.title", quarter="2026-Q3", n=3) in table
    assert "AKT-1" not in table


def test_recording_the_review_needs_an_administrator_and_a_note(kept: Shell) -> None:
    refused = kept.run("log", "reviewed", "--by", "anna", "--note", " ")
    assert refused.exit_code == 1
    assert SAY("cli.log.not_reviewer", key="anna", known="adam") in refused.stderr
    assert SAY("cli.log.note_needed") in refused.stderr
    assert kept.run("log", "reviewed", "--by", "adam", "--note", "20120229-2387").exit_code == 1
    early = kept.run("log", "reviewed", "--by", "adam", "--note", "Inget.", "--quarter", "2026-Q4")
    assert (early.exit_code, SAY("page.log.not_over") in early.stderr) == (1, True)
    assert not kept.shows("log", "review")["reviewed"]
    done = kept.run("log", "reviewed", "--by", "adam", "--note", "Anna arbetade över.")
    assert (
        done.exit_code,
        SAY("cli.log.recorded", quarter="2026-Q3", name="Adam Test", n=3) in done.stdout,
    ) == (
        0,
        True,
    )
    assert kept.shows("log", "review")["reviewed"]
    assert kept.shows("check")["ok"]


@pytest.mark.parametrize("words", [("review",), ("reviewed", "--by", "adam", "--note", "x")])
def test_an_odd_quarter_is_said_in_words(kept: Shell, words: tuple[str, ...]) -> None:
    refused = kept.run("log", *words, "--quarter", "hösten")
    assert (refused.exit_code, SAY("cli.log.no_quarter", typed="hösten") in refused.stderr) == (2, True)


def test_a_review_is_itself_logged_and_keeps_where_the_chain_stood(kept: Shell) -> None:
    kept.run("log", "reviewed", "--by", "adam", "--note", "Inget.")
    entries = kept.shows("check")["log_entries"]
    kept.tamper("drop trigger access_log_no_delete")
    kept.tamper(f"delete from access_log where id = {entries}")
    faults = kept.run("check").stdout
    assert SAY("check.log.cut", quarter="2026-Q3", n=entries) in faults


def test_who_shares_a_surname_with_the_head_of_the_home_is_found(municipality: Database) -> None:
    with municipality.transaction() as tx:
        tx.connection.execute(unit.update().values(director="Lars Test"))
        karin = people.by_key(tx, "karin")
        assert karin is not None
        now = at("2026-11-04 10:00")
        access_log.record(tx, "read", What.EVIDENCE.of("NORR"), now, person_id=karin.id)
        quarter = Quarter(2026, 4)
        assert [one.kind for one in review(tx, quarter)] == ["own_name"]


def test_a_checkpoint_is_written_to_a_file_and_held_against_the_log(kept: Shell) -> None:
    assert kept.run("log", "checkpoint").stdout.split()[0] == "main"
    file = kept.directory / "kontrollpunkt.txt"
    made = kept.run("log", "checkpoint", "--out", str(file))
    assert made.stdout.strip() == SAY("cli.log.checkpoint_made", path=file, n=4)
    assert kept.shows("check", "--since", str(file))["ok"]
    assert kept.run("log", "review").exit_code == 0
    kept.tamper("drop trigger access_log_no_delete")
    kept.tamper("delete from access_log where id = 4")
    kept.tamper("drop trigger log_checkpoint_no_delete")
    kept.tamper("delete from log_checkpoint where entries = 4")
    said = kept.run("check", "--since", str(file)).stdout
    assert SAY("check.log.end", n=3, wanted=4) in said
    assert SAY("check.since.gone", at=Checkpoint.read(file.read_text()).at, n=4) in said  # type: ignore[union-attr]


def test_a_checkpoint_that_cannot_be_read_or_written_is_said_in_words(kept: Shell) -> None:
    file = kept.directory / "fel.txt"
    file.write_text("inget")
    refused = kept.run("check", "--since", str(file))
    assert (refused.exit_code, SAY("cli.check.since.wrong", path=file) in refused.stderr) == (2, True)
    missing = kept.run("check", "--since", str(kept.directory / "finns inte"))
    assert (missing.exit_code, "finns inte" in missing.stderr) == (2, True)
    nowhere = kept.run("log", "checkpoint", "--out", str(kept.directory / "ingen" / "fil"))
    assert nowhere.exit_code == 1


def test_administrators_get_a_checkpoint_each_month_that_check_takes(municipality: Database) -> None:
    with municipality.transaction() as tx:
        Register(tx).person("adam", "admin")
    chat = october(municipality)
    chat.client("anna").say("mina")
    chat.wake("2026-11-30 08:00")
    assert sent_checkpoints(chat) == []
    chat.wake("2026-12-01 08:00")
    chat.wake("2026-12-02 08:00")
    chat.wake("2027-01-04 08:00")
    first, second = (one.words for one in sent_checkpoints(chat))
    for words in (first, second):
        [line] = [line for line in words.splitlines() if line.startswith("main ")]
        kept = Checkpoint.read(line)
        assert kept is not None
        with municipality.transaction() as tx:
            assert list(faults_since(tx, kept)) == []
    assert first != second


def sent_checkpoints(chat: Chat) -> list[Shown]:
    return [one for one in chat.client("adam").shown if one.kind == "log_checkpoint"]
