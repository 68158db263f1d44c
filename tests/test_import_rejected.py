"""Rejected rows are written beside their reasons, to be corrected and imported again."""

import csv
from pathlib import Path

from documents.imports.rejected import write_rejected
from storage.engine import tables
from tests.support.builders_register import Register, all_said, example
from texts.catalogue import Texts


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def rejected(register: Register) -> list[Path]:
    return write_rejected(register.read(), register.directory, Texts("sv").say)


def test_a_rejected_row_stands_beside_its_reasons(register: Register) -> None:
    wrong = example("utförare", {"Organisationsnummer": "559999-0017", "Utförare": ""})
    register.write("utförare", wrong, example("utförare"))
    (path,) = rejected(register)
    assert path.name == "utförare.avvisade.csv"
    assert read(path) == [
        wrong
        | {
            "Fel": "Organisationsnummer: Numret är inget giltigt organisationsnummer."
            " (organisationsnummer med 10 eller 12 siffror, med eller utan bindestreck);"
            " Utförare: Värdet saknas. (text, högst 200 tecken)"
        }
    ]


def test_a_row_that_depends_on_a_wrong_one_says_so(register: Register) -> None:
    register.write_all()
    register.write("enheter", example("enheter", {"Form": "internat"}))
    reasons = {path.name: read(path)[0]["Fel"] for path in rejected(register)}
    assert reasons["avtal.avvisade.csv"].startswith("Enhetskod: Raden är rätt men hänvisar")


def test_a_corrected_file_of_rejected_rows_is_imported(register: Register) -> None:
    register.write("utförare", example("utförare", {"Utförare": ""}))
    (path,) = rejected(register)
    register.write("utförare", example("utförare"))
    text = path.read_text(encoding="utf-8-sig").replace("559999-0016;;", "559999-0016;Björken AB;")
    path.write_text(text, encoding="utf-8-sig")
    reading = register.read(path)
    assert not all_said(reading.warnings)
    register.put_in(reading)
    assert register.rows(tables.provider)[0]["name"] == "Björken AB"


def test_a_folder_is_read_without_the_rejected_rows_in_it(register: Register) -> None:
    register.write("utförare", example("utförare", {"Utförare": ""}))
    rejected(register)
    assert len(register.read().problems) == 1


def test_a_file_that_somebody_has_corrected_is_never_written_over(register: Register) -> None:
    register.write("utförare", example("utförare", {"Utförare": ""}))
    (first,) = rejected(register)
    assert rejected(register) == [first]
    first.write_text("rättad", encoding="utf-8")
    (second,) = rejected(register)
    assert (first.read_text(encoding="utf-8"), second.name) == ("rättad", "utförare-2.avvisade.csv")


def test_a_folder_of_nothing_but_rejected_rows_is_read_and_is_written_in_beside_them(
    register: Register, tmp_path: Path
) -> None:
    register.write("utförare", example("utförare", {"Utförare": ""}))
    folder = tmp_path / "avvisade"
    write_rejected(register.read(), folder, Texts("sv").say)
    reading = register.read(folder)
    assert [said[0] for said in all_said(reading.problems)] == ["utförare.avvisade.csv"]
    (again,) = write_rejected(reading, folder, Texts("sv").say)
    assert again.name == "utförare.avvisade.csv"
    assert len(list(folder.iterdir())) == 1


def test_among_other_files_rejected_rows_are_named_as_unread(register: Register) -> None:
    register.write("utförare", example("utförare", {"Utförare": ""}))
    rejected(register)
    assert all_said(register.read().warnings) == [
        ("utförare.avvisade.csv", None, None, "import.file.rejected_not_read")
    ]


def test_what_stands_outside_the_columns_and_under_one_of_two_headers_is_kept(register: Register) -> None:
    (register.directory / "a.csv").write_text(
        "Organisationsnummer;Utförare;;Kontakt\n559999-0016;A;löst;K;utanför;\n"
    )
    (register.directory / "b.csv").write_text("Signatur;Namn;Roll;Namn\nanna;Anna;chef;Annan\n")
    written = [path.read_text("utf-8-sig").splitlines() for path in rejected(register)]
    assert written[0][0] == "Organisationsnummer;Utförare;;Kontakt;;;Fel"
    assert written[0][1].startswith("559999-0016;A;löst;K;utanför;;")
    assert written[1][0] == "Signatur;Namn;Roll;Namn;Fel"
    assert written[1][1].startswith("anna;Anna;chef;Annan;Namn: ")


def test_a_spreadsheet_runs_nothing_of_a_rejected_row_and_it_is_read_back_as_it_was(
    register: Register,
) -> None:
    contact = "+46 8 123 45 67"
    odd = {"Kontakt": contact, "Utförare": "@SUM(A1)", "Organisationsnummer": "fel", "=CMD()": "-1+1"}
    register.write("utförare", example("utförare", odd))
    (path,) = rejected(register)
    cells = [cell for line in path.read_text("utf-8-sig").splitlines() for cell in line.split(";")]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]
    corrected = path.read_text("utf-8-sig").replace(";fel;", ";559999-0016;").replace("fel;", "559999-0016;")
    path.write_text(corrected, "utf-8-sig")
    (entry,) = register.read(path).rows
    assert (entry.values["contact"], entry.values["name"]) == (contact, "@SUM(A1)")


def test_a_personal_number_is_not_repeated_and_its_place_is_not_taken_for_a_value(register: Register) -> None:
    register.write_all()
    numbers = {"Alias": "121212-1212", "Mitt": "20121212-1212", "Aktreferens": "805122389"}
    register.write("placeringar", example("placeringar", numbers))
    (path, *_) = rejected(register)
    text = path.read_text("utf-8-sig")
    assert not [digits for digits in ("1212", "805122389") if digits in text]
    wrong = {column for _, _, column, what in all_said(register.read(path).problems) if "personal" in what}
    assert wrong == {"Alias", "Mitt", "Aktreferens"}


def test_a_personal_number_among_the_headers_is_not_repeated_either(register: Register) -> None:
    (register.directory / "x.csv").write_text("Organisationsnummer;Utförare;121212-1212\n559999-0016;A;\n")
    reading = register.read()
    assert all_said(reading.problems) == [("x.csv", None, None, "import.column.personal_number")]
    (path,) = rejected(register)
    told = [(warning.column, warning.what) for warning in reading.warnings]
    assert "121212" not in path.read_text("utf-8-sig") + str(told)
