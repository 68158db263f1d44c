"""Past reports and signals: which placement a row is about, how it stands to what is stored, and its record."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from documents.imports.reading import FileEntry, Findings
from documents.imports.register_after import RegisterAfter
from followup.month.report import QUESTIONS
from followup.month.versions import Version, against_stored
from followup.wording.form import Answers
from followup.wording.wording import wording
from storage.imports.history import ReportContent, ReportKey, ReportRecord
from storage.imports.register import PlacementKey

Span = tuple[PlacementKey, date | None]


@dataclass(frozen=True)
class Placements:
    """Every placement by case reference and unit, and the pairs of which some row could not be read."""

    spans: Mapping[tuple[str, str], Sequence[Span]]
    unread: frozenset[tuple[Any, Any]]

    @classmethod
    def of(cls, after: RegisterAfter, entries: Iterable[FileEntry]) -> "Placements":
        spans: dict[tuple[str, str], list[Span]] = defaultdict(list)
        for key, ends in sorted(after.placements.items(), key=lambda item: item[0][2]):
            spans[key[0], key[1]].append((key, ends))
        unread = {
            (entry.values.get("case_reference"), entry.values.get("unit"))
            for entry in entries
            if entry.kind.id == "placements" and entry.key is None
        }
        return cls(spans, frozenset(unread))

    def open_between(self, case: str, unit: str, first: date, last: date) -> PlacementKey | None:
        """The newest of those open on any of the days."""
        spans = self.spans.get((case, unit), ())
        found = [key for key, ends in spans if key[2] <= last and (ends is None or ends >= first)]
        return found[-1] if found else None

    def begun_by(self, case: str, unit: str, day: date) -> PlacementKey | None:
        """The newest that had begun, else the first to begin: a signal may come after the child has moved."""
        spans = self.spans.get((case, unit), ())
        begun = [key for key, _ in spans if key[2] <= day]
        return begun[-1] if begun else spans[0][0] if spans else None


def with_placement(entry: FileEntry, placements: Placements, findings: Findings) -> FileEntry:
    """The entry with the key of its placement, unless none is meant or there is none.

    When the placement's own row is bad this row only depends on it, and is not wrong by itself.
    """
    case, unit = entry.values.get("case_reference"), entry.values.get("unit")
    found = _placement(entry, placements)
    if found:
        return replace(entry, values={**entry.values, "placement": found})
    if not case or not unit or not _when(entry):
        return entry
    if (case, unit) in placements.unread:
        return replace(entry, values={**entry.values, "placement": (case, unit, None)})
    what = f"import.{'report' if entry.kind.id == 'reports' else 'signal'}.no_placement"
    findings.wrong_entry(entry, "case_reference", wording(what, case=case, unit=unit))
    return entry


def _when(entry: FileEntry) -> object:
    return entry.values.get("month") or entry.values.get("event_on")


def _placement(entry: FileEntry, placements: Placements) -> PlacementKey | None:
    case, unit = entry.values.get("case_reference"), entry.values.get("unit")
    if case is None or unit is None:
        return None
    if month := entry.values.get("month"):
        return placements.open_between(case, unit, month.first, month.last)
    if day := entry.values.get("event_on"):
        return placements.open_between(case, unit, day, day) or placements.begun_by(case, unit, day)
    return None


def check_report(
    entry: FileEntry,
    stored: Mapping[ReportKey, tuple[Version[ReportContent], ...]],
    today: date,
    findings: Findings,
) -> None:
    month, received = entry.values.get("month"), entry.values.get("received")
    if month and month.last >= today:
        findings.wrong_entry(entry, "month", wording("import.report.month_not_over"))
    if month and received and received < month.first:
        findings.wrong_entry(entry, "received", wording("import.report.received_early"))
    if entry.values.get("arrived") is False and _answers(entry):
        findings.wrong_entry(entry, "arrived", wording("import.report.missing_with_answers"))
    record = report_record(entry)
    if record and record.placement[2]:
        _check_stored_report(entry, record, stored.get(record.key, ()), findings)


def _check_stored_report(
    entry: FileEntry, record: ReportRecord, versions: Sequence[Version[ReportContent]], findings: Findings
) -> None:
    if not versions:
        return
    if record.content is None or against_stored(versions, record.content) == "taken":
        findings.wrong_entry(entry, "month", wording("import.report.exists"))
    elif entry.values.get("received") and record.known_at != versions[0].known_at and versions[0].imported:
        findings.wrong_entry(entry, "received", wording("import.known_day_stands"))


def report_record(entry: FileEntry) -> ReportRecord | None:
    """None while the row's placement or month is unknown."""
    values = entry.values
    if not values.get("placement") or not values.get("month") or "arrived" not in values:
        return None
    received = values.get("received") or values["month"].last
    return ReportRecord(
        values["month"], values["placement"], received, _content(entry) if values["arrived"] else None
    )


def _content(entry: FileEntry) -> ReportContent:
    answers = _answers(entry)
    free_text = answers.pop("free_text", None)
    return ReportContent(
        answers, free_text, bool(entry.values.get("by_statement")), entry.values.get("author")
    )


def _answers(entry: FileEntry) -> Answers:
    """As a person would have answered them in the form; what the form would not have asked is left out."""
    typed = {
        question.id: str(entry.values[question.id])
        for question in QUESTIONS
        if entry.values.get(question.id) is not None
    }
    return {
        question.id: typed[question.id]
        for question in QUESTIONS
        if question.id in typed and question.asked(typed)
    }
