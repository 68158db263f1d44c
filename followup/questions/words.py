"""A typed sentence as meanings: the words are the catalogue's, the names and numbers the caller's or their own."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

FILLER = "filler"
SIGNAL_NUMBER, NUMBER, YEAR, WEEK = "signal_number", "number", "year", "week"
# Before a number, which is a week's then.
WEEK_WORD = "week_word"
# What is typed longer than this is no question; it is neither read nor searched.
LONGEST_SENTENCE = 300
_MENTION = re.compile(r"<at\b[^>]*>.*?</at>|@\S+", re.IGNORECASE | re.DOTALL)
_QUOTED = re.compile(r"<blockquote\b[^>]*>.*?</blockquote>", re.IGNORECASE | re.DOTALL)
# What people write around a word without meaning anything by it.
_QUOTES = " \t\n\"'“”„«»‘’`*_"
_AROUND = " \t\n\"'“”„«»‘’`*_.,;:!?…/"
# Before a word a question mark is a word of its own, which asks for help.
_BEFORE = _AROUND.replace("?", "")
_WORD = re.compile(r"\w+(?:-\w+)*")
_NUMBERS = (
    (YEAR, re.compile(r"20\d\d", re.ASCII)),
    (SIGNAL_NUMBER, re.compile(r"a-?\d{1,6}", re.ASCII)),
    (NUMBER, re.compile(r"\d{1,3}", re.ASCII)),
    (WEEK, re.compile(r"v\d{1,2}", re.ASCII)),
)
_UNSEEN = frozenset({"Cf", "Mn", "Me"})


@dataclass(frozen=True)
class Meaning:
    """`typed` is how the word stood; of a name, `value` is the name as the caller gave it."""

    concept: str
    typed: str
    value: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """Phrases by their words: `begun` are those whose last word may go on, as avvikelse* does.

    `homes` are providers, each with a unit of its own; `short` is what they are called in short, which gives way to
    every other name.
    """

    whole: Mapping[tuple[str, ...], Meaning]
    begun: Mapping[tuple[str, ...], Meaning]
    homes: frozenset[tuple[str, str]] = frozenset()
    short: Mapping[tuple[str, ...], Meaning] = field(default_factory=dict)

    @cached_property
    def longest(self) -> int:
        return max(map(len, chain(self.whole, self.begun)), default=0)


def folded(text: str) -> str:
    """As it is compared: small letters, without what is not seen, and without the marks that keyboards leave out."""
    if text.isascii():
        return text.casefold()
    plain = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    signs = unicodedata.normalize("NFKD", plain).casefold()
    return "".join(sign for sign in signs if unicodedata.category(sign) not in _UNSEEN)


def as_typed(text: str) -> str:
    """Her own words alone: without quotes, mentions, signs that are not seen, and marks around them."""
    own = [line for line in _QUOTED.sub("", text).splitlines() if not line.lstrip().startswith(">")]
    seen = "".join(sign for sign in _MENTION.sub(" ", "\n".join(own)) if unicodedata.category(sign) != "Cf")
    whole = unicodedata.normalize("NFC", seen).strip()
    # What ends a sentence is left to whoever reads the sentence.
    ending = _AROUND if len(whole.split()) == 1 else _QUOTES
    # A mark alone is a word too.
    return whole.lstrip(_BEFORE).rstrip(ending).strip() or whole


def words_of(text: str) -> list[str]:
    """The words without mentions, signs between them, and what is quoted of somebody else's message."""
    own = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
    return _WORD.findall(folded(_MENTION.sub(" ", own)))


def vocabulary(concepts: Mapping[str, Iterable[str]]) -> Vocabulary:
    """From the catalogue's phrases by what they mean."""
    whole: dict[tuple[str, ...], Meaning] = {}
    begun: dict[tuple[str, ...], Meaning] = {}
    for concept, phrase in _pairs(concepts):
        words = tuple(words_of(phrase))
        (begun if phrase.endswith("*") else whole)[words] = Meaning(concept, phrase)
    return Vocabulary(whole, begun)


def with_homes(known: Vocabulary, homes: Sequence[tuple[str, str]]) -> Vocabulary:
    """With each provider and unit by its whole name and by what it is called in short."""
    names = {
        "provider": dict.fromkeys(one for one, _ in homes),
        "unit": dict.fromkeys(one for _, one in homes),
    }
    short = _spelled(_called_in_short(homes, known))
    return replace(
        known, whole={**_spelled(_named(names)), **known.whole}, homes=frozenset(homes), short=short
    )


def with_names(known: Vocabulary, names: Mapping[str, Iterable[str]]) -> Vocabulary:
    """With names by their kind; a name that is spelled as a known word is that word."""
    return replace(known, whole={**known.short, **_spelled(_named(names)), **known.whole}, short={})


def _named(names: Mapping[str, Iterable[str]]) -> Iterator[tuple[tuple[str, ...], Meaning]]:
    return ((tuple(words_of(name)), Meaning(kind, name, name)) for kind, name in _pairs(names))


def _spelled(
    names: Iterable[tuple[tuple[str, ...], Meaning]],
) -> dict[tuple[str, ...], Meaning]:
    """Also as owners (Bilals); of what two are called it is the first one's."""
    found: dict[tuple[str, ...], Meaning] = {}
    for words, meaning in names:
        for ending in ("", "s") if words else ():
            found.setdefault((*words[:-1], words[-1] + ending), meaning)
    return found


def _called_in_short(
    homes: Iterable[tuple[str, str]], known: Vocabulary
) -> Iterator[tuple[tuple[str, ...], Meaning]]:
    """What names of one provider alone begin with, where none of it means anything else: the unit, or the provider.

    One letter alone, as of S:t, is no name of anything.
    """
    begin: dict[tuple[str, ...], set[tuple[str, str, str]]] = defaultdict(set)
    for provider, unit in homes:
        for kind, name in (("provider", provider), ("unit", unit)):
            words = tuple(words_of(name))
            for number in range(1, len(words)):
                begin[words[:number]].add((kind, name, provider))
    for words, named in begin.items():
        if len("".join(words)) == 1:
            continue
        providers = {provider for _, _, provider in named}
        if len(providers) == 1 and not any(_next([word], known)[1] for word in words):
            [(kind, name, _)] = named if len(named) == 1 else [("provider", *providers, "")]
            yield words, Meaning(kind, name, name)


def _pairs(phrases: Mapping[str, Iterable[str]]) -> Iterable[tuple[str, str]]:
    return ((concept, phrase.strip()) for concept, each in phrases.items() for phrase in each)


def meanings(text: str, known: Vocabulary) -> tuple[list[Meaning], list[str]]:
    """What the words mean in their order, the longest phrase first, and the words that are not known."""
    words, found, unknown, at = words_of(text[:LONGEST_SENTENCE]), [], [], 0
    while at < len(words):
        number, meaning = _next(words[at : at + known.longest], known)
        if meaning is None:
            unknown.append(words[at])
        elif meaning.concept != FILLER:
            found.append(meaning)
        at += number
    return list(_with_weeks(found)), unknown


def _with_weeks(found: Sequence[Meaning]) -> Iterator[Meaning]:
    """A number after the word for week is a week's, and so is v45; the week's `value` is its number alone."""
    before = None
    for one in found:
        if before is not None and one.concept != NUMBER:
            yield before
        is_week = one.concept == WEEK or (before is not None and one.concept == NUMBER)
        before = one if one.concept == WEEK_WORD else None
        if is_week:
            yield Meaning(WEEK, one.typed, one.typed.removeprefix("v"))
        elif before is None:
            yield one
    if before is not None:
        yield before


def _next(words: Sequence[str], known: Vocabulary) -> tuple[int, Meaning | None]:
    for number in range(len(words), 0, -1):
        phrase = tuple(words[:number])
        meaning = known.whole.get(phrase) or _begun(phrase, known)
        if meaning is not None:
            return number, meaning
    return 1, _number(words[0])


def _begun(phrase: tuple[str, ...], known: Vocabulary) -> Meaning | None:
    """By the longest beginning of the last word."""
    *first, last = phrase
    ends = (known.begun.get((*first, last[:length])) for length in range(len(last), 2, -1))
    return next((one for one in ends if one is not None), None)


def _number(word: str) -> Meaning | None:
    return next(
        (Meaning(concept, word, word.upper()) for concept, shape in _NUMBERS if shape.fullmatch(word)), None
    )
