"""What a file would leave behind: placements of somebody who has left, and reports of months after an end."""

from collections.abc import Iterable, Mapping, Sequence

from documents.reading import Entry, Findings
from followup.month import Month
from followup.wording import Wording, wording
from storage.register import PlacementKey


def named(key: PlacementKey) -> Wording:
    case, unit, starts = key
    return wording("import.placement.named", case=case, unit=unit, starts=starts)


def check_left(
    entries: Sequence[Entry], answered_for: Mapping[str, Sequence[PlacementKey]], findings: Findings
) -> None:
    """Somebody who is made inactive, or no worker, while placements are hers that no row gives to another."""
    settled = {entry.key for entry in entries if entry.kind.id == "placements"}
    for entry in entries:
        if entry.kind.id != "people" or entry.key is None:
            continue
        column = _why_not(entry)
        left = [key for key in answered_for.get(entry.key[0], ()) if key not in settled]
        if column and left:
            what = wording(f"import.person.left.{column}", placements=tuple(map(named, left)))
            findings.warn_entry(entry, column, what)


def _why_not(entry: Entry) -> str | None:
    """The column that says that the person can have no placements."""
    if entry.values.get("role", "worker") != "worker":
        return "role"
    return None if entry.values.get("active", True) else "active"


def check_ended(entries: Iterable[Entry], reported: Mapping[PlacementKey, Month], findings: Findings) -> None:
    for entry in entries:
        ends = entry.values.get("ends")
        if entry.kind.id != "placements" or entry.key is None or not ends:
            continue
        case, unit, starts = entry.key
        last = reported.get((case, unit, starts))
        if last and last.first > ends:
            findings.warn_entry(
                entry, "ends", wording("import.placement.reported_after", case=case, month=last)
            )
