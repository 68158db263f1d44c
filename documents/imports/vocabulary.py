"""The terms that files may name: those of the register, and those that a file of terms brings with it."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from documents.imports.cells import ChoiceCell
from documents.imports.columns import FileKind
from followup.clocks.clock import LawClock
from followup.clocks.rows import OwnClock, with_own_clocks
from followup.terms import OwnTerm, Terms, codes_by_word, with_own

Values = Mapping[str, Any]
_FIELDS = frozenset(one.name for one in fields(OwnTerm))
_OF_CLOCK = frozenset(one.name for one in fields(OwnClock))


def terms_after(stored: Iterable[OwnTerm], rows: Iterable[Values]) -> Terms:
    """The whole register, with the file's rows laid over those that are stored; what a row leaves out stands."""
    own = {(row.kind, row.code): row for row in stored}
    for row in rows:
        if {"kind", "code", "word"} <= row.keys():
            given = {name: value for name, value in row.items() if name in _FIELDS}
            earlier = own.get((row["kind"], row["code"]))
            own[row["kind"], row["code"]] = replace(earlier, **given) if earlier else OwnTerm(**given)
    return with_own(own.values())


def clocks_after(stored: Iterable[OwnClock], rows: Iterable[Values]) -> tuple[LawClock, ...]:
    """Every clock, with the file's rows in the place of those that are stored."""
    own = {row.code: row for row in stored}
    for row in rows:
        if {"code", "word"} <= row.keys():
            own[row["code"]] = OwnClock(**{name: value for name, value in row.items() if name in _OF_CLOCK})
    return with_own_clocks(own.values())


def with_words(kind: FileKind, terms: Terms) -> FileKind:
    """The file with every word that its cells may hold."""
    columns = tuple(
        replace(column, kind=ChoiceCell(codes_by_word(terms[column.term].values())))
        if column.term
        else column
        for column in kind.columns
    )
    return replace(kind, columns=columns)
