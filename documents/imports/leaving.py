"""What a file would leave behind: placements of somebody who has left, and reports of months after an end."""

from collections.abc import Iterable, Mapping, Sequence

from documents.imports.reading import FileEntry, Findings
from followup.times.month import Month
from followup.wording.wording import Wording, wording
from storage.imports.register import PlacementKey


def named(key: PlacementKey) -> Wording:
    case, unit, starts = key
    return wording("import.placement.named", case=case, unit=unit, starts=starts)


def check_left(
    entries: Sequence[FileEntry], answered_for: Mapping[str, Sequence[PlacementKey]], findings: Findings
) -> None:
    """Somebody who is made inactive, or no worker, while placements are hers that no row gives to another."""
    settled = {entry.key for entry in entries if entry.kind.id == "placements"}
    for entry in entries:
        column = cannot_answer(entry)
        if not column or entry.key is None:
            continue
        left = [key for key in answered_for.get(entry.key[0], ()) if key not in settled]
        if left:
            what = wording(f"import.person.left.{column}", placements=tuple(map(named, left)))
            findings.warn_entry(entry, column, what)


def cannot_answer(entry: FileEntry) -> str | None:
    """The column that says that the row's person can have no placements."""
    if entry.kind.id != "people":
        return None
    if entry.values.get("role", "worker") != "worker":
        return "role"
    return None if entry.values.get("active", True) else "active"


def is_ended(entry: FileEntry) -> bool:
    return entry.kind.id == "placements" and entry.key is not None and bool(entry.values.get("ends"))


def check_ended(
    entries: Iterable[FileEntry], reported: Mapping[PlacementKey, Month], findings: Findings
) -> None:
    for entry in filter(is_ended, entries):
        assert entry.key is not None
        case, unit, starts = entry.key
        last = reported.get((case, unit, starts))
        if last and last.first > entry.values["ends"]:
            findings.warn_entry(
                entry, "ends", wording("import.placement.reported_after", case=case, month=last)
            )
