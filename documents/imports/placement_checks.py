"""What must hold for a placement, and what is odd about one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from documents.imports.reading import FileEntry, Findings
from documents.imports.register_after import RegisterAfter
from followup.placement import age_on
from followup.terms import Term
from followup.wording.wording import wording

_ADULT, _YOUNGEST_IN_STODBOENDE = 21, 16


def check_spans(entries: Iterable[FileEntry], findings: Findings) -> None:
    for entry in entries:
        starts, ends = entry.values.get("starts"), entry.values.get("ends")
        if starts and ends and ends < starts:
            findings.wrong_entry(entry, "ends", wording("import.ends_before_starts"))


def check_placements(
    placements: Iterable[FileEntry], after: RegisterAfter, today: date, findings: Findings
) -> None:
    placements = list(placements)
    for entry in placements:
        _check_end(entry, findings)
        _check_ground(entry, after.terms["legal_ground"], today, findings)
        check_term(entry, "end_reason", after.terms["end_reason"], entry.values.get("ends"), findings)
        _check_responsible(entry, after, findings)
        _check_age(entry, after.forms.get(entry.values.get("unit", ""), ""), today, findings)
    _check_overlaps(placements, after, findings)
    _check_two_open(placements, after, today, findings)


def _check_end(entry: FileEntry, findings: Findings) -> None:
    ends, reason = entry.values.get("ends"), entry.values.get("end_reason")
    if ends and not reason and "end_reason" not in entry.wrong:
        findings.wrong_entry(entry, "end_reason", wording("import.placement.reason_needed"))
    if reason and not ends and "ends" not in entry.wrong:
        findings.wrong_entry(entry, "ends", wording("import.placement.end_needed"))


def check_term(
    entry: FileEntry, column: str, terms: Mapping[str, Term], day: date | None, findings: Findings
) -> None:
    """A term may be used from its first to its last day, whenever the file is read."""
    term = terms.get(entry.values.get(column) or "")
    if term and day and not term.valid_on(day):
        findings.wrong_entry(entry, column, wording("import.term.not_valid", word=term.word, day=day))


def _check_ground(entry: FileEntry, grounds: Mapping[str, Term], today: date, findings: Findings) -> None:
    """A placement may go on under a ground that came while it lasted, but never be under one that it did not meet."""
    ground, starts = grounds.get(entry.values.get("legal_ground") or ""), entry.values.get("starts")
    if ground is None or starts is None:
        return
    last = entry.values.get("ends") or max(starts, today)
    if not ground.valid_some_day(starts, last):
        what = wording("import.term.not_valid", word=ground.word, day=starts)
        findings.wrong_entry(entry, "legal_ground", what)


def _check_responsible(entry: FileEntry, after: RegisterAfter, findings: Findings) -> None:
    owner, substitute = entry.values.get("owner"), entry.values.get("substitute")
    if owner and owner == substitute:
        findings.wrong_entry(entry, "substitute", wording("import.placement.own_substitute"))
    if owner and not entry.values.get("ends") and not after.active.get(owner, True):
        findings.warn_entry(entry, "owner", wording("import.placement.owner_inactive", key=owner))


def _check_age(entry: FileEntry, form: str, today: date, findings: Findings) -> None:
    """Warnings only: law-and-facts F7 has exceptions, and birth dates of some children are estimates."""
    born, starts = entry.values.get("born"), entry.values.get("starts")
    if born is None or starts is None:
        return
    if starts < born:
        findings.warn_entry(entry, "born", wording("import.placement.born_later"))
    elif age_on(born, min(entry.values.get("ends") or today, today)) >= _ADULT:
        findings.warn_entry(entry, "born", wording("import.placement.too_old", age=_ADULT))
    elif form == "stodboende" and age_on(born, starts) < _YOUNGEST_IN_STODBOENDE:
        what = wording("import.placement.too_young", age=_YOUNGEST_IN_STODBOENDE)
        findings.warn_entry(entry, "born", what)


def _check_overlaps(placements: Iterable[FileEntry], after: RegisterAfter, findings: Findings) -> None:
    """A corrected start date makes a second placement beside the first, and the child would be asked about twice."""
    spans: dict[tuple[str, str], list[tuple[date, date | None]]] = defaultdict(list)
    for (case, unit, starts), ends in after.placements.items():
        spans[case, unit].append((starts, ends))
    for entry in placements:
        if entry.key is None:
            continue
        case, unit, starts = entry.key
        ends = entry.values.get("ends") or date.max
        for other_starts, other_ends in spans[case, unit]:
            if other_starts < starts <= (other_ends or date.max) or (
                other_starts > starts and other_starts <= ends
            ):
                findings.warn_entry(
                    entry, "starts", wording("import.placement.overlaps", starts=other_starts)
                )


def _check_two_open(
    placements: Iterable[FileEntry], after: RegisterAfter, today: date, findings: Findings
) -> None:
    """A child who has moved, and whose first placement nobody has ended, would be asked about in both homes."""
    open_: dict[str, list[tuple[str, date, date]]] = defaultdict(list)
    for (case, unit, starts), ends in after.placements.items():
        if ends is None or ends > today:
            open_[case].append((unit, starts, ends or date.max))
    for entry in placements:
        if entry.key is None:
            continue
        case, unit, starts = entry.key
        ends = entry.values.get("ends") or date.max
        for other, other_starts, other_ends in open_[case] if ends > today else ():
            if other != unit and starts <= other_ends and other_starts <= ends:
                what = wording("import.placement.two_open", case=case, unit=other, starts=other_starts)
                findings.warn_entry(entry, "case_reference", what)
