"""What of the signals is asked for, as typed: words in any order, each of which narrows; those of one sort widen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from followup import PersonId, UnitId
from followup.signals.progress import ENDS, OPEN, State
from followup.terms import SignalCode
from followup.times.month import Month

# What a word can say: which kind, state, unit and owner, that it is overdue, the month in which it came, which of the
# five situations it is, what it is about, an area of quality, or the harm that it is marked with.
Sort = Literal["kind", "state", "unit", "owner", "overdue", "month", "situation", "category", "area", "mark"]
LONGEST_PHRASE = 6


@dataclass(frozen=True)
class SignalFilter:
    """Nothing chosen of a sort is everything of it, but for states: then those that are undecided."""

    kinds: frozenset[SignalCode] = frozenset()
    states: frozenset[State] = frozenset(OPEN)
    units: frozenset[UnitId] = frozenset()
    owners: frozenset[PersonId] = frozenset()
    overdue: bool = False
    months: frozenset[Month] = frozenset()
    situations: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()

    @property
    def hides_ended(self) -> bool:
        """Whether nothing that has ended is asked for, so that what is not found may be among that."""
        return not self.states & frozenset(ENDS)


@dataclass(frozen=True)
class Phrase:
    """What a word or several stand for: the values of one sort; of none, where it only joins others."""

    sort: Sort | None = None
    values: frozenset[object] = frozenset()

    def __or__(self, other: "Phrase") -> "Phrase":
        """A word that stands for several of its sort; of two sorts the first holds."""
        return Phrase(self.sort, self.values | other.values) if self.sort == other.sort else self


def read_filter(
    typed: Sequence[str], phrases: Mapping[str, Phrase], today: Month
) -> tuple[SignalFilter, list[str]]:
    """The filter, and the words that stand for nothing; the longest phrase that fits is taken each time."""
    chosen: dict[Sort, frozenset[object]] = {}
    unknown, at = [], 0
    words = [plain_word(word) for word in typed]
    while at < len(words):
        found, length = _longest(words[at:], phrases, today)
        if found is None:
            unknown.append(typed[at])
        elif found.sort is not None:
            chosen[found.sort] = chosen.get(found.sort, frozenset()) | found.values
        at += length
    return _filter(chosen), unknown


def plain_word(typed: str) -> str:
    return typed.casefold().strip(",;:.!?")


def _longest(words: Sequence[str], phrases: Mapping[str, Phrase], today: Month) -> tuple[Phrase | None, int]:
    month = _month(words, phrases, today)
    if month is not None:
        return month
    for length in range(min(LONGEST_PHRASE, len(words)), 0, -1):
        found = phrases.get(" ".join(words[:length]))
        if found is not None:
            return found, length
    return (Phrase(), 1) if not words[0] else (None, 1)


def _month(words: Sequence[str], phrases: Mapping[str, Phrase], today: Month) -> tuple[Phrase, int] | None:
    """`2026-11`, `november 2026`, or `november` alone: the newest one that has begun."""
    try:
        return Phrase("month", frozenset({Month.parse(words[0])})), 1
    except ValueError:
        pass
    named = phrases.get(words[0])
    if named is None or named.sort != "month":
        return None
    [number] = [one for one in named.values if isinstance(one, int)]
    if len(words) > 1 and len(words[1]) == 4 and words[1].isascii() and words[1].isdigit():
        return Phrase("month", frozenset({Month(int(words[1]), number)})), 2
    year = today.year if number <= today.number else today.year - 1
    return Phrase("month", frozenset({Month(year, number)})), 1


def _filter(chosen: Mapping[Sort, frozenset[object]]) -> SignalFilter:
    states = frozenset(one for one in (*OPEN, *ENDS) if one in chosen.get("state", OPEN))
    return SignalFilter(
        kinds=frozenset(map(SignalCode, _codes(chosen, "kind"))),
        situations=_codes(chosen, "situation"),
        categories=_codes(chosen, "category"),
        areas=_codes(chosen, "area"),
        marks=_codes(chosen, "mark"),
        states=states,
        units=frozenset(UnitId(one) for one in chosen.get("unit", ()) if isinstance(one, int)),
        owners=frozenset(PersonId(one) for one in chosen.get("owner", ()) if isinstance(one, int)),
        overdue="overdue" in chosen,
        months=frozenset(one for one in chosen.get("month", ()) if isinstance(one, Month)),
    )


def _codes(chosen: Mapping[Sort, frozenset[object]], sort: Sort) -> frozenset[str]:
    return frozenset(one for one in chosen.get(sort, ()) if isinstance(one, str))
