"""Keys that only look like one that is known: case references, unit codes, signatures and numbers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from documents.imports.columns import FileColumn, FileKind
from documents.imports.reading import FileEntry, Findings
from followup.wording.spelling import bare, is_alike, with_code_points
from followup.wording.wording import wording

_CASES = "cases"


def check_spellings(
    entries: Sequence[FileEntry], stored: Mapping[str, Iterable[str]], findings: Findings
) -> list[FileEntry]:
    """The entries without the cells whose key is written in another way than before, here or in the database.

    What is stored goes first, then the rows that a key belongs to, then those that name it.
    """
    spellings: dict[tuple[str, str], list[str]] = defaultdict(list)
    for named, keys in stored.items():
        for key in keys:
            spellings[named, bare(key)].append(key)
    wrong: dict[int, set[str]] = defaultdict(set)
    for own in (True, False):
        for place, entry in enumerate(entries):
            for column, named in _keys(entry.kind, own=own):
                if _is_another(entry, column, named, spellings, findings):
                    wrong[place].add(column.name)
    return [_without(entry, wrong[place]) if place in wrong else entry for place, entry in enumerate(entries)]


def stored_keys(
    people: Iterable[str],
    units: Iterable[str],
    cases: Iterable[str],
    contracts: Iterable[str],
    signals: Iterable[str],
) -> dict[str, Iterable[str]]:
    return {
        "people": people,
        "units": units,
        _CASES: dict.fromkeys(cases),
        "contracts": contracts,
        "signals": signals,
    }


def _keys(kind: FileKind, *, own: bool) -> Iterable[tuple[FileColumn, str]]:
    """The columns that hold a key that people write, each with what the key names."""
    for column in kind.columns:
        if column.name == "key" and own:
            yield column, kind.id
        elif column.name == "case_reference" and own == (kind.id == "placements"):
            yield column, _CASES
        elif column.refers in ("people", "units", "signals") and not own:
            yield column, column.refers


def _is_another(
    entry: FileEntry,
    column: FileColumn,
    named: str,
    spellings: Mapping[tuple[str, str], list[str]],
    findings: Findings,
) -> bool:
    text = entry.values.get(column.name)
    if not text:
        return False
    known = spellings[named, bare(text)]
    if text in known:
        return False
    other = next((one for one in known if is_alike(one, text)), None)
    if other is None:
        known.append(text)
        return False
    what = wording("import.key.spelling", written=with_code_points(text), known=with_code_points(other))
    findings.wrong_entry(entry, column.name, what)
    return True


def _without(entry: FileEntry, names: set[str]) -> FileEntry:
    values = {name: value for name, value in entry.values.items() if name not in names}
    return replace(entry, values=values, wrong=entry.wrong | names)
