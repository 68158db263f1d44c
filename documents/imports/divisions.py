"""Which part of the municipality's own division (verksamhetsområde) each unit is of: a file that it keeps."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from documents.imports.bounds import Allowance
from documents.imports.lines import UnreadableFileError
from documents.imports.own_names import WrongNamesError, wrong_name
from documents.imports.tables import FileTable, fold, read_tables

UNIT, DIVISION = "Enhetskod", "Verksamhetsområde"


def read_divisions(path: Path) -> Mapping[str, str]:
    """By the unit's code; raises WrongNamesError with all that is wrong."""
    try:
        tables = read_tables(path, path.name, _is_header, Allowance())
    except UnreadableFileError as wrong:
        raise WrongNamesError([f"{path} går inte att läsa"]) from wrong
    found: dict[str, str] = {}
    problems = [problem for table in tables if table.headers for problem in _read(table, found)]
    if not any(table.headers for table in tables):
        problems.append(f"{path}: kolumnerna {UNIT} och {DIVISION} saknas")
    if problems:
        raise WrongNamesError(problems)
    return found


def unknown_units(path: Path, division_of: Iterable[str], known: Iterable[str]) -> list[str]:
    """A sentence for each code that the register does not have."""
    return [f"{path}: enheten {key} finns inte i registret" for key in sorted({*division_of} - {*known})]


def _is_header(cells: Iterable[str]) -> bool:
    return {fold(UNIT), fold(DIVISION)} <= {fold(one) for one in cells}


def _read(table: FileTable, found: dict[str, str]) -> list[str]:
    heads = [fold(one) for one in table.headers]
    problems = []
    for row in table.rows:
        key, name = (row.texts[heads.index(fold(one))].strip() for one in (UNIT, DIVISION))
        where = f"{table.path}, rad {row.number}"
        if not key or not name:
            problems += [f"{where}: {UNIT} eller {DIVISION} är tom"] if key or name else []
        elif found.get(key, name) != name:
            problems.append(f"{where}: enheten {key} har redan ett annat verksamhetsområde")
        elif wrong := wrong_name(name):
            problems.append(f"{where}: {wrong}")
        else:
            found[key] = name
    return problems
