"""Which part of the municipality's own division (verksamhetsområde) each unit is of: a file that it keeps."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from documents.imports.own_names import WrongNamesError, cells_in, wrong_name

UNIT, DIVISION = "Enhetskod", "Verksamhetsområde"


def read_divisions(path: Path) -> Mapping[str, str]:
    """By the unit's code; raises WrongNamesError with all that is wrong."""
    found: dict[str, str] = {}
    problems = []
    for where, key, name in cells_in(path, UNIT, DIVISION):
        if not key or not name:
            problems += [f"{where}: {UNIT} eller {DIVISION} är tom"] if key or name else []
        elif found.get(key, name) != name:
            problems.append(f"{where}: enheten {key} har redan ett annat verksamhetsområde")
        elif wrong := wrong_name(name):
            problems.append(f"{where}: {wrong}")
        else:
            found[key] = name
    if problems:
        raise WrongNamesError(problems)
    return found


def unknown_units(path: Path, division_of: Iterable[str], known: Iterable[str]) -> list[str]:
    """A sentence for each code that the register does not have."""
    return [f"{path}: enheten {key} finns inte i registret" for key in sorted({*division_of} - {*known})]
