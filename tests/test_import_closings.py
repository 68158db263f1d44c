"""Closing reports by file: in the row of the last month, by the same form as in the chat, and never over a person's."""

from datetime import date, timedelta

import pytest

from storage.engine import tables
from storage.month import closing_reports
from tests.support.builders_register import NOW, Register, all_said, example

END_IN_FILE = {
    "Mål vid avslut": "till stor del",
    "Skäl till avslut": "ålder, planerad avslutning",
    "Barnet om tiden": "både och",
    "Barnets ord": "Långt till skolan.",
    "Placera där igen": "med förbehåll",
    "Inför nästa placering": "",
}
ENDED = {"Till": "2025-10-31", "Avslutsorsak": "ålder"}
READ = {"goals_met": "largely", "reasons": "planned,age", "child_view": "mixed", "again": "conditions"}


@pytest.fixture
def register(register: Register) -> Register:
    """One placement that ended in October, and its report of that month."""
    register.write_all()
    register.write("placeringar", example("placeringar", ENDED))
    register.write("rapporter", example("rapporter", END_IN_FILE))
    return register


def closings(register: Register) -> list[tuple[object, ...]]:
    return [
        (row["version"], str(row["ended_on"]), row["answers"], row["imported"])
        for row in register.rows(tables.closing_report)
    ]


def test_it_is_read_by_the_forms_own_questions_and_sealed(register: Register) -> None:
    register.put_in()
    assert closings(register) == [(1, "2025-10-31", READ, True)]
    (row,) = register.rows(tables.closing_report)
    assert "Långt till skolan." in (register.opened(row["texts"]) or "")
    assert row["author_id"] == register.rows(tables.person)[1]["id"]


def test_the_same_again_changes_nothing_and_another_answer_is_a_version(register: Register) -> None:
    register.put_in()
    assert register.put_in(now=NOW + timedelta(days=1)).counts["reports"].unchanged == 1
    register.write("rapporter", example("rapporter", {**END_IN_FILE, "Mål vid avslut": "inte"}))
    assert register.put_in(now=NOW + timedelta(days=2)).counts["reports"].changed == 1
    assert [row[0] for row in closings(register)] == [1, 2]
    assert closings(register)[1][2] == {**READ, "goals_met": "not"}


@pytest.mark.parametrize(
    ("placement", "report", "said"),
    [
        ({}, {}, [("Mål vid avslut", "import.report.not_ended")]),
        (ENDED, {"Månad": "2025-09"}, [("Mål vid avslut", "import.report.not_ended")]),
        (
            ENDED,
            {"Mål vid avslut": "", "Placera där igen": ""},
            [("Mål vid avslut", "form.missing"), ("Placera där igen", "form.missing")],
        ),
        (ENDED, {"Skäl till avslut": "ålder, vet inte"}, [("Skäl till avslut", "import.cell.not_a_choice")]),
    ],
)
def test_what_cannot_be_is_said_by_column_and_nothing_is_stored(
    register: Register, placement: dict[str, str], report: dict[str, str], said: list[tuple[str, str]]
) -> None:
    register.write("placeringar", example("placeringar", placement))
    register.write("rapporter", example("rapporter", {**END_IN_FILE, "Inkommen": "", **report}))
    problems = all_said(register.read().problems)
    assert [(column, what) for _, _, column, what in problems] == said


def test_what_a_person_has_answered_is_never_written_over(register: Register) -> None:
    register.put_in()
    one, who = register.rows(tables.placement)[0]["id"], register.rows(tables.person)[1]["id"]
    with register.database.transaction() as tx:
        closing_reports.save(tx, one, date(2025, 10, 31), {**READ, "goals_met": "not"}, who, NOW)
    register.write("rapporter", example("rapporter", {**END_IN_FILE, "Mål vid avslut": "helt"}))
    assert [what for *_, what in all_said(register.read().problems)] == ["import.report.closing_exists"]
    assert len(closings(register)) == 2
