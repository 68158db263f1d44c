"""What must hold for a municipality's own terms, so that each word means one thing and each new form can be scored."""

from collections.abc import Iterable, Mapping

from documents.imports.cells import squeezed
from documents.imports.reading import FileEntry, Findings
from followup.risk.risk_config import FIRST_BASE_LEVELS
from followup.terms import BUILT_IN, FORMS, LEFT_REGISTER, OWN_FORM, Term, TermKind, Terms, codes_by_word
from followup.wording.wording import Wording, wording
from storage.imports.register import KnownRegister

# Codes that are stored and counted as something else than a term that a file may bring.
_TAKEN = {"form": {*FIRST_BASE_LEVELS.levels, OWN_FORM.code} - FORMS.keys(), "end_reason": {LEFT_REGISTER}}


def check_terms(entries: Iterable[FileEntry], known: KnownRegister, terms: Terms, findings: Findings) -> None:
    levels = {row.code: row.level for row in known.terms if row.kind == "form"}
    in_use = set(known.units.values())
    for entry in entries:
        if entry.key is None:
            continue
        kind, code = entry.key
        check_days(entry, findings)
        _check_word(entry, terms[kind], findings)
        if code in _TAKEN.get(kind, ()):
            findings.wrong_entry(entry, "code", wording("import.term.code_taken"))
        if code not in BUILT_IN[kind] and not entry.values.get("english") and "english" not in entry.wrong:
            findings.wrong_entry(entry, "english", wording("import.term.english_needed"))
        level = entry.values.get("level")
        if what := _wrong_level(kind, code, level is not None):
            findings.wrong_entry(entry, "level", what)
        elif level is not None and code in in_use and levels.get(code) not in (None, level):
            findings.wrong_entry(entry, "level", wording("import.term.level_stands"))
        elif kind == "form" and code not in FORMS and level is None and levels.get(code) is None:
            findings.warn_entry(entry, "level", wording("import.term.no_level"))


def check_days(entry: FileEntry, findings: Findings) -> None:
    first, last = entry.values.get("valid_from"), entry.values.get("valid_to")
    if first and last and last < first:
        findings.wrong_entry(entry, "valid_to", wording("import.ends_before_starts"))


def _check_word(entry: FileEntry, terms: Mapping[str, Term], findings: Findings) -> None:
    """In files a word is read without regard to case and blanks."""
    assert entry.key is not None
    word, code = squeezed(entry.values.get("word", "")), entry.key[1]
    others = codes_by_word(term for term in terms.values() if term.code != code)
    if word and word in map(squeezed, others):
        findings.wrong_entry(entry, "word", wording("import.term.word_taken"))


def _wrong_level(kind: TermKind, code: str, given: bool) -> Wording | None:
    if given and kind != "form":
        return wording("import.term.level_of_form")
    return wording("import.term.level_in_method") if given and code in FORMS else None
