"""Templates, the tables that explain the columns, and that every text of the import is in both languages."""

import re
from dataclasses import replace
from pathlib import Path
from string import Formatter

import pytest

from documents.imports.history_columns import FILES, question_column
from documents.imports.templates import describe, write_templates
from followup.month.report import QUESTIONS
from followup.wording.form import InFile
from tests.support.builders_register import Register
from texts.catalogue import LANGUAGES, Texts, messages

QUESTION = next(question for question in QUESTIONS if question.id == "knows_plan")
SOURCES = sorted((Path(__file__).parents[1] / "documents").rglob("*.py"))
DYNAMIC = [
    *(f"import.unknown.{kind}" for kind in ("people", "providers", "units", "signals")),
    *(f"import.not_a.{role}" for role in ("worker", "manager")),
    *(f"import.{kind}.no_placement" for kind in ("report", "signal")),
    *(f"import.describe.{name}" for name in ("column", "allowed", "example", "explanation")),
    *(f"import.file.too_{what}" for what in ("large", "large_unpacked", "many_rows", "many_columns", "slow")),
    *(f"import.unreadable.{why}" for why in ("locked", "damaged", "password", "malformed", "code_page")),
    *(f"import.spoilt.{page}" for page in ("mac", "dos")),
    *(f"import.cell.{odd}" for odd in ("uncalculated", "rounded")),
    *(f"import.person.left.{column}" for column in ("role", "active")),
    *(file.explanation(column).id for file in FILES for column in file.columns),
]


def used_ids() -> set[str]:
    written = {id_ for path in SOURCES for id_ in re.findall(r'"(import\.[a-z_.]+)"', path.read_text())}
    return written | set(DYNAMIC)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_is_used_is_there_and_no_other(language: str) -> None:
    assert {id_ for id_ in messages(language) if id_.startswith("import.")} == used_ids()


def test_both_languages_are_filled_with_the_same_values() -> None:
    def places(forms: tuple[str, ...]) -> set[str | None]:
        return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}

    swedish, english = messages("sv"), messages("en")
    for id_ in used_ids():
        assert places(swedish[id_]) == places(english[id_]), id_


def test_the_templates_import_as_they_are_and_are_never_written_over(register: Register) -> None:
    paths = write_templates(register.directory)
    assert [path.name for path in paths] == [f"{file.name}.csv" for file in FILES]
    assert all(counts.created == 1 for counts in register.put_in().counts.values())
    with pytest.raises(FileExistsError):
        write_templates(register.directory)


def test_a_question_without_its_column_is_named() -> None:
    with pytest.raises(LookupError, match="knows_plan"):
        question_column(replace(QUESTION, in_file=None))


def test_a_question_with_too_few_words_for_its_choices_is_named() -> None:
    with pytest.raises(ValueError, match="knows_plan: 2 words"):
        replace(QUESTION, in_file=InFile("Känner till planen", ("ja", "nej")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_is_explained(language: str) -> None:
    text = describe(Texts(language).say)
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) == sum(len(file.columns) for file in FILES) + len(FILES)
    assert all(len(re.split(r"(?<!\\)\|", row)) == 6 for row in rows)
