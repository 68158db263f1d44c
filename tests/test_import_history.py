"""Past reports and signals: what they become, and that people's work is never written over by a file."""

from datetime import UTC, date, datetime, timedelta

import pytest

from documents.imports.register import read_register
from followup import PersonId, SignalId
from followup.times.month import Month
from storage.engine import tables
from storage.imports.imports import PIECE
from storage.imports.upsert import Counts
from storage.month.reports import save as save_report
from storage.signals.signals import revise
from tests.support.builders_register import NOW, TODAY, Cells, Register, all_said, example, said

LATER = NOW + timedelta(days=1)
LAST_MOMENT = timedelta(hours=23, minutes=59, seconds=59, microseconds=999999)


@pytest.fixture
def register(register: Register) -> Register:
    register.write_all()
    return register


def report(**changes: str) -> dict[str, str]:
    return example("rapporter", changes)


def signal(changes: Cells) -> dict[str, str]:
    return example("signaler", changes)


MISSING = {
    header: "" for header in example("rapporter") if header not in ("Månad", "Aktreferens", "Enhetskod")
} | {"Status": "saknas"}


def test_a_report_makes_a_round_that_asks_nobody_a_task_and_a_version(register: Register) -> None:
    register.put_in()
    (round_,) = register.rows(tables.round_)
    assert (round_["month"], round_["asks"]) == (Month(2025, 10), False)
    assert round_["opened_at"] == datetime(2025, 11, 3, 7, tzinfo=UTC)
    assert round_["deadline"] == datetime(2025, 11, 14, 22, 59, 59, 999999, tzinfo=UTC)
    assert round_["closes_at"] == datetime(2025, 12, 1, 7, tzinfo=UTC)
    (stored,) = register.rows(tables.report)
    assert (stored["version"], stored["by_statement"], stored["concern"]) == (1, False, False)
    assert (stored["feels_safe"], stored["tells"]) == ("yes", False)
    assert stored["answers"]["health"] == "ok"
    assert stored["answers"]["private_talk_on"] == "2025-10-07"
    assert "free_text" not in stored["answers"]
    assert register.opened(stored["free_text"]) == "Trivs bra i skolan."
    assert stored["author_id"] == register.rows(tables.person)[1]["id"]


def test_a_report_is_known_at_the_end_of_the_day_it_came_or_of_its_month(register: Register) -> None:
    register.write("rapporter", report(), report(Månad="2025-09", Inkommen=""))
    register.put_in()
    known = [row["known_at"] for row in register.rows(tables.report)]
    assert known == [
        datetime(2025, 11, 4, tzinfo=UTC) + LAST_MOMENT - timedelta(hours=1),
        datetime(2025, 9, 30, tzinfo=UTC) + LAST_MOMENT - timedelta(hours=2),
    ]


def test_concern_and_a_missing_provider_report_are_seen(register: Register) -> None:
    answers = {
        "Hälsa": "oro",
        "Utförarens rapport": "ej inkommen",
        "Utförarens rapport datum": "2025-10-29",
    }
    register.write("rapporter", report(**answers))
    register.put_in()
    (stored,) = register.rows(tables.report)
    assert (stored["concern"], stored["tells"]) == (True, True)
    assert "provider_report_on" not in stored["answers"]


def test_a_missing_report_is_a_task_without_a_version(register: Register) -> None:
    register.write("rapporter", report(**MISSING))
    register.put_in()
    assert len(register.rows(tables.report_task)) == 1
    assert not register.rows(tables.report)
    assert register.put_in().counts["reports"] == Counts(unchanged=1)


def test_a_missing_report_that_comes_later_becomes_the_first_version(register: Register) -> None:
    register.write("rapporter", report(**MISSING))
    register.put_in()
    register.write("rapporter", report(Inkommen="2026-01-07"))
    assert register.put_in().counts["reports"] == Counts(changed=1)
    assert [row["version"] for row in register.rows(tables.report)] == [1]


def test_a_corrected_report_is_a_new_version_known_from_the_day_of_the_correction(
    register: Register,
) -> None:
    register.put_in()
    register.write("rapporter", report(Trygg="nej"))
    assert register.put_in(now=LATER).counts["reports"] == Counts(changed=1)
    first, second = register.rows(tables.report)
    assert (first["feels_safe"], second["feels_safe"]) == ("yes", "no")
    assert second["known_at"] == datetime(2026, 11, 24, 22, 59, 59, 999999, tzinfo=UTC)
    register.put_in(now=LATER)
    assert len(register.rows(tables.report)) == 2


def correct_by_hand(register: Register) -> None:
    (task,) = register.rows(tables.report_task)
    with register.database.transaction() as tx:
        save_report(
            tx, task["id"], {"feels_safe": "partly"}, by_statement=False, author_id=PersonId(1), now=NOW
        )


def test_a_report_that_a_person_has_corrected_is_not_changed_by_the_same_file(register: Register) -> None:
    register.put_in()
    correct_by_hand(register)
    assert register.put_in().counts["reports"] == Counts(unchanged=1)
    assert len(register.rows(tables.report)) == 2


@pytest.mark.parametrize("changes", [{"Trygg": "nej"}, MISSING])
def test_a_report_that_a_person_has_corrected_is_not_overruled_by_another_file(
    register: Register, changes: Cells
) -> None:
    register.put_in()
    correct_by_hand(register)
    register.write("rapporter", report(**changes))
    assert all_said(register.read().problems) == [("rapporter.csv", 2, "Månad", "import.report.exists")]


def test_a_child_who_moved_within_the_month_has_a_report_for_each_placement(register: Register) -> None:
    left = {"Till": "2025-10-10", "Avslutsorsak": "omplacering annat"}
    moved = {"Enhetskod": "E-02", "Från": "2025-10-10"}
    register.write("enheter", example("enheter"), example("enheter", {"Enhetskod": "E-02"}))
    register.write("placeringar", example("placeringar", left), example("placeringar", moved))
    register.write("rapporter", report(), report(Enhetskod="E-02"))
    register.put_in()
    assert [task["placement_id"] for task in register.rows(tables.report_task)] == [1, 2]
    register.write("rapporter", report(Månad="2025-11", Inkommen=""))
    assert all_said(register.read().problems) == [
        ("rapporter.csv", 2, "Aktreferens", "import.report.no_placement")
    ]


WRONG_REPORTS: list[tuple[Cells, str, str]] = [
    ({"Månad": "2025-01"}, "Aktreferens", "import.report.no_placement"),
    ({"Aktreferens": "BU-9"}, "Aktreferens", "import.report.no_placement"),
    ({"Enhetskod": "E-9"}, "Enhetskod", "import.unknown.units"),
    ({"Månad": "2026-11", "Inkommen": ""}, "Månad", "import.report.month_not_over"),
    ({"Inkommen": "2025-09-30"}, "Inkommen", "import.report.received_early"),
    ({"Status": "saknas"}, "Status", "import.report.missing_with_answers"),
    ({"Hälsa": "bra"}, "Hälsa", "import.cell.not_a_choice"),
    ({"Fritext": "Heter 20121212-1212"}, "Fritext", "import.cell.personal_number"),
    ({"Rapporterad av": "nils"}, "Rapporterad av", "import.unknown.people"),
]


@pytest.mark.parametrize(("changes", "column", "wrong"), WRONG_REPORTS)
def test_a_wrong_report_is_told(register: Register, changes: Cells, column: str, wrong: str) -> None:
    register.write("rapporter", report(**changes))
    assert ("rapporter.csv", 2, column, wrong) in all_said(register.read().problems)


def test_the_day_a_report_came_stands(register: Register) -> None:
    register.put_in()
    register.write("rapporter", report(Inkommen="2025-11-05"))
    assert all_said(register.read().problems) == [("rapporter.csv", 2, "Inkommen", "import.known_day_stands")]


def test_a_signal_is_stored_with_its_codes_and_its_texts_sealed(register: Register) -> None:
    register.write("signaler", signal({"Märkning": "lex Sarah, skada", "Konsekvens": ""}))
    register.put_in()
    (stored,) = register.rows(tables.signal)
    assert stored["import_key"] == "S-2025-031"
    assert stored["placement_id"] == register.rows(tables.placement)[0]["id"]
    (version,) = register.rows(tables.signal_version)
    assert (version["kind"], version["consequence"], version["marks"]) == (
        "deviation",
        None,
        "injury,lex_sarah",
    )
    assert (version["decided"], version["dismissed"], version["author_id"]) == (True, False, None)
    assert version["known_at"] == datetime(2025, 10, 14, 21, 59, 59, 999999, tzinfo=UTC)
    assert register.opened(version["text"]) == "Två pass utan nattpersonal."


def test_a_signal_needs_only_its_number_kind_unit_and_day(register: Register) -> None:
    row = signal({"Typ": "synpunkt"})
    register.write(
        "signaler",
        {name: row[name] for name in ("Signalnummer", "Typ", "Enhetskod", "Händelsedatum")},
    )
    register.put_in()
    (version,) = register.rows(tables.signal_version)
    assert (version["occurred"], version["cause"], version["source"]) == ("happened", "provider", "other")
    assert (version["praise"], version["dismissed"]) == (False, False)
    assert version["known_at"].date() == date(2025, 10, 12)


def test_signals_about_one_event_share_it_through_any_chain(register: Register) -> None:
    register.write(
        "signaler",
        signal({"Signalnummer": "S-3", "Samma händelse som": "S-2"}),
        signal({"Signalnummer": "S-2", "Samma händelse som": "S-1"}),
        signal({"Signalnummer": "S-1"}),
        signal({"Signalnummer": "S-4"}),
    )
    register.put_in()
    assert [row["event"] for row in register.rows(tables.signal_version)] == ["S-1", "S-1", "S-1", "S-4"]
    register.write("signaler", signal({"Signalnummer": "S-5", "Samma händelse som": "S-3"}))
    register.put_in()
    assert register.rows(tables.signal_version)[-1]["event"] == "S-1"


def test_a_changed_signal_is_a_new_version(register: Register) -> None:
    register.put_in()
    register.write("signaler", signal({"Konsekvens": "4"}))
    assert register.put_in(now=LATER).counts["signals"] == Counts(changed=1)
    assert [row["consequence"] for row in register.rows(tables.signal_version)] == [2, 4]
    assert register.put_in(now=LATER).counts["signals"] == Counts(unchanged=1)


def test_a_signal_that_people_have_decided_on_is_not_changed_by_a_file(register: Register) -> None:
    register.put_in()
    with register.database.transaction() as tx:
        revise(tx, SignalId(1), {"dismissed": True}, reason="Dubblett.", author_id=PersonId(1), now=NOW)
    assert register.put_in().counts["signals"] == Counts(unchanged=1)
    register.write("signaler", signal({"Konsekvens": "4"}))
    assert all_said(register.read().problems) == [("signaler.csv", 2, "Signalnummer", "import.signal.exists")]


def test_a_signal_stays_with_its_child_and_on_its_day(register: Register) -> None:
    register.put_in()
    register.write("signaler", signal({"Aktreferens": "", "Registrerad": "2025-10-15"}))
    assert all_said(register.read().problems) == [
        ("signaler.csv", 2, "Aktreferens", "import.signal.moved"),
        ("signaler.csv", 2, "Registrerad", "import.known_day_stands"),
    ]


WRONG_SIGNALS: list[tuple[Cells, str, str]] = [
    ({"Händelsedatum": "2026-11-24"}, "Händelsedatum", "import.cell.future_day"),
    ({"Registrerad": "2025-10-11"}, "Registrerad", "import.signal.registered_early"),
    ({"Konsekvens": "5"}, "Konsekvens", "import.cell.not_a_whole_number"),
    ({"Ton": "beröm"}, "Ton", "import.signal.tone_only_remark"),
    ({"Skäl till omplacering": "ålder"}, "Skäl till omplacering", "import.signal.reasons_only_replacement"),
    ({"Aktreferens": "BU-9"}, "Aktreferens", "import.signal.no_placement"),
    ({"Samma händelse som": "S-0"}, "Samma händelse som", "import.unknown.signals"),
    ({"Samma händelse som": "S-2025-031"}, "Samma händelse som", "import.signal.circle"),
    ({"Text": "Ring 121212+1212"}, "Text", "import.cell.personal_number"),
]


@pytest.mark.parametrize(("changes", "column", "wrong"), WRONG_SIGNALS)
def test_a_wrong_signal_is_told(register: Register, changes: Cells, column: str, wrong: str) -> None:
    register.write("signaler", signal(changes))
    assert ("signaler.csv", 2, column, wrong) in all_said(register.read().problems)


def test_a_signal_after_the_child_has_moved_keeps_the_placement_it_is_about(register: Register) -> None:
    left = {"Till": "2025-09-30", "Avslutsorsak": "omplacering kvalitet"}
    register.write("placeringar", example("placeringar", left))
    register.write("rapporter", report(Månad="2025-09", Inkommen=""))
    register.put_in()
    assert register.rows(tables.signal)[0]["placement_id"] is not None


def test_one_wrong_row_among_those_of_several_pieces_is_found(register: Register) -> None:
    cases = [f"BU-{number}" for number in range(PIECE // 4)]
    months = [str(Month(2026, number)) for number in range(1, 11)]
    register.write("placeringar", *(example("placeringar", {"Aktreferens": case}) for case in cases))
    rows = [report(Aktreferens=case, Månad=month, Inkommen="") for case in cases for month in months]
    rows[777]["Hälsa"] = "bra"
    register.write("rapporter", *rows)
    (register.directory / "signaler.csv").unlink()
    reading = register.read()
    (problem,) = reading.problems
    assert said(problem) == ("rapporter.csv", 779, "Hälsa", "import.cell.not_a_choice")
    imported = register.put_in(reading.without_bad())
    assert imported.counts["reports"] == Counts(created=len(rows) - 1)
    assert len(rows) > 2 * PIECE


def test_progress_is_told_as_rows_are_read(register: Register) -> None:
    told: list[tuple[int, int]] = []
    with register.database.transaction() as tx:
        read_register(tx, [register.directory], TODAY, lambda done, total: told.append((done, total)))
    assert told == [(13, 13)]
