"""The register of terms: what the law, the files and the forms name and may come to name otherwise, each as one row.

A row is never removed, since stored rows name it: a term that is no longer used gets a last day. A municipality's own
file adds forms, legal grounds and end reasons, and says other words and days of those that stand here. A kind of signal
stands here alone: its points, its letter and its question are a part of the method.

Codes are English but for these: a legal ground and a form of care that have no English names go by the law's own
(`sol`, `lvu_2`, `hvb`), and what a municipality's file adds goes by the code that it gives.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, NewType, TypeVar

from followup.wording.wording import InEachLanguage, Wording, wording

# What the file of terms may add to.
TermKind = Literal["form", "legal_ground", "end_reason"]
# The code of one of the kinds below: they are data, and no list of words.
SignalCode = NewType("SignalCode", str)


@dataclass(frozen=True)
class Term:
    """`code` is what is stored and `word` what the municipality's files say; an open end holds until further notice.

    `older_words` are read in files as well, and `labels` are the municipality's own words by language.
    """

    code: str
    word: str
    valid_from: date | None = None
    valid_to: date | None = None
    older_words: tuple[str, ...] = field(default=(), kw_only=True)
    labels: Mapping[str, str] = field(default_factory=dict, kw_only=True)

    def valid_on(self, day: date) -> bool:
        """Both ends included."""
        return self.valid_some_day(day, day)

    def valid_some_day(self, first: date, last: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= last
        return begun and (self.valid_to is None or first <= self.valid_to)

    def said(self, family: str) -> Wording:
        """As people read it: the catalogue's text of that family in each language that the file gives no word for."""
        catalogue = Wording(f"{family}.{self.code}")
        if not self.labels:
            return catalogue
        in_each = {language: self.labels.get(language, catalogue) for language in LANGUAGES}
        return wording("term.own", word=InEachLanguage(in_each))


@dataclass(frozen=True, kw_only=True)
class Form(Term):
    """A form of care: which base level it is measured against, and whether its providers are followed at all.

    `level` is that base level where the municipality's file gives it, and `public_rows` are the rows that the form is
    counted in where the public reads, the finest first. `licensed` where it needs a licence; what only a municipality's
    file knows is taken to need one.
    """

    segment: str | None
    subtypes: tuple[str, ...] = ()
    level: Decimal | None = None
    public_rows: tuple[str, str, str] = ("other_forms", "other_forms", "other_forms")
    licensed: bool = True

    @property
    def followed(self) -> bool:
        return self.segment is not None


@dataclass(frozen=True, kw_only=True)
class SignalKind(Term):
    """`letter` begins its number, `points` is the risk parameter that it weighs where nobody has graded it.

    `needs` is the question that this kind alone must answer; `public_rows` are as a form's. `categories` are what it
    can be about, and `has_situations` where it is one of the five that are called lex Sarah.
    """

    letter: str
    points: str
    public_rows: tuple[str, str, str]
    needs: str = ""
    categories: tuple[str, ...] = ()
    has_situations: bool = False


# What complaints were about, what lay behind lex Sarah cases, and what is between the two (R54, R60, R61).
COMPLAINED_OF = ("therapist", "documentation", "treatment", "rules", "feedback", "premises")
BEHIND_LEX_SARAH = ("staff_acts", "communication", "abuse_in_home")
COOPERATION = "cooperation"
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
    Form("oppenvard", "öppenvård", segment="oppenvard", licensed=False),
    Form("kommunens_familjehem", "kommunens familjehem", segment=None, licensed=False),
)
# Requirements R57-R64.
_SIGNAL_KINDS = (
    SignalKind(
        "deviation",
        "avvikelse",
        letter="A",
        points="points_deviation",
        public_rows=("deviation", "deviation", "others"),
        categories=(*BEHIND_LEX_SARAH, "documentation", COOPERATION),
        has_situations=True,
    ),
    SignalKind(
        "complaint",
        "klagomål",
        letter="K",
        points="points_complaint",
        public_rows=("complaint", "complaint", "criticism"),
        categories=(*COMPLAINED_OF, COOPERATION),
    ),
    SignalKind(
        "remark",
        "synpunkt",
        letter="S",
        points="points_remark",
        public_rows=("remark", "others", "criticism"),
        needs="tone",
        categories=(*COMPLAINED_OF, COOPERATION),
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
    Term("immediate_custody", "omedelbart omhändertagande"),
)
_END_REASONS = (
    Term("planned_end", "planerad avslutning"),
    Term("moved_home", "hemflytt"),
    Term("of_age", "ålder"),
    Term("moved_for_quality", "omplacering kvalitet"),
    Term("moved_otherwise", "omplacering annat"),
)
MOVED_FOR_QUALITY = "moved_for_quality"
# What the register calls a re-placement, and what it calls an end of another kind: then nobody asks why.
MOVED = frozenset({MOVED_FOR_QUALITY, "moved_otherwise"})
# What has no row in a file that was to name all: nobody gave a reason.
LEFT_REGISTER = "left_register"
NOT_MOVED = frozenset({"planned_end", "moved_home", "of_age"})
FORMS: Mapping[str, Form] = MappingProxyType({form.code: form for form in _FORMS})
SIGNAL_KINDS: Mapping[str, SignalKind] = MappingProxyType({kind.code: kind for kind in _SIGNAL_KINDS})
LEGAL_GROUNDS: Mapping[str, Term] = MappingProxyType({ground.code: ground for ground in _LEGAL_GROUNDS})
END_REASONS: Mapping[str, Term] = MappingProxyType({reason.code: reason for reason in _END_REASONS})


LANGUAGES = ("sv", "en")
BUILT_IN: Mapping[TermKind, Mapping[str, Term]] = MappingProxyType(
    {"form": FORMS, "legal_ground": LEGAL_GROUNDS, "end_reason": END_REASONS}
)
# Every form that only a municipality's file names is one where the public reads.
OWN_FORM = Form("own_form", "", segment=None)
UNFOLLOWED_FORMS = tuple(form.code for form in FORMS.values() if not form.followed)


Terms = Mapping[TermKind, Mapping[str, Term]]
T = TypeVar("T", bound=Term)


@dataclass(frozen=True)
class OwnTerm:
    """A row of the municipality's file, for a new term or for one that stands above.

    `corresponds` is the built-in one of its kind whose clocks stand in it too.
    """

    kind: TermKind
    code: str
    word: str
    english: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    level: Decimal | None = None
    corresponds: str | None = None

    @property
    def term(self) -> Term:
        own: Term
        if self.kind == "form":
            own = own_form(self.code, self.word, self.english, self.level)
        else:
            own = own_term(self.kind, self.code, self.word, self.english)
        return replace(own, valid_from=self.valid_from, valid_to=self.valid_to)


def own_form(code: str, word: str | None, english: str | None, level: Decimal | None) -> Form:
    """The form as a municipality's row says it; `word` is None where it has none, and then the code stands above."""
    if word is None:
        return FORMS[code]
    return worded(FORMS.get(code, Form(code, "", segment=code, level=level)), word, english)


def own_term(kind: TermKind, code: str, word: str | None, english: str | None) -> Term:
    """A legal ground or an end reason in the same way."""
    if word is None:
        return BUILT_IN[kind][code]
    return worded(BUILT_IN[kind].get(code, Term(code, "")), word, english)


def worded(term: T, word: str, english: str | None) -> T:
    """A row that only gives days leaves the words of the catalogue."""
    given = {"sv": word if word != term.word else "", "en": english or ""}
    older = (term.word,) if term.word and term.word != word else ()
    labels = {language: label for language, label in given.items() if label}
    return replace(term, word=word, older_words=older, labels=labels)


def with_own(rows: Iterable[OwnTerm]) -> Terms:
    """The whole register by kind and code, those that stand above first."""
    terms = {kind: dict(built_in) for kind, built_in in BUILT_IN.items()}
    for row in rows:
        terms[row.kind][row.code] = row.term
    return terms


def codes_by_word(terms: Iterable[Term]) -> dict[str, str]:
    """The words that files may say, also those of terms that are over: past years are read with them."""
    return {word: term.code for term in terms for word in (term.word, *term.older_words)}


def kinds_that_need(question: str) -> tuple[str, ...]:
    return tuple(kind.code for kind in SIGNAL_KINDS.values() if kind.needs == question)
