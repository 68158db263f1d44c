"""What the municipality calls things in another system, by our ids: a file that it fills in, with nothing invented."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from io import StringIO
from pathlib import Path

from documents.imports.bounds import Allowance
from documents.imports.cell_checks import is_personal
from documents.imports.lines import UnreadableFileError
from documents.imports.spoilt import spoilt_text
from documents.imports.tables import fold, read_tables

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
    found: dict[str, str] = {}
    problems = []
    for where, id_, name in cells_in(path, ID, OWN_NAME):
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
    return found, problems


def cells_in(path: Path, *columns: str) -> Iterator[tuple[str, ...]]:
    """Of each row where it stands and its cells of the columns; raises WrongNamesError where there are none such."""
    try:
        tables = read_tables(path, path.name, partial(_has, columns), Allowance())
    except UnreadableFileError as wrong:
        raise WrongNamesError([f"{path} går inte att läsa"]) from wrong
    if not any(table.headers for table in tables):
        raise WrongNamesError([f"{path}: kolumnerna {' och '.join(columns)} saknas"])
    for table in tables:
        heads = [fold(one) for one in table.headers]
        for row in table.rows if heads else ():
            cells = (row.texts[heads.index(fold(one))].strip() for one in columns)
            yield f"{table.path}, rad {row.number}", *cells


def _has(columns: Iterable[str], cells: Iterable[str]) -> bool:
    return set(map(fold, columns)) <= set(map(fold, cells))


def wrong_name(name: str) -> str | None:
    """Why nothing can be called so; the name is not repeated."""
    if len(name) > LONGEST_NAME:
        return f"namnet är längre än {LONGEST_NAME} tecken"
    if is_personal(name):
        return "namnet ser ut att innehålla ett personnummer"
    if spoilt_text(name):
        return "namnets bokstäver har blivit fel när filen sparades: spara den som CSV UTF-8"
    return None
