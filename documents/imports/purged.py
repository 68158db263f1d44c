"""Rows about children who have been deleted here: they are left out, and said, so that no file brings them back."""

from collections.abc import Sequence
from datetime import date

from documents.imports.reading import FileEntry, Findings
from followup.times.month import Month
from followup.wording.wording import wording
from services.retention.purged import Purged, purged
from storage.engine.database import Transaction

# When a row of each kind is about, by its column.
_WHEN = {"placements": "starts", "reports": "month", "signals": "event_on"}


def without_purged(tx: Transaction, entries: Sequence[FileEntry], findings: Findings) -> list[FileEntry]:
    """What is new of such a child, after all that was deleted, is read as any other."""
    gone = purged(tx, dict.fromkeys(one for entry in entries if (one := _case(entry))))
    if not gone:
        return list(entries)
    kept = []
    for entry in entries:
        found = gone.get(_case(entry))
        if found is None or not _is_before(entry, found):
            kept.append(entry)
            continue
        findings.warn_entry(
            entry, "case_reference", wording("import.purged", number=found.number, at=found.at)
        )
    return kept


def _case(entry: FileEntry) -> str:
    return str(entry.values.get("case_reference") or "") if entry.kind.id in _WHEN else ""


def _is_before(entry: FileEntry, found: Purged) -> bool:
    """What no day is known of is taken for the old."""
    when: date | Month | None = entry.values.get(_WHEN[entry.kind.id])
    day = when.first if isinstance(when, Month) else when
    return day is None or day <= found.last_on
