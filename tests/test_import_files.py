"""Files as people have them: other separators and encodings, titles, empty rows, sheets, real dates."""

from datetime import date, datetime
from pathlib import Path

import pytest

from storage.engine import tables
from tests.support.builders_register import Register, all_said, example, write_csv
from tests.support.xlsx_builders import Cell, write_xlsx


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_file_is_read_whatever_wrote_it(register: Register, encoding: str, delimiter: str) -> None:
    rows = [example("utförare", {"Kontakt": "Åsa Ö; växel, 08-1, 08-2, 08-3"})]
    write_csv(register.directory / "x.csv", rows, delimiter=delimiter, encoding=encoding)
    register.put_in()
    assert register.rows(tables.provider)[0]["contact"] == "Åsa Ö; växel, 08-1, 08-2, 08-3"


def test_headers_may_come_in_any_order_and_case_with_blanks_and_stars(register: Register) -> None:
    text = "kontakt ; UTFÖRARE*; Organisationsnummer\nKarin;Björken AB;5599990016\n"
    (register.directory / "x.csv").write_text(text)
    register.put_in()
    assert register.rows(tables.provider)[0]["name"] == "Björken AB"


def test_titles_empty_rows_and_a_repeated_header_are_no_rows_and_the_numbers_are_those_of_excel(
    register: Register,
) -> None:
    header = "Organisationsnummer;Utförare;Kontakt"
    lines = ["Utförare hösten 2026;;", "", header, "559999-0016;A;", ";;", header, "fel;B;", ";;", ""]
    (register.directory / "x.csv").write_text("\n".join(lines))
    reading = register.read()
    assert all_said(reading.problems) == [
        ("x.csv", 7, "Organisationsnummer", "import.cell.not_an_org_number")
    ]
    assert [entry.row.number for entry in reading.rows] == [4]


def test_a_number_cell_that_was_a_personal_number_is_refused_though_its_first_zero_is_lost(
    register: Register,
) -> None:
    row: dict[str, Cell] = {**example("placeringar"), "Alias": 805122389}
    write_xlsx(register.directory / "x.xlsx", {"Placeringar": [list(row), list(row.values())]})
    found = [problem for problem in all_said(register.read().problems) if problem[2] == "Alias"]
    assert found == [("x.xlsx", 2, "Alias", "import.cell.personal_number")]


def test_a_quoted_line_break_stays_in_the_text(register: Register) -> None:
    register.write_all()
    register.write("signaler", example("signaler", {"Text": "Första raden.\r\nAndra raden."}))
    register.put_in()
    assert register.opened(register.rows(tables.signal_version)[0]["text"]) == "Första raden.\nAndra raden."


def test_a_quotation_mark_left_open_is_told_with_its_place(register: Register) -> None:
    (register.directory / "x.csv").write_text('Organisationsnummer;Utförare\n559999-0016;"A\n')
    assert all_said(register.read().problems) == [("x.csv", None, None, "import.file.broken_csv")]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("place", [0, 1, 2, 3])
@pytest.mark.parametrize("between", [0, 1, 3])
def test_two_stray_quotation_marks_swallow_no_rows(
    register: Register, delimiter: str, place: int, between: int
) -> None:
    """What stands between them looked like one cell, of a column that is unknown or holds any text."""
    header = ["Organisationsnummer", "Utförare", "Anm", "Kontakt"]
    rows = [[f"559999-001{number}", "A", "", "växel"] for number in range(between + 3)]
    rows[1][place] = f'"{rows[1][place]}'
    rows[between + 2][place] = f'{rows[between + 2][place]}"'
    lines = [delimiter.join(row) for row in (header, *rows)]
    (register.directory / "x.csv").write_text("\r\n".join(lines) + "\r\n", newline="")
    [problem] = register.read().problems
    assert (problem.what.id, problem.what.values["n"]) == ("import.file.swallowed", between + 1)
    assert not register.read().rows


@pytest.mark.parametrize(
    "text",
    [
        "Två rader\nmed text",
        "Lista; med; många; tecken\noch mer",
        "Ett;\nTvå;\nTre; fyra",
        "a\n\nb",
        '"Ordet"\n\n"igen"',
    ],
)
def test_a_text_of_several_lines_is_no_rows(register: Register, text: str) -> None:
    write_csv(register.directory / "x.csv", [example("utförare", {"Kontakt": text})])
    register.put_in()
    assert register.rows(tables.provider)[0]["contact"].split() == text.split()


def test_values_outside_the_columns_are_told(register: Register) -> None:
    (register.directory / "x.csv").write_text("Organisationsnummer;Utförare\n559999-0016;A;B\n")
    assert all_said(register.read().problems) == [("x.csv", 2, None, "import.row.stray")]


def test_sheets_are_tables_of_their_own_with_dates_as_dates_and_as_text(register: Register) -> None:
    write_xlsx(
        register.directory / "register.xlsx",
        {
            "Läs mig": [["Fylls i av placeringsenheten"]],
            "Tomt": [],
            "Utförare": [["Utförare 2026", None], [], ["Organisationsnummer", "Utförare"], [5599990016, "A"]],
            "Enheter": [
                ["Enhetskod", "Enhet", "Organisationsnummer", "Form", "Regi"],
                [17, "Björken", "559999-0016", "HVB", "privat"],
                [18.0, "Tallen", "559999-0016", "stödboende", "egen regi"],
            ],
            "Avtal": [
                ["Avtalsnummer", "Enhetskod", "Avtalsform", "Rättslig grund", "Från", "Till"],
                ["A-1", 17, "ramavtal", "LOU", datetime(2025, 1, 1), date(2027, 1, 1)],
                ["A-2", 18, "egen regi", "egen regi", "1/1 2025", None],
            ],
        },
    )
    reading = register.read()
    assert all_said(reading.warnings) == [
        ("register.xlsx (Läs mig)", None, None, "import.file.unknown_sheet")
    ]
    register.put_in(reading)
    assert [unit["key"] for unit in register.rows(tables.unit)] == ["17", "18"]
    assert [(row["starts"], row["ends"]) for row in register.rows(tables.contract)] == [
        (date(2025, 1, 1), date(2027, 1, 1)),
        (date(2025, 1, 1), None),
    ]


def test_a_ticked_box_means_yes(register: Register) -> None:
    head: list[Cell] = ["Signatur", "Namn", "Roll", "Aktiv"]
    write_xlsx(register.directory / "p.xlsx", {"P": [head, ["a", "A B", "chef", False]]})
    register.put_in()
    assert register.rows(tables.person)[0]["active"] is False


def test_an_unknown_file_is_told_with_the_files_that_are_known(register: Register) -> None:
    (register.directory / "x.csv").write_text("Namn;Ålder\nA;3\n")
    (problem,) = register.read().problems
    assert problem.what.id == "import.file.unknown"
    assert "utförare (Organisationsnummer, Utförare)" in str(problem.what.values["kinds"])


@pytest.mark.parametrize(
    ("name", "content", "wrong"),
    [
        ("x.xlsx", b"not a workbook", "import.file.unreadable"),
        ("x.csv", b"", "import.file.unknown"),
        ("x.csv", b"\x81\x8d", "import.file.unreadable"),
        (
            "x.csv",
            "Organisationsnummer;Utförare\n559999-0016;Å".encode("utf-16-le"),
            "import.file.unreadable",
        ),
        ("x.csv", "Organisationsnummer;Utförare\n559999-0016;Å".encode("utf-32"), "import.file.unreadable"),
        ("x.xls", b"", "import.file.other_type"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(
    register: Register, name: str, content: bytes, wrong: str
) -> None:
    path = register.directory / name
    path.write_bytes(content)
    assert all_said(register.read(path).problems) == [(name, None, None, wrong)]


def test_a_path_that_is_not_there_and_an_empty_folder_are_told(register: Register) -> None:
    wrong = [problem.what.id for problem in register.read(register.directory, Path("x.csv")).problems]
    assert wrong == ["import.file.none_in_directory", "import.file.not_found"]


def test_a_file_named_twice_is_read_once(register: Register) -> None:
    path = register.write("utförare")
    assert len(register.read(path, register.directory, path).rows) == 1


def test_an_unknown_column_is_named_and_the_rest_is_read(register: Register) -> None:
    register.write("utförare", example("utförare", {"Betyg": "5"}))
    reading = register.read()
    assert all_said(reading.warnings) == [("utförare.csv", None, "Betyg", "import.column.unknown")]
    assert len(reading.rows) == 1


def test_a_missing_required_column_and_one_that_stands_twice_spoil_their_file_only(
    register: Register,
) -> None:
    register.write_all()
    row = example("enheter")
    del row["Regi"]
    register.write("enheter", row)
    (register.directory / "utförare.csv").write_text(
        "Organisationsnummer;Utförare;Utförare\n5599990016;A;B\n"
    )
    reading = register.read()
    assert sorted(all_said(reading.problems)) == [
        ("enheter.csv", None, "Regi", "import.column.missing"),
        ("utförare.csv", None, "Utförare", "import.column.twice"),
    ]
    assert {entry.kind.id for entry in reading.rows} == {"terms", "clocks", "people"}
