"""Deleted by a decision of two people, never by a clock: `retention.` in chat, `purge.` in the protocol."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import LargeBinary, insert, select
from typer.testing import Result

from dialogs.overview.retention import proposed_card
from followup.access.municipality import Municipality
from followup.clocks.retention import RetentionPlan
from followup.log.subject import What
from followup.messages.operation import PurgeProposed
from followup.month.report import with_ordinary
from services.acting import Refused, Why
from services.log.log_verification import faults_in_log
from services.retention import carrying_out, deciding, journal
from services.retention.deciding import ProposalSeen
from services.verification import faults_in_scores
from storage.engine.columns import Sealed
from storage.engine.database import Database, Transaction
from storage.engine.tables import alert, delivery, handled, register_import, score
from storage.engine.year_tables import metadata
from storage.follow_ups import actions, follow_ups
from storage.log import access_log
from storage.month import reports
from storage.register import people, units
from storage.retention import holdings, purges, purging
from storage.retention.holdings import HELD
from storage.signals import signals
from tests.support.builders import Register, at
from tests.support.builders_register import example, write_csv
from tests.support.deeds import acting
from tests.support.stage import SAY
from tests.support.turns import SLAP, Chat
from tests.support.whole_child import CASE, MARKER, OTHER_CASE, settle
from tests.test_case_export import database_of, export, rows_of, town
from tests.test_commands import Shell, shell

__all__ = ["shell", "town"]
NOW = at("2026-11-23 12:00")


@pytest.fixture
def planned(town: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """The town with a plan, and the first child's data in the personal file."""
    plan = town.directory / "plan.toml"
    plan.write_text('source = "Plan 2026 § 61"\nmunicipality_code = "0182"\n', encoding="utf-8")
    monkeypatch.setenv("UPPFOLJAREN_RETENTION_PLAN", str(plan))
    assert export(town).exit_code == 0
    return town


def previewed(town: Shell) -> dict[str, dict[str, Any]]:
    return {one["case"]: one for one in town.shows("retention", "preview")["cases"]}


def decided(town: Shell, number: int = 1, *, by: tuple[str, ...] = ("maria", "alva")) -> list[object]:
    with database_of(town) as database:
        return [decide(database, key, number) for key in by]


def decide(database: Database, key: str, number: int = 1, **more: Any) -> ProposalSeen | Refused:
    with acting(database, key, NOW, **more) as by:
        return deciding.decide(by, number)


def carry_out(town: Shell, number: int = 1, *more: str) -> Result:
    return town.run("retention", "carry-out", number, "--out", town.directory / "arkiv", *more)


def protocol(town: Shell) -> Any:
    [path] = (town.directory / "arkiv").glob("*.json")
    return json.loads(path.read_text("utf-8"))


def purged(town: Shell) -> Shell:
    assert town.run("retention", "propose").exit_code == 0
    decided(town)
    result = carry_out(town)
    assert result.exit_code == 0, result.output
    return town


# Before anything goes.


def test_a_preview_says_who_may_go_and_what_holds_the_others_and_changes_nothing(planned: Shell) -> None:
    with database_of(planned) as database, database.transaction() as tx:
        before = {name: len(rows) for name, rows in rows_of(tx, CASE).items()}
    found = previewed(planned)
    assert {case: one["holds"] for case, one in found.items()} == {CASE: [], OTHER_CASE: ["not_exported"]}
    assert (found[CASE]["exemptions"], found[CASE]["due_on"]) == (["placed"], "2026-03-31")
    with database_of(planned) as database, database.transaction() as tx:
        after = {name: len(rows) for name, rows in rows_of(tx, CASE).items()}
        logged = [one.entry for one in access_log.everything(tx)][-1]
    assert after == before
    assert (logged.act, logged.subject.what, logged.records, len(logged.seen)) == ("read", What.PURGE, 2, 2)


def test_what_came_in_since_it_was_handed_out_holds_it(planned: Shell) -> None:
    with database_of(planned) as database, database.transaction() as tx:
        child, anna = holdings.find(tx, CASE), people.by_key(tx, "anna")
        assert child is not None
        assert anna is not None
        answers = with_ordinary({"goal_progress": "partly"})
        reports.save(tx, child.tasks[0], answers, by_statement=False, author_id=anna.id, now=at("2024-04-02"))
    assert previewed(planned)[CASE]["holds"] == ["changed"]
    planned.now += timedelta(minutes=1)
    export(planned)
    assert previewed(planned)[CASE]["holds"] == []


def test_nothing_is_proposed_where_nothing_may_go(town: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    assert town.run("retention", "propose").exit_code == 2
    plan = town.directory / "plan.toml"
    plan.write_text('source = "Plan"\nmunicipality_code = "0182"\n', encoding="utf-8")
    monkeypatch.setenv("UPPFOLJAREN_RETENTION_PLAN", str(plan))
    result = town.run("retention", "propose")
    assert (result.exit_code, SAY("cli.retention.nothing") in result.stderr.replace("\n", " ")) == (1, True)


def test_what_is_proposed_is_not_proposed_again_and_is_told_to_those_who_decide(planned: Shell) -> None:
    assert planned.shows("retention", "propose") == {"number": 1, "cases": 1, "things": 0, "told": 2}
    with database_of(planned) as database, database.reading() as tx:
        rows = tx.connection.execute(select(delivery).where(delivery.c.kind == "purge_proposed")).all()
        named = {one.id: one.key for one in people.everyone(tx).values()}
        assert {named[row.person_id]: row.payload["fields"] for row in rows} == {
            "maria": {"number": 1},
            "alva": {"number": 1},
        }
    with database_of(planned) as database:
        for key, waits in (("maria", True), ("alva", True), ("karin", False)):
            with acting(database, key, NOW) as by:
                card = proposed_card(by, PurgeProposed(1), SAY)
            assert (card is not None) == waits
    assert planned.run("retention", "propose").exit_code == 1


def test_how_many_may_go_and_went_is_printed_as_it_is_counted_again(planned: Shell) -> None:
    """By distinct children in the register, before and after: of two whose placements ended long ago one stays."""
    steps = [("retention", "preview"), ("retention", "propose")]
    said = [planned.run(*step).stdout for step in steps]
    decided(planned)
    before = _children(planned)
    said.append(carry_out(planned).stdout)
    gone = before - _children(planned)
    assert (len(before), gone) == (2, {CASE})
    told = [
        SAY("cli.retention.found", n=len(before), due=len(gone)),
        SAY("cli.retention.proposed", number=1, n=len(gone)),
        SAY("cli.retention.done", n=len(gone), held=0),
    ]
    assert [line in " ".join(one.split()) for line, one in zip(told, said, strict=True)] == [True] * 3


def _children(town: Shell) -> set[str]:
    with closing(sqlite3.connect(town.database)) as connection:
        rows = connection.execute("select case_reference from placement where ends < '2024-12-31'").fetchall()
    return {reference for (reference,) in rows}


# Who decides.


@pytest.fixture
def proposed(planned: Shell) -> Shell:
    assert planned.run("retention", "propose").exit_code == 0
    return planned


def why(outcome: object) -> Why | None:
    return outcome.why if isinstance(outcome, Refused) else None


@pytest.mark.parametrize(
    ("people_", "outcomes", "is_decided"),
    [
        (("maria", "alva"), [None, None], True),
        (("alva", "maria"), [None, None], True),
        (("maria", "maria", "mona"), [None, Why.DONE, Why.DONE], False),
        (("alva", "axel"), [None, Why.DONE], False),
        (("karin", "anna"), [Why.NOT_HERS, Why.NOT_HERS], False),
        (("maria", "alva", "mona"), [None, None, Why.DONE], True),
    ],
)
def test_it_is_decided_by_a_manager_and_an_administrator_each_once(
    proposed: Shell, people_: tuple[str, ...], outcomes: list[Why | None], is_decided: bool
) -> None:
    with database_of(proposed) as database:
        with database.transaction() as tx:
            Register(tx).person("mona", "manager")
            Register(tx).person("axel", "admin")
        assert [why(decide(database, key)) for key in people_] == outcomes
        with database.reading() as tx:
            found = purges.get(tx, 1)
    assert found is not None
    assert found.is_decided == is_decided
    assert carry_out(proposed).exit_code == (0 if is_decided else 1)


def test_the_official_decides_in_a_managers_place(proposed: Shell) -> None:
    municipality = Municipality(official="karin")
    with database_of(proposed) as database:
        assert why(decide(database, "karin", municipality=municipality)) is None
        assert why(decide(database, "maria", municipality=municipality)) == Why.DONE
        assert why(decide(database, "alva", municipality=municipality)) is None


def test_it_is_decided_in_ones_own_chat_only(proposed: Shell) -> None:
    with database_of(proposed) as database:
        assert why(decide(database, "maria", channel=True)) == Why.NOT_HERS
        assert why(decide(database, "maria", 99)) == Why.UNKNOWN


def test_what_is_refused_is_not_done_and_may_be_proposed_again(proposed: Shell) -> None:
    with database_of(proposed) as database:
        decide(database, "alva")
        with acting(database, "maria", NOW) as by:
            assert why(deciding.refuse(by, 1, "  ")) == Why.WRONG
            assert why(deciding.refuse(by, 1, "20120229-2387")) == Why.WRONG
            assert why(deciding.refuse(by, 1, "Vänta på nämnden")) is None
            assert why(deciding.decide(by, 1)) == Why.DONE
        with database.reading() as tx:
            assert [one.reference for one in purges.cases(tx, 1)] == [None]
    assert carry_out(proposed).exit_code == 1
    assert planned_number(proposed) == 2


def planned_number(town: Shell) -> int:
    return int(town.shows("retention", "propose")["number"])


def test_the_two_decide_in_chat_and_see_no_child(proposed: Shell) -> None:
    with database_of(proposed) as database:
        chat = Chat(database, NOW)
        maria, alva = chat.client("maria"), chat.client("alva")
        maria.say("gallring")
        assert "Ett barn" in maria.words
        assert CASE not in maria.words
        assert SAY("retention.yours") in maria.words
        maria.press(SAY("retention.decide", number=1))
        assert SAY("retention.did_decide", number=1) in maria.words
        assert maria.buttons == []
        alva.say("gallring")
        assert SAY("retention.decided.chief", name="Maria Test") in alva.words
        alva.press(SAY("retention.decide", number=1))
        assert SAY("retention.to_carry_out", number=1) in alva.words
        karin = chat.client("karin")
        karin.say("gallring")
        assert (SAY("retention.to_carry_out", number=1) in karin.words, karin.buttons) == (True, [])
        anna = chat.client("anna")
        anna.say("gallring")
        assert "1 barn" not in anna.words
    assert carry_out(proposed).exit_code == 0


def test_a_refusal_in_chat_needs_its_reason(proposed: Shell) -> None:
    with database_of(proposed) as database:
        maria = Chat(database, NOW).client("maria")
        maria.say("gallring")
        maria.press(SAY("retention.refuse", number=1))
        assert SAY("form.missing") in maria.words
        maria.press(SAY("retention.refuse", number=1), {"reason": "Vänta på nämnden."})
        assert SAY("retention.did_refuse", number=1) in maria.words
        assert SAY("retention.refused_by", name="Maria Test") in maria.words
        maria.forge("decide_purge", {"purge": 1})
        assert SAY("retention.otherwise") in maria.words


# What goes.


def sealed_texts(tx: Transaction) -> list[str]:
    """All that is sealed in the database, opened."""
    columns = [
        column
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, (Sealed, LargeBinary))
    ]
    found = (one for column in columns for one in tx.connection.scalars(select(column)))
    return [text for one in found if (text := tx.vault.open_if_known(one))]


def left_of(town: Shell) -> list[str]:
    """Where the child's reference or the planted word still stands: in files as they lie there, or sealed in a row."""
    files = [path for path in (town.directory / "var").rglob("*") if path.is_file()]
    words = (CASE, MARKER)
    found = [
        f"{path.name}: {word}"
        for path in files
        for word in words
        if any(word.encode(code) in path.read_bytes() for code in ("utf-8", "utf-16-le"))
    ]
    with database_of(town) as database, database.reading() as tx:
        found += [f"sealed: {text}" for text in sealed_texts(tx) for word in words if word in text]
    return found


def test_before_the_purge_the_sweep_finds_the_child_in_many_places(proposed: Shell) -> None:
    assert len(left_of(proposed)) > 10


def test_after_the_purge_nothing_is_left_of_the_child_anywhere(planned: Shell) -> None:
    """Neither in the database's file, its free pages and what lies beside it, nor sealed in any row."""
    with database_of(planned) as database, database.reading() as tx:
        other = rows_of(tx, OTHER_CASE)
    purged(planned)
    assert left_of(planned) == []
    with database_of(planned) as database, database.reading() as tx:
        assert holdings.find(tx, CASE) is None
        assert rows_of(tx, OTHER_CASE) == other


def test_check_is_clean_after_a_purge_and_the_scores_explain_themselves(planned: Shell) -> None:
    with database_of(planned) as database, database.reading() as tx:
        before = tx.connection.execute(select(score).order_by(score.c.id)).all()
    purged(planned)
    assert planned.shows("check")["ok"]
    with database_of(planned) as database, database.reading() as tx:
        assert tx.connection.execute(select(score).order_by(score.c.id)).all() == before
        assert [*faults_in_scores(tx), *faults_in_log(tx)] == []
        assert tx.connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        raised = tx.connection.execute(select(alert).order_by(alert.c.id)).all()
    # What the units' history is stands: that there was an alert, and when it was closed.
    first = raised[0]
    assert (first.kind, first.signal_id, first.closed_at is not None) == ("event", None, True)


def test_an_alert_without_its_signal_is_still_shown(planned: Shell) -> None:
    purged(planned)
    with database_of(planned) as database:
        karin = Chat(database, NOW).client("karin")
        karin.forge("show_alert", {"alert": 1})
        karin.forge("alert_history", {"alert": 1})
        karin.forge("alert_signal", {"alert": 1, "signal": 1})
        karin.say("utförare Norrgården")
        assert "Norrgården" in karin.words


def test_the_protocol_says_who_decided_what_went_and_what_stays_elsewhere(planned: Shell) -> None:
    with database_of(planned) as database, database.reading() as tx:
        rows = rows_of(tx, CASE)
    purged(planned)
    said = protocol(planned)
    [gone] = said["deleted"]
    assert (gone["case"], gone["exemptions"], said["held"]) == (CASE, ["placed"], [])
    assert gone["rows"] == {name: len(some) for name, some in rows.items()}
    assert [(one["seat"], one["name"]) for one in said["decided"]] == [
        ("chief", "Maria Test"),
        ("admin", "Alva Test"),
    ]
    assert (said["messages"], said["answers"]) == (2, 1)
    assert not [path for path in (planned.directory / "arkiv").iterdir() if CASE in path.name]


def test_files_in_the_bots_folder_that_name_the_child_are_listed(planned: Shell) -> None:
    rejected = planned.directory / "var" / "placeringar-avvisade.csv"
    rejected.write_text(f"Ärende;Skäl\n{CASE};fel\n", encoding="utf-8")
    purged(planned)
    assert protocol(planned)["files_by_hand"] == [str(rejected)]


def test_messages_about_others_and_answers_about_others_stay(planned: Shell) -> None:
    purged(planned)
    with database_of(planned) as database, database.reading() as tx:
        named = list(tx.connection.scalars(select(delivery.c.key)))
        kept = [tx.vault.open(one) for one in tx.connection.scalars(select(handled.c.reply)) if one]
    assert sorted(kept) == ["", f"Rapporten för {OTHER_CASE}: ett annat ord"]
    assert [key for key in named if key.startswith(("signal:", "update:"))] == [
        "signal:2",
        "update:conversation:activity-2",
    ]


def test_what_has_come_in_since_the_decision_stays_and_is_said(proposed: Shell) -> None:
    decided(proposed)
    with database_of(proposed) as database, database.transaction() as tx:
        register, anna = Register(tx, count(50)), people.by_key(tx, "anna")
        assert anna is not None
        register.placement(anna.id, register.unit("SYD"), case=CASE, starts="2026-11-01")
    assert carry_out(proposed).exit_code == 0
    assert (protocol(proposed)["deleted"], protocol(proposed)["held"]) == (
        [],
        [{"case": CASE, "because": "open"}],
    )
    with database_of(proposed) as database, database.reading() as tx:
        child = holdings.find(tx, CASE)
        assert child is not None
        assert len(child.placements) == 2
        assert [one.reference for one in purges.cases(tx, 1)] == [None]


def test_it_is_carried_out_once(planned: Shell) -> None:
    purged(planned)
    result = carry_out(planned)
    assert result.exit_code == 1
    assert "är utförd" in result.stderr


def test_nothing_goes_while_an_import_is_under_way(proposed: Shell) -> None:
    decided(proposed)
    with database_of(proposed) as database, database.transaction() as tx:
        tx.connection.execute(insert(register_import).values(state="staging", started_at=NOW, marks={}))
    assert carry_out(proposed).exit_code == 1
    assert len(left_of(proposed)) > 10


def test_what_is_the_units_and_names_the_child_is_told_of_before_and_in_the_protocol(planned: Shell) -> None:
    """`purge.named_in`: by its whole reference or its alias, in any version, an action or a signal without a case.

    What is about another, or has the reference as a part of another one, is left alone.
    """
    with database_of(planned) as database, database.transaction() as tx:
        karin, unit = people.by_key(tx, "karin"), units.by_key(tx, "NORR")
        assert karin is not None
        assert unit is not None
        opened = [follow_ups.open_new(tx, unit.id, karin.id, NOW, cycle_id=None) for _ in range(3)]
        first, second, third = (one for one in opened if one)
        follow_ups.save(tx, replace(first, areas={"values": f"Se akt {CASE.lower()}."}), karin.id, NOW)
        named = follow_ups.save(tx, replace(second, strengths=f"{CASE} trivs."), karin.id, NOW)
        follow_ups.save(tx, replace(named, strengths="Alla trivs."), karin.id, NOW)
        follow_ups.save(tx, replace(third, strengths=f"Bra. {CASE}7"), karin.id, NOW)
        told: dict[str, Any] = {"what": f"Ring om {OTHER_CASE}", "owner_id": karin.id, "author_id": karin.id}
        actions.add(tx, third.id, **told, due_on=NOW.date(), now=NOW)
        raised = [
            signals.save(
                tx,
                {**SLAP, "text": text},
                unit_id=unit.id,
                placement_id=None,
                task_id=None,
                author_id=karin.id,
                now=NOW,
            )
            for text in (f"Bråk om {CASE}", f"{MARKER} slog", f"{MARKER}slog", "Bråk")
        ]
    found = previewed(planned)
    of_units = [first.number, second.number]
    assert sorted(found[CASE]["may_be_named_in"]) == sorted([*of_units, *(one.number for one in raised[:2])])
    assert found[OTHER_CASE]["may_be_named_in"] == [third.number]
    purged(planned)
    assert protocol(planned)["named_in"] == sorted([*of_units, raised[0].number])


def test_a_file_that_still_has_what_was_deleted_does_not_bring_it_back(planned: Shell) -> None:
    """`import.purged`: said row by row, and the rest is read; a new placement of the same child is read as any."""
    purged(planned)
    before = _stored_placements(planned)
    old = {"Aktreferens": CASE, "Från": "2023-01-01"}
    for changed, came in (
        ({**old, "Till": "2024-03-31", "Avslutsorsak": "planerad avslutning"}, False),
        (old, False),
        ({**old, "Från": "2026-11-02"}, True),
    ):
        result = planned.run("import", written(planned, changed))
        assert result.exit_code == 0, result.output
        said = " ".join(result.output.split())
        assert ("gallringsbeslut 1 och läses inte in igen" in said, "placeringar.csv" in said) == (
            not came,
            not came,
        )
        assert (_stored_placements(planned) - before != set()) == came


def written(town: Shell, changed: dict[str, str]) -> Path:
    row = {**example("placeringar"), "Till": "", "Avslutsorsak": "", **changed}
    kept = ("Aktreferens", "Enhetskod", "Från", "Till", "Avslutsorsak", "Ansvarig", "Lagrum")
    cells = {name: row[name] for name in kept if name in row} | {"Enhetskod": "NORR", "Ansvarig": "anna"}
    return write_csv(town.directory / "placeringar.csv", [cells])


def _stored_placements(town: Shell) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(town.database)) as connection:
        return set(connection.execute("select case_reference, starts from placement").fetchall())


# The reasons in the access log.


def reasons(town: Shell) -> list[tuple[str, str | None, int | None]]:
    """Of each entry that has or had one: what it is about, the reason, and the decision by which it is gone."""
    with database_of(town) as database, database.reading() as tx:
        return [
            (str(one.entry.subject), one.entry.reason, one.redaction.purge if one.redaction else None)
            for one in access_log.everything(tx)
            if one.entry.reason or one.redaction
        ]


def test_reasons_about_the_child_go_with_it_signed_and_others_stay(planned: Shell) -> None:
    """`purge.reasons`: of what names only what is gone, and of what has its reference; `check` verifies both."""
    with database_of(planned) as database, database.transaction() as tx:
        for subject, reason in (
            (What.CASES.of(), f"Tillsyn av {CASE.lower()} i år"),
            (What.CASES.of(), f"Tillsyn av {OTHER_CASE}"),
            (What.CASES.of(), f"{CASE}:s och {CASE}s akt, {CASE}-ärendet"),
            (What.CASES.of(), f"Läste {CASE}9 och {CASE}-2, andra barns"),
            (What.REPORT_ROW.of("R-1"), "Oro i hemmet"),
            (What.ALERT_NOTES.of(1), "Möte om larmet"),
            (What.ALERT_NOTES.of(2), "Möte om det andra larmet"),
        ):
            access_log.record(tx, "read", subject, NOW, stranger="en revisor", reason=reason)
        both = What.SIGNAL.each([1, 2])
        access_log.record(tx, "read", What.SIGNALS.of(), NOW, stranger="x", reason="Båda", seen=both)
    purged(planned)
    found = reasons(planned)
    assert [about for about, reason, by in found if by == 1 and reason is None] == [
        *("signal_text:1", "case_file:1", "cases", "cases", "report_row:R-1", "alert_notes:1")
    ]
    assert [reason for _, reason, _ in found if reason] == [
        f"ett annat ord, {OTHER_CASE}",
        f"Tillsyn av {OTHER_CASE}",
        f"Läste {CASE}9 och {CASE}-2, andra barns",
        "Möte om det andra larmet",
        "Båda",
    ]
    assert protocol(planned)["reasons"] == 6
    assert planned.shows("check")["ok"]


# Outside the database, and in pieces.


def test_each_deletion_is_written_outside_the_database_without_any_child(planned: Shell) -> None:
    purged(planned)
    begun, done = journal.lines(planned.directory / "var" / "gallringar.jsonl")
    assert [(one.step, one.number, one.source) for one in (begun, done)] == [
        ("begun", 1, "Plan 2026 § 61"),
        ("done", 1, "Plan 2026 § 61"),
    ]
    assert len(done.cases) == 1
    with database_of(planned) as database:
        sign = database.vault.log_key.sign
        assert all(one.is_signed(sign) for one in (begun, done))
        assert [f"{database.vault.log_key.id}:{purges.digest_of(database.vault.log_key, CASE)}"] == [
            *done.cases
        ]


def test_nothing_goes_that_cannot_be_written_outside(
    proposed: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(proposed)
    (proposed.directory / "taken").write_text("")
    monkeypatch.setenv("UPPFOLJAREN_RETENTION_JOURNAL", str(proposed.directory / "taken" / "journal"))
    assert carry_out(proposed).exit_code == 1
    assert len(left_of(proposed)) > 10


def test_what_an_interruption_left_is_taken_up_again_and_the_protocol_has_all(planned: Shell) -> None:
    """Interrupted when the first of two is gone, and again when the protocol could not be written."""
    planned.now += timedelta(minutes=1)
    export(planned, case=OTHER_CASE)
    planned.run("retention", "propose")
    decided(planned)
    planned.tamper(
        "create trigger power_cut before delete on placement when old.case_reference = 'AKT-SVEP-77'"
        " begin select raise(abort, 'power cut'); end"
    )
    assert carry_out(planned).exit_code == 1
    with database_of(planned) as database, database.reading() as tx:
        assert [one.deleted is None for one in purges.cases(tx, 1)] == [False, True]
        assert holdings.find(tx, CASE) is not None
    planned.tamper("drop trigger power_cut")
    (planned.directory / "arkiv").write_text("en fil i vägen")
    assert carry_out(planned).exit_code == 1
    (planned.directory / "arkiv").unlink()
    assert carry_out(planned).exit_code == 0
    assert {one["case"] for one in protocol(planned)["deleted"]} == {CASE, OTHER_CASE}
    assert planned.shows("check")["ok"]
    assert left_of(planned) == []


def test_two_who_carry_it_out_at_once_delete_it_once_and_both_say_so(proposed: Shell) -> None:
    decided(proposed)
    with database_of(proposed) as database:
        path = proposed.directory / "var" / "gallringar.jsonl"

        with database.transaction() as tx:
            [seen] = purges.cases(tx, 1)
            found = purges.get(tx, 1)
        assert found is not None
        carrying_out.carry_out(database, 1, path, NOW, "one")
        with database.transaction() as tx:
            plan = RetentionPlan(**found.plan)
            carrying_out._delete(tx, found, seen, plan, NOW, "another")
        with database.reading() as tx:
            [case] = purges.cases(tx, 1)
    assert (case.deleted is not None, case.kept_because) == (True, None)


def test_no_job_of_the_clock_deletes_a_child() -> None:
    sources = "".join(path.read_text("utf-8") for path in Path("scheduler").glob("*.py"))
    assert "retention" not in sources


# On either database.


def test_the_same_statements_empty_either_database(database: Database) -> None:
    with database.transaction() as tx:
        settle(tx)
    with database.transaction() as tx:
        child = holdings.find(tx, CASE)
        assert child is not None
        done = purging.purge(tx, child)
        messages, rest = purging.messages_after(tx, 0, 100)
        answers, more = purging.answers_after(tx, [CASE], "", 100)
        purging.delete_messages(tx, messages)
        purging.empty_answers(tx, answers)
    assert (len(done), len(messages), rest, len(answers), more) == (len(HELD) - 1, 2, None, 1, None)
    with database.reading() as tx:
        assert holdings.find(tx, CASE) is None
        assert not [text for text in sealed_texts(tx) if MARKER in text and "AKT-SVEP" not in text]


# An older copy put back.


@pytest.fixture
def put_back(planned: Shell) -> Shell:
    """A backup from before the purge is put back after it."""
    backup = planned.shows("backup", "--to", planned.directory / "kopior")["path"]
    planned.now += timedelta(minutes=1)
    purged(planned)
    planned.now += timedelta(days=1)
    result = planned.run("restore", backup, "--json")
    assert result.exit_code == 0, result.output
    [told] = json.loads(result.stdout)["delete_again"]
    assert (told["number"], told["cases"], told["signed"]) == (1, 1, True)
    for old in (planned.directory / "var").glob("*.before-*"):
        old.unlink()
    return planned


def test_a_restored_older_copy_says_what_is_to_be_deleted_again(put_back: Shell) -> None:
    assert len(left_of(put_back)) > 10
    assert put_back.shows("retention", "repeat", "1") == {"deleted": 1, "held": 0, "rows": {}}
    assert left_of(put_back) == []
    assert put_back.shows("check")["ok"]
    assert put_back.run("retention", "repeat", "1").exit_code == 1


def test_a_number_is_never_used_twice_though_the_copy_does_not_know_of_it(put_back: Shell) -> None:
    put_back.now += timedelta(minutes=1)
    export(put_back, case=OTHER_CASE)
    assert put_back.shows("retention", "propose")["number"] == 2


def test_a_journal_that_somebody_has_written_in_deletes_nothing(put_back: Shell) -> None:
    path = put_back.directory / "var" / "gallringar.jsonl"
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    path.write_text("".join(f"{json.dumps({**one, 'source': 'Ingen plan'})}\n" for one in lines))
    result = put_back.run("retention", "repeat", "1")
    assert (result.exit_code, "utan giltig underskrift" in result.stderr) == (1, True)
    assert len(left_of(put_back)) > 10


def test_a_child_who_is_placed_again_is_left(put_back: Shell) -> None:
    with database_of(put_back) as database, database.transaction() as tx:
        register, anna = Register(tx, count(50)), people.by_key(tx, "anna")
        assert anna is not None
        register.placement(anna.id, register.unit("SYD"), case=CASE, starts="2026-11-01")
    assert put_back.shows("retention", "repeat", "1") == {"deleted": 0, "held": 1, "rows": {}}


def test_half_a_line_of_the_journal_is_no_line(planned: Shell) -> None:
    path = planned.directory / "var" / "gallringar.jsonl"
    path.write_bytes(b'{"step": "begun", "num')
    purged(planned)
    assert [one.step for one in journal.lines(path)] == ["begun", "done"]
