"""What must hold for a municipality's own clocks, and for what they stand in."""

from collections.abc import Iterable, Sequence

from documents.imports.reading import FileEntry, Findings
from documents.imports.term_checks import check_days
from followup.clocks.clock import LawClock
from followup.clocks.rows import CLOCKS, without_clock
from followup.terms import BUILT_IN, LEGAL_GROUNDS
from followup.wording.wording import wording

# What a clock that does not stand in the bot must say of itself.
_NEEDED = ("english", "starts", "months")


def check_clocks(entries: Iterable[FileEntry], findings: Findings) -> None:
    for entry in entries:
        check_days(entry, findings)
        for column in _NEEDED:
            if entry.key and entry.key[0] not in CLOCKS and entry.values.get(column) is None:
                findings.wrong_entry(entry, column, wording("import.clock.needed"))


def check_corresponding(terms: Iterable[FileEntry], clocks: Sequence[LawClock], findings: Findings) -> None:
    """Care under a ground that no clock stands in would go on without anyone being reminded."""
    for entry in terms:
        if entry.key is None:
            continue
        kind, code = entry.key
        like = entry.values.get("corresponds")
        if like is not None and like not in BUILT_IN[kind]:
            findings.wrong_entry(entry, "corresponds", wording("import.term.other_kind"))
        elif kind == "legal_ground" and code not in LEGAL_GROUNDS and like is None:
            _warn_without_clock(entry, code, clocks, findings)


def _warn_without_clock(entry: FileEntry, code: str, clocks: Sequence[LawClock], findings: Findings) -> None:
    if without_clock([code], clocks):
        findings.warn_entry(entry, "corresponds", wording("import.term.no_clock"))


def check_reviews(placements: Iterable[FileEntry], findings: Findings) -> None:
    """A meeting is told with its day and who decided, or not at all."""
    for entry in placements:
        day, body = entry.values.get("last_review_on"), entry.values.get("last_review_body")
        if bool(day) != bool(body):
            column = "last_review_body" if day else "last_review_on"
            if column not in entry.wrong:
                findings.wrong_entry(entry, column, wording("import.placement.review_needs_both"))
