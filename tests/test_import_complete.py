"""Ending what files do not name: only when all of them was read whole, and never more than somebody has said."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.registering import Result, import_files
from storage.engine import tables
from tests.support.builders_register import NOW, Cells, Register, all_said, example, write_csv
from tests.support.xlsx_builders import Cell, row_of, write_sheet, write_xlsx


def children(numbers: Sequence[int]) -> list[dict[str, str]]:
    return [
        example("placeringar", {"Aktreferens": f"BU-{number:03}", "Alias": f"Barn {number}"})
        for number in numbers
    ]


@pytest.fixture
def register(register: Register) -> Register:
    """With twenty open placements."""
    register.write_people()
    register.write("utförare")
    register.write("enheter")
    register.write("placeringar", *children(range(20)))
    register.put_in()
    return register


def ending(register: Register, rows: Sequence[Cells], end: int | None = None) -> Result:
    register.write("placeringar", *rows)
    return register.end([register.directory], end)


def ended(register: Register) -> int:
    return sum(row["ends"] is not None for row in register.rows(tables.placement))


def ids_of(result: Result) -> list[str]:
    return [problem.what.id for problem in result.reading.problems]


def test_up_to_a_tenth_is_ended_and_each_of_them_is_named(register: Register) -> None:
    result = ending(register, children(range(18)))
    assert result.imported is not None
    assert result.imported.counts["placements"].ended == ended(register) == 2
    named = [
        warning.what.values["placement"]
        for warning in result.reading.warnings
        if warning.what.id == "import.complete.ends"
    ]
    assert [getattr(one, "values", {})["case"] for one in named] == ["BU-018", "BU-019"]


@pytest.mark.parametrize(
    ("left", "end", "wrong"),
    [
        (17, None, "import.complete.many"),
        (17, 2, "import.complete.other_number"),
        (17, 4, "import.complete.other_number"),
        (18, 3, "import.complete.other_number"),
        (20, 1, "import.complete.other_number"),
    ],
)
def test_more_needs_the_number_and_another_number_ends_nothing(
    register: Register, left: int, end: int | None, wrong: str
) -> None:
    result = ending(register, [*children(range(left)), *children([99])], end)
    assert (result.imported, ids_of(result), ended(register)) == (None, [wrong], 0)
    assert len(register.rows(tables.placement)) == 20


@pytest.mark.parametrize(("left", "end"), [(17, 3), (18, 2), (20, 0), (20, None), (1, 19)])
def test_with_exactly_the_number_they_are_ended(register: Register, left: int, end: int | None) -> None:
    assert ending(register, children(range(left)), end).imported is not None
    assert ended(register) == 20 - left


def test_a_file_of_one_placement_is_warned_about_with_what_it_would_end(register: Register) -> None:
    result = ending(register, children([0]))
    assert result.imported is None
    (warning,) = [one for one in result.reading.warnings if one.what.id == "import.complete.single"]
    placements = warning.what.values["placements"]
    assert isinstance(placements, tuple)
    assert len(placements) == 19


def test_files_without_placements_end_nothing(register: Register) -> None:
    result = register.end([register.directory / "enheter.csv"], 20)
    assert (result.imported, ids_of(result), ended(register)) == (None, ["import.complete.no_placements"], 0)


def broken_row(directory: Path) -> None:
    write_xlsx(directory / "x.xlsx", {"P": [["Enhetskod", "Enhet"], ["E-9", None]]})


def damaged_file(directory: Path) -> None:
    (directory / "x.xlsx").write_bytes(b"PK\x03\x04")


def misspelt_sheet(directory: Path) -> None:
    lines: list[Sequence[Cell]] = [list(row.values()) for row in children([18, 19])]
    write_xlsx(
        directory / "x.xlsx",
        {
            "Utförare": [["Organisationsnummer", "Utförare"], ["559999-0016", "Björkbacken"]],
            "Fler": [["Akt", "Enhet", "Start"], *lines],
        },
    )


def rows_out_of_order(directory: Path) -> None:
    head, row = ("Organisationsnummer", "Utförare"), ("559999-0016", "A")
    write_sheet(directory / "x.xlsx", row_of(1, *head), row_of(3, *row), row_of(2, *row))


def missing_column(directory: Path) -> None:
    (directory / "x.csv").write_text("Aktreferens;Enhetskod;Till\nBU-018;E-01;\n")


def old_workbook(directory: Path) -> None:
    (directory / "fler placeringar.XLS").write_bytes(b"\xd0\xcf\x11\xe0")


def unicode_text(directory: Path) -> None:
    (directory / "fler placeringar.txt").write_text("Aktreferens\tEnhetskod\n", encoding="utf-16")


def folder_in_folder(directory: Path) -> None:
    (directory / "fler").mkdir()
    (directory / "fler" / "placeringar.csv").write_text("Aktreferens;Enhetskod\n")


def empty_folder(directory: Path) -> None:
    (directory / "fler").mkdir()


def spoilt_file(directory: Path) -> None:
    (directory / "x.csv").write_bytes(
        "Organisationsnummer;Utförare\n559999-0016;Sjöberg\n".encode("mac_roman")
    )


def unended_quote(directory: Path) -> None:
    (directory / "x.csv").write_text('Organisationsnummer;Utförare\n559999-0016;"Björkbacken\n')


UNREAD = [
    unicode_text,
    folder_in_folder,
    empty_folder,
    spoilt_file,
    unended_quote,
    old_workbook,
    broken_row,
    damaged_file,
    misspelt_sheet,
    rows_out_of_order,
    missing_column,
]


@pytest.mark.parametrize("spoil", UNREAD)
@pytest.mark.parametrize("skip_bad", [False, True])
def test_nothing_is_ended_when_something_was_not_read_whatever_is_skipped(
    register: Register, spoil: object, skip_bad: bool
) -> None:
    register.write("placeringar", *children([*range(18), 77]))
    assert callable(spoil)
    spoil(register.directory)
    result = import_files(
        register.database, [register.directory], NOW, skip_bad=skip_bad, complete=True, end=2
    )
    assert result.reading.problems
    assert ended(register) == 0
    assert len(register.rows(tables.placement)) == (21 if skip_bad else 20)


def test_a_folder_of_rejected_rows_and_one_that_is_named_too_are_in_nobodys_way(register: Register) -> None:
    register.write("placeringar", *children(range(10)))
    for name, rows in (("avvisade", [0]), ("fler", range(10, 20))):
        (register.directory / name).mkdir()
        file = "placeringar.avvisade" if name == "avvisade" else "placeringar"
        write_csv(register.directory / name / f"{file}.csv", children(rows))
    assert register.end([register.directory], 10).imported is None
    assert register.end([register.directory, register.directory / "fler"]).imported is not None
    assert ended(register) == 0


def test_an_empty_sheet_and_one_that_hides_are_read_like_the_others(register: Register) -> None:
    (register.directory / "placeringar.csv").unlink()
    rows = children(range(20))
    lines: list[Sequence[Cell]] = [list(rows[0]), *(list(row.values()) for row in rows)]
    write_xlsx(register.directory / "x.xlsx", {"Tomt": [], "Allt": lines})
    assert register.end([register.directory]).imported is not None
    assert all_said(register.read().problems) == []
    assert ended(register) == 0
