"""The command line, run as a person runs it, over a database file of its own."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from socket import socket
from typing import Any

import pytest
from sqlalchemy import update
from typer.testing import CliRunner, Result

from bot.clock import ManualClock
from bot.commands import command_line
from bot.commands.console import in_quarters
from bot.settings import LOCAL_CHANNEL, Settings
from documents.imports.history_columns import FILES
from storage.engine.database import Database
from storage.engine.tables import delivery
from storage.engine.vault import Vault, new_key
from storage.messages import conversations, settling
from storage.messages.conversations import Address
from storage.messages.delivery import QUALITY_CHANNEL
from tests.support.builders import at
from tests.support.builders_register import example, write_csv
from tests.support.stage import SAY
from texts.catalogue import Texts

NOW = at("2026-11-23 12:00")
COMMANDS = (
    "serve",
    "chat",
    "wake",
    "round",
    "migrate",
    "import",
    "risk",
    "outbox",
    "check",
    "threshold",
    "base-levels",
    "demo",
    "selection",
    "report",
    "report-template",
    "year-plan",
)
UNIT = example("enheter")["Enhetskod"]


@dataclass
class Shell:
    """A terminal in an empty folder; `now` is what the clock says."""

    directory: Path
    now: datetime = NOW
    runner: CliRunner = field(default_factory=CliRunner)

    def run(self, *words: object) -> Result:
        cli = command_line(ManualClock(self.now))
        return self.runner.invoke(cli, [str(word) for word in words])

    def shows(self, *words: object) -> Any:
        """What a command prints with --json."""
        result = self.run(*words, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    @property
    def database(self) -> Path:
        return self.directory / "var" / "uppfoljaren.db"

    def tamper(self, statement: str) -> None:
        with closing(sqlite3.connect(self.database)) as connection:
            connection.execute(statement)
            connection.commit()

    def write_register(self, **changed: dict[str, str]) -> Path:
        """The example row of each file, with what a test changes in it."""
        directory = self.directory / "register"
        directory.mkdir(exist_ok=True)
        for file in FILES:
            write_csv(directory / f"{file.name}.csv", [example(file.name, changed.get(file.name))])
        return directory


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, var: Path) -> Shell:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"UPPFOLJAREN_{name.upper()}", raising=False)
    monkeypatch.setenv("UPPFOLJAREN_VAR", str(var))
    monkeypatch.chdir(tmp_path)
    return Shell(tmp_path)


@pytest.fixture
def filled(shell: Shell) -> Shell:
    """With the example register read in."""
    assert shell.run("import", shell.write_register()).exit_code == 0
    return shell


@pytest.fixture
def for_real(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Configured as in the municipality, where there is no database yet."""
    shell.database.unlink()
    values = {
        "APP_ID": "app",
        "APP_PASSWORD": "secret",
        "TENANT_ID": "tenant",
        "KEYS": new_key(),
        "DATABASE_URL": f"sqlite:///{shell.database}",
    }
    for name, value in values.items():
        monkeypatch.setenv(f"UPPFOLJAREN_{name}", value)
    return shell


def test_help_lists_the_commands(shell: Shell) -> None:
    listed = shell.run("--help")
    assert listed.exit_code == 0
    assert all(f" {command} " in listed.stdout for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(shell: Shell, command: str) -> None:
    assert shell.run(command, "--help").exit_code == 0


def test_the_bot_does_not_start_without_its_settings_and_names_all_of_them(shell: Shell) -> None:
    refused = shell.run("serve")
    assert (refused.exit_code, refused.stdout) == (2, "")
    for name in ("APP_ID", "APP_PASSWORD", "TENANT_ID", "KEYS", "DATABASE_URL"):
        assert f"UPPFOLJAREN_{name} saknas" in refused.stderr


def test_local_mode_does_not_start_with_an_app_id(for_real: Shell) -> None:
    refused = for_real.run("serve", "--local")
    assert (refused.exit_code, "UPPFOLJAREN_APP_ID" in refused.stderr) == (2, True)
    assert not for_real.database.exists()


def test_a_taken_port_is_one_clear_sentence(filled: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("UPPFOLJAREN_PORT", str(port))
        refused = filled.run("serve", "--local")
    said = f"Boten kan inte lyssna på port {port}: den är upptagen. Välj en annan med UPPFOLJAREN_PORT.\n"
    assert (refused.exit_code, refused.stderr.endswith(said)) == (1, True)


def test_local_mode_says_what_it_does_and_that_its_clock_has_been_moved(
    filled: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.run("wake", "--at", "2026-12-01 08:00")
    with socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("UPPFOLJAREN_PORT", str(taken.getsockname()[1]))
        lines = filled.run("serve", "--local").stdout.splitlines()
    assert lines[0].startswith("Öppnar databasen i ")
    assert "går vidare från 1 december 2026 08:00, dit den har flyttats" in lines[1]


def test_what_takes_long_is_told_when_it_begins_and_by_quarters(capsys: pytest.CaptureFixture[str]) -> None:
    move = in_quarters(Texts("sv"), "Räknar")
    for done in range(9):
        move(done, 8)
    in_quarters(Texts("sv"), "Inget att göra")(0, 0)
    told = capsys.readouterr().out.splitlines()
    assert told == [*(f"Räknar: {percent} %" for percent in (0, 25, 50, 75, 100)), "Inget att göra: 0 %"]


def test_the_real_bot_does_not_start_on_a_database_that_is_not_migrated(for_real: Shell) -> None:
    for_real.database.touch()
    refused = for_real.run("serve")
    assert (refused.exit_code, "python -m bot migrate" in refused.stderr) == (3, True)


def where(shell: Shell) -> set[str]:
    return {path.name for path in shell.directory.rglob("*")}


@pytest.mark.parametrize(
    "command",
    [
        *("check", "wake", "round", "outbox", "risk --all", "backup --to x", "key rotate", "log review"),
        *("move --to postgresql+psycopg://x/y", "import --map-template x.csv"),
    ],
)
def test_a_command_makes_no_database_where_there_is_none(shell: Shell, command: str) -> None:
    shell.database.unlink()
    before = where(shell)
    refused = shell.run(*command.split())
    told = SAY("cli.no_database", place=shell.database)
    alike = SAY("move.nothing", path=shell.database)
    assert refused.exit_code in (3, 4), refused.output
    assert refused.stderr.strip() in (told, alike)
    assert where(shell) - before <= {"nyckel"}


def test_the_real_bot_makes_none_either(for_real: Shell) -> None:
    refused = for_real.run("serve")
    assert (refused.exit_code, refused.stderr.strip()) == (3, SAY("cli.no_database", place=for_real.database))
    assert not for_real.database.exists()


@pytest.mark.parametrize(
    ("left", "local"),
    [
        *(("databas", True), ("uppfoljaren.db-wal", True)),
        *(("databas", False), ("gallringar.jsonl", False), ("a backup", False)),
    ],
)
def test_none_is_made_where_the_installation_has_had_one_until_somebody_says_so(
    shell: Shell, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, left: str, local: bool
) -> None:
    if left == "a backup":
        trace = Path(shell.shows("backup", "--to", shell.directory / "copies")["path"])
        monkeypatch.setenv("UPPFOLJAREN_BACKUP_DIR", str(trace.parent))
        (shell.database.parent / "databas").unlink()
    else:
        trace = shell.database.with_name(left)
        trace.write_text("left")
    shell.database.unlink()
    if not local:
        shell.database.touch()
        request.getfixturevalue("for_real")
    told = SAY("cli.no_database.lost", place=shell.database, trace=trace)
    for command in (
        ("migrate",),
        *((("serve", "--local"), ("import", shell.write_register())) if local else ()),
    ):
        refused = shell.run(*command)
        assert (refused.exit_code, refused.stderr.strip()) == (4 if command[0] == "import" else 3, told)
        assert not shell.database.exists()
    assert shell.run("migrate", "--new").exit_code == 0
    assert shell.run("wake").exit_code == 0


def test_a_database_that_is_there_is_opened_where_nothing_can_be_noted_beside_it(shell: Shell) -> None:
    mark = shell.database.with_name("databas")
    mark.unlink(missing_ok=True)
    mark.symlink_to(shell.directory / "no folder" / "databas")
    assert (shell.run("migrate").exit_code, shell.run("wake").exit_code) == (0, 0)


def test_an_empty_file_is_no_new_installation_either(shell: Shell) -> None:
    assert shell.run("wake").exit_code == 0
    shell.database.write_bytes(b"")
    assert SAY("cli.schema.empty") in shell.run("wake").stderr
    refused = shell.run("migrate")
    trace = shell.database.with_name("databas")
    assert refused.stderr.strip() == SAY("cli.no_database.lost", place=shell.database, trace=trace)


def test_check_is_content_when_all_is_right(shell: Shell) -> None:
    shell.database.unlink()
    assert shell.run("migrate").exit_code == 0
    found = shell.shows("check")
    assert (found["ok"], found["problem"], found["drift"]) == (True, None, [])
    assert found["schema"] == found["schema_wanted"]
    assert "Allt stämmer." in shell.run("check").stdout


@pytest.mark.parametrize(
    ("statement", "advice"),
    [
        ("alter table wake add column extra text", "säkerhetskopia"),
        ("drop index ix_delivery_state_not_before", "säkerhetskopia"),
        ("update alembic_version set version_num = '9999'", "nyare än programmet"),
        ("delete from alembic_version", "python -m bot migrate"),
    ],
)
def test_check_sees_what_was_changed_without_the_program(shell: Shell, statement: str, advice: str) -> None:
    shell.run("migrate")
    shell.tamper(statement)
    found = shell.run("check", "--json")
    assert (found.exit_code, json.loads(found.stdout)["ok"]) == (3, False)
    assert advice in json.loads(found.stdout)["problem"]
    assert advice in shell.run("check").stderr


def test_check_sees_a_channel_that_takes_nothing(shell: Shell) -> None:
    shell.run("migrate")
    shell.tamper(
        "insert into conversation (channel, conversation_id, service_url, seen_at, refused_at, refused_why) "
        "values ('quality', '19:x', 'https://x/', '2026-11-02 07:00:00', '2026-11-02 07:00:00', '403 Why')"
    )
    found = shell.run("check", "--json")
    assert found.exit_code == 3
    [fault] = json.loads(found.stdout)["faults"]
    assert fault == SAY("check.channel_refused", since=at("2026-11-02 08:00"), why="403 Why")


@pytest.mark.parametrize("command", ["check", "migrate", "round", "outbox"])
def test_a_file_that_is_no_database_is_said_in_words(shell: Shell, command: str) -> None:
    shell.database.write_text("inte en databas" * 100)
    found = shell.run(command)
    told = SAY("cli.fault.damaged", why="file is not a database")
    assert (found.exit_code, found.stderr.strip()) == (3, told)


@pytest.mark.parametrize("command", ["migrate", "round", "outbox"])
def test_what_a_newer_program_left_is_not_touched(shell: Shell, command: str) -> None:
    shell.run("migrate")
    shell.tamper("update alembic_version set version_num = '9999'")
    found = shell.run(command)
    assert (found.exit_code, "nyare än programmet" in found.stderr) == (3, True)


def test_wake_does_what_is_due_and_the_second_time_nothing(filled: Shell) -> None:
    first = filled.shows("wake", "--at", "2026-12-01 08:00")
    assert first["queued"] > 0
    assert first["at"] == "2026-12-01T08:00:00+01:00"
    assert filled.shows("wake", "--at", "2026-12-01 08:00")["queued"] == 0
    assert filled.shows("wake", "--at", "2026-11-01 08:00")["queued"] == 0
    assert filled.shows("wake")["queued"] == 0


def test_a_command_leaves_the_channels_address_to_the_server(filled: Shell) -> None:
    """The server may listen on another port than a command run beside it knows."""
    served = Address(LOCAL_CHANNEL, "http://127.0.0.1:4000/local/connector")
    settle(filled, lambda database: _serve_at(database, served))
    assert filled.run("risk", "--all").exit_code == 0
    found = []
    settle(filled, lambda database: found.append(_channel_of(database)))
    assert found == [served]


def _serve_at(database: Database, address: Address) -> None:
    with database.transaction() as tx:
        conversations.remember(tx, address, NOW, channel=QUALITY_CHANNEL)


def _channel_of(database: Database) -> Address | None:
    with database.transaction() as tx:
        return conversations.address_of(tx, channel=QUALITY_CHANNEL)


def test_wake_moves_the_clock_in_local_mode_only(for_real: Shell) -> None:
    for_real.run("migrate")
    refused = for_real.run("wake", "--at", "2026-12-01T08:00")
    assert (refused.exit_code, refused.stderr) == (2, "--at går bara i lokalt läge.\n")
    assert for_real.run("wake").exit_code == 0


def test_a_time_that_cannot_be_read_is_refused(shell: Shell) -> None:
    assert shell.run("wake", "--at", "i morgon").exit_code == 2


def test_the_rounds_are_shown_with_how_many_have_answered(filled: Shell) -> None:
    filled.run("wake", "--at", "2026-12-01 08:00")
    newest = filled.shows("round")[0]
    assert newest == {
        "month": "2026-11",
        "deadline": "2026-12-14",
        "closes": newest["closes"],
        "answered": 0,
        "all": 1,
    }
    assert "2026-11" in filled.run("round").stdout


def test_one_bad_row_stops_the_whole_import(shell: Shell) -> None:
    directory = shell.write_register(placeringar={"Från": "i våras"})
    refused = shell.run("import", directory)
    assert refused.exit_code == 1
    assert "placeringar.csv, rad 2, Från" in refused.stderr
    assert shell.shows("risk", "--all") == []


def test_the_rest_is_imported_when_that_is_asked_for_and_the_bad_rows_are_written(shell: Shell) -> None:
    directory = shell.write_register(signaler={"Konsekvens": "nio"})
    done = shell.run("import", directory, "--skip-bad", "--rejected", shell.directory / "nej")
    assert done.exit_code == 3, done.output
    [rejected] = (shell.directory / "nej").iterdir()
    assert "nio" in rejected.read_text("utf-8-sig")
    assert [one["unit"] for one in shell.shows("risk", "--all")] == [UNIT]


def test_the_imports_exit_code_tells_all_nothing_and_a_part_apart(shell: Shell, tmp_path: Path) -> None:
    right, wrong = shell.write_register(), tmp_path / "fel"
    wrong.mkdir()
    write_csv(wrong / "enheter.csv", [example("enheter", {"Form": "slott"})])
    runs = {
        (right,): 0,
        (wrong,): 1,
        (right, "--end", "1"): 2,
        (right, "--complete", "--end", "en"): 2,
        (wrong, "--skip-bad"): 3,
        (right, "--complete"): 0,
        (right / "enheter.csv", "--complete"): 1,
    }
    assert {words: shell.run("import", *words).exit_code for words in runs} == runs


def test_a_database_that_is_not_there_is_no_part_of_an_import(for_real: Shell) -> None:
    assert for_real.run("import", for_real.write_register()).exit_code == 4


def test_the_import_shows_what_it_would_end_and_ends_exactly_that(filled: Shell) -> None:
    directory = filled.write_register(placeringar={"Aktreferens": "BU-1"}, rapporter={"Status": "saknas"})
    for history in ("rapporter.csv", "signaler.csv"):
        (directory / history).unlink()
    refused = filled.run("import", directory, "--complete")
    assert refused.exit_code == 1
    assert "BU-2025-014 vid E-01" in refused.stdout
    assert "--end 1" in refused.stderr
    said = json.loads(filled.run("import", directory, "--complete", "--json").stdout)
    assert said["missing"] == [{"case_reference": "BU-2025-014", "unit": "E-01", "starts": "2025-02-01"}]
    assert filled.run("import", directory, "--complete", "--end", "2").exit_code == 1
    done = filled.run("import", directory, "--complete", "--end", "1")
    assert (done.exit_code, "1 avslutade" in done.stdout) == (0, True)


def test_the_import_says_all_of_it_as_json(shell: Shell) -> None:
    refused = shell.run("import", shell.write_register(enheter={"Form": "slott"}), "--json")
    said = json.loads(refused.stdout)
    assert (refused.exit_code, said["imported"]) == (1, False)
    assert ("enheter.csv", 2, "Form") in {
        (one["file"], one["row"], one["column"]) for one in said["problems"]
    }


def test_the_import_without_files_says_what_is_needed(shell: Shell) -> None:
    refused = shell.run("import")
    assert refused.exit_code == 2
    assert refused.stderr


def test_the_templates_can_be_imported_as_they_are(shell: Shell) -> None:
    assert shell.run("import", "--template", "mallar").exit_code == 0
    written = {path.name for path in (shell.directory / "mallar").iterdir()}
    assert written == {f"{file.name}.csv" for file in FILES}
    assert shell.run("import", "--template", "mallar").exit_code == 1
    assert shell.run("import", "mallar").exit_code == 0


def test_the_plan_of_a_year_is_written_whoever_is_in_the_register(shell: Shell) -> None:
    said = shell.shows("year-plan", "2027", "--out", "plan", "--no-pdf")
    assert said["files"] == ["plan/arsplan-2027.docx"]
    assert (shell.directory / "plan" / "arsplan-2027.docx").exists()


def test_the_risk_of_all_units_and_of_one(filled: Shell) -> None:
    [listed] = filled.shows("risk", "--all")
    shown = filled.shows("risk", UNIT)
    assert listed == shown
    assert sum(row["raises"] for row in shown["explanation"]) == pytest.approx(shown["R"], abs=1e-9)
    assert UNIT in filled.run("risk", "--all").stdout


@pytest.mark.parametrize("words", [["FINNS-INTE"], []])
def test_an_unknown_unit_is_answered_with_those_there_are(filled: Shell, words: list[str]) -> None:
    refused = filled.run("risk", *words)
    assert (refused.exit_code, UNIT in refused.stderr) == (1, True)


def test_the_outbox_shows_what_waits_and_puts_back_what_failed(filled: Shell) -> None:
    filled.run("wake", "--at", "2026-12-01 08:00")
    waiting = filled.shows("outbox")["deliveries"]
    assert {one["state"] for one in waiting} == {"ready"}
    failed = waiting[0]["id"]
    settle(filled, lambda database: _fail(database, failed))
    assert filled.shows("outbox")["counts"]["failed"] == 1
    shown = filled.run("outbox").stdout
    assert "failed: 1" in shown
    assert "…" not in shown
    assert filled.shows("outbox", "retry", failed)["counts"] == {"ready": len(waiting)}
    again = filled.run("outbox", "retry", failed)
    assert (again.exit_code, str(failed) in again.stderr) == (1, True)
    for number in (0, 1):
        said = Texts("sv")("cli.outbox.read", n=1) in " ".join(filled.run("outbox").stdout.split())
        assert (filled.shows("outbox")["read"], said) == (number, bool(number))
        settle(filled, lambda database: _read(database, failed))


def settle(shell: Shell, work: Callable[[Database], None]) -> None:
    database = Database(f"sqlite:///{shell.database}", Vault([new_key()]))
    work(database)
    database.close()


def _fail(database: Database, number: int) -> None:
    with database.transaction() as tx:
        settling.settle(tx, number, "failed", reason="403 BotDisabledByAdmin")


def _read(database: Database, number: int) -> None:
    with database.transaction() as tx:
        arrived = update(delivery).where(delivery.c.id == number)
        tx.connection.execute(arrived.values(state="sent", read_at=NOW))


def test_the_demo_plays_a_month_to_its_end(shell: Shell) -> None:
    shell.database.unlink()
    played = shell.run("demo")
    assert played.exit_code == 0, played.output
    for step in ("opens", "form", "mistakes", "signal", "alert", "taken", "third", "deadline", "end"):
        assert SAY(f"demo.{step}") in played.stdout
    assert not shell.database.exists()


def test_chat_says_when_nobody_answers(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, silent_port: int
) -> None:
    monkeypatch.setenv("UPPFOLJAREN_PORT", str(silent_port))
    refused = shell.run("chat", "--as", "anna")
    assert (refused.exit_code, refused.stderr) == (1, "Servern svarar inte. Starta den med make run.\n")


ADOPT = ("threshold", "adopt", "red_p=0,45", "--from", "2026-12-01")


def test_a_threshold_is_previewed_and_adopted_by_someone_named(filled: Shell) -> None:
    filled.tamper(
        "insert into person (key, name, role, language, active) values ('karsjo', 'Karin Sjö', 'quality', 'sv', 1)"
    )
    previewed = filled.shows("threshold", "preview", "red_p=0,45", "red_items=4")
    assert previewed["changes"] == {"red_p": 0.45, "red_items": 4.0}
    assert (previewed["base"], previewed["today"]) == ("risk-2", [])
    assert SAY("threshold.none_today", n=1) in filled.run("threshold", "preview", "red_p", "0,45").stdout
    adopted = filled.shows(*ADOPT, "--by", "karsjo", "--reason", "Fler ska följas upp.")
    assert (adopted["id"], adopted["valid_from"]) == ("risk-3", "2026-12-01")
    assert adopted["decided_by"] == "Karin Sjö"
    assert adopted["parameters"]["red_p"] == 0.45
    assert filled.shows("threshold")["id"] == "risk-3"
    assert "red_p 0,45" in filled.run("threshold").stdout


def test_everything_wrong_with_an_adoption_is_told_and_nothing_is_adopted(filled: Shell) -> None:
    refused = filled.run("threshold", "adopt", "red_p", "0,45", "--from", "2026-11-01", "--by", "ingen")
    assert refused.exit_code == 1
    for said in ("ingen", SAY("threshold.too_early", earliest=date(2026, 11, 23)), "--reason"):
        assert said in refused.stderr
    unknown = filled.run("threshold", "preview", "okänd", "1", "red_p", "7")
    assert (unknown.exit_code, unknown.stderr.count("\n")) == (1, 2)
    assert filled.shows("threshold")["id"] == "risk-2"


def test_the_report_is_written_with_all_that_goes_with_it(filled: Shell) -> None:
    said = filled.shows("report", "2026", "--out", "ut", "--no-pdf", "--now", "2026-10-12 09:00")
    assert said["made_at"] == "2026-10-12T09:00:00+02:00"
    assert sorted(Path(path).name for path in said["files"]) == [
        "anmalningsarenden-2026.docx",
        "bilaga-kommunstyrelsen-2026.docx",
        "rapport-2026.docx",
        "rapport-offentlig-2026.docx",
        "stratsys-2026.xlsx",
    ]
    first = {path: Path(path).read_bytes() for path in said["files"]}
    filled.now = at("2026-11-25 12:00")
    assert filled.run("report", "2026", "--out", "ut", "--no-pdf", "--now", "2026-10-12 09:00").exit_code == 0
    assert {path: Path(path).read_bytes() for path in first} == first


def test_a_wrong_template_is_told_of_before_anything_is_written_or_published(
    filled: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert filled.run("report-template", "--out", "mall.docx").exit_code == 0
    assert filled.run("report-template", "--out", "mall.docx").exit_code == 1
    assert Path("mall.docx").stat().st_size > 0
    Path("fel.docx").write_text("ingen Word-fil")
    monkeypatch.setenv("UPPFOLJAREN_LOCAL", "true")
    monkeypatch.setenv("UPPFOLJAREN_REPORT_TEMPLATE", "fel.docx")
    refused = filled.run("report", "2026", "--out", "ut", "--no-pdf")
    assert (refused.exit_code, Path("ut").exists()) == (2, False)
    assert "fel.docx" in refused.stderr


def test_a_selections_protocol_goes_with_the_report(filled: Shell) -> None:
    filled.tamper(
        "insert into person (key, name, role, language, active) values ('k', 'K', 'quality', 'sv', 1)"
    )
    assert filled.run("selection", "freeze", "--public-value-name", "Lotto", "--by", "k").exit_code == 0
    files = filled.shows("report", "2026", "--out", "ut", "--no-pdf")["files"]
    names = {Path(path).name for path in files}
    assert {"urval-2026.docx", "urval-2026.json", "urval-2026-ram.json"} <= names
    filled.tamper("update selection_cycle set frame = '{}'")
    refused = filled.run("report", "2026", "--out", "nya")
    assert (refused.exit_code, (filled.directory / "nya").exists()) == (1, False)
    assert refused.stderr


@pytest.mark.parametrize("words", [("2018", "--out", "ut"), ("2026",), ("i år", "--out", "ut")])
def test_a_report_that_cannot_be_made_is_refused(filled: Shell, words: tuple[str, ...]) -> None:
    assert filled.run("report", *words).exit_code == 2


def test_a_file_in_the_place_of_the_reports_folder_is_said_in_words(filled: Shell) -> None:
    (filled.directory / "ut").write_text("upptagen")
    refused = filled.run("report", "2026", "--out", "ut")
    assert (refused.exit_code, "ut" in refused.stderr) == (1, True)
