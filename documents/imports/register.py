"""The register's import: every file read and checked at once, and what is right put into the database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from documents.imports.bounds import Allowance
from documents.imports.checks import check
from documents.imports.closings import check_closing, closing_record, with_closings
from documents.imports.columns import FileId, FileKind
from documents.imports.dependents import find_dependents
from documents.imports.history import Placements, check_report, report_record, with_placement
from documents.imports.history_columns import BY_ID, FILES
from documents.imports.leaving import cannot_answer, check_ended, check_left, is_ended
from documents.imports.past_signals import check_signal, check_stored_signal, events, signal_record
from documents.imports.purged import without_purged
from documents.imports.reading import (
    FileEntry,
    Findings,
    Place,
    Progress,
    RowProblem,
    find_tables,
    read_entries,
)
from documents.imports.register_after import RegisterAfter, register_after
from documents.imports.spelling_checks import check_spellings, stored_keys
from documents.imports.tables import FileTable
from followup import UnitId
from followup.times.calendar import municipal_day
from storage.engine.database import Transaction
from storage.imports.closings import save_closings, stored_closings
from storage.imports.history import save_reports, stored_reports
from storage.imports.history_signals import save_signals, stored_signals
from storage.imports.known import answered_for, contract_keys, last_reported
from storage.imports.register import (
    PlacementKey,
    end_placements,
    known_register,
    missing_placements,
    save_clocks,
    save_contracts,
    save_events,
    save_people,
    save_placements,
    save_providers,
    save_terms,
    save_units,
    unit_ids,
)
from storage.imports.staging import Staging
from storage.imports.upsert import Counts, Saved
from storage.imports.written_since import Named


@dataclass(frozen=True)
class RegisterReading:
    """`rows` are those to import: right by themselves, and depending on no wrong row.

    `dependents` tells of those that only depend on a wrong one. `personal` are the cells with a personnummer,
    and `unread` the sheets that no kind of file knows. `whole` is whether every sheet was read whole, so that the
    placements may be the whole register: `missing` are then those of the `open_before` that have ended.
    """

    rows: tuple[FileEntry, ...]
    problems: tuple[RowProblem, ...]
    warnings: tuple[RowProblem, ...]
    dependents: tuple[RowProblem, ...] = ()
    tables: tuple[FileTable, ...] = ()
    personal: frozenset[tuple[Place, int]] = frozenset()
    unread: tuple[str, ...] = ()
    whole: bool = False
    missing: tuple[PlacementKey, ...] = ()
    open_before: int = 0

    @property
    def left_out(self) -> int:
        """How many rows of the files are not among those to import."""
        return sum(len(table.rows) for table in self.tables) - len(self.rows)

    def rows_of(self, kind: FileId) -> list[FileEntry]:
        return [entry for entry in self.rows if entry.kind.id == kind]

    def without_bad(self) -> "RegisterReading":
        """What can be imported in spite of the problems; write the rejected rows from the full reading first."""
        return replace(self, problems=(), dependents=())


@dataclass(frozen=True)
class ImportedCounts:
    """Counts by file kind; `missing` are open placements that the files do not name and that were left open."""

    counts: Mapping[FileId, Counts]
    unit_ids: frozenset[UnitId]
    missing: int


def read_register(
    tx: Transaction,
    paths: Sequence[Path],
    today: date,
    progress: Progress | None = None,
    allowance: Allowance | None = None,
    *,
    local: bool = False,
    kinds: Sequence[FileKind] = FILES,
) -> RegisterReading:
    """`kinds` are the files with the names that the municipality has for their columns."""
    findings = Findings()
    tables = find_tables(paths, kinds, findings, allowance or Allowance())
    known, signals = known_register(tx), stored_signals(tx)
    entries = read_entries(tables, kinds, known.terms, today, findings, progress)
    entries = without_purged(tx, entries, findings)
    cases = (case for case, _, _ in known.placements)
    stored = stored_keys(known.people, known.units, cases, contract_keys(tx), signals)
    entries = check_spellings(entries, stored, findings)
    after = register_after(known, signals, entries)
    check(entries, known, after, today, findings, local=local)
    if any(map(cannot_answer, entries)):
        check_left(entries, answered_for(tx, today), findings)
    if any(map(is_ended, entries)):
        check_ended(entries, last_reported(tx), findings)
    entries = _check_history(tx, entries, after, today, findings)
    dependents = find_dependents(entries, known, signals.keys(), findings.bad)
    bad = findings.bad | {(problem.file, problem.row) for problem in dependents}
    rows = tuple(entry for entry in entries if entry.place not in bad)
    present = {entry.key for entry in rows if entry.kind.id == "placements"}
    still_open = [key for key, ends in known.placements.items() if ends is None or ends > today]
    return RegisterReading(
        rows=rows,
        problems=tuple(findings.problems),
        warnings=tuple(findings.warnings),
        dependents=tuple(dependents),
        tables=tuple(tables),
        personal=frozenset(findings.personal),
        unread=tuple(findings.unread),
        whole=bool(present) and not findings.problems and not dependents and not findings.unread,
        missing=tuple(key for key in sorted(still_open) if key not in present),
        open_before=len(still_open),
    )


def _check_history(
    tx: Transaction, entries: Sequence[FileEntry], after: RegisterAfter, today: date, findings: Findings
) -> list[FileEntry]:
    """The entries, with those of past reports and signals tied to their placements and events."""
    placements = Placements.of(after, entries)
    tied = [
        with_placement(entry, placements, findings) if entry.kind.id in ("reports", "signals") else entry
        for entry in entries
    ]
    by_kind = _by_kind(tied)
    months = {entry.values["month"] for entry in by_kind["reports"] if "month" in entry.values}
    reports, closings = stored_reports(tx, months), stored_closings(tx)
    for entry in by_kind["reports"]:
        check_report(entry, reports, today, findings)
    tied = [
        check_closing(entry, after.placements, closings, findings) if entry.kind.id == "reports" else entry
        for entry in tied
    ]
    event_of = _check_signals(tx, by_kind["signals"], findings)
    return [_with_event(entry, event_of) for entry in tied]


def _check_signals(tx: Transaction, entries: Sequence[FileEntry], findings: Findings) -> dict[str, str]:
    stored = stored_signals(tx)
    event_of = events(entries, stored, findings)
    for entry in entries:
        check_signal(entry, findings)
        if record := signal_record(_with_event(entry, event_of)):
            check_stored_signal(entry, record, stored.get(record.key), findings)
    return event_of


def _with_event(entry: FileEntry, event_of: Mapping[str, str]) -> FileEntry:
    if entry.kind.id != "signals" or entry.key is None:
        return entry
    return replace(entry, values={**entry.values, "event": event_of[entry.key[0]]})


def _by_kind(entries: Iterable[FileEntry]) -> dict[FileId, list[FileEntry]]:
    found: dict[FileId, list[FileEntry]] = defaultdict(list)
    for entry in entries:
        found[entry.kind.id].append(entry)
    return found


def stage_register(
    staging: Staging, reading: RegisterReading, now: datetime, *, complete: bool = False
) -> ImportedCounts:
    """Puts the reading's rows in, to be made valid; reads nothing into its problems.

    `complete` ends today every open placement that the files do not name, when the reading is `whole`.
    """
    by_kind = _by_kind(reading.rows)
    tx, saved = staging.look, _save(staging, by_kind, now)
    present = {entry.key for entry in by_kind["placements"]}
    missing = missing_placements(tx, present, municipal_day(now)) if by_kind["placements"] else {}
    counts = {kind: result.counts for kind, result in saved.items()}
    touched = _touched(saved)
    if complete and reading.whole:
        end_placements(staging, missing, municipal_day(now))
        counts["placements"] = replace(counts["placements"], ended=len(missing))
        touched |= {key[1] for key in missing}
        missing = {}
    imported = ImportedCounts(counts, unit_ids(tx, touched), len(missing))
    staging.leave_to_score(imported.unit_ids)
    return imported


def named_in(reading: RegisterReading) -> Named:
    """What the files are about that people may write about too."""
    by_kind = _by_kind(reading.rows)
    reports = ((entry.values["month"], entry.values["placement"]) for entry in by_kind["reports"])
    return Named(
        frozenset(reports),
        frozenset(entry.key[0] for entry in by_kind["signals"] if entry.key),
        frozenset(entry.key for entry in by_kind["placements"] if entry.key),
    )


def _save(
    staging: Staging, by_kind: Mapping[FileId, Sequence[FileEntry]], now: datetime
) -> dict[FileId, Saved]:
    def records(kind: FileId) -> list[dict[str, Any]]:
        return [record_of(entry) for entry in by_kind.get(kind, ())]

    def defaults(kind: FileId) -> dict[str, object]:
        return BY_ID[kind].defaults

    reports = [report for entry in by_kind.get("reports", ()) if (report := report_record(entry))]
    closings = [closing for entry in by_kind.get("reports", ()) if (closing := closing_record(entry))]
    signals = [signal for entry in by_kind.get("signals", ()) if (signal := signal_record(entry))]
    saved: dict[FileId, Saved] = {
        "terms": save_terms(staging, records("terms"), defaults("terms")),
        "clocks": save_clocks(staging, records("clocks"), defaults("clocks")),
        "people": save_people(staging, records("people"), defaults("people")),
        "providers": save_providers(staging, records("providers"), defaults("providers")),
        "units": save_units(staging, records("units"), defaults("units")),
        "contracts": save_contracts(staging, records("contracts"), defaults("contracts")),
        "placements": save_placements(staging, records("placements"), defaults("placements"), now),
    }
    for kind in ("ivo_decisions", "events"):
        saved[kind] = save_events(staging, records(kind), defaults(kind), now)
    staging.staged(sum(len(by_kind.get(kind, ())) for kind in saved))
    of_reports = save_reports(staging, reports, now)
    return {
        **saved,
        "reports": with_closings(of_reports, save_closings(staging, closings, now)),
        "signals": save_signals(staging, signals, now),
    }


def record_of(entry: FileEntry) -> dict[str, Any]:
    """The row as it is stored: a birth date as the text to seal, and an end and its reason never apart."""
    record = dict(entry.values)
    if record.get("level") is not None:
        record["level"] = str(record["level"].normalize())
    if isinstance(record.get("born"), date):
        record["born"] = record["born"].isoformat()
    if entry.kind.id == "placements":
        if "ends" in record:
            record.setdefault("end_reason", None)
        else:
            record.pop("end_reason", None)
    return record


def _touched(saved: Mapping[FileId, Saved]) -> set[str]:
    """Keys of the units whose evidence may be another now."""
    written = {kind: result.created | result.changed for kind, result in saved.items()}
    return {
        *(key for (key,) in written["units"]),
        *(unit for _, unit, _ in written["placements"]),
        *(placement[1] for _, placement in written["reports"]),
        *(unit for _, unit in written["signals"]),
    }
