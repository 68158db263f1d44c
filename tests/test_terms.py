"""The register of terms: what it names is what the files and the forms take, each on the days that it holds."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import inspect

from documents.imports.history_columns import FILES
from documents.imports.placement_checks import check_term
from documents.imports.reading import FileEntry, Findings
from documents.imports.tables import FileRow
from followup.risk.risk_config import FIRST_CONFIG
from followup.signals.signal import QUESTIONS
from followup.terms import END_REASONS, FORMS, LEGAL_GROUNDS, SIGNAL_KINDS, Term
from storage.engine.database import Database

MARCH, JUNE = date(2027, 3, 1), date(2027, 6, 30)


@pytest.mark.parametrize(
    ("day", "valid"),
    [
        (date(2027, 2, 28), False),
        (MARCH, True),
        (JUNE, True),
        (date(2027, 7, 1), False),
    ],
)
def test_a_term_holds_from_its_first_to_its_last_day(day: date, valid: bool) -> None:
    assert Term("ny", "ny", MARCH, JUNE).valid_on(day) == valid


def test_a_term_without_ends_holds_always() -> None:
    assert Term("ny", "ny").valid_on(date.min) and Term("ny", "ny").valid_on(date.max)


@pytest.mark.parametrize(
    ("file", "column", "terms"),
    [
        ("units", "form", FORMS),
        ("placements", "legal_ground", LEGAL_GROUNDS),
        ("placements", "end_reason", END_REASONS),
        ("signals", "kind", SIGNAL_KINDS),
    ],
)
def test_the_files_take_the_words_of_the_register(file: str, column: str, terms: dict[str, Term]) -> None:
    [kind] = [one for one in FILES if one.id == file]
    [found] = [one for one in kind.columns if one.name == column]
    read = {word: found.kind.read(word, MARCH) for word in (term.word for term in terms.values())}
    assert read == {term.word: term.code for term in terms.values()}


def test_a_term_that_is_over_is_refused_after_its_last_day_and_told_by_its_word() -> None:
    [kind] = [one for one in FILES if one.id == "placements"]
    over = {"lvu_2": replace(LEGAL_GROUNDS["lvu_2"], valid_to=JUNE)}
    for day, wrong in ((JUNE, []), (date(2027, 7, 1), ["import.term.not_valid"])):
        findings = Findings()
        entry = FileEntry(kind, FileRow("placeringar.csv", 2, ()), {"legal_ground": "lvu_2"})
        check_term(entry, "legal_ground", over, day, findings)
        assert [one.what.id for one in findings.problems] == wrong


def test_the_database_leaves_kinds_to_the_register_and_still_checks_the_grade(database: Database) -> None:
    with database.transaction() as tx:
        checks = inspect(tx.connection).get_check_constraints("signal_version")
    assert [one["name"] for one in checks] == ["ck_signal_version_consequence"]


def test_every_kind_of_signal_has_its_own_letter_its_points_and_a_question_that_is_there() -> None:
    kinds = SIGNAL_KINDS.values()
    assert len({kind.letter for kind in kinds}) == len(kinds)
    assert {kind.points for kind in kinds} <= FIRST_CONFIG.parameters().keys()
    assert {kind.needs for kind in kinds} - {""} <= {question.id for question in QUESTIONS}
