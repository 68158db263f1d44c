"""Rows that are right by themselves but name a row that is not: they cannot be imported without it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from documents.imports.columns import FileColumn, FileId
from documents.imports.history_columns import BY_ID
from documents.imports.reading import FileEntry, Place, RowProblem
from followup.terms import BUILT_IN
from followup.wording.wording import wording
from storage.imports.register import KnownRegister

_Named = tuple[str, Any]


def find_dependents(
    entries: Sequence[FileEntry], known: KnownRegister, signals: Collection[str], bad: Collection[Place]
) -> list[RowProblem]:
    """A bad row of something that is stored already leaves nothing without what it names."""
    stored: set[_Named] = {
        *(("people", key) for key in known.people),
        *(("providers", key) for key in known.providers),
        *(("units", key) for key in known.units),
        *(("placements", key) for key in known.placements),
        *(("signals", key) for key in signals),
        *(("terms", (kind, code)) for kind, built_in in BUILT_IN.items() for code in built_in),
        *(("terms", (term.kind, term.code)) for term in known.terms),
    }
    good = [entry for entry in entries if entry.place not in bad]
    found: list[RowProblem] = []
    while True:
        standing = stored | {_name(entry) for entry in good}
        fallen = {entry.place: lost for entry in good if (lost := _lost(entry, standing))}
        if not fallen:
            return found
        found += [_problem(entry, fallen[entry.place]) for entry in good if entry.place in fallen]
        good = [entry for entry in good if entry.place not in fallen]


def _name(entry: FileEntry) -> _Named:
    key = entry.key
    return entry.kind.id, key[0] if key is not None and len(key) == 1 else key


def _lost(entry: FileEntry, standing: Collection[_Named]) -> str | None:
    """The name of the first column whose row does not stand."""
    return next((name for name, named in _references(entry) if named not in standing), None)


def _references(entry: FileEntry) -> Iterator[tuple[str, _Named]]:
    for column in _referring(entry.kind.id):
        if (key := entry.values.get(column.name)) is not None:
            yield column.name, (("terms", (column.term, key)) if column.term else (column.refers, key))
    if placement := entry.values.get("placement"):
        yield "case_reference", ("placements", placement)


def _referring(kind: FileId) -> Iterable[FileColumn]:
    return (column for column in BY_ID[kind].columns if column.refers or column.term)


def _problem(entry: FileEntry, name: str) -> RowProblem:
    return RowProblem(
        entry.row.file, entry.row.number, entry.kind.header(name), wording("import.row.depends")
    )
