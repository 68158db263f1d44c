"""What a spreadsheet makes of values: errors, dates, rounded numbers, formulas; and workbooks that are not whole."""

from datetime import date
from itertools import count
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from documents.imports.bounds import Allowance, FileBounds
from documents.imports.lines import UnreadableFileError
from documents.imports.spreadsheet_text import as_written, guarded, is_error
from documents.imports.tables import read_tables
from tests.support.builders_register import Register, all_said, example
from tests.support.xlsx_builders import Cell, row_of, with_part, without_part, write_sheet, write_xlsx

HEADERS = ("Organisationsnummer", "Utförare", "Kontakt")


def provider(cell: str) -> str:
    """A row whose contact is the cell."""
    texts = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in ("559999-0016", "A"))
    return f'<row r="2">{texts}{cell}</row>'


@pytest.mark.parametrize(
    ("cell", "wrong"),
    [
        ('<c t="e"><v>#N/A</v></c>', "import.cell.error"),
        ('<c t="e"><f>1/0</f><v>#DIV/0!</v></c>', "import.cell.error"),
        ('<c t="str"><f>A1</f><v>#SAKNAS!</v></c>', "import.cell.error"),
        ("<c><f>TODAY()</f></c>", "import.cell.uncalculated"),
        ('<c><f t="shared" si="0"/><v></v></c>', "import.cell.uncalculated"),
        ("<c><v>1234567890123456789</v></c>", "import.cell.rounded"),
        ("<c><v>805122389</v></c>", "import.cell.personal_number"),
        ('<c t="inlineStr"><is><t>Sj\N{REPLACEMENT CHARACTER}berg</t></is></c>', "import.spoilt.lost"),
        ('<c t="inlineStr"><is><t>SjÃ¶berg</t></is></c>', "import.spoilt.twice"),
        ('<c t="d"><v>2025-10-01</v></c>', "import.cell.became_a_day"),
    ],
)
def test_a_cell_that_lost_its_value_is_refused_where_it_stands(
    register: Register, cell: str, wrong: str
) -> None:
    write_sheet(register.directory / "x.xlsx", row_of(1, *HEADERS), provider(cell))
    assert all_said(register.read().problems) == [("x.xlsx", 2, "Kontakt", wrong)]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c t="str"><f>IF(A1="","","x")</f><v></v></c>', None),
        ('<c t="str"><f>A2</f><v>Karin</v></c>', "Karin"),
        ("<c><f>6*7</f><v>42</v></c>", "42"),
        ("<c/>", None),
        ('<c t="inlineStr"><is><t>#1 i kön!</t></is></c>', "#1 i kön!"),
    ],
)
def test_a_formula_that_was_worked_out_is_its_value(register: Register, cell: str, value: str | None) -> None:
    write_sheet(register.directory / "x.xlsx", row_of(1, *HEADERS), provider(cell))
    (entry,) = register.read().rows
    assert entry.values["contact"] == value


def test_a_date_stands_where_dates_do_and_nowhere_else(register: Register) -> None:
    row: dict[str, Cell] = {**example("placeringar"), "Från": date(2025, 2, 1), "Alias": date(2025, 2, 1)}
    write_xlsx(register.directory / "x.xlsx", {"P": [list(row), list(row.values())]})
    wrong = [(column, what) for _, _, column, what in all_said(register.read().problems)]
    assert ("Alias", "import.cell.became_a_day") in wrong
    assert "Från" not in dict(wrong)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "#N/A",
            "#SAKNAS!",
            "#VÄRDEFEL!",
            "#REFERENS!",
            "#DIVISION/0!",
            "#NAMN?",
            "#OGILTIGT!",
            "#SKÄRNING!",
        ),
        *(
            "#DIV/0!",
            "#REF!",
            "#NAME?",
            "#I/T",
            "#PUUTTUU!",
            "#NV",
            "#¡VALOR!",
            "#####",
            "Err:502",
            "Fel:508",
        ),
    ],
)
def test_errors_are_known_in_the_languages_around_us_also_from_csv(register: Register, text: str) -> None:
    assert is_error(text)
    register.write("utförare", example("utförare", {"Kontakt": text}))
    assert all_said(register.read().problems) == [("utförare.csv", 2, "Kontakt", "import.cell.error")]


@pytest.mark.parametrize("text", ["#1", "nr #12!", "#metoo!", "Fel: 502", "#", "##", "A#N/A"])
def test_other_texts_with_such_signs_are_texts(text: str) -> None:
    assert not is_error(text)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+46 8 123",
        "-",
        "@SUM(A1)",
        "＝1",
        "'=1",
        "'",
        "''x",
        "abc",
        "",
        "a=b",
        "1-2",
        "'s-Hertogenbosch",
    ],
)
def test_what_is_guarded_from_a_spreadsheet_is_read_back_as_it_was(text: str) -> None:
    assert as_written(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "＝"))


def reason(path: Path, allowance: Allowance | None = None) -> tuple[str, str | None]:
    """Why the file is not read, and the nearer reason where it has one."""
    with pytest.raises(UnreadableFileError) as refused:
        read_tables(path, path.name, lambda cells: "Utförare" in cells, allowance or Allowance())
    return refused.value.what.id, getattr(refused.value.what.values.get("why"), "id", None)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "import.unreadable.damaged"),
        (b"not a workbook", "import.unreadable.damaged"),
        (b"PK\x03\x04 cut off", "import.unreadable.damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old or locked", "import.unreadable.password"),
    ],
)
def test_a_file_that_is_no_workbook_is_told_with_the_reason(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    assert reason(path) == ("import.file.unreadable", why)


def test_an_archive_of_something_else_is_told_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with ZipFile(path, "w") as archive:
        archive.writestr("hej.txt", "hej")
    assert reason(path) == ("import.file.unreadable", "import.unreadable.malformed")


@pytest.mark.parametrize(
    "rows",
    [
        (row_of(2, "a"), row_of(1, "b")),
        (row_of(1, "a"), row_of(1, "b")),
        ('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>',),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',),
        ('<row r="1"><c r="A1" t="s"><v>9</v></c></row>',),
        ('<row r="1"><c r="A1"><v>tio</v></c></row>',),
        ('<row r="en"><c r="A1"><v>1</v></c></row>',),
        ('<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>',),
        ("<row>",),
    ],
)
def test_rows_and_cells_that_the_reader_would_lose_are_refused(tmp_path: Path, rows: tuple[str, ...]) -> None:
    assert reason(write_sheet(tmp_path / "x.xlsx", *rows)) == (
        "import.file.unreadable",
        "import.unreadable.malformed",
    )


def test_a_workbook_that_lacks_one_of_its_sheets_is_refused(tmp_path: Path) -> None:
    whole = write_xlsx(tmp_path / "x.xlsx", {"Ett": [list(HEADERS)], "Två": [list(HEADERS)]})
    assert reason(without_part(whole, "xl/worksheets/sheet2.xml")) == (
        "import.file.unreadable",
        "import.unreadable.malformed",
    )


def test_a_workbook_of_two_sheets_with_one_title_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "x.xlsx", {"Ett": [list(HEADERS)], "Två": [list(HEADERS)]})
    with ZipFile(path) as archive:
        book = archive.read("xl/workbook.xml").decode().replace("Två", "Ett").replace("Tv&#229;", "Ett")
    assert reason(with_part(path, "xl/workbook.xml", book))[1] == "import.unreadable.malformed"


def allowance(**bounds: int) -> Allowance:
    return Allowance(FileBounds(**bounds))


def test_a_file_larger_than_any_register_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"Utf\xc3\xb6rare\n" + b"x" * 1024 * 1024)
    assert reason(path, allowance(megabytes=1))[0] == "import.file.too_large"


def test_a_small_file_that_unpacks_to_a_large_one_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "x.xlsx", {"Blad": [list(HEADERS)]})
    with ZipFile(path, "a", ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.xml", b" " * 3 * 1024 * 1024)
    assert path.stat().st_size < 100_000
    assert reason(path, allowance(unpacked_megabytes=2))[0] == "import.file.too_large_unpacked"


def test_more_rows_and_columns_than_any_register_has_are_refused(tmp_path: Path) -> None:
    rows = "\n".join(f"{number};A" for number in range(5))
    path = tmp_path / "x.csv"
    path.write_text(f"Utförare;B\n{rows}\n")
    assert reason(path, allowance(rows=5))[0] == "import.file.too_many_rows"
    assert reason(path, allowance(columns=1))[0] == "import.file.too_many_columns"
    assert len(read_tables(path, "x", lambda cells: "Utförare" in cells, allowance(rows=6, columns=2))) == 1


def test_a_row_far_below_takes_no_time_and_empty_rows_do_not_count(tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "x.xlsx", row_of(1, "Utförare"), row_of(1_000_000_000, "A"))
    (table,) = read_tables(path, "x", lambda cells: "Utförare" in cells, allowance(rows=2))
    assert [row.number for row in table.rows] == [1_000_000_000]


def test_a_reading_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Utförare\n" + "A\n" * 100)
    minute_by_minute = count(step=60)
    slow = Allowance(FileBounds(minutes=30), seconds=lambda: next(minute_by_minute))
    assert reason(path, slow)[0] == "import.file.too_slow"
