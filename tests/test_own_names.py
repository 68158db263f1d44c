"""What a municipality calls our questions and figures elsewhere: its own file, and nothing is invented."""

from pathlib import Path

import pytest

from documents.case_file.case_document import questions_by_id
from documents.imports.own_names import WrongNamesError, names_template, read_names
from texts.catalogue import Texts

ASKED = questions_by_id(Texts("sv"))
KNOWN = frozenset(dict(ASKED))


def written(directory: Path, text: str) -> Path:
    file = directory / "bbic.csv"
    file.write_text(text, "utf-8")
    return file


def test_the_file_has_a_line_for_each_question_and_no_name_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "bbic.csv"
    file.write_bytes(names_template(ASKED))
    lines = file.read_text("utf-8-sig").splitlines()
    assert len(lines) == len(ASKED) + 1
    assert all(line.endswith(";") for line in lines[1:])
    assert read_names(file, KNOWN) == {}


def test_what_is_filled_in_is_read_whatever_else_stands_beside_it(tmp_path: Path) -> None:
    file = written(tmp_path, "Namn hos er;Kommentar;Id\nHälsa;ja;report.health\n;nej;report.schooling\n")
    assert read_names(file, KNOWN | {"report.health"}) == {"report.health": "Hälsa"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Fråga;Namn\na;b\n", ["kolumnerna Id och Namn hos er saknas"]),
        (
            f"Id;Namn hos er\nokänd;A\n{ASKED[0][0]};B\n{ASKED[0][0]};C\n{ASKED[1][0]};{'x' * 201}\n",
            ["rad 2: id okänd finns inte", "rad 4: id", "rad 5: namnet är längre än 200 tecken"],
        ),
    ],
)
def test_all_that_is_wrong_with_it_is_said_at_once(tmp_path: Path, text: str, said: list[str]) -> None:
    with pytest.raises(WrongNamesError) as wrong:
        read_names(written(tmp_path, text), KNOWN)
    assert len(wrong.value.problems) == len(said)
    assert all(begins in problem for begins, problem in zip(said, wrong.value.problems, strict=True))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(WrongNamesError, match="går inte att läsa"):
        read_names(tmp_path / "ingen.csv")
