"""The municipality's own column names: read from its file, remembered with what is imported, and read the same way."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.registering import Result, import_files, preview_files, remember_columns
from documents.imports.history_columns import FILES
from documents.imports.own_columns import columns_template, read_columns
from documents.imports.own_names import WrongNamesError
from documents.imports.rejected import write_rejected
from storage.engine.tables import access_log, placement
from storage.imports.own_columns import own_columns
from tests.support.builders_register import NOW, Register, example, said, write_csv
from texts.catalogue import Texts

SAY = Texts("sv")
# As a municipality may have set up its own system; none of the names is the register's.
OWN = {
    "placements.case_reference": "Ärendenr",
    "placements.unit": "Placerad hos",
    "placements.starts": "Insats fr.o.m.",
    "placements.ends": "Insats t.o.m.",
}
IN_FILE = {
    "Aktreferens": "Ärendenr",
    "Enhetskod": "Placerad hos",
    "Från": "Insats fr.o.m.",
    "Till": "Insats t.o.m.",
}


@pytest.fixture
def filled(register: Register) -> Register:
    register.write_people()
    for kind in ("utförare", "enheter"):
        register.write(kind)
    return register


def map_file(directory: Path, *rows: tuple[str, str]) -> Path:
    path = directory / "karta"
    path.mkdir(exist_ok=True)
    return write_csv(path / "kolumner.csv", [{"Id": id_, "Namn hos er": name} for id_, name in rows])


def exported(cells: Mapping[str, str] | None = None, **names: str) -> dict[str, str]:
    """A placement as the municipality's system writes it."""
    called = IN_FILE | names
    return {called.get(header, header): cell for header, cell in example("placeringar", cells).items()}


def brought_in(register: Register, names: Mapping[str, str] | None = None) -> Result:
    return import_files(register.database, [register.directory], NOW, names=names)


def remembered(register: Register) -> Mapping[str, str]:
    with register.database.looking() as look:
        return own_columns(look)


def test_the_file_to_fill_in_has_each_column_of_each_file_and_what_is_remembered(tmp_path: Path) -> None:
    path = tmp_path / "kolumner.csv"
    path.write_bytes(columns_template(SAY.say, {}))
    assert len(path.read_text("utf-8-sig").splitlines()) == 1 + sum(len(file.columns) for file in FILES)
    assert read_columns(path) == {}
    path.write_bytes(columns_template(SAY.say, OWN))
    assert read_columns(path) == OWN


def test_all_that_is_wrong_with_the_names_is_said_at_once(tmp_path: Path) -> None:
    path = map_file(
        tmp_path,
        ("placements.shoe_size", "Sko"),
        ("placements.case_reference", "Ärende"),
        ("placements.case_reference", "Dossié"),
        ("placements.unit", " ärende"),
        ("people.key", "Namn"),
        ("units.subtype", "Fel"),
        ("units.name", "19121212-1212"),
        ("units.key", "FrÃ¥n oss"),
    )
    with pytest.raises(WrongNamesError) as wrong:
        read_columns(path)
    for one, begins in zip(
        wrong.value.problems,
        [
            "rad 2: id placements.shoe_size finns inte",
            "rad 4: id placements.case_reference har redan ett annat namn",
            "rad 8: namnet ser ut att innehålla ett personnummer",
            "rad 9: namnets bokstäver har blivit fel när filen sparades",
            "personer: Namn är redan en kolumn som måste finnas, och ska här vara Signatur",
            "enheter: Fel är kolumnen med skäl",
            "placeringar: Ärende är namn på både Aktreferens och Enhetskod",
        ],
        strict=True,
    ):
        assert begins in one
        assert str(path) in one


def test_two_columns_may_change_names_with_each_other(tmp_path: Path) -> None:
    names = {"people.key": "Namn", "people.name": "Signatur"}
    assert read_columns(map_file(tmp_path, *names.items())) == names


def test_what_is_imported_under_own_names_is_the_register_and_the_names_hold_next_time(
    filled: Register,
) -> None:
    path = filled.directory / "placeringar.csv"
    write_csv(path, [exported()])
    assert brought_in(filled).imported is None
    assert brought_in(filled, OWN).imported is not None
    [row] = filled.rows(placement)
    assert (row["case_reference"], row["starts"].isoformat()) == (
        example("placeringar")["Aktreferens"],
        example("placeringar")["Från"],
    )
    assert remembered(filled) == OWN
    write_csv(path, [exported({"Aktreferens": "BU-2"})])
    seen = preview_files(filled.database, [filled.directory], NOW)
    assert seen.imported is not None
    assert brought_in(filled).imported is not None
    assert [one["case_reference"] for one in filled.rows(placement)][-1] == "BU-2"
    # A file that was written by hand, with the register's own names, is read beside them.
    filled.write("placeringar", example("placeringar", {"Aktreferens": "BU-3"}))
    assert brought_in(filled).imported is not None


def test_a_column_that_was_named_and_is_not_there_and_one_that_is_there_twice_are_problems(
    filled: Register,
) -> None:
    row = exported()
    del row["Insats t.o.m."]
    path = write_csv(filled.directory / "placeringar.csv", [row | {"Aktreferens": "BU-9"}])
    result = brought_in(filled, OWN)
    assert [said(one) for one in result.reading.problems] == [
        (path.name, None, "Insats t.o.m.", "import.column.own_missing"),
        (path.name, None, "Ärendenr", "import.column.twice"),
    ]
    assert remembered(filled) == {}
    assert filled.rows(placement) == []


def test_a_wrong_cell_and_a_rejected_row_are_told_by_the_municipalitys_own_names(
    filled: Register, tmp_path: Path
) -> None:
    write_csv(filled.directory / "placeringar.csv", [exported({"Från": "i våras"})])
    reading = brought_in(filled, OWN).reading
    assert [(one.row, one.column) for one in reading.problems] == [(2, "Insats fr.o.m.")]
    [path] = write_rejected(reading, tmp_path / "avvisade", SAY.say)
    head, told = path.read_text("utf-8-sig").splitlines()
    assert "Ärendenr" in head
    assert "Insats fr.o.m.: " in told
    path.write_text(path.read_text("utf-8-sig").replace("i våras", "2026-03-01"), "utf-8-sig")
    filled.directory.joinpath("placeringar.csv").unlink()
    assert import_files(filled.database, [filled.directory, path], NOW, names=OWN).imported is not None


def test_names_are_kept_without_files_and_forgotten_by_a_file_without_names_and_each_is_logged(
    register: Register,
) -> None:
    for names in (OWN, OWN, {}):
        remember_columns(register.database, names, NOW, "cli:root")
        assert remembered(register) == names
    with register.database.looking() as look:
        query = select(access_log.c.detail).where(access_log.c.detail == "columns")
        assert len(list(look.connection.scalars(query))) == 2
