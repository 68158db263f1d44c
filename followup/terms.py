"""The register of terms: what the law, the files and the forms name and may come to name otherwise, each as one row.

A row is never removed, since stored rows name it: a term that is no longer used gets a last day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType


@dataclass(frozen=True)
class Term:
    """`code` is what is stored and `word` what the municipality's files say; an open end holds until further notice."""

    code: str
    word: str
    valid_from: date | None = None
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        """Both ends included."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, kw_only=True)
class Form(Term):
    """A form of care: which base level it is measured against, and whether its providers are followed at all.

    `public_rows` are the rows that it is counted in where the public reads, the finest first.
    """

    segment: str | None
    subtypes: tuple[str, ...] = ()
    public_rows: tuple[str, str, str] = ("other_forms", "other_forms", "other_forms")

    @property
    def followed(self) -> bool:
        return self.segment is not None


@dataclass(frozen=True, kw_only=True)
class SignalKind(Term):
    """`letter` begins its number, `points` is the risk parameter that it weighs where nobody has graded it.

    `needs` is the question that this kind alone must answer; `public_rows` are as a form's.
    """

    letter: str
    points: str
    public_rows: tuple[str, str, str]
    needs: str = ""


# Requirements R20, R21, R24 and R25. Forms are data, since the law is about to change them (law-and-facts F14).
_FORMS = (
    Form(
        "hvb",
        "HVB",
        segment="hvb",
        subtypes=("utredning", "behandling", "akut", "omvårdnad"),
        public_rows=("hvb", "hvb", "institutions"),
    ),
    Form(
        "stodboende",
        "stödboende",
        segment="stodboende",
        subtypes=("träningslägenhet", "kollektivt"),
        public_rows=("stodboende", "stodboende", "institutions"),
    ),
    Form(
        "konsulentstott_familjehem",
        "konsulentstött familjehem",
        segment="konsulentstott_familjehem",
        public_rows=("konsulentstott_familjehem", "homes", "homes"),
    ),
    Form(
        "konsulentstott_jourhem",
        "konsulentstött jourhem",
        segment="jourhem",
        public_rows=("konsulentstott_jourhem", "homes", "homes"),
    ),
    Form("oppenvard", "öppenvård", segment="oppenvard"),
    Form("kommunens_familjehem", "kommunens familjehem", segment=None),
)
# Requirements R57-R64.
_SIGNAL_KINDS = (
    SignalKind(
        "deviation",
        "avvikelse",
        letter="A",
        points="points_deviation",
        public_rows=("deviation", "deviation", "others"),
    ),
    SignalKind(
        "complaint",
        "klagomål",
        letter="K",
        points="points_complaint",
        public_rows=("complaint", "complaint", "criticism"),
    ),
    SignalKind(
        "remark",
        "synpunkt",
        letter="S",
        points="points_remark",
        public_rows=("remark", "others", "criticism"),
        needs="tone",
    ),
    SignalKind(
        "replacement",
        "omplacering",
        letter="O",
        points="points_replacement",
        public_rows=("replacement", "others", "others"),
        needs="reasons",
    ),
)
_LEGAL_GROUNDS = (
    Term("sol", "SoL"),
    Term("lvu_2", "LVU 2 §"),
    Term("lvu_3", "LVU 3 §"),
    Term("omedelbart_omhandertagande", "omedelbart omhändertagande"),
)
_END_REASONS = (
    Term("planerad_avslutning", "planerad avslutning"),
    Term("hemflytt", "hemflytt"),
    Term("alder", "ålder"),
    Term("omplacering_kvalitet", "omplacering kvalitet"),
    Term("omplacering_annat", "omplacering annat"),
)
FORMS: Mapping[str, Form] = MappingProxyType({form.code: form for form in _FORMS})
SIGNAL_KINDS: Mapping[str, SignalKind] = MappingProxyType({kind.code: kind for kind in _SIGNAL_KINDS})
LEGAL_GROUNDS: Mapping[str, Term] = MappingProxyType({ground.code: ground for ground in _LEGAL_GROUNDS})
END_REASONS: Mapping[str, Term] = MappingProxyType({reason.code: reason for reason in _END_REASONS})


def codes_by_word(terms: Iterable[Term]) -> dict[str, str]:
    """The words that files may say, also those of terms that are over: past years are read with them."""
    return {term.word: term.code for term in terms}


def kinds_that_need(question: str) -> tuple[str, ...]:
    return tuple(kind.code for kind in SIGNAL_KINDS.values() if kind.needs == question)
