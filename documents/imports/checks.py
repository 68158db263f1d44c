"""Checks between rows, between files, and against what the database holds."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from documents.imports.cells import DirectoryId
from documents.imports.clock_checks import check_clocks, check_corresponding, check_reviews
from documents.imports.columns import FileId
from documents.imports.placement_checks import check_placements, check_spans
from documents.imports.reading import FileEntry, Findings
from documents.imports.register_after import RegisterAfter
from documents.imports.term_checks import check_terms
from followup.access.directory import guid
from followup.terms import FORMS, Form, Terms
from followup.wording.wording import wording
from storage.imports.register import KnownRegister


def check(
    entries: Sequence[FileEntry],
    known: KnownRegister,
    after: RegisterAfter,
    today: date,
    findings: Findings,
    *,
    local: bool = False,
) -> None:
    """In local mode people have ids of its own; elsewhere only those that Entra gives."""
    _check_twice(entries, findings)
    if not local:
        _check_directory_ids(entries, findings)
    _check_references(entries, after, findings)
    _check_teams_ids(entries, known, findings)
    by_kind: dict[FileId, list[FileEntry]] = defaultdict(list)
    for entry in entries:
        by_kind[entry.kind.id].append(entry)
    _check_people(by_kind["people"], findings)
    check_terms(by_kind["terms"], known, after.terms, findings)
    check_clocks(by_kind["clocks"], findings)
    check_corresponding(by_kind["terms"], after.clocks, findings)
    check_reviews(by_kind["placements"], findings)
    _check_units(by_kind["units"], after.terms, today, findings)
    check_spans([*by_kind["contracts"], *by_kind["placements"]], findings)
    check_placements(by_kind["placements"], after, today, findings)


def _check_twice(entries: Iterable[FileEntry], findings: Findings) -> None:
    first: dict[tuple[str, Any], FileEntry] = {}
    for entry in entries:
        if entry.key is None:
            continue
        earlier = first.setdefault((entry.kind.id, entry.key), entry)
        if earlier is not entry:
            what = wording("import.row.twice", file=earlier.row.file, row=earlier.row.number)
            findings.wrong_entry(entry, entry.kind.key[0], what)


def _check_references(entries: Iterable[FileEntry], after: RegisterAfter, findings: Findings) -> None:
    for entry in entries:
        for column in entry.kind.columns:
            key = entry.values.get(column.name)
            if not column.refers or key is None:
                continue
            if key not in after.keys.get(column.refers, ()):
                findings.wrong_entry(entry, column.name, wording(f"import.unknown.{column.refers}", key=key))
            elif column.role and after.roles.get(key, "") not in ("", column.role):
                findings.wrong_entry(entry, column.name, wording(f"import.not_a.{column.role}", key=key))


def _check_teams_ids(entries: Iterable[FileEntry], known: KnownRegister, findings: Findings) -> None:
    """One account is one person: else one would be taken for the other."""
    owners = {person.teams_id: key for key, person in known.people.items() if person.teams_id}
    for entry in entries:
        teams_id, key = entry.values.get("teams_id"), entry.values.get("key")
        if teams_id and key and owners.setdefault(teams_id, key) != key:
            findings.wrong_entry(entry, "teams_id", wording("import.person.teams_id_taken"))


def _check_directory_ids(entries: Iterable[FileEntry], findings: Findings) -> None:
    for entry in entries:
        for column in entry.kind.columns:
            written = entry.values.get(column.name)
            if isinstance(column.kind, DirectoryId) and written and guid(written) is None:
                what = wording("import.cell.not_a_directory_id")
                findings.wrong(entry.row, column.header, what, column.kind.allowed)


def _check_people(people: Iterable[FileEntry], findings: Findings) -> None:
    for entry in people:
        values = entry.values
        if values.get("manager") and values["manager"] == values.get("key"):
            findings.wrong_entry(entry, "manager", wording("import.person.own_manager"))
        if values.get("role") == "worker" and values.get("active", True) and not values.get("manager"):
            findings.warn_entry(entry, "manager", wording("import.person.no_manager"))


def _check_units(units: Iterable[FileEntry], terms: Terms, today: date, findings: Findings) -> None:
    for entry in units:
        form, subtype = terms["form"].get(entry.values.get("form", "")), entry.values.get("subtype")
        if not isinstance(form, Form):
            continue
        if form.code not in FORMS and form.level is None:
            findings.wrong_entry(entry, "form", wording("import.unit.form_without_level", word=form.word))
        if not form.valid_on(today):
            findings.warn_entry(entry, "form", wording("import.term.not_valid", word=form.word, day=today))
        if subtype and form.subtypes and subtype.casefold() not in form.subtypes:
            usual = ", ".join(form.subtypes)
            findings.warn_entry(entry, "subtype", wording("import.unit.unusual_subtype", usual=usual))
