"""What a report's row says of the placement's end: whether it may be said of that month, and its record."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from documents.imports.reading import FileEntry, Findings
from followup.month.closing_report import PREFIX, QUESTIONS
from followup.month.versions import Version, against_stored
from followup.times.month import Month
from followup.wording.form import Answers, read
from followup.wording.wording import wording
from storage.imports.closings import ClosingContent, ClosingRecord
from storage.imports.register import PlacementKey
from storage.imports.upsert import Saved

Stored = Mapping[PlacementKey, Sequence[Version[ClosingContent]]]


def check_closing(
    entry: FileEntry, ends: Mapping[PlacementKey, date | None], stored: Stored, findings: Findings
) -> FileEntry:
    """The entry with the placement's last day, where the row tells of the end and nothing is wrong with that."""
    answers, month, placement = _answers(entry), entry.values.get("month"), entry.values.get("placement")
    if not answers or month is None or placement is None or placement[2] is None:
        return entry
    first = next(iter(answers))
    ended_on = ends.get(placement)
    if ended_on is None or not month.first <= ended_on <= month.last:
        findings.wrong_entry(entry, PREFIX + first, wording("import.report.not_ended"))
        return entry
    for problem in read(QUESTIONS, answers, date.max)[1]:
        if PREFIX + problem.field in entry.wrong:
            # What stands there has been told of.
            continue
        findings.wrong_entry(entry, PREFIX + problem.field, problem.what)
    versions = stored.get(placement, ())
    if against_stored(versions, ClosingContent(ended_on, answers)) == "taken":
        findings.wrong_entry(entry, PREFIX + first, wording("import.report.closing_exists"))
    return replace(entry, values={**entry.values, "closing.ended_on": ended_on})


def closing_record(entry: FileEntry) -> ClosingRecord | None:
    """None where the row says nothing of an end."""
    ended_on = entry.values.get("closing.ended_on")
    if ended_on is None:
        return None
    values, content = entry.values, ClosingContent(ended_on, _answers(entry))
    received = values.get("received") or values["month"].last
    return ClosingRecord(values["placement"], received, values.get("author"), content)


def _answers(entry: FileEntry) -> Answers:
    found = {question.id: entry.values.get(PREFIX + question.id) for question in QUESTIONS}
    said = {name: value for name, value in found.items() if value}
    return {name: ",".join(value) if isinstance(value, tuple) else str(value) for name, value in said.items()}


def with_closings(saved: Saved, closed: Collection[ClosingRecord]) -> Saved:
    """A row whose report stood already is changed where it told of an end."""
    rows = {(Month.of(one.content.ended_on), one.placement) for one in closed}
    new = rows - saved.created - saved.changed
    return replace(saved, changed=saved.changed | new, unchanged=saved.unchanged - len(new))
