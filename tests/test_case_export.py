"""What is held about one child is found by the case reference alone, and handed out whole (`case_file.`)."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from typer.main import get_command
from typer.testing import Result

from bot.clock import ManualClock
from bot.commands import command_line
from bot.settings import Settings
from dialogs.commands.registered import COMMANDS
from documents.case_file.case_data import case_data
from documents.case_file.case_document import case_document
from documents.case_file.pdf import Document, Entry, Section, drawable, pdf
from followup.log.subject import What
from followup.month.report import with_ordinary
from services.retention.case_file import TRACES, CaseFile, case_file, contents_of, key_of
from storage.engine.database import Database, Transaction
from storage.engine.retention_tables import case_export
from storage.engine.tables import placement
from storage.engine.vault import Vault
from storage.engine.year_tables import metadata
from storage.log import access_log
from storage.month import reports
from storage.register import people
from storage.retention import holdings
from storage.retention.holdings import HELD
from storage.risk import scores
from tests.support.builders import Register, at
from tests.support.deeds import acting
from tests.support.logged_acts import acts
from tests.support.stage import SAY
from tests.support.whole_child import CASE, MARKER, OTHER_CASE, Told, settle
from tests.test_commands import Shell, shell

__all__ = ["shell"]
# What is of no one child: the municipality's own, an employee's, or the bot's.
OF_NO_CHILD = frozenset(
    {
        *("register_import", "import_unit", "person", "provider", "unit", "term", "clock_term", "contract"),
        *(
            "unit_event",
            "leave",
            "round",
            "risk_config",
            "base_levels",
            "digest_choice",
            "personal_choice",
            "shown_figure",
        ),
        *(
            "conversation",
            "snooze",
            "log_key",
            "log_tip",
            "log_checkpoint",
            "log_redaction",
            "log_review",
            "wake",
            "restored",
        ),
        *(
            "last_look",
            "change_count",
            "uncounted_change",
            "job_look",
            "clock_look",
            "selection_cycle",
            "selection_adjustment",
            "pace",
        ),
        *(
            "signal_turn",
            "follow_up",
            "follow_up_version",
            "follow_up_draft",
            "action",
            "action_version",
            "board_decision",
            "diary_number",
            "recommendations",
            "edition",
        ),
        # A unit's scores name items by number: what remains of them when what they are the numbers of is gone.
        "score",
        # Of at least three children, and of which is in a table that is held.
        "outcome_group",
        *("standing", "left_to_score", "unit_purge"),
        # Of an owner's placements in a month, how many: no child stands in it.
        *("answer_count", "uncounted_answer"),
        # Who saw what, by number: the log has a time of its own.
        *("access_log", "access_log_record"),
        # Files that wait to be brought in, a day at most and sealed: nobody knows what is in them before they are read.
        *("upload", "upload_file", "own_column"),
        # That somebody is logged in.
        "page_session",
        # A decision to delete holds references until its protocol is written.
        *("purge", "purge_case", "purge_class"),
    }
)
# What is not found by a column, but by what is in it.
WRITTEN_IN = frozenset({"delivery", "handled", "link"})


def test_every_table_is_known_to_hold_children_or_not_to() -> None:
    held = {one.table.name for one in HELD}
    assert held | OF_NO_CHILD | WRITTEN_IN == {table.name for table in metadata.sorted_tables}
    assert not held & OF_NO_CHILD


def test_every_reference_to_a_childs_row_is_from_a_table_that_is_held() -> None:
    """So that a new table cannot hold on to a row that is to go."""
    deleted = {one.table.name for one in HELD if not one.emptied}
    held = {one.table.name for one in HELD}
    referring = {
        table.name
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in deleted
    }
    assert referring <= held


@pytest.fixture
def told(database: Database) -> Told:
    with database.transaction() as tx:
        return settle(tx)


def rows_of(tx: Transaction, case: str) -> dict[str, list[dict[str, Any]]]:
    child = holdings.find(tx, case)
    assert child is not None
    return holdings.rows(tx, child)


def test_something_of_the_child_stands_in_every_table_that_holds_children(
    database: Database, told: Told
) -> None:
    with database.reading() as tx:
        found = rows_of(tx, CASE)
        other = rows_of(tx, OTHER_CASE)
    assert set(found) == {one.table.name for one in HELD} - {"case_export"}
    assert {name: len(rows) for name, rows in found.items()} == {
        name: len(rows) for name, rows in other.items()
    }
    text = json.dumps(found, ensure_ascii=False)
    assert text.count(MARKER) >= 10
    assert OTHER_CASE not in text
    assert MARKER not in json.dumps(other, ensure_ascii=False)


def test_a_child_that_the_register_does_not_know_is_nobody(tx: Transaction) -> None:
    settle(tx)
    for typed in ("AKT-SVEP", "%", "AKT-SVEP-7_", MARKER, "", "akt-svep-77"):
        assert holdings.find(tx, typed) is None


def test_what_is_changed_where_it_stands_is_new_again(tx: Transaction) -> None:
    told = settle(tx)
    before = set(contents_of(rows_of(tx, CASE)))
    assert set(contents_of(rows_of(tx, CASE))) == before
    tx.connection.execute(update(placement).where(placement.c.id == told.placement).values(home="H-1"))
    [new] = set(contents_of(rows_of(tx, CASE))) - before
    assert new.startswith(f"placement:{told.placement}:")


def test_a_column_that_came_after_a_child_was_handed_out_makes_nothing_new_until_it_says_something() -> None:
    """What a migration adds is empty in what was handed out before it."""
    row = {"signal_id": 1, "state": "handed_on", "ended_at": None}
    then, empty, told = (
        key_of("signal_progress", row | one) for one in ({}, {"receiver": None}, {"receiver": "ivo"})
    )
    assert (then == empty, then == told) == (True, False)


def test_why_it_ended_is_said_in_words_also_where_the_child_had_no_row_in_a_file_that_was_to_name_all(
    database: Database, told: Told
) -> None:
    for code, said in (("left_register", "borttagen ur registret"), ("of_age", "ålder")):
        with acting(database, "anna", at("2024-04-02")) as anna:
            row = placement.c.id == told.placement
            anna.tx.connection.execute(update(placement).where(row).values(end_reason=code))
            found = case_file(anna, CASE, "Till akten", "prov")
            assert isinstance(found, CaseFile)
            document = asdict(case_document(found, "Kommunen", SAY))
        pairs = {pair for part in document["sections"] for one in part["entries"] for pair in one["pairs"]}
        assert said in {value for _, value in pairs}
        assert code not in {value for _, value in pairs}


def test_a_question_is_said_with_what_the_municipality_calls_it_in_the_personal_file(
    database: Database, told: Told
) -> None:
    with acting(database, "anna", at("2024-04-02")) as anna:
        found = case_file(anna, CASE, "Till akten", "prov")
        assert isinstance(found, CaseFile)
        names = {"report.feels_safe": "Trygghet (vår BBIC)"}
        documents = [asdict(case_document(found, "Kommunen", SAY, one)) for one in (names, {})]
        assert case_data(found, names)["own_names"] == names
    named, plain = (
        {pair[0] for part in one["sections"] for entry in part["entries"] for pair in entry["pairs"]}
        for one in documents
    )
    asked = SAY("report.feels_safe")
    assert (named - plain, plain - named) == ({f"{asked} (Trygghet (vår BBIC))"}, {asked})


# On the command line.


@contextmanager
def database_of(shell: Shell) -> Iterator[Database]:
    settings = Settings(local=True, var=shell.directory / "var")
    with closing(Database(settings.url, Vault(settings.sealing_keys))) as database:
        yield database


@pytest.fixture
def town(shell: Shell) -> Shell:
    with database_of(shell) as database, database.transaction() as tx:
        scores.add_first_method(tx)
        settle(tx)
    return shell


def export(town: Shell, *more: str, by: str = "anna", case: str = CASE, reason: str = "Till akten") -> Result:
    out = town.directory / "ut"
    return town.run("case", "export", case, "--by", by, "--reason", reason, "--out", out, *more)


def handed_out(town: Shell) -> list[Path]:
    return sorted((town.directory / "ut").glob("*")) if (town.directory / "ut").exists() else []


def test_a_case_is_handed_out_as_pdf_and_json_with_a_proof_that_check_takes(town: Shell) -> None:
    assert export(town).exit_code == 0
    log, data, document = handed_out(town)
    assert {path.stat().st_mode & 0o777 for path in (data, log, document)} == {0o600}
    assert not [path for path in handed_out(town) if CASE in path.name]
    said = json.loads(data.read_text("utf-8"))
    assert (said["case_reference"], said["by"], said["earlier_export"]) == (CASE, "anna", None)
    assert [row["free_text"] for row in said["tables"]["report"]] == [f"{MARKER} 1", f"{MARKER} 2"]
    assert OTHER_CASE not in data.read_text("utf-8")
    assert document.read_bytes().startswith(b"%PDF-1.7")
    assert town.run("check", "--since", log).exit_code == 0


def test_what_was_handed_out_is_logged_with_its_reason_and_remembered_with_the_files_own_sums(
    town: Shell,
) -> None:
    export(town, reason="Inför nämnd")
    with database_of(town) as database, database.reading() as tx:
        [row] = tx.connection.execute(select(case_export)).all()
        logged = [one.entry for one in access_log.everything(tx)][-2:]
        anna = people.by_key(tx, "anna")
    assert row.files == {path.name: sha256(path.read_bytes()).hexdigest() for path in handed_out(town)}
    assert anna is not None
    assert {one.person_id for one in logged} == {anna.id}
    assert [(one.act, one.subject.what, one.reason) for one in logged] == [
        ("read", What.CASE_FILE, "Inför nämnd"),
        ("write", What.CASE_EXPORT, None),
    ]
    assert CASE not in str(logged)


def test_only_what_is_new_since_the_last_time_is_listed(town: Shell) -> None:
    first = json.loads(export(town, "--json").stdout)
    with database_of(town) as database, database.reading() as tx:
        of = sum(len(rows) for name, rows in rows_of(tx, CASE).items() if name not in TRACES)
    town.now += timedelta(days=1)
    again = json.loads(export(town, "--json").stdout)
    town.now += timedelta(hours=1)
    printed = " ".join(export(town).stdout.split())
    assert SAY("cli.case.exported", number=3, n=0, of=of) in printed
    assert (len(first["new"]) > 10, again["new"]) == (True, [])
    with database_of(town) as database, database.transaction() as tx:
        [task, *_] = rows_of(tx, CASE)["report_task"]
        answers = {**with_ordinary({"goal_progress": "partly"}), "free_text": "Rättat."}
        anna = people.by_key(tx, "anna")
        assert anna is not None
        reports.save(tx, task["id"], answers, by_statement=False, author_id=anna.id, now=at("2026-11-24"))
    town.now += timedelta(days=1)
    [new] = json.loads(export(town, "--json").stdout)["new"]
    assert new.startswith("report:")


@pytest.mark.parametrize(
    ("given", "text", "code"),
    [
        ({"case": "AKT-SVEP"}, "cli.case.unknown", 1),
        ({"case": "%"}, "cli.case.unknown", 1),
        ({"by": "maria"}, "cli.case.not_hers", 1),
        ({"by": "alva"}, "cli.case.not_hers", 1),
        ({"by": "bo"}, "cli.case.not_hers", 1),
        ({"by": "nobody"}, "cli.case.nobody", 1),
        ({"by": "gone"}, "cli.case.nobody", 1),
        ({"reason": "   "}, "cli.case.reason_needed", 2),
        ({"reason": "Om 20120229-2387"}, "form.personal_number", 2),
    ],
)
def test_nothing_is_handed_out_to_who_may_not_have_it(
    town: Shell, given: dict[str, str], text: str, code: int
) -> None:
    with database_of(town) as database, database.transaction() as tx:
        Register(tx).person("bo")
        Register(tx).person("gone", active=False)
    result = export(town, **given)
    assert (result.exit_code, handed_out(town)) == (code, [])
    assert SAY(text) in result.stderr.replace("\n", " ")
    with database_of(town) as database, database.reading() as tx:
        assert tx.connection.execute(select(case_export)).all() == []
        refused = acts(tx, "refused")
    # Whoever is known and asks for what is not hers stands in the log, and the child does not.
    assert bool(refused) == (code == 1 and text != "cli.case.nobody")
    assert CASE not in str(refused)


def test_the_quality_team_hands_out_with_a_reason(town: Shell) -> None:
    assert export(town, by="karin").exit_code == 0


def test_nothing_is_marked_where_the_files_could_not_be_written(town: Shell) -> None:
    (town.directory / "ut").write_text("en fil i vägen")
    result = export(town)
    assert result.exit_code == 1
    with database_of(town) as database, database.reading() as tx:
        assert tx.connection.execute(select(case_export)).all() == []


def test_nothing_is_handed_out_into_the_bots_own_folder(town: Shell) -> None:
    inside = town.directory / "var" / "ut"
    result = town.run("case", "export", CASE, "--by", "anna", "--reason", "Test", "--out", inside)
    assert (result.exit_code, inside.exists()) == (2, False)


def test_nothing_is_handed_out_where_a_text_cannot_be_opened(
    town: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.tamper("update report set free_text = x'00' where version = 1")
    result = export(town)
    assert (result.exit_code, handed_out(town)) == (1, [])


def test_nobody_is_offered_to_search_among_children() -> None:
    """One child is found by its reference, whole and as it is written; no command and no word looks for a text."""
    words = {word for command in COMMANDS for word in command.words}
    assert not words & {"sök", "sok", "search", "hitta", "find", "fritext"}
    cli = get_command(command_line(ManualClock(at("2026-11-23"))))
    named = set(_names(cli))
    assert not {one for one in named if any(part in one for part in ("search", "find", "query", "text"))}


def _names(command: Any) -> Iterator[str]:
    for name, one in getattr(command, "commands", {}).items():
        yield name
        yield from (parameter.name for parameter in one.params)
        yield from _names(one)


# The document.


DOCUMENT = Document(
    "Åtgärd",
    "Vikåsa kommun",
    "Sekretess",
    ("#emph[x] *y* $z$ @a <b>",),
    (Section("Rapporter", entries=(Entry("Oktober", (("Fritext", "rad\n漢字\u202e"),)),)),),
)


def test_the_same_document_is_the_same_file_tagged_for_those_who_listen() -> None:
    drawn = pdf(DOCUMENT, at("2026-11-02"))
    assert drawn == pdf(DOCUMENT, at("2026-11-02"))
    assert drawn != pdf(DOCUMENT, at("2026-11-03"))
    assert drawn == pdf(DOCUMENT, at("2026-11-02") + timedelta(microseconds=1)), "as the clock has them"
    for sign in (b"/MarkInfo", b"/StructTreeRoot", b"/Lang"):
        assert sign in drawn


def test_a_sign_that_the_font_lacks_is_named_and_all_others_stand() -> None:
    assert drawable("åäö ÅÄÖ é – 😀 عربي") == "åäö ÅÄÖ é – 😀 عربي"
    assert drawable("漢\u202e") == "[U+6F22][U+202E]"
