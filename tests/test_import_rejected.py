"""Rejected rows are written beside their reasons, to be corrected and imported again."""

import csv
from pathlib import Path

from dialogs.texts import Texts
from documents.rejected import write_rejected
from storage import tables
from tests.builders_register import Register, all_said, example, new_register


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def rejected(register: Register) -> list[Path]:
    return write_rejected(register.read(), register.directory, Texts("sv").say)


def test_a_rejected_row_stands_beside_its_reasons(tmp_path: Path) -> None:
    register = new_register(tmp_path)
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


def test_a_row_that_depends_on_a_wrong_one_says_so(tmp_path: Path) -> None:
    register = new_register(tmp_path)
    register.write_all()
    register.write("enheter", example("enheter", {"Form": "internat"}))
    reasons = {path.name: read(path)[0]["Fel"] for path in rejected(register)}
    assert reasons["avtal.avvisade.csv"].startswith("Enhetskod: Raden är rätt men hänvisar")


def test_a_corrected_file_of_rejected_rows_is_imported(tmp_path: Path) -> None:
    register = new_register(tmp_path)
    register.write("utförare", example("utförare", {"Utförare": ""}))
    (path,) = rejected(register)
    register.write("utförare", example("utförare"))
    text = path.read_text(encoding="utf-8-sig").replace("559999-0016;;", "559999-0016;Björken AB;")
    path.write_text(text, encoding="utf-8-sig")
    reading = register.read(path)
    assert not all_said(reading.warnings)
    register.put_in(reading)
    assert register.rows(tables.provider)[0]["name"] == "Björken AB"


def test_a_folder_is_read_without_the_rejected_rows_in_it(tmp_path: Path) -> None:
    register = new_register(tmp_path)
    register.write("utförare", example("utförare", {"Utförare": ""}))
    rejected(register)
    assert len(register.read().problems) == 1
