"""What the municipality calls things in another system, by our ids: a file that it fills in, with nothing invented."""

import csv
from collections.abc import Iterable, Mapping
from io import StringIO
from pathlib import Path

from documents.imports.bounds import Allowance
from documents.imports.cell_checks import is_personal
from documents.imports.lines import UnreadableFileError
from documents.imports.spoilt import spoilt_text
from documents.imports.tables import FileTable, fold, read_tables

ID, ABOUT, OWN_NAME = "Id", "Vad det är", "Namn hos er"
LONGEST_NAME = 200


class WrongNamesError(Exception):
    """All that is wrong with the file, in words."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def names_template(rows: Iterable[tuple[str, str]], own: Mapping[str, str] | None = None) -> bytes:
    """A line for each id with what it is, as a Swedish Excel opens it, and a column to fill in: `own` is filled."""
    written = StringIO(newline="")
    writer = csv.writer(written, delimiter=";")
    writer.writerows(
        [(ID, ABOUT, OWN_NAME), *((id_, about, (own or {}).get(id_, "")) for id_, about in rows)]
    )
    return written.getvalue().encode("utf-8-sig")


def read_names(path: Path, known: frozenset[str] | None = None) -> Mapping[str, str]:
    """Those that are filled in, by id; raises WrongNamesError. Ids beside the `known` ones are wrong."""
    found, problems = names_in(path, known)
    if problems:
        raise WrongNamesError(problems)
    return found


def names_in(path: Path, known: frozenset[str] | None = None) -> tuple[dict[str, str], list[str]]:
    """Those that are right, and all that is wrong, in words; raises WrongNamesError where it cannot be read."""
    try:
        tables = read_tables(path, path.name, _is_header, Allowance())
    except UnreadableFileError as wrong:
        raise WrongNamesError([f"{path} går inte att läsa"]) from wrong
    found: dict[str, str] = {}
    problems: list[str] = []
    read = [one for one in tables if one.headers]
    if not read:
        problems.append(f"{path}: kolumnerna {ID} och {OWN_NAME} saknas")
    for table in read:
        problems += _read(table, found, known)
    return found, problems


def wrong_name(name: str) -> str | None:
    """Why nothing can be called so; the name is not repeated."""
    if len(name) > LONGEST_NAME:
        return f"namnet är längre än {LONGEST_NAME} tecken"
    if is_personal(name):
        return "namnet ser ut att innehålla ett personnummer"
    if spoilt_text(name):
        return "namnets bokstäver har blivit fel när filen sparades: spara den som CSV UTF-8"
    return None


def _is_header(cells: Iterable[str]) -> bool:
    return {fold(ID), fold(OWN_NAME)} <= {fold(one) for one in cells}


def _read(table: FileTable, found: dict[str, str], known: frozenset[str] | None) -> list[str]:
    heads = [fold(one) for one in table.headers]
    problems = []
    for row in table.rows:
        id_, name = (row.texts[heads.index(fold(one))].strip() for one in (ID, OWN_NAME))
        where = f"{table.path}, rad {row.number}"
        if not name:
            continue
        if known is not None and id_ not in known:
            problems.append(f"{where}: id {id_} finns inte")
        elif found.get(id_, name) != name:
            problems.append(f"{where}: id {id_} har redan ett annat namn")
        elif wrong := wrong_name(name):
            problems.append(f"{where}: {wrong}")
        else:
            found[id_] = name
    return problems
